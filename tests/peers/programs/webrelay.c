/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrelay.h"

#define MAX_DATAGRAM 2048

typedef struct
{
  WebRelay *relay;
  GSocket *socket;
  GSource *source;
  GSocketAddress *peer; /* where it sends */
} Side;

struct _WebRelay
{
  Side phone, far;
  gint loss, jitter;
  GRand *random;
  guint lost, passed;
};

typedef struct
{
  GSocket *socket;
  GSocketAddress *to;
  GBytes *bytes;
} Datagram;

static gboolean
deliver (gpointer data)
{
  Datagram *datagram = data;
  gsize size;
  const gchar *octets = g_bytes_get_data (datagram->bytes, &size);

  g_socket_send_to (datagram->socket, datagram->to, octets, size, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
datagram_free (gpointer data)
{
  Datagram *datagram = data;

  g_object_unref (datagram->socket);
  g_object_unref (datagram->to);
  g_bytes_unref (datagram->bytes);
  g_free (datagram);
}

static void
pass_on (WebRelay *self, const Side *to, const gchar *data, gsize size)
{
  if (!to->peer || g_rand_int_range (self->random, 0, 100) < self->loss) {
    self->lost++;
    return;
  }
  self->passed++;
  Datagram *datagram = g_new (Datagram, 1);
  *datagram = (Datagram){ g_object_ref (to->socket), g_object_ref (to->peer),
    g_bytes_new (data, size) };
  g_timeout_add_full (G_PRIORITY_HIGH,
      (guint) g_rand_int_range (self->random, 0, self->jitter + 1), deliver,
      datagram, datagram_free);
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  Side *side = data;
  WebRelay *self = side->relay;
  gchar buffer[MAX_DATAGRAM];
  g_autoptr (GSocketAddress) from = NULL;
  gssize size = g_socket_receive_from (socket, &from, buffer, sizeof (buffer),
      NULL, NULL);

  if (size < 0)
    return G_SOURCE_CONTINUE;
  if (side == &self->phone && !side->peer)
    side->peer = g_object_ref (from);
  pass_on (self, side == &self->phone ? &self->far : &self->phone, buffer,
      (gsize) size);
  return G_SOURCE_CONTINUE;
}

static void
open_side (WebRelay *self, Side *side, const gchar *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (address, 0);

  side->relay = self;
  side->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_bind (side->socket, any, FALSE, NULL);
  g_socket_set_blocking (side->socket, FALSE);
  side->source = g_socket_create_source (side->socket, G_IO_IN, NULL);
  g_source_set_priority (side->source, G_PRIORITY_HIGH);
  g_source_set_callback (side->source, G_SOURCE_FUNC (on_readable), side, NULL);
  g_source_attach (side->source, NULL);
}

WebRelay *
web_relay_new (const gchar *host, guint16 port, gint loss, gint jitter)
{
  WebRelay *self = g_new0 (WebRelay, 1);

  self->loss = loss;
  self->jitter = jitter;
  self->random = g_rand_new_with_seed (20);
  open_side (self, &self->phone, host);
  open_side (self, &self->far, host);
  self->far.peer = g_inet_socket_address_new_from_string (host, port);
  return self;
}

guint16
web_relay_get_port (WebRelay *self)
{
  g_autoptr (GSocketAddress) local =
      g_socket_get_local_address (self->phone.socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

static void
close_side (Side *side)
{
  g_source_destroy (side->source);
  g_source_unref (side->source);
  g_clear_object (&side->peer);
  g_object_unref (side->socket);
}

void
web_relay_free (WebRelay *self)
{
  g_print ("relay lost %u of %u\n", self->lost, self->lost + self->passed);
  close_side (&self->phone);
  close_side (&self->far);
  g_rand_free (self->random);
  g_free (self);
}
