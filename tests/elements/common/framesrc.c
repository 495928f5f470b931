/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The contract of GstFrameSrc in virtual time: a manual loop, a test clock, and a
 * pad that writes down what reaches it. */

#include "common/frame/gstframesrc.h"
#include "common/event/gstvoiceevents.h"
#include "mock/tickingsrc.h"

#include <gst/check/gsttestclock.h>

#define RAW(rate) \
  "audio/x-raw, format=S16LE, layout=interleaved, rate=" rate ", channels=1"

typedef struct
{
  GstElement *src;
  MediaLoop *loop;
  gint64 now;
  GstClock *clock;
  GstBus *bus;
  GstPad *sink;
  GString *log; /* one word per event and buffer */
  GstCaps *accepts; /* what the sink's CAPS query answers */
  gboolean stubborn; /* and yet nothing that is asked by ACCEPT_CAPS */
  GstFlowReturn answer;
  gboolean reconfigure; /* asked for during the next frame */
  guint group_id;
} Rig;

/* ---- What the sink pad sees */

static void
note (Rig *rig, const gchar *word)
{
  g_string_append_printf (rig->log, "%s%s", rig->log->len ? " " : "", word);
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Rig *rig = gst_pad_get_element_private (pad);

  note (rig, GST_BUFFER_IS_DISCONT (buffer) ? "Frame" : "frame");
  g_string_append_printf (rig->log, "@%" G_GUINT64_FORMAT,
      GST_BUFFER_PTS (buffer) / GST_MSECOND);
  gst_buffer_unref (buffer);
  if (rig->reconfigure)
    gst_pad_push_event (pad, gst_event_new_reconfigure ());
  rig->reconfigure = FALSE;
  return rig->answer;
}

static gboolean
sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Rig *rig = gst_pad_get_element_private (pad);
  const GstSegment *segment;
  GstCaps *caps;
  gint rate = 0;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      g_assert_true (gst_event_parse_group_id (event, &rig->group_id));
      note (rig, "start");
      break;
    case GST_EVENT_CAPS:
      gst_event_parse_caps (event, &caps);
      gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
      note (rig, "caps");
      g_string_append_printf (rig->log, ":%d", rate);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_parse_segment (event, &segment);
      g_assert_cmpint (segment->format, ==, GST_FORMAT_TIME);
      note (rig, "segment");
      break;
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      note (rig, gst_structure_get_name (gst_event_get_structure (event)));
      break;
    default:
      note (rig, GST_EVENT_TYPE_NAME (event));
      break;
  }
  gst_event_unref (event);
  return TRUE;
}

static gboolean
sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  Rig *rig = gst_pad_get_element_private (pad);
  GstCaps *filter;

  if (GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS && rig->stubborn) {
    gst_query_set_accept_caps_result (query, FALSE);
    return TRUE;
  }
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return gst_pad_query_default (pad, parent, query);
  gst_query_parse_caps (query, &filter);
  g_autoptr (GstCaps) caps = filter
      ? gst_caps_intersect_full (rig->accepts, filter, GST_CAPS_INTERSECT_FIRST)
      : gst_caps_ref (rig->accepts);
  gst_query_set_caps_result (query, caps);
  return TRUE;
}

/* What was noted since the last call. */
static void
assert_log (Rig *rig, const gchar *expected)
{
  g_assert_cmpstr (rig->log->str, ==, expected);
  g_string_truncate (rig->log, 0);
}

/* ---- The rig */

static void
accept_caps (Rig *rig, const gchar *caps)
{
  gst_clear_caps (&rig->accepts);
  rig->accepts = gst_caps_from_string (caps);
}

static void
link_sink (Rig *rig)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (rig->src, "src");

  rig->sink = gst_pad_new ("sink", GST_PAD_SINK);
  gst_pad_set_element_private (rig->sink, rig);
  gst_pad_set_chain_function (rig->sink, chain);
  gst_pad_set_event_function (rig->sink, sink_event);
  gst_pad_set_query_function (rig->sink, sink_query);
  gst_pad_set_active (rig->sink, TRUE);
  g_assert_cmpint (gst_pad_link (src, rig->sink), ==, GST_PAD_LINK_OK);
}

static void
rig_init (Rig *rig)
{
  *rig = (Rig){ 0 };
  rig->loop = media_loop_new_manual (0);
  rig->src = gst_object_ref_sink (ticking_src_new (rig->loop));
  gst_object_set_name (GST_OBJECT (rig->src), "voice");
  rig->clock = gst_test_clock_new ();
  rig->bus = gst_bus_new ();
  rig->log = g_string_new (NULL);
  accept_caps (rig, GST_VOICE_CAPS);
  gst_element_set_bus (rig->src, rig->bus);
  gst_element_set_clock (rig->src, rig->clock);
  gst_element_set_base_time (rig->src, 0);
  link_sink (rig);
}

static void
rig_clear (Rig *rig)
{
  gst_element_set_state (rig->src, GST_STATE_NULL);
  gst_element_set_bus (rig->src, NULL);
  gst_bus_set_flushing (rig->bus, TRUE);
  media_loop_step (rig->loop, rig->now);
  gst_pad_set_active (rig->sink, FALSE);
  gst_object_unref (rig->sink);
  g_assert_cmpint (GST_OBJECT_REFCOUNT (rig->src), ==, 1);
  gst_object_unref (rig->src);
  gst_object_unref (rig->clock);
  gst_object_unref (rig->bus);
  gst_caps_unref (rig->accepts);
  g_string_free (rig->log, TRUE);
  media_loop_unref (rig->loop);
}

static void
set_state (Rig *rig, GstState state, GstStateChangeReturn expected)
{
  g_assert_cmpint (gst_element_set_state (rig->src, state), ==, expected);
}

static void
play (Rig *rig)
{
  set_state (rig, GST_STATE_PAUSED, GST_STATE_CHANGE_NO_PREROLL);
  set_state (rig, GST_STATE_PLAYING, GST_STATE_CHANGE_SUCCESS);
}

/* One frame later. The ticks fall on 20, 40, ... */
static void
step (Rig *rig)
{
  rig->now += MEDIA_LOOP_FRAME;
  gst_test_clock_set_time (GST_TEST_CLOCK (rig->clock),
      (GstClockTime) rig->now);
  media_loop_step (rig->loop, rig->now);
}

/* The next message of @type; (transfer full), NULL if there is none. */
static GstMessage *
pop (Rig *rig, GstMessageType type)
{
  return gst_bus_pop_filtered (rig->bus, type);
}

static void
assert_one_error (Rig *rig, GQuark domain, gint code, const gchar *text)
{
  g_autoptr (GstMessage) message = pop (rig, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (pop (rig, GST_MESSAGE_ERROR));
}

static void
queue_call (Rig *rig)
{
  const GstVoiceCall call = {
    .state = GST_VOICE_CALL_ANSWERED,
    .call_id = "1",
    .channel = "sip",
    .from = "a",
    .to = "b",
  };

  gst_frame_src_queue_event (GST_FRAME_SRC (rig->src),
      gst_voice_call_event_new (&call));
}

static void
queue_digit (Rig *rig)
{
  gst_frame_src_queue_event (GST_FRAME_SRC (rig->src),
      gst_voice_dtmf_event_new ('5', 0));
}

/* ---- Tests */

static void
test_begin (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  assert_log (&rig, "");
  step (&rig);
  assert_log (&rig, "start caps:8000 segment Frame@20");
  step (&rig);
  step (&rig);
  assert_log (&rig, "frame@40 frame@60");
  g_assert_cmpuint (ticking_src_get_formats (TICKING_SRC (rig.src)), ==, 1);
  rig_clear (&rig);
}

static void
test_pause (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment Frame@20");
  set_state (&rig, GST_STATE_PAUSED, GST_STATE_CHANGE_NO_PREROLL);
  GstFlowReturn flow =
      gst_frame_src_push (GST_FRAME_SRC (rig.src), gst_buffer_new ());
  g_assert_cmpint (flow, ==, GST_FLOW_FLUSHING);
  step (&rig);
  assert_log (&rig, "");
  set_state (&rig, GST_STATE_PLAYING, GST_STATE_CHANGE_SUCCESS);
  step (&rig);
  step (&rig);
  assert_log (&rig, "Frame@60 frame@80");
  rig_clear (&rig);
}

static void
test_restart (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  step (&rig);
  guint first = rig.group_id;
  queue_call (&rig);
  set_state (&rig, GST_STATE_READY, GST_STATE_CHANGE_SUCCESS);
  g_assert_null (gst_frame_src_dup_loop (GST_FRAME_SRC (rig.src)));
  g_string_truncate (rig.log, 0);
  gst_pad_set_active (rig.sink, FALSE);
  gst_pad_set_active (rig.sink, TRUE);
  play (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment Frame@40");
  g_assert_cmpuint (rig.group_id, !=, first);
  rig_clear (&rig);
}

static void
test_event_order (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  queue_call (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment voice-call Frame@20");
  queue_digit (&rig);
  step (&rig);
  queue_digit (&rig);
  g_assert_true (gst_element_send_event (rig.src, gst_event_new_eos ()));
  queue_digit (&rig);
  step (&rig);
  step (&rig);
  assert_log (&rig, "dtmf-event frame@40 dtmf-event eos");
  g_assert_cmpint (ticking_src_get_flow (TICKING_SRC (rig.src)), ==,
      GST_FLOW_EOS);
  g_assert_null (pop (&rig, GST_MESSAGE_ERROR));
  rig_clear (&rig);
}

/* The call may come before any frame: whoever hears of it knows the format. */
static void
test_event_before_frames (void)
{
  Rig rig;

  rig_init (&rig);
  ticking_src_set_idle (TICKING_SRC (rig.src), TRUE);
  play (&rig);
  queue_call (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment voice-call");
  rig_clear (&rig);
}

static void
test_eos_before_frames (void)
{
  Rig rig;

  rig_init (&rig);
  ticking_src_set_idle (TICKING_SRC (rig.src), TRUE);
  g_assert_false (gst_element_send_event (rig.src, gst_event_new_eos ()));
  play (&rig);
  g_assert_true (gst_element_send_event (rig.src, gst_event_new_eos ()));
  assert_log (&rig, ""); /* not on the caller's thread */
  step (&rig);
  assert_log (&rig, "start caps:8000 segment eos");
  rig_clear (&rig);
}

static void
test_event_while_paused (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  step (&rig);
  set_state (&rig, GST_STATE_PAUSED, GST_STATE_CHANGE_NO_PREROLL);
  g_string_truncate (rig.log, 0);
  queue_digit (&rig);
  step (&rig);
  assert_log (&rig, "");
  ticking_src_set_idle (TICKING_SRC (rig.src), TRUE);
  set_state (&rig, GST_STATE_PLAYING, GST_STATE_CHANGE_SUCCESS);
  step (&rig);
  assert_log (&rig, "dtmf-event");
  rig_clear (&rig);
}

static void
test_flush (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  step (&rig);
  guint group_id = rig.group_id;
  g_string_truncate (rig.log, 0);
  gst_element_send_event (rig.src, gst_event_new_flush_start ());
  step (&rig);
  g_assert_cmpint (ticking_src_get_flow (TICKING_SRC (rig.src)), ==,
      GST_FLOW_FLUSHING);
  gst_element_send_event (rig.src, gst_event_new_flush_stop (FALSE));
  step (&rig);
  step (&rig);
  assert_log (&rig,
      "flush-start flush-stop start caps:8000 segment Frame@60 frame@80");
  g_assert_cmpuint (rig.group_id, ==, group_id);
  g_assert_null (pop (&rig, GST_MESSAGE_ERROR));
  rig_clear (&rig);
}

static void
test_renegotiation (void)
{
  Rig rig;

  rig_init (&rig);
  accept_caps (&rig, RAW ("16000"));
  play (&rig);
  step (&rig);
  assert_log (&rig, "start caps:16000 segment Frame@20");
  accept_caps (&rig, RAW ("24000"));
  step (&rig);
  assert_log (&rig, "frame@40"); /* not asked again without a reason */
  gst_pad_push_event (rig.sink, gst_event_new_reconfigure ());
  step (&rig);
  assert_log (&rig, "caps:24000 frame@60");
  gst_pad_push_event (rig.sink, gst_event_new_reconfigure ());
  step (&rig);
  assert_log (&rig, "frame@80"); /* nothing new */
  accept_caps (&rig, GST_VOICE_CAPS);
  ticking_src_set_caps (TICKING_SRC (rig.src), RAW ("48000"));
  gst_frame_src_renegotiate (GST_FRAME_SRC (rig.src));
  step (&rig);
  assert_log (&rig, "caps:48000 frame@100");
  ticking_src_set_caps (TICKING_SRC (rig.src), RAW ("8000"));
  rig.stubborn = TRUE;
  gst_frame_src_renegotiate (GST_FRAME_SRC (rig.src));
  step (&rig);
  assert_log (&rig, "frame@120"); /* as it was */
  rig_clear (&rig);
}

/* A refusal that comes with a RECONFIGURE is a question, not an error. */
static void
test_refused_once (void)
{
  Rig rig;

  rig_init (&rig);
  play (&rig);
  step (&rig);
  g_string_truncate (rig.log, 0);
  accept_caps (&rig, RAW ("16000"));
  rig.answer = GST_FLOW_NOT_NEGOTIATED;
  rig.reconfigure = TRUE;
  step (&rig);
  rig.answer = GST_FLOW_OK;
  step (&rig);
  assert_log (&rig, "frame@40 caps:16000 Frame@60");
  g_assert_null (pop (&rig, GST_MESSAGE_ERROR));
  rig_clear (&rig);
}

/* As a stalled network does: times that were given out come again. */
static void
push_at (Rig *rig, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 320, NULL);

  gst_buffer_memset (buffer, 0, 0, 320);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = MEDIA_LOOP_FRAME;
  gst_frame_src_push (GST_FRAME_SRC (rig->src), buffer);
}

static void
play_idle (Rig *rig)
{
  ticking_src_set_idle (TICKING_SRC (rig->src), TRUE);
  play (rig);
}

static void
set_clock (Rig *rig, GstClockTime time)
{
  gst_test_clock_set_time (GST_TEST_CLOCK (rig->clock), time);
}

/* However far: only the clock knows of another timeline. */
static void
test_time_given_out (void)
{
  Rig rig;

  rig_init (&rig);
  play_idle (&rig);
  set_clock (&rig, 5 * GST_SECOND);
  push_at (&rig, 5 * GST_SECOND);
  push_at (&rig, 2 * GST_SECOND);
  set_clock (&rig, 5 * GST_SECOND + 20 * GST_MSECOND);
  push_at (&rig, 5 * GST_SECOND + 20 * GST_MSECOND);
  push_at (&rig, 5 * GST_SECOND + 40 * GST_MSECOND);
  assert_log (&rig, "start caps:8000 segment Frame@5000 Frame@5020 frame@5040");
  rig_clear (&rig);
}

/* Running time begins anew, as behind a flushing seek of another branch. */
static void
test_clock_set_back (void)
{
  Rig rig;

  rig_init (&rig);
  play_idle (&rig);
  set_clock (&rig, 5 * GST_SECOND);
  push_at (&rig, 5 * GST_SECOND);
  gst_element_set_base_time (rig.src, 5 * GST_SECOND);
  push_at (&rig, 5 * GST_SECOND + 20 * GST_MSECOND); /* made just before */
  push_at (&rig, 0);
  push_at (&rig, 20 * GST_MSECOND);
  push_at (&rig, 0);
  assert_log (&rig,
      "start caps:8000 segment Frame@5000 frame@5020 Frame@0 frame@20");
  rig_clear (&rig);
}

static void
test_clock_a_little_back (void)
{
  Rig rig;

  rig_init (&rig);
  play_idle (&rig);
  set_clock (&rig, 5 * GST_SECOND);
  push_at (&rig, 5 * GST_SECOND);
  gst_element_set_base_time (rig.src, 800 * GST_MSECOND);
  push_at (&rig, 4200 * GST_MSECOND);
  set_clock (&rig, 6 * GST_SECOND);
  push_at (&rig, 5200 * GST_MSECOND);
  assert_log (&rig, "start caps:8000 segment Frame@5000 Frame@5200");
  rig_clear (&rig);
}

/* Our order counts, not downstream's. */
static void
test_preference (void)
{
  Rig rig;

  rig_init (&rig);
  ticking_src_set_caps (TICKING_SRC (rig.src),
      RAW ("24000") "; " RAW ("{ 8000, 16000 }") "; " RAW ("48000"));
  accept_caps (&rig,
      RAW ("48000") "; " RAW ("{ 16000, 8000 }") "; " RAW ("24000"));
  play (&rig);
  step (&rig);
  assert_log (&rig, "start caps:24000 segment Frame@20");
  rig_clear (&rig);
}

static void
test_no_common_format (void)
{
  Rig rig;

  rig_init (&rig);
  accept_caps (&rig, "audio/x-raw, rate=44100");
  play (&rig);
  step (&rig);
  step (&rig);
  assert_log (&rig, "start");
  assert_one_error (&rig, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "What follows voice:src takes none");
  rig_clear (&rig);
}

static void
test_flow_error (void)
{
  Rig rig;

  rig_init (&rig);
  rig.answer = GST_FLOW_ERROR;
  play (&rig);
  step (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment Frame@20 eos");
  assert_one_error (&rig, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "");
  rig_clear (&rig);
}

static void
test_not_linked (void)
{
  Rig rig;

  rig_init (&rig);
  g_autoptr (GstPad) src = gst_element_get_static_pad (rig.src, "src");
  gst_pad_unlink (src, rig.sink);
  play (&rig);
  step (&rig);
  step (&rig);
  assert_one_error (&rig, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      "Nothing is linked to voice:src.");
  rig_clear (&rig);
}

static void
test_downstream_has_enough (void)
{
  Rig rig;

  rig_init (&rig);
  rig.answer = GST_FLOW_EOS;
  play (&rig);
  step (&rig);
  step (&rig);
  assert_log (&rig, "start caps:8000 segment Frame@20 eos");
  g_assert_null (pop (&rig, GST_MESSAGE_ERROR));
  rig_clear (&rig);
}

static void
test_latency (void)
{
  Rig rig;
  GstClockTime min, max;
  gboolean live;
  g_autoptr (GstQuery) query = gst_query_new_latency ();

  rig_init (&rig);
  gst_frame_src_set_latency (GST_FRAME_SRC (rig.src), 30 * GST_MSECOND,
      GST_CLOCK_TIME_NONE);
  gst_frame_src_set_latency (GST_FRAME_SRC (rig.src), 30 * GST_MSECOND,
      GST_CLOCK_TIME_NONE);
  GstMessage *message = pop (&rig, GST_MESSAGE_LATENCY);
  g_assert_nonnull (message);
  gst_message_unref (message);
  g_assert_null (pop (&rig, GST_MESSAGE_LATENCY)); /* it did not change */
  play (&rig);
  g_assert_true (gst_pad_peer_query (rig.sink, query));
  gst_query_parse_latency (query, &live, &min, &max);
  g_assert_true (live);
  g_assert_cmpuint (min, ==, 30 * GST_MSECOND);
  g_assert_cmpuint (max, ==, GST_CLOCK_TIME_NONE);
  rig_clear (&rig);
}

static void
test_running_time (void)
{
  Rig rig;

  rig_init (&rig);
  GstFrameSrc *src = GST_FRAME_SRC (rig.src);
  g_assert_cmpuint (gst_frame_src_running_time (src, 0), ==,
      GST_CLOCK_TIME_NONE);
  play (&rig);
  step (&rig);
  /* The pipeline's clock stands elsewhere than the loop's. */
  gst_test_clock_set_time (GST_TEST_CLOCK (rig.clock), GST_SECOND);
  gst_element_set_base_time (rig.src, 300 * GST_MSECOND);
  g_assert_cmpuint (gst_frame_src_running_time (src, rig.now), ==,
      700 * GST_MSECOND);
  g_assert_cmpuint (gst_frame_src_running_time (src, rig.now - 5000000), ==,
      695 * GST_MSECOND);
  g_assert_cmpuint (gst_frame_src_running_time (src, rig.now + 5000000), ==,
      705 * GST_MSECOND);
  g_assert_cmpuint (gst_frame_src_running_time (src, -GST_SECOND), ==, 0);
  gst_test_clock_set_time (GST_TEST_CLOCK (rig.clock), 2 * GST_SECOND);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/framesrc/begin", test_begin);
  g_test_add_func ("/framesrc/pause", test_pause);
  g_test_add_func ("/framesrc/restart", test_restart);
  g_test_add_func ("/framesrc/event-order", test_event_order);
  g_test_add_func ("/framesrc/event-before-frames", test_event_before_frames);
  g_test_add_func ("/framesrc/eos-before-frames", test_eos_before_frames);
  g_test_add_func ("/framesrc/event-while-paused", test_event_while_paused);
  g_test_add_func ("/framesrc/flush", test_flush);
  g_test_add_func ("/framesrc/renegotiation", test_renegotiation);
  g_test_add_func ("/framesrc/refused-once", test_refused_once);
  g_test_add_func ("/framesrc/time-given-out", test_time_given_out);
  g_test_add_func ("/framesrc/clock-set-back", test_clock_set_back);
  g_test_add_func ("/framesrc/clock-a-little-back", test_clock_a_little_back);
  g_test_add_func ("/framesrc/preference", test_preference);
  g_test_add_func ("/framesrc/no-common-format", test_no_common_format);
  g_test_add_func ("/framesrc/flow-error", test_flow_error);
  g_test_add_func ("/framesrc/not-linked", test_not_linked);
  g_test_add_func ("/framesrc/enough", test_downstream_has_enough);
  g_test_add_func ("/framesrc/latency", test_latency);
  g_test_add_func ("/framesrc/running-time", test_running_time);
  return g_test_run ();
}
