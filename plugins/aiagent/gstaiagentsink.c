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
 * What a model may do besides talking is set by #aiagentsink:tools-enabled for what is built
 * in, as to hang up, and by #aiagentsink:tools and #aiagentsink:tool-command for what is one's
 * own.
 *
 * Each turn is on the bus as `aiagent/turn`, with its times; what was said as
 * `aiagent/transcript`; what the agent wants done as `aiagent/tool`; how the backend
 * stands as `aiagent/backend`, and what a model has used as `aiagent/usage`; what became of
 * what a caller wrote as `aiagent/input`.
 * All have the `call-id` of the call, turns and transcripts the `turn-id` that ties
 * them together. The agent's words are told when it begins to say them, and as `final` when they were
 * heard: of an answer that was interrupted, the words up to then.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 sipsrc on-hangup=wait ! aiagentsink backend=echo aiagentsrc ! sipsink
 * ]| Answers call after call and plays each sentence back to the caller.
 */

#include "gstaiagent.h"
#include "gstaiagenthalf.h"

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"
#include "common/event/gstvoicelistener.h"
#include "common/frame/gstvoicesink.h"

GST_DEBUG_CATEGORY_STATIC (aiagentsink_debug);
#define GST_CAT_DEFAULT aiagentsink_debug

#define GST_TYPE_AIAGENT_SINK (gst_aiagent_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstAiAgentSink, gst_aiagent_sink, GST, AIAGENT_SINK,
    GstVoiceSink)

struct _GstAiAgentSink
{
  GstVoiceSink parent;

  GstAiAgentHalf half;

  /* Under the STREAM_LOCK of the pad. */
  GstClockTime next_time; /* running time after the last buffer */
};

G_DEFINE_TYPE_WITH_CODE (GstAiAgentSink, gst_aiagent_sink, GST_TYPE_VOICE_SINK,
    G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY,
        gst_aiagent_half_child_proxy_init)
        GST_DEBUG_CATEGORY_INIT (aiagentsink_debug, "aiagentsink", 0,
            "agent sink"))
GST_ELEMENT_REGISTER_DEFINE (aiagentsink, "aiagentsink", GST_RANK_NONE,
    GST_TYPE_AIAGENT_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

/* ---- Audio */

static void
gst_aiagent_sink_set_format (GstVoiceSink *sink, const GstVoiceFormat *upstream)
{
  agent_session_set_caller (gst_aiagent_half_get_session (
                                &GST_AIAGENT_SINK (sink)->half),
      upstream);
}

static GstFlowReturn
gst_aiagent_sink_prepare (GstVoiceSink *sink, const GstVoiceFormat *upstream,
    GstVoiceFormat *wanted)
{
  agent_session_get_format (gst_aiagent_half_get_session (
                                &GST_AIAGENT_SINK (sink)->half),
      wanted);
  return GST_FLOW_OK;
}

static GstFlowReturn
gst_aiagent_sink_render (GstVoiceSink *sink, const GstVoiceSinkFrame *frame)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (sink);
  const GstClockTime time =
      GST_CLOCK_TIME_IS_VALID (frame->time) ? frame->time : self->next_time;

  self->next_time = time + frame->duration;
  return agent_session_hear_encoded (gst_aiagent_half_get_session (&self->half),
             &frame->format, frame->data,
             (guint) (frame->size /
                 GST_VOICE_SAMPLE_SIZE (frame->format.encoding)),
             time, frame->gap)
      ? GST_FLOW_OK
      : GST_FLOW_EOS; /* upstream answers with EOS */
}

/* ---- Events */

static gboolean
gst_aiagent_sink_eos (GstVoiceSink *sink)
{
  agent_session_caller_gone (
      gst_aiagent_half_get_session (&GST_AIAGENT_SINK (sink)->half));
  return TRUE;
}

static gboolean
gst_aiagent_sink_event (GstVoiceSink *sink, GstEvent *event)
{
  /* What a caller writes comes past the audio, at any time. */
  g_autoptr (AgentSession) session =
      gst_aiagent_half_dup_session (&GST_AIAGENT_SINK (sink)->half);
  GstVoiceInputType input;
  GstVoiceCall call;
  const gchar *text;
  gchar digit;
  guint duration;

  if (!session)
    return FALSE;
  if (gst_voice_call_event_parse (event, &call))
    agent_session_call (session, AGENT_SINK, &call);
  else if (gst_voice_dtmf_event_parse (event, &digit, &duration))
    agent_session_digit (session, digit);
  else if (gst_voice_input_event_parse (event, &input, &text))
    agent_session_input (session, input, text);
  else
    return FALSE;
  return TRUE;
}

static gboolean
gst_aiagent_sink_query (GstVoiceSink *sink, GstQuery *query)
{
  return gst_voice_listener_query_answer_agent (query);
}

/* Who has a law, and could give raw audio, too, is asked for the law: its bytes are what
 * the agent takes. The rest stands behind it: others may hear the same source, who take
 * no law. Takes @caps. */
static GstCaps *
put_law_first (AgentSession *session, const GstCaps *filter, GstCaps *caps)
{
  GstVoiceFormat law;

  if (!agent_session_takes_laws (session) ||
      !gst_voice_format_parse_preferred_law (&law, filter))
    return caps;
  return gst_caps_merge (gst_voice_format_to_caps (&law), caps);
}

/* The agent's own format first; it takes any. */
static GstCaps *
gst_aiagent_sink_get_caps (GstVoiceSink *sink, GstCaps *filter)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (sink);
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (&self->half);

  if (!session)
    return NULL;
  GstVoiceFormat best;
  agent_session_get_wanted (session, &best);
  GstCaps *caps = best.rate
      ? gst_voice_format_caps_preferring (&best)
      : gst_pad_get_pad_template_caps (gst_voice_sink_get_pad (sink));
  if (!filter)
    return caps;
  gst_caps_take (&caps,
      gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST));
  return put_law_first (session, filter, caps);
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

/* To the line that rings, which stands upstream. */
static void
on_ready (GstElement *element, const gchar *call_id)
{
  gst_pad_push_event (gst_voice_sink_get_pad (GST_VOICE_SINK (element)),
      gst_voice_ready_event_new (call_id));
}

static const AgentListener listener = {
  .fact = on_fact,
  .failed = on_failed,
  .ready = on_ready,
};

/* ---- State */

static gboolean
before_state_change (GstAiAgentSink *self, GstStateChange transition)
{
  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      return gst_aiagent_half_join (&self->half, &listener);
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      self->next_time = 0;
      return gst_aiagent_half_prepare (&self->half);
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
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    agent_session_close (gst_aiagent_half_get_session (&self->half),
        AGENT_SINK);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_aiagent_half_leave (&self->half);
  return result;
}

static void
gst_aiagent_sink_finalize (GObject *object)
{
  GstAiAgentSink *self = GST_AIAGENT_SINK (object);

  gst_aiagent_half_clear (&self->half);
  G_OBJECT_CLASS (gst_aiagent_sink_parent_class)->finalize (object);
}

static void
gst_aiagent_sink_init (GstAiAgentSink *self)
{
  gst_aiagent_half_init (&self->half, GST_ELEMENT (self), AGENT_SINK);
}

static void
gst_aiagent_sink_class_init (GstAiAgentSinkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstVoiceSinkClass *sink_class = GST_VOICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_aiagent_sink_finalize;
  element_class->change_state = gst_aiagent_sink_change_state;
  sink_class->set_format = gst_aiagent_sink_set_format;
  sink_class->prepare = gst_aiagent_sink_prepare;
  sink_class->render = gst_aiagent_sink_render;
  sink_class->eos = gst_aiagent_sink_eos;
  sink_class->event = gst_aiagent_sink_event;
  sink_class->query = gst_aiagent_sink_query;
  sink_class->get_caps = gst_aiagent_sink_get_caps;
  gst_aiagent_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class, "Voice agent sink",
      "Sink/Audio", "Gives a caller's voice to an agent",
      "gst-voice-agent authors");
}
