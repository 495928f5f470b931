/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "stunplace.h"

#include <string.h>

StunAddress
stun_place_from_packet (const PacketAddress *address)
{
  StunAddress place = { .port = packet_address_get_port (address) };

  if (address->any.sa_family == AF_INET6) {
    place.size = 16;
    memcpy (place.bytes, &address->in6.sin6_addr, place.size);
  } else if (address->any.sa_family == AF_INET) {
    place.size = 4;
    memcpy (place.bytes, &address->in.sin_addr, place.size);
  }
  return place;
}

PacketAddress
stun_place_to_packet (const StunAddress *place)
{
  PacketAddress address = { 0 };

  if (place->size == 16) {
    address.any.sa_family = AF_INET6;
    memcpy (&address.in6.sin6_addr, place->bytes, place->size);
  } else if (place->size == 4) {
    address.any.sa_family = AF_INET;
    memcpy (&address.in.sin_addr, place->bytes, place->size);
  }
  packet_address_set_port (&address, place->port);
  return address;
}
