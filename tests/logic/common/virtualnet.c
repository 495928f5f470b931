/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors
 *
 * The scripted network is what other tests trust, so it has one of its own. */
#include "../../mock/virtualnet.h"

#include <string.h>

#define MS MEDIA_LOOP_SLOT
#define N_PACKETS 5000

typedef struct
{
  GArray *log; /* of gint64: number of the packet, arrival */
  gint64 last;
  guint n_received, n_backwards, largest;
} Receiver;

static void
received (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Receiver *receiver = user;
  guint number;

  g_assert_cmpuint (size, ==, sizeof (number));
  memcpy (&number, data, sizeof (number));
  g_assert_cmpuint (packet_address_get_port (from), ==, 4000);
  g_assert_cmpint (arrival, >=, receiver->last);
  receiver->last = arrival;
  if (number < receiver->largest)
    receiver->n_backwards++;
  receiver->largest = MAX (receiver->largest, number);
  receiver->n_received++;
  const gint64 entry[] = { number, arrival };
  g_array_append_vals (receiver->log, entry, 2);
}

/* Sends a packet each 20 ms through @impairment, and returns what happened. */
static void
run (const VirtualNetImpairment *impairment, guint64 seed, gint64 step,
    Receiver *receiver, VirtualNetStats *stats)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  g_autoptr (VirtualNet) net = virtual_net_new (loop, seed);
  PacketTransport *a = virtual_net_open (net, "192.0.2.1", 4000);
  PacketTransport *b = virtual_net_open (net, "192.0.2.2", 5000);
  gint64 now = 0;

  *receiver = (Receiver){ g_array_new (FALSE, FALSE, sizeof (gint64)) };
  virtual_net_impair (a, impairment);
  packet_transport_receive (b, loop, received, receiver);
  for (guint i = 0; i < N_PACKETS; i++) {
    for (; now < i * MEDIA_LOOP_FRAME; now += step)
      media_loop_step (loop, now);
    now = i * MEDIA_LOOP_FRAME;
    media_loop_step (loop, now);
    g_assert_true (
        packet_transport_send (a, (const guint8 *) &i, sizeof (i), &b->local));
  }
  media_loop_step (loop, now + 10000 * MS);
  virtual_net_get_stats (a, stats);
  packet_transport_free (a);
  packet_transport_free (b);
}

static void
assert_near (guint64 value, gdouble share)
{
  g_assert_cmpfloat_with_epsilon ((gdouble) value / N_PACKETS, share,
      share / 4);
}

static void
test_perfect (void)
{
  Receiver receiver;
  VirtualNetStats stats;

  run (NULL, 1, 7 * MS, &receiver, &stats);
  g_assert_cmpuint (receiver.n_received, ==, N_PACKETS);
  g_assert_cmpuint (receiver.n_backwards, ==, 0);
  g_assert_cmpuint (stats.lost, ==, 0);
  g_array_unref (receiver.log);
}

static void
test_identical (void)
{
  const VirtualNetImpairment bad = { .delay = 30 * MS,
    .jitter = 50 * MS,
    .loss = 0.05,
    .burst_enter = 0.01,
    .burst_leave = 0.3,
    .reorder = 0.02,
    .reorder_delay = 45 * MS,
    .duplicate = 0.03 };
  Receiver one, two, other;
  VirtualNetStats stats, again;

  /* However the time is cut in steps. */
  run (&bad, 42, 20 * MS, &one, &stats);
  run (&bad, 42, 3 * MS / 2, &two, &again);
  run (&bad, 43, 20 * MS, &other, &again);
  g_assert_cmpmem (one.log->data, one.log->len * 8, two.log->data,
      two.log->len * 8);
  g_assert_true (one.log->len != other.log->len ||
      memcmp (one.log->data, other.log->data, one.log->len * 8) != 0);
  g_assert_cmpuint (stats.sent, ==, N_PACKETS);
  g_assert_cmpuint (stats.delivered, ==,
      N_PACKETS - stats.lost + stats.duplicated);
  g_assert_cmpuint (one.n_received, ==, stats.delivered);
  g_array_unref (one.log);
  g_array_unref (two.log);
  g_array_unref (other.log);
}

static void
test_each (void)
{
  const VirtualNetImpairment loss = { .loss = 0.1 };
  const VirtualNetImpairment burst = { .burst_enter = 0.02,
    .burst_leave = 0.18 };
  const VirtualNetImpairment jitter = { .delay = 10 * MS, .jitter = 60 * MS };
  const VirtualNetImpairment fifo = { .jitter = 60 * MS, .in_order = TRUE };
  const VirtualNetImpairment reorder = { .reorder = 0.1,
    .reorder_delay = 30 * MS };
  const VirtualNetImpairment twice = { .duplicate = 0.2 };
  Receiver receiver;
  VirtualNetStats stats;

  run (&loss, 5, 20 * MS, &receiver, &stats);
  assert_near (stats.lost, 0.1);
  g_array_unref (receiver.log);

  run (&burst, 5, 20 * MS, &receiver, &stats);
  assert_near (stats.lost, 0.1);
  g_array_unref (receiver.log);

  run (&jitter, 5, 20 * MS, &receiver, &stats);
  g_assert_cmpuint (receiver.n_received, ==, N_PACKETS);
  g_assert_cmpuint (receiver.n_backwards, >, N_PACKETS / 10);
  g_array_unref (receiver.log);

  run (&fifo, 5, 20 * MS, &receiver, &stats);
  g_assert_cmpuint (receiver.n_received, ==, N_PACKETS);
  g_assert_cmpuint (receiver.n_backwards, ==, 0);
  g_array_unref (receiver.log);

  run (&reorder, 5, 20 * MS, &receiver, &stats);
  assert_near (receiver.n_backwards, 0.1);
  g_array_unref (receiver.log);

  run (&twice, 5, 20 * MS, &receiver, &stats);
  assert_near (stats.duplicated, 0.2);
  g_assert_cmpuint (receiver.n_received, ==, N_PACKETS + stats.duplicated);
  g_array_unref (receiver.log);
}

static gboolean
drop_second (VirtualPacket *packet, gpointer user)
{
  packet->data[0]++;
  return ++*(guint *) user != 2;
}

static void
test_by_hand (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  g_autoptr (VirtualNet) net = virtual_net_new (loop, 1);
  PacketTransport *a = virtual_net_open (net, "192.0.2.1", 4000);
  PacketTransport *b = virtual_net_open (net, "2001:db8::2", 5000);
  PacketAddress nowhere;
  VirtualNetStats stats;
  guint n_seen = 0;

  virtual_net_tap (a, drop_second, &n_seen);
  for (guint8 i = 0; i < 3; i++)
    packet_transport_send (a, &i, 1, &b->local);
  packet_address_parse (&nowhere, "192.0.2.9", 1);
  packet_transport_send (a, (const guint8 *) "x", 1, &nowhere);
  media_loop_step (loop, 5 * MS);

  g_autoptr (VirtualPacket) first = virtual_net_take (b);
  g_autoptr (VirtualPacket) third = virtual_net_take (b);
  g_assert_cmpuint (first->data[0], ==, 1);
  g_assert_cmpint (first->time, ==, MS);
  g_assert_cmpuint (third->data[0], ==, 3);
  g_assert_true (packet_address_equal (&third->from, &a->local));
  g_assert_null (virtual_net_take (b));
  virtual_net_get_stats (a, &stats);
  g_assert_cmpuint (stats.sent, ==, 4);
  g_assert_cmpuint (stats.lost, ==, 1);
  g_assert_cmpuint (stats.unrouted, ==, 1);

  virtual_net_inject (b, &nowhere, (const guint8 *) "y", 1);
  g_autoptr (VirtualPacket) injected = virtual_net_take (b);
  g_assert_true (packet_address_equal (&injected->from, &nowhere));
  g_assert_cmpint (injected->time, ==, 5 * MS);

  /* What is on its way to an end that closes is gone. */
  packet_transport_send (a, (const guint8 *) "z", 1, &b->local);
  packet_transport_free (b);
  media_loop_step (loop, 10 * MS);
  packet_transport_send (a, (const guint8 *) "z", 1, &nowhere);
  packet_transport_free (a);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virtualnet/perfect", test_perfect);
  g_test_add_func ("/virtualnet/identical", test_identical);
  g_test_add_func ("/virtualnet/each", test_each);
  g_test_add_func ("/virtualnet/by-hand", test_by_hand);
  return g_test_run ();
}
