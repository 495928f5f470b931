/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-sipsink
 * @title: sipsink
 *
 * What the far end of a telephone call hears. Together with the #sipsrc of the
 * same #sipsink:session it is a two-way call; alone it plays to whoever calls, or
 * is called by #sipsink:uri. Live audio that comes outside a call is dropped; a
 * file waits for the call to be answered, and is then played in real time.
 *
 * The end of the stream hangs up: behind the last word and #sipsink:hang-up-delay,
 * whatever on-hangup says, which is about the far end hanging up. The event
 * `voice-control` with action hang-up does the same in the middle of a stream,
 * `dtmf-event` dials a digit, each in order with the voice around it. Upstream hears
 * of the call by `voice-call` events, as downstream of a #sipsrc does.
 *
 * Raw audio of 8, 16, 24 or 48 kHz is taken, best at the call's own rate, and
 * `audio/x-mulaw` or `audio/x-alaw`, whose bytes go out unchanged if the call uses
 * that law.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=hello.wav ! wavparse ! audioconvert ! audioresample ! sipsink uri=sip:bob@192.0.2.7
 * ]| Calls bob, plays a file to him and hangs up.
 */

#include "gstsip.h"
#include "gstsipcontrol.h"
#include "gstsiphalf.h"

#include "common/gstvoiceevents.h"
#include "common/gstvoiceformat.h"
#include "common/medialoop.h"

GST_DEBUG_CATEGORY_STATIC (sipsink_debug);
#define GST_CAT_DEFAULT sipsink_debug

#define GST_TYPE_SIP_SINK (gst_sip_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstSipSink, gst_sip_sink, GST, SIP_SINK, GstElement)

struct _GstSipSink
{
  GstElement parent;

  /* Set when made, never changed: read freely. */
  GstPad *pad;
  GstSipHalf half;

  /* Under the STREAM_LOCK of the pad. */
  GstSegment segment;
  gboolean has_format;
  GstVoiceFormat format; /* of upstream */
  GstVoiceFormat target; /* what the call is given */
  GstVoiceConverter *converter; /* NULL: made for the next buffer */
  GByteArray *converted;
  gboolean knows_live, live;

  /* Under the object lock, with `changed` signalled. */
  GCond changed;
  gboolean playing;
  gboolean flushing;
  gboolean in_call;
  gboolean over; /* the last call is over: no more data */
  gchar *call_id; /* of the call now up, or NULL */
  gboolean eos; /* upstream has ended */
  gboolean ended; /* EOS may be posted */
  gboolean posted; /* and has been, in this PLAYING */
  guint32 eos_seqnum; /* of upstream's, GST_SEQNUM_INVALID = it sent none */
  GstVoiceFormat call_format;
};

static void gst_sip_sink_uri_handler_init (gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE (GstSipSink, gst_sip_sink, GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER, gst_sip_sink_uri_handler_init)
        GST_DEBUG_CATEGORY_INIT (sipsink_debug, "sipsink", 0, "SIP call sink"))
/* Rank none although it handles URIs: those are found at any rank, while with one
 * autoaudiosink would take a telephone line for a loudspeaker. */
GST_ELEMENT_REGISTER_DEFINE (sipsink, "sipsink", GST_RANK_NONE,
    GST_TYPE_SIP_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

/* ---- EOS: once in every PLAYING, as sinks do */

static void
post_eos_if_due (GstSipSink *self)
{
  GST_OBJECT_LOCK (self);
  gboolean due = self->ended && self->playing && !self->posted;
  guint32 seqnum = self->eos_seqnum;
  if (due)
    self->posted = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!due)
    return;
  GstMessage *message = gst_message_new_eos (GST_OBJECT (self));
  if (seqnum != GST_SEQNUM_INVALID)
    gst_message_set_seqnum (message, seqnum);
  gst_element_post_message (GST_ELEMENT (self), message);
}

static void
end_stream (GstSipSink *self)
{
  GST_OBJECT_LOCK (self);
  self->ended = TRUE;
  GST_OBJECT_UNLOCK (self);
  post_eos_if_due (self);
}

/* ---- The call; media loop thread */

static void
push_call_event (GstSipSink *self, const SipCallEvent *event)
{
  GstVoiceCall call;

  if (gst_sip_half_announce (&self->half, event, &call))
    gst_pad_push_event (self->pad, gst_voice_call_event_new_upstream (&call));
}

static void
take_format (GstSipSink *self, const GstVoiceFormat *format)
{
  GST_OBJECT_LOCK (self);
  gboolean changed = !gst_voice_format_equal (&self->call_format, format);
  self->call_format = *format;
  GST_OBJECT_UNLOCK (self);
  if (changed)
    gst_pad_push_event (self->pad, gst_event_new_reconfigure ());
}

static void
take_call (GstSipSink *self, const SipCallEvent *event)
{
  take_format (self, &event->format);
  GST_OBJECT_LOCK (self);
  if (g_strcmp0 (self->call_id, event->call_id) != 0) {
    g_free (self->call_id);
    self->call_id = g_strdup (event->call_id);
  }
  self->in_call = TRUE;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
}

/* TRUE if the stream ends with it. */
static gboolean
drop_call (GstSipSink *self, gboolean is_last)
{
  GST_OBJECT_LOCK (self);
  self->in_call = FALSE;
  g_clear_pointer (&self->call_id, g_free);
  if (is_last)
    self->over = TRUE;
  gboolean ends = is_last || self->eos;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  return ends;
}

static void
on_state (const SipCallEvent *event, gpointer user)
{
  GstSipSink *self = user;

  gst_sip_half_report (&self->half, event);
  if (event->taken)
    return;
  switch (event->state) {
    case SIP_CALL_CODEC:
      take_format (self, &event->format);
      break;
    case SIP_CALL_ANSWERED:
      take_call (self, event);
      push_call_event (self, event);
      break;
    case SIP_CALL_ENDED:
    case SIP_CALL_FAILED:
      push_call_event (self, event);
      if (drop_call (self, event->is_last))
        end_stream (self);
      break;
    default:
      push_call_event (self, event);
      break;
  }
}

static void
on_dtmf (gchar digit, gboolean end, guint duration, gpointer user)
{
  if (end)
    gst_sip_half_report_dtmf (&((GstSipSink *) user)->half, digit, duration);
}

static const SipLineListener listener = {
  .state = on_state,
  .dtmf = on_dtmf,
};

/* ---- Audio; streaming thread, which may be a media loop */

/* A source that runs by itself cannot be made to wait. */
static gboolean
is_live (GstSipSink *self)
{
  if (!self->knows_live) {
    g_autoptr (GstQuery) query = gst_query_new_latency ();
    gboolean live = FALSE;

    if (gst_pad_peer_query (self->pad, query))
      gst_query_parse_latency (query, &live, NULL, NULL);
    self->live = live || media_loop_get_current () != NULL;
    self->knows_live = TRUE;
    GST_DEBUG_OBJECT (self, "upstream is %s", self->live ? "live" : "not live");
  }
  return self->live;
}

typedef enum
{
  AUDIO_PLAY,
  AUDIO_DROP,
  AUDIO_FLUSH,
  AUDIO_OVER,
} AudioFate;

static AudioFate
wait_for_call (GstSipSink *self, gboolean live, GstVoiceFormat *call_format)
{
  AudioFate fate = AUDIO_PLAY;

  GST_OBJECT_LOCK (self);
  while (!live && !self->flushing && !self->over &&
      !(self->playing && self->in_call))
    g_cond_wait (&self->changed, GST_OBJECT_GET_LOCK (self));
  if (self->flushing)
    fate = AUDIO_FLUSH;
  else if (self->over)
    fate = AUDIO_OVER;
  else if (!self->playing || !self->in_call)
    fate = AUDIO_DROP;
  *call_format = self->call_format;
  GST_OBJECT_UNLOCK (self);
  return fate;
}

/* The call's own law goes through as it is, all else as S16 at its rate. */
static void
choose_target (GstSipSink *self, const GstVoiceFormat *call_format)
{
  GstVoiceFormat target = *call_format;

  if (!gst_voice_format_equal (&self->format, call_format))
    target.encoding = GST_VOICE_S16;
  if (self->converter != NULL &&
      gst_voice_format_equal (&self->target, &target))
    return;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  self->target = target;
  self->converter = gst_voice_converter_new (&self->format, &target);
}

/* A file's bytes have no time: they follow each other. */
static GstClockTime
running_time_of (GstSipSink *self, GstBuffer *buffer)
{
  if (self->segment.format != GST_FORMAT_TIME ||
      !GST_BUFFER_PTS_IS_VALID (buffer))
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
}

static gboolean
send_bytes (GstSipSink *self, GstBuffer *buffer, const GstMapInfo *map)
{
  gconstpointer data = map->data;
  gsize size = map->size;
  GstClockTime time = running_time_of (self, buffer);

  if (!gst_voice_converter_is_passthrough (self->converter)) {
    if (GST_BUFFER_IS_DISCONT (buffer))
      gst_voice_converter_reset (self->converter);
    g_byte_array_set_size (self->converted, 0);
    gst_voice_converter_process (self->converter, data, size, self->converted);
    data = self->converted->data;
    size = self->converted->len;
  }
  GST_LOG_OBJECT (self, "%" GST_PTR_FORMAT " at %" GST_TIME_FORMAT, buffer,
      GST_TIME_ARGS (time));
  return sip_line_send (self->half.call, self->target.encoding, data, size,
      time, GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP), self->live);
}

static GstFlowReturn
gst_sip_sink_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstSipSink *self = GST_SIP_SINK (parent);
  g_autoptr (GstBuffer) owned = buffer;
  GstVoiceFormat call_format;
  GstMapInfo map;

  if (!self->has_format)
    return GST_FLOW_NOT_NEGOTIATED;
  switch (wait_for_call (self, is_live (self), &call_format)) {
    case AUDIO_FLUSH:
      return GST_FLOW_FLUSHING;
    case AUDIO_OVER:
      return GST_FLOW_EOS;
    case AUDIO_DROP:
      return GST_FLOW_OK;
    case AUDIO_PLAY:
      break;
  }
  choose_target (self, &call_format);
  if (!gst_buffer_map (owned, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  gboolean sent = send_bytes (self, owned, &map);
  gst_buffer_unmap (owned, &map);
  /* Not sent: unlocked or the call has just ended, which the next buffer meets
   * in wait_for_call(). */
  GST_OBJECT_LOCK (self);
  gboolean flushing = !sent && self->flushing;
  GST_OBJECT_UNLOCK (self);
  return flushing ? GST_FLOW_FLUSHING : GST_FLOW_OK;
}

/* ---- Events */

static gboolean
set_caps (GstSipSink *self, GstCaps *caps)
{
  GstVoiceFormat format;

  if (!gst_voice_format_from_caps (&format, caps))
    return FALSE;
  if (!self->has_format || !gst_voice_format_equal (&format, &self->format))
    g_clear_pointer (&self->converter, gst_voice_converter_free);
  self->format = format;
  self->has_format = TRUE;
  return TRUE;
}

/* Nothing more to say: hang up behind the last word. The end of the call is then
 * the end of the stream (on_state). */
static void
handle_eos (GstSipSink *self, guint32 seqnum)
{
  GST_OBJECT_LOCK (self);
  self->eos_seqnum = seqnum;
  self->eos = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!sip_line_hang_up_after_audio (self->half.call))
    end_stream (self);
}

static void
obey (GstSipSink *self, const GstVoiceControl *control)
{
  GST_OBJECT_LOCK (self);
  g_autofree gchar *call_id = g_strdup (self->call_id);
  GST_OBJECT_UNLOCK (self);
  gst_sip_control_obey (self->pad, self->half.call, call_id, control);
}

static void
set_flushing (GstSipSink *self, gboolean flushing)
{
  GST_OBJECT_LOCK (self);
  self->flushing = flushing;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  sip_line_unlock (self->half.call, flushing);
}

static void
finish_flush (GstSipSink *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  GST_OBJECT_LOCK (self);
  self->eos = FALSE;
  self->ended = self->over;
  self->eos_seqnum = GST_SEQNUM_INVALID;
  GST_OBJECT_UNLOCK (self);
  set_flushing (self, FALSE);
}

/* FALSE: none of ours. */
static gboolean
handle_voice_event (GstSipSink *self, GstEvent *event)
{
  GstVoiceControl control;
  gchar digits[2] = "";
  guint duration;

  if (gst_voice_control_event_parse (event, &control))
    obey (self, &control);
  else if (gst_voice_dtmf_event_parse (event, digits, &duration))
    sip_line_send_dtmf (self->half.call, digits);
  else
    return FALSE;
  return TRUE;
}

static gboolean
gst_sip_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstSipSink *self = GST_SIP_SINK (parent);
  gboolean ok = TRUE;
  GstCaps *caps;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      gst_event_parse_caps (event, &caps);
      ok = set_caps (self, caps);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      break;
    case GST_EVENT_EOS:
      handle_eos (self, gst_event_get_seqnum (event));
      break;
    case GST_EVENT_FLUSH_START:
      set_flushing (self, TRUE);
      sip_line_flush (self->half.call);
      break;
    case GST_EVENT_FLUSH_STOP:
      finish_flush (self);
      break;
    default:
      if (!handle_voice_event (self, event))
        return gst_pad_event_default (pad, parent, event);
      break;
  }
  gst_event_unref (event);
  return ok;
}

static gboolean
gst_sip_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstSipSink *self = GST_SIP_SINK (parent);
  GstCaps *filter;

  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return gst_pad_query_default (pad, parent, query);
  GST_OBJECT_LOCK (self);
  g_autoptr (GstCaps) caps =
      gst_voice_format_caps_preferring (&self->call_format);
  GST_OBJECT_UNLOCK (self);
  gst_query_parse_caps (query, &filter);
  if (filter != NULL) {
    g_autoptr (GstCaps) both =
        gst_caps_intersect_full (caps, filter, GST_CAPS_INTERSECT_FIRST);
    gst_query_set_caps_result (query, both);
  } else {
    gst_query_set_caps_result (query, caps);
  }
  return TRUE;
}

/* ---- State */

static void
open_stream (GstSipSink *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->has_format = self->knows_live = FALSE;
  GST_OBJECT_LOCK (self);
  self->in_call = self->over = self->eos = self->ended = self->posted = FALSE;
  g_clear_pointer (&self->call_id, g_free);
  self->eos_seqnum = GST_SEQNUM_INVALID;
  GST_OBJECT_UNLOCK (self);
  set_flushing (self, FALSE);
}

static void
set_playing (GstSipSink *self, gboolean playing)
{
  GST_OBJECT_LOCK (self);
  self->playing = playing;
  self->posted = FALSE;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  sip_line_set_playing (self->half.call, SIP_LINE_SINK, playing);
  post_eos_if_due (self);
}

static gboolean
before_state_change (GstSipSink *self, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      return gst_sip_half_join (&self->half, &listener);
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      if (!gst_sip_half_prepare (&self->half))
        return FALSE;
      open_stream (self);
      return TRUE;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      set_playing (self, FALSE);
      return TRUE;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      set_flushing (self, TRUE);
      return TRUE;
    default:
      return TRUE;
  }
}

static GstStateChangeReturn
gst_sip_sink_change_state (GstElement *element, GstStateChange transition)
{
  GstSipSink *self = GST_SIP_SINK (element);

  if (!before_state_change (self, transition))
    return GST_STATE_CHANGE_FAILURE;
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_sip_sink_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    set_playing (self, TRUE);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    sip_line_close (self->half.call, SIP_LINE_SINK);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_sip_half_leave (&self->half);
  return result;
}

static void
gst_sip_sink_finalize (GObject *object)
{
  GstSipSink *self = GST_SIP_SINK (object);

  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_unref (self->converted);
  g_free (self->call_id);
  gst_sip_half_clear (&self->half);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (gst_sip_sink_parent_class)->finalize (object);
}

static void
gst_sip_sink_init (GstSipSink *self)
{
  gst_sip_half_init (&self->half, GST_ELEMENT (self), SIP_LINE_SINK);
  g_cond_init (&self->changed);
  self->converted = g_byte_array_new ();
  self->call_format.encoding = GST_VOICE_MULAW;
  self->call_format.rate = 8000;
  self->pad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->pad, gst_sip_sink_chain);
  gst_pad_set_event_function (self->pad, gst_sip_sink_event);
  gst_pad_set_query_function (self->pad, gst_sip_sink_query);
  gst_element_add_pad (GST_ELEMENT (self), self->pad);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static void
gst_sip_sink_uri_handler_init (gpointer iface, gpointer data)
{
  gst_sip_half_uri_handler_init (iface, SIP_LINE_SINK);
}

static void
gst_sip_sink_class_init (GstSipSinkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_sip_sink_finalize;
  element_class->change_state = gst_sip_sink_change_state;
  gst_sip_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "SIP call sink",
      "Sink/Network/Audio", "Sends audio to the far end of a SIP call",
      "gst-voice-agent authors");
}
