/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line that rings until the agent behind it can begin. */

#include "common/event/gstvoiceevents.h"
#include "sip/gstsip.h"

#include "mock/sipline.h"

#include <gst/gst.h>

#define AGENT WAITING " answer-mode=agent"

static gint n_late; /* answered without the agent */

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user)
{
  if (strstr (gst_debug_message_get (message), "answered without it"))
    g_atomic_int_inc (&n_late);
}

static void
ring (SipPeer *peer, Line *line)
{
  sip_peer_begin (peer, "bob", line->port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 180");
}

static gchar *
wait_for_ringing (Line *line)
{
  g_autoptr (GstMessage) message = expect_state (line, "ringing");

  return g_strdup (
      gst_structure_get_string (gst_message_get_structure (message),
          "call-id"));
}

/* As an aiagentsink behind the line does. */
static void
say_ready (Line *line, const gchar *call_id)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (src, "src");

  gst_pad_send_event (pad, gst_voice_ready_event_new (call_id));
}

static void
test_ready (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  g_atomic_int_set (&n_late, 0);
  line_start (&line, AGENT " ring-time=60000");
  ring (peer, &line);
  g_autofree gchar *call_id = wait_for_ringing (&line);
  say_ready (&line, "another");
  say_ready (&line, call_id);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  g_assert_cmpint (g_atomic_int_get (&n_late), ==, 0);
  say_ready (&line, call_id); /* once more does nothing */
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
test_never_ready (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  g_atomic_int_set (&n_late, 0);
  line_start (&line, AGENT);
  ring (peer, &line);
  const gint64 began = g_get_monotonic_time ();
  g_autofree gchar *call_id = wait_for_ringing (&line);
  say_ready (&line, "another");
  skip_message (peer, "SIP/2.0 200");
  /* Both clocks begin a moment apart. */
  g_assert_cmpint (g_get_monotonic_time () - began, >=,
      2900 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (g_atomic_int_get (&n_late), ==, 1);
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (peer);
  line_stop (&line);
}

/* Nobody answers who has left, nor the next one for it. */
static void
test_caller_gives_up (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) next = sip_peer_new (FALSE);
  Line line;

  line_start (&line, AGENT);
  ring (peer, &line);
  g_autofree gchar *call_id = wait_for_ringing (&line);
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "ended");
  say_ready (&line, call_id);
  ring (next, &line);
  g_autofree gchar *next_id = wait_for_ringing (&line);
  g_atomic_int_set (&n_late, 0);
  say_ready (&line, call_id);
  skip_message (next, "SIP/2.0 200");
  g_assert_cmpint (g_atomic_int_get (&n_late), ==, 1);
  sip_peer_request (next, "ACK", NULL, NULL);
  bye (next);
  line_stop (&line);
}

static void
test_hang_up_while_ringing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, AGENT);
  ring (peer, &line);
  g_autofree gchar *call_id = wait_for_ringing (&line);
  g_assert_true (emit (&line, "reject"));
  skip_message (peer, "SIP/2.0 603");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "ended");
  line_stop (&line);
}

/* What rings there is the far end: its agent is none of this line's business. */
static void
test_outgoing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings =
      g_strdup_printf (LINE_CALLING " answer-mode=agent",
          sip_peer_get_port (peer), "wait");
  Line line;

  line_start (&line, settings);
  g_autofree gchar *request = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, request, "180 Ringing", NULL, NULL);
  g_autofree gchar *call_id = wait_for_ringing (&line);
  say_ready (&line, call_id);
  sip_peer_respond (peer, request, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  line_stop (&line);
}

/* Other lines are not answered by an agent. */
static void
test_manual (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " answer-mode=manual");
  ring (peer, &line);
  g_autofree gchar *call_id = wait_for_ringing (&line);
  say_ready (&line, call_id);
  g_assert_true (emit (&line, "reject"));
  skip_message (peer, "SIP/2.0 603");
  sip_peer_request (peer, "ACK", NULL, NULL);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  gst_debug_remove_log_function (NULL);
  gst_debug_set_threshold_from_string ("sip:5", TRUE);
  gst_debug_add_log_function (on_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-agent/ready", test_ready);
  g_test_add_func ("/sipcall-agent/never-ready", test_never_ready);
  g_test_add_func ("/sipcall-agent/caller-gives-up", test_caller_gives_up);
  g_test_add_func ("/sipcall-agent/hang-up", test_hang_up_while_ringing);
  g_test_add_func ("/sipcall-agent/outgoing", test_outgoing);
  g_test_add_func ("/sipcall-agent/manual", test_manual);
  return g_test_run ();
}
