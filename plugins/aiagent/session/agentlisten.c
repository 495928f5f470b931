/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The caller's audio: turns, barge-in, and on to the backend. All in the thread
 * that brings it, which may be a media loop. */

#include "agentsessionprivate.h"

#include <string.h>

#define PIECE (10 * GST_MSECOND)
#define ECHO_OVER (400 * GST_MSECOND) /* behind the agent's last sound */

gboolean
agent_session_detects_turns (AgentSession *self)
{
  return self->turn_detection == AGENT_TURN_DETECTION_AUTO ||
      self->turn_detection == AGENT_TURN_DETECTION_LOCAL;
}

/* ---- Detection, lock held */

/* Adds to the pieces of 10 ms that the VAD takes; sets in_base so that it is the
 * time of the first byte of vad_input. */
static void
add_input_unlocked (AgentSession *self, const gint16 *samples, guint n,
    GstClockTime pts)
{
  GstClockTime left = gst_util_uint64_scale_int (self->vad_input->len / 2,
      GST_SECOND, (gint) self->vad_rate);

  self->in_base = pts > left ? pts - left : 0;
  if (self->vad_converter)
    gst_voice_converter_process (self->vad_converter, samples, n * 2,
        self->vad_input);
  else
    g_byte_array_append (self->vad_input, (const guint8 *) samples, n * 2);
}

/* Nothing may interrupt the agent: what is said meanwhile is not meant to be heard, and
 * may be its own echo. */
static gboolean
is_into_words_unlocked (const AgentSession *self)
{
  return self->barge_in == AGENT_BARGE_IN_IGNORE &&
      GST_CLOCK_TIME_IS_VALID (self->audible) &&
      (playout_is_speaking (self->playout) ||
          self->detector.onset <= (gint64) self->audible);
}

/* Somebody goes on speaking when the agent and its echo are over: that counts. */
static gboolean
goes_on_unlocked (AgentSession *self)
{
  if (!self->ignoring || !self->detector.speaking ||
      playout_is_speaking (self->playout) ||
      self->detector.last_speech <= (gint64) (self->audible + ECHO_OVER))
    return FALSE;
  self->ignoring = FALSE;
  return TRUE;
}

static TurnEvent
push_piece_unlocked (AgentSession *self, gboolean speech, const gint16 *samples,
    GstClockTime time)
{
  TurnEvent event = turn_detector_push (&self->detector, speech, (gint64) time);

  if (event == TURN_STARTED)
    speech_end_begin (&self->speech_end, (gint64) (time + PIECE));
  speech_end_push (&self->speech_end, samples, self->vad_rate / 100,
      (gint64) time, self->detector.speaking);
  if (event == TURN_STARTED) {
    const guint64 id = ++self->stats.turns,
                  start = (guint64) self->detector.onset;
    turn_meter_begin (&self->meter, start);
    self->recent[id % AGENT_N_RECENT] = (AgentRecentTurn){ id, start };
    self->ignoring = is_into_words_unlocked (self);
  } else if (event == TURN_ENDED) {
    turn_meter_end (&self->meter,
        (guint64) speech_end_get (&self->speech_end,
            self->detector.last_speech),
        self->in_arrived);
    if (!self->ignoring)
      self->answering = self->stats.turns;
  }
  return event;
}

/* At most one event of 20 ms matters: a turn lasts longer than that. */
static TurnEvent
detect_unlocked (AgentSession *self, gboolean gap)
{
  guint piece = self->vad_rate / 100;
  TurnEvent event = TURN_NOTHING;
  guint at = 0;

  while (at + piece * 2 <= self->vad_input->len) {
    const gint16 *samples =
        (const gint16 *) (gconstpointer) (self->vad_input->data + at);
    /* Silence goes to the detector, too: it compares with what was before. */
    gboolean speech = vad_is_speech (self->vad, samples) && !gap;
    TurnEvent now = push_piece_unlocked (self, speech, samples, self->in_base);
    if (now != TURN_NOTHING)
      event = now;
    at += piece * 2;
    self->in_base += PIECE;
  }
  if (at == self->vad_input->len)
    g_byte_array_set_size (self->vad_input, 0);
  else
    g_byte_array_remove_range (self->vad_input, 0, at);
  return event;
}

/* ---- What follows from it, no lock */

static void
begin_turn (AgentSession *self, AgentBackend *backend, GstClockTime start)
{
  /* First the reason: nothing new is begun meanwhile. */
  agent_backend_turn (backend, TRUE, start);
  if (self->barge_in != AGENT_BARGE_IN_ALLOW)
    return;
  if (AGENT_BACKEND_GET_CLASS (backend)->held)
    agent_session_hold_answer (self);
  else
    agent_session_cut (self);
}

/* It was decided when the frame was worked on, which may have been late. A call's time
 * stamps follow those of the far end, and may be ahead of the clock: what has come was
 * not on the wire later than now. */
static void
note_decision (AgentSession *self, GstAiAgentTurn *turn)
{
  const GstClockTime now = agent_session_now (self);

  g_mutex_lock (&self->lock);
  const GstClockTime arrived = self->in_arrived;
  if (self->by_call && now) {
    turn->decision = now;
    turn->speech_end -=
        MIN (turn->speech_end, arrived > now ? arrived - now : 0);
  } else {
    turn->decision = MAX (turn->decision, now);
  }
  if (self->meter.decision)
    turn_meter_end (&self->meter, turn->speech_end, turn->decision);
  g_mutex_unlock (&self->lock);
}

void
agent_session_tell_change (AgentSession *self, AgentBackend *backend,
    GstAiAgentTurn *turn, AgentTurnChange change)
{
  if (change == AGENT_TURN_ENDED)
    note_decision (self, turn);
  if (change != AGENT_TURN_COUNTS)
    agent_session_tell_turn (self, turn);
  if (turn->ignored)
    return;
  if (change == AGENT_TURN_BEGAN || change == AGENT_TURN_COUNTS)
    begin_turn (self, backend, turn->speech_start);
  else
    agent_backend_turn (backend, FALSE, turn->speech_end);
}

static void
add_event_unlocked (AgentSession *self, TurnEvent event)
{
  GstAiAgentTurn turn = agent_session_turn_unlocked (self,
      event == TURN_ENDED ? "speech-stopped" : "speech-started");

  turn.ignored = self->ignoring;
  agent_session_add_turn_unlocked (self, &turn,
      event == TURN_STARTED     ? AGENT_TURN_BEGAN
          : event == TURN_ENDED ? AGENT_TURN_ENDED
                                : AGENT_TURN_COUNTS);
}

/* At most 20 ms, see detect_unlocked(). */
static void
hear_piece (AgentSession *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap)
{
  TurnEvent event = TURN_NOTHING;
  gboolean changed = FALSE;

  g_mutex_lock (&self->lock);
  if (!agent_session_is_on_unlocked (self)) { /* the call ended meanwhile */
    g_mutex_unlock (&self->lock);
    return;
  }
  self->stats.frames_in++;
  if (agent_session_detects_turns (self)) {
    add_input_unlocked (self, samples, n_samples, pts);
    event = detect_unlocked (self, gap);
    changed = event != TURN_NOTHING || goes_on_unlocked (self);
  }
  if (changed)
    add_event_unlocked (self, event);
  gboolean speaking = self->detector.speaking && !self->ignoring;
  g_mutex_unlock (&self->lock);

  AGENT_LOG (self, GST_LEVEL_LOG,
      "heard %u samples at %" GST_TIME_FORMAT "%s%s", n_samples,
      GST_TIME_ARGS (pts), gap ? ", silence" : "",
      speaking ? ", in a turn" : "");
  agent_backend_send_audio (self->backend, samples, n_samples, speaking);
  if (changed)
    agent_session_run_steps (self);
}

/* FALSE: nobody is to be heard now, or ever (@finished). */
static gboolean
may_hear (AgentSession *self, gboolean *finished)
{
  g_mutex_lock (&self->lock);
  *finished = self->open && self->finished;
  /* Between calls; or no channel speaks of calls at all. */
  if (!self->open && !self->knows_calls)
    agent_session_begin_unlocked (self, NULL);
  gboolean open = self->open && !self->held && !self->sink_waits;
  g_mutex_unlock (&self->lock);
  agent_session_run_steps (self);
  return open && !*finished;
}

/* Running time began anew: what was said is over, and a turn goes on. */
static void
move_back_unlocked (AgentSession *self, GstClockTime arrived)
{
  const GstClockTime by = self->in_arrived - arrived;

  turn_detector_move_back (&self->detector, (gint64) by);
  self->speech_end.last = MAX (self->speech_end.last - (gint64) by, 0);
  self->meter.speech_start -= MIN (self->meter.speech_start, by);
  if (GST_CLOCK_TIME_IS_VALID (self->audible))
    self->audible = MIN (self->audible, arrived);
  self->sound_start = MIN (self->sound_start, arrived);
}

/* A call's frames are stamped when they came; those of a microphone when their first
 * sample was taken, so that they come when their last one was. */
static void
note_arrival (AgentSession *self, GstClockTime pts, GstClockTime duration)
{
  g_mutex_lock (&self->lock);
  const GstClockTime arrived = self->by_call ? pts : pts + duration;
  if (self->in_arrived > arrived + GST_SECOND)
    move_back_unlocked (self, arrived);
  self->in_arrived = arrived;
  g_mutex_unlock (&self->lock);
}

gboolean
agent_session_hear (AgentSession *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap)
{
  GstVoiceFormat format;
  gboolean finished;

  if (!may_hear (self, &finished))
    return !finished;
  agent_session_get_format (self, 0, &format);
  guint rate = format.rate;
  note_arrival (self, pts,
      gst_util_uint64_scale_int (n_samples, GST_SECOND, (gint) rate));
  for (guint at = 0; at < n_samples; at += rate / 50)
    hear_piece (self, samples + at, MIN (n_samples - at, rate / 50),
        pts + gst_util_uint64_scale_int (at, GST_SECOND, (gint) rate), gap);
  return TRUE;
}

static gboolean
is_on (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  gboolean on = agent_session_is_on_unlocked (self);
  g_mutex_unlock (&self->lock);
  return on;
}

void
agent_session_digit (AgentSession *self, gchar digit)
{
  if (is_on (self))
    agent_backend_digit (self->backend, digit);
  AGENT_LOG (self, GST_LEVEL_DEBUG, "a digit"); /* it may be of a PIN */
}

/* ---- What comes without sound */

/* A browser has no keypad: digits that are written are keys. */
static gboolean
is_keys (AgentBackend *backend, const gchar *text)
{
  const gsize n = text ? strspn (text, "0123456789*# ") : 0;

  return n > 0 && !text[n] && AGENT_BACKEND_GET_CLASS (backend)->digit;
}

static gboolean
read_keys (AgentBackend *backend, const gchar *text)
{
  if (!is_keys (backend, text))
    return FALSE;
  for (const gchar *key = text; *key; key++)
    if (*key != ' ')
      agent_backend_digit (backend, *key);
  return TRUE;
}

static gboolean
take_input (AgentSession *self, AgentBackend *backend, GstVoiceInputType type,
    const gchar *text)
{
  switch (type) {
    case GST_VOICE_INPUT_TEXT:
      if (!is_keys (backend, text) && !AGENT_BACKEND_GET_CLASS (backend)->read)
        return FALSE;
      agent_session_cut (self);
      /* What is answered then was not spoken: there is no turn to be timed. */
      g_mutex_lock (&self->lock);
      turn_meter_begin (&self->meter, 0);
      self->answering = 0;
      g_mutex_unlock (&self->lock);
      return read_keys (backend, text) || agent_backend_read (backend, text);
    case GST_VOICE_INPUT_INTERRUPT:
      agent_session_cut (self);
      return TRUE;
    case GST_VOICE_INPUT_INSTRUCTIONS:
      return agent_backend_instruct (backend, text);
  }
  return FALSE;
}

static const gchar *
refusal (GstVoiceInputType type)
{
  return type == GST_VOICE_INPUT_TEXT
      ? "This agent listens, and does not read."
      : "This agent takes no instructions from callers.";
}

void
agent_session_input (AgentSession *self, GstVoiceInputType type,
    const gchar *text)
{
  g_autoptr (AgentBackend) backend = agent_session_dup_backend (self);

  if (!backend)
    return;
  const gboolean on = is_on (self);
  const gboolean taken = on && take_input (self, backend, type, text);
  const gchar *why = taken ? NULL
      : on                 ? refusal (type)
                           : "The agent is in no dialogue.";
  agent_session_tell (self,
      gst_aiagent_input_structure (self->name, agent_session_now (self),
          gst_voice_input_type_to_string (type), why));
}
