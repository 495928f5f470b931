/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixoutput.h"

#include "mixlog.h"

#include "common/frame/gstframepad.h"
#include "common/frame/gstvoiceformat.h"
#include "common/event/gstvoicelistener.h"

#define GST_CAT_DEFAULT voicemixer_debug

struct _MixOutput
{
  /* Atomic. */
  gint ref_count;
  gint is_agent; /* who listens; it may be until that is known */

  /* Under the STREAM_LOCK of the pad. */
  GstFramePad out; /* but out.pad, a reference, which never changes */
  guint mix_rate; /* of the frame at hand */
  guint rate; /* of the mix, for the converter; 0 = none yet */
  GstVoiceConverter *converter; /* NULL: passes as it is */
};

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
  gst_object_unref (self->out.pad);
  g_free (self);
}

GstPad *
mix_output_get_pad (const MixOutput *self)
{
  return self->out.pad;
}

gboolean
mix_output_is_agent (const MixOutput *self)
{
  return g_atomic_int_get (&self->is_agent);
}

void
mix_output_restart (MixOutput *self, guint group_id)
{
  GST_PAD_STREAM_LOCK (self->out.pad);
  gst_frame_pad_restart (&self->out, group_id);
  GST_PAD_STREAM_UNLOCK (self->out.pad);
}

/* ---- Negotiation; STREAM_LOCK held */

/* Not gst_pad_create_stream_id(): that wants one upstream at the most. */
static gchar *
dup_stream_id (gpointer owner)
{
  const GstFramePad *out = &((MixOutput *) owner)->out;

  return g_strdup_printf ("%08x/%s/%s", out->group_id,
      GST_OBJECT_NAME (out->element), GST_OBJECT_NAME (out->pad));
}

static GstCaps *
get_caps (gpointer owner)
{
  MixOutput *self = owner;
  const GstVoiceFormat mix = { GST_VOICE_S16, self->mix_rate };

  const gboolean agent = gst_voice_pad_leads_to_agent (self->out.pad);
  g_atomic_int_set (&self->is_agent, agent);
  GST_DEBUG_OBJECT (self->out.pad, "%s hears it",
      agent ? "an agent" : "no agent");
  return gst_voice_format_caps_preferring (&mix);
}

static void
set_format (gpointer owner, const GstVoiceFormat *format)
{
  ((MixOutput *) owner)->rate = 0;
}

static void
warn_refused (gpointer owner, GstCaps *ours, GstCaps *theirs)
{
  const GstFramePad *out = &((MixOutput *) owner)->out;

  GST_ELEMENT_WARNING (out->element, STREAM, FORMAT,
      ("What follows %s:%s takes none of the audio formats of the mix: it hears "
       "nothing.",
          GST_DEBUG_PAD_NAME (out->pad)),
      ("accepted %" GST_PTR_FORMAT, theirs));
}

static const GstFramePadFuncs funcs = {
  .dup_stream_id = dup_stream_id,
  .get_caps = get_caps,
  .theirs_first = TRUE,
  .set_format = set_format,
  .refused = warn_refused,
  .held_up = "the whole mix",
  .advice = "Put a queue with leaky=downstream there.",
};

MixOutput *
mix_output_new (GstElement *element, GstPad *pad)
{
  MixOutput *self = g_new0 (MixOutput, 1);

  self->ref_count = 1;
  self->is_agent = TRUE;
  gst_frame_pad_init (&self->out, element, gst_object_ref (pad), &funcs, self);
  return self;
}

static gboolean
ensure_format (MixOutput *self, guint rate)
{
  const GstVoiceFormat mix = { GST_VOICE_S16, rate };

  self->mix_rate = rate;
  if (!gst_frame_pad_negotiate (&self->out))
    return FALSE;
  if (self->rate == rate)
    return TRUE;
  self->rate = rate;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  if (!gst_voice_format_equal (&mix, &self->out.format))
    self->converter = gst_voice_converter_new (&mix, &self->out.format);
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
handle_flow (MixOutput *self, GstFlowReturn flow)
{
  /* Whoever failed has said why on the bus; a late joiner is asked again. */
  if (flow == GST_FLOW_ERROR || flow == GST_FLOW_EOS ||
      (flow == GST_FLOW_NOT_NEGOTIATED &&
          !gst_pad_needs_reconfigure (self->out.pad))) {
    GST_INFO_OBJECT (self->out.pad, "gets no more: %s",
        gst_flow_get_name (flow));
    self->out.failed = TRUE;
  }
}

static void
push_unlocked (MixOutput *self, const gint16 *samples, guint rate,
    GstClockTime pts, gboolean discont, gboolean silent)
{
  GstFramePad *out = &self->out;

  if (out->ended || (out->failed && !gst_pad_needs_reconfigure (out->pad)))
    return;
  out->failed = FALSE; /* somebody else may be there now */
  if (!ensure_format (self, rate))
    return;
  GstBuffer *buffer = make_buffer (self, samples, rate);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
  /* The room's time is the clock's. */
  if (!gst_frame_pad_advance (out, buffer, pts)) {
    gst_buffer_unref (buffer);
    return;
  }
  out->missed |= discont;
  if (silent)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  handle_flow (self, gst_frame_pad_push (out, buffer));
}

void
mix_output_push (MixOutput *self, const gint16 *samples, guint rate,
    GstClockTime pts, gboolean discont, gboolean silent)
{
  const gint64 before = g_get_monotonic_time ();
  const gboolean linked = gst_pad_is_linked (self->out.pad);

  GST_PAD_STREAM_LOCK (self->out.pad);
  if (linked)
    push_unlocked (self, samples, rate, pts, discont, silent);
  else
    self->out.missed = TRUE;
  GST_PAD_STREAM_UNLOCK (self->out.pad);
  if (linked)
    gst_frame_pad_check_time (&self->out, before);
  else
    g_atomic_int_set (&self->is_agent, TRUE);
}

/* A sticky one wants a stream to stick to. */
void
mix_output_push_event (MixOutput *self, GstEvent *event)
{
  GST_PAD_STREAM_LOCK (self->out.pad);
  if (self->out.ended) {
    gst_event_unref (event);
  } else {
    if (GST_EVENT_IS_STICKY (event))
      gst_frame_pad_begin (&self->out);
    gst_pad_push_event (self->out.pad, event);
  }
  GST_PAD_STREAM_UNLOCK (self->out.pad);
}

void
mix_output_end (MixOutput *self)
{
  GST_PAD_STREAM_LOCK (self->out.pad);
  gst_frame_pad_end (&self->out, gst_event_new_eos ());
  GST_PAD_STREAM_UNLOCK (self->out.pad);
}
