/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-aiagentsink
 * @title: aiagentsink
 *
 * The ear of a voice agent: what comes in here is what the caller says. Together
 * with the #aiagentsrc of the same #aiagentsink:session it holds a conversation;
 * alone it listens, and says on the bus what it hears.
 *
 * A conversation begins and ends with the `voice-call` events of a telephone line
 * or browser before it: when the call is answered, not with its early media (unless
 * the line says that it may speak early). While either side has the call on hold the
 * agent hears nothing, says nothing and waits as long as it takes; then it begins again
 * with the clause it was saying. Where nobody sends them, as with a microphone or a file, it
 * begins with the first sound and ends with the stream, after the agent's last
 * word; and when the agent hangs up, the stream ends.
 *
 * Unless #aiagentsink:backend says otherwise the agent is `local`, which is built
 * in; `backend::agent-file` is what it says and understands.
 *
 * Each turn is on the bus as `aiagent/turn`, with its times; what was said as
 * `aiagent/transcript`; what the agent wants done as `aiagent/tool`. All have the
 * `call-id` of the call, turns and transcripts the `turn-id` that ties them together.
 * The agent's words are told when it begins to say them, and as `final` when they were
 * heard: of an answer that was interrupted, the words up to then.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 sipsrc on-hangup=wait ! aiagentsink backend=echo aiagentsrc ! sipsink
 * ]| Answers call after call and plays each sentence back to the caller.
 */

#include "gstaiagent.h"
#include "gstaiagenthalf.h"

#include "common/gstvoiceevents.h"
#include "common/gstvoiceformat.h"
#include "common/gstvoicelistener.h"

GST_DEBUG_CATEGORY_STATIC (aiagentsink_debug);
#define GST_CAT_DEFAULT aiagentsink_debug

#define GST_TYPE_AIAGENT_SINK (gst_aiagent_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstAiAgentSink, gst_aiagent_sink, GST, AIAGENT_SINK,
    GstElement)

struct _GstAiAgentSink
{
  GstElement parent;

  GstAiAgentHalf half;
  GstPad *pad;

  /* Under the STREAM_LOCK of the pad. */
  GstSegment segment;
  gboolean has_format;
  GstVoiceFormat format; /* of upstream */
  GstVoiceConverter *converter; /* to the session's */
  GByteArray *converted;
  GstClockTime next_time; /* running time after the last buffer */

  /* Object lock. */
  gboolean playing, ended, posted;
  guint32 eos_seqnum;
};

G_DEFINE_TYPE_WITH_CODE (GstAiAgentSink, gst_aiagent_sink, GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY,
        gst_aiagent_half_child_proxy_init)
        GST_DEBUG_CATEGORY_INIT (aiagentsink_debug, "aiagentsink", 0,
            "agent sink"))
GST_ELEMENT_REGISTER_DEFINE (aiagentsink, "aiagentsink", GST_RANK_NONE,
    GST_TYPE_AIAGENT_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

/* ---- Audio */

static GstClockTime
running_time (GstAiAgentSink *self, GstBuffer *buffer)
{
  GstClockTime time = GST_CLOCK_TIME_NONE;

  /* A file read as raw audio comes in bytes. */
  if (self->segment.format == GST_FORMAT_TIME &&
      GST_BUFFER_PTS_IS_VALID (buffer))
    time = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
        GST_BUFFER_PTS (buffer));
  return GST_CLOCK_TIME_IS_VALID (time) ? time : self->next_time;
}

static gboolean
hear (GstAiAgentSink *self, const GstMapInfo *map, GstClockTime time,
    gboolean gap)
{
  gconstpointer data = map->data;
  gsize size = map->size;

  if (!gst_voice_converter_is_passthrough (self->converter)) {
    g_byte_array_set_size (self->converted, 0);
    gst_voice_converter_process (self->converter, data, size, self->converted);
    data = self->converted->data;
    size = self->converted->len;
  }
  return agent_session_hear (self->half.session, data, (guint) (size / 2), time,
      gap);
}

static GstFlowReturn
gst_aiagent_sink_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (parent);
  GstMapInfo map;

  if (!self->has_format || !gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    gst_buffer_unref (buffer);
    return self->has_format ? GST_FLOW_ERROR : GST_FLOW_NOT_NEGOTIATED;
  }
  GstClockTime time = running_time (self, buffer);
  self->next_time = time +
      gst_util_uint64_scale_int (map.size /
              GST_VOICE_SAMPLE_SIZE (self->format.encoding),
          GST_SECOND, (gint) self->format.rate);
  if (GST_BUFFER_IS_DISCONT (buffer))
    gst_voice_converter_reset (self->converter);
  gboolean goes_on = hear (self, &map, time,
      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP));
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
  return goes_on ? GST_FLOW_OK : GST_FLOW_EOS; /* upstream answers with EOS */
}

/* ---- Events */

static gboolean
set_caps (GstAiAgentSink *self, GstCaps *caps)
{
  GstVoiceFormat session;

  if (!gst_voice_format_from_caps (&self->format, caps))
    return FALSE;
  agent_session_get_format (self->half.session, self->format.rate, &session);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  self->converter = gst_voice_converter_new (&self->format, &session);
  self->has_format = TRUE;
  return TRUE;
}

/* Sinks post EOS once in every PLAYING. */
static void
post_eos_if_due (GstAiAgentSink *self)
{
  GST_OBJECT_LOCK (self);
  gboolean due = self->ended && self->playing && !self->posted;
  self->posted |= due;
  guint32 seqnum = self->eos_seqnum;
  GST_OBJECT_UNLOCK (self);
  if (!due)
    return;
  GstMessage *message = gst_message_new_eos (GST_OBJECT (self));
  gst_message_set_seqnum (message, seqnum);
  gst_element_post_message (GST_ELEMENT (self), message);
}

static void
handle_eos (GstAiAgentSink *self, guint32 seqnum)
{
  agent_session_caller_gone (self->half.session);
  GST_OBJECT_LOCK (self);
  self->ended = TRUE;
  self->eos_seqnum = seqnum;
  GST_OBJECT_UNLOCK (self);
  post_eos_if_due (self);
}

static void
handle_custom (GstAiAgentSink *self, GstEvent *event)
{
  GstVoiceInputType input;
  GstVoiceCall call;
  const gchar *text;
  gchar digit;
  guint duration;

  if (gst_voice_call_event_parse (event, &call))
    agent_session_call (self->half.session, AGENT_SINK, &call);
  else if (gst_voice_dtmf_event_parse (event, &digit, &duration))
    agent_session_digit (self->half.session, digit);
  else if (gst_voice_input_event_parse (event, &input, &text))
    agent_session_input (self->half.session, input, text);
}

static gboolean
gst_aiagent_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (parent);
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
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init (&self->segment, GST_FORMAT_TIME);
      GST_OBJECT_LOCK (self);
      self->ended = self->posted = FALSE;
      GST_OBJECT_UNLOCK (self);
      break;
    case GST_EVENT_EOS:
      handle_eos (self, gst_event_get_seqnum (event));
      break;
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      handle_custom (self, event);
      break;
    default:
      return gst_pad_event_default (pad, parent, event);
  }
  gst_event_unref (event);
  return ok;
}

static gboolean
gst_aiagent_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (parent);
  GstCaps *filter;

  if (gst_voice_listener_query_answer_agent (query))
    return TRUE;
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS || !self->half.session)
    return gst_pad_query_default (pad, parent, query);
  /* The agent's own rate first; it takes any. */
  guint rate = agent_session_get_backend_rate (self->half.session);
  GstVoiceFormat best = { GST_VOICE_S16, rate };
  g_autoptr (GstCaps) caps = rate ? gst_voice_format_caps_preferring (&best)
                                  : gst_pad_get_pad_template_caps (pad);
  gst_query_parse_caps (query, &filter);
  if (filter) {
    GstCaps *both =
        gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
    gst_caps_take (&caps, both);
  }
  gst_query_set_caps_result (query, caps);
  return TRUE;
}

/* ---- What the session tells */

static void
on_fact (GstElement *element, GstStructure *fact)
{
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element), fact));
}

static void
on_failed (GstElement *element, const GError *error)
{
  gst_aiagent_half_post_error (&GST_AIAGENT_SINK (element)->half, error);
}

static const AgentListener listener = {
  .fact = on_fact,
  .failed = on_failed,
};

/* ---- State */

static void
reset (GstAiAgentSink *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  self->has_format = FALSE;
  self->next_time = 0;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  GST_OBJECT_LOCK (self);
  self->ended = self->posted = FALSE;
  GST_OBJECT_UNLOCK (self);
}

static void
set_playing (GstAiAgentSink *self, gboolean playing)
{
  GST_OBJECT_LOCK (self);
  self->playing = playing;
  if (!playing)
    self->posted = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (playing)
    post_eos_if_due (self);
}

static gboolean
before_state_change (GstAiAgentSink *self, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      return gst_aiagent_half_join (&self->half, &listener);
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      reset (self);
      return gst_aiagent_half_prepare (&self->half);
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      set_playing (self, FALSE);
      return TRUE;
    default:
      return TRUE;
  }
}

static GstStateChangeReturn
gst_aiagent_sink_change_state (GstElement *element, GstStateChange transition)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (element);

  if (!before_state_change (self, transition))
    return GST_STATE_CHANGE_FAILURE;
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_aiagent_sink_parent_class)
          ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    set_playing (self, TRUE);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    agent_session_close (self->half.session, AGENT_SINK);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_aiagent_half_leave (&self->half);
  return result;
}

static void
gst_aiagent_sink_finalize (GObject *object)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (object);

  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_unref (self->converted);
  gst_aiagent_half_clear (&self->half);
  G_OBJECT_CLASS (gst_aiagent_sink_parent_class)->finalize (object);
}

static void
gst_aiagent_sink_init (GstAiAgentSink *self)
{
  self->pad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->pad, gst_aiagent_sink_chain);
  gst_pad_set_event_function (self->pad, gst_aiagent_sink_event);
  gst_pad_set_query_function (self->pad, gst_aiagent_sink_query);
  gst_element_add_pad (GST_ELEMENT (self), self->pad);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
  self->converted = g_byte_array_new ();
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  gst_aiagent_half_init (&self->half, GST_ELEMENT (self), AGENT_SINK);
}

static void
gst_aiagent_sink_class_init (GstAiAgentSinkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_aiagent_sink_finalize;
  element_class->change_state = gst_aiagent_sink_change_state;
  gst_aiagent_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Voice agent sink",
      "Sink/Audio", "Gives a caller's voice to an agent",
      "gst-voice-agent authors");
}
