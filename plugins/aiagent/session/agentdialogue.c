/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How dialogues begin, wait and end.
 *
 * What is decided under the lock is told to the backend without it, by several
 * threads. So that it is told in the order in which it was decided, each decision
 * leaves a step in a queue, and one thread at a time works it off: a turn is never told
 * to the dialogue behind the one in which it was heard. Who finds another
 * at it leaves its own steps there. A dialogue that was decided but not yet told is
 * open, and its backend may speak; nobody is heard until it was told. */

#include "agentsessionprivate.h"

#define DEFAULT_RATE 8000

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
  AgentBackend *backend;
  guint64 dialogue; /* OPEN: its number */
  GstEvent *call; /* OPEN: NULL = nobody says who calls */
  guint rate; /* OPEN */
  GstAiAgentTurn turn; /* TURN */
  AgentTurnChange change;
  PlayoutCut cut; /* CLOSE: what was being said */
  GstClockTime sound_start, sound_end; /* of it */
} Step;

/* ---- Steps */

static Step *
add_step_unlocked (AgentSession *self, StepType type)
{
  Step *step = g_new0 (Step, 1);

  step->type = type;
  step->backend = g_object_ref (self->backend);
  g_queue_push_tail (&self->steps, step);
  return step;
}

static void
step_free (Step *step)
{
  g_object_unref (step->backend);
  gst_clear_event (&step->call);
  g_free (step->cut.words);
  g_free (step);
}

static void
name_dialogue_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  g_free (self->dialogue_call_id);
  g_free (self->display_name);
  self->dialogue_call_id = g_strdup (call ? call->call_id : "");
  self->display_name =
      g_strdup (call && call->display_name ? call->display_name : "");
}

static void
tell_open (AgentSession *self, const Step *step)
{
  GstVoiceCall call;

  if (step->call)
    gst_voice_call_event_parse (step->call, &call);
  g_mutex_lock (&self->lock);
  name_dialogue_unlocked (self, step->call ? &call : NULL);
  g_mutex_unlock (&self->lock);
  AGENT_LOG (self, GST_LEVEL_INFO,
      "dialogue %" G_GUINT64_FORMAT " begins: from %s to %s by %s, %s, %u Hz",
      step->dialogue, step->call ? call.from : "nobody",
      step->call ? call.to : "nobody", step->call ? call.channel : "no channel",
      G_OBJECT_TYPE_NAME (step->backend), step->rate);
  agent_backend_open (step->backend, step->call ? &call : NULL, step->rate);
  g_mutex_lock (&self->lock);
  self->told = step->dialogue;
  g_mutex_unlock (&self->lock);
}

/* As it is now: a later step may have changed it again, and sees to it again. */
static void
set_ticking (AgentSession *self, AgentBackend *backend)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  g_mutex_lock (&self->lock);
  gboolean ticking = self->open && self->halves[AGENT_SRC].active;
  g_mutex_unlock (&self->lock);
  listener.set_ticking (element,
      ticking && !agent_backend_is_immediate (backend));
  gst_object_unref (element);
}

/* Who hangs up has heard what was said up to then. */
static void
tell_close (AgentSession *self, Step *step)
{
  agent_session_tell_heard (self, g_steal_pointer (&step->cut.words),
      step->cut.tag, step->sound_start, step->sound_end);
  AGENT_LOG (self, GST_LEVEL_DEBUG, "the dialogue is over");
  set_ticking (self, step->backend);
  agent_backend_close (step->backend);
}

static void
run_step (AgentSession *self, Step *step)
{
  switch (step->type) {
    case STEP_OPEN:
      tell_open (self, step);
      set_ticking (self, step->backend);
      break;
    case STEP_CLOSE:
      tell_close (self, step);
      break;
    case STEP_HOLD:
      AGENT_LOG (self, GST_LEVEL_DEBUG, "on hold");
      agent_backend_pause (step->backend, TRUE);
      break;
    case STEP_RESUME:
      AGENT_LOG (self, GST_LEVEL_DEBUG, "no longer on hold");
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
  Step *step;

  g_mutex_lock (&self->lock);
  if (self->stepper) {
    g_mutex_unlock (&self->lock);
    return;
  }
  self->stepper = g_thread_self ();
  while ((step = g_queue_pop_head (&self->steps))) {
    g_mutex_unlock (&self->lock);
    run_step (self, step);
    step_free (step);
    g_mutex_lock (&self->lock);
  }
  self->stepper = NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
agent_session_finish_steps (AgentSession *self)
{
  agent_session_run_steps (self);
  g_mutex_lock (&self->lock);
  /* A step that leads here itself cannot be waited for. */
  while (self->stepper && self->stepper != g_thread_self ())
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* ---- Decisions, lock held */

gboolean
agent_session_is_on_unlocked (const AgentSession *self)
{
  return self->open && self->told == self->stats.dialogues && !self->held;
}

guint
agent_session_fix_rate_unlocked (AgentSession *self, guint hint)
{
  if (!self->rate)
    self->rate = self->backend_rate ? self->backend_rate
        : hint                      ? hint
                                    : DEFAULT_RATE;
  return self->rate;
}

void
agent_session_free_dialogue (AgentSession *self)
{
  g_clear_pointer (&self->playout, playout_free);
  g_clear_pointer (&self->vad, vad_free);
  g_clear_pointer (&self->vad_converter, gst_voice_converter_free);
}

static void
free_event (gpointer event)
{
  gst_event_unref (event);
}

static void
make_ear_unlocked (AgentSession *self)
{
  const GstVoiceFormat format = { GST_VOICE_S16, self->rate };

  /* The VAD knows these rates; what it does not is brought down for it. */
  self->vad_rate = self->rate == 24000 ? 8000 : self->rate;
  self->vad = vad_new (self->vad_rate);
  if (self->vad_rate != self->rate) {
    const GstVoiceFormat to = { GST_VOICE_S16, self->vad_rate };
    self->vad_converter = gst_voice_converter_new (&format, &to);
  }
  turn_detector_init (&self->detector, self->silence, self->min_speech);
  speech_end_init (&self->speech_end);
  turn_meter_begin (&self->meter, 0);
  g_byte_array_set_size (self->vad_input, 0);
}

static void
make_dialogue_unlocked (AgentSession *self)
{
  const GstVoiceFormat format = { GST_VOICE_S16, self->rate };
  Playout *playout =
      playout_new (GST_VOICE_FRAME_SIZE (&format), 0, free_event);

  if (self->playout)
    playout_number_after (playout, self->playout);
  agent_session_free_dialogue (self);
  self->playout = playout;
  make_ear_unlocked (self);
  self->caller_gone = self->hung_up = self->finished = self->held = FALSE;
  self->starting = self->ignoring = FALSE;
  self->answering = 0;
  self->sound_item = 0;
  self->idle_frames = 0;
  self->audible = GST_CLOCK_TIME_NONE;
  self->open = TRUE;
  self->stats.dialogues++;
}

void
agent_session_begin_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (!agent_session_any_active_unlocked (self) || !self->backend)
    return;
  self->by_call |= call != NULL;
  if (self->open) {
    if (call)
      name_dialogue_unlocked (self, call);
    return;
  }
  agent_session_fix_rate_unlocked (self, 0);
  make_dialogue_unlocked (self);
  Step *step = add_step_unlocked (self, STEP_OPEN);
  step->dialogue = self->stats.dialogues;
  step->call = call ? gst_voice_call_event_new (call) : NULL;
  step->rate = self->rate;
}

void
agent_session_end_unlocked (AgentSession *self)
{
  const gboolean was_open = self->open;

  self->open = self->by_call = self->held = FALSE;
  if (!was_open)
    return;
  Step *step = add_step_unlocked (self, STEP_CLOSE);
  playout_stop (self->playout, &step->cut);
  if (step->cut.item == self->sound_item) {
    step->sound_start = self->sound_start;
    step->sound_end = self->audible;
  }
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
  const gboolean in_turn = self->open && turn_detector_finish (&self->detector);
  const guint64 end =
      (guint64) speech_end_get (&self->speech_end, self->detector.last_speech);

  g_byte_array_set_size (self->vad_input, 0);
  if (!in_turn)
    return;
  turn_meter_end (&self->meter, end, end);
  GstAiAgentTurn turn = agent_session_turn_unlocked (self, "speech-stopped");
  turn.ignored = self->ignoring;
  if (!self->ignoring)
    self->answering = self->stats.turns;
  agent_session_add_turn_unlocked (self, &turn, AGENT_TURN_LEFT);
}

void
agent_session_hold_call_unlocked (AgentSession *self)
{
  if (!self->open || self->held)
    return;
  agent_session_finish_turn_unlocked (self);
  add_step_unlocked (self, STEP_HOLD);
  /* How long an answer takes then says nothing about the agent. */
  turn_meter_begin (&self->meter, self->meter.speech_start);
  playout_rewind (self->playout);
  self->held = TRUE;
}

void
agent_session_resume_call_unlocked (AgentSession *self)
{
  if (!self->held)
    return;
  self->held = FALSE;
  self->idle_frames = 0;
  add_step_unlocked (self, STEP_RESUME);
}

void
agent_session_update_ticking (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  if (self->open)
    add_step_unlocked (self, STEP_TICKING);
  g_mutex_unlock (&self->lock);
  agent_session_run_steps (self);
}

/* ---- Without a call */

void
agent_session_begin (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  if (!self->open && !self->knows_calls)
    agent_session_begin_unlocked (self, NULL);
  g_mutex_unlock (&self->lock);
  agent_session_run_steps (self);
}

GstElement *
agent_session_dup_sink (AgentSession *self)
{
  AgentListener listener;

  return agent_session_dup_element (self, AGENT_SINK, &listener);
}
