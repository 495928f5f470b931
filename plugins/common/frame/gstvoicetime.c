/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstvoicetime.h"

/* How far a buffer may reach into the one before: clocks are followed so slowly. */
#define MAX_OVERLAP (10 * GST_MSECOND)
/* A clock that is corrected goes back by less, and is waited for. */
#define MAX_CORRECTION GST_SECOND
#define READINGS 5 /* of two clocks at the same moment, at most */
#define SHORT 100 /* us that they may take */

GstClockTime
gst_voice_running_time_now (GstElement *element)
{
  GST_OBJECT_LOCK (element);
  gboolean begun =
      element->base_time > 0 || GST_STATE_TARGET (element) == GST_STATE_PLAYING;
  GST_OBJECT_UNLOCK (element);
  return begun ? gst_element_get_current_running_time (element) : 0;
}

typedef struct
{
  GstElement *element; /* not owned, and not looked into */
  GstClockTime base; /* its base time: another one after a pause */
  MediaLoop *loop; /* neither */
  gint64 batch; /* of the loop */
  gint64 loop_now;
  GstClockTime now;
} Reading;

/* The last one in this thread's loop: a frame on its way asks several times in one
 * batch, and two clocks do not drift apart in it. */
static _Thread_local Reading last;

static gboolean
is_last (GstElement *element, MediaLoop *loop, gint64 batch)
{
  return last.element == element &&
      last.base == gst_element_get_base_time (element) && last.loop == loop &&
      last.batch == batch && media_loop_is_current (loop);
}

/* Running time now, and the clock of @loop at the same moment. */
static GstClockTime
read_clocks (GstElement *element, MediaLoop *loop, gint64 *loop_now)
{
  const gint64 batch = *loop_now = media_loop_now (loop);

  if (media_loop_is_manual (loop))
    return gst_element_get_current_running_time (element);
  if (is_last (element, loop, batch)) {
    *loop_now = last.loop_now;
    return last.now;
  }
  /* Not media_loop_now(): on the loop thread that is when the batch began. Once
   * more if the thread was interrupted between the readings, and if it always was,
   * those count that took the shortest. */
  GstClockTime found = GST_CLOCK_TIME_NONE;
  gint64 shortest = G_MAXINT64;
  for (guint i = 0; i < READINGS && shortest >= SHORT; i++) {
    const gint64 before = g_get_monotonic_time ();
    const GstClockTime now = gst_element_get_current_running_time (element);
    const gint64 after = g_get_monotonic_time ();
    if (after - before >= shortest)
      continue;
    shortest = after - before;
    *loop_now = (before + after) * 500;
    found = now;
  }
  if (GST_CLOCK_TIME_IS_VALID (found))
    last = (Reading){ element, gst_element_get_base_time (element), loop, batch,
      *loop_now, found };
  return found;
}

GstClockTime
gst_voice_running_time (GstElement *element, MediaLoop *loop, gint64 loop_time)
{
  gint64 loop_now;
  GstClockTime now = read_clocks (element, loop, &loop_now);

  if (!GST_CLOCK_TIME_IS_VALID (now))
    return GST_CLOCK_TIME_NONE;
  gint64 age = loop_now - loop_time;
  if (age > 0 && (GstClockTime) age > now)
    return 0;
  return now - age;
}

gboolean
gst_voice_clock_went_back (GstClockTime *latest, GstClockTime now)
{
  if (!GST_CLOCK_TIME_IS_VALID (now))
    return FALSE;
  gboolean back =
      GST_CLOCK_TIME_IS_VALID (*latest) && now + MAX_CORRECTION < *latest;
  if (back || !GST_CLOCK_TIME_IS_VALID (*latest) || now > *latest)
    *latest = now;
  return back;
}

/* The clock is looked at only where a buffer stands before the last one: that may
 * have been made when the clock was not set back yet. */
GstVoiceTimeStep
gst_voice_time_advance (GstVoiceTime *self, GstBuffer *buffer, GstClockTime now)
{
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  GstVoiceTimeStep step = GST_VOICE_TIME_GOES_ON;

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return step;
  if (GST_CLOCK_TIME_IS_VALID (self->end) && pts + MAX_OVERLAP < self->end) {
    if (!gst_voice_clock_went_back (&self->now, now))
      return GST_VOICE_TIME_PASSED;
    step = GST_VOICE_TIME_BEGINS_ANEW;
  } else if (GST_CLOCK_TIME_IS_VALID (now) &&
      (!GST_CLOCK_TIME_IS_VALID (self->now) || now > self->now)) {
    self->now = now;
  }
  self->end = pts;
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    self->end += GST_BUFFER_DURATION (buffer);
  return step;
}
