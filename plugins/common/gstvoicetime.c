/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstvoicetime.h"

/* How far a buffer may reach into the one before: clocks are followed so slowly. */
#define MAX_OVERLAP (10 * GST_MSECOND)

/* Running time now, and the clock of @loop at the same moment. */
static GstClockTime
read_clocks (GstElement *element, MediaLoop *loop, gint64 *loop_now)
{
  *loop_now = media_loop_now (loop);
  if (media_loop_is_manual (loop))
    return gst_element_get_current_running_time (element);
  /* Not media_loop_now(): on the loop thread that is when the batch began. Once
   * more if the thread was interrupted between the readings. */
  for (guint i = 0;; i++) {
    gint64 before = g_get_monotonic_time ();
    GstClockTime now = gst_element_get_current_running_time (element);
    gint64 after = g_get_monotonic_time ();
    if (after - before < 100 || i == 2) {
      *loop_now = (before + after) * 500;
      return now;
    }
  }
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
gst_voice_time_advance (GstClockTime *end, GstBuffer *buffer)
{
  GstClockTime pts = GST_BUFFER_PTS (buffer);

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return TRUE;
  if (GST_CLOCK_TIME_IS_VALID (*end) && pts + MAX_OVERLAP < *end)
    return FALSE;
  *end = pts;
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    *end += GST_BUFFER_DURATION (buffer);
  return TRUE;
}
