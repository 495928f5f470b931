/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The agent's mouth, driven by seeded random schedules in virtual time: calls that
 * begin and end, early and on hold, pauses and restarts of either element, flushes,
 * a machine that stands still, audio in blocks of any size, running time that begins
 * anew. By itself its time never goes back; and whatever happened, in the next call there is a frame every 20 ms, and
 * what is said to the agent comes back. */

#include "aiagenttest.h"
#include "../seeds.h"

#include "common/loop/medialoop.h"
#include "../../syntheticvoice.h"

#include <gst/check/gsttestclock.h>

#define MS G_GINT64_CONSTANT (1000000)
#define N_STEPS 12
#define RATE 8000

typedef struct
{
  GRand *rand;
  MediaLoop *loop;
  GstElement *pipeline, *ear, *mouth;
  GstClock *clock;
  GstPad *speaks, *hears; /* before the ear, behind the mouth */
  gint64 now, base; /* base: of running time */
  guint n_calls;
  guint n_voice; /* samples */

  guint frames, spoken;
  GstClockTime end; /* of the last one */
  gboolean restarted; /* the next one is of another stream */
} Schedule;

static gint32
between (Schedule *self, gint32 least, gint32 most)
{
  return g_rand_int_range (self->rand, least, most + 1);
}

static GstFlowReturn
take_frame (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Schedule *self = gst_pad_get_element_private (pad);
  g_assert_true (GST_BUFFER_PTS_IS_VALID (buffer));
  /* Another dialogue has ticks of its own, a little earlier. */
  if (!self->restarted)
    g_assert_cmpuint (GST_BUFFER_PTS (buffer) + 10 * MS, >=, self->end);
  else
    g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  self->restarted = FALSE;
  self->end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  self->frames++;
  self->spoken += !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
take_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

/* ---- Time */

static void
set_time (Schedule *self, gint64 now)
{
  self->now = now;
  gst_test_clock_set_time (GST_TEST_CLOCK (self->clock),
      (GstClockTime) self->now);
}

static void
pass (Schedule *self, gint64 time)
{
  for (gint64 end = self->now + time; self->now < end;) {
    set_time (self, MIN (self->now + 5 * MS, end));
    media_loop_step (self->loop, self->now);
  }
}

static void
stall (Schedule *self)
{
  set_time (self, self->now + between (self, 20, 900) * MS);
  media_loop_stall (self->loop, self->now);
}

static void
set_base (Schedule *self, gint64 base)
{
  self->base = base;
  gst_element_set_base_time (self->ear, (GstClockTime) base);
  gst_element_set_base_time (self->mouth, (GstClockTime) base);
}

/* As a flushing seek does to the whole pipeline. By so much that it is no correction
 * of the clock. */
static void
begin_time_anew (Schedule *self)
{
  gint64 base = self->now - between (self, 0, 300) * MS;
  if (base - self->base < 1100 * MS)
    return;
  set_base (self, base);
  self->restarted = TRUE;
}

/* ---- Both sides */

static void
open_stream (Schedule *self)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (RAW_8K);
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->speaks, gst_event_new_stream_start ("caller"));
  gst_pad_push_event (self->speaks, gst_event_new_caps (caps));
  gst_pad_push_event (self->speaks, gst_event_new_segment (&segment));
}

static void
say (Schedule *self, guint n, gboolean voice)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 2, NULL);
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  gint16 *samples = (gint16 *) (gpointer) map.data;
  for (guint i = 0; i < n; i++)
    samples[i] = voice ? synthetic_voice (self->n_voice++, RATE) : 0;
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = (GstClockTime) (self->now - self->base);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, RATE);
  gst_pad_push (self->speaks, buffer);
}

static void
tell_call (Schedule *self, GstVoiceCallState state)
{
  g_autofree gchar *id = g_strdup_printf ("call-%u", self->n_calls);
  const GstVoiceCall call = { .state = state,
    .call_id = id,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d" };
  gst_pad_push_event (self->speaks, gst_voice_call_event_new (&call));
}

static void
set_state (Schedule *self, GstElement *element, GstState state)
{
  gst_element_set_state (element, state);
  if (element == self->mouth && state < GST_STATE_PAUSED)
    self->restarted = TRUE;
  if (element == self->ear && state < GST_STATE_PAUSED) {
    gst_element_set_state (element, GST_STATE_PAUSED);
    open_stream (self);
  }
  set_base (self, self->base); /* which READY has made 0 */
}

static void
disturb (Schedule *self)
{
  static const GstState states[] = { GST_STATE_READY, GST_STATE_PAUSED,
    GST_STATE_PLAYING, GST_STATE_PLAYING };
  static const GstVoiceCallState calls[] = { GST_VOICE_CALL_RINGING,
    GST_VOICE_CALL_EARLY, GST_VOICE_CALL_ANSWERED, GST_VOICE_CALL_ANSWERED,
    GST_VOICE_CALL_HELD, GST_VOICE_CALL_RESUMED, GST_VOICE_CALL_ENDED };
  switch (between (self, 0, 8)) {
    case 0:
      set_state (self, self->mouth, states[between (self, 0, 3)]);
      break;
    case 1:
      set_state (self, self->ear, states[between (self, 0, 3)]);
      break;
    case 2:
      stall (self);
      break;
    case 3:
      gst_pad_push_event (self->speaks, gst_event_new_flush_start ());
      gst_pad_push_event (self->speaks, gst_event_new_flush_stop (TRUE));
      open_stream (self);
      break;
    case 4:
      self->n_calls++;
      break;
    case 5:
      begin_time_anew (self);
      break;
    default:
      tell_call (self, calls[between (self, 0, 6)]);
      break;
  }
}

/* ---- One schedule */

static void
link_pads (Schedule *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->ear, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->mouth, "src");
  self->speaks = gst_pad_new ("speaks", GST_PAD_SRC);
  self->hears = gst_pad_new ("hears", GST_PAD_SINK);
  gst_pad_set_element_private (self->hears, self);
  gst_pad_set_chain_function (self->hears, take_frame);
  gst_pad_set_event_function (self->hears, take_event);
  gst_pad_set_active (self->speaks, TRUE);
  gst_pad_set_active (self->hears, TRUE);
  gst_pad_link_full (self->speaks, sink, GST_PAD_LINK_CHECK_NOTHING);
  gst_pad_link_full (src, self->hears, GST_PAD_LINK_CHECK_NOTHING);
}

static void
begin (Schedule *self, guint32 seed)
{
  *self = (Schedule){ .rand = g_rand_new_with_seed (seed),
    .restarted = TRUE,
    .now = 10000 * MS };
  self->loop = media_loop_new_manual_as ("virtual", self->now);
  self->clock = gst_test_clock_new ();
  self->pipeline = gst_pipeline_new (NULL);
  self->ear = gst_element_factory_make ("aiagentsink", NULL);
  self->mouth = gst_element_factory_make ("aiagentsrc", NULL);
  g_object_set (self->ear, "context", "virtual", "end-of-turn-min", 300,
      "end-of-turn-max", 300, NULL);
  gst_util_set_object_arg (G_OBJECT (self->ear), "backend", "echo");
  gst_bin_add_many (GST_BIN (self->pipeline), self->ear, self->mouth, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), self->clock);
  link_pads (self);
  set_time (self, self->now);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  set_base (self, 0);
  open_stream (self);
}

static void
finish (Schedule *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  media_loop_step (self->loop, self->now);
  gst_object_unref (self->pipeline);
  gst_object_unref (self->speaks);
  gst_object_unref (self->hears);
  gst_object_unref (self->clock);
  media_loop_unref (self->loop);
  g_rand_free (self->rand);
}

/* Half a second of voice and as much of silence as ends the turn. */
static void
check (Schedule *self, guint32 seed)
{
  gst_element_set_state (self->ear, GST_STATE_PLAYING);
  gst_element_set_state (self->mouth, GST_STATE_PLAYING);
  open_stream (self);
  tell_call (self, GST_VOICE_CALL_ENDED);
  self->n_calls++;
  tell_call (self, GST_VOICE_CALL_ANSWERED);
  pass (self, 60 * MS);
  guint before = self->frames, spoken = self->spoken;
  const guint anew = (guint) between (self, 0, 160); /* in half of them */
  for (guint i = 0; i < 80; i++) {
    if (i == anew)
      begin_time_anew (self);
    say (self, RATE / 50, i < 25);
    pass (self, 20 * MS);
  }
  if (ABS ((gint) (self->frames - before) - 80) > 2)
    g_error ("seed %u: %u frames of 80", seed, self->frames - before);
  if (self->spoken - spoken < 20)
    g_error ("seed %u: %u frames of the echo", seed, self->spoken - spoken);
}

/* And in the middle of it, after something that it goes on behind. */
static void
check_goes_on (Schedule *self, guint32 seed)
{
  gint32 what = between (self, 0, 5);
  if (what < 2)
    set_state (self, self->mouth, what ? GST_STATE_READY : GST_STATE_PAUSED);
  else if (what == 2)
    tell_call (self, GST_VOICE_CALL_HELD);
  else if (what == 3)
    stall (self);
  else if (what == 4)
    begin_time_anew (self);
  pass (self, between (self, 0, 500) * MS);
  gst_element_set_state (self->mouth, GST_STATE_PLAYING);
  if (what == 2)
    tell_call (self, GST_VOICE_CALL_RESUMED);
  pass (self, 60 * MS);
  guint before = self->frames;
  pass (self, 400 * MS);
  if (self->frames - before < 19)
    g_error ("seed %u: %u frames of 20 after %d", seed, self->frames - before,
        what);
}

static void
test_random (void)
{
  for (guint32 seed = 1; seed <= N_SEEDS; seed++) {
    Schedule self;
    begin (&self, seed);
    for (guint i = 0; i < N_STEPS; i++) {
      if (between (&self, 0, 1))
        say (&self, (guint) between (&self, 1, 900), between (&self, 0, 1));
      if (between (&self, 0, 1))
        disturb (&self);
      pass (&self, between (&self, 0, 60) * MS);
    }
    check (&self, seed);
    check_goes_on (&self, seed);
    finish (&self);
  }
}

static gint64
get_ahead (Schedule *self)
{
  return (gint64) (self->end + gst_element_get_base_time (self->mouth)) -
      self->now;
}

/* A line that gives every frame back at once: bursts do not add up, and what comes at
 * its pace comes back. */
static void
test_bursts (void)
{
  Schedule self;
  begin (&self, 1);
  gst_child_proxy_set (GST_CHILD_PROXY (self.ear), "backend::mode", 1, NULL);
  gst_element_set_state (self.pipeline, GST_STATE_READY);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  self.restarted = TRUE;
  open_stream (&self);
  tell_call (&self, GST_VOICE_CALL_ANSWERED);
  for (guint call = 0; call < 10; call++) {
    for (guint i = 0; i < 40; i++)
      say (&self, RATE / 50, TRUE);
    pass (&self, 20 * MS);
    g_assert_cmpint (get_ahead (&self), <=, 240 * MS);
    for (guint i = 0; i < 60; i++) {
      say (&self, RATE / 50, TRUE);
      pass (&self, 20 * MS);
    }
    g_assert_cmpint (get_ahead (&self), <=, 240 * MS);
    guint before = self.frames;
    for (guint i = 0; i < 40; i++) {
      say (&self, RATE / 50, TRUE);
      pass (&self, 20 * MS);
    }
    g_assert_cmpuint (self.frames - before, ==, 40);
  }
  finish (&self);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aiagentsrc-random/schedules", test_random);
  g_test_add_func ("/aiagentsrc-random/bursts-that-come-back", test_bursts);
  return g_test_run ();
}
