/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who may touch what: `run` is written by the state change and read by the loop;
 * everything about the stream (`out`: what was sent, the format) belongs to whoever
 * holds the pad's STREAM_LOCK, which is the loop while it pushes. Nobody waits for the
 * loop: the loop's calls hold a reference to the element, and deactivating the pad
 * makes a push in progress return.
 *
 * Outside of PLAYING nothing is pushed, not even an event: a sink that waits for
 * its preroll would hold up everything on the loop.
 *
 * Lock order: STREAM_LOCK, then object lock. */

#include "gstframesrc.h"

#include "gstframepad.h"
#include "gstvoicetime.h"

GST_DEBUG_CATEGORY_STATIC (frame_src_debug);
#define GST_CAT_DEFAULT frame_src_debug

typedef struct
{
  /* Atomic. */
  gint run; /* odd while PLAYING; counts every start and every pause */
  gint pending; /* length of events */

  /* Under the STREAM_LOCK of the pad. */
  GstFramePad out; /* but out.pad, which never changes */
  gint continued; /* run of the last buffer, 0: there was none */

  /* Under the object lock. */
  MediaLoop *loop;
  GQueue events; /* GstEvent, in order, not yet pushed */
  GstClockTime min_latency, max_latency;
} GstFrameSrcPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstFrameSrc, gst_frame_src, GST_TYPE_ELEMENT,
    G_ADD_PRIVATE (GstFrameSrc) GST_DEBUG_CATEGORY_INIT (frame_src_debug,
        "framesrc", 0, "frame source"))

static GstFrameSrcPrivate *
priv (GstFrameSrc *self)
{
  return gst_frame_src_get_instance_private (self);
}

static GstCaps *
default_get_caps (GstFrameSrc *self)
{
  return gst_pad_get_pad_template_caps (priv (self)->out.pad);
}

static gboolean
default_src_event (GstFrameSrc *self, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return gst_pad_event_default (priv (self)->out.pad, GST_OBJECT (self),
        event);
  gst_event_unref (event);
  return FALSE;
}

/* An odd number while PLAYING, another one each time; else 0. */
static gint
current_run (GstFrameSrc *self)
{
  gint run = g_atomic_int_get (&priv (self)->run);

  return run & 1 ? run : 0;
}

/* ---- Negotiation; STREAM_LOCK held */

static GstCaps *
get_caps (gpointer owner)
{
  return GST_FRAME_SRC_GET_CLASS (owner)->get_caps (owner);
}

static void
set_format (gpointer owner, const GstVoiceFormat *format)
{
  if (GST_FRAME_SRC_GET_CLASS (owner)->set_format)
    GST_FRAME_SRC_GET_CLASS (owner)->set_format (owner, format);
}

static void
post_not_negotiated (gpointer owner, GstCaps *ours, GstCaps *common)
{
  GstFrameSrc *self = owner;
  GstPad *pad = priv (self)->out.pad;
  g_autoptr (GstCaps) theirs = gst_pad_peer_query_caps (pad, NULL);

  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("What follows %s:%s takes none of the audio formats that it can give.",
          GST_DEBUG_PAD_NAME (pad)),
      ("can give %" GST_PTR_FORMAT ", accepted %" GST_PTR_FORMAT, ours,
          theirs));
}

static const GstFramePadFuncs funcs = {
  .get_caps = get_caps,
  .set_format = set_format,
  .refused = post_not_negotiated,
  .held_up = "the audio",
  .advice =
      "Put a queue there, or do not share this element's context: it must "
      "not be shared with what leads to a sink that waits.",
};

static gboolean
ensure_format (GstFrameSrc *self)
{
  GstFramePad *out = &priv (self)->out;

  if (gst_frame_pad_negotiate (out))
    return TRUE;
  /* Deactivated meanwhile: the question must be asked again. */
  gst_pad_mark_reconfigure (out->pad);
  return FALSE;
}

/* ---- Pushing, on the loop */

/* EOS and sticky events want a stream around them. */
static void
push_event (GstFrameSrc *self, GstEvent *event)
{
  GstFramePad *out = &priv (self)->out;

  if (out->ended) {
    gst_event_unref (event);
    return;
  }
  gst_frame_pad_begin (out);
  /* Before an end, too: who joins streams or writes a file waits for the caps even of
   * one without frames. */
  if (!out->has_format)
    ensure_format (self);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    gst_frame_pad_end (out, event);
  else
    gst_pad_push_event (out->pad, event);
}

static void
push_queued_events (GstFrameSrc *self)
{
  GstFrameSrcPrivate *p = priv (self);

  while (g_atomic_int_get (&p->pending) > 0) {
    GST_OBJECT_LOCK (self);
    GstEvent *event = g_queue_pop_head (&p->events);
    g_atomic_int_set (&p->pending, (gint) p->events.length);
    GST_OBJECT_UNLOCK (self);
    if (event)
      push_event (self, event);
  }
}

static void
post_flow_error (GstFrameSrc *self, GstFlowReturn flow)
{
  GstFramePad *out = &priv (self)->out;

  out->failed = TRUE;
  if (flow == GST_FLOW_NOT_LINKED)
    GST_ELEMENT_ERROR (self, STREAM, FAILED,
        ("Nothing is linked to %s:%s.", GST_DEBUG_PAD_NAME (out->pad)), (NULL));
  else
    GST_ELEMENT_FLOW_ERROR (self, flow);
  gst_pad_push_event (out->pad, gst_event_new_eos ());
}

/* STREAM_LOCK held. What is to be done about it is done here. */
static void
handle_flow (GstFrameSrc *self, GstFlowReturn flow)
{
  GstFramePad *out = &priv (self)->out;

  if (flow >= GST_FLOW_OK || flow == GST_FLOW_FLUSHING || out->ended ||
      out->failed)
    return;
  if (flow == GST_FLOW_EOS) /* downstream has had enough */
    push_event (self, gst_event_new_eos ());
  else if (flow != GST_FLOW_NOT_NEGOTIATED ||
      !gst_pad_needs_reconfigure (out->pad)) /* else: asked again next time */
    post_flow_error (self, flow);
}

GstClockTime
gst_frame_src_now (GstFrameSrc *self)
{
  MediaLoop *loop = media_loop_get_current ();

  return loop
      ? gst_voice_running_time (GST_ELEMENT (self), loop, media_loop_now (loop))
      : gst_element_get_current_running_time (GST_ELEMENT (self));
}

/* STREAM_LOCK held. Takes @buffer. */
static GstFlowReturn
push_unlocked (GstFrameSrc *self, gint run, GstBuffer *buffer)
{
  GstFrameSrcPrivate *p = priv (self);
  GstFlowReturn flow = GST_FLOW_FLUSHING;

  if (run == current_run (self)) {
    push_queued_events (self);
    if (p->out.ended)
      flow = GST_FLOW_EOS;
    else if (p->out.failed)
      flow = GST_FLOW_ERROR;
    else
      flow = ensure_format (self) ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
  }
  if (flow != GST_FLOW_OK) {
    gst_buffer_unref (buffer);
    return flow;
  }
  if (!gst_frame_pad_advance (&p->out, buffer, gst_frame_src_now (self))) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  p->out.missed |= p->continued != run;
  p->continued = run;
  flow = gst_frame_pad_push (&p->out, buffer);
  handle_flow (self, flow);
  return flow;
}

GstFlowReturn
gst_frame_src_push (GstFrameSrc *self, GstBuffer *buffer)
{
  GstFrameSrcPrivate *p = priv (self);
  gint run = current_run (self);

  if (!run) {
    gst_buffer_unref (buffer);
    return GST_FLOW_FLUSHING;
  }
  gst_object_ref (self);
  gint64 before = g_get_monotonic_time ();
  GST_PAD_STREAM_LOCK (p->out.pad);
  GstFlowReturn flow = push_unlocked (self, run, buffer);
  GST_PAD_STREAM_UNLOCK (p->out.pad);
  /* Who paused meanwhile has let a sink wait on purpose. */
  if (run == current_run (self))
    gst_frame_pad_check_time (&p->out, before);
  gst_object_unref (self);
  return flow;
}

gboolean
gst_frame_src_negotiate (GstFrameSrc *self, GstVoiceFormat *format)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_PAD_STREAM_LOCK (p->out.pad);
  gboolean ok = current_run (self) && ensure_format (self);
  if (ok)
    *format = p->out.format;
  GST_PAD_STREAM_UNLOCK (p->out.pad);
  return ok;
}

void
gst_frame_src_renegotiate (GstFrameSrc *self)
{
  gst_pad_mark_reconfigure (priv (self)->out.pad);
}

/* ---- Events from any thread */

static void
push_events_on_loop (gpointer data)
{
  GstFrameSrc *self = data;
  GstFrameSrcPrivate *p = priv (self);

  GST_PAD_STREAM_LOCK (p->out.pad);
  if (current_run (self))
    push_queued_events (self);
  GST_PAD_STREAM_UNLOCK (p->out.pad);
}

static void
invoke_push_events (GstFrameSrc *self)
{
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (self);

  if (loop)
    media_loop_invoke (loop, push_events_on_loop, gst_object_ref (self),
        gst_object_unref);
}

gboolean
gst_frame_src_queue_event (GstFrameSrc *self, GstEvent *event)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  gboolean queued = p->loop != NULL;
  if (queued) {
    g_queue_push_tail (&p->events, event);
    g_atomic_int_set (&p->pending, (gint) p->events.length);
  }
  GST_OBJECT_UNLOCK (self);
  if (queued)
    invoke_push_events (self);
  else
    gst_event_unref (event);
  return queued;
}

/* On the caller's thread: the flush has made a push in progress return. What
 * went out before it is lost for downstream. */
static gboolean
push_flush_stop (GstFrameSrc *self, GstEvent *event)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_PAD_STREAM_LOCK (p->out.pad);
  gboolean ok = gst_pad_push_event (p->out.pad, event);
  gst_frame_pad_forget (&p->out);
  GST_PAD_STREAM_UNLOCK (p->out.pad);
  return ok;
}

static gboolean
gst_frame_src_send_event (GstElement *element, GstEvent *event)
{
  GstFrameSrc *self = GST_FRAME_SRC (element);

  if (!GST_EVENT_IS_DOWNSTREAM (event))
    return GST_ELEMENT_CLASS (gst_frame_src_parent_class)
        ->send_event (element, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    return push_flush_stop (self, event);
  if (!GST_EVENT_IS_SERIALIZED (event))
    return gst_pad_push_event (priv (self)->out.pad, event);
  /* Must keep their place among the frames; `gst-launch -e` ends a pipeline by
   * an EOS sent here. */
  return gst_frame_src_queue_event (self, event);
}

/* ---- Latency, events and queries */

void
gst_frame_src_set_latency (GstFrameSrc *self, GstClockTime min,
    GstClockTime max)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  gboolean changed = p->min_latency != min || p->max_latency != max;
  p->min_latency = min;
  p->max_latency = max;
  GST_OBJECT_UNLOCK (self);
  if (!changed)
    return;
  GST_DEBUG_OBJECT (self, "its latency is %" GST_TIME_FORMAT,
      GST_TIME_ARGS (min));
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_latency (GST_OBJECT (self)));
}

MediaLoop *
gst_frame_src_dup_loop (GstFrameSrc *self)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  MediaLoop *loop = p->loop ? media_loop_ref (p->loop) : NULL;
  GST_OBJECT_UNLOCK (self);
  return loop;
}

GstClockTime
gst_frame_src_running_time (GstFrameSrc *self, gint64 loop_time)
{
  MediaLoop *current = media_loop_get_current ();

  /* All loops with a thread have one clock. */
  if (current && !media_loop_is_manual (current))
    return gst_voice_running_time (GST_ELEMENT (self), current, loop_time);
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (self);
  return loop ? gst_voice_running_time (GST_ELEMENT (self), loop, loop_time)
              : GST_CLOCK_TIME_NONE;
}

static gboolean
gst_frame_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  return GST_FRAME_SRC_GET_CLASS (parent)->src_event (GST_FRAME_SRC (parent),
      event);
}

static gboolean
gst_frame_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstFrameSrc *self = GST_FRAME_SRC (parent);
  GstFrameSrcPrivate *p = priv (self);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  GST_OBJECT_LOCK (self);
  gst_query_set_latency (query, TRUE, p->min_latency, p->max_latency);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* ---- State */

static gboolean
start (GstFrameSrc *self)
{
  GstFrameSrcPrivate *p = priv (self);
  MediaLoop *loop = GST_FRAME_SRC_GET_CLASS (self)->get_loop (self);

  if (!loop)
    return FALSE;
  /* The pad is not active, so what a push of the last run may still do under the
   * lock is over at once. */
  GST_PAD_STREAM_LOCK (p->out.pad);
  gst_frame_pad_restart (&p->out, gst_util_group_id_next ());
  GST_PAD_STREAM_UNLOCK (p->out.pad);
  GST_OBJECT_LOCK (self);
  p->loop = loop;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
log_lateness (GstFrameSrc *self, MediaLoop *loop)
{
  guint64 late;
  gint64 worst;

  media_loop_get_lateness (loop, &late, &worst);
  GST_DEBUG_OBJECT (self,
      "its media loop began %" G_GUINT64_FORMAT " slots late, the worst by "
      "%" G_GINT64_FORMAT " us",
      late, worst / 1000);
}

static void
stop (GstFrameSrc *self)
{
  GstFrameSrcPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  MediaLoop *loop = g_steal_pointer (&p->loop);
  GQueue events = p->events;
  g_queue_init (&p->events);
  g_atomic_int_set (&p->pending, 0);
  GST_OBJECT_UNLOCK (self);
  g_queue_clear_full (&events, (GDestroyNotify) gst_event_unref);
  if (loop)
    log_lateness (self, loop);
  g_clear_pointer (&loop, media_loop_unref);
}

static void
set_playing (GstFrameSrc *self, gboolean playing)
{
  GstFrameSrcPrivate *p = priv (self);
  GstFrameSrcClass *klass = GST_FRAME_SRC_GET_CLASS (self);

  GST_DEBUG_OBJECT (self, playing ? "frames may go" : "frames stop");
  if (!!current_run (self) != playing)
    g_atomic_int_inc (&p->run);
  if (playing && g_atomic_int_get (&p->pending) > 0)
    invoke_push_events (self);
  if (klass->set_playing)
    klass->set_playing (self, playing);
}

static GstStateChangeReturn
gst_frame_src_change_state (GstElement *element, GstStateChange transition)
{
  GstFrameSrc *self = GST_FRAME_SRC (element);

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    set_playing (self, FALSE);

  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_frame_src_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    stop (self);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    set_playing (self, TRUE);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

/* Not in init: the template is the subclass's. */
static void
gst_frame_src_constructed (GObject *object)
{
  GstFrameSrc *self = GST_FRAME_SRC (object);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (self), "src");
  GstPad *pad = gst_pad_new_from_template (template, "src");

  gst_frame_pad_init (&priv (self)->out, GST_ELEMENT (self), pad, &funcs, self);
  gst_pad_set_event_function (pad, gst_frame_src_event);
  gst_pad_set_query_function (pad, gst_frame_src_query);
  gst_element_add_pad (GST_ELEMENT (self), pad);
  G_OBJECT_CLASS (gst_frame_src_parent_class)->constructed (object);
}

static void
gst_frame_src_init (GstFrameSrc *self)
{
  GstFrameSrcPrivate *p = priv (self);

  g_queue_init (&p->events);
  p->min_latency = 20 * GST_MSECOND;
  p->max_latency = GST_CLOCK_TIME_NONE;
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static void
gst_frame_src_class_init (GstFrameSrcClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = gst_frame_src_constructed;
  element_class->change_state = gst_frame_src_change_state;
  element_class->send_event = gst_frame_src_send_event;
  klass->get_caps = default_get_caps;
  klass->src_event = default_src_event;
}
