/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Addresses that are not this machine's own. */

#include "gstsipproperties.h"

#include "sip/logic/ice/externaladdress.h"

gboolean
gst_sip_settings_check_external (const gchar *list, GError **error)
{
  g_auto (ExternalAddress) external = { 0 };

  if (list == NULL || external_address_parse (&external, list))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "external-address is \"%s\", but must be an IP address in digits such "
      "as 198.51.100.7, or one of IPv4 and one of IPv6: "
      "198.51.100.7,2001:db8::7, or in place of either a server of STUN to "
      "ask: stun:stun.example or stun:stun.example:3478.",
      list);
  return FALSE;
}
