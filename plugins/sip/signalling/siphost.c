/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siphost.h"
#include "sipport.h"
#include "siproute.h"

#include <string.h>

gboolean
sip_host_is_usable (const gchar *host, const PacketAddress *remote)
{
  return host && *host && !sip_port_is_wildcard (host) &&
      (strchr (host, ':') != NULL) == (remote->any.sa_family == AF_INET6);
}

/* The one of @remote's kind; (transfer full), NULL: there is none. */
static gchar *
find_external (const gchar *list, const PacketAddress *remote)
{
  g_auto (GStrv) addresses = g_strsplit (list ? list : "", ",", -1);

  for (guint i = 0; addresses[i]; i++)
    if (sip_host_is_usable (g_strstrip (addresses[i]), remote))
      return g_strdup (addresses[i]);
  return NULL;
}

gboolean
sip_host_is_given (const gchar *external, const PacketAddress *remote)
{
  g_autofree gchar *found = find_external (external, remote);

  return found != NULL;
}

gboolean
sip_host_is_loopback (const gchar *host)
{
  return g_str_has_prefix (host, "127.") || g_str_equal (host, "::1");
}

gchar *
sip_host_dup (const gchar *external, const gchar *bound,
    const PacketAddress *remote)
{
  gchar *found = find_external (external, remote);
  PacketAddress local;

  if (found)
    return found;
  if (sip_host_is_usable (bound, remote))
    return g_strdup (bound);
  sip_route_local (remote, &local);
  return packet_address_host_to_string (&local);
}
