/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* GstFrameSrc in real pipelines with real loops: what may block, end or come and
 * go while frames flow. */

#include "common/frame/gstframesrc.h"
#include "common/frame/gstvoicetime.h"
#include "mock/tickingsrc.h"

#include <gst/check/gsttestclock.h>

#define PATIENCE (30 * GST_SECOND)
#define CYCLES 20

typedef struct
{
  GstElement *pipeline;
  GstElement *src;
  GstElement *sink;
} Line;

/* A state change that waits for the loop would wait for ever. */
static void
set_state (GstElement *element, GstState state)
{
  GstStateChangeReturn result = gst_element_set_state (element, state);

  g_assert_cmpint (result, !=, GST_STATE_CHANGE_FAILURE);
}

static GstElement *
make (const gchar *factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  g_assert_nonnull (element);
  return element;
}

static void
add_chain (Line *line, MediaLoop *loop, GstElement *middle)
{
  line->src = ticking_src_new (loop);
  line->sink = make ("fakesink");
  g_object_set (line->sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (line->pipeline), line->src, line->sink, NULL);
  if (middle) {
    gst_bin_add (GST_BIN (line->pipeline), middle);
    g_assert_true (gst_element_link_many (line->src, middle, line->sink, NULL));
  } else {
    g_assert_true (gst_element_link (line->src, line->sink));
  }
}

static void
line_init (Line *line, GstElement *middle)
{
  line->pipeline = gst_pipeline_new (NULL);
  add_chain (line, NULL, middle);
}

static void
line_clear (Line *line)
{
  set_state (line->pipeline, GST_STATE_NULL);
  gst_object_unref (line->pipeline);
}

static guint
pushed (Line *line)
{
  return ticking_src_get_pushed (TICKING_SRC (line->src));
}

/* Waits until @n more frames have been taken. */
static void
wait_for_frames (Line *line, guint n)
{
  const guint until = pushed (line) + n;

  for (guint i = 0; pushed (line) < until; i++) {
    g_assert_cmpuint (i, <, 5000);
    g_usleep (1000);
  }
}

/* Waits until no frame has been taken for 100 ms. */
static void
wait_for_silence (Line *line)
{
  for (guint last = pushed (line) + 1; last != pushed (line);) {
    last = pushed (line);
    g_usleep (100000);
  }
}

static GstMessage *
pop (Line *line, GstMessageType types, GstClockTime timeout)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (line->pipeline);

  return gst_bus_timed_pop_filtered (bus, timeout, types);
}

static void
assert_no_complaint (Line *line)
{
  g_autoptr (GstMessage) message =
      pop (line, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING, 0);

  g_assert_null (message);
}

static void
assert_eos (Line *line)
{
  g_autoptr (GstMessage) message =
      pop (line, GST_MESSAGE_ERROR | GST_MESSAGE_EOS, PATIENCE);

  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
}

/* ---- Tests */

static void
test_pause (void)
{
  Line line;

  line_init (&line, NULL);
  set_state (line.pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 5; i++) {
    wait_for_frames (&line, 2);
    g_assert_cmpint (gst_element_set_state (line.pipeline, GST_STATE_PAUSED),
        ==, GST_STATE_CHANGE_NO_PREROLL);
    set_state (line.pipeline, GST_STATE_PLAYING);
  }
  wait_for_frames (&line, 2);
  assert_no_complaint (&line);
  line_clear (&line);
}

/* The sink waits for its preroll with our loop in it. */
static void
block (Line *line)
{
  set_state (line->pipeline, GST_STATE_PLAYING);
  wait_for_frames (line, 2);
  set_state (line->sink, GST_STATE_PAUSED);
  wait_for_silence (line);
}

static void
test_blocked_and_stopped (void)
{
  static const GstState ways[][3] = {
    { GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL },
    { GST_STATE_READY, GST_STATE_NULL, GST_STATE_NULL },
    { GST_STATE_NULL, GST_STATE_NULL, GST_STATE_NULL },
  };
  Line line;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    line_init (&line, NULL);
    block (&line);
    for (guint j = 0; j < 3; j++)
      set_state (line.pipeline, ways[i][j]);
    line_clear (&line);
  }
}

/* Pausing on purpose is no slow push. */
static void
test_blocked_and_resumed (void)
{
  Line line;

  line_init (&line, NULL);
  block (&line);
  set_state (line.src, GST_STATE_PAUSED);
  set_state (line.sink, GST_STATE_PLAYING);
  set_state (line.src, GST_STATE_PLAYING);
  wait_for_frames (&line, 2);
  assert_no_complaint (&line);
  line_clear (&line);
}

static void
test_slow_push (void)
{
  GstElement *slow = make ("identity");
  Line line;
  g_autoptr (GError) error = NULL;

  g_object_set (slow, "sleep-time", 30000, NULL);
  line_init (&line, slow);
  set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_frames (&line, 4);
  g_autoptr (GstMessage) message = pop (&line, GST_MESSAGE_WARNING, PATIENCE);
  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_nonnull (strstr (error->message, ":src held up"));
  g_assert_nonnull (strstr (error->message, "context"));
  assert_no_complaint (&line); /* once is enough */
  line_clear (&line);
}

static void
test_eos (void)
{
  Line line;

  line_init (&line, NULL);
  set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_frames (&line, 2);
  g_assert_true (gst_element_send_event (line.pipeline, gst_event_new_eos ()));
  assert_eos (&line);
  g_usleep (60000);
  g_assert_cmpint (ticking_src_get_flow (TICKING_SRC (line.src)), ==,
      GST_FLOW_EOS);
  line_clear (&line);
}

/* An interrupted `gst-launch -e` ends though nobody has called yet. */
static void
test_eos_before_frames (void)
{
  Line line;

  line_init (&line, make ("queue"));
  ticking_src_set_idle (TICKING_SRC (line.src), TRUE);
  set_state (line.pipeline, GST_STATE_PLAYING);
  g_assert_true (gst_element_send_event (line.pipeline, gst_event_new_eos ()));
  assert_eos (&line);
  line_clear (&line);
}

static void
test_flush (void)
{
  Line line;

  line_init (&line, NULL);
  set_state (line.pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 5; i++) {
    wait_for_frames (&line, 2);
    gst_element_send_event (line.src, gst_event_new_flush_start ());
    gst_element_send_event (line.src, gst_event_new_flush_stop (FALSE));
  }
  wait_for_frames (&line, 2);
  assert_no_complaint (&line);
  line_clear (&line);
}

static GstPadProbeReturn
note_rate (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gint *rate = data, value = 0;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &value);
    g_assert_cmpuint (gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)),
        ==, value / 50 * 2);
    g_atomic_int_set (rate, value);
  }
  return GST_PAD_PROBE_OK;
}

static void
test_new_filter_caps (void)
{
  static const gint rates[] = { 16000, 48000, 8000, 24000 };
  GstElement *filter = make ("capsfilter");
  gint rate = 0;
  Line line;

  line_init (&line, filter);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (line.sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_rate, &rate, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (GstCaps) caps =
        gst_caps_new_simple ("audio/x-raw", "rate", G_TYPE_INT, rates[i], NULL);
    g_object_set (filter, "caps", caps, NULL);
    set_state (line.pipeline, GST_STATE_PLAYING);
    wait_for_frames (&line, 4);
    g_assert_cmpint (g_atomic_int_get (&rate), ==, rates[i]);
  }
  assert_no_complaint (&line);
  line_clear (&line);
}

/* A source leaves a running pipeline, and comes back. */
static void
test_remove (void)
{
  Line line;

  line_init (&line, NULL);
  set_state (line.pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < CYCLES; i++) {
    if (i % 4 == 0)
      wait_for_frames (&line, 1);
    gst_object_ref (line.src);
    gst_element_unlink (line.src, line.sink);
    set_state (line.src, GST_STATE_NULL);
    g_assert_true (gst_bin_remove (GST_BIN (line.pipeline), line.src));
    g_assert_true (gst_bin_add (GST_BIN (line.pipeline), line.src));
    gst_object_unref (line.src);
    g_assert_true (gst_element_link (line.src, line.sink));
    g_assert_true (gst_element_sync_state_with_parent (line.src));
  }
  wait_for_frames (&line, 2);
  line_clear (&line);
}

/* Two sources on one loop and one on its own, in one pipeline. */
static void
test_loops (void)
{
  g_autoptr (MediaLoop) shared = media_loop_acquire ("framesrc-test");
  Line lines[3];

  lines[0].pipeline = lines[1].pipeline = lines[2].pipeline =
      gst_pipeline_new (NULL);
  add_chain (&lines[0], shared, NULL);
  add_chain (&lines[1], shared, NULL);
  add_chain (&lines[2], NULL, NULL);
  set_state (lines[0].pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 3; i++)
    wait_for_frames (&lines[i], 3);
  assert_no_complaint (&lines[0]);
  g_assert_true (
      gst_element_send_event (lines[0].pipeline, gst_event_new_eos ()));
  assert_eos (&lines[0]);
  line_clear (&lines[0]);
}

static void
set_flag (gpointer data, GObject *object)
{
  g_atomic_int_set ((gint *) data, TRUE);
}

/* Up and down; and the loop, which runs on for a moment, keeps nothing. */
static void
test_cycles (void)
{
  gint gone = FALSE;
  Line line;

  line_init (&line, NULL);
  g_object_weak_ref (G_OBJECT (line.src), set_flag, &gone);
  for (guint i = 0; i < CYCLES; i++) {
    set_state (line.pipeline, GST_STATE_PLAYING);
    if (i % 4 == 0)
      wait_for_frames (&line, 2);
    set_state (line.pipeline, GST_STATE_NULL);
  }
  assert_no_complaint (&line);
  line_clear (&line);
  for (guint i = 0; !g_atomic_int_get (&gone); i++) {
    g_assert_cmpuint (i, <, 1000);
    g_usleep (1000);
  }
}

/* The wall clock has nothing to do with the loop's; running time is right. */
static void
test_other_clock (void)
{
  Line line;

  line_init (&line, NULL);
  g_autoptr (GstClock) clock = g_object_new (GST_TYPE_SYSTEM_CLOCK,
      "clock-type", GST_CLOCK_TYPE_REALTIME, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (line.pipeline), clock);
  set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_frames (&line, 1);
  for (guint i = 0; i < 10; i++) {
    GstClockTime before = gst_element_get_current_running_time (line.src);
    gint64 loop_time = g_get_monotonic_time () * 1000;
    GstClockTime after = gst_element_get_current_running_time (line.src);
    GstClockTime found = gst_frame_src_running_time (GST_FRAME_SRC (line.src),
        loop_time - 7 * GST_MSECOND);
    g_assert_cmpuint (found + 8 * GST_MSECOND, >, before);
    g_assert_cmpuint (found + 6 * GST_MSECOND, <, after);
  }
  line_clear (&line);
}

/* A clock that is slow to read, and for this thread each fifth time very slow: as on a
 * machine with too much to do. */
typedef struct
{
  GstSystemClock parent;
  GThread *thread;
  guint n;
} SlowClock;

typedef GstSystemClockClass SlowClockClass;

static GType slow_clock_get_type (void);
G_DEFINE_TYPE (SlowClock, slow_clock, GST_TYPE_SYSTEM_CLOCK)

static GstClockTime
slow_clock_get_internal_time (GstClock *clock)
{
  SlowClock *self = (SlowClock *) clock;
  GstClockTime time =
      GST_CLOCK_CLASS (slow_clock_parent_class)->get_internal_time (clock);

  if (self->thread == g_thread_self ())
    g_usleep (++self->n % 5 ? 200 : 40000);
  return time;
}

static void
slow_clock_init (SlowClock *self)
{
}

static void
slow_clock_class_init (SlowClockClass *klass)
{
  klass->parent_class.get_internal_time = slow_clock_get_internal_time;
}

/* Of several readings that took long the shortest counts: it is the least wrong. */
static void
test_slow_clock (void)
{
  Line line;

  line_init (&line, NULL);
  g_autoptr (GstClock) clock = g_object_new (slow_clock_get_type (), NULL);
  gst_pipeline_use_clock (GST_PIPELINE (line.pipeline), clock);
  set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_frames (&line, 1);
  ((SlowClock *) clock)->thread = g_thread_self ();
  for (guint i = 0; i < 10; i++) {
    ((SlowClock *) clock)->n =
        2; /* before and after this is read three times */
    gint64 loop_time = g_get_monotonic_time () * 1000;
    GstClockTime found =
        gst_frame_src_running_time (GST_FRAME_SRC (line.src), loop_time);
    ((SlowClock *) clock)->n = 0;
    GstClockTime late = (GstClockTime) g_get_monotonic_time () * 1000;
    GstClockTime now = gst_element_get_current_running_time (line.src);
    const gint64 error = (gint64) (now - found) - (gint64) (late - loop_time);
    g_assert_cmpint (ABS (error), <, 15 * GST_MSECOND);
  }
  ((SlowClock *) clock)->thread = NULL;
  line_clear (&line);
}

/* A live source has nowhere to go back to, and says so. */
static void
test_seek (void)
{
  Line line;

  line_init (&line, NULL);
  set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_frames (&line, 1);
  g_assert_false (gst_element_seek_simple (line.pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SECOND));
  g_assert_false (gst_element_seek_simple (line.src, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SECOND));
  wait_for_frames (&line, 2);
  line_clear (&line);
}

/* It has the pipeline's clock before it knows what counts from it: what is told then is
 * not the time since the machine started. */
static void
test_time_before_playing (void)
{
  g_autoptr (GstElement) element =
      gst_object_ref_sink (gst_element_factory_make ("fakesrc", NULL));
  g_autoptr (GstClock) clock = gst_test_clock_new_with_start_time (GST_SECOND);

  gst_element_set_clock (element, clock);
  g_assert_cmpuint (gst_voice_running_time_now (element), ==, 0);
  gst_element_set_base_time (element, 400 * GST_MSECOND);
  g_assert_cmpuint (gst_voice_running_time_now (element), ==,
      600 * GST_MSECOND);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/framesrc/pipeline/pause", test_pause);
  g_test_add_func ("/framesrc/pipeline/blocked-and-stopped",
      test_blocked_and_stopped);
  g_test_add_func ("/framesrc/pipeline/blocked-and-resumed",
      test_blocked_and_resumed);
  g_test_add_func ("/framesrc/pipeline/slow-push", test_slow_push);
  g_test_add_func ("/framesrc/pipeline/eos", test_eos);
  g_test_add_func ("/framesrc/pipeline/eos-before-frames",
      test_eos_before_frames);
  g_test_add_func ("/framesrc/pipeline/flush", test_flush);
  g_test_add_func ("/framesrc/pipeline/new-filter-caps", test_new_filter_caps);
  g_test_add_func ("/framesrc/pipeline/remove", test_remove);
  g_test_add_func ("/framesrc/pipeline/loops", test_loops);
  g_test_add_func ("/framesrc/pipeline/cycles", test_cycles);
  g_test_add_func ("/framesrc/pipeline/seek", test_seek);
  g_test_add_func ("/framesrc/pipeline/other-clock", test_other_clock);
  g_test_add_func ("/framesrc/pipeline/slow-clock", test_slow_clock);
  g_test_add_func ("/framesrc-pipeline/time-before-playing",
      test_time_before_playing);
  return g_test_run ();
}
