/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a dialogue tells the outside, and what its backend tells the dialogue. */

#include "agentsessionprivate.h"

#include "common/gstlatesetting.h"

GstElement *
agent_session_dup_element (AgentSession *self, AgentRole role,
    AgentListener *listener)
{
  g_mutex_lock (&self->lock);
  AgentHalf *half = &self->halves[role];
  GstElement *element = half->element ? gst_object_ref (half->element) : NULL;
  *listener = half->listener;
  g_mutex_unlock (&self->lock);
  return element;
}

GstElement *
agent_session_dup_speaker (AgentSession *self, AgentListener *listener)
{
  GstElement *element = agent_session_dup_element (self, AGENT_SRC, listener);

  return element ? element
                 : agent_session_dup_element (self, AGENT_SINK, listener);
}

static void
add_call (AgentSession *self, GstStructure *fact)
{
  g_mutex_lock (&self->lock);
  gst_structure_set (fact, "call-id", G_TYPE_STRING,
      self->dialogue_call_id ? self->dialogue_call_id : "", NULL);
  if (gst_structure_has_name (fact, "aiagent/transcript"))
    gst_structure_set (fact, "display-name", G_TYPE_STRING,
        !g_strcmp0 (gst_structure_get_string (fact, "role"), "caller") &&
                self->display_name
            ? self->display_name
            : "",
        NULL);
  g_mutex_unlock (&self->lock);
}

void
agent_session_tell (AgentSession *self, GstStructure *fact)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_speaker (self, &listener);

  add_call (self, fact);
  agent_session_log_fact (self, fact);

  if (!element) {
    gst_structure_free (fact);
    return;
  }
  listener.fact (element, fact);
  gst_object_unref (element);
}

GstClockTime
agent_session_now (AgentSession *self)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_speaker (self, &listener);
  GstClockTime now = GST_CLOCK_TIME_NONE;

  if (element)
    now = gst_element_get_current_running_time (element);
  gst_clear_object (&element);
  return GST_CLOCK_TIME_IS_VALID (now) ? now : 0;
}

GstAiAgentTurn
agent_session_turn_unlocked (AgentSession *self, const gchar *state)
{
  const TurnMeter *meter = &self->meter;

  return (GstAiAgentTurn){
    .state = state,
    .speech_start = meter->speech_start,
    .speech_end = meter->speech_end,
    .decision = meter->decision,
    .first_in = meter->first_in,
    .first_out = meter->first_out,
    .turn_around = meter->turn_around,
    .turn_id = self->stats.turns,
  };
}

void
agent_session_tell_turn (AgentSession *self, const GstAiAgentTurn *turn)
{
  agent_session_tell (self,
      gst_aiagent_turn_structure (self->name, agent_session_now (self), turn));
}

/* ---- The host of the backend */

static guint
host_begin (gpointer host, gboolean interruptible)
{
  AgentSession *self = host;

  g_mutex_lock (&self->lock);
  guint answer = self->open ? playout_begin (self->playout, interruptible) : 0;
  if (answer)
    playout_tag (self->playout, answer, self->answering);
  g_mutex_unlock (&self->lock);
  AGENT_LOG (self, GST_LEVEL_DEBUG, "answer %u begins%s", answer,
      interruptible ? "" : ", which nothing interrupts");
  return answer;
}

static gboolean
host_write (gpointer host, guint answer, gconstpointer data, gsize size)
{
  AgentSession *self = host;
  GstClockTime now = agent_session_now (self);

  g_mutex_lock (&self->lock);
  gboolean taken =
      self->open && playout_write (self->playout, answer, data, size);
  if (taken)
    turn_meter_audio_in (&self->meter, now);
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
host_end (gpointer host, guint answer)
{
  AgentSession *self = host;

  g_mutex_lock (&self->lock);
  if (self->open)
    playout_end (self->playout, answer);
  g_mutex_unlock (&self->lock);
  AGENT_LOG (self, GST_LEVEL_DEBUG, "answer %u has all come in", answer);
}

static void
host_clause (gpointer host, guint answer, const gchar *text)
{
  AgentSession *self = host;

  g_mutex_lock (&self->lock);
  if (self->open)
    playout_clause (self->playout, answer, text);
  g_mutex_unlock (&self->lock);
}

static void
host_frame (gpointer host, gconstpointer data, gsize size)
{
  AgentSession *self = host;
  AgentListener listener;
  GstElement *element = agent_session_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  listener.frame (element, data, size);
  gst_object_unref (element);
}

static guint64
host_dialogue (gpointer host)
{
  AgentSession *self = host;

  g_mutex_lock (&self->lock);
  guint64 number = self->stats.dialogues;
  g_mutex_unlock (&self->lock);
  return number;
}

static void
host_control (gpointer host, guint64 dialogue, const GstVoiceControl *control)
{
  AgentSession *self = host;
  const GstAiAgentTool tool = {
    .name = gst_voice_control_action_to_string (control->action),
    .id = control->id,
    .arguments = control->target,
  };

  g_mutex_lock (&self->lock);
  gboolean due = self->open && (!dialogue || dialogue == self->stats.dialogues);
  if (due)
    playout_mark (self->playout, gst_voice_control_event_new (control));
  g_mutex_unlock (&self->lock);
  if (!due)
    return;
  agent_session_tell (self,
      gst_aiagent_tool_structure (self->name, agent_session_now (self), &tool));
}

static gboolean
host_cut (gpointer host)
{
  return agent_session_cut (host);
}

static gboolean
host_resume (gpointer host, guint hold)
{
  return agent_session_resume_answer (host, hold);
}

static void
host_drop (gpointer host, guint hold)
{
  agent_session_drop_answer (host, hold);
}

static GstClockTime
host_audible (gpointer host)
{
  AgentSession *self = host;

  g_mutex_lock (&self->lock);
  GstClockTime audible = self->open ? self->audible : GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&self->lock);
  return audible;
}

void
agent_session_tell_heard (AgentSession *self, gchar *words, guint64 turn_id,
    GstClockTime start, GstClockTime end)
{
  const AgentTranscript heard = {
    .agent = TRUE,
    .text = words,
    .final = TRUE,
    .start = start,
    .end = end,
    .confidence = -1,
  };

  if (words)
    agent_session_tell (self,
        gst_aiagent_transcript_structure (self->name, agent_session_now (self),
            &heard, turn_id));
  g_free (words);
}

/* The turn that began at @start; 0 if it is not known. */
static guint64
find_turn_unlocked (const AgentSession *self, GstClockTime start)
{
  for (guint i = 0; i < AGENT_N_RECENT; i++)
    if (self->recent[i].id && self->recent[i].start == start)
      return self->recent[i].id;
  return 0;
}

/* Fills in what the session knows better; the turn they were said in. */
static guint64
complete_unlocked (AgentSession *self, AgentTranscript *transcript)
{
  if (transcript->agent)
    return self->answering;
  const guint64 turn_id = transcript->start
      ? find_turn_unlocked (self, transcript->start)
      : self->stats.turns;
  if (!transcript->start)
    transcript->start = self->meter.speech_start;
  if (!transcript->end)
    transcript->end = self->meter.speech_end;
  return turn_id;
}

static void
host_transcript (gpointer host, const AgentTranscript *said)
{
  AgentSession *self = host;
  AgentTranscript transcript = *said;

  g_mutex_lock (&self->lock);
  const guint64 turn_id = complete_unlocked (self, &transcript);
  if (transcript.agent && transcript.answer && self->open) {
    playout_text (self->playout, transcript.answer, transcript.text);
    transcript.final = FALSE;
  }
  g_mutex_unlock (&self->lock);
  if (transcript.start == GST_CLOCK_TIME_NONE)
    transcript.start = 0;
  if (transcript.end == GST_CLOCK_TIME_NONE)
    transcript.end = 0;
  agent_session_tell (self,
      gst_aiagent_transcript_structure (self->name, agent_session_now (self),
          &transcript, turn_id));
}

static void
host_tool (gpointer host, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  AgentSession *self = host;
  const GstAiAgentTool tool = { .name = name,
    .id = id,
    .arguments = arguments };

  agent_session_tell (self,
      gst_aiagent_tool_structure (self->name, agent_session_now (self), &tool));
}

static void
host_failed (gpointer host, const GError *error)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_speaker (host, &listener);

  AGENT_LOG (host, GST_LEVEL_DEBUG, "the backend failed: %s", error->message);
  if (!element)
    return;
  listener.failed (element, error);
  gst_object_unref (element);
}

static void
host_set_late (gpointer host, GParamSpec *pspec)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_speaker (host, &listener);
  g_autofree gchar *name = g_strconcat ("backend::", pspec->name, NULL);

  if (!element)
    return;
  gst_late_setting_tell (element, name);
  gst_object_unref (element);
}

const AgentBackendHost agent_session_host = {
  .begin = host_begin,
  .write = host_write,
  .end = host_end,
  .clause = host_clause,
  .cut = host_cut,
  .resume = host_resume,
  .drop = host_drop,
  .audible = host_audible,
  .frame = host_frame,
  .dialogue = host_dialogue,
  .control = host_control,
  .transcript = host_transcript,
  .tool = host_tool,
  .failed = host_failed,
  .set_late = host_set_late,
};
