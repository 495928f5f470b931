/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstframepad.h"

GST_DEBUG_CATEGORY_STATIC (frame_pad_debug);
#define GST_CAT_DEFAULT frame_pad_debug

#define SLOW_PUSH (20 * G_TIME_SPAN_MILLISECOND)
#define SLOW_PUSH_WARNING_INTERVAL (10 * G_TIME_SPAN_SECOND)

void
gst_frame_pad_init (GstFramePad *self, GstElement *element, GstPad *pad,
    const GstFramePadFuncs *funcs, gpointer owner)
{
  static gsize once;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (frame_pad_debug, "framepad", 0, "frame output");
    g_once_init_leave (&once, 1);
  }
  *self = (GstFramePad){ .element = element,
    .pad = pad,
    .funcs = funcs,
    .owner = owner,
    .time = GST_VOICE_TIME_NONE };
}

void
gst_frame_pad_forget (GstFramePad *self)
{
  self->begun = self->has_format = self->ended = FALSE;
  self->time = GST_VOICE_TIME_NONE;
  self->missed = TRUE;
}

void
gst_frame_pad_restart (GstFramePad *self, guint group_id)
{
  gst_frame_pad_forget (self);
  self->failed = FALSE;
  self->group_id = group_id;
}

/* ---- Negotiation */

/* Who names the law first that we could give as well as raw audio wants its bytes. */
static gboolean
wants_law (const GstCaps *ours, const GstCaps *theirs)
{
  GstVoiceFormat law;

  if (gst_caps_is_any (theirs) || gst_caps_is_empty (theirs) ||
      !gst_voice_format_parse_preferred_law (&law, ours))
    return FALSE;
  g_autoptr (GstCaps) wanted = gst_voice_format_to_caps (&law);
  g_autoptr (GstCaps) first = gst_caps_copy_nth (theirs, 0);
  return gst_caps_is_equal (first, wanted);
}

/* What follows takes it, too; NULL: nothing of it. */
static GstCaps *
choose_caps (GstFramePad *self, GstVoiceFormat *format)
{
  g_autoptr (GstCaps) ours = self->funcs->get_caps (self->owner);
  g_autoptr (GstCaps) theirs = gst_pad_peer_query_caps (self->pad, ours);
  GstCaps *caps = self->funcs->theirs_first || wants_law (ours, theirs)
      ? gst_caps_intersect_full (theirs, ours, GST_CAPS_INTERSECT_FIRST)
      : gst_caps_intersect_full (ours, theirs, GST_CAPS_INTERSECT_FIRST);

  if (!gst_caps_is_empty (caps))
    caps = gst_caps_fixate (caps);
  if (gst_voice_format_from_caps (format, caps))
    return caps;
  self->failed = TRUE;
  self->funcs->refused (self->owner, ours, theirs);
  gst_caps_unref (caps);
  return NULL;
}

void
gst_frame_pad_begin (GstFramePad *self)
{
  if (self->begun)
    return;
  self->begun = TRUE;
  g_autofree gchar *id = self->funcs->dup_stream_id
      ? self->funcs->dup_stream_id (self->owner)
      : gst_pad_create_stream_id (self->pad, self->element, NULL);
  GstEvent *event = gst_event_new_stream_start (id);
  gst_event_set_group_id (event, self->group_id);
  gst_pad_push_event (self->pad, event);
}

static void
push_segment (GstFramePad *self)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->pad, gst_event_new_segment (&segment));
}

static gboolean
negotiate (GstFramePad *self)
{
  GstVoiceFormat format;

  if (self->failed)
    return FALSE;
  gst_frame_pad_begin (self);
  g_autoptr (GstCaps) caps = choose_caps (self, &format);
  if (!caps)
    return FALSE;
  const gboolean first = !self->has_format;
  if (!first && gst_voice_format_equal (&format, &self->format))
    return TRUE;
  /* Who cannot change it in mid-stream, and says so, gets what there was. */
  if (!first && !gst_pad_peer_query_accept_caps (self->pad, caps))
    return TRUE;
  GST_INFO_OBJECT (self->pad, "format is %" GST_PTR_FORMAT, caps);
  self->format = format;
  self->has_format = TRUE;
  if (self->funcs->set_format)
    self->funcs->set_format (self->owner, &format);
  gst_pad_push_event (self->pad, gst_event_new_caps (caps));
  if (first)
    push_segment (self);
  return TRUE;
}

gboolean
gst_frame_pad_negotiate (GstFramePad *self)
{
  return (!gst_pad_check_reconfigure (self->pad) && self->has_format) ||
      negotiate (self);
}

/* ---- Pushing */

void
gst_frame_pad_end (GstFramePad *self, GstEvent *eos)
{
  if (self->ended) {
    gst_event_unref (eos);
    return;
  }
  gst_frame_pad_begin (self);
  if (!self->has_format)
    push_segment (self);
  self->ended = TRUE;
  GST_DEBUG_OBJECT (self->pad, "ends");
  gst_pad_push_event (self->pad, eos);
}

gboolean
gst_frame_pad_advance (GstFramePad *self, GstBuffer *buffer, GstClockTime now)
{
  const GstVoiceTimeStep step =
      gst_voice_time_advance (&self->time, buffer, now);

  if (step == GST_VOICE_TIME_PASSED)
    GST_DEBUG_OBJECT (self->pad, "left out %" GST_PTR_FORMAT, buffer);
  else if (step == GST_VOICE_TIME_BEGINS_ANEW)
    GST_WARNING_OBJECT (self->pad,
        "running time went back: begins anew at %" GST_TIME_FORMAT,
        GST_TIME_ARGS (GST_BUFFER_PTS (buffer)));
  self->missed |= step != GST_VOICE_TIME_GOES_ON;
  return step != GST_VOICE_TIME_PASSED;
}

GstFlowReturn
gst_frame_pad_push (GstFramePad *self, GstBuffer *buffer)
{
  if (self->missed) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  }
  const gboolean missed = self->missed;
  GST_LOG_OBJECT (self->pad, "%" GST_PTR_FORMAT, buffer);
  const GstFlowReturn flow = gst_pad_push (self->pad, buffer);
  self->missed = flow != GST_FLOW_OK;
  if (self->missed != missed)
    GST_DEBUG_OBJECT (self->pad, "frames %s: %s",
        missed ? "arrive" : "are lost", gst_flow_get_name (flow));
  return flow;
}

void
gst_frame_pad_check_time (GstFramePad *self, gint64 began)
{
  const gint64 now = g_get_monotonic_time ();

  if (now - began <= SLOW_PUSH)
    return;
  GST_DEBUG_OBJECT (self->pad, "what follows took %" G_GINT64_FORMAT " us",
      now - began);
  if (self->warned && now - self->warned < SLOW_PUSH_WARNING_INTERVAL)
    return;
  self->warned = now;
  GST_ELEMENT_WARNING (self->element, CORE, CLOCK,
      ("What follows %s:%s held up %s for %" G_GINT64_FORMAT
       " ms, or the machine had no time. %s",
          GST_DEBUG_PAD_NAME (self->pad), self->funcs->held_up,
          (now - began) / G_TIME_SPAN_MILLISECOND, self->funcs->advice),
      (NULL));
}
