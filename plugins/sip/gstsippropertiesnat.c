/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Addresses that are not this machine's own. */

#include "gstsipproperties.h"

#include "common/loop/packettransport.h"

/* One of each family at most. */
static gboolean
are_addresses (const gchar *list)
{
  g_auto (GStrv) addresses = g_strsplit (list, ",", -1);
  gboolean v4 = FALSE, v6 = FALSE;

  for (guint i = 0; addresses[i]; i++) {
    PacketAddress parsed;
    if (!packet_address_parse (&parsed, g_strstrip (addresses[i]), 0))
      return FALSE;
    gboolean *seen = parsed.any.sa_family == AF_INET6 ? &v6 : &v4;
    if (*seen)
      return FALSE;
    *seen = TRUE;
  }
  return TRUE;
}

gboolean
gst_sip_settings_check_external (const gchar *list, GError **error)
{
  if (list == NULL || *list == '\0' || are_addresses (list))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "external-address is \"%s\", but must be an IP address in digits such "
      "as 198.51.100.7, or one of IPv4 and one of IPv6: "
      "198.51.100.7,2001:db8::7.",
      list);
  return FALSE;
}
