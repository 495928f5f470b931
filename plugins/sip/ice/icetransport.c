/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "icetransport.h"

#include "stunplace.h"
#include "sip/logic/ice/iceserver.h"

struct _IceTransport
{
  PacketTransport parent; /* first */
  PacketTransport *inner;
  IceServer server;
  IceTransportChosen chosen;
  gpointer user;
  PacketReceived received;
  gpointer receiver;
};

static void
take_check (IceTransport *self, const guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival)
{
  const StunAddress place = stun_place_from_packet (from);
  StunWriter answer;
  const gboolean is_chosen =
      ice_server_receive (&self->server, data, size, &place, arrival, &answer);

  if (answer.size > 0)
    packet_transport_send (self->inner, answer.data, answer.size, from);
  if (is_chosen)
    self->chosen (self->server.component, from, self->user);
}

/* RFC 7983. Who has shown no password ends no handshake. */
static gboolean
is_strange_dtls (const IceTransport *self, const guint8 *data, gsize size,
    const PacketAddress *from)
{
  const StunAddress place = stun_place_from_packet (from);

  return size > 0 && data[0] >= 20 && data[0] <= 63 &&
      !ice_server_has_proven (&self->server, &place);
}

static void
on_received (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  IceTransport *self = user;

  if (self->server.ice && stun_is_message (data, size))
    take_check (self, data, size, from, arrival);
  else if (!self->server.ice || !is_strange_dtls (self, data, size, from))
    self->received (self->receiver, data, size, from, arrival);
}

static gboolean
ice_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  return packet_transport_send (((IceTransport *) transport)->inner, data, size,
      to);
}

static void
ice_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  IceTransport *self = (IceTransport *) transport;

  self->received = received;
  self->receiver = user;
  packet_transport_receive (self->inner, loop, received ? on_received : NULL,
      self);
}

static void
ice_free (PacketTransport *transport)
{
  IceTransport *self = (IceTransport *) transport;

  packet_transport_free (self->inner);
  ice_server_clear (&self->server);
  g_free (self);
}

IceTransport *
ice_transport_new (PacketTransport **transport, guint component,
    IceTransportChosen chosen, gpointer user)
{
  IceTransport *self = g_new0 (IceTransport, 1);

  self->parent = (PacketTransport){ .send = ice_send,
    .receive = ice_receive,
    .free = ice_free,
    .local = (*transport)->local };
  self->inner = *transport;
  self->chosen = chosen;
  self->user = user;
  ice_server_init (&self->server, component);
  *transport = &self->parent;
  return self;
}

void
ice_transport_set (IceTransport *self, RtpIce *ice)
{
  ice_server_set (&self->server, ice);
}
