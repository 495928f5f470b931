/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siproute.h"

#include <unistd.h>

void
sip_route_local (const PacketAddress *remote, PacketAddress *local)
{
  PacketAddress to = *remote;
  socklen_t size = sizeof *local;
  gint family = to.any.sa_family == AF_INET6 ? AF_INET6 : AF_INET;
  /* Connecting a UDP socket only asks the routing table. */
  gint fd = socket (family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  packet_address_set_port (&to, 9);
  if (fd < 0 || connect (fd, &to.any, packet_address_get_size (&to)) < 0 ||
      getsockname (fd, &local->any, &size) < 0)
    packet_address_parse (local, family == AF_INET6 ? "::1" : "127.0.0.1", 0);
  if (fd >= 0)
    close (fd);
  packet_address_set_port (local, 0);
}
