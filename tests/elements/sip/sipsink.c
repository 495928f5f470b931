/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/gstsip.h"

#include "common/pair/gstsessiontable.h"
#include "common/event/gstvoiceevents.h"
#include "mock/scriptedline.h"

#include <gst/check/gstharness.h>

#include <string.h>

#define MULAW "audio/x-mulaw,rate=8000,channels=1"
#define ALAW "audio/x-alaw,rate=8000,channels=1"
#define RAW_8K \
  "audio/x-raw,format=S16LE,rate=8000,channels=1,layout=interleaved"
#define RAW_16K \
  "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved"

typedef struct
{
  GstHarness *harness;
  GstElement *sink;
  GstBus *bus;
  SipLine *session;
} Line;

static void
line_start (Line *line, const gchar *caps, gboolean live)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();

  line->bus = gst_bus_new ();
  line->sink = gst_element_factory_make ("sipsink", NULL);
  gst_element_set_context (line->sink, context);
  gst_element_set_bus (line->sink, line->bus);
  line->harness = gst_harness_new_with_element (line->sink, "sink", NULL);
  gst_harness_set_live (line->harness, live);
  gst_harness_play (line->harness);
  gst_harness_set_src_caps_str (line->harness, caps);
  line->session = scripted_line_get ();
  g_assert_nonnull (line->session);
}

static void
line_stop (Line *line)
{
  gst_element_set_state (line->sink, GST_STATE_NULL);
  gst_element_set_bus (line->sink, NULL);
  gst_harness_teardown (line->harness);
  gst_object_unref (line->sink);
  gst_object_unref (line->bus);
}

static gboolean
line_got (Line *line, GstMessageType type)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (line->bus, type);

  return message != NULL;
}

static GstBuffer *
new_buffer (gsize size, guint8 value, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, value, size);
  GST_BUFFER_PTS (buffer) = pts;
  return buffer;
}

static void
assert_sent (Line *line, GstVoiceEncoding encoding, gsize size, gint value)
{
  GstVoiceEncoding got;
  g_autoptr (GBytes) sent = scripted_line_take_sent (line->session, &got);
  const guint8 *data = g_bytes_get_data (sent, NULL);

  g_assert_cmpuint (g_bytes_get_size (sent), ==, size);
  if (size == 0)
    return;
  g_assert_cmpint (got, ==, encoding);
  for (gsize i = 0; value >= 0 && i < size; i++)
    g_assert_cmpint (data[i], ==, value);
}

static void
test_law_is_passed_through (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_assert_cmpint (gst_harness_push (line.harness, new_buffer (123, 0x5a, 0)),
      ==, GST_FLOW_OK);
  assert_sent (&line, GST_VOICE_MULAW, 123, 0x5a);
  line_stop (&line);
}

static void
test_other_law_is_converted (void)
{
  Line line;

  line_start (&line, ALAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_harness_push (line.harness, new_buffer (160, 0xd5, 0));
  assert_sent (&line, GST_VOICE_S16, 320, -1);
  line_stop (&line);
}

static void
test_rate_is_converted (void)
{
  GstVoiceEncoding encoding;
  Line line;

  line_start (&line, RAW_16K, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  for (guint i = 0; i < 10; i++)
    gst_harness_push (line.harness, new_buffer (640, 0, i * 20 * GST_MSECOND));
  g_autoptr (GBytes) sent = scripted_line_take_sent (line.session, &encoding);
  g_assert_cmpint (encoding, ==, GST_VOICE_S16);
  g_assert_cmpuint (g_bytes_get_size (sent), >, 9 * 320);
  g_assert_cmpuint (g_bytes_get_size (sent), <=, 10 * 320);
  line_stop (&line);
}

/* The call's codec may change under a running stream. */
static void
test_codec_change (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 0));
  assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
  scripted_line_answered (line.session, GST_VOICE_ALAW);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 20 * GST_MSECOND));
  assert_sent (&line, GST_VOICE_S16, 320, -1);
  g_autoptr (GstEvent) event = NULL;
  gboolean asked = FALSE;
  while ((event = gst_harness_try_pull_upstream_event (line.harness))) {
    asked |= GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE;
    gst_clear_event (&event);
  }
  g_assert_true (asked);
  line_stop (&line);
}

static void
test_caps_prefer_the_call (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_ALAW);
  g_autoptr (GstCaps) caps =
      gst_pad_peer_query_caps (line.harness->srcpad, NULL);
  gint rate = 0;
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  g_assert_cmpint (rate, ==, 8000);
  g_assert_true (gst_structure_has_name (gst_caps_get_structure (caps, 1),
      "audio/x-alaw"));
  g_autoptr (GstCaps) all = gst_caps_from_string (GST_VOICE_CAPS);
  g_assert_true (gst_caps_is_subset (all, caps));
  line_stop (&line);
}

/* Live audio without a call goes nowhere, and holds up nobody. */
static void
test_live_is_dropped (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  g_assert_cmpint (gst_harness_push (line.harness, new_buffer (160, 0x5a, 0)),
      ==, GST_FLOW_OK);
  assert_sent (&line, 0, 0, -1);
  line_stop (&line);
}

/* What filesrc gives has bytes for its time. */
static void
test_segment_of_bytes (void)
{
  GstSegment segment;
  Line line;

  line_start (&line, MULAW, FALSE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (line.harness, gst_event_new_segment (&segment));
  for (GstClockTime pts = GST_CLOCK_TIME_NONE; pts + 1 < 2; pts++) {
    g_assert_cmpint (gst_harness_push (line.harness,
                         new_buffer (160, 0x5a, pts)),
        ==, GST_FLOW_OK);
    assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
    g_assert_cmpuint (scripted_line_get_sent_time (line.session), ==,
        GST_CLOCK_TIME_NONE);
  }
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = GST_SECOND;
  gst_harness_push_event (line.harness, gst_event_new_segment (&segment));
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 3 * GST_SECOND));
  g_assert_cmpuint (scripted_line_get_sent_time (line.session), ==,
      2 * GST_SECOND);
  line_stop (&line);
}

static gpointer
push_one (gpointer data)
{
  Line *line = data;

  return GINT_TO_POINTER (
      gst_harness_push (line->harness, new_buffer (160, 0x5a, 0)));
}

/* Whether a thread waits cannot be asked; too short a time lets a broken element
 * pass, but fails no good one. */
static void
let_it_wait (void)
{
  g_usleep (20000);
}

static void
test_file_waits_for_the_call (void)
{
  Line line;

  line_start (&line, MULAW, FALSE);
  GThread *thread = g_thread_new ("push", push_one, &line);
  let_it_wait ();
  assert_sent (&line, 0, 0, -1);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, GST_FLOW_OK);
  assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
  line_stop (&line);
}

static void
test_flush_ends_the_wait (void)
{
  Line line;

  line_start (&line, MULAW, FALSE);
  GThread *thread = g_thread_new ("push", push_one, &line);
  let_it_wait ();
  g_free (scripted_line_take_log (line.session));
  gst_harness_push_event (line.harness, gst_event_new_flush_start ());
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "flush");
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==,
      GST_FLOW_FLUSHING);
  gst_harness_push_event (line.harness, gst_event_new_flush_stop (TRUE));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (line.harness, gst_event_new_segment (&segment));
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_assert_cmpint (gst_harness_push (line.harness, new_buffer (160, 0x5a, 0)),
      ==, GST_FLOW_OK);
  assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
  line_stop (&line);
}

static void
test_stop_ends_the_wait (void)
{
  Line line;

  line_start (&line, MULAW, FALSE);
  GThread *thread = g_thread_new ("push", push_one, &line);
  let_it_wait ();
  gst_element_set_state (line.sink, GST_STATE_READY);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==,
      GST_FLOW_FLUSHING);
  line_stop (&line);
}

static void
test_pause_holds_a_file (void)
{
  Line line;

  line_start (&line, MULAW, FALSE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_assert_cmpint (gst_element_set_state (line.sink, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_SUCCESS);
  GThread *thread = g_thread_new ("push", push_one, &line);
  let_it_wait ();
  assert_sent (&line, 0, 0, -1);
  gst_element_set_state (line.sink, GST_STATE_PLAYING);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, GST_FLOW_OK);
  assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
  line_stop (&line);
}

static void
test_eos_hangs_up (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_free (scripted_line_take_log (line.session));
  gst_harness_push_event (line.harness, gst_event_new_eos ());
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "hang-up-after-audio");
  g_assert_false (line_got (&line, GST_MESSAGE_EOS)); /* still speaking */
  scripted_line_ended (line.session, TRUE);
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  g_assert_false (line_got (&line, GST_MESSAGE_EOS));
  line_stop (&line);
}

static void
test_eos_without_call (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  gst_harness_push_event (line.harness, gst_event_new_eos ());
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  line_stop (&line);
}

/* Another stream may follow, and end. */
static void
test_eos_behind_flush (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  gst_harness_push_event (line.harness, gst_event_new_eos ());
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  gst_harness_push_event (line.harness, gst_event_new_flush_start ());
  gst_harness_push_event (line.harness, gst_event_new_flush_stop (TRUE));
  g_assert_false (line_got (&line, GST_MESSAGE_EOS));
  gst_harness_push_event (line.harness, gst_event_new_eos ());
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  line_stop (&line);
}

static void
test_eos_is_for_playing (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  gst_element_set_state (line.sink, GST_STATE_PAUSED);
  gst_harness_push_event (line.harness, gst_event_new_eos ());
  g_assert_false (line_got (&line, GST_MESSAGE_EOS));
  gst_element_set_state (line.sink, GST_STATE_PLAYING);
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  line_stop (&line);
}

static void
test_peer_hangs_up (void)
{
  Line line;

  line_start (&line, MULAW, FALSE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 0));
  scripted_line_ended (line.session, TRUE);
  g_assert_true (line_got (&line, GST_MESSAGE_EOS));
  g_assert_cmpint (gst_harness_push (line.harness, new_buffer (160, 0x5a, 0)),
      ==, GST_FLOW_EOS);
  line_stop (&line);
}

static void
assert_control (Line *line, GstVoiceControlAction action, const gchar *to,
    const gchar *target, const gchar *expected)
{
  const GstVoiceControl control = { action, "req-1", to, target };
  GstVoiceControlResult result;
  GstEvent *event;

  gst_harness_push_event (line->harness,
      gst_voice_control_event_new (&control));
  while ((event = gst_harness_try_pull_upstream_event (line->harness))) {
    g_autoptr (GstEvent) owned = event;
    if (!gst_voice_control_result_event_parse (owned, &result))
      continue;
    g_assert_cmpint (result.action, ==, action);
    g_assert_cmpstr (result.id, ==, "req-1");
    g_assert_cmpstr (result.result, ==, expected);
    if (g_strcmp0 (expected, "accepted") != 0)
      g_assert_nonnull (result.reason);
    return;
  }
  g_assert_not_reached ();
}

static void
test_control (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  assert_control (&line, GST_VOICE_CONTROL_HANG_UP, NULL, NULL, "failed");
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_free (scripted_line_take_log (line.session));
  assert_control (&line, GST_VOICE_CONTROL_HANG_UP, "call-2", NULL, "failed");
  assert_control (&line, GST_VOICE_CONTROL_SEND_DTMF, "call-1", "42#",
      "accepted");
  assert_control (&line, GST_VOICE_CONTROL_HANG_UP, "call-1", NULL, "accepted");
  gst_harness_push_event (line.harness, gst_voice_dtmf_event_new ('7', 100));
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "dtmf:42# hang-up-after-audio dtmf:7");
  line_stop (&line);
}

/* An agent that refuses who calls knows his call, and does not wait for the answer. */
static void
test_hang_up_on_who_rings (void)
{
  const SipCallEvent rings = { .state = SIP_CALL_RINGING,
    .call_id = "call-3",
    .from = "sip:caller@192.0.2.1",
    .to = "sip:us@192.0.2.2",
    .format = { GST_VOICE_MULAW, 8000 } };
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_event (line.session, &rings);
  assert_control (&line, GST_VOICE_CONTROL_HANG_UP, "call-2", NULL, "failed");
  assert_control (&line, GST_VOICE_CONTROL_HANG_UP, "call-3", NULL, "accepted");
  line_stop (&line);
}

static void
assert_upstream_call (Line *line, gboolean started)
{
  GstVoiceCall call;
  GstEvent *event;

  while ((event = gst_harness_try_pull_upstream_event (line->harness))) {
    g_autoptr (GstEvent) owned = event;
    if (gst_voice_call_event_parse (owned, &call)) {
      g_assert_cmpint (gst_voice_call_state_is_up (call.state), ==, started);
      g_assert_cmpstr (call.call_id, ==, "call-1");
      return;
    }
  }
  g_assert_not_reached ();
}

/* A sipsink without a sipsrc is the one that tells. */
static void
test_half_a_pair_reports (void)
{
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  assert_upstream_call (&line, TRUE);
  g_assert_true (line_got (&line, GST_MESSAGE_ELEMENT));
  scripted_line_dtmf (line.session, '5');
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ELEMENT);
  g_assert_true (gst_message_has_name (message, "voice/dtmf"));
  scripted_line_ended (line.session, FALSE);
  assert_upstream_call (&line, FALSE);
  g_assert_true (line_got (&line, GST_MESSAGE_ELEMENT));
  line_stop (&line);
}

/* Whoever sits upstream hears what whoever sits downstream of the sipsrc hears. */
static void
test_states_go_upstream (void)
{
  static const SipCallState told[] = { SIP_CALL_RINGING, SIP_CALL_EARLY,
    SIP_CALL_ANSWERED, SIP_CALL_HELD, SIP_CALL_RESUMED, SIP_CALL_ENDED,
    SIP_CALL_RINGING, SIP_CALL_ENDED };
  GString *heard = g_string_new (NULL);
  GstEvent *event;
  GstVoiceCall call;
  Line line;

  line_start (&line, MULAW, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    const SipCallEvent told_event = { .state = told[i],
      .call_id = "call-1",
      .from = "sip:a@b",
      .to = "sip:c@d",
      .format = { GST_VOICE_MULAW, 8000 } };
    scripted_line_event (line.session, &told_event);
  }
  while ((event = gst_harness_try_pull_upstream_event (line.harness))) {
    if (gst_voice_call_event_parse (event, &call))
      g_string_append_printf (heard, " %s",
          gst_voice_call_state_to_string (call.state));
    gst_event_unref (event);
  }
  g_assert_cmpstr (heard->str, ==,
      " ringing early answered held resumed ended ringing ended");
  g_string_free (heard, TRUE);
  line_stop (&line);
}

static GstEvent *
pull_upstream (Line *line, GstEventType type)
{
  GstEvent *event;

  while ((event = gst_harness_try_pull_upstream_event (line->harness))) {
    if (GST_EVENT_TYPE (event) == type)
      return event;
    gst_event_unref (event);
  }
  return NULL;
}

/* What the pipeline tells its sinks is for those upstream, too. */
static void
test_upstream (void)
{
  GstClockTime delay = 0, latency = 0;
  Line line;

  line_start (&line, MULAW, TRUE);
  gst_element_send_event (line.harness->element,
      gst_event_new_latency (60 * GST_MSECOND));
  g_autoptr (GstEvent) told = pull_upstream (&line, GST_EVENT_LATENCY);
  g_assert_nonnull (told);
  gst_event_parse_latency (told, &latency);
  g_assert_cmpuint (latency, ==, 60 * GST_MSECOND);
  scripted_line_path (line.session, 35 * GST_MSECOND);
  g_autoptr (GstEvent) path = pull_upstream (&line, GST_EVENT_CUSTOM_UPSTREAM);
  g_assert_true (path && gst_voice_path_event_parse (path, &delay));
  g_assert_cmpuint (delay, ==, 35 * GST_MSECOND);
  line_stop (&line);
}

/* Before the answer only a line that may speak then is heard. */
static void
test_early (void)
{
  SipCallEvent event = { .state = SIP_CALL_EARLY,
    .call_id = "call-1",
    .from = "sip:a@b",
    .to = "sip:c@d",
    .format = { GST_VOICE_MULAW, 8000 } };
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_event (line.session, &event);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 0));
  assert_sent (&line, GST_VOICE_MULAW, 0, 0);
  event.speak_early = TRUE;
  scripted_line_event (line.session, &event);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 0));
  assert_sent (&line, GST_VOICE_MULAW, 160, 0x5a);
  scripted_line_ended (line.session, FALSE);
  gst_harness_push (line.harness, new_buffer (160, 0x5a, 0));
  assert_sent (&line, GST_VOICE_MULAW, 0, 0);
  line_stop (&line);
}

/* NULL: none has come. */
static GstEvent *
take_result (Line *line)
{
  GstVoiceControlResult result;
  GstEvent *event;

  while ((event = gst_harness_try_pull_upstream_event (line->harness))) {
    if (gst_voice_control_result_event_parse (event, &result))
      return event;
    gst_event_unref (event);
  }
  return NULL;
}

/* A transfer is the line's to do, which tells how it goes on. */
static void
test_transfer (void)
{
  static const gchar *const steps[] = { "asked", "ringing", "refused" };
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_free (scripted_line_take_log (line.session));
  const GstVoiceControl control = { GST_VOICE_CONTROL_TRANSFER, "7", NULL,
    "sip:x@y" };
  gst_harness_push_event (line.harness, gst_voice_control_event_new (&control));
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "transfer:sip:x@y=7");
  g_assert_null (take_result (&line));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    GstVoiceControlResult result;
    const SipCallEvent told = { .state = SIP_CALL_TRANSFER,
      .call_id = "call-1",
      .transfer = steps[i],
      .target = "sip:x@y",
      .control_id = "7",
      .cause = "Busy",
      .sip_status = 486 };
    scripted_line_event (line.session, &told);
    g_autoptr (GstEvent) event = take_result (&line);
    g_assert_true (gst_voice_control_result_event_parse (event, &result));
    g_assert_cmpint (result.action, ==, GST_VOICE_CONTROL_TRANSFER);
    g_assert_cmpstr (result.id, ==, "7");
    g_assert_cmpstr (result.result, ==, steps[i]);
    g_assert_cmpstr (result.reason, ==, "Busy");
    g_assert_cmpuint (result.status, ==, 486);
  }
  line_stop (&line);
}

/* Hold is the line's to do, too. */
static void
test_hold (void)
{
  GstVoiceControlResult result;
  Line line;

  line_start (&line, MULAW, TRUE);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  g_free (scripted_line_take_log (line.session));
  const GstVoiceControl hold = { GST_VOICE_CONTROL_HOLD, "7" };
  const GstVoiceControl resume = { GST_VOICE_CONTROL_RESUME, "8" };
  gst_harness_push_event (line.harness, gst_voice_control_event_new (&hold));
  gst_harness_push_event (line.harness, gst_voice_control_event_new (&resume));
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "hold=7 resume=8");
  const SipCallEvent told = { .state = SIP_CALL_CONTROLLED,
    .control = "resume",
    .control_id = "8",
    .result = "refused",
    .cause = "No",
    .sip_status = 488 };
  scripted_line_event (line.session, &told);
  g_autoptr (GstEvent) event = take_result (&line);
  g_assert_true (gst_voice_control_result_event_parse (event, &result));
  g_assert_cmpint (result.action, ==, GST_VOICE_CONTROL_RESUME);
  g_assert_cmpstr (result.id, ==, "8");
  g_assert_cmpstr (result.result, ==, "refused");
  g_assert_cmpuint (result.status, ==, 488);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  /* Not the module with the real call in it. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipsink/early", test_early);
  GST_ELEMENT_REGISTER (sipsink, NULL);

  g_test_add_func ("/sipsink/law-passed-through", test_law_is_passed_through);
  g_test_add_func ("/sipsink/law-converted", test_other_law_is_converted);
  g_test_add_func ("/sipsink/rate", test_rate_is_converted);
  g_test_add_func ("/sipsink/codec-change", test_codec_change);
  g_test_add_func ("/sipsink/caps", test_caps_prefer_the_call);
  g_test_add_func ("/sipsink/live", test_live_is_dropped);
  g_test_add_func ("/sipsink/segment-of-bytes", test_segment_of_bytes);
  g_test_add_func ("/sipsink/file", test_file_waits_for_the_call);
  g_test_add_func ("/sipsink/flush", test_flush_ends_the_wait);
  g_test_add_func ("/sipsink/stop", test_stop_ends_the_wait);
  g_test_add_func ("/sipsink/pause", test_pause_holds_a_file);
  g_test_add_func ("/sipsink/eos", test_eos_hangs_up);
  g_test_add_func ("/sipsink/eos-without-call", test_eos_without_call);
  g_test_add_func ("/sipsink/eos-behind-flush", test_eos_behind_flush);
  g_test_add_func ("/sipsink/eos-in-paused", test_eos_is_for_playing);
  g_test_add_func ("/sipsink/peer-hangs-up", test_peer_hangs_up);
  g_test_add_func ("/sipsink/control", test_control);
  g_test_add_func ("/sipsink/transfer", test_transfer);
  g_test_add_func ("/sipsink/hold", test_hold);
  g_test_add_func ("/sipsink/hang-up-on-who-rings", test_hang_up_on_who_rings);
  g_test_add_func ("/sipsink/reports", test_half_a_pair_reports);
  g_test_add_func ("/sipsink/states", test_states_go_upstream);
  g_test_add_func ("/sipsink/upstream", test_upstream);
  return g_test_run ();
}
