/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "tickingsrc.h"

/* What belongs to one stay in PLAYING: the next one may be on another loop while
 * this one still ends. */
typedef struct
{
  TickingSrc *src;
  MediaLoop *loop;
  MediaTicker ticker;
  GstClockTime next; /* PTS of the next frame, NONE before the first */
} Run;

struct _TickingSrc
{
  GstFrameSrc parent;

  MediaLoop *loop;
  GstCaps *caps;
  gboolean idle;
  Run *run; /* NULL outside of PLAYING */

  /* Atomic. */
  guint pushed, formats;
  gint flow;
};

G_DEFINE_FINAL_TYPE (TickingSrc, ticking_src, GST_TYPE_FRAME_SRC)

static GstStaticPadTemplate template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

static GstBuffer *
new_frame (Run *run, const GstVoiceFormat *format, gint64 due)
{
  const gsize size = GST_VOICE_FRAME_SIZE (format);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, 0, size);
  if (!GST_CLOCK_TIME_IS_VALID (run->next))
    run->next = gst_frame_src_running_time (GST_FRAME_SRC (run->src), due);
  GST_BUFFER_PTS (buffer) = run->next;
  GST_BUFFER_DURATION (buffer) = MEDIA_LOOP_FRAME;
  run->next += MEDIA_LOOP_FRAME;
  return buffer;
}

/* After a failed negotiation it pushes all the same: the push says what is wrong. */
static void
tick (gint64 due, gpointer data)
{
  Run *run = data;
  GstFrameSrc *src = GST_FRAME_SRC (run->src);
  GstVoiceFormat format = { GST_VOICE_S16, 8000 };

  gst_frame_src_negotiate (src, &format);
  GstFlowReturn flow = gst_frame_src_push (src, new_frame (run, &format, due));
  if (flow == GST_FLOW_OK)
    g_atomic_int_inc (&run->src->pushed);
  g_atomic_int_set (&run->src->flow, flow);
}

static void
start_ticking (gpointer data)
{
  Run *run = data;

  media_ticker_start (&run->ticker, run->loop, tick, run);
}

static void
stop_ticking (gpointer data)
{
  media_ticker_stop (&((Run *) data)->ticker);
}

static void
run_free (gpointer data)
{
  Run *run = data;

  gst_object_unref (run->src);
  media_loop_unref (run->loop);
  g_free (run);
}

static void
ticking_src_set_playing (GstFrameSrc *src, gboolean playing)
{
  TickingSrc *self = TICKING_SRC (src);
  Run *run = g_steal_pointer (&self->run);

  if (run)
    media_loop_invoke (run->loop, stop_ticking, run, run_free);
  if (!playing || self->idle)
    return;
  run = g_new0 (Run, 1);
  run->src = gst_object_ref (self);
  run->loop = gst_frame_src_dup_loop (src);
  run->next = GST_CLOCK_TIME_NONE;
  self->run = run;
  media_loop_invoke (run->loop, start_ticking, run, NULL);
}

static MediaLoop *
ticking_src_get_loop (GstFrameSrc *src)
{
  TickingSrc *self = TICKING_SRC (src);

  return self->loop ? media_loop_ref (self->loop) : media_loop_acquire (NULL);
}

static GstCaps *
ticking_src_get_caps (GstFrameSrc *src)
{
  TickingSrc *self = TICKING_SRC (src);

  if (!self->caps)
    return GST_FRAME_SRC_CLASS (ticking_src_parent_class)->get_caps (src);
  return gst_caps_ref (self->caps);
}

static void
ticking_src_set_format (GstFrameSrc *src, const GstVoiceFormat *format)
{
  g_atomic_int_inc (&TICKING_SRC (src)->formats);
}

static void
ticking_src_finalize (GObject *object)
{
  TickingSrc *self = TICKING_SRC (object);

  gst_clear_caps (&self->caps);
  g_clear_pointer (&self->loop, media_loop_unref);
  G_OBJECT_CLASS (ticking_src_parent_class)->finalize (object);
}

static void
ticking_src_init (TickingSrc *self)
{
}

static void
ticking_src_class_init (TickingSrcClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstFrameSrcClass *src_class = GST_FRAME_SRC_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &template);
  G_OBJECT_CLASS (klass)->finalize = ticking_src_finalize;
  src_class->get_loop = ticking_src_get_loop;
  src_class->get_caps = ticking_src_get_caps;
  src_class->set_format = ticking_src_set_format;
  src_class->set_playing = ticking_src_set_playing;
}

GstElement *
ticking_src_new (MediaLoop *loop)
{
  TickingSrc *self = g_object_new (TYPE_TICKING_SRC, NULL);

  self->loop = loop ? media_loop_ref (loop) : NULL;
  return GST_ELEMENT (self);
}

void
ticking_src_set_caps (TickingSrc *self, const gchar *caps)
{
  gst_clear_caps (&self->caps);
  self->caps = gst_caps_from_string (caps);
}

void
ticking_src_set_idle (TickingSrc *self, gboolean idle)
{
  self->idle = idle;
}

guint
ticking_src_get_pushed (TickingSrc *self)
{
  return (guint) g_atomic_int_get (&self->pushed);
}

GstFlowReturn
ticking_src_get_flow (TickingSrc *self)
{
  return (GstFlowReturn) g_atomic_int_get (&self->flow);
}

guint
ticking_src_get_formats (TickingSrc *self)
{
  return (guint) g_atomic_int_get (&self->formats);
}
