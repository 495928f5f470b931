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
 * `voice-control` with action hang-up does the same in the middle of a stream, with
 * action transfer it has the far end call somebody else (#sipsink:dial-allow),
 * `dtmf-event` dials a digit, each in order with the voice around it. Upstream hears
 * of the call by `voice-call` events, as downstream of a #sipsrc does.
 *
 * Raw audio of 8, 16, 24 or 48 kHz is taken, best at the call's own rate (16 kHz with
 * G.722 and Opus, 8 kHz with G.711), and `audio/x-mulaw` or `audio/x-alaw`, whose bytes go out
 * unchanged if the call uses that law. So do packets of Opus, `audio/x-opus` of 5 to 60 ms;
 * in a call of another codec they are decoded. Where the codec changes within the call,
 * upstream is asked to negotiate again. How long it travels is told upstream (`voice-path`) as
 * the far end's RTCP says.
 *
 * What is sent is known here, and so its echo can be taken out of what comes at the #sipsrc
 * (#GstSipSink:voice-processing).
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=hello.wav ! wavparse ! audioconvert ! audioresample ! sipsink uri=sip:bob@192.0.2.7
 * ]| Calls bob, plays a file to him and hangs up.
 */

#include "gstsip.h"
#include "gstsipcontrol.h"
#include "gstsiphalf.h"

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"
#include "common/frame/gstvoicesink.h"
#include "common/loop/medialoop.h"

GST_DEBUG_CATEGORY_STATIC (sipsink_debug);
#define GST_CAT_DEFAULT sipsink_debug

#define GST_TYPE_SIP_SINK (gst_sip_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstSipSink, gst_sip_sink, GST, SIP_SINK, GstVoiceSink)

struct _GstSipSink
{
  GstVoiceSink parent;

  GstSipHalf half;

  /* Under the STREAM_LOCK of the pad. */
  gboolean knows_live, live;

  /* Under the object lock, with `changed` signalled. */
  GCond changed;
  gboolean playing;
  gboolean flushing;
  gboolean in_call;
  gboolean over; /* the last call is over: no more data */
  gboolean eos; /* upstream has ended */
  GstVoiceFormat call_format;
  gchar *other_call; /* of upstream: its id, NULL = none yet */

  /* Streaming thread. */
  guint own_call; /* of the line when that one came */
};

static void gst_sip_sink_uri_handler_init (gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE (GstSipSink, gst_sip_sink, GST_TYPE_VOICE_SINK,
    G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER, gst_sip_sink_uri_handler_init)
        GST_DEBUG_CATEGORY_INIT (sipsink_debug, "sipsink", 0, "SIP call sink"))
/* Rank none although it handles URIs: those are found at any rank, while with one
 * autoaudiosink would take a telephone line for a loudspeaker. */
GST_ELEMENT_REGISTER_DEFINE (sipsink, "sipsink", GST_RANK_NONE,
    GST_TYPE_SIP_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_PACKET_CAPS));

static GstPad *
pad_of (GstSipSink *self)
{
  return gst_voice_sink_get_pad (GST_VOICE_SINK (self));
}

/* ---- The call; media loop thread */

static void
push_call_event (GstSipSink *self, const SipCallEvent *event)
{
  GstEvent *told = gst_sip_half_announce (&self->half, event);

  if (told)
    gst_pad_push_event (pad_of (self), told);
}

static void
take_format (GstSipSink *self, const GstVoiceFormat *format)
{
  GST_OBJECT_LOCK (self);
  gboolean changed = !gst_voice_format_equal (&self->call_format, format);
  self->call_format = *format;
  GST_OBJECT_UNLOCK (self);
  if (changed)
    gst_pad_push_event (pad_of (self), gst_event_new_reconfigure ());
}

static void
take_call (GstSipSink *self, const SipCallEvent *event)
{
  take_format (self, &event->format);
  GST_OBJECT_LOCK (self);
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
  if (is_last)
    self->over = TRUE;
  gboolean ends = is_last || self->eos;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  return ends;
}

/* Whom upstream's call waits for has answered. */
static void
answer_other (GstSipSink *self, const SipCallEvent *event)
{
  GST_OBJECT_LOCK (self);
  g_autofree gchar *call = g_strdup (self->other_call);
  GST_OBJECT_UNLOCK (self);
  if (call && event->outgoing)
    gst_pad_push_event (pad_of (self), gst_voice_ready_event_new (call));
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
    case SIP_CALL_TRANSFER:
    case SIP_CALL_CONTROLLED:
      gst_sip_control_tell (pad_of (self), event);
      break;
    case SIP_CALL_EARLY:
      if (event->speak_early)
        take_call (self, event);
      push_call_event (self, event);
      break;
    case SIP_CALL_ANSWERED:
      take_call (self, event);
      push_call_event (self, event);
      answer_other (self, event);
      break;
    case SIP_CALL_ENDED:
    case SIP_CALL_FAILED:
      push_call_event (self, event);
      if (drop_call (self, event->is_last))
        gst_voice_sink_end (GST_VOICE_SINK (self), event->is_last);
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

static void
on_account (const SipAccountEvent *event, gpointer user)
{
  GstSipSink *self = user;

  gst_sip_half_report_account (&self->half, event);
}

static void
on_path (gint64 delay, gpointer user)
{
  gst_pad_push_event (pad_of (user),
      gst_voice_path_event_new ((GstClockTime) delay));
}

static const SipLineListener listener = {
  .path = on_path,
  .state = on_state,
  .dtmf = on_dtmf,
  .account = on_account,
};

/* ---- Audio; streaming thread, which may be a media loop */

/* A source that runs by itself cannot be made to wait. */
static gboolean
is_live (GstSipSink *self)
{
  if (!self->knows_live) {
    g_autoptr (GstQuery) query = gst_query_new_latency ();
    gboolean live = FALSE;

    if (gst_pad_peer_query (pad_of (self), query))
      gst_query_parse_latency (query, &live, NULL, NULL);
    self->live = live || media_loop_get_current () != NULL;
    self->knows_live = TRUE;
    GST_DEBUG_OBJECT (self, "upstream is %s", self->live ? "live" : "not live");
  }
  return self->live;
}

static GstFlowReturn
wait_for_call (GstSipSink *self, gboolean live, GstVoiceFormat *call_format)
{
  GstFlowReturn flow = GST_FLOW_OK;

  GST_OBJECT_LOCK (self);
  while (!live && !self->flushing && !self->over &&
      !(self->playing && self->in_call))
    g_cond_wait (&self->changed, GST_OBJECT_GET_LOCK (self));
  if (self->flushing)
    flow = GST_FLOW_FLUSHING;
  else if (self->over)
    flow = GST_FLOW_EOS;
  else if (!self->playing || !self->in_call)
    flow = GST_VOICE_SINK_DROP;
  *call_format = self->call_format;
  GST_OBJECT_UNLOCK (self);
  return flow;
}

/* The call's own law goes through as it is, packets in any case, all else as S16 at its
 * rate. A codec that has no caps asks for that itself. */
static GstFlowReturn
gst_sip_sink_prepare (GstVoiceSink *sink, const GstVoiceFormat *upstream,
    GstVoiceFormat *wanted)
{
  GstSipSink *self = GST_SIP_SINK (sink);
  const GstFlowReturn flow = wait_for_call (self, is_live (self), wanted);

  if (codec_table_find_packets (upstream->encoding))
    *wanted = *upstream;
  else if (!gst_voice_format_equal (upstream, wanted))
    wanted->encoding = GST_VOICE_S16;
  return flow;
}

static GstFlowReturn
gst_sip_sink_render (GstVoiceSink *sink, const GstVoiceSinkFrame *frame)
{
  GstSipSink *self = GST_SIP_SINK (sink);
  gboolean sent =
      sip_line_send (gst_sip_half_get_line (&self->half), &frame->format,
          frame->data, frame->size, frame->time, frame->gap, self->live);

  /* Not sent: unlocked or the call has just ended, which the next buffer meets
   * in wait_for_call(). */
  GST_OBJECT_LOCK (self);
  gboolean flushing = !sent && self->flushing;
  GST_OBJECT_UNLOCK (self);
  return flushing ? GST_FLOW_FLUSHING : GST_FLOW_OK;
}

/* ---- Events */

/* Nothing more to say: hang up behind the last word. The end of the call is then
 * the end of the stream (on_state). */
static gboolean
gst_sip_sink_eos (GstVoiceSink *sink)
{
  GstSipSink *self = GST_SIP_SINK (sink);

  GST_OBJECT_LOCK (self);
  self->eos = TRUE;
  GST_OBJECT_UNLOCK (self);
  return !sip_line_hang_up_after_audio (gst_sip_half_get_line (&self->half));
}

static void
obey (GstSipSink *self, const GstVoiceControl *control)
{
  gst_sip_control_obey (pad_of (self), gst_sip_half_get_line (&self->half),
      control);
}

static void
set_flushing (GstSipSink *self, gboolean flushing)
{
  GST_OBJECT_LOCK (self);
  self->flushing = flushing;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  g_autoptr (SipLine) line = gst_sip_half_dup_line (&self->half);
  if (line != NULL)
    sip_line_unlock (line, flushing);
}

static void
gst_sip_sink_flush (GstVoiceSink *sink, gboolean start)
{
  GstSipSink *self = GST_SIP_SINK (sink);

  if (!start) {
    GST_OBJECT_LOCK (self);
    self->eos = FALSE;
    GST_OBJECT_UNLOCK (self);
  }
  set_flushing (self, start);
  g_autoptr (SipLine) line = gst_sip_half_dup_line (&self->half);
  if (start && line != NULL)
    sip_line_flush (line);
}

/* Another line's call, or a browser's, which is connected with this line's; of its own,
 * where sipsrc is upstream of its sipsink, it knows. */
static void
hear_of_call (GstSipSink *self, const GstVoiceCall *call)
{
  SipLine *line = gst_sip_half_get_line (&self->half);

  if (sip_line_has_call (line, call->call_id))
    return;
  GST_OBJECT_LOCK (self);
  const gboolean is_known = !g_strcmp0 (self->other_call, call->call_id);
  const gboolean comes = !is_known && call->state != GST_VOICE_CALL_ENDED;
  const gboolean ends = is_known && call->state == GST_VOICE_CALL_ENDED;
  if (comes) {
    g_free (self->other_call);
    self->other_call = g_strdup (call->call_id);
  }
  GST_OBJECT_UNLOCK (self);
  if (comes)
    self->own_call = sip_line_connect (line);
  else if (ends)
    sip_line_disconnect (line, self->own_call, call->status);
}

static gboolean
gst_sip_sink_event (GstVoiceSink *sink, GstEvent *event)
{
  GstSipSink *self = GST_SIP_SINK (sink);
  GstVoiceControl control;
  GstVoiceCall call;
  gchar digits[2] = "";
  guint duration;

  if (gst_voice_control_event_parse (event, &control))
    obey (self, &control);
  else if (gst_voice_dtmf_event_parse (event, digits, &duration))
    sip_line_send_dtmf (gst_sip_half_get_line (&self->half), digits);
  else if (gst_voice_call_event_parse (event, &call))
    hear_of_call (self, &call);
  else
    return FALSE;
  return TRUE;
}

/* The call's own rate first, whatever upstream would prefer. */
static GstCaps *
gst_sip_sink_get_caps (GstVoiceSink *sink, GstCaps *filter)
{
  GstSipSink *self = GST_SIP_SINK (sink);

  GST_OBJECT_LOCK (self);
  GstCaps *caps = gst_voice_format_caps_preferring (&self->call_format);
  GST_OBJECT_UNLOCK (self);
  gst_caps_append (caps,
      gst_caps_new_simple ("audio/x-opus", "channel-mapping-family", G_TYPE_INT,
          0, NULL));
  if (filter != NULL)
    gst_caps_take (&caps,
        gst_caps_intersect_full (caps, filter, GST_CAPS_INTERSECT_FIRST));
  return caps;
}

/* ---- State */

static void
open_stream (GstSipSink *self)
{
  self->knows_live = FALSE;
  GST_OBJECT_LOCK (self);
  self->in_call = self->over = self->eos = FALSE;
  GST_OBJECT_UNLOCK (self);
  set_flushing (self, FALSE);
}

static void
gst_sip_sink_set_playing (GstVoiceSink *sink, gboolean playing)
{
  GstSipSink *self = GST_SIP_SINK (sink);

  GST_OBJECT_LOCK (self);
  self->playing = playing;
  g_cond_broadcast (&self->changed);
  GST_OBJECT_UNLOCK (self);
  sip_line_set_playing (gst_sip_half_get_line (&self->half), SIP_LINE_SINK,
      playing);
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
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    sip_line_close (gst_sip_half_get_line (&self->half), SIP_LINE_SINK);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL ||
      (transition == GST_STATE_CHANGE_NULL_TO_READY &&
          result == GST_STATE_CHANGE_FAILURE))
    gst_sip_half_leave (&self->half);
  return result;
}

static void
gst_sip_sink_finalize (GObject *object)
{
  GstSipSink *self = GST_SIP_SINK (object);

  gst_sip_half_clear (&self->half);
  g_cond_clear (&self->changed);
  g_free (self->other_call);
  G_OBJECT_CLASS (gst_sip_sink_parent_class)->finalize (object);
}

static void
gst_sip_sink_init (GstSipSink *self)
{
  gst_sip_half_init (&self->half, GST_ELEMENT (self), SIP_LINE_SINK);
  g_cond_init (&self->changed);
  self->call_format = codec_table_get_format (NULL);
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
  GstVoiceSinkClass *sink_class = GST_VOICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_sip_sink_finalize;
  element_class->change_state = gst_sip_sink_change_state;
  sink_class->prepare = gst_sip_sink_prepare;
  sink_class->render = gst_sip_sink_render;
  sink_class->eos = gst_sip_sink_eos;
  sink_class->event = gst_sip_sink_event;
  sink_class->flush = gst_sip_sink_flush;
  sink_class->get_caps = gst_sip_sink_get_caps;
  sink_class->set_playing = gst_sip_sink_set_playing;
  gst_sip_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "SIP call sink",
      "Sink/Network/Audio", "Sends audio to the far end of a SIP call",
      "gst-voice-agent authors");
}
