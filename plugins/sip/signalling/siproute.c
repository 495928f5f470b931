/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siproute.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

/* Connecting a UDP socket only asks the routing table. FALSE: it knows none,
 * else @local is where it begins. */
static gboolean
ask_route (const PacketAddress *remote, PacketAddress *local)
{
  PacketAddress to = *remote;
  socklen_t size = sizeof *local;
  gint fd = socket (to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  packet_address_set_port (&to, 9);
  gboolean found = fd >= 0 &&
      connect (fd, &to.any, packet_address_get_size (&to)) == 0 &&
      getsockname (fd, &local->any, &size) == 0;
  if (fd >= 0)
    close (fd);
  return found;
}

void
sip_route_local (const PacketAddress *remote, PacketAddress *local)
{
  gboolean v6 = remote->any.sa_family == AF_INET6;

  if (!ask_route (remote, local))
    packet_address_parse (local, v6 ? "::1" : "127.0.0.1", 0);
  packet_address_set_port (local, 0);
}

gboolean
sip_route_exists (const PacketAddress *remote)
{
  PacketAddress local;

  return ask_route (remote, &local);
}

/* All of 127.0.0.0/8 is here although the interface names one of it. */
static gboolean
is_of_loopback (const struct ifaddrs *interface, const struct in_addr *address)
{
  const struct sockaddr_in *own = (const void *) interface->ifa_addr;
  const struct sockaddr_in *mask = (const void *) interface->ifa_netmask;

  return (interface->ifa_flags & IFF_LOOPBACK) && mask &&
      !((own->sin_addr.s_addr ^ address->s_addr) & mask->sin_addr.s_addr);
}

static gboolean
has_address (const struct ifaddrs *interface, const PacketAddress *address)
{
  const PacketAddress *own = (const void *) interface->ifa_addr;

  if (!own || own->any.sa_family != address->any.sa_family)
    return FALSE;
  if (own->any.sa_family == AF_INET &&
      is_of_loopback (interface, &address->in.sin_addr))
    return TRUE;
  return packet_address_same_host (own, address);
}

/* The way to an address of our own begins there. */
static gboolean
leads_to_itself (const PacketAddress *address)
{
  PacketAddress local;

  return ask_route (address, &local) &&
      packet_address_same_host (&local, address);
}

gboolean
sip_route_is_here (const gchar *host)
{
  PacketAddress address;
  struct ifaddrs *list;
  gboolean here = FALSE;

  if (!packet_address_parse (&address, host, 0))
    return FALSE;
  /* To list all interfaces takes three times as long: each call asks. */
  if (packet_address_is_any (&address) || leads_to_itself (&address) ||
      getifaddrs (&list) < 0)
    return TRUE;
  for (const struct ifaddrs *i = list; i && !here; i = i->ifa_next)
    here = has_address (i, &address);
  freeifaddrs (list);
  return here;
}

gboolean
sip_route_has_family (gint family)
{
  struct ifaddrs *list;
  gboolean found = FALSE;

  if (getifaddrs (&list) < 0)
    return TRUE;
  for (const struct ifaddrs *i = list; i; i = i->ifa_next)
    found |= i->ifa_addr && i->ifa_addr->sa_family == family &&
        (i->ifa_flags & IFF_UP);
  freeifaddrs (list);
  return found;
}
