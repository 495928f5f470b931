/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The two elements with each other, on a real media loop. What they decide is
 * tested in virtual time, in agentsession.c. */

#include "aiagenttest.h"

#include "common/event/gstvoicelistener.h"
#include "../../syntheticvoice.h"

#include <string.h>

static AgentHalfTest ear, mouth;

static void
begin (const gchar *script, const gchar *ear_caps, const gchar *mouth_caps)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();
  g_autofree gchar *path = script ? write_script (script) : NULL;

  half_make (&ear, "aiagentsink", context);
  half_make (&mouth, "aiagentsrc", context);
  if (path)
    set_script (mouth.element, path);
  else
    gst_util_set_object_arg (G_OBJECT (mouth.element), "backend", "echo");
  half_play (&mouth, NULL, mouth_caps);
  half_play (&ear, ear_caps, NULL);
  if (path)
    g_remove (path);
}

static void
finish (void)
{
  half_stop (&ear);
  half_stop (&mouth);
}

static void
hear (gconstpointer data, gsize size, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_memdup (data, size);

  GST_BUFFER_PTS (buffer) = pts;
  g_assert_cmpint (gst_harness_push (ear.harness, buffer), ==, GST_FLOW_OK);
}

/* A room keeps from agents what is not meant for them. */
static void
test_is_an_agent (void)
{
  g_autoptr (GstElement) sink =
      gst_object_ref_sink (gst_element_factory_make ("aiagentsink", NULL));
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstPad) src =
      gst_object_ref_sink (gst_pad_new ("src", GST_PAD_SRC));

  g_assert_false (gst_voice_pad_leads_to_agent (src));
  gst_pad_link (src, pad);
  g_assert_true (gst_voice_pad_leads_to_agent (src));
  gst_pad_unlink (src, pad);
}

/* Facts call each agent as the property does that chose it, also where it cannot begin:
 * some need an address. */
static void
test_names (void)
{
  g_autoptr (GstElement) sink =
      gst_object_ref_sink (gst_element_factory_make ("aiagentsink", NULL));
  const GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "backend");
  const GEnumClass *klass = G_PARAM_SPEC_ENUM (spec)->enum_class;

  for (guint i = 0; i < klass->n_values; i++) {
    g_autoptr (GstStructure) stats = NULL;
    g_autoptr (GstContext) context = gst_session_table_context_new ();
    gst_element_set_context (sink, context);
    g_object_set (sink, "backend", klass->values[i].value, NULL);
    gst_element_set_state (sink, GST_STATE_READY);
    gst_element_set_state (sink, GST_STATE_PAUSED);
    g_object_get (sink, "stats", &stats, NULL);
    g_assert_cmpstr (gst_structure_get_string (stats, "backend"), ==,
        klass->values[i].value_nick);
    gst_element_set_state (sink, GST_STATE_NULL);
  }
  g_assert_cmpuint (klass->n_values, >, 5);
}

/* ---- Loop-back */

/* Buffers of any size come back as frames, all of them, sample for sample. */
static void
test_loop_back (void)
{
  static const guint sizes[] = { 80, 160, 480, 37, 123, 160, 1600, 160 };
  g_autoptr (GByteArray) in = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GstContext) context = gst_session_table_context_new ();
  guint n = 0;

  half_make (&ear, "aiagentsink", context);
  half_make (&mouth, "aiagentsrc", context);
  gst_util_set_object_arg (G_OBJECT (mouth.element), "backend", "echo");
  gst_child_proxy_set (GST_CHILD_PROXY (mouth.element), "backend::mode", 1,
      NULL);
  half_play (&mouth, NULL, RAW_8K);
  half_play (&ear, RAW_8K, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint at = in->len;
    for (guint k = 0; k < sizes[i]; k++) {
      gint16 sample = synthetic_voice (n++, 8000);
      g_byte_array_append (in, (const guint8 *) &sample, 2);
    }
    hear (in->data + at, sizes[i] * 2, GST_CLOCK_TIME_NONE);
  }
  for (guint i = 0; i < in->len / 320; i++) {
    g_autoptr (GstBuffer) buffer = gst_harness_pull (mouth.harness);
    GstMapInfo map;
    g_assert_nonnull (buffer);
    g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_assert_cmpuint (map.size, ==, 320);
    g_byte_array_append (out, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
  }
  g_assert_cmpmem (out->data, out->len, in->data, out->len);
  g_assert_cmpuint (gst_harness_buffers_in_queue (mouth.harness), ==, 0);
  finish ();
}

/* ---- Ticks */

typedef struct
{
  guint spoken; /* frames */
  guint silent_within; /* between the first and the last of them */
  guint broken; /* PTS that do not follow */
} Heard;

static GstBuffer *
pull (GstClockTime *next, Heard *heard, guint *silent)
{
  GstBuffer *buffer = gst_harness_pull (mouth.harness);

  g_assert_nonnull (buffer);
  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, FRAME_TIME);
  if (GST_CLOCK_TIME_IS_VALID (*next) && GST_BUFFER_PTS (buffer) != *next)
    heard->broken++;
  *next = GST_BUFFER_PTS (buffer) + FRAME_TIME;
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP)) {
    (*silent)++;
  } else {
    if (heard->spoken)
      heard->silent_within += *silent;
    *silent = 0;
    heard->spoken++;
  }
  return buffer;
}

/* A burst leaves as frames without a break, and the hang-up behind them. */
static void
test_greeting_and_hang_up (void)
{
  GstClockTime next = GST_CLOCK_TIME_NONE;
  Heard heard = { 0 };
  guint silent = 0;
  GstEvent *event;
  gboolean hung_up = FALSE;

  begin ("[agent]\ngreeting=bye\n[answer bye]\naudio=tone:500,500\ntext=Bye\n"
         "tool=hang-up\n",
      RAW_8K, MULAW);
  gst_harness_push_event (ear.harness, call_event ("1", TRUE));
  for (guint i = 0; i < 35; i++) {
    g_autoptr (GstBuffer) buffer = pull (&next, &heard, &silent);
    g_assert_cmpuint (gst_buffer_get_size (buffer), ==, 160);
  }
  g_assert_cmpuint (heard.spoken, ==, 25);
  g_assert_cmpuint (heard.silent_within, ==, 0);
  g_assert_cmpuint (heard.broken, ==, 0);
  while ((event = gst_harness_try_pull_event (mouth.harness))) {
    GstVoiceControl control;
    hung_up |= gst_voice_control_event_parse (event, &control) &&
        control.action == GST_VOICE_CONTROL_HANG_UP;
    gst_event_unref (event);
  }
  g_assert_true (hung_up);
  gst_message_unref (wait_fact (&mouth, "aiagent/tool", "called"));
  const GstVoiceControlResult result = { GST_VOICE_CONTROL_HANG_UP, "bye",
    "accepted", NULL };
  gst_harness_push_upstream_event (mouth.harness,
      gst_voice_control_result_event_new (&result));
  gst_message_unref (wait_fact (&mouth, "aiagent/tool", "done"));
  finish ();
}

static guint order_spoken, order_at_hang_up;

static GstPadProbeReturn
watch_order (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstVoiceControl control;

  if (GST_IS_BUFFER (info->data))
    order_spoken += !GST_BUFFER_FLAG_IS_SET (info->data, GST_BUFFER_FLAG_GAP);
  else if (gst_voice_control_event_parse (info->data, &control))
    order_at_hang_up = order_spoken;
  return GST_PAD_PROBE_OK;
}

static void
test_hang_up_is_behind_last_word (void)
{
  GstClockTime next = GST_CLOCK_TIME_NONE;
  Heard heard = { 0 };
  guint silent = 0;

  begin ("[agent]\ngreeting=bye\n[answer bye]\naudio=tone:500,300\n"
         "tool=hang-up\n",
      RAW_8K, RAW_8K);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (mouth.element, "src");
  order_spoken = order_at_hang_up = 0;
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      watch_order, NULL, NULL);
  gst_harness_push_event (ear.harness, call_event ("1", TRUE));
  for (guint i = 0; i < 25; i++)
    gst_buffer_unref (pull (&next, &heard, &silent));
  finish ();
  g_assert_cmpuint (order_at_hang_up, ==, 300 / 20);
}

/* The caller's turn comes back; his frames are paced by the agent's. */
static void
test_echo_turn (void)
{
  GstClockTime next = GST_CLOCK_TIME_NONE, pts = 0;
  Heard heard = { 0 };
  guint silent = 0, voice_at = 0;

  begin (NULL, RAW_16K, RAW_8K);
  gst_harness_push_event (ear.harness, call_event ("1", TRUE));
  for (guint i = 0; i < 95; i++, pts += FRAME_TIME) {
    gint16 samples[320] = { 0 };
    for (guint k = 0; i >= 10 && i < 30 && k < 320; k++)
      samples[k] = synthetic_voice (voice_at++, 16000);
    hear (samples, sizeof samples, pts);
    gst_buffer_unref (pull (&next, &heard, &silent));
  }
  g_assert_cmpuint (heard.spoken, >=, 20);
  g_assert_cmpuint (heard.silent_within, ==, 0);
  g_autoptr (GstMessage) message =
      wait_fact (&mouth, "aiagent/turn", "response-started");
  guint64 turn_around = 0;
  g_assert_true (gst_structure_get_uint64 (gst_message_get_structure (message),
      "turn-around", &turn_around));
  g_assert_cmpuint (element_counter (ear.element, "turns"), ==, 1);
  g_assert_cmpuint (element_counter (mouth.element, "answers"), ==, 1);
  finish ();
}

/* What was on its way is taken; then nothing comes for three frames. */
static void
until_silent (void)
{
  for (guint tries = 0;; tries++) {
    while (gst_harness_buffers_in_queue (mouth.harness))
      gst_buffer_unref (gst_harness_pull (mouth.harness));
    g_usleep (60000);
    if (!gst_harness_buffers_in_queue (mouth.harness))
      return;
    g_assert_cmpuint (tries, <, 100);
  }
}

/* Call after call on the same elements; nothing flows in between. */
static void
test_two_calls (void)
{
  Heard heard = { 0 };
  guint silent = 0;

  begin ("[agent]\ngreeting=hi\nrate=16000\n[answer hi]\naudio=tone:500,100\n",
      RAW_8K, RAW_48K);
  for (guint call = 0; call < 2; call++) {
    GstClockTime next = GST_CLOCK_TIME_NONE;
    heard = (Heard){ 0 };
    gst_harness_push_event (ear.harness, call_event (call ? "2" : "1", TRUE));
    for (guint i = 0; i < 12; i++) {
      g_autoptr (GstBuffer) buffer = pull (&next, &heard, &silent);
      g_assert_true (
          i > 0 || GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT));
      g_assert_cmpuint (gst_buffer_get_size (buffer), ==, 1920);
    }
    /* One more carries what the resampler held. */
    g_assert_cmpuint (heard.spoken, >=, 5);
    g_assert_cmpuint (heard.spoken, <=, 6);
    gst_harness_push_event (ear.harness, call_event (call ? "2" : "1", FALSE));
    until_silent ();
  }
  g_assert_cmpuint (element_counter (ear.element, "dialogues"), ==, 2);
  finish ();
}

static void
test_digit_and_interrupt (void)
{
  gboolean interrupted = FALSE;

  begin ("[agent]\nthink-time=0\ndigit-5=a\n[answer a]\naudio=tone:500,9000\n",
      RAW_8K, RAW_8K);
  gst_harness_push_event (ear.harness, call_event ("1", TRUE));
  gst_harness_push_event (ear.harness, gst_voice_dtmf_event_new ('5', 100));
  gst_message_unref (wait_fact (&mouth, "aiagent/turn", "response-started"));
  g_signal_emit_by_name (ear.element, "interrupt", &interrupted);
  g_assert_true (interrupted);
  gst_message_unref (wait_fact (&mouth, "aiagent/turn", "interrupted"));
  g_signal_emit_by_name (mouth.element, "interrupt", &interrupted);
  g_assert_false (interrupted);
  finish ();
}

/* A file read as raw audio: bytes, and no times. */
static void
test_bytes_segment (void)
{
  GstSegment segment;
  guint voice_at = 0;

  begin (NULL, RAW_8K, RAW_8K);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (ear.harness, gst_event_new_segment (&segment));
  for (guint i = 0; i < 75; i++) {
    gint16 samples[160] = { 0 };
    for (guint k = 0; i >= 10 && i < 40 && k < 160; k++)
      samples[k] = synthetic_voice (voice_at++, 8000);
    hear (samples, sizeof samples, i == 0 ? 0 : GST_CLOCK_TIME_NONE);
  }
  g_autoptr (GstMessage) message =
      wait_fact (&mouth, "aiagent/turn", "speech-stopped");
  guint64 end = 0;
  g_assert_true (gst_structure_get_uint64 (gst_message_get_structure (message),
      "speech-end", &end));
  g_assert_cmpuint (end / GST_MSECOND, >=, 780);
  g_assert_cmpuint (end / GST_MSECOND, <=, 900);
  finish ();
}

static void
test_seek (void)
{
  begin (NULL, RAW_8K, RAW_8K);
  g_assert_false (gst_element_seek_simple (mouth.element, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SECOND));
  finish ();
}

/* ---- One half comes and goes */

#define LONG_GREETING \
  "[agent]\ngreeting=hi\nrate=16000\nburst=100\nburst-interval=40\n" \
  "[answer hi]\naudio=tone:500,60000\n"

static void
restart (GstElement *element)
{
  GstState state;

  gst_element_set_state (element, GST_STATE_READY);
  gst_element_set_state (element, GST_STATE_PLAYING);
  gst_element_get_state (element, &state, NULL, GST_CLOCK_TIME_NONE);
  g_assert_cmpint (state, ==, GST_STATE_PLAYING);
}

static void
wait_counter (GstElement *element, const gchar *field, guint64 value)
{
  for (guint i = 0; element_counter (element, field) < value; i++) {
    g_assert_cmpuint (i, <, 20000);
    g_usleep (1000);
  }
}

static void
add_size (GstElement *sink, GstBuffer *buffer, GstPad *pad, gsize *bytes)
{
  *bytes += gst_buffer_get_size (buffer);
}

static void
wait_all_sent (GstElement *line)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (line), "agent");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  GstEvent *end = NULL;

  for (guint i = 0; !end && i < 10000; i++) {
    end = gst_pad_get_sticky_event (pad, GST_EVENT_EOS, 0);
    g_usleep (1000);
  }
  g_assert_nonnull (end);
  gst_event_unref (end);
}

/* The end comes behind the last frame, however fast a file is; also with @paused, where
 * all of it comes before anybody plays. */
static void
test_loop_back_of_file (gconstpointer paused)
{
  g_autoptr (GError) error = NULL;
  gsize bytes = 0;
  g_autoptr (GstElement) line = gst_parse_launch (
      "audiotestsrc num-buffers=500 samplesperbuffer=160 ! "
      "audio/x-raw,rate=8000,channels=1,format=S16LE ! "
      "aiagentsink name=agent backend=echo backend::mode=loop-back "
      "aiagentsrc ! audio/x-raw,rate=8000 ! "
      "fakesink name=out sync=false async=false signal-handoffs=true",
      &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (line), "out");
  g_autoptr (GstBus) bus = gst_element_get_bus (line);

  g_signal_connect (out, "handoff", G_CALLBACK (add_size), &bytes);
  if (paused) {
    gst_element_set_state (line, GST_STATE_PAUSED);
    wait_all_sent (line);
  }
  gst_element_set_state (line, GST_STATE_PLAYING);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
      60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (line, GST_STATE_NULL);
  g_assert_cmpuint (bytes, ==, 500 * 160 * 2);
}

/* What is set in READY counts from the next start on, and must agree by then. */
static void
test_changed_in_ready (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) line = gst_parse_launch (
      "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! "
      "aiagentsink name=ear min-speech=40 aiagentsrc name=mouth min-speech=40 ! "
      "fakesink sync=false async=false",
      &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (line), "ear");
  g_autoptr (GstElement) src = gst_bin_get_by_name (GST_BIN (line), "mouth");

  gst_element_set_state (line, GST_STATE_READY);
  gst_util_set_object_arg (G_OBJECT (sink), "backend", "echo");
  g_object_set (sink, "min-speech", 50, NULL);
  g_object_set (src, "min-speech", 50, NULL);
  restart (line);
  g_autoptr (GObject) backend =
      gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (src), "backend");
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (backend), ==, "AgentEcho");
  gst_element_set_state (line, GST_STATE_READY);
  g_object_set (src, "min-speech", 70, NULL);
  g_assert_cmpint (gst_element_set_state (line, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (line, GST_STATE_NULL);
}

/* The caller's audio comes as fast as it can, so that some is always on its way. */
static void
test_restart_src (void)
{
  g_autofree gchar *path = write_script (LONG_GREETING);
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc samplesperbuffer=160 wave=silence ! "
      "audio/x-raw,rate=8000,channels=1 ! aiagentsink name=ear "
      "aiagentsrc name=mouth backend=script backend::agent-file=%s ! "
      "fakesink sync=false async=false",
      path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (pipeline), "mouth");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_counter (src, "frames-spoken", 2);
  for (guint i = 0; i < 20; i++) {
    restart (src);
    wait_counter (src, "frames-spoken",
        element_counter (src, "frames-spoken") + 2);
  }
  g_assert_cmpuint (element_counter (src, "dialogues"), ==, 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_remove (path);
}

static void
test_restart_sink (void)
{
  gint16 samples[160] = { 0 };

  begin (LONG_GREETING, RAW_8K, RAW_8K);
  hear (samples, sizeof samples, 0);
  wait_counter (mouth.element, "frames-spoken", 1);
  for (guint i = 0; i < 20; i++) {
    restart (ear.element);
    hear (samples, sizeof samples, i * FRAME_TIME);
    wait_counter (mouth.element, "frames-spoken",
        element_counter (mouth.element, "frames-spoken") + 1);
  }
  g_assert_cmpuint (element_counter (ear.element, "dialogues"), ==, 1);
  g_assert_cmpuint (element_counter (ear.element, "frames-in"), ==, 21);
  finish ();
}

/* ---- Both halves choose */

static void
play_and_hear_greeting (const gchar *ear_line, const gchar *mouth_line)
{
  g_autofree gchar *line = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=160 wave=silence ! "
      "audio/x-raw,rate=8000,channels=1 ! aiagentsink name=ear %s "
      "aiagentsrc name=mouth %s ! fakesink sync=false async=false",
      ear_line, mouth_line);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "ear");
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (pipeline), "mouth");
  /* As an inspector does; nobody has chosen anything by that. */
  g_object_unref (
      gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (sink), 0));
  g_object_unref (
      gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (src), 0));
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), !=,
      GST_STATE_CHANGE_FAILURE);
  wait_counter (src, "frames-spoken", 2);
  /* There is one backend now, whoever is asked. */
  g_autoptr (GObject) one =
      gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (sink), 0);
  g_autoptr (GObject) other =
      gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (src), 0);
  g_assert_true (one == other);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
test_both_choose (void)
{
  g_autofree gchar *path = write_script (LONG_GREETING);
  g_autofree gchar *full =
      g_strdup_printf ("backend=script backend::agent-file=%s", path);

  play_and_hear_greeting ("backend=script", full);
  play_and_hear_greeting (full, "backend=script");
  play_and_hear_greeting (full, full);
  play_and_hear_greeting (full, "");
  play_and_hear_greeting ("", full);
  g_remove (path);
}

/* ---- Whole pipelines */

static void
test_eos (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "audiotestsrc num-buffers=10 is-live=true samplesperbuffer=160 "
      "wave=silence ! audio/x-raw,rate=8000,channels=1 ! aiagentsink backend=echo "
      "aiagentsrc ! fakesink sync=false",
      &error);
  g_assert_no_error (error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
      10 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* Torn down at any moment, with and without a frame under way. */
static void
test_tear_down (gconstpointer mode)
{
  for (guint i = 0; i < 30; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *line =
        g_strdup_printf ("audiotestsrc is-live=true samplesperbuffer=80 ! "
                         "audio/x-raw,rate=8000,channels=1 ! "
                         "aiagentsink backend=echo backend::mode=%s "
                         "aiagentsrc ! fakesink sync=false async=false",
            (const gchar *) mode);
    g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
    g_assert_no_error (error);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    g_usleep (i * 2500);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aiagent-pair/is-an-agent", test_is_an_agent);
  g_test_add_func ("/aiagent-pair/names", test_names);
  g_test_add_func ("/aiagent-pair/loop-back", test_loop_back);
  g_test_add_func ("/aiagent-pair/greeting", test_greeting_and_hang_up);
  g_test_add_func ("/aiagent-pair/hang-up-order",
      test_hang_up_is_behind_last_word);
  g_test_add_func ("/aiagent-pair/echo-turn", test_echo_turn);
  g_test_add_func ("/aiagent-pair/two-calls", test_two_calls);
  g_test_add_func ("/aiagent-pair/digit-interrupt", test_digit_and_interrupt);
  g_test_add_func ("/aiagent-pair/bytes-segment", test_bytes_segment);
  g_test_add_func ("/aiagent-pair/seek", test_seek);
  g_test_add_data_func ("/aiagent-pair/loop-back-of-file", NULL,
      test_loop_back_of_file);
  g_test_add_data_func ("/aiagent-pair/loop-back-of-file-paused",
      GINT_TO_POINTER (TRUE), test_loop_back_of_file);
  g_test_add_func ("/aiagent-pair/changed-in-ready", test_changed_in_ready);
  g_test_add_func ("/aiagent-pair/restart/src", test_restart_src);
  g_test_add_func ("/aiagent-pair/restart/sink", test_restart_sink);
  g_test_add_func ("/aiagent-pair/both-choose", test_both_choose);
  g_test_add_func ("/aiagent-pair/eos", test_eos);
  g_test_add_data_func ("/aiagent-pair/tear-down/turn", "turn", test_tear_down);
  g_test_add_data_func ("/aiagent-pair/tear-down/loop-back", "loop-back",
      test_tear_down);
  return g_test_run ();
}
