/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixoutput.h"

#include "mixlog.h"

#include "common/gstvoiceformat.h"
#include "common/gstvoicelistener.h"
#include "common/gstvoicetime.h"

#include <string.h>

#define GST_CAT_DEFAULT voicemixer_debug

#define SLOW_PUSH (20 * G_TIME_SPAN_MILLISECOND)
#define SLOW_PUSH_WARNING_INTERVAL (10 * G_TIME_SPAN_SECOND)

struct _MixOutput
{
  gint ref_count; /* atomic */
  GstElement *element; /* not owned: owns the room */
  GstPad *pad; /* a reference */
  gint is_agent; /* atomic: who listens; it may be until that is known */

  /* Under the STREAM_LOCK of the pad. */
  guint group_id;
  gboolean begun, has_format, ended, failed;
  GstVoiceFormat format;
  guint rate; /* of the mix, for the converter; 0 = none yet */
  GstVoiceConverter *converter; /* NULL: passes as it is */
  GstVoiceTime time;
  gboolean missed; /* a frame did not arrive: the next one is a DISCONT */

  gint64 warned; /* loop thread; us, 0 = never */
};

MixOutput *
mix_output_new (GstElement *element, GstPad *pad)
{
  MixOutput *self = g_new0 (MixOutput, 1);

  self->ref_count = 1;
  self->is_agent = TRUE;
  self->time = GST_VOICE_TIME_NONE;
  self->element = element;
  self->pad = gst_object_ref (pad);
  return self;
}

MixOutput *
mix_output_ref (MixOutput *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
mix_output_unref (MixOutput *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  gst_object_unref (self->pad);
  g_free (self);
}

GstPad *
mix_output_get_pad (const MixOutput *self)
{
  return self->pad;
}

gboolean
mix_output_is_agent (const MixOutput *self)
{
  return g_atomic_int_get (&self->is_agent);
}

void
mix_output_restart (MixOutput *self, guint group_id)
{
  GST_PAD_STREAM_LOCK (self->pad);
  self->begun = self->has_format = self->ended = self->failed = FALSE;
  self->group_id = group_id;
  self->time = GST_VOICE_TIME_NONE;
  self->missed = TRUE;
  GST_PAD_STREAM_UNLOCK (self->pad);
}

/* ---- Negotiation; STREAM_LOCK held */

static GstCaps *
choose_caps (MixOutput *self, guint rate, GstVoiceFormat *format)
{
  const GstVoiceFormat mix = { GST_VOICE_S16, rate };
  g_autoptr (GstCaps) ours = gst_voice_format_caps_preferring (&mix);
  g_autoptr (GstCaps) theirs = gst_pad_peer_query_caps (self->pad, ours);
  GstCaps *caps =
      gst_caps_intersect_full (theirs, ours, GST_CAPS_INTERSECT_FIRST);

  if (!gst_caps_is_empty (caps))
    caps = gst_caps_fixate (caps);
  if (gst_voice_format_from_caps (format, caps))
    return caps;
  self->failed = TRUE;
  GST_ELEMENT_WARNING (self->element, STREAM, FORMAT,
      ("What follows %s:%s takes none of the audio formats of the mix: it hears "
       "nothing.",
          GST_DEBUG_PAD_NAME (self->pad)),
      ("accepted %" GST_PTR_FORMAT, theirs));
  gst_caps_unref (caps);
  return NULL;
}

static void
begin_stream (MixOutput *self)
{
  if (self->begun)
    return;
  self->begun = TRUE;
  /* Not gst_pad_create_stream_id(): that wants one upstream at the most. */
  g_autofree gchar *id = g_strdup_printf ("%08x/%s/%s", self->group_id,
      GST_OBJECT_NAME (self->element), GST_OBJECT_NAME (self->pad));
  GstEvent *event = gst_event_new_stream_start (id);
  gst_event_set_group_id (event, self->group_id);
  gst_pad_push_event (self->pad, event);
}

static void
push_segment (MixOutput *self)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->pad, gst_event_new_segment (&segment));
}

static gboolean
negotiate (MixOutput *self, guint rate)
{
  GstVoiceFormat format;

  begin_stream (self);
  g_atomic_int_set (&self->is_agent, gst_voice_pad_leads_to_agent (self->pad));
  g_autoptr (GstCaps) caps = choose_caps (self, rate, &format);
  if (!caps)
    return FALSE;
  const gboolean first = !self->has_format;
  if (!first && gst_voice_format_equal (&format, &self->format))
    return TRUE;
  self->format = format;
  self->has_format = TRUE;
  self->rate = 0;
  gst_pad_push_event (self->pad, gst_event_new_caps (caps));
  if (first)
    push_segment (self);
  return TRUE;
}

static gboolean
ensure_format (MixOutput *self, guint rate)
{
  if (gst_pad_check_reconfigure (self->pad)) {
    self->failed = FALSE; /* somebody else may be there now */
    if (!negotiate (self, rate))
      return FALSE;
  } else if (!self->has_format && !negotiate (self, rate)) {
    return FALSE;
  }
  if (self->rate == rate)
    return TRUE;
  const GstVoiceFormat mix = { GST_VOICE_S16, rate };
  self->rate = rate;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  if (!gst_voice_format_equal (&mix, &self->format))
    self->converter = gst_voice_converter_new (&mix, &self->format);
  return TRUE;
}

/* ---- Pushing */

static GstBuffer *
make_buffer (MixOutput *self, const gint16 *samples, guint rate)
{
  const gsize size = rate / 50 * sizeof (gint16);

  if (!self->converter)
    return gst_buffer_new_memdup (samples, size);
  GByteArray *bytes = g_byte_array_sized_new ((guint) size);
  gst_voice_converter_process (self->converter, samples, size, bytes);
  gsize n = bytes->len;
  return gst_buffer_new_wrapped (g_byte_array_free (bytes, FALSE), n);
}

static void
warn_slow (MixOutput *self, gint64 took, gint64 now)
{
  if (self->warned && now - self->warned < SLOW_PUSH_WARNING_INTERVAL)
    return;
  self->warned = now;
  GST_ELEMENT_WARNING (self->element, CORE, CLOCK,
      ("What follows %s:%s held up the whole mix for %" G_GINT64_FORMAT
       " ms, or the machine had no time. Put a queue with leaky=downstream there.",
          GST_DEBUG_PAD_NAME (self->pad), took / G_TIME_SPAN_MILLISECOND),
      (NULL));
}

static void
handle_flow (MixOutput *self, GstFlowReturn flow)
{
  if (flow == GST_FLOW_OK) {
    self->missed = FALSE;
    return;
  }
  self->missed = TRUE;
  /* Whoever failed has said why on the bus; a late joiner is asked again. */
  if (flow == GST_FLOW_ERROR || flow == GST_FLOW_EOS ||
      (flow == GST_FLOW_NOT_NEGOTIATED &&
          !gst_pad_needs_reconfigure (self->pad))) {
    GST_INFO_OBJECT (self->pad, "gets no more: %s", gst_flow_get_name (flow));
    self->failed = TRUE;
  }
}

/* FALSE: @buffer is to be left out. The room's time is the clock's. */
static gboolean
advance (MixOutput *self, GstBuffer *buffer)
{
  const GstClockTime pts = GST_BUFFER_PTS (buffer);
  const GstVoiceTimeStep step =
      gst_voice_time_advance (&self->time, buffer, pts);

  if (step == GST_VOICE_TIME_BEGINS_ANEW)
    GST_WARNING_OBJECT (self->pad,
        "running time went back: begins anew at %" GST_TIME_FORMAT,
        GST_TIME_ARGS (pts));
  self->missed |= step != GST_VOICE_TIME_GOES_ON;
  return step != GST_VOICE_TIME_PASSED;
}

static void
push_unlocked (MixOutput *self, const gint16 *samples, guint rate,
    GstClockTime pts, gboolean discont, gboolean silent)
{
  if (self->ended || (self->failed && !gst_pad_needs_reconfigure (self->pad)) ||
      !ensure_format (self, rate))
    return;
  GstBuffer *buffer = make_buffer (self, samples, rate);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
  if (!advance (self, buffer)) {
    gst_buffer_unref (buffer);
    return;
  }
  if (discont || self->missed)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (silent)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  handle_flow (self, gst_pad_push (self->pad, buffer));
}

void
mix_output_push (MixOutput *self, const gint16 *samples, guint rate,
    GstClockTime pts, gboolean discont, gboolean silent)
{
  const gint64 before = g_get_monotonic_time ();
  const gboolean linked = gst_pad_is_linked (self->pad);

  GST_PAD_STREAM_LOCK (self->pad);
  if (linked)
    push_unlocked (self, samples, rate, pts, discont, silent);
  else
    self->missed = TRUE;
  GST_PAD_STREAM_UNLOCK (self->pad);
  if (!linked)
    g_atomic_int_set (&self->is_agent, TRUE);
  gint64 after = g_get_monotonic_time ();
  if (after - before > SLOW_PUSH)
    warn_slow (self, after - before, after);
}

/* A sticky one wants a stream to stick to. */
void
mix_output_push_event (MixOutput *self, GstEvent *event)
{
  GST_PAD_STREAM_LOCK (self->pad);
  if (self->ended) {
    gst_event_unref (event);
  } else {
    if (GST_EVENT_IS_STICKY (event))
      begin_stream (self);
    gst_pad_push_event (self->pad, event);
  }
  GST_PAD_STREAM_UNLOCK (self->pad);
}

void
mix_output_end (MixOutput *self)
{
  GST_PAD_STREAM_LOCK (self->pad);
  if (!self->ended) {
    begin_stream (self);
    if (!self->has_format)
      push_segment (self);
    self->ended = TRUE;
    gst_pad_push_event (self->pad, gst_event_new_eos ());
  }
  GST_PAD_STREAM_UNLOCK (self->pad);
}
