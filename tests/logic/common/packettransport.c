/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/loop/packettransport.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define MS MEDIA_LOOP_SLOT

static PacketTransport *
open_local (const gchar *host, guint16 port)
{
  g_autoptr (GError) error = NULL;
  PacketAddress local;

  g_assert_true (packet_address_parse (&local, host, port));
  PacketTransport *transport = packet_transport_new_udp (&local, &error);
  g_assert_no_error (error);
  return transport;
}

static void
test_address (void)
{
  PacketAddress a, b;
  g_autofree gchar *v4 = NULL, *v6 = NULL, *host = NULL, *none = NULL;

  g_assert_true (packet_address_parse (&a, "192.0.2.1", 4000));
  v4 = packet_address_to_string (&a);
  g_assert_cmpstr (v4, ==, "192.0.2.1:4000");
  g_assert_cmpuint (packet_address_get_size (&a), ==, sizeof (a.in));
  g_assert_true (packet_address_parse (&b, "192.0.2.1", 4001));
  g_assert_true (packet_address_same_host (&a, &b));
  g_assert_false (packet_address_equal (&a, &b));
  packet_address_set_port (&b, 4000);
  g_assert_true (packet_address_equal (&a, &b));

  g_assert_true (packet_address_parse (&b, "2001:db8::1", 4000));
  g_assert_false (packet_address_same_host (&a, &b));
  v6 = packet_address_to_string (&b);
  g_assert_cmpstr (v6, ==, "[2001:db8::1]:4000");
  host = packet_address_host_to_string (&b);
  g_assert_cmpstr (host, ==, "2001:db8::1");
  g_assert_cmpuint (packet_address_get_size (&b), ==, sizeof (b.in6));
  g_assert_cmpuint (packet_address_get_port (&b), ==, 4000);
  g_assert_true (packet_address_parse (&a, "2001:db8::2", 4000));
  g_assert_false (packet_address_equal (&a, &b));

  g_assert_false (packet_address_parse (&a, "localhost", 1));
  g_assert_false (packet_address_parse (&a, "", 1));
  g_assert_false (packet_address_parse (&a, "1.2.3", 1));
  g_assert_false (packet_address_parse (&a, "[::1]", 1));
  g_assert_false (packet_address_is_set (&a));
  g_assert_true (packet_address_is_set (&b));
  none = packet_address_to_string (&a);
  g_assert_cmpstr (none, ==, "");
}

/* ---- On a loop */

typedef struct
{
  MediaLoop *loop;
  PacketTransport *a, *b;
  GMutex lock; /* protects everything below */
  GCond cond;
  guint n_received;
  gsize size;
  guint8 data[4];
  PacketAddress from;
  gint64 arrival, now;
} Pair;

static void
received (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Pair *pair = user;

  g_assert_true (media_loop_is_current (pair->loop));
  g_mutex_lock (&pair->lock);
  pair->n_received++;
  pair->size = size;
  memcpy (pair->data, data, MIN (size, sizeof (pair->data)));
  pair->from = *from;
  pair->arrival = arrival;
  pair->now = media_loop_now (pair->loop);
  g_cond_signal (&pair->cond);
  g_mutex_unlock (&pair->lock);
}

static void
begin (gpointer data)
{
  Pair *pair = data;

  packet_transport_receive (pair->b, pair->loop, received, pair);
}

static void
stop (gpointer data)
{
  Pair *pair = data;

  packet_transport_receive (pair->b, pair->loop, NULL, NULL);
  packet_transport_free (pair->b);
  g_mutex_lock (&pair->lock);
  pair->b = NULL;
  g_cond_signal (&pair->cond);
  g_mutex_unlock (&pair->lock);
}

static void
wait_received (Pair *pair, guint n)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&pair->lock);
  while (pair->n_received < n)
    g_assert_true (g_cond_wait_until (&pair->cond, &pair->lock, end));
  g_mutex_unlock (&pair->lock);
}

/* The loop stands still until the test lets it go on. */
typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean blocked, released;
} Block;

static void
block_loop (gpointer data)
{
  Block *block = data;

  g_mutex_lock (&block->lock);
  block->blocked = TRUE;
  g_cond_broadcast (&block->cond);
  while (!block->released)
    g_cond_wait (&block->cond, &block->lock);
  g_mutex_unlock (&block->lock);
}

/* The @n-th packet comes while the loop of @pair stands still, and @ms before it goes
 * on. */
static void
receive_late (Pair *pair, guint n, guint ms)
{
  Block block = { .blocked = FALSE };

  g_mutex_init (&block.lock);
  g_cond_init (&block.cond);
  media_loop_invoke (pair->loop, block_loop, &block, NULL);
  g_mutex_lock (&block.lock);
  while (!block.blocked)
    g_cond_wait (&block.cond, &block.lock);
  packet_transport_send (pair->a, (const guint8 *) "", 0, &pair->b->local);
  g_usleep (ms * 1000);
  block.released = TRUE;
  g_cond_broadcast (&block.cond);
  g_mutex_unlock (&block.lock);
  wait_received (pair, n);
  g_cond_clear (&block.cond);
  g_mutex_clear (&block.lock);
}

static void
test_loop (gconstpointer host)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  Pair pair = { .loop = loop };
  guint8 large[3000] = { 0 };

  pair.a = open_local (host, 0);
  pair.b = open_local (host, 0);
  g_assert_cmpuint (packet_address_get_port (&pair.b->local), !=, 0);
  media_loop_invoke (loop, begin, &pair, NULL);

  const gint64 before = media_loop_now (loop);
  g_assert_true (packet_transport_send (pair.a, (const guint8 *) "abcd", 4,
      &pair.b->local));
  wait_received (&pair, 1);
  g_assert_cmpmem (pair.data, pair.size, "abcd", 4);
  g_assert_true (packet_address_equal (&pair.from, &pair.a->local));
  g_assert_cmpint (pair.arrival, <=, pair.now);
  g_assert_cmpint (pair.arrival, >=, before - MS);

  /* The stamp is of the arrival, not of the reading. That of a packet which comes
   * before the kernel has begun to stamp is: Linux leaves that to a work queue. */
  guint n = 2;
  receive_late (&pair, n, 10);
  while (pair.now == pair.arrival && n < 100)
    receive_late (&pair, ++n, 10);
  g_assert_cmpuint (pair.size, ==, 0);
  g_assert_cmpint (pair.now - pair.arrival, >, 5 * MS);
  g_assert_cmpint (pair.now - pair.arrival, <, 10000 * MS);

  /* What is larger than any packet of ours is not given out cut. */
  packet_transport_send (pair.a, large, sizeof (large), &pair.b->local);
  packet_transport_send (pair.a, large, 2000, &pair.b->local);
  wait_received (&pair, n + 1);
  g_assert_cmpuint (pair.size, ==, 2000);

  media_loop_invoke (loop, stop, &pair, NULL);
  g_mutex_lock (&pair.lock);
  while (pair.b)
    g_cond_wait (&pair.cond, &pair.lock);
  g_mutex_unlock (&pair.lock);
  packet_transport_free (pair.a);
}

static void
test_loop_v6 (void)
{
  PacketAddress any;
  g_autoptr (GError) error = NULL;

  packet_address_parse (&any, "::1", 0);
  PacketTransport *probe = packet_transport_new_udp (&any, &error);
  if (!probe) {
    g_test_skip ("no IPv6 here");
    return;
  }
  packet_transport_free (probe);
  test_loop ("::1");
}

/* Nobody listens there: the ICMP answer disturbs nothing. */
static void
test_refused (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  Pair pair = { .loop = loop, .b = open_local ("127.0.0.1", 0) };
  PacketTransport *closed = open_local ("127.0.0.1", 0);
  const PacketAddress nobody = closed->local;

  packet_transport_free (closed);
  begin (&pair);
  for (guint i = 1; i <= 5; i++) {
    packet_transport_send (pair.b, (const guint8 *) "x", 1, &nobody);
    g_assert_true (packet_transport_send (pair.b, (const guint8 *) "y", 1,
        &pair.b->local));
    media_loop_step (loop, i * MS);
    g_assert_cmpuint (pair.n_received, ==, i);
    g_assert_cmpint (pair.arrival, ==, pair.now);
  }
  stop (&pair);
}

static void
test_taken (void)
{
  g_autoptr (GError) error = NULL;
  PacketTransport *one = open_local ("127.0.0.1", 0);
  g_autofree gchar *name = packet_address_to_string (&one->local);

  g_assert_null (packet_transport_new_udp (&one->local, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, name));
  packet_transport_free (one);
}

/* ---- Pairs, on an address of this process' own, so that nobody is in the way. */

static const gchar *
own_host (void)
{
  static gchar host[16];
  const guint pid = (guint) getpid ();

  g_snprintf (host, sizeof (host), "127.%u.%u.%u", 1 + (pid >> 16) % 250,
      (pid >> 8) & 255, pid & 255);
  return host;
}

static void
test_pair_range (void)
{
  enum
  {
    FIRST = 20101,
    LAST = 20141 /* 20102..20141: twenty pairs */
  };
  PacketTransport *rtp[21] = { NULL }, *rtcp[21] = { NULL };
  g_autoptr (GError) error = NULL;
  PacketAddress host;
  guint n = 0;

  packet_address_parse (&host, own_host (), 0);
  while (n < 21 &&
      packet_transport_new_udp_pair (&host, FIRST, LAST, &rtp[n], &rtcp[n],
          &error)) {
    const guint port = packet_address_get_port (&rtp[n]->local);

    g_assert_cmpuint (port % 2, ==, 0);
    g_assert_cmpuint (port, >=, FIRST);
    g_assert_cmpuint (port, <, LAST);
    g_assert_cmpuint (packet_address_get_port (&rtcp[n]->local), ==, port + 1);
    n++;
  }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, "20101"));
  g_assert_nonnull (strstr (error->message, "20141"));
  g_assert_null (rtp[n]);
  g_assert_null (rtcp[n]);
  g_assert_cmpuint (n, ==, 20);

  /* The one place that is free is found, wherever the search begins. */
  const guint port = packet_address_get_port (&rtp[7]->local);
  packet_transport_free (rtp[7]);
  packet_transport_free (rtcp[7]);
  g_assert_true (packet_transport_new_udp_pair (&host, FIRST, LAST, &rtp[7],
      &rtcp[7], NULL));
  g_assert_cmpuint (packet_address_get_port (&rtp[7]->local), ==, port);

  /* RTCP's port taken by another: not this pair, and RTP's is given back. */
  packet_transport_free (rtp[7]);
  g_assert_false (packet_transport_new_udp_pair (&host, FIRST, LAST, &rtp[7],
      &rtp[20], NULL));
  rtp[7] = open_local (own_host (), (guint16) port);
  for (guint i = 0; i < 20; i++) {
    packet_transport_free (rtp[i]);
    packet_transport_free (rtcp[i]);
  }
}

/* A port just given back is the last to be used again. */
static void
test_pair_turn (void)
{
  PacketAddress host;
  guint ports[4];

  packet_address_parse (&host, own_host (), 0);
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++) {
    PacketTransport *rtp, *rtcp;

    g_assert_true (
        packet_transport_new_udp_pair (&host, 20200, 20299, &rtp, &rtcp, NULL));
    ports[i] = packet_address_get_port (&rtp->local);
    packet_transport_free (rtp);
    packet_transport_free (rtcp);
    for (guint k = 0; k < i; k++)
      g_assert_cmpuint (ports[k], !=, ports[i]);
  }
}

static void
test_pair_errors (void)
{
  PacketTransport *rtp, *rtcp;
  g_autoptr (GError) empty = NULL, foreign = NULL;
  PacketAddress host;

  packet_address_parse (&host, own_host (), 0);
  g_assert_false (
      packet_transport_new_udp_pair (&host, 20301, 20302, &rtp, &rtcp, &empty));
  g_assert_error (empty, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  /* The last pair of all. */
  if (packet_transport_new_udp_pair (&host, 65534, 65535, &rtp, &rtcp, NULL)) {
    packet_transport_free (rtp);
    packet_transport_free (rtcp);
  }

  /* Not an address of this machine: that, and not "all in use". */
  packet_address_parse (&host, "192.0.2.1", 0);
  g_assert_false (packet_transport_new_udp_pair (&host, 20300, 20399, &rtp,
      &rtcp, &foreign));
  g_assert_false (
      g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  g_assert_nonnull (strstr (foreign->message, "192.0.2.1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/packettransport/address", test_address);
  g_test_add_data_func ("/packettransport/loop/v4", "127.0.0.1", test_loop);
  g_test_add_func ("/packettransport/loop/v6", test_loop_v6);
  g_test_add_func ("/packettransport/refused", test_refused);
  g_test_add_func ("/packettransport/taken", test_taken);
  g_test_add_func ("/packettransport/pair/range", test_pair_range);
  g_test_add_func ("/packettransport/pair/turn", test_pair_turn);
  g_test_add_func ("/packettransport/pair/errors", test_pair_errors);
  return g_test_run ();
}
