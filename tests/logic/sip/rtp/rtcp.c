/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/rtcp.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define OURS 0x01020304
#define THEIRS 0xa0b0c0d0

static gsize
write_all (guint8 *data, const gchar *cname, const gchar *bye)
{
  static const RtcpBlock block = { .reception = { OURS, 64, -5, 0x10005 },
    .jitter = 33,
    .last_sr = 0x12345678,
    .delay_since_sr = 65536 };
  const RtcpReport report = { .ssrc = THEIRS,
    .sender = TRUE,
    .ntp = G_GUINT64_CONSTANT (0x1111222233334444),
    .timestamp = 77,
    .n_packets = 5,
    .n_octets = 800,
    .block = &block,
    .cname = cname,
    .bye = bye };
  return rtcp_write (&report, data);
}

static void
test_round_trip (void)
{
  guint8 data[RTCP_MAX_SIZE];
  RtcpSummary summary;
  gsize size = write_all (data, "me@host", "bored");
  g_assert_cmpuint (size % 4, ==, 0);
  g_assert_true (rtcp_parse (&summary, data, size, OURS));
  g_assert_cmphex (summary.ssrc, ==, THEIRS);
  g_assert_true (summary.has_sender_info);
  g_assert_cmphex (summary.ntp, ==, G_GUINT64_CONSTANT (0x1111222233334444));
  g_assert_cmpuint (summary.timestamp, ==, 77);
  g_assert_true (summary.has_block);
  g_assert_cmpuint (summary.block.reception.fraction_lost, ==, 64);
  g_assert_cmpint (summary.block.reception.lost, ==, -5);
  g_assert_cmphex (summary.block.reception.highest_sequence, ==, 0x10005);
  g_assert_cmpuint (summary.block.jitter, ==, 33);
  g_assert_true (summary.bye);
  g_assert_cmpstr (summary.bye_reason, ==, "bored");

  g_assert_true (rtcp_parse (&summary, data, size, OURS + 1));
  g_assert_false (summary.has_block);
}

static void
test_cname_lengths (void)
{
  for (guint n = 0; n < 300; n++) {
    guint8 data[RTCP_MAX_SIZE];
    RtcpSummary summary;
    g_autofree gchar *name = g_strnfill (n, 'x');
    gsize size = write_all (data, name, NULL);
    g_assert_cmpuint (size, <=, RTCP_MAX_SIZE);
    g_assert_true (rtcp_parse (&summary, data, size, OURS));
    g_assert_false (summary.bye);
  }
}

/* Every cut and every single wrong byte: accepted or not, never read beyond. */
static void
test_damage (void)
{
  guint8 data[RTCP_MAX_SIZE];
  gsize size = write_all (data, "me@host", "bored");
  RtcpSummary summary;
  for (gsize n = 0; n < size; n++) {
    g_autofree guint8 *cut = g_memdup2 (data, n);
    gboolean whole = n == 52 || n == 72;
    g_assert_true (rtcp_parse (&summary, cut, n, OURS) == whole);
  }
  for (gsize n = 0; n < size; n++)
    for (guint value = 0; value < 256; value++) {
      g_autofree guint8 *wrong = g_memdup2 (data, size);
      wrong[n] = (guint8) value;
      rtcp_parse (&summary, wrong, size, OURS);
      g_assert_true (g_utf8_validate (summary.bye_reason, -1, NULL));
    }
}

static void
test_time (void)
{
  guint64 sent = rtcp_time_to_ntp (1000 * MS * 5 + 500 * MS);
  g_assert_cmphex (sent, ==, G_GUINT64_CONSTANT (0x580000000));
  RtcpBlock block = { .last_sr = (guint32) (sent >> 16),
    .delay_since_sr = 65536 };
  gint64 trip =
      rtcp_get_round_trip (&block, rtcp_time_to_ntp (1000 * MS * 6 + 550 * MS));
  g_assert_cmpint (ABS (trip - 50 * MS), <, MS / 10);
  block.last_sr = 0;
  g_assert_cmpint (rtcp_get_round_trip (&block, sent), ==, -1);
  block.last_sr = (guint32) (sent >> 16) + 65536 * 100;
  g_assert_cmpint (rtcp_get_round_trip (&block, sent), ==, -1);
}

static void
test_interval (void)
{
  g_assert_cmpint (rtcp_get_interval (TRUE, 0), >, 1000 * MS);
  g_assert_cmpint (rtcp_get_interval (TRUE, 1), <, 3100 * MS);
  g_assert_cmpint (rtcp_get_interval (FALSE, 0), >, 2000 * MS);
  g_assert_cmpint (rtcp_get_interval (FALSE, 1), <, 6200 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtcp/round-trip", test_round_trip);
  g_test_add_func ("/rtcp/cname-lengths", test_cname_lengths);
  g_test_add_func ("/rtcp/damage", test_damage);
  g_test_add_func ("/rtcp/time", test_time);
  g_test_add_func ("/rtcp/interval", test_interval);
  return g_test_run ();
}
