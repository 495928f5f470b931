/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentremotestandin.h"

#include "aiagent/session/hearing/agentvads.h"
#include "session/host/agentbackend.h"
#include "aiagent/session/agentear.h"
#include "voiceagent/gstvoiceagentbackendprivate.h"

#define SILENCE 300 /* ms */
#define MIN_SPEECH 60

/* The session, as the mind sees it. */
#define AGENT_TYPE_STAND_IN_HOST (agent_stand_in_host_get_type ())
GType agent_stand_in_host_get_type (void);
G_DECLARE_FINAL_TYPE (AgentStandInHost, agent_stand_in_host, AGENT,
    STAND_IN_HOST, GObject)

struct _AgentStandInHost
{
  GObject parent_instance;

  GstVoiceAgentBackend *parent; /* lives longer */
  guint64 dialogue;
  GstVoiceFormat format; /* of the dialogue */
  GstVoiceConverter *out; /* from the mind's */
};

G_DEFINE_FINAL_TYPE (AgentStandInHost, agent_stand_in_host, G_TYPE_OBJECT)

struct _AgentStandIn
{
  AgentStandInHost *host;
  GstVoiceAgentBackend *mind;
  GstVoiceConverter *in; /* to the mind's */
  GByteArray *heard;
  AgentEar ear;
};

static void
agent_stand_in_host_finalize (GObject *object)
{
  g_clear_pointer (&AGENT_STAND_IN_HOST (object)->out,
      gst_voice_converter_free);
  G_OBJECT_CLASS (agent_stand_in_host_parent_class)->finalize (object);
}

static void
agent_stand_in_host_init (AgentStandInHost *self)
{
}

static void
agent_stand_in_host_class_init (AgentStandInHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = agent_stand_in_host_finalize;
}

/* ---- What the mind says */

static guint64
number_of (const AgentStandInHost *self, guint64 dialogue)
{
  return dialogue ? dialogue : self->dialogue;
}

static guint
host_begin (gpointer host, guint64 dialogue, gboolean interruptible)
{
  AgentStandInHost *self = host;

  return gst_voice_agent_backend_begin_answer (self->parent,
      number_of (self, dialogue), interruptible);
}

static gboolean
host_write (gpointer host, guint answer, gconstpointer data, gsize size)
{
  AgentStandInHost *self = host;
  g_autoptr (GByteArray) out = g_byte_array_new ();

  gst_voice_converter_process (self->out, data, size, out);
  return gst_voice_agent_backend_write (self->parent, answer, out->data,
      out->len);
}

static gboolean
host_end (gpointer host, guint answer)
{
  return gst_voice_agent_backend_end_answer (((AgentStandInHost *) host)
                                                 ->parent,
      answer);
}

static void
host_clause (gpointer host, guint answer, const gchar *text)
{
  gst_voice_agent_backend_begin_clause (((AgentStandInHost *) host)->parent,
      answer, text);
}

/* Marks are the parent's; those of a mind that stands in are never reached. */
static gboolean
host_mark (gpointer host, guint answer, guint mark)
{
  return FALSE;
}

static void
host_stages (gpointer host, guint answer, GstClockTime transcriber,
    GstClockTime model, GstClockTime voice)
{
  gst_voice_agent_backend_set_stages (((AgentStandInHost *) host)->parent,
      answer, transcriber, model, voice);
}

static gboolean
host_cut (gpointer host, guint64 dialogue)
{
  AgentStandInHost *self = host;

  return gst_voice_agent_backend_cut (self->parent, number_of (self, dialogue));
}

static gboolean
host_resume (gpointer host, guint hold)
{
  return gst_voice_agent_backend_resume (((AgentStandInHost *) host)->parent,
      hold);
}

static void
host_drop (gpointer host, guint hold)
{
  gst_voice_agent_backend_drop (((AgentStandInHost *) host)->parent, hold);
}

static GstClockTime
host_audible (gpointer host)
{
  return gst_voice_agent_backend_get_audible (
      ((AgentStandInHost *) host)->parent);
}

static guint64
host_dialogue (gpointer host)
{
  return ((AgentStandInHost *) host)->dialogue;
}

static void
host_format (gpointer host, GstVoiceFormat *format)
{
  *format = (GstVoiceFormat){ GST_VOICE_S16,
    ((AgentStandInHost *) host)->format.rate };
}

static gchar *
host_tools (gpointer host)
{
  return gst_voice_agent_backend_dup_tools (
      ((AgentStandInHost *) host)->parent);
}

static void
host_control (gpointer host, guint64 dialogue, const GstVoiceControl *control)
{
  AgentStandInHost *self = host;

  gst_voice_agent_backend_control (self->parent, number_of (self, dialogue),
      control);
}

static void
host_transcript (gpointer host, guint64 dialogue,
    const GstVoiceAgentTranscript *transcript)
{
  AgentStandInHost *self = host;

  gst_voice_agent_backend_transcript (self->parent, number_of (self, dialogue),
      transcript);
}

static void
host_tool (gpointer host, guint64 dialogue, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  AgentStandInHost *self = host;

  gst_voice_agent_backend_call_tool (self->parent, number_of (self, dialogue),
      name, id, arguments);
}

/* How the parent stands is the parent's to say. */
static void
host_state (gpointer host, GstVoiceAgentState state, const gchar *reason)
{
}

static void
host_warn (gpointer host, const GError *error)
{
  gst_voice_agent_backend_warn (((AgentStandInHost *) host)->parent, error);
}

/* A frame in place of answers, turns of its own: a mind that stands in has none. */
static void
host_frame (gpointer host, gconstpointer data, gsize size)
{
}

static gboolean
host_turn (gpointer host, guint64 dialogue, gboolean began, GstClockTime time)
{
  return FALSE;
}

static gboolean
host_finds_turns (gpointer host)
{
  return FALSE;
}

static const GstVoiceAgentHost functions = {
  .begin = host_begin,
  .write = host_write,
  .end = host_end,
  .clause = host_clause,
  .mark = host_mark,
  .stages = host_stages,
  .cut = host_cut,
  .resume = host_resume,
  .drop = host_drop,
  .audible = host_audible,
  .frame = host_frame,
  .turn = host_turn,
  .finds_turns = host_finds_turns,
  .dialogue = host_dialogue,
  .format = host_format,
  .tools = host_tools,
  .control = host_control,
  .transcript = host_transcript,
  .tool = host_tool,
  .state = host_state,
  .warn = host_warn,
  .failed = host_warn,
};

/* ---- What it is told */

AgentStandIn *
agent_stand_in_new (GstVoiceAgentBackend *parent, GstVoiceAgentBackend *mind,
    guint64 dialogue, const GstVoiceFormat *format, const GstVoiceCall *call)
{
  AgentStandIn *self = g_new0 (AgentStandIn, 1);
  const GstVoiceFormat plain = { GST_VOICE_S16, format->rate };
  const AgentEarSettings settings = { MIN_SPEECH, SILENCE, SILENCE, 0 };

  self->host = g_object_new (AGENT_TYPE_STAND_IN_HOST, NULL);
  self->host->parent = parent;
  self->host->dialogue = dialogue;
  self->host->format = *format;
  self->host->out = gst_voice_converter_new (&plain, format);
  self->in = gst_voice_converter_new (format, &plain);
  self->heard = g_byte_array_new ();
  self->mind = g_object_ref (mind);
  agent_ear_init (&self->ear);
  agent_ear_begin (&self->ear, agent_vads_get (), format->rate, &settings);
  gst_voice_agent_backend_set_host (mind, &functions, G_OBJECT (self->host));
  agent_backend_open (mind, call, format->rate);
  return self;
}

void
agent_stand_in_free (AgentStandIn *self)
{
  agent_backend_close (self->mind);
  gst_voice_agent_backend_clear_host (self->mind, G_OBJECT (self->host));
  g_object_unref (self->mind);
  g_object_unref (self->host);
  agent_ear_clear (&self->ear);
  gst_voice_converter_free (self->in);
  g_byte_array_unref (self->heard);
  g_free (self);
}

GstVoiceAgentBackend *
agent_stand_in_get_mind (AgentStandIn *self)
{
  return self->mind;
}

/* Where the session finds turns it does not take this one, and tells of its own. */
static void
take_turn (AgentStandIn *self, const AgentEarTurn *turn)
{
  AgentStandInHost *host = self->host;

  if (turn->event == TURN_STARTED) {
    if (gst_voice_agent_backend_begin_turn (host->parent, host->dialogue,
            turn->onset))
      agent_backend_turn (self->mind, TRUE, turn->onset);
  } else if (gst_voice_agent_backend_end_turn (host->parent, host->dialogue,
                 turn->end)) {
    agent_backend_turn (self->mind, FALSE, turn->end);
  }
}

void
agent_stand_in_hear (AgentStandIn *self, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking)
{
  AgentEarHeard heard;

  g_byte_array_set_size (self->heard, 0);
  gst_voice_converter_process (self->in, data, size, self->heard);
  const gint16 *samples = (const gint16 *) (gconstpointer) self->heard->data;
  const guint n = self->heard->len / 2;
  agent_ear_hear (&self->ear, samples, n, time, FALSE, &heard);
  for (guint i = 0; i < heard.n; i++)
    take_turn (self, &heard.events[i]);
  agent_backend_send_audio (self->mind, samples, n, time, speaking);
}
