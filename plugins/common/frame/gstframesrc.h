/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "common/loop/medialoop.h"
#include "gstvoiceformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Abstract live source whose frames come from a MediaLoop instead of a task.
 *
 * Contract: the pad's STREAM_LOCK is held while pushing; PLAYING->PAUSED clears a
 * flag and never waits (frames pushed meanwhile are dropped: live; the first one
 * after it is a DISCONT); PAUSED->READY relies on pad deactivation; FLUSHING stops
 * quietly, other flow errors are posted; send_event (EOS) is queued to the loop;
 * RECONFIGURE, LATENCY and group-id are handled; state changes return NO_PREROLL.
 * A push that took over 20 ms posts a warning naming the pad. */

#define GST_TYPE_FRAME_SRC (gst_frame_src_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstFrameSrc, gst_frame_src, GST, FRAME_SRC,
    GstElement)

struct _GstFrameSrcClass
{
  GstElementClass parent_class;

  /* READY->PAUSED. The loop that will push; (transfer full). */
  MediaLoop *(*get_loop) (GstFrameSrc *self);
  /* Loop thread. What the source would give, best first; (transfer full).
   * Default: the template. */
  GstCaps *(*get_caps) (GstFrameSrc *self);
  /* Loop thread, before the CAPS event of @format goes out. */
  void (*set_format) (GstFrameSrc *self, const GstVoiceFormat *format);
  /* State change thread: PAUSED->PLAYING and back. Must not wait. Where loops
   * are not shared, each run has another: the last one may still be at work on
   * the way out when the next begins, so a ticker belongs to one run. */
  void (*set_playing) (GstFrameSrc *self, gboolean playing);
  /* Any thread: an event from downstream; takes @event. Default: refuses SEEK,
   * there is no going back in a live source. */
  gboolean (*src_event) (GstFrameSrc *self, GstEvent *event);
};

/* Loop thread. Takes @buffer; sends stream-start, caps and segment before the
 * first one and on RECONFIGURE. One whose time was given out before is left out, unless
 * running time began anew. Behind what did not arrive comes a DISCONT. The caller sets
 * PTS (running time) and duration; marks silence with GAP. GST_FLOW_FLUSHING while not PLAYING. */
GstFlowReturn gst_frame_src_push (GstFrameSrc *self, GstBuffer *buffer);

/* Loop thread. Makes sure caps are fixed (they are after the first push); FALSE
 * when downstream takes none of ours: posted as an error. */
gboolean gst_frame_src_negotiate (GstFrameSrc *self, GstVoiceFormat *format);

/* Loop thread: offer get_caps() again before the next frame (codec change). */
void gst_frame_src_renegotiate (GstFrameSrc *self);

/* Any thread; (transfer full). A serialized event, pushed by the loop in order
 * with the frames (behind those already pushed); in PAUSED it waits for PLAYING.
 * EOS ends the stream: frames after it are refused with GST_FLOW_EOS. FALSE
 * outside of PAUSED and PLAYING: there is no stream. */
gboolean gst_frame_src_queue_event (GstFrameSrc *self, GstEvent *event);

/* Any thread. Running time of @loop_time (ns of the media loop's clock), or
 * GST_CLOCK_TIME_NONE without a clock or base time. Follows the pipeline clock,
 * whatever it is. */
GstClockTime gst_frame_src_running_time (GstFrameSrc *self, gint64 loop_time);

/* Any thread. The same of now; on a loop, of when the batch in work began. */
GstClockTime gst_frame_src_now (GstFrameSrc *self);

/* Any thread: what the LATENCY query answers; posts LATENCY if it changed. */
void gst_frame_src_set_latency (GstFrameSrc *self, GstClockTime min,
    GstClockTime max);

/* The loop while READY->PAUSED..PAUSED->READY; (transfer full), may be NULL. */
MediaLoop *gst_frame_src_dup_loop (GstFrameSrc *self);

VOICE_API_END
G_END_DECLS
