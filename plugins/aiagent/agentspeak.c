/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The agent's audio: what a frame takes with it, and what cuts it off. On the media
 * loop of the src, commands on any thread. */

#include "agentsessionprivate.h"

#define LINGER_FRAMES 50 /* of silence after the caller is gone: 1 s */
#define AUDIBLE 100 /* of 32767: less is a pause of the agent's, or its noise */

/* Lock held. */
static void
note_voice_unlocked (AgentSession *self, const guint8 *frame, GstClockTime pts)
{
  const gint16 *samples = (const gint16 *) (gconstpointer) frame;
  guint n = self->rate / 50;

  for (guint i = 0; i < n; i++)
    if (ABS (samples[i]) > AUDIBLE) {
      self->audible = pts + 20 * GST_MSECOND;
      return;
    }
}

static void
count_frame_unlocked (AgentSession *self, gboolean spoken, gboolean thinking)
{
  self->stats.frames_out++;
  self->stats.frames_spoken += spoken;
  if (spoken)
    self->stats.heard += 20 * GST_MSECOND;
  self->idle_frames = spoken || thinking || playout_is_speaking (self->playout)
      ? 0
      : self->idle_frames + 1;
}

static gboolean
is_hang_up (GstEvent *event)
{
  GstVoiceControl control;

  return gst_voice_control_event_parse (event, &control) &&
      control.action == GST_VOICE_CONTROL_HANG_UP;
}

static void
take_note_unlocked (AgentSession *self, const PlayoutNote *note,
    GstClockTime pts, GstClockTime now, GQueue *events, GstAiAgentTurn *turn)
{
  switch (note->type) {
    case PLAYOUT_ITEM_STARTED:
      self->stats.answers++;
      /* A tick that comes late sends late, whatever its time stamp. */
      turn_meter_audio_out (&self->meter, MAX (pts, now));
      *turn = agent_session_turn_unlocked (self, "response-started");
      break;
    case PLAYOUT_ITEM_DONE:
      *turn = agent_session_turn_unlocked (self, "response-done");
      turn->heard = turn->total = note->heard * GST_MSECOND;
      break;
    case PLAYOUT_MARK:
      /* A microphone does not hang up: then the stream ends. */
      if (!self->by_call && is_hang_up (note->data)) {
        self->hung_up = TRUE;
        self->idle_frames = 0;
      }
      g_queue_push_tail (events, note->data);
      break;
  }
}

/* On hold the time of the backend stands still. */
static gboolean
tick (AgentSession *self, AgentBackend *backend)
{
  g_mutex_lock (&self->lock);
  gboolean on = agent_session_is_on_unlocked (self);
  g_mutex_unlock (&self->lock);
  if (on)
    agent_backend_tick (backend);
  return on;
}

gboolean
agent_session_speak (AgentSession *self, guint8 *frame, GstClockTime pts,
    GQueue *events)
{
  PlayoutNote note;
  GstAiAgentTurn turns[8];
  guint done[G_N_ELEMENTS (turns)];
  guint n = 0;

  /* A last tick may come when all is over. */
  g_autoptr (AgentBackend) backend = agent_session_dup_backend (self);
  if (!backend || !tick (self, backend))
    return FALSE;
  gboolean thinking = agent_backend_is_thinking (backend);
  GstClockTime now = agent_session_now (self);
  g_mutex_lock (&self->lock);
  if (!agent_session_is_on_unlocked (self)) {
    g_mutex_unlock (&self->lock);
    return FALSE;
  }
  gboolean spoken = playout_read (self->playout, frame);
  if (spoken)
    note_voice_unlocked (self, frame, pts);
  while (n < G_N_ELEMENTS (turns) && playout_next_note (self->playout, &note)) {
    turns[n].state = NULL;
    done[n] = note.type == PLAYOUT_ITEM_DONE ? note.item : 0;
    take_note_unlocked (self, &note, pts, now, events, &turns[n]);
    n += turns[n].state != NULL;
  }
  count_frame_unlocked (self, spoken, thinking);
  gboolean over =
      (self->caller_gone || self->hung_up) && self->idle_frames > LINGER_FRAMES;
  self->finished = over && self->hung_up;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < n; i++) {
    agent_session_tell_turn (self, &turns[i]);
    if (done[i])
      agent_backend_done (backend, done[i]);
  }
  if (over)
    agent_session_end_src (self);
  return spoken;
}

/* The fact of an interruption, lock held. */
static GstAiAgentTurn
interrupted_unlocked (AgentSession *self, const PlayoutCut *cut)
{
  GstAiAgentTurn turn = agent_session_turn_unlocked (self, "interrupted");

  self->stats.interruptions++;
  turn.heard = cut->heard * GST_MSECOND;
  turn.total = cut->total * GST_MSECOND;
  return turn;
}

gboolean
agent_session_cut (AgentSession *self)
{
  g_autoptr (AgentBackend) backend = agent_session_dup_backend (self);
  PlayoutCut cut = { 0 };
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  gboolean open = backend && self->open;
  gboolean any = open && playout_interrupt (self->playout, &cut);
  if (any)
    turn = interrupted_unlocked (self, &cut);
  g_mutex_unlock (&self->lock);
  /* It may have words that have not come in yet. */
  if (open)
    agent_backend_interrupt (backend, cut.item, cut.heard);
  if (any)
    agent_session_tell_turn (self, &turn);
  return any;
}

void
agent_session_hold_answer (AgentSession *self)
{
  PlayoutCut cut = { 0 };
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  gboolean any = self->open && playout_hold (self->playout, &cut);
  if (any)
    turn = interrupted_unlocked (self, &cut);
  g_mutex_unlock (&self->lock);
  if (!any)
    return;
  agent_backend_held (self->backend, cut.item, cut.heard, cut.total);
  agent_session_tell_turn (self, &turn);
}

gboolean
agent_session_resume_answer (AgentSession *self)
{
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  gboolean any = self->open && playout_resume (self->playout);
  if (any) {
    /* What was said needs no answer: there is no turn to be timed. */
    turn_meter_begin (&self->meter, 0);
    turn = agent_session_turn_unlocked (self, "response-resumed");
  }
  g_mutex_unlock (&self->lock);
  if (any)
    agent_session_tell_turn (self, &turn);
  return any;
}

void
agent_session_result (AgentSession *self, const GstVoiceControlResult *result)
{
  g_autoptr (AgentBackend) backend = agent_session_dup_backend (self);
  const GstAiAgentTool tool = {
    .name = gst_voice_control_action_to_string (result->action),
    .id = result->id,
    .result = result->result,
    .reason = result->reason,
  };

  if (result->action == GST_VOICE_CONTROL_HANG_UP) {
    g_mutex_lock (&self->lock);
    self->hung_up = FALSE;
    g_mutex_unlock (&self->lock);
  }
  agent_session_tell (self,
      gst_aiagent_tool_structure (self->name, agent_session_now (self), &tool));
  if (backend)
    agent_backend_result (backend, result->id, result->result, result->reason);
}

/* ---- Commands */

gboolean
agent_session_interrupt (AgentSession *self)
{
  return agent_session_cut (self);
}

gboolean
agent_session_say (AgentSession *self, const gchar *text)
{
  g_autoptr (AgentBackend) backend = agent_session_dup_backend (self);

  g_mutex_lock (&self->lock);
  gboolean open = self->open;
  g_mutex_unlock (&self->lock);
  return backend && open && agent_backend_say (backend, text);
}
