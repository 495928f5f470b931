/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Callers for whom no line is free, and lines that take nobody any more, against
 * scripted peers over loopback. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"
#include "sip/inbox/sipwaiting.h"

#include "freeport.h"
#include "mock/sipline.h"

#define TIMEOUT 600 /* ms: T1x64 here */
#define LONG WAITING " timers=timers,busy-wait=5000"
#define SHORT WAITING " timers=timers,busy-wait=200"

static void
invite (SipPeer *peer, const gchar *user, guint port)
{
  sip_peer_begin (peer, user, port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
}

/* A line that talks to @first, while @second waits. */
static void
start_waiting (Line *line, SipPeer *first, SipPeer *second,
    const gchar *settings)
{
  line_start (line, settings);
  call_in (first, line->port);
  skip_state (line, "answered");
  invite (second, "anybody", line->port);
  skip_message (second, "SIP/2.0 100");
}

static void
set_draining (Line *line, gboolean draining)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");

  gboolean done = FALSE;
  g_signal_emit_by_name (src, "drain", draining, &done);
  g_assert_true (done);
}

/* The SIP loop has done what was asked of it. */
static guint
options_status (SipPeer *peer, guint port)
{
  sip_peer_begin (peer, "", port);
  sip_peer_request (peer, "OPTIONS", NULL, NULL);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 ");
  if (g_str_has_prefix (answer, "SIP/2.0 503")) {
    g_autofree gchar *after = sip_peer_header (answer, "Retry-After");
    g_assert_nonnull (after);
  }
  return (guint) g_ascii_strtoull (answer + 8, NULL, 10);
}

/* ---- busy-wait */

static void
test_freed_line (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autoptr (SipPeer) third = sip_peer_new (FALSE);
  guint64 setup_time = 0;
  Line line;

  start_waiting (&line, first, second, LONG);
  options_status (third, line.port); /* the 100 is the stack's: now it waits */
  gint64 begin = g_get_monotonic_time ();
  g_usleep (20000);
  bye (first);
  assert_ended (&line, "peer", 0);
  skip_message (second, "SIP/2.0 200");
  gint64 waited = g_get_monotonic_time () - begin;
  sip_peer_request (second, "ACK", NULL, NULL);
  g_autoptr (GstMessage) answered = expect_state (&line, "answered");
  gst_structure_get_uint64 (gst_message_get_structure (answered), "setup-time",
      &setup_time);
  g_assert_cmpuint (setup_time, >=, 20 * GST_MSECOND);
  g_assert_cmpuint (setup_time, <=,
      (guint64) waited * GST_USECOND + GST_SECOND);
  bye (second);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
test_new_line (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line, fresh;

  start_waiting (&line, first, second, LONG);
  line_start_on (&fresh, line.port, LONG);
  skip_message (second, "SIP/2.0 200");
  sip_peer_request (second, "ACK", NULL, NULL);
  skip_state (&fresh, "answered");
  bye (second);
  bye (first);
  line_stop (&fresh);
  line_stop (&line);
}

/* A line with another name is none for this caller. */
static void
test_other_name (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line, other;

  start_waiting (&line, first, second, SHORT);
  line_start_on (&other, line.port,
      "local-uri=sip:sales@127.0.0.1:PORT on-hangup=wait");
  skip_message (second, "SIP/2.0 486");
  bye (first);
  line_stop (&other);
  line_stop (&line);
}

static guint
refused_busy (Line *line)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstStructure) stats = NULL;
  guint refused = 0;

  g_object_get (src, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint (stats, "refused-busy", &refused));
  return refused;
}

static void
test_nobody_comes (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line;
  gint64 begin = g_get_monotonic_time ();

  start_waiting (&line, first, second, SHORT);
  guint before = refused_busy (&line);
  skip_message (second, "SIP/2.0 486");
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 200000);
  g_assert_cmpuint (refused_busy (&line), ==, before + 1);
  sip_peer_request (second, "ACK", NULL, NULL);
  bye (first);
  line_stop (&line);
}

static void
test_not_at_all (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (first, line.port);
  skip_state (&line, "answered");
  invite (second, "anybody", line.port);
  g_autofree gchar *answer = sip_peer_wait (second, "SIP/2.0 486", SOON);
  g_assert_nonnull (answer);
  bye (first);
  line_stop (&line);
}

/* Whoever gives up while waiting does not get the line that becomes free. */
static void
test_cancel (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autoptr (SipPeer) third = sip_peer_new (FALSE);
  Line line;

  start_waiting (&line, first, second, LONG);
  sip_peer_request (second, "CANCEL", NULL, NULL);
  skip_message (second, "SIP/2.0 487");
  sip_peer_request (second, "ACK", NULL, NULL);
  /* It has left a trace, and it was not we who did not want it. */
  g_autoptr (GstMessage) refused = expect_state (&line, "refused");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 refused),
                       "by"),
      ==, "peer");
  bye (first);
  assert_ended (&line, "peer", 0);
  call_in (third, line.port);
  skip_state (&line, "answered");
  bye (third);
  line_stop (&line);
}

static void
test_too_many (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autoptr (SipPeer) last = sip_peer_new (FALSE);
  Line line;

  start_waiting (&line, first, second, LONG);
  for (guint i = 1; i < SIP_WAITING_MAX; i++) {
    invite (second, "anybody", line.port);
    skip_message (second, "SIP/2.0 100");
  }
  invite (last, "anybody", line.port);
  skip_message (last, "SIP/2.0 486");
  bye (first);
  line_stop (&line);
}

/* The line goes while somebody waits for it. */
static void
test_stop (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line;

  start_waiting (&line, first, second, SHORT);
  line_stop (&line);
  skip_message (second, "SIP/2.0 4");
}

/* ---- The log */

static gboolean is_told; /* atomic */

static void
listen_to_log (GstDebugCategory *category, GstDebugLevel level,
    const gchar *file, const gchar *function, gint number, GObject *object,
    GstDebugMessage *message, gpointer words)
{
  if (level == GST_LEVEL_INFO &&
      strstr (gst_debug_message_get (message), words))
    g_atomic_int_set (&is_told, TRUE);
}

/* GST_DEBUG=sip:4 says who was refused, and why. */
static void
test_log (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *words = g_strdup_printf (
      "refused a call from sip:peer@127.0.0.1 for sip:eve@127.0.0.1, "
      "127.0.0.1:%u by udp, no user agent: 404, no line",
      sip_peer_get_port (peer));
  Line line;

  gst_debug_set_threshold_for_name ("sip", GST_LEVEL_INFO);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (listen_to_log, words, NULL);
  line_start (&line, "local-uri=sip:bob@127.0.0.1:PORT on-hangup=wait");
  invite (peer, "eve", line.port);
  skip_message (peer, "SIP/2.0 404");
  g_assert_true (g_atomic_int_get (&is_told));
  line_stop (&line);
  gst_debug_remove_log_function (listen_to_log);
  gst_debug_unset_threshold_for_name ("sip");
}

/* ---- drain */

static void
test_drain (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autoptr (SipPeer) probe = sip_peer_new (FALSE);
  Line line, free_line;

  line_start (&line, WAITING);
  line_start_on (&free_line, line.port, WAITING);
  call_in (first, line.port);
  set_draining (&line, TRUE);
  g_assert_cmpuint (options_status (probe, line.port), ==, 503);
  invite (second, "anybody", line.port);
  g_autofree gchar *answer = assert_message (second, "SIP/2.0 503");
  g_autofree gchar *after = sip_peer_header (answer, "Retry-After");
  g_assert_nonnull (after);
  sip_peer_request (second, "ACK", NULL, NULL);

  /* The call that is up goes on. */
  sip_peer_request (first, "OPTIONS", NULL, NULL);
  skip_message (first, "SIP/2.0 200");
  bye (first);

  set_draining (&line, FALSE);
  g_assert_cmpuint (options_status (probe, line.port), ==, 200);
  call_in (second, line.port);
  bye (second);
  line_stop (&free_line);
  line_stop (&line);
}

/* It may be set before the line plays, and ends with it. */
static void
test_drain_early (void)
{
  g_autoptr (SipPeer) probe = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  set_draining (&line, TRUE);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (options_status (probe, line.port), ==, 503);
  gst_element_set_state (line.pipeline, GST_STATE_NULL);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_line (line.port);
  line_stop (&line);
}

/* Whoever waits for a line hears it, too. */
static void
test_drain_waiting (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line;

  start_waiting (&line, first, second, LONG);
  set_draining (&line, TRUE);
  skip_message (second, "SIP/2.0 503");
  bye (first);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipbusy/wait/freed-line", test_freed_line);
  g_test_add_func ("/sipbusy/wait/new-line", test_new_line);
  g_test_add_func ("/sipbusy/wait/other-name", test_other_name);
  g_test_add_func ("/sipbusy/wait/nobody-comes", test_nobody_comes);
  g_test_add_func ("/sipbusy/wait/not-at-all", test_not_at_all);
  g_test_add_func ("/sipbusy/wait/cancel", test_cancel);
  g_test_add_func ("/sipbusy/wait/too-many", test_too_many);
  g_test_add_func ("/sipbusy/wait/stop", test_stop);
  g_test_add_func ("/sipbusy/log", test_log);
  g_test_add_func ("/sipbusy/drain/line", test_drain);
  g_test_add_func ("/sipbusy/drain/early", test_drain_early);
  g_test_add_func ("/sipbusy/drain/waiting", test_drain_waiting);
  return g_test_run ();
}
