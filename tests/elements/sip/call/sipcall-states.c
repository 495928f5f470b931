/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the stream is told of a call, and in which order with its frames, against a
 * scripted peer over loopback. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/siploop.h"

#include "common/event/gstvoiceevents.h"
#include "freeport.h"
#include "mock/sipline.h"

#define CALLING \
  "local-uri=sip:me@127.0.0.1:PORT on-hangup=wait dial-allow=sip:*@*:*"

#include <gst/gst.h>
#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */

/* What came out of the source: the states of voice-call, and "frames" for any
 * number of buffers between two of them. */
typedef struct
{
  Line line;
  GstPad *pad;
  GMutex lock; /* protects everything below */
  GCond changed;
  GString *log;
  gchar *call_id; /* of the last voice-call, as the next */
  gboolean speak_early;
  gchar *caps; /* name, of the last ones before the first buffer */
} Heard;

static void
note_unlocked (Heard *self, const gchar *word)
{
  if (self->log->len)
    g_string_append_c (self->log, ' ');
  g_string_append (self->log, word);
  g_cond_broadcast (&self->changed);
}

static void
note_event_unlocked (Heard *self, GstEvent *event)
{
  GstVoiceCall call;
  GstCaps *caps;

  if (gst_voice_call_event_parse (event, &call)) {
    note_unlocked (self, gst_voice_call_state_to_string (call.state));
    g_free (self->call_id);
    self->call_id = g_strdup (call.call_id);
    self->speak_early = call.speak_early;
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS &&
      !strstr (self->log->str, "frames")) {
    gst_event_parse_caps (event, &caps);
    g_free (self->caps);
    self->caps =
        g_strdup (gst_structure_get_name (gst_caps_get_structure (caps, 0)));
  }
}

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Heard *self = user;

  g_mutex_lock (&self->lock);
  if (!(info->type & GST_PAD_PROBE_TYPE_BUFFER))
    note_event_unlocked (self, GST_PAD_PROBE_INFO_EVENT (info));
  else if (!g_str_has_suffix (self->log->str, "frames"))
    note_unlocked (self, "frames");
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static void
listen_to (Heard *self)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (self->line.pipeline), "s");

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->log = g_string_new (NULL);
  self->pad = gst_element_get_static_pad (src, "src");
  gst_pad_add_probe (self->pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_data,
      self, NULL);
}

static void
heard_start (Heard *self, const gchar *settings)
{
  *self = (Heard){ .pad = NULL };
  line_start (&self->line, settings);
  listen_to (self);
}

static void
dial (Heard *self, SipPeer *peer)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (self->line.pipeline), "s");
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@127.0.0.1:%u", sip_peer_get_port (peer));
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "call", uri, &done);
  g_assert_true (done);
}

/* Calls @peer, which has not answered yet. */
static void
heard_call_with (Heard *self, SipPeer *peer, const gchar *settings)
{
  *self = (Heard){ .pad = NULL };
  line_start (&self->line, settings);
  listen_to (self);
  dial (self, peer);
}

static void
heard_call (Heard *self, SipPeer *peer)
{
  heard_call_with (self, peer, CALLING);
}

static void
heard_stop (Heard *self)
{
  line_stop (&self->line);
  gst_object_unref (self->pad);
  g_string_free (self->log, TRUE);
  g_free (self->call_id);
  g_free (self->caps);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

/* All that came so far is @expected, at the latest SOON. */
static void
assert_heard (Heard *self, const gchar *expected)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (strlen (self->log->str) < strlen (expected) &&
      g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  g_assert_cmpstr (self->log->str, ==, expected);
  g_mutex_unlock (&self->lock);
}

static void
invite (SipPeer *peer, Heard *heard, guint codec)
{
  sip_peer_begin (peer, "anybody", heard->line.port);
  sip_peer_request (peer, "INVITE", NULL,
      sip_peer_sdp (peer, codec, "sendrecv"));
}

/* The frames between our 200 and the ACK, which is late here. */
static void
test_no_frame_before_its_call (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_start (&heard, WAITING);
  invite (peer, &heard, 0);
  skip_message (peer, "SIP/2.0 200");
  assert_heard (&heard, "ringing frames");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_heard (&heard, "ringing frames answered frames");
  bye (peer);
  assert_heard (&heard, "ringing frames answered frames ended");
  heard_stop (&heard);
}

/* Frames of one law in a stream of the other are noise. */
static void
test_codec_before_its_frames (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_start (&heard,
      WAITING " ! capsfilter caps=\"audio/x-mulaw;audio/x-alaw\"");
  invite (peer, &heard, 8);
  skip_message (peer, "SIP/2.0 200");
  assert_heard (&heard, "ringing frames");
  g_assert_cmpstr (heard.caps, ==, "audio/x-alaw");
  heard_stop (&heard);
}

static void
test_early_media_is_not_the_call (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_call (&heard, peer);
  g_autofree gchar *request = assert_message (peer, "INVITE ");
  assert_heard (&heard, "calling");
  sip_peer_respond (peer, request, "180 Ringing", NULL, NULL);
  assert_heard (&heard, "calling ringing");
  sip_peer_respond (peer, request, "183 Progress", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  assert_heard (&heard, "calling ringing early frames");
  skip_state (&heard.line, "early");
  sip_peer_respond (peer, request, "180 Ringing", NULL, NULL);
  sip_peer_respond (peer, request, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  assert_heard (&heard, "calling ringing early frames answered frames");
  skip_message (peer, "ACK ");
  bye (peer);
  assert_heard (&heard, "calling ringing early frames answered frames ended");
  heard_stop (&heard);
}

/* Agents go by what the event says. */
static void
test_speak_early (void)
{
  static const gchar *const settings[] = { CALLING,
    CALLING " early-media=outgoing" };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    Heard heard;
    heard_call_with (&heard, peer, settings[i]);
    g_autofree gchar *request = assert_message (peer, "INVITE ");
    sip_peer_respond (peer, request, "183 Progress", NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
    assert_heard (&heard, "calling early frames");
    g_assert_cmpint (heard.speak_early, ==, i == 1);
    sip_peer_respond (peer, request, "486 Busy", NULL, NULL);
    assert_heard (&heard, "calling early frames ended");
    heard_stop (&heard);
  }
}

static void
test_end_of_what_was_not_answered (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard in, out;

  heard_start (&in, WAITING " answer-mode=manual");
  invite (peer, &in, 0);
  skip_message (peer, "SIP/2.0 180");
  assert_heard (&in, "ringing");
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_heard (&in, "ringing ended");
  heard_stop (&in);

  heard_call (&out, peer);
  g_autofree gchar *request = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, request, "183 Progress", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  assert_heard (&out, "calling early frames");
  sip_peer_respond (peer, request, "486 Busy", NULL, NULL);
  assert_heard (&out, "calling early frames ended");
  heard_stop (&out);
}

/* What is told while nobody has answered anything names the call already. */
static void
test_call_id_from_the_start (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_call (&heard, peer);
  g_autofree gchar *request = assert_message (peer, "INVITE ");
  g_autofree gchar *call_id = sip_peer_header (request, "Call-ID");
  g_autoptr (GstMessage) message = expect_state (&heard.line, "calling");
  assert_heard (&heard, "calling");
  g_assert_cmpstr (heard.call_id, ==, call_id);
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "call-id"),
      ==, call_id);
  sip_peer_respond (peer, request, "486 Busy", NULL, NULL);
  heard_stop (&heard);
}

/* ---- Starts again */

typedef struct
{
  GMutex lock; /* protects: */
  GCond changed;
  gboolean stands, goes_on;
} Standstill;

static void
stand_still (gpointer data)
{
  Standstill *self = data;

  g_mutex_lock (&self->lock);
  self->stands = TRUE;
  g_cond_broadcast (&self->changed);
  while (!self->goes_on)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* The SIP loop does nothing more until standstill_end(). */
static void
standstill_begin (Standstill *self)
{
  *self = (Standstill){ .stands = FALSE };
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  io_loop_invoke (sip_loop_get (), stand_still, self, NULL);
  g_mutex_lock (&self->lock);
  while (!self->stands)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static void
standstill_end (Standstill *self)
{
  g_mutex_lock (&self->lock);
  self->goes_on = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* To NULL with the call up, whose end comes too late for the elements. */
static void
stop_without_end (Heard *self)
{
  Standstill still;

  standstill_begin (&still);
  gst_element_set_state (self->line.pipeline, GST_STATE_NULL);
  standstill_end (&still);
  g_mutex_lock (&self->lock);
  g_string_truncate (self->log, 0);
  g_mutex_unlock (&self->lock);
  gst_element_set_state (self->line.pipeline, GST_STATE_PLAYING);
  wait_for_line (self->line.port); /* also behind the end of before */
}

static void
test_started_again_while_it_rings (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_start (&heard, WAITING " answer-mode=manual");
  for (guint i = 0; i < 2; i++) {
    invite (peer, &heard, 0);
    skip_message (peer, "SIP/2.0 180");
    assert_heard (&heard, "ringing");
    stop_without_end (&heard);
    skip_message (peer, "SIP/2.0 480");
    sip_peer_request (peer, "ACK", NULL, NULL);
  }
  heard_stop (&heard);
}

static void
test_started_again_in_a_call (gconstpointer status)
{
  Heard heard;

  heard_start (&heard, CALLING);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    dial (&heard, peer);
    g_autofree gchar *request = assert_message (peer, "INVITE ");
    sip_peer_respond (peer, request, status, NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
    assert_heard (&heard,
        g_str_has_prefix (status, "183") ? "calling early frames"
                                         : "calling answered frames");
    stop_without_end (&heard);
  }
  heard_stop (&heard);
}

/* ---- Hold */

/* Among all that came so far, at the latest SOON: the stream is told later than the
 * bus. */
static void
assert_heard_of (Heard *self, const gchar *expected)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (!strstr (self->log->str, expected) &&
      g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  g_assert_nonnull (strstr (self->log->str, expected));
  g_mutex_unlock (&self->lock);
}

static gchar *
hold_sdp (SipPeer *peer, const gchar *hold)
{
  const gchar *sdp = sip_peer_sdp (peer, 0, "sendrecv");

  if (!g_str_equal (hold, "0.0.0.0"))
    return g_strdup (sip_peer_sdp (peer, 0, hold));
  g_auto (GStrv) parts = g_strsplit (sdp, "c=IN IP4 127.0.0.1", 2);
  return g_strjoinv ("c=IN IP4 0.0.0.0", parts);
}

static void
change (SipPeer *peer, const gchar *method, const gchar *sdp)
{
  sip_peer_request (peer, method, NULL, sdp);
  skip_message (peer, "SIP/2.0 200");
  if (g_str_equal (method, "INVITE"))
    sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
answer_and_expect (SipPeer *peer, Heard *heard)
{
  heard_start (heard, WAITING " media-timeout=200");
  invite (peer, heard, 0);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&heard->line, "answered");
}

/* Its music, if there is any, goes on to whoever records. No audio need come. */
static void
test_hold (gconstpointer method)
{
  static const gchar *const holds[] = { "sendonly", "inactive", "0.0.0.0" };

  for (guint i = 0; i < G_N_ELEMENTS (holds); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    g_autofree gchar *sdp = hold_sdp (peer, holds[i]);
    Heard heard;

    answer_and_expect (peer, &heard);
    change (peer, method, sdp);
    skip_state (&heard.line, "held");
    change (peer, method, sdp); /* held already */
    g_assert_null (sip_peer_wait (peer, "BYE ", 500));
    change (peer, method, sip_peer_sdp (peer, 0, "sendrecv"));
    skip_state (&heard.line, "resumed");
    assert_heard_of (&heard, "held frames resumed");
    bye (peer);
    heard_stop (&heard);
  }
}

/* On hold from its first moment, either way round. */
static void
test_held_at_once (gconstpointer outgoing)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  if (outgoing) {
    heard_call (&heard, peer);
    g_autofree gchar *request = assert_message (peer, "INVITE ");
    sip_peer_respond (peer, request, "200 OK", NULL,
        sip_peer_sdp (peer, 0, "sendonly"));
    skip_message (peer, "ACK ");
  } else {
    heard_start (&heard, WAITING);
    sip_peer_begin (peer, "anybody", heard.line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendonly"));
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
  }
  skip_state (&heard.line, "answered");
  skip_state (&heard.line, "held");
  change (peer, "INVITE", sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&heard.line, "resumed");
  bye (peer);
  heard_stop (&heard);
}

/* The far end leaves the offer to us, and says in its ACK that it holds. */
static void
test_hold_by_late_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  answer_and_expect (peer, &heard);
  sip_peer_request (peer, "INVITE", NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, sip_peer_sdp (peer, 0, "sendonly"));
  skip_state (&heard.line, "held");
  bye (peer);
  heard_stop (&heard);
}

/* The same session once more: no change, and no hold. */
static void
test_refresh_is_no_change (gconstpointer method)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Heard heard;

  heard_start (&heard, WAITING);
  invite (peer, &heard, 0);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&heard.line, "answered");
  change (peer, method, sip_peer_sdp (peer, 0, "sendrecv"));
  bye (peer);
  g_autoptr (GstMessage) next = gst_bus_timed_pop_filtered (heard.line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (next),
                       "state"),
      ==, "ended");
  heard_stop (&heard);
}

/* ---- Lines that leave together: the SIP loop does one thing after the other */

#define LEAVING 4

static void
measure_depth (gpointer depth)
{
  *(gint *) depth = MAX (*(gint *) depth, g_main_depth ());
}

static void
test_leave_together (void)
{
  Line lines[LEAVING];
  Standstill still;
  gint depth = 0;
  guint port = free_port ();

  for (guint i = 0; i < LEAVING; i++)
    line_start_on (&lines[i], port, WAITING);
  wait_for_line (port);
  standstill_begin (&still);
  for (guint i = 0; i < LEAVING; i++)
    line_stop (&lines[i]);
  io_loop_invoke (sip_loop_get (), measure_depth, &depth, NULL);
  standstill_end (&still);
  g_assert_true (
      io_loop_invoke_wait (sip_loop_get (), measure_depth, &depth, NULL, SOON));
  g_assert_cmpint (depth, ==, 1);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-states/no-frame-before-its-call",
      test_no_frame_before_its_call);
  g_test_add_func ("/sipcall-states/codec-before-its-frames",
      test_codec_before_its_frames);
  g_test_add_func ("/sipcall-states/early-media-is-not-the-call",
      test_early_media_is_not_the_call);
  g_test_add_func ("/sipcall-states/speak-early", test_speak_early);
  g_test_add_func ("/sipcall-states/end-of-what-was-not-answered",
      test_end_of_what_was_not_answered);
  g_test_add_func ("/sipcall-states/call-id-from-the-start",
      test_call_id_from_the_start);
  g_test_add_func ("/sipcall-states/started-again/ringing",
      test_started_again_while_it_rings);
  g_test_add_data_func ("/sipcall-states/started-again/early", "183 Progress",
      test_started_again_in_a_call);
  g_test_add_data_func ("/sipcall-states/started-again/answered", "200 OK",
      test_started_again_in_a_call);
  g_test_add_data_func ("/sipcall-states/hold/re-invite", "INVITE", test_hold);
  g_test_add_data_func ("/sipcall-states/hold/update", "UPDATE", test_hold);
  g_test_add_data_func ("/sipcall-states/hold/incoming-at-once", NULL,
      test_held_at_once);
  g_test_add_data_func ("/sipcall-states/hold/outgoing-at-once", "",
      test_held_at_once);
  g_test_add_func ("/sipcall-states/hold/late-offer", test_hold_by_late_offer);
  g_test_add_data_func ("/sipcall-states/refresh/re-invite", "INVITE",
      test_refresh_is_no_change);
  g_test_add_data_func ("/sipcall-states/refresh/update", "UPDATE",
      test_refresh_is_no_change);
  g_test_add_func ("/sipcall-states/leave-together", test_leave_together);
  return g_test_run ();
}
