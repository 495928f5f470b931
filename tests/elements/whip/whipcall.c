/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whole calls in one process: what the line and the page are told of them. */

#include "whipcaller.h"

#include "common/event/gstvoiceevents.h"

#define EAR " ! fakesink name=heard async=false sync=false "
#define HEARS "webrtcbin name=web ! rtpopusdepay ! opusdec" EAR
#define READS_FEC \
  "webrtcbin name=web ! rtpopusdepay ! opusdec use-inband-fec=true" EAR
#define MOUTH "audiotestsrc is-live=true ! identity name=mouth "
#define SPEAK_ONCE MOUTH "! opusenc ! rtpopuspay ! web."
/* As a voice and a picture that is drawn of it. */
#define SPEAK_TWICE \
  MOUTH "! tee name=t t. ! opusenc ! rtpopuspay ! web. " \
        "t. ! queue ! opusenc ! rtpopuspay ! web."

static void
start (Line *line, Ear *ear, const gchar *text)
{
  line_launch (line, free_port (), WAITING, text);
  ear_begin (ear, line);
  line_wait (line);
}

static void
stop (Line *line, Ear *ear)
{
  line_stop (line);
  ear_end (ear);
}

/* ---- Callers of whom nothing can be decoded */

static const gchar *const begin[] = { "stream-start", "caps", "segment",
  "voice-call-answered", NULL };

static void
check_quiet (GstWebRTCRTPTransceiverDirection direction)
{
  Line line;
  Ear ear;

  start (&line, &ear, HEARS SPEAK_ONCE);
  for (guint i = 0; i < 2; i++) { /* the second one finds another webrtcbin */
    Caller caller = { 0 };
    caller_init (&caller, "", direction, FALSE);
    caller_call (&caller, &line);
    ear_wait (&ear, "voice-call-answered");
    ear_assert_order (&ear, i ? begin + 3 : begin);
    g_mutex_lock (&ear.lock);
    g_assert_false (ear.sounds);
    g_string_truncate (ear.heard, 0);
    g_mutex_unlock (&ear.lock);
    caller_end (&caller, &line);
    ear_wait (&ear, "voice-call-ended");
    line_wait (&line);
  }
  stop (&line, &ear);
}

static void
test_silent_caller (void)
{
  check_quiet (GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV);
}

static void
test_listener (void)
{
  check_quiet (GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY);
}

/* Who is muted from the beginning is no browser that has vanished. */
static void
test_patience (void)
{
  Line line;
  Caller caller = { 0 };

  line_launch (&line, free_port (), WAITING " inactivity-timeout=300",
      HEARS SPEAK_ONCE);
  line_wait (&line);
  caller_init (&caller, "", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
      FALSE);
  caller_call (&caller, &line);
  for (guint i = 0; i < 500 && !get_count (&line, "buffers-sent"); i++)
    g_usleep (10000);
  g_usleep (1000000);
  gboolean up = FALSE;
  g_autoptr (GstStructure) stats = NULL;
  g_object_get (line.server, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_boolean (stats, "connected", &up));
  g_assert_true (up);
  caller_end (&caller, &line);
  line_stop (&line);
}

/* No sound before the call. */
static void
test_order (void)
{
  static const gchar *const order[] = { "voice-call-answered", "buffer", NULL };
  Line line;
  Ear ear;
  Caller caller = { 0 };

  start (&line, &ear, HEARS SPEAK_ONCE);
  caller_init (&caller, SPEAKS, 0, FALSE);
  caller_call (&caller, &line);
  ear_wait (&ear, "buffer");
  ear_assert_order (&ear, order);
  g_autofree gchar *heard = ear_get (&ear);
  g_assert_null (strstr (strstr (heard, "voice-call-answered") + 1,
      "voice-call-answered"));
  caller_end (&caller, &line);
  stop (&line, &ear);
}

/* ---- The data channel */

#define WRITE(text) \
  "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\"," \
  "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"" text \
  "\"}]}}"

/* What a page sends as soon as it can comes to the agent, behind the call. */
static void
test_input_at_open (void)
{
  static const gchar *const early[] = { WRITE ("one"), WRITE ("12#"),
    "{\"type\":\"response.cancel\"}",
    "{\"type\":\"session.update\",\"session\":{\"instructions\":\"be\"}}",
    NULL };
  static const gchar *const order[] = { "voice-call-answered",
    "voice-input-text-one", "voice-input-text-12#", "voice-input-interrupt",
    "voice-input-instructions-be", NULL };

  for (guint i = 0; i < 8; i++) {
    Line line;
    Ear ear;
    Caller caller = { .at_open = early };
    start (&line, &ear, HEARS SPEAK_ONCE);
    caller_init (&caller, "", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
        TRUE);
    caller_call (&caller, &line);
    ear_wait (&ear, "voice-input-instructions-be");
    ear_assert_order (&ear, order);
    caller_end (&caller, &line);
    stop (&line, &ear);
  }
}

/* A line without ears, and what is no event, are told of. */
static void
test_input_refused (void)
{
  static const gchar *const early[] = { WRITE ("one"), "nonsense", NULL };
  Line line;
  Caller caller = { .at_open = early };

  line_launch (&line, free_port (), WAITING, "webrtcbin name=web " SPEAK_ONCE);
  line_wait (&line);
  caller_init (&caller, "", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
      TRUE);
  caller_call (&caller, &line);
  g_free (caller_event (&caller, "Nobody here takes"));
  g_free (caller_event (&caller, "not JSON"));
  caller_end (&caller, &line);
  line_stop (&line);
}

static void
tell (Line *line, const gchar *text)
{
  g_autoptr (GstElement) mouth =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "mouth");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (mouth, "src");

  gst_pad_push_event (pad,
      gst_voice_event_new (gst_structure_new ("aiagent/transcript", "role",
          G_TYPE_STRING, "agent", "text", G_TYPE_STRING, text, "final",
          G_TYPE_BOOLEAN, TRUE, NULL)));
}

/* A line that forks tells each fact once, also one that is said twice. */
static void
test_once (void)
{
  static const gchar *const words[] = { "first", "again", "again", "last" };
  Line line;
  Ear ear;
  Caller caller = { 0 };

  start (&line, &ear, HEARS SPEAK_TWICE);
  caller_init (&caller, SPEAKS, 0, TRUE);
  caller_call (&caller, &line);
  g_free (caller_event (&caller, "session.created"));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    tell (&line, words[i]);
  tell (&line, "end"); /* by both branches behind all others */
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree gchar *json = caller_event (&caller, "transcript");
    g_assert_nonnull (strstr (json, words[i]));
  }
  g_autofree gchar *end = caller_event (&caller, "transcript");
  g_assert_nonnull (strstr (end, "end"));
  caller_end (&caller, &line);
  stop (&line, &ear);
}

/* ---- Other names of the same profile (RFC 8829 5.1.2) */

static void
test_profiles (void)
{
  static const gchar *const profiles[] = { "UDP/TLS/RTP/SAVP", "RTP/SAVPF",
    "RTP/AVP" };

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
    Line line;
    Ear ear;
    Caller caller = { .profile = profiles[i] };
    start (&line, &ear, HEARS SPEAK_ONCE);
    caller_init (&caller, SPEAKS, 0, FALSE);
    caller_call (&caller, &line);
    ear_wait (&ear, "buffer");
    caller_end (&caller, &line);
    stop (&line, &ear);
  }
}

/* ---- What is announced is what is read */

static void
check_fec (const gchar *text, gboolean announced)
{
  Line line;
  Ear ear;
  Caller caller = { 0 };

  start (&line, &ear, text);
  caller_init (&caller, SPEAKS, 0, FALSE);
  caller_call (&caller, &line);
  g_assert_cmpint (strstr (caller.answer, "useinbandfec=1") != NULL, ==,
      announced);
  caller_end (&caller, &line);
  stop (&line, &ear);
}

static void
test_fec (void)
{
  check_fec (HEARS SPEAK_ONCE, FALSE);
  check_fec (READS_FEC SPEAK_ONCE, TRUE);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_test_add_func ("/whipcall/silent-caller", test_silent_caller);
  g_test_add_func ("/whipcall/listener", test_listener);
  g_test_add_func ("/whipcall/patience", test_patience);
  g_test_add_func ("/whipcall/order", test_order);
  g_test_add_func ("/whipcall/input-at-open", test_input_at_open);
  g_test_add_func ("/whipcall/input-refused", test_input_refused);
  g_test_add_func ("/whipcall/once", test_once);
  g_test_add_func ("/whipcall/profiles", test_profiles);
  g_test_add_func ("/whipcall/fec", test_fec);
  return whip_test_run ();
}
