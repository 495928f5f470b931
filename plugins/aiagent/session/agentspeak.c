/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The agent's audio: what a frame takes with it, and what cuts it off. On the media
 * loop of the src, commands on any thread. */

#include "agentsessionprivate.h"

#define LINGER_FRAMES 50 /* of silence after the caller is gone: 1 s */
#define AUDIBLE \
  100 /* mean of 32767: less is a pause of the agent's, or its noise */
#define WINDOW_MS 5
#define WINDOW (WINDOW_MS * GST_MSECOND)
#define WINDOWS (20 / WINDOW_MS)

/* What follows from one frame, to be told without the lock. */
typedef struct
{
  GstAiAgentTurn turn;
  guint done; /* the answer that is, 0 = none */
  gchar *words;
  GstClockTime start, end;
} SpeakFact;

typedef struct
{
  SpeakFact facts[8];
  guint n;
} SpeakFacts;

/* ---- Sound; lock held */

static gboolean
is_audible (const gint16 *samples, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) ABS (samples[i]);
  return sum > AUDIBLE * n;
}

/* The windows of a frame in which something is to be heard, as bits. */
static guint
find_sound (AgentSession *self, const guint8 *frame)
{
  const gint16 *samples = (const gint16 *) (gconstpointer) frame;
  const guint n = self->rate * WINDOW_MS / 1000;
  guint found = 0;

  for (guint i = 0; i < WINDOWS; i++)
    found |= (guint) is_audible (samples + i * n, n) << i;
  return found;
}

/* @sent: when the frame that was just read is sent. FALSE: it is silent. */
static gboolean
note_sound_unlocked (AgentSession *self, const guint8 *frame, GstClockTime sent,
    GstClockTime *first)
{
  const guint found = find_sound (self, frame);
  gsize before;

  if (!found)
    return FALSE;
  const guint item = playout_get_last (self->playout, &before);
  const guint end = 32 - (guint) __builtin_clz (found);
  *first = sent + (guint) __builtin_ctz (found) * WINDOW;
  if (self->sound_item != item)
    self->sound_start = *first;
  self->sound_item = item;
  self->sound_heard =
      gst_util_uint64_scale_int (before / 2, GST_SECOND, (gint) self->rate) +
      end * WINDOW;
  self->audible = sent + end * WINDOW;
  return TRUE;
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

/* The answer that began is audible now, at @time. */
static void
add_started_unlocked (AgentSession *self, GstClockTime time, SpeakFacts *out)
{
  turn_meter_audio_out (&self->meter, time);
  self->starting = FALSE;
  SpeakFact *fact = &out->facts[out->n++];
  fact->turn = agent_session_turn_unlocked (self, "response-started");
  fact->turn.turn_id = self->starting_turn;
}

/* Takes the words of @note. */
static void
add_done_unlocked (AgentSession *self, const PlayoutNote *note,
    GstClockTime time, SpeakFacts *out)
{
  if (self->starting)
    add_started_unlocked (self, time, out); /* nothing of it was audible */
  SpeakFact *fact = &out->facts[out->n++];
  fact->turn = agent_session_turn_unlocked (self, "response-done");
  fact->turn.turn_id = note->tag;
  fact->turn.heard = fact->turn.total = note->heard * GST_MSECOND;
  fact->done = note->item;
  fact->words = note->words;
  if (self->sound_item == note->item) {
    fact->start = self->sound_start;
    fact->end = self->audible;
  }
}

static void
take_note_unlocked (AgentSession *self, const PlayoutNote *note,
    GstClockTime time, GQueue *events, SpeakFacts *out)
{
  switch (note->type) {
    case PLAYOUT_ITEM_STARTED:
      self->stats.answers++;
      self->starting = TRUE;
      self->starting_turn = note->tag;
      break;
    case PLAYOUT_ITEM_DONE:
      add_done_unlocked (self, note, time, out);
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

/* One frame, and what became true by it. */
static gboolean
read_frame_unlocked (AgentSession *self, guint8 *frame, GstClockTime sent,
    GQueue *events, SpeakFacts *out)
{
  const gboolean spoken = playout_read (self->playout, frame);
  GstClockTime first = sent;
  PlayoutNote note;

  const gboolean audible =
      spoken && note_sound_unlocked (self, frame, sent, &first);
  /* Two of each may be added by one note. */
  while (out->n + 2 < G_N_ELEMENTS (out->facts) &&
      playout_next_note (self->playout, &note)) {
    take_note_unlocked (self, &note, first, events, out);
    if (audible && self->starting)
      add_started_unlocked (self, first, out);
  }
  if (audible && self->starting)
    add_started_unlocked (self, first, out);
  return spoken;
}

static void
tell_spoken (AgentSession *self, AgentBackend *backend, SpeakFacts *out)
{
  for (guint i = 0; i < out->n; i++) {
    SpeakFact *fact = &out->facts[i];
    agent_session_tell_heard (self, fact->words, fact->turn.turn_id,
        fact->start, fact->end);
    agent_session_tell_turn (self, &fact->turn);
    if (fact->done)
      agent_backend_done (backend, fact->done);
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
  SpeakFacts facts = { 0 };

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
  /* A tick that comes late sends late, whatever its time stamp. */
  gboolean spoken =
      read_frame_unlocked (self, frame, MAX (pts, now), events, &facts);
  count_frame_unlocked (self, spoken, thinking);
  gboolean over =
      (self->caller_gone || self->hung_up) && self->idle_frames > LINGER_FRAMES;
  self->finished = over && self->hung_up;
  g_mutex_unlock (&self->lock);

  AGENT_LOG (self, GST_LEVEL_LOG, "said %s at %" GST_TIME_FORMAT,
      spoken ? "something" : "nothing", GST_TIME_ARGS (pts));
  tell_spoken (self, backend, &facts);
  if (over)
    agent_session_end_src (self);
  return spoken;
}

/* The fact of a cut that may be taken back ("held") or not ("interrupted"), lock
 * held. */
static GstAiAgentTurn
cut_off_unlocked (AgentSession *self, const gchar *state, const PlayoutCut *cut)
{
  GstAiAgentTurn turn = agent_session_turn_unlocked (self, state);

  self->starting = FALSE;
  turn.turn_id = cut->tag;
  turn.heard = cut->item && cut->item == self->sound_item
      ? MIN (self->sound_heard, cut->heard * GST_MSECOND)
      : 0;
  turn.total = cut->total * GST_MSECOND;
  return turn;
}

static GstAiAgentTurn
interrupted_unlocked (AgentSession *self, const PlayoutCut *cut)
{
  self->stats.interruptions++;
  return cut_off_unlocked (self, "interrupted", cut);
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
  const GstClockTime start = self->sound_start, end = self->audible;
  g_mutex_unlock (&self->lock);
  /* It may have words that have not come in yet. */
  if (open)
    agent_backend_interrupt (backend, cut.item, cut.heard);
  agent_session_tell_heard (self, cut.words, cut.tag, start, end);
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
  const gboolean any = self->open && playout_hold (self->playout, &cut);
  /* What is held still is so for this turn now: what was decided of the one before
   * must not let it go on into the caller. */
  const guint hold = self->open ? playout_get_hold (self->playout) : 0;
  if (any)
    turn = cut_off_unlocked (self, "held", &cut);
  g_mutex_unlock (&self->lock);
  g_free (cut.words); /* it may be taken back */
  if (hold)
    agent_backend_held (self->backend, hold, cut.item, cut.heard, cut.total);
  if (any)
    agent_session_tell_turn (self, &turn);
}

gboolean
agent_session_resume_answer (AgentSession *self, guint hold)
{
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  gboolean any = self->open && playout_resume (self->playout, hold);
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
agent_session_drop_answer (AgentSession *self, guint hold)
{
  PlayoutCut cut = { 0 };
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  const gboolean any = self->open && playout_drop (self->playout, hold, &cut);
  if (any)
    turn = interrupted_unlocked (self, &cut);
  const GstClockTime start = self->sound_start, end = self->audible;
  g_mutex_unlock (&self->lock);
  agent_session_tell_heard (self, cut.words, cut.tag, start, end);
  if (any)
    agent_session_tell_turn (self, &turn);
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
