/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstvoicesink.h"

GST_DEBUG_CATEGORY_STATIC (voice_sink_debug);
#define GST_CAT_DEFAULT voice_sink_debug

typedef struct
{
  /* Set when made, never changed: read freely. */
  GstPad *pad;

  /* Under the STREAM_LOCK of the pad. */
  GstSegment segment;
  gboolean has_format;
  GstVoiceFormat format; /* of upstream */
  GstVoiceFormat wanted; /* what the subclass is given */
  GstVoiceConverter *converter; /* NULL: made for the next buffer */
  GByteArray *converted;

  /* Under the object lock. */
  gboolean playing;
  gboolean ended; /* EOS may be posted */
  gboolean over; /* and no flush undoes that */
  gboolean posted; /* and has been, in this PLAYING */
  guint32 eos_seqnum; /* of upstream's, GST_SEQNUM_INVALID = it sent none */
} GstVoiceSinkPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstVoiceSink, gst_voice_sink,
    GST_TYPE_ELEMENT,
    G_ADD_PRIVATE (GstVoiceSink) GST_DEBUG_CATEGORY_INIT (voice_sink_debug,
        "voicesink", 0, "voice sink"))

static GstVoiceSinkPrivate *
priv (GstVoiceSink *self)
{
  return gst_voice_sink_get_instance_private (self);
}

/* ---- EOS: once in every PLAYING, as sinks do */

static void
post_eos_if_due (GstVoiceSink *self)
{
  GstVoiceSinkPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  gboolean due = p->ended && p->playing && !p->posted;
  guint32 seqnum = p->eos_seqnum;
  p->posted |= due;
  GST_OBJECT_UNLOCK (self);
  if (!due)
    return;
  GstMessage *message = gst_message_new_eos (GST_OBJECT (self));
  if (seqnum != GST_SEQNUM_INVALID)
    gst_message_set_seqnum (message, seqnum);
  gst_element_post_message (GST_ELEMENT (self), message);
}

void
gst_voice_sink_end (GstVoiceSink *self, gboolean for_good)
{
  GstVoiceSinkPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  p->ended = TRUE;
  p->over |= for_good;
  GST_OBJECT_UNLOCK (self);
  post_eos_if_due (self);
}

/* Another stream may follow. */
static void
forget_end (GstVoiceSink *self)
{
  GstVoiceSinkPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  if (!p->over)
    p->ended = p->posted = FALSE;
  p->eos_seqnum = GST_SEQNUM_INVALID;
  GST_OBJECT_UNLOCK (self);
}

static void
take_eos (GstVoiceSink *self, guint32 seqnum)
{
  GST_DEBUG_OBJECT (self, "its stream has ended");
  GST_OBJECT_LOCK (self);
  priv (self)->eos_seqnum = seqnum;
  GST_OBJECT_UNLOCK (self);
  if (GST_VOICE_SINK_GET_CLASS (self)->eos (self))
    gst_voice_sink_end (self, FALSE);
}

/* ---- Audio; streaming thread, which may be a media loop */

static void
choose_format (GstVoiceSinkPrivate *p, const GstVoiceFormat *wanted)
{
  if (p->converter && gst_voice_format_equal (&p->wanted, wanted))
    return;
  g_clear_pointer (&p->converter, gst_voice_converter_free);
  p->wanted = *wanted;
  p->converter = gst_voice_converter_new (&p->format, wanted);
  g_autoptr (GstCaps) caps = gst_voice_format_to_caps (wanted);
  GST_DEBUG_OBJECT (p->pad, "becomes %" GST_PTR_FORMAT, caps);
}

/* A file's bytes have no time: they follow each other. */
static GstClockTime
running_time_of (const GstVoiceSinkPrivate *p, GstBuffer *buffer)
{
  if (p->segment.format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID (buffer))
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (&p->segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
}

static GstClockTime
duration_of (const GstVoiceSinkPrivate *p, GstBuffer *buffer, gsize size)
{
  if (p->format.encoding == GST_VOICE_OPUS)
    return GST_BUFFER_DURATION (buffer);
  return gst_util_uint64_scale_int (size /
          GST_VOICE_SAMPLE_SIZE (p->format.encoding),
      GST_SECOND, (gint) p->format.rate);
}

static GstFlowReturn
render (GstVoiceSink *self, GstBuffer *buffer, const GstMapInfo *map)
{
  GstVoiceSinkPrivate *p = priv (self);
  GstVoiceSinkFrame frame = { .format = p->wanted,
    .data = map->data,
    .size = map->size,
    .time = running_time_of (p, buffer),
    .duration = duration_of (p, buffer, map->size),
    .gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) };

  if (!gst_voice_converter_is_passthrough (p->converter)) {
    if (GST_BUFFER_IS_DISCONT (buffer))
      gst_voice_converter_reset (p->converter);
    g_byte_array_set_size (p->converted, 0);
    gst_voice_converter_process (p->converter, frame.data, frame.size,
        p->converted);
    frame.data = p->converted->data;
    frame.size = p->converted->len;
  }
  GST_LOG_OBJECT (self, "%" GST_PTR_FORMAT " at %" GST_TIME_FORMAT, buffer,
      GST_TIME_ARGS (frame.time));
  return GST_VOICE_SINK_GET_CLASS (self)->render (self, &frame);
}

static GstFlowReturn
gst_voice_sink_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstVoiceSink *self = GST_VOICE_SINK (parent);
  GstVoiceSinkPrivate *p = priv (self);
  g_autoptr (GstBuffer) owned = buffer;
  GstVoiceFormat wanted;
  GstMapInfo map;

  if (!p->has_format)
    return GST_FLOW_NOT_NEGOTIATED;
  GstFlowReturn flow =
      GST_VOICE_SINK_GET_CLASS (self)->prepare (self, &p->format, &wanted);
  if (flow != GST_FLOW_OK)
    return flow == GST_VOICE_SINK_DROP ? GST_FLOW_OK : flow;
  choose_format (p, &wanted);
  if (!gst_buffer_map (owned, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  flow = render (self, owned, &map);
  gst_buffer_unmap (owned, &map);
  return flow;
}

/* ---- Events and queries */

static gboolean
set_caps (GstVoiceSink *self, GstEvent *event)
{
  GstVoiceSinkPrivate *p = priv (self);
  GstVoiceFormat format;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!gst_voice_format_from_caps (&format, caps))
    return FALSE;
  if (!p->has_format || !gst_voice_format_equal (&format, &p->format))
    g_clear_pointer (&p->converter, gst_voice_converter_free);
  p->format = format;
  p->has_format = TRUE;
  GST_INFO_OBJECT (p->pad, "format is %" GST_PTR_FORMAT, caps);
  if (GST_VOICE_SINK_GET_CLASS (self)->set_format)
    GST_VOICE_SINK_GET_CLASS (self)->set_format (self, &format);
  return TRUE;
}

static void
flush (GstVoiceSink *self, gboolean start)
{
  GstVoiceSinkClass *klass = GST_VOICE_SINK_GET_CLASS (self);
  GstVoiceSinkPrivate *p = priv (self);

  if (!start) {
    gst_segment_init (&p->segment, GST_FORMAT_UNDEFINED);
    g_clear_pointer (&p->converter, gst_voice_converter_free);
    forget_end (self);
  }
  GST_DEBUG_OBJECT (p->pad, start ? "flushes" : "flushes no more");
  if (klass->flush)
    klass->flush (self, start);
}

static gboolean
gst_voice_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstVoiceSink *self = GST_VOICE_SINK (parent);
  GstVoiceSinkClass *klass = GST_VOICE_SINK_GET_CLASS (self);
  gboolean ok = TRUE;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      ok = set_caps (self, event);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &priv (self)->segment);
      break;
    case GST_EVENT_EOS:
      take_eos (self, gst_event_get_seqnum (event));
      break;
    case GST_EVENT_FLUSH_START:
      flush (self, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      flush (self, FALSE);
      break;
    default:
      if (!klass->event || !klass->event (self, event))
        return gst_pad_event_default (pad, parent, event);
      break;
  }
  gst_event_unref (event);
  return ok;
}

static gboolean
gst_voice_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstVoiceSink *self = GST_VOICE_SINK (parent);
  GstVoiceSinkClass *klass = GST_VOICE_SINK_GET_CLASS (self);
  GstCaps *filter;

  if (klass->query && klass->query (self, query))
    return TRUE;
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return gst_pad_query_default (pad, parent, query);
  gst_query_parse_caps (query, &filter);
  g_autoptr (GstCaps) caps = klass->get_caps (self, filter);
  if (!caps)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_caps_result (query, caps);
  return TRUE;
}

/* GstElement has no pad for what a sink is to tell upstream: the pipeline's LATENCY, for which
 * a webrtcechoprobe waits. */
static gboolean
gst_voice_sink_send_event (GstElement *element, GstEvent *event)
{
  if (GST_EVENT_IS_DOWNSTREAM (event))
    return GST_ELEMENT_CLASS (gst_voice_sink_parent_class)
        ->send_event (element, event);
  return gst_pad_push_event (priv (GST_VOICE_SINK (element))->pad, event);
}

/* ---- State */

/* The pad is not active. */
static void
begin_stream (GstVoiceSink *self)
{
  GstVoiceSinkPrivate *p = priv (self);

  gst_segment_init (&p->segment, GST_FORMAT_UNDEFINED);
  p->has_format = FALSE;
  g_clear_pointer (&p->converter, gst_voice_converter_free);
  GST_OBJECT_LOCK (self);
  p->over = FALSE;
  GST_OBJECT_UNLOCK (self);
  forget_end (self);
}

static void
set_playing (GstVoiceSink *self, gboolean playing)
{
  GstVoiceSinkPrivate *p = priv (self);

  GST_OBJECT_LOCK (self);
  p->playing = playing;
  p->posted = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (GST_VOICE_SINK_GET_CLASS (self)->set_playing)
    GST_VOICE_SINK_GET_CLASS (self)->set_playing (self, playing);
  post_eos_if_due (self);
}

static GstStateChangeReturn
gst_voice_sink_change_state (GstElement *element, GstStateChange transition)
{
  GstVoiceSink *self = GST_VOICE_SINK (element);

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    begin_stream (self);
  else if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    set_playing (self, FALSE);
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_voice_sink_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    set_playing (self, TRUE);
  return result;
}

/* ---- Object */

GstPad *
gst_voice_sink_get_pad (GstVoiceSink *self)
{
  return priv (self)->pad;
}

/* Not in init: the template is the subclass's. */
static void
gst_voice_sink_constructed (GObject *object)
{
  GstVoiceSink *self = GST_VOICE_SINK (object);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (self), "sink");
  GstPad *pad = gst_pad_new_from_template (template, "sink");

  priv (self)->pad = pad;
  gst_pad_set_chain_function (pad, gst_voice_sink_chain);
  gst_pad_set_event_function (pad, gst_voice_sink_event);
  gst_pad_set_query_function (pad, gst_voice_sink_query);
  gst_element_add_pad (GST_ELEMENT (self), pad);
  G_OBJECT_CLASS (gst_voice_sink_parent_class)->constructed (object);
}

static void
gst_voice_sink_finalize (GObject *object)
{
  GstVoiceSinkPrivate *p = priv (GST_VOICE_SINK (object));

  g_clear_pointer (&p->converter, gst_voice_converter_free);
  g_byte_array_unref (p->converted);
  G_OBJECT_CLASS (gst_voice_sink_parent_class)->finalize (object);
}

static void
gst_voice_sink_init (GstVoiceSink *self)
{
  GstVoiceSinkPrivate *p = priv (self);

  p->converted = g_byte_array_new ();
  gst_segment_init (&p->segment, GST_FORMAT_UNDEFINED);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static void
gst_voice_sink_class_init (GstVoiceSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = gst_voice_sink_constructed;
  G_OBJECT_CLASS (klass)->finalize = gst_voice_sink_finalize;
  GST_ELEMENT_CLASS (klass)->change_state = gst_voice_sink_change_state;
  GST_ELEMENT_CLASS (klass)->send_event = gst_voice_sink_send_event;
}
