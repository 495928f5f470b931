/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/gstsip.h"

#include "common/pair/gstsessiontable.h"
#include "common/event/gstvoiceevents.h"
#include "mock/scriptedline.h"

#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

typedef struct
{
  GstHarness *harness;
  GstElement *src;
  GstBus *bus;
  SipLine *session;
  GstTestClock *clock;
} Line;

static GstElement *
new_src (GstBus *bus)
{
  GstElement *src = gst_element_factory_make ("sipsrc", NULL);
  g_autoptr (GstContext) context = gst_session_table_context_new ();

  gst_element_set_context (src, context);
  gst_element_set_bus (src, bus);
  return src;
}

static void
line_start (Line *line, const gchar *caps)
{
  line->bus = gst_bus_new ();
  line->src = new_src (line->bus);
  line->harness = gst_harness_new_with_element (line->src, NULL, "src");
  gst_harness_use_testclock (line->harness);
  line->clock = gst_harness_get_testclock (line->harness);
  if (caps != NULL)
    gst_harness_set_sink_caps_str (line->harness, caps);
  gst_harness_play (line->harness);
  line->session = scripted_line_get ();
  g_assert_nonnull (line->session);
}

static void
line_stop (Line *line)
{
  gst_element_set_state (line->src, GST_STATE_NULL);
  gst_element_set_bus (line->src, NULL);
  gst_harness_teardown (line->harness);
  gst_object_unref (line->clock);
  gst_object_unref (line->src);
  gst_object_unref (line->bus);
}

/* Time goes on, for the pipeline's clock and the loop alike. */
static void
line_set_time (Line *line, GstClockTime time)
{
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (line->session);

  gst_test_clock_set_time (line->clock, time);
  media_loop_step (loop, time);
}

static GstBuffer *
line_frame (Line *line, GstVoiceEncoding law, gint16 sample, GstClockTime time)
{
  line_set_time (line, time);
  scripted_line_frame (line->session, law, sample, time, FALSE, FALSE);
  return gst_harness_try_pull (line->harness);
}

/* The next event that is not stream-start, caps or segment; (transfer full). */
static GstEvent *
line_event (Line *line)
{
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (line->harness)) != NULL) {
    if (GST_EVENT_TYPE (event) > GST_EVENT_SEGMENT)
      return event;
    gst_event_unref (event);
  }
  return NULL;
}

static void
assert_voice_call (Line *line, gboolean started)
{
  g_autoptr (GstEvent) event = line_event (line);
  GstVoiceCall call;

  g_assert_nonnull (event);
  g_assert_true (gst_voice_call_event_parse (event, &call));
  g_assert_cmpint (gst_voice_call_state_is_up (call.state), ==, started);
  g_assert_cmpstr (call.call_id, ==, "call-1");
  g_assert_cmpstr (call.channel, ==, "sip");
  g_assert_cmpstr (call.from, ==, "sip:caller@192.0.2.1");
}

static void
test_frames (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  for (guint i = 0; i < 5; i++) {
    g_autoptr (GstBuffer) buffer =
        line_frame (&line, GST_VOICE_MULAW, 1000, (100 + 20 * i) * GST_MSECOND);
    gint16 sample;

    g_assert_nonnull (buffer);
    g_assert_cmpuint (gst_buffer_get_size (buffer), ==, 320);
    g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==,
        (100 + 20 * i) * GST_MSECOND);
    g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, 20 * GST_MSECOND);
    g_assert_cmpint (GST_BUFFER_IS_DISCONT (buffer), ==, i == 0);
    g_assert_false (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP));
    gst_buffer_extract (buffer, 318, &sample, 2);
    g_assert_cmpint (sample, ==, 1000);
  }
  assert_voice_call (&line, TRUE);
  line_stop (&line);
}

/* What the wire brought is what downstream gets, if it takes the call's law. */
static void
test_law_is_passed_through (void)
{
  Line line;
  guint8 expected[160], got[160];
  gint16 samples[160];

  for (guint i = 0; i < 160; i++)
    samples[i] = -777;
  gst_voice_law_encode (GST_VOICE_ALAW, samples, expected, 160);
  line_start (&line, "audio/x-alaw,rate=8000,channels=1");
  scripted_line_answered (line.session, GST_VOICE_ALAW);
  g_autoptr (GstBuffer) buffer =
      line_frame (&line, GST_VOICE_ALAW, -777, GST_SECOND);
  g_assert_nonnull (buffer);
  g_assert_cmpuint (gst_buffer_get_size (buffer), ==, 160);
  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, 20 * GST_MSECOND);
  gst_buffer_extract (buffer, 0, got, 160);
  g_assert_cmpmem (got, 160, expected, 160);
  line_stop (&line);
}

static void
test_other_law_is_converted (void)
{
  Line line;
  guint8 expected[160], got[160];
  gint16 samples[160];

  for (guint i = 0; i < 160; i++)
    samples[i] = 5000;
  gst_voice_law_encode (GST_VOICE_MULAW, samples, expected, 160);
  line_start (&line, "audio/x-mulaw,rate=8000,channels=1");
  scripted_line_answered (line.session, GST_VOICE_ALAW);
  g_autoptr (GstBuffer) buffer =
      line_frame (&line, GST_VOICE_ALAW, 5000, GST_SECOND);
  g_assert_nonnull (buffer);
  gst_buffer_extract (buffer, 0, got, 160);
  g_assert_cmpmem (got, 160, expected, 160);
  line_stop (&line);
}

/* The resampler's delay shows in the time stamps: they stay without a hole. */
static void
test_other_rate (void)
{
  const guint rates[] = { 16000, 24000, 48000 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    g_autofree gchar *caps = g_strdup_printf (
        "audio/x-raw,format=S16LE,rate=%u,channels=1,layout=interleaved",
        rates[r]);
    Line line;
    GstClockTime next = GST_CLOCK_TIME_NONE;
    gsize samples = 0;

    line_start (&line, caps);
    scripted_line_answered (line.session, GST_VOICE_MULAW);
    for (guint i = 0; i < 20; i++) {
      g_autoptr (GstBuffer) buffer = line_frame (&line, GST_VOICE_MULAW, 2000,
          GST_SECOND + 20 * i * GST_MSECOND);
      if (buffer == NULL)
        continue;
      if (GST_CLOCK_TIME_IS_VALID (next))
        g_assert_cmpint (ABS (GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer), next)),
            <, GST_MSECOND / 8);
      else
        g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, GST_SECOND);
      next = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
      samples += gst_buffer_get_size (buffer) / 2;
    }
    g_assert_cmpuint (samples, >, rates[r] / 50 * 19);
    g_assert_cmpuint (samples, <=, rates[r] / 50 * 20);
    line_stop (&line);
  }
}

static void
test_silence_is_a_gap (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  line_set_time (&line, GST_SECOND);
  scripted_line_frame (line.session, GST_VOICE_MULAW, 0, GST_SECOND, FALSE,
      TRUE);
  g_autoptr (GstBuffer) buffer = gst_harness_try_pull (line.harness);
  g_assert_nonnull (buffer);
  g_assert_true (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP));
  line_stop (&line);
}

static void
test_jump_is_a_discont (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_clear_buffer (
      &(GstBuffer *){ line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND) });
  line_set_time (&line, 2 * GST_SECOND);
  scripted_line_frame (line.session, GST_VOICE_MULAW, 1, 2 * GST_SECOND, TRUE,
      FALSE);
  g_autoptr (GstBuffer) buffer = gst_harness_try_pull (line.harness);
  g_assert_nonnull (buffer);
  g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, 2 * GST_SECOND);
  line_stop (&line);
}

/* A frame that had to wait for a lost one keeps the time at which it belongs. */
static void
test_late_frame_keeps_its_time (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_clear_buffer (
      &(GstBuffer *){ line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND) });
  line_set_time (&line, GST_SECOND + 57 * GST_MSECOND);
  scripted_line_frame (line.session, GST_VOICE_MULAW, 1,
      GST_SECOND + 20 * GST_MSECOND, FALSE, FALSE);
  g_autoptr (GstBuffer) buffer = gst_harness_try_pull (line.harness);
  g_assert_nonnull (buffer);
  g_assert_false (GST_BUFFER_IS_DISCONT (buffer));
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, GST_SECOND + 20 * GST_MSECOND);
  line_stop (&line);
}

static void
test_digits (void)
{
  Line line;
  gchar digit;
  guint duration;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  scripted_line_dtmf (line.session, '#');
  line_set_time (&line, GST_MSECOND);
  assert_voice_call (&line, TRUE);
  g_autoptr (GstEvent) event = line_event (&line);
  g_assert_nonnull (event);
  g_assert_true (gst_voice_dtmf_event_parse (event, &digit, &duration));
  g_assert_cmpint (digit, ==, '#');
  g_assert_null (line_event (&line)); /* one a digit */
  g_autoptr (GstMessage) call =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ELEMENT);
  g_autoptr (GstMessage) dtmf =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ELEMENT);
  g_assert_true (gst_message_has_name (call, "voice/call"));
  g_assert_true (gst_message_has_name (dtmf, "voice/dtmf"));
  const GstStructure *s = gst_message_get_structure (dtmf);
  g_assert_cmpstr (gst_structure_get_string (s, "digit"), ==, "#");
  g_assert_cmpstr (gst_structure_get_string (s, "call-id"), ==, "call-1");
  g_assert_cmpstr (gst_structure_get_string (s, "channel"), ==, "sip");
  g_assert_cmpstr (gst_structure_get_string (s, "session"), ==, "default");
  guint64 lasted = 0;
  gst_structure_get_uint64 (s, "duration", &lasted);
  g_assert_cmpuint (lasted, ==, 160 * GST_MSECOND);
  line_stop (&line);
}

static void
line_tell (Line *line, SipCallState state)
{
  const SipCallEvent event = { .state = state,
    .call_id = "call-1",
    .from = "sip:caller@192.0.2.1",
    .to = "sip:us@192.0.2.2",
    .format = { GST_VOICE_MULAW, 8000 } };

  scripted_line_event (line->session, &event);
}

/* Every state of a call in its place among the frames, each once. */
static void
test_states (void)
{
  static const SipCallState told[] = { SIP_CALL_CALLING, SIP_CALL_RINGING,
    SIP_CALL_CODEC, SIP_CALL_EARLY, SIP_CALL_EARLY, SIP_CALL_RINGING,
    SIP_CALL_CODEC, SIP_CALL_ANSWERED, SIP_CALL_CHANGED, SIP_CALL_HELD,
    SIP_CALL_RESUMED, SIP_CALL_ENDED, SIP_CALL_RINGING, SIP_CALL_ENDED,
    SIP_CALL_ENDED };
  GString *heard = g_string_new (NULL);
  GstEvent *event;
  Line line;

  line_start (&line, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    line_tell (&line, told[i]);
    gst_clear_buffer (&(GstBuffer *){
        line_frame (&line, GST_VOICE_MULAW, 1, (i + 1) * 20 * GST_MSECOND) });
  }
  while ((event = line_event (&line)) != NULL) {
    GstVoiceCall call;
    g_assert_true (gst_voice_call_event_parse (event, &call));
    g_string_append_printf (heard, " %s",
        gst_voice_call_state_to_string (call.state));
    gst_event_unref (event);
  }
  g_assert_cmpstr (heard->str, ==,
      " calling ringing early answered held resumed ended ringing ended");
  g_string_free (heard, TRUE);
  line_stop (&line);
}

static void
test_last_call_is_eos (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_clear_buffer (
      &(GstBuffer *){ line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND) });
  scripted_line_ended (line.session, TRUE);
  line_set_time (&line, GST_SECOND);
  assert_voice_call (&line, TRUE);
  assert_voice_call (&line, FALSE);
  g_autoptr (GstEvent) eos = line_event (&line);
  g_assert_nonnull (eos);
  g_assert_cmpint (GST_EVENT_TYPE (eos), ==, GST_EVENT_EOS);
  line_stop (&line);
}

/* on-hangup=wait; and the next call may have the other law. */
static void
test_call_after_call (void)
{
  Line line;

  line_start (&line,
      "audio/x-alaw,rate=8000,channels=1;"
      "audio/x-mulaw,rate=8000,channels=1");
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_clear_buffer (
      &(GstBuffer *){ line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND) });
  g_autoptr (GstCaps) first = gst_pad_get_current_caps (line.harness->sinkpad);
  g_assert_true (gst_structure_has_name (gst_caps_get_structure (first, 0),
      "audio/x-mulaw"));
  scripted_line_ended (line.session, FALSE);
  scripted_line_answered (line.session, GST_VOICE_ALAW);
  g_autoptr (GstBuffer) buffer =
      line_frame (&line, GST_VOICE_ALAW, 1, 5 * GST_SECOND);
  g_assert_nonnull (buffer);
  g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  g_autoptr (GstCaps) second = gst_pad_get_current_caps (line.harness->sinkpad);
  g_assert_true (gst_structure_has_name (gst_caps_get_structure (second, 0),
      "audio/x-alaw"));
  assert_voice_call (&line, TRUE);
  assert_voice_call (&line, FALSE);
  assert_voice_call (&line, TRUE);
  g_assert_null (line_event (&line));
  line_stop (&line);
}

static void
check_failure (gboolean is_last, GstMessageType type)
{
  g_autoptr (GError) busy = g_error_new_literal (GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, "sip:bob@192.0.2.7 is busy.");
  const SipCallEvent event = { .state = SIP_CALL_ENDED,
    .call_id = "call-9",
    .outgoing = TRUE,
    .is_last = is_last,
    .by = SIP_CALL_BY_PEER,
    .cause = "Busy",
    .sip_status = 486,
    .error = busy };
  g_autoptr (GError) error = NULL;
  GstStructure *details = NULL;
  guint status = 0;
  Line line;

  line_start (&line, NULL);
  scripted_line_event (line.session, &event);
  g_autoptr (GstMessage) fact =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ELEMENT);
  const GstStructure *s = gst_message_get_structure (fact);
  g_assert_cmpstr (gst_structure_get_string (s, "state"), ==, "ended");
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "peer");
  g_assert_cmpstr (gst_structure_get_string (s, "direction"), ==, "outgoing");
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, type);
  if (type == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    gst_message_parse_error_details (message, (const GstStructure **) &details);
  } else {
    gst_message_parse_warning (message, &error, NULL);
    gst_message_parse_warning_details (message,
        (const GstStructure **) &details);
  }
  g_assert_error (error, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE);
  g_assert_cmpstr (gst_structure_get_string (details, "call-id"), ==, "call-9");
  g_assert_true (gst_structure_get_uint (details, "sip-status", &status));
  g_assert_cmpuint (status, ==, 486);
  line_stop (&line);
}

static void
test_failed_call (void)
{
  check_failure (TRUE, GST_MESSAGE_ERROR);
  check_failure (FALSE, GST_MESSAGE_WARNING);
}

static void
test_actions (void)
{
  gboolean done = FALSE;
  Line line;

  line_start (&line, NULL);
  g_free (scripted_line_take_log (line.session));
  g_signal_emit_by_name (line.src, "call", "sip:bob@192.0.2.7", &done);
  g_assert_true (done);
  g_signal_emit_by_name (line.src, "answer", &done);
  g_signal_emit_by_name (line.src, "reject", 486u, &done);
  g_signal_emit_by_name (line.src, "send-dtmf", "12", &done);
  g_signal_emit_by_name (line.src, "hang-up", &done);
  g_assert_false (done); /* nothing to hang up */
  g_autofree gchar *log = scripted_line_take_log (line.session);
  g_assert_cmpstr (log, ==, "dial answer reject dtmf:12 hang-up");
  line_stop (&line);

  g_autoptr (GstElement) idle = gst_element_factory_make ("sipsrc", NULL);
  gst_object_ref_sink (idle);
  g_signal_emit_by_name (idle, "answer", &done);
  g_assert_false (done);
}

static void
test_latency (void)
{
  gboolean live;
  GstClockTime min, max;
  Line line;

  line_start (&line, NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (line.src, "src");
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  g_assert_true (gst_pad_query (pad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  g_assert_true (live);
  g_assert_cmpuint (min, ==, 60 * GST_MSECOND);
  line_stop (&line);
}

static void
test_pause (void)
{
  Line line;

  line_start (&line, NULL);
  scripted_line_answered (line.session, GST_VOICE_MULAW);
  gst_clear_buffer (
      &(GstBuffer *){ line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND) });
  g_assert_cmpint (gst_element_set_state (line.src, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_NO_PREROLL);
  g_assert_null (
      line_frame (&line, GST_VOICE_MULAW, 1, GST_SECOND + 20 * GST_MSECOND));
  gst_element_set_state (line.src, GST_STATE_PLAYING);
  g_autoptr (GstBuffer) buffer =
      line_frame (&line, GST_VOICE_MULAW, 1, 3 * GST_SECOND);
  g_assert_nonnull (buffer);
  g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  line_stop (&line);
}

static void
check_refused (const gchar *property, const gchar *value)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstElement) src = gst_object_ref_sink (new_src (bus));
  g_autoptr (GError) error = NULL;

  g_test_message ("%s=%s", property, value);
  gst_util_set_object_arg (G_OBJECT (src), property, value);
  g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, property));
  g_assert_true (g_str_has_suffix (error->message, "."));
  gst_element_set_bus (src, NULL);
  gst_element_set_state (src, GST_STATE_NULL);
}

static void
test_wrong_settings (void)
{
  const struct
  {
    const gchar *property, *value;
  } wrong[] = {
    { "local-uri", "" },
    { "local-uri", "0.0.0.0:5060" },
    { "local-uri", "sip:" },
    { "local-uri", "sip:@127.0.0.1" },
    { "local-uri", "sip:127.0.0.1:65536" },
    { "local-uri", "sip:127.0.0.1:5060x" },
    { "local-uri", "sip:[::1:5060" },
    { "local-uri", "sips:127.0.0.1" },
    { "local-uri", "sip:bob@localhost:5060" },
    { "uri", "bob" },
    { "uri", "http://bob" },
    { "uri", "sip:bob@" },
    { "uri", "sip:bob@exa mple" },
    { "codecs", "" },
    { "codecs", "PCMU,,PCMA" },
    { "codecs", "G729" },
    { "rtp-port-range", "10000" },
    { "rtp-port-range", "20000-10000" },
    { "rtp-port-range", "10001-10002" },
    { "rtp-port-range", "0-10" },
    { "rtp-port-range", "10000-70000" },
    { "external-address", "example.org" },
    { "external-address", "192.0.2.7,192.0.2.8" },
    { "external-address", "192.0.2.7,2001:db8::1,::2" },
    { "external-address", "192.0.2.7," },
    { "external-address", "stun:" },
    { "external-address", "stun:a,192.0.2.7,2001:db8::1" },
    { "headers", "h,Via=(string)x" },
    { "headers", "h,Require=(string)100rel" },
    { "headers", "h,x=(string)90" },
    { "headers", "h,Session-Expires=(string)90" },
    { "headers", "h,X:Y=(string)5" },
    { "headers", "h,X-Number=(int)5" },
    { "headers", "h,X-Text=(string)\"a\\012b\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    check_refused (wrong[i].property, wrong[i].value);
}

static void
test_good_settings (void)
{
  const struct
  {
    const gchar *property, *value;
  } good[] = {
    { "local-uri", "sip:support@127.0.0.1" },
    { "local-uri", "sip:[::1]:5070" },
    { "uri", "sip:+4930123@example.org:5080;transport=tcp" },
    { "codecs", "pcma" },
    { "rtp-port-range", "10000-10001" },
    { "external-address", "2001:db8::1" },
    { "external-address", "2001:db8::1, 192.0.2.7" },
    { "external-address", "stun:stun.example:3479,2001:db8::1" },
    { "headers", "h,X-Account=(string)\"Jo & Co\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GstBus) bus = gst_bus_new ();
    g_autoptr (GstElement) src = gst_object_ref_sink (new_src (bus));
    gst_util_set_object_arg (G_OBJECT (src), good[i].property, good[i].value);
    g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
        GST_STATE_CHANGE_SUCCESS);
    gst_element_set_state (src, GST_STATE_NULL);
    gst_element_set_bus (src, NULL);
  }
}

static void
test_uri_handler (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) src = gst_element_make_from_uri (GST_URI_SRC,
      "sip:bob@192.0.2.7", NULL, &error);
  g_autofree gchar *uri = NULL;

  g_assert_no_error (error);
  gst_object_ref_sink (src);
  g_object_get (src, "uri", &uri, NULL);
  g_assert_cmpstr (uri, ==, "sip:bob@192.0.2.7");
  g_autoptr (GstElement) sink = gst_element_make_from_uri (GST_URI_SINK,
      "sip:bob@192.0.2.7", NULL, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (sink);
}

int
main (int argc, char **argv)
{
  /* Not the module with the real call in it. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);

  g_test_add_func ("/sipsrc/frames", test_frames);
  g_test_add_func ("/sipsrc/law-passed-through", test_law_is_passed_through);
  g_test_add_func ("/sipsrc/law-converted", test_other_law_is_converted);
  g_test_add_func ("/sipsrc/rates", test_other_rate);
  g_test_add_func ("/sipsrc/silence", test_silence_is_a_gap);
  g_test_add_func ("/sipsrc/discont", test_jump_is_a_discont);
  g_test_add_func ("/sipsrc/late-frame", test_late_frame_keeps_its_time);
  g_test_add_func ("/sipsrc/digits", test_digits);
  g_test_add_func ("/sipsrc/states", test_states);
  g_test_add_func ("/sipsrc/eos", test_last_call_is_eos);
  g_test_add_func ("/sipsrc/call-after-call", test_call_after_call);
  g_test_add_func ("/sipsrc/failed-call", test_failed_call);
  g_test_add_func ("/sipsrc/actions", test_actions);
  g_test_add_func ("/sipsrc/latency", test_latency);
  g_test_add_func ("/sipsrc/pause", test_pause);
  g_test_add_func ("/sipsrc/settings/wrong", test_wrong_settings);
  g_test_add_func ("/sipsrc/settings/good", test_good_settings);
  g_test_add_func ("/sipsrc/uri", test_uri_handler);
  return g_test_run ();
}
