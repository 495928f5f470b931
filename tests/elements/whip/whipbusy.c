/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Browsers for which no line is free, and lines that take nobody any more. */

#include "whiptest.h"

#define MAX_WAITING 256

/* ---- busy-wait */

static void
test_freed_line (void)
{
  Line line;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  hang_up (&line, first);
  g_autofree gchar *session = assert_answered (second);
  g_assert_cmpstr (session, !=, first);
  hang_up (&line, session);
  line_stop (&line);
}

static void
test_new_line (void)
{
  Line line, fresh;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_start_on (&fresh, line.port, LONG);
  skip_answer (second, 201);
  line_stop (&fresh);
  line_stop (&line);
}

static void
test_order (void)
{
  Line line;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  g_autoptr (GSocketConnection) third = call (&line);
  hang_up (&line, first);
  g_autoptr (GSocketConnection) fourth = call (&line);
  g_autofree gchar *session = assert_answered (second);
  assert_silent (third);
  hang_up (&line, session);
  g_free (session);
  session = assert_answered (third);
  assert_silent (fourth);
  hang_up (&line, session);
  skip_answer (fourth, 201);
  line_stop (&line);
}

/* A line with another name is none for this caller; the longest wait that a line
 * of its own name has counts. */
static void
test_other_name (void)
{
  Line line, other;

  line_start (&line, SHORT);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call_name (&line, "/whip/support");
  line_start_on (&other, line.port, "line=sales " LONG);
  skip_busy (second, "All lines are busy");
  g_autoptr (GSocketConnection) third = call_name (&line, "/whip/sales");
  skip_answer (third, 201);
  g_autoptr (GSocketConnection) fourth = call_name (&line, "/whip/sales");
  g_autofree gchar *answer = read_answer (fourth, 600);
  g_assert_null (answer);
  line_stop (&other);
  line_stop (&line);
}

static void
test_nobody_comes (void)
{
  Line line;

  line_start (&line, SHORT);
  g_free (call_in (&line));
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GSocketConnection) second = call (&line);
  skip_busy (second, "All lines are busy");
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 200000);
  line_stop (&line);
}

static void
test_not_at_all (void)
{
  Line line;

  line_start (&line, WAITING);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  g_autofree gchar *answer = read_answer (second, MOMENT);
  g_assert_true (answer && g_str_has_prefix (answer, "HTTP/1.1 503 "));
  line_stop (&line);
}

/* Whoever goes away while waiting does not get the line that becomes free. */
static void
test_gone (void)
{
  Line line;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  g_autoptr (GSocketConnection) third = call (&line);
  g_io_stream_close (G_IO_STREAM (second), NULL, NULL);
  settle (line.port);
  hang_up (&line, first);
  skip_answer (third, 201);
  g_assert_cmpuint (get_count (&line, "sessions"), ==, 2);
  line_stop (&line);
}

static void
test_too_many (void)
{
  g_autoptr (GPtrArray) waiting =
      g_ptr_array_new_with_free_func (g_object_unref);
  Line line;

  line_start (&line, LONG);
  /* It takes nobody before it plays, however long this takes. */
  gst_element_set_state (line.pipeline, GST_STATE_PAUSED);
  for (guint i = 0; i < MAX_WAITING; i++) {
    g_ptr_array_add (waiting,
        request (line.port, "POST", "/whip", "application/sdp", offer));
    /* No more at once than the server's backlog holds. */
    if (i % 8 == 7)
      settle (line.port);
  }
  g_autoptr (GSocketConnection) last = call (&line);
  skip_busy (last, "All lines are busy");
  assert_silent (g_ptr_array_index (waiting, MAX_WAITING - 1));
  line_stop (&line);
}

/* ---- drain */

static void
test_drain (void)
{
  Line line, free_line;

  line_start (&line, LONG);
  line_start_on (&free_line, line.port, "line=sales " LONG);
  g_autofree gchar *first = call_in (&line);
  set_draining (&line, TRUE);
  static const gchar *const paths[] = { "/whip", "/whip/sales",
    "/v1/realtime/calls" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GSocketConnection) second = call_name (&line, paths[i]);
    skip_busy (second, "No new calls are taken");
  }
  /* A page elsewhere may read that only if it may ask. */
  ask (line.port, "OPTIONS", "/whip/sales", "text/plain", "", 204);

  /* The call that is up goes on. */
  ask (line.port, "PATCH", first, "application/trickle-ice-sdpfrag",
      "a=end-of-candidates\r\n", 204);
  hang_up (&line, first);

  set_draining (&line, FALSE);
  g_autofree gchar *third = call_in (&line);
  hang_up (&line, third);
  line_stop (&free_line);
  line_stop (&line);
}

/* It may be set before the line plays. */
static void
test_drain_early (void)
{
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_NULL);
  set_draining (&line, TRUE);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  g_autoptr (GSocketConnection) first = call (&line);
  skip_busy (first, "No new calls are taken");
  line_stop (&line);
}

/* Whoever waits for a line hears it, too. */
static void
test_drain_waiting (void)
{
  Line line;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  set_draining (&line, TRUE);
  skip_busy (second, "No new calls are taken");
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_test_add_func ("/whipbusy/wait/freed-line", test_freed_line);
  g_test_add_func ("/whipbusy/wait/new-line", test_new_line);
  g_test_add_func ("/whipbusy/wait/order", test_order);
  g_test_add_func ("/whipbusy/wait/other-name", test_other_name);
  g_test_add_func ("/whipbusy/wait/nobody-comes", test_nobody_comes);
  g_test_add_func ("/whipbusy/wait/not-at-all", test_not_at_all);
  g_test_add_func ("/whipbusy/wait/gone", test_gone);
  g_test_add_func ("/whipbusy/wait/too-many", test_too_many);
  g_test_add_func ("/whipbusy/drain/line", test_drain);
  g_test_add_func ("/whipbusy/drain/early", test_drain_early);
  g_test_add_func ("/whipbusy/drain/waiting", test_drain_waiting);
  return whip_test_run ();
}
