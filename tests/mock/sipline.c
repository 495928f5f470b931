/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipline.h"

#include "freeport.h"

void
line_start_on (Line *line, guint port, const gchar *settings)
{
  g_autofree gchar *number = g_strdup_printf ("%u", port);
  g_auto (GStrv) parts = g_strsplit (settings, "PORT", -1);
  g_autofree gchar *text = g_strjoinv (number, parts);
  g_autofree gchar *launch = g_strdup_printf (
      "sipsrc name=s rtp-port-range=27000-27999 %s ! fakesink sync=false",
      text);
  g_autoptr (GError) error = NULL;

  line->port = port;
  line->pipeline = gst_parse_launch (launch, &error);
  g_assert_no_error (error);
  line->bus = gst_element_get_bus (line->pipeline);
  gst_element_set_state (line->pipeline, GST_STATE_PLAYING);
}

void
wait_for_line (guint port)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);

  for (guint i = 0; i < SOON / 50; i++) {
    sip_peer_begin (peer, "", port);
    sip_peer_request (peer, "OPTIONS", NULL, NULL);
    g_autofree gchar *answer = sip_peer_wait (peer, "SIP/2.0 200", 50);
    if (answer)
      return;
  }
  g_error ("no line on port %u", port);
}

void
line_start (Line *line, const gchar *settings)
{
  line_start_on (line, free_port (), settings);
  wait_for_line (line->port);
}

void
line_call (Line *line, SipPeer *peer, const gchar *on_hangup)
{
  g_autofree gchar *settings =
      g_strdup_printf (LINE_CALLING, sip_peer_get_port (peer), on_hangup);

  line_start_on (line, free_port (), settings);
}

void
line_stop (Line *line)
{
  gst_element_set_state (line->pipeline, GST_STATE_NULL);
  g_clear_pointer (&line->pipeline, gst_object_unref);
  g_clear_pointer (&line->bus, gst_object_unref);
}

GstMessage *
expect_state (Line *line, const gchar *state)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end) {
    GstMessage *message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    if (!message)
      continue;
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "voice/call") &&
        !g_strcmp0 (gst_structure_get_string (s, "state"), state))
      return message;
    gst_message_unref (message);
  }
  g_error ("no state %s", state);
}

void
skip_state (Line *line, const gchar *state)
{
  gst_message_unref (expect_state (line, state));
}

void
assert_ended (Line *line, const gchar *by, guint status)
{
  g_autoptr (GstMessage) message = expect_state (line, "ended");
  const GstStructure *s = gst_message_get_structure (message);
  guint found = 0;

  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, by);
  gst_structure_get_uint (s, "status", &found);
  g_assert_cmpuint (found, ==, status);
}

void
assert_error (Line *line, GQuark domain, gint code)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, domain, code);
}

gchar *
assert_message (SipPeer *peer, const gchar *start)
{
  gchar *message = sip_peer_wait (peer, start, SOON);

  if (!message)
    g_error ("no %s", start);
  return message;
}

void
skip_message (SipPeer *peer, const gchar *start)
{
  g_free (assert_message (peer, start));
}

void
call_in (SipPeer *peer, guint port)
{
  sip_peer_begin (peer, "anybody", port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
}

void
bye (SipPeer *peer)
{
  sip_peer_request (peer, "BYE", NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
}

gboolean
emit (Line *line, const gchar *action)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean done = FALSE;

  if (g_str_equal (action, "reject"))
    g_signal_emit_by_name (src, action, 603, &done);
  else
    g_signal_emit_by_name (src, action, &done);
  return done;
}
