/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How lines come and go, and what they tell those who do not call. */

#include "whiptest.h"

/* ---- the server stays for a moment behind its last line */

/* Nobody comes: who waits is told so. */
static void
test_stop (void)
{
  Line line;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_stop (&line);
  g_autoptr (GSocketConnection) third =
      request (line.port, "POST", "/whip", "application/sdp", offer);
  skip_busy (third, "All lines are busy");
  skip_busy (second, "All lines are busy");
}

/* As in a gateway of one line. */
static void
test_next_line (void)
{
  Line line, fresh;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_stop (&line);
  line_start_on (&fresh, line.port, LONG);
  skip_answer (second, 201);
  line_stop (&fresh);
}

static void
test_other_settings (void)
{
  static const gchar *const settings[] = { "page=off", "host=0.0.0.0",
    "page=off", "line=a" };
  guint port = free_port ();

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    Line line;
    line_start_on (&line, port, settings[i]);
    line_wait (&line);
    ask (port, "GET", "/", "text/plain", "",
        g_str_equal (settings[i], "page=off") ? 404 : 200);
    line_stop (&line);
  }
}

/* ---- webrtcbin in READY: it is there, and the line has nothing to do with it */

static void
test_changes_in_ready (void)
{
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_autoptr (GstElement) webrtc =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "web");
  g_object_notify (G_OBJECT (webrtc), "ice-gathering-state");
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  line_wait (&line);
  g_autofree gchar *session = call_in (&line);
  hang_up (&line, session);
  line_stop (&line);
}

/* ---- whoever holds the stream does not hold the line */

static GstPadProbeReturn
on_eos (GstPad *pad, GstPadProbeInfo *info, gpointer came)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    g_atomic_int_set ((gint *) came, TRUE);
  return GST_PAD_PROBE_OK;
}

static void
wait_until (gint *flag)
{
  for (guint i = 0; !g_atomic_int_get (flag) && i < SOON / 10; i++)
    g_usleep (10000);
  g_assert_true (g_atomic_int_get (flag));
}

typedef struct
{
  Line line;
  gint stopped;
} Stop;

static gpointer
run_stop (gpointer data)
{
  Stop *self = data;

  gst_element_set_state (self->line.pipeline, GST_STATE_NULL);
  g_atomic_int_set (&self->stopped, TRUE);
  return NULL;
}

/* A sink in PAUSED keeps the end of the stream until it goes down, which is after the
 * line does. */
static void
test_stop_held (void)
{
  Stop stop = { 0 };
  gint came = FALSE;

  line_launch (&stop.line, free_port (), "",
      "webrtcbin name=web ! rtpopusdepay ! opusdec ! fakesink name=heard");
  line_wait (&stop.line);
  g_autoptr (GstElement) heard =
      gst_bin_get_by_name (GST_BIN (stop.line.pipeline), "heard");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (heard, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_eos, &came,
      NULL);
  gst_element_set_state (stop.line.pipeline, GST_STATE_PAUSED);
  gst_element_send_event (stop.line.server, gst_event_new_eos ());
  wait_until (&came);
  GThread *thread = g_thread_new ("stop", run_stop, &stop);
  wait_until (&stop.stopped);
  g_thread_join (thread);
  line_stop (&stop.line);
}

/* ---- offers that become no call are counted */

static void
test_nothing_in_common (void)
{
  g_autoptr (GRegex) opus = g_regex_new ("opus", G_REGEX_CASELESS, 0, NULL);
  g_autofree gchar *other =
      g_regex_replace_literal (opus, offer, -1, 0, "G729", 0, NULL);
  Line line;

  line_start (&line, WAITING);
  const guint bad = get_count (&line, "refused-bad");
  const guint busy = get_count (&line, "refused-busy");
  ask (line.port, "POST", "/whip", "application/sdp", other, 422);
  g_assert_cmpuint (get_count (&line, "refused-bad"), ==, bad + 1);
  g_assert_cmpuint (get_count (&line, "refused-busy"), ==, busy);
  g_assert_cmpuint (get_count (&line, "sessions"), ==, 0);
  line_stop (&line);
}

/* ---- what is told before a call */

static void
assert_turn (guint port, gboolean told)
{
  g_autoptr (GSocketConnection) connection =
      request (port, "OPTIONS", "/whip", "text/plain", "");
  g_autofree gchar *answer = assert_answer (connection, 204);

  g_assert_true ((strstr (answer, "<turn:127.0.0.1:9") != NULL) == told);
}

static void
test_turn (void)
{
  Line line;

  line_start (&line, "turn-server=turn://user:word@127.0.0.1:9");
  assert_turn (line.port, TRUE);
  line_stop (&line);
  line_start (&line, "turn-server=turn://user:word@127.0.0.1:9 token=secret");
  assert_turn (line.port, FALSE);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_test_add_func ("/whipline/linger/stop", test_stop);
  g_test_add_func ("/whipline/linger/next-line", test_next_line);
  g_test_add_func ("/whipline/linger/other-settings", test_other_settings);
  g_test_add_func ("/whipline/changes-in-ready", test_changes_in_ready);
  g_test_add_func ("/whipline/stop-held", test_stop_held);
  g_test_add_func ("/whipline/nothing-in-common", test_nothing_in_common);
  g_test_add_func ("/whipline/turn", test_turn);
  return whip_test_run ();
}
