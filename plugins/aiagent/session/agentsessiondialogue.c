/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How dialogues begin, wait and end.
 *
 * What is decided under the lock is told to the backend without it, by several
 * threads, in the order in which it was decided: each decision leaves a step (see
 * common/loop/stepqueue.h). A turn is never told to the dialogue behind the one in which
 * it was heard. A dialogue that was decided but not yet told is open, and its backend may
 * speak by its number, or from open() on; nobody is heard until it was told.
 */

#include "agentsessionprivate.h"

#define DEFAULT_RATE 8000
#define STEPS_WAIT 3000 /* ms: no backend blocks; a machine may be busy */

typedef enum
{
  STEP_OPEN,
  STEP_CLOSE,
  STEP_HOLD,
  STEP_RESUME,
  STEP_TURN,
  STEP_TICKING, /* the src came or went */
} StepType;

typedef struct
{
  StepType type;
  GstVoiceAgentBackend *backend;
  guint64 dialogue; /* OPEN: its number */
  GstEvent *call; /* OPEN: NULL = nobody says who calls */
  guint rate; /* OPEN */
  GstAiAgentTurn turn; /* TURN */
  AgentTurnChange change;
  AgentMouthCut cut; /* CLOSE: what was being said */
} Step;

/* ---- Whether anybody is heard */

gboolean
agent_session_is_on_unlocked (const AgentSession *self)
{
  return self->host->open && self->told == self->host->dialogues &&
      !self->on_hold;
}

gboolean
agent_session_is_on (AgentSession *self)
{
  g_mutex_lock (self->lock);
  gboolean on = agent_session_is_on_unlocked (self);
  g_mutex_unlock (self->lock);
  return on;
}

/* The same for who ticks: the number of the dialogue that is on, or 0. */
static void
update_on_unlocked (AgentSession *self)
{
  g_atomic_int_set (&self->on,
      agent_session_is_on_unlocked (self) ? (gint) self->host->dialogues : 0);
}

/* ---- Steps */

static Step *
add_step_unlocked (AgentSession *self, StepType type)
{
  Step *step = g_new0 (Step, 1);

  step->type = type;
  step->backend = g_object_ref (self->host->backend);
  step_queue_add_unlocked (&self->pair.steps, step);
  return step;
}

void
agent_session_free_step (gpointer data)
{
  Step *step = data;

  g_object_unref (step->backend);
  gst_clear_event (&step->call);
  g_free (step->cut.cut.words);
  g_free (step);
}

static void
tell_open (AgentSession *self, const Step *step)
{
  GstVoiceCall call;

  if (step->call)
    gst_voice_call_event_parse (step->call, &call);
  g_mutex_lock (self->lock);
  agent_report_name_unlocked (self->report, step->call ? &call : NULL);
  self->host->opened = step->dialogue;
  g_mutex_unlock (self->lock);
  AGENT_LOG (self->report, GST_LEVEL_INFO,
      "dialogue %" G_GUINT64_FORMAT " begins: from %s to %s by %s, %s, %u Hz",
      step->dialogue, step->call ? call.from : "nobody",
      step->call ? call.to : "nobody", step->call ? call.channel : "no channel",
      G_OBJECT_TYPE_NAME (step->backend), step->rate);
  agent_backend_open (step->backend, step->call ? &call : NULL, step->rate);
  g_mutex_lock (self->lock);
  self->told = step->dialogue;
  update_on_unlocked (self);
  g_mutex_unlock (self->lock);
}

/* As it is now: a later step may have changed it again, and sees to it again. */
static void
set_ticking (AgentSession *self, GstVoiceAgentBackend *backend)
{
  AgentListener listener;
  GstElement *element =
      agent_report_dup_element (self->report, AGENT_SRC, &listener);

  if (!element)
    return;
  g_mutex_lock (self->lock);
  gboolean ticking = self->host->open && self->halves[AGENT_SRC].active;
  g_mutex_unlock (self->lock);
  listener.set_ticking (element,
      ticking && !agent_backend_is_immediate (backend));
  gst_object_unref (element);
}

/* Who hangs up has heard what was said up to then. */
static void
tell_close (AgentSession *self, Step *step)
{
  agent_report_heard (self->report, g_steal_pointer (&step->cut.cut.words),
      step->cut.cut.tag, step->cut.start, step->cut.end);
  AGENT_LOG (self->report, GST_LEVEL_DEBUG, "the dialogue is over");
  set_ticking (self, step->backend);
  agent_backend_close (step->backend);
}

void
agent_session_run_step (gpointer data, gpointer session)
{
  Step *step = data;
  AgentSession *self = session;

  switch (step->type) {
    case STEP_OPEN:
      tell_open (self, step);
      set_ticking (self, step->backend);
      break;
    case STEP_CLOSE:
      tell_close (self, step);
      break;
    case STEP_HOLD:
      AGENT_LOG (self->report, GST_LEVEL_DEBUG, "on hold");
      agent_backend_pause (step->backend, TRUE);
      break;
    case STEP_RESUME:
      AGENT_LOG (self->report, GST_LEVEL_DEBUG, "no longer on hold");
      agent_backend_pause (step->backend, FALSE);
      break;
    case STEP_TURN:
      agent_session_tell_change (self, step->backend, &step->turn,
          step->change);
      break;
    case STEP_TICKING:
      set_ticking (self, step->backend);
      break;
  }
}

void
agent_session_run_steps (AgentSession *self)
{
  step_queue_run (&self->pair.steps);
}

void
agent_session_finish_steps (AgentSession *self)
{
  const gboolean blocked = self->blocked;

  self->blocked =
      !step_queue_finish (&self->pair.steps, blocked ? 0 : STEPS_WAIT);
  if (self->blocked && !blocked)
    AGENT_LOG (self->report, GST_LEVEL_WARNING,
        "%s blocks: it is still to be told of what was decided",
        G_OBJECT_TYPE_NAME (self->host->backend));
}

/* ---- Decisions, lock held */

guint
agent_session_fix_rate_unlocked (AgentSession *self, guint hint)
{
  if (!self->rate)
    self->rate = self->backend_rate ? self->backend_rate
        : hint                      ? hint
                                    : DEFAULT_RATE;
  return self->rate;
}

static void
make_dialogue_unlocked (AgentSession *self)
{
  agent_mouth_begin (self->mouth, self->rate);
  self->caller_gone = self->hung_up = self->finished = self->on_hold = FALSE;
  self->turn = (AgentEarTurn){ .event = TURN_NOTHING };
  self->ignoring = FALSE;
  self->host->open = TRUE;
  self->host->dialogues++;
  update_on_unlocked (self);
}

void
agent_session_begin_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (!agent_session_any_active_unlocked (self) || !self->host->backend)
    return;
  self->by_call |= call != NULL;
  if (self->host->open) {
    if (call)
      agent_report_name_unlocked (self->report, call);
    return;
  }
  agent_session_fix_rate_unlocked (self, 0);
  make_dialogue_unlocked (self);
  Step *step = add_step_unlocked (self, STEP_OPEN);
  step->dialogue = self->host->dialogues;
  step->call = call ? gst_voice_call_event_new (call) : NULL;
  step->rate = self->rate;
}

void
agent_session_end_unlocked (AgentSession *self)
{
  const gboolean was_open = self->host->open;

  self->host->open = self->by_call = self->on_hold = FALSE;
  update_on_unlocked (self);
  if (!was_open)
    return;
  Step *step = add_step_unlocked (self, STEP_CLOSE);
  agent_mouth_stop (self->mouth, &step->cut);
}

void
agent_session_add_turn_unlocked (AgentSession *self, const GstAiAgentTurn *turn,
    AgentTurnChange change)
{
  Step *step = add_step_unlocked (self, STEP_TURN);

  step->turn = *turn;
  step->change = change;
}

void
agent_session_finish_turn_unlocked (AgentSession *self)
{
  const gboolean in_turn = self->host->open && self->turn.speaking;
  const GstClockTime end = self->turn.end;

  self->turns_finished++;
  self->turn.speaking = FALSE;
  if (!in_turn)
    return;
  agent_mouth_end_turn (self->mouth, end, end, !self->ignoring);
  GstAiAgentTurn turn = agent_mouth_get_turn (self->mouth, "speech-stopped");
  turn.ignored = self->ignoring;
  agent_session_add_turn_unlocked (self, &turn, AGENT_TURN_LEFT);
}

static void
hold_call_unlocked (AgentSession *self)
{
  if (!self->host->open || self->on_hold)
    return;
  agent_session_finish_turn_unlocked (self);
  add_step_unlocked (self, STEP_HOLD);
  agent_mouth_rewind (self->mouth);
  self->on_hold = TRUE;
  update_on_unlocked (self);
}

static void
resume_call_unlocked (AgentSession *self)
{
  if (!self->on_hold)
    return;
  self->on_hold = FALSE;
  update_on_unlocked (self);
  self->mouth->idle_frames = 0;
  add_step_unlocked (self, STEP_RESUME);
}

void
agent_session_update_ticking (AgentSession *self)
{
  g_mutex_lock (self->lock);
  if (self->host->open)
    add_step_unlocked (self, STEP_TICKING);
  g_mutex_unlock (self->lock);
  agent_session_run_steps (self);
}

/* ---- By call; lock held */

static void
take_early_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (call->speak_early)
    agent_session_begin_unlocked (self, call);
  else
    agent_session_end_unlocked (self); /* what began is not this call's */
}

/* @other: a call that nobody said has ended. */
static void
take_state_unlocked (AgentSession *self, const GstVoiceCall *call,
    gboolean other)
{
  if (other)
    agent_session_end_unlocked (self);
  switch (call->state) {
    case GST_VOICE_CALL_CALLING:
    case GST_VOICE_CALL_RINGING:
    case GST_VOICE_CALL_CHANGED:
    case GST_VOICE_CALL_REFUSED:
      break;
    case GST_VOICE_CALL_EARLY:
      take_early_unlocked (self, call);
      break;
    case GST_VOICE_CALL_ANSWERED:
    case GST_VOICE_CALL_RESUMED:
      agent_session_begin_unlocked (self, call);
      resume_call_unlocked (self);
      break;
    case GST_VOICE_CALL_HELD:
      /* Without a dialogue: it begins when the caller is back. */
      hold_call_unlocked (self);
      break;
    case GST_VOICE_CALL_ENDED:
      agent_session_end_unlocked (self);
      break;
  }
}

static void
take_call_unlocked (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  const gboolean there[AGENT_N_ROLES] = { self->halves[AGENT_SINK].active,
    self->halves[AGENT_SRC].active };
  gboolean other;

  if (agent_calls_take (&self->calls, role, call, self->by_call, there, &other))
    take_state_unlocked (self, call, other);
}

/* ---- ... without it */

void
agent_session_call (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  g_mutex_lock (self->lock);
  take_call_unlocked (self, role, call);
  g_mutex_unlock (self->lock);
  AGENT_LOG_CALL (self->report, call->call_id, GST_LEVEL_DEBUG,
      "%s is told that call %s is %s",
      role == AGENT_SRC ? "aiagentsrc" : "aiagentsink", call->call_id,
      gst_voice_call_state_to_string (call->state));
  agent_session_run_steps (self);
}

gboolean
agent_session_is_in_call (AgentSession *self)
{
  g_mutex_lock (self->lock);
  gboolean in_call = self->host->open && self->by_call;
  g_mutex_unlock (self->lock);
  return in_call;
}

/* ---- Without a call */

void
agent_session_begin (AgentSession *self)
{
  g_mutex_lock (self->lock);
  if (!self->host->open && !self->calls.known)
    agent_session_begin_unlocked (self, NULL);
  g_mutex_unlock (self->lock);
  agent_session_run_steps (self);
}

GstElement *
agent_session_dup_sink (AgentSession *self)
{
  AgentListener listener;

  return agent_report_dup_element (self->report, AGENT_SINK, &listener);
}
