/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "virtualnet.h"

#include <string.h>

typedef struct
{
  PacketTransport parent;
  VirtualNet *net; /* NULL: the network is gone */
  guint number;
  VirtualNetImpairment impairment;
  VirtualNetTap tap;
  gpointer tap_user;
  VirtualNetStats stats;
  gboolean in_burst;
  gint64 last_arrival;
  PacketReceived received;
  gpointer user;
  GQueue kept; /* of VirtualPacket, while nobody receives */
} End;

/* A packet on its way. */
typedef struct
{
  MediaTimer timer;
  VirtualNet *net;
  guint sender;
  VirtualPacket *packet;
} Flight;

struct _VirtualNet
{
  MediaLoop *loop;
  guint64 seed;
  guint n_opened;
  GPtrArray *ends; /* of End, not owned */
  GHashTable *flights;
};

/* What is decided about one packet. */
typedef enum
{
  DECIDE_LOSS,
  DECIDE_BURST,
  DECIDE_JITTER,
  DECIDE_REORDER,
  DECIDE_DUPLICATE,
  DECIDE_COPY_JITTER,
} Decision;

/* ---- Chance */

/* splitmix64 (Steele, Lea, Flood 2014), the finalizer. */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* 0 <= result < 1, the same for the same packet of the same script. */
static gdouble
draw (const End *end, Decision decision)
{
  guint64 hash = mix (end->net->seed);

  hash = mix (hash ^ end->number);
  hash = mix (hash ^ end->stats.sent);
  hash = mix (hash ^ decision);
  return (gdouble) (hash >> 11) / (gdouble) (G_GUINT64_CONSTANT (1) << 53);
}

static gboolean
is_lost (End *end)
{
  const VirtualNetImpairment *impairment = &end->impairment;
  const gdouble change =
      end->in_burst ? impairment->burst_leave : impairment->burst_enter;

  if (draw (end, DECIDE_BURST) < change)
    end->in_burst = !end->in_burst;
  return end->in_burst || draw (end, DECIDE_LOSS) < impairment->loss;
}

static gint64
draw_arrival (End *end, Decision jitter)
{
  const VirtualNetImpairment *impairment = &end->impairment;
  gint64 arrival = media_loop_now (end->net->loop) + impairment->delay +
      (gint64) (draw (end, jitter) * (gdouble) impairment->jitter);

  if (impairment->in_order)
    arrival = MAX (arrival, end->last_arrival);
  end->last_arrival = MAX (arrival, end->last_arrival);
  if (jitter == DECIDE_JITTER &&
      draw (end, DECIDE_REORDER) < impairment->reorder)
    arrival += impairment->reorder_delay;
  return arrival;
}

/* ---- Packets */

static VirtualPacket *
virtual_packet_new (gint64 time, const PacketAddress *from,
    const PacketAddress *to, const guint8 *data, gsize size)
{
  VirtualPacket *self = g_new0 (VirtualPacket, 1);

  self->time = time;
  self->from = *from;
  self->to = *to;
  self->size = size;
  self->data = g_memdup2 (data, size);
  return self;
}

void
virtual_packet_free (VirtualPacket *packet)
{
  g_free (packet->data);
  g_free (packet);
}

static void
flight_free (gpointer data)
{
  Flight *flight = data;

  media_timer_cancel (&flight->timer);
  g_clear_pointer (&flight->packet, virtual_packet_free);
  g_free (flight);
}

/* Takes @packet. The receiver may free @end, or the network. */
static void
deliver (End *end, VirtualPacket *packet)
{
  if (!end->received) {
    g_queue_push_tail (&end->kept, packet);
    return;
  }
  end->received (end->user, packet->data, packet->size, &packet->from,
      packet->time);
  virtual_packet_free (packet);
}

static End *
find_end (VirtualNet *self, const PacketAddress *address)
{
  for (guint i = 0; i < self->ends->len; i++) {
    End *end = g_ptr_array_index (self->ends, i);

    if (packet_address_equal (&end->parent.local, address))
      return end;
  }
  return NULL;
}

static End *
find_sender (VirtualNet *self, guint number)
{
  for (guint i = 0; i < self->ends->len; i++) {
    End *end = g_ptr_array_index (self->ends, i);

    if (end->number == number)
      return end;
  }
  return NULL;
}

static void
arrive (gint64 now, gpointer data)
{
  Flight *flight = data;
  VirtualNet *self = flight->net;
  g_autoptr (VirtualPacket) packet = g_steal_pointer (&flight->packet);
  End *sender = find_sender (self, flight->sender);
  End *receiver = find_end (self, &packet->to);

  g_hash_table_remove (self->flights, flight);
  packet->time = now;
  if (sender)
    *(receiver ? &sender->stats.delivered : &sender->stats.unrouted) += 1;
  if (receiver)
    deliver (receiver, g_steal_pointer (&packet));
}

static void
take_off (End *end, VirtualPacket *packet, gint64 arrival)
{
  Flight *flight = g_new0 (Flight, 1);

  flight->net = end->net;
  flight->sender = end->number;
  flight->packet = packet;
  media_timer_init (&flight->timer, end->net->loop, arrive, flight);
  g_hash_table_add (end->net->flights, flight);
  media_timer_arm (&flight->timer, arrival);
}

/* ---- The transport */

static gboolean
end_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  End *end = (End *) transport;

  if (!end->net)
    return FALSE;
  g_autoptr (VirtualPacket) packet =
      virtual_packet_new (media_loop_now (end->net->loop), &end->parent.local,
          to, data, size);

  end->stats.sent++;
  /* Drawn before the tap is asked, so that it changes no other's fate. */
  const gboolean lost = is_lost (end);
  if ((end->tap && !end->tap (packet, end->tap_user)) || lost) {
    end->stats.lost++;
    return TRUE;
  }
  const gint64 arrival = draw_arrival (end, DECIDE_JITTER);
  if (draw (end, DECIDE_DUPLICATE) < end->impairment.duplicate) {
    end->stats.duplicated++;
    take_off (end,
        virtual_packet_new (packet->time, &packet->from, &packet->to,
            packet->data, packet->size),
        draw_arrival (end, DECIDE_COPY_JITTER));
  }
  take_off (end, g_steal_pointer (&packet), arrival);
  return TRUE;
}

static void
end_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  End *end = (End *) transport;

  end->received = received;
  end->user = user;
  while (end->received && !g_queue_is_empty (&end->kept)) {
    g_autoptr (VirtualPacket) packet = g_queue_pop_head (&end->kept);

    end->received (end->user, packet->data, packet->size, &packet->from,
        packet->time);
  }
}

static void
end_free (PacketTransport *transport)
{
  End *end = (End *) transport;

  if (end->net)
    g_ptr_array_remove (end->net->ends, end);
  g_queue_clear_full (&end->kept, (GDestroyNotify) virtual_packet_free);
  g_free (end);
}

/* ---- The network */

VirtualNet *
virtual_net_new (MediaLoop *loop, guint64 seed)
{
  VirtualNet *self = g_new0 (VirtualNet, 1);

  g_assert_true (media_loop_is_manual (loop));
  self->loop = media_loop_ref (loop);
  self->seed = seed;
  self->ends = g_ptr_array_new ();
  self->flights = g_hash_table_new_full (NULL, NULL, flight_free, NULL);
  return self;
}

void
virtual_net_free (VirtualNet *self)
{
  for (guint i = 0; i < self->ends->len; i++)
    ((End *) g_ptr_array_index (self->ends, i))->net = NULL;
  g_ptr_array_unref (self->ends);
  g_hash_table_unref (self->flights);
  media_loop_unref (self->loop);
  g_free (self);
}

PacketTransport *
virtual_net_open (VirtualNet *self, const gchar *host, guint16 port)
{
  End *end = g_new0 (End, 1);

  end->parent.send = end_send;
  end->parent.receive = end_receive;
  end->parent.free = end_free;
  g_assert_true (packet_address_parse (&end->parent.local, host, port));
  g_assert_null (find_end (self, &end->parent.local));
  end->net = self;
  end->number = ++self->n_opened;
  g_queue_init (&end->kept);
  g_ptr_array_add (self->ends, end);
  return &end->parent;
}

void
virtual_net_impair (PacketTransport *transport,
    const VirtualNetImpairment *impairment)
{
  End *end = (End *) transport;

  end->impairment = impairment ? *impairment : (VirtualNetImpairment){ 0 };
  end->in_burst = FALSE;
}

void
virtual_net_tap (PacketTransport *transport, VirtualNetTap tap, gpointer user)
{
  End *end = (End *) transport;

  end->tap = tap;
  end->tap_user = user;
}

void
virtual_net_inject (PacketTransport *transport, const PacketAddress *from,
    const guint8 *data, gsize size)
{
  End *end = (End *) transport;

  deliver (end,
      virtual_packet_new (media_loop_now (end->net->loop), from,
          &end->parent.local, data, size));
}

VirtualPacket *
virtual_net_take (PacketTransport *transport)
{
  return g_queue_pop_head (&((End *) transport)->kept);
}

void
virtual_net_get_stats (PacketTransport *transport, VirtualNetStats *stats)
{
  *stats = ((End *) transport)->stats;
}
