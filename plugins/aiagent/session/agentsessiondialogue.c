/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How dialogues begin, wait and end.
 *
 * What is decided under the lock is told to the backend without it, by several
 * threads, in the order in which it was decided: each decision leaves a step (see
 * common/loop/stepqueue.h). A turn is never told to the dialogue behind the one in which
 * it was heard. A dialogue that was decided but not yet told is open, and its backend may
 * speak by its number, or from open() on; nobody is heard until it was told.
 *
 * What format a dialogue has is decided when it begins, and kept: a law if its backend
 * takes that and the caller has one. That is known from the caps of the sink, which a
 * sipsrc gives ahead of `answered`. But what the sink has may be of the last call, or
 * nothing yet, where a queue lies before it: which law it is, the src is told by the sipsink
 * behind it.
 */

#include "agentsessionprivate.h"

#define DEFAULT_RATE 8000
#define LAW_RATE 8000
#define STEPS_WAIT 3000 /* ms: no backend blocks; a machine may be busy */

typedef enum
{
  STEP_RING,
  STEP_FORGET, /* who rang: it was not answered */
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
  GstEvent *call; /* RING, OPEN: NULL = nobody says who calls */
  GstVoiceFormat format; /* OPEN */
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

/* Whose the backend's states are until a dialogue is opened; NULL: nobody's. */
static void
set_rung (AgentSession *self, const gchar *call_id)
{
  g_mutex_lock (self->lock);
  g_free (self->host->rung);
  self->host->rung = g_strdup (call_id);
  g_mutex_unlock (self->lock);
}

static void
tell_ring (AgentSession *self, const Step *step)
{
  GstVoiceCall call;

  gst_voice_call_event_parse (step->call, &call);
  AGENT_LOG_CALL (self->report, call.call_id, GST_LEVEL_DEBUG,
      "%s is told that call %s rings", G_OBJECT_TYPE_NAME (step->backend),
      call.call_id);
  set_rung (self, call.call_id);
  agent_backend_ring (step->backend, &call);
}

static void
tell_open (AgentSession *self, const Step *step)
{
  static const gchar *const encodings[] = { [GST_VOICE_S16] = "S16",
    [GST_VOICE_MULAW] = "mu-law",
    [GST_VOICE_ALAW] = "A-law" };
  GstVoiceCall call;

  if (step->call)
    gst_voice_call_event_parse (step->call, &call);
  g_mutex_lock (self->lock);
  agent_report_name_unlocked (self->report, step->call ? &call : NULL);
  self->host->opened = step->dialogue;
  g_clear_pointer (&self->host->rung, g_free);
  g_mutex_unlock (self->lock);
  AGENT_LOG (self->report, GST_LEVEL_INFO,
      "dialogue %" G_GUINT64_FORMAT
      " begins: from %s to %s by %s, %s, %s of %u Hz",
      step->dialogue, step->call ? call.from : "nobody",
      step->call ? call.to : "nobody", step->call ? call.channel : "no channel",
      G_OBJECT_TYPE_NAME (step->backend), encodings[step->format.encoding],
      step->format.rate);
  agent_backend_open (step->backend, step->call ? &call : NULL,
      step->format.rate);
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
  agent_host_tell_heard (self->host, step->backend, &step->cut);
  AGENT_LOG (self->report, GST_LEVEL_DEBUG, "the dialogue is over");
  agent_tools_end (self->tools);
  set_ticking (self, step->backend);
  agent_backend_close (step->backend);
}

void
agent_session_run_step (gpointer data, gpointer session)
{
  Step *step = data;
  AgentSession *self = session;

  switch (step->type) {
    case STEP_RING:
      tell_ring (self, step);
      break;
    case STEP_FORGET:
      agent_backend_close (step->backend);
      set_rung (self, NULL);
      break;
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

static GstVoiceFormat
choose_format_unlocked (const AgentSession *self)
{
  const GstVoiceFormat *wanted = &self->wanted;
  const gboolean may_be_law = self->takes_laws &&
      (self->caller.encoding != GST_VOICE_S16 || !self->caller.rate);

  if (wanted->encoding != GST_VOICE_S16)
    return *wanted;
  if (may_be_law && self->call_law != GST_VOICE_S16)
    return (GstVoiceFormat){ self->call_law, LAW_RATE };
  if (may_be_law && self->caller.rate)
    return self->caller;
  return (GstVoiceFormat){ GST_VOICE_S16,
    wanted->rate            ? wanted->rate
        : self->caller.rate ? self->caller.rate
                            : DEFAULT_RATE };
}

void
agent_session_choose_format_unlocked (AgentSession *self)
{
  if (self->host->open)
    return;
  self->format = choose_format_unlocked (self);
  g_atomic_int_set (&self->packed_format,
      (gint) (self->format.rate << 2 | self->format.encoding));
}

void
agent_session_get_format (AgentSession *self, GstVoiceFormat *format)
{
  const guint packed = (guint) g_atomic_int_get (&self->packed_format);

  *format = (GstVoiceFormat){ (GstVoiceEncoding) (packed & 3), packed >> 2 };
}

static void
make_dialogue_unlocked (AgentSession *self)
{
  agent_mouth_begin (self->mouth, &self->format);
  self->caller_gone = self->hung_up = self->finished = self->on_hold = FALSE;
  self->turn = (AgentEarTurn){ .event = TURN_NOTHING };
  self->ignoring = self->doubting = self->resumed = FALSE;
  self->watch = (TurnWatch){ 0 };
  g_atomic_int_set (&self->ducks, 0);
  self->host->open = TRUE;
  self->host->dialogues++;
  agent_tools_begin_unlocked (self->tools);
  update_on_unlocked (self);
}

static gboolean
has_backend_unlocked (const AgentSession *self)
{
  return agent_session_any_active_unlocked (self) && self->host->backend;
}

/* Who rang is not answered, unless it is @call. */
static void
forget_ring_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (self->rung && (!call || g_strcmp0 (self->rung, call->call_id)))
    add_step_unlocked (self, STEP_FORGET);
  g_clear_pointer (&self->rung, g_free);
}

static void
ring_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (!has_backend_unlocked (self) || self->host->open ||
      !g_strcmp0 (self->rung, call->call_id))
    return;
  forget_ring_unlocked (self, NULL);
  self->rung = g_strdup (call->call_id);
  add_step_unlocked (self, STEP_RING)->call = gst_voice_call_event_new (call);
}

void
agent_session_begin_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (!has_backend_unlocked (self))
    return;
  self->by_call |= call != NULL;
  if (self->host->open) {
    if (call)
      agent_report_name_unlocked (self->report, call);
    return;
  }
  forget_ring_unlocked (self, call);
  if (!call) /* who listens to a microphone can try */
    agent_tools_set_abilities_unlocked (self->tools, NULL);
  make_dialogue_unlocked (self);
  Step *step = add_step_unlocked (self, STEP_OPEN);
  step->dialogue = self->host->dialogues;
  step->call = call ? gst_voice_call_event_new (call) : NULL;
  step->format = self->format;
}

void
agent_session_end_unlocked (AgentSession *self)
{
  const gboolean was_open = self->host->open;

  self->host->open = self->by_call = self->on_hold = FALSE;
  g_atomic_int_set (&self->holds, FALSE);
  update_on_unlocked (self);
  forget_ring_unlocked (self, NULL);
  if (!was_open)
    return;
  Step *step = add_step_unlocked (self, STEP_CLOSE);
  agent_mouth_stop (self->mouth, &step->cut);
  self->call_law = GST_VOICE_S16;
  agent_session_choose_format_unlocked (self);
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
  const gboolean doubtful = self->doubting;
  const GstClockTime end = self->turn.end;

  self->turns_finished++;
  self->turn.speaking = self->doubting = FALSE;
  if (!in_turn)
    return;
  agent_mouth_end_turn (self->mouth, end, end, !self->ignoring && !doubtful);
  GstAiAgentTurn turn = agent_mouth_get_turn (self->mouth, "speech-stopped");
  turn.ignored = self->ignoring;
  turn.doubtful = doubtful;
  agent_session_add_turn_unlocked (self, &turn, AGENT_TURN_LEFT);
}

static void
hold_call_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  g_atomic_int_set (&self->holds, call->by == GST_VOICE_CALL_BY_US);
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
  g_atomic_int_set (&self->holds, FALSE);
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
  if (call->speak_early) {
    agent_session_begin_unlocked (self, call);
    return;
  }
  if (self->host->open)
    agent_session_end_unlocked (self); /* what began is not this call's */
  ring_unlocked (self, call);
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
      ring_unlocked (self, call);
      break;
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
      hold_call_unlocked (self, call);
      break;
    case GST_VOICE_CALL_ENDED:
      /* Of a call before the one that rings: late. */
      if (!self->rung || !g_strcmp0 (self->rung, call->call_id))
        agent_session_end_unlocked (self);
      break;
  }
}

/* FALSE: the agent is not for it. */
static gboolean
take_call_unlocked (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  const gboolean there[AGENT_N_ROLES] = { self->halves[AGENT_SINK].active,
    self->halves[AGENT_SRC].active };
  gboolean other;

  if (!agent_calls_take (&self->calls, role, call, self->by_call, there,
          &other))
    return TRUE;
  if (!agent_admission_take_unlocked (&self->admission, call)) {
    if (other)
      agent_session_end_unlocked (self);
    return FALSE;
  }
  agent_tools_set_abilities_unlocked (self->tools, call->abilities);
  agent_ready_follow_unlocked (&self->host->ready, call);
  take_state_unlocked (self, call, other);
  return TRUE;
}

/* ---- ... without it */

void
agent_session_call (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  g_mutex_lock (self->lock);
  const gboolean admitted = take_call_unlocked (self, role, call);
  g_mutex_unlock (self->lock);
  AGENT_LOG_CALL (self->report, call->call_id, GST_LEVEL_DEBUG,
      "%s is told that call %s is %s",
      role == AGENT_SRC ? "aiagentsrc" : "aiagentsink", call->call_id,
      gst_voice_call_state_to_string (call->state));
  agent_session_run_steps (self);
  if (!admitted)
    agent_admission_refuse (&self->admission, self->host, call);
  else if (!agent_backend_rings (self->host->backend))
    agent_ready_tell (&self->host->ready, self->report, NULL);
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
