/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceapi.h"
#include "medialoop.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Any thread. Running time in @element's pipeline of @loop_time (ns of @loop's
 * clock), or GST_CLOCK_TIME_NONE without a clock or base time. Follows the pipeline
 * clock, whatever it is. */
GstClockTime gst_voice_running_time (GstElement *element, MediaLoop *loop,
    gint64 loop_time);

/* The time of a stream never goes back. FALSE: @buffer stands before @end, that of the
 * last one (NONE: there was none), and is to be left out: a clock was set back. */
gboolean gst_voice_time_advance (GstClockTime *end, GstBuffer *buffer);

VOICE_API_END
G_END_DECLS
