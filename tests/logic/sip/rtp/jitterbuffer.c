/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/jitterbuffer.h"

#include <glib/gprintf.h>

static JitterBuffer buffer;

/* Pushes and returns what came out, as sequence numbers. */
static const gchar *
push (guint16 sequence, guint32 ssrc)
{
  static gchar out[1000];
  guint8 payload[2];
  RtpPacket packet = { .sequence = sequence,
    .ssrc = ssrc,
    .payload = payload,
    .payload_size = 2 };
  JitterItem item;
  gchar *end = out;
  rtp_write_uint16 (payload, sequence);
  jitter_buffer_push (&buffer, &packet, sequence);
  out[0] = '\0';
  while (jitter_buffer_pop (&buffer, &item)) {
    g_assert_cmpuint (item.packet.sequence, ==,
        rtp_read_uint16 (item.packet.payload));
    end +=
        g_sprintf (end, "%s%u ", item.restart ? "!" : "", item.packet.sequence);
  }
  return out;
}

static void
begin (void)
{
  jitter_buffer_clear (&buffer);
}

static void
test_order (void)
{
  begin ();
  g_assert_cmpstr (push (65534, 1), ==, "!65534 ");
  g_assert_cmpstr (push (65535, 1), ==, "65535 ");
  g_assert_cmpstr (push (1, 1), ==, "");
  g_assert_cmpstr (push (2, 1), ==, "");
  g_assert_cmpstr (push (0, 1), ==, "0 1 2 ");
  g_assert_cmpstr (push (1, 1), ==, "");
  g_assert_cmpstr (push (4, 1), ==, "");
  g_assert_cmpstr (push (4, 1), ==, "");
  g_assert_cmpuint (buffer.counters.received, ==, 5);
  g_assert_cmpuint (buffer.counters.reordered, ==, 1);
  g_assert_cmpuint (buffer.counters.duplicated, ==, 2);
  g_assert_cmpuint (buffer.counters.lost, ==, 0);
}

static void
test_loss (void)
{
  guint n_missing = 0;
  begin ();
  push (10, 1);
  push (13, 1);
  const JitterItem *behind = jitter_buffer_get_gap (&buffer, &n_missing);
  g_assert_cmpuint (n_missing, ==, 2);
  g_assert_cmpuint (behind->packet.sequence, ==, 13);
  jitter_buffer_skip (&buffer, 1);
  g_assert_cmpstr (push (11, 1), ==, "");
  g_assert_cmpuint (buffer.counters.late, ==, 1);
  g_assert_cmpuint (buffer.counters.lost, ==, 0);
  jitter_buffer_skip (&buffer, 1);
  g_assert_cmpstr (push (14, 1), ==, "13 14 ");
  g_assert_null (jitter_buffer_get_gap (&buffer, &n_missing));
  g_assert_cmpuint (buffer.counters.lost, ==, 1);
  g_assert_cmpuint (buffer.counters.received, ==, 3);
}

/* More than fits: nothing is waited for. */
static void
test_long_gap (void)
{
  begin ();
  push (10, 1);
  push (13, 1);
  g_assert_cmpstr (push (11 + JITTER_BUFFER_SLOTS, 1), ==, "13 75 ");
  g_assert_cmpuint (buffer.counters.lost, ==, JITTER_BUFFER_SLOTS - 1);
  g_assert_cmpstr (push (2000, 1), ==, "2000 ");
  g_assert_cmpuint (buffer.counters.restarts, ==, 0);
}

static void
test_restart (void)
{
  begin ();
  push (10, 1);
  g_assert_cmpstr (push (30000, 1), ==, "");
  g_assert_cmpstr (push (11, 1), ==, "11 ");
  g_assert_cmpstr (push (30001, 1), ==, "");
  g_assert_cmpstr (push (30002, 1), ==, "!30001 30002 ");
  g_assert_cmpstr (push (500, 2), ==, "");
  g_assert_cmpstr (push (30003, 1), ==, "30003 ");
  g_assert_cmpstr (push (501, 2), ==, "");
  g_assert_cmpstr (push (502, 2), ==, "!501 502 ");
  g_assert_cmpuint (buffer.counters.restarts, ==, 1);
  g_assert_cmpuint (buffer.counters.ssrc_changes, ==, 1);
  g_assert_cmpuint (buffer.counters.lost, ==, 0);
  g_assert_cmpuint (buffer.counters.late, ==, 0);
}

/* RFC 3550 A.3 */
static void
test_report (void)
{
  JitterReport report;
  begin ();
  g_assert_false (jitter_buffer_report (&buffer, &report));
  for (guint i = 0; i < 200; i++)
    if (i % 4)
      push ((guint16) (65500 + i), 9);
  g_assert_true (jitter_buffer_report (&buffer, &report));
  g_assert_cmpuint (report.ssrc, ==, 9);
  g_assert_cmpuint (report.highest_sequence, ==, 65500 + 199);
  g_assert_cmpint (report.lost, ==, 49);
  g_assert_cmpuint (report.fraction_lost, ==, 49 * 256 / 199);
  push ((guint16) (65500 + 200), 9);
  jitter_buffer_report (&buffer, &report);
  g_assert_cmpint (report.lost, ==, 49);
  g_assert_cmpuint (report.fraction_lost, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jitterbuffer/order", test_order);
  g_test_add_func ("/jitterbuffer/loss", test_loss);
  g_test_add_func ("/jitterbuffer/long-gap", test_long_gap);
  g_test_add_func ("/jitterbuffer/restart", test_restart);
  g_test_add_func ("/jitterbuffer/report", test_report);
  gint result = g_test_run ();
  jitter_buffer_clear (&buffer);
  return result;
}
