/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "common/loop/medialoop.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Any thread. Running time now, for what is told: 0 while @element has not begun to play,
 * when it has a clock already but nothing that this counts from. */
GstClockTime gst_voice_running_time_now (GstElement *element);

/* Any thread. Running time in @element's pipeline of @loop_time (ns of @loop's
 * clock), or GST_CLOCK_TIME_NONE without a clock or base time. Follows the pipeline
 * clock, whatever it is. */
GstClockTime gst_voice_running_time (GstElement *element, MediaLoop *loop,
    gint64 loop_time);

/* Whether running time began anew, as behind a flushing seek: @now is over a second
 * before the @latest (NONE: there was none), which follows then. Only a clock can show
 * that: what comes from a network may come at any time. */
gboolean gst_voice_clock_went_back (GstClockTime *latest, GstClockTime now);

typedef struct
{
  GstClockTime end; /* of the last buffer, NONE: there was none */
  GstClockTime now; /* the latest that the clock showed, NONE: nothing yet */
} GstVoiceTime;

#define GST_VOICE_TIME_NONE \
  (GstVoiceTime) \
  { \
    GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE \
  }

typedef enum
{
  GST_VOICE_TIME_PASSED, /* it was given out before: leave the buffer out */
  GST_VOICE_TIME_GOES_ON,
  GST_VOICE_TIME_BEGINS_ANEW, /* another timeline: a DISCONT */
} GstVoiceTimeStep;

/* The time of a stream does not go back while running time, which is @now, goes on. */
GstVoiceTimeStep gst_voice_time_advance (GstVoiceTime *self, GstBuffer *buffer,
    GstClockTime now);

VOICE_API_END
G_END_DECLS
