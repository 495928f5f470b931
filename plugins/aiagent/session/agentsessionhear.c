/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The caller's audio: turns, barge-in, and on to the backend. All in the thread
 * that brings it, which may be a media loop. The ear works without the lock; a frame in
 * which nothing happens takes it once, to see whether anybody is to be heard. */

#include "agentsessionprivate.h"

#include "hearing/agentvads.h"

#include <string.h>

#define LAW_FRAME GST_VOICE_FRAME_SAMPLES (8000)
#define INPUTS 10 /* without speaking, at once */
#define INPUTS_PER_SECOND 1
#define ECHO_OVER (400 * GST_MSECOND) /* behind the agent's last sound */

gboolean
agent_session_detects_turns (const AgentSession *self)
{
  return self->turn_detection == AGENT_TURN_DETECTION_AUTO ||
      self->turn_detection == AGENT_TURN_DETECTION_ELEMENT;
}

/* ---- Whom to hear */

/* What comes from the caller. */
typedef struct
{
  GstVoiceFormat format;
  const guint8 *data;
  guint n; /* samples */
  GstClockTime pts; /* of the first */
  gboolean gap;
} Sound;

/* What a frame is heard for. */
typedef struct
{
  gboolean on; /* FALSE: for nobody */
  guint64 dialogue;
  GstVoiceFormat format;
  guint finished; /* as turns_finished */
  gboolean speaking; /* in a turn, as the backend found */
} Hearer;

static void
enter_frame_unlocked (AgentSession *self, Hearer *hearer)
{
  *hearer = (Hearer){ agent_session_is_on_unlocked (self),
    self->host->dialogues, self->format, self->turns_finished,
    self->turn.speaking && !self->ignoring };
  self->frames_in += hearer->on;
}

/* Running time began anew: what was said is over, and a turn goes on. */
static void
move_back_unlocked (AgentSession *self, GstClockTime by, GstClockTime arrived)
{
  agent_mouth_move_back (self->mouth, by, arrived);
  self->turn.end -= MIN (self->turn.end, by);
}

/* A call's frames are stamped when they came; those of a microphone when their first
 * sample was taken, so that they come when their last one was. By how much running time
 * went back. */
static GstClockTime
note_arrival_unlocked (AgentSession *self, const Sound *sound,
    GstClockTime duration)
{
  const GstClockTime arrived =
      self->by_call ? sound->pts : sound->pts + duration;
  const GstClockTime by =
      self->arrived > arrived + GST_SECOND ? self->arrived - arrived : 0;

  if (by)
    move_back_unlocked (self, by, arrived);
  self->arrived = arrived;
  return by;
}

typedef struct
{
  gboolean open; /* FALSE: nobody is to be heard now, */
  gboolean finished; /* ... or ever */
  gboolean decided; /* something is to be told first */
  GstClockTime back; /* as note_arrival_unlocked() said */
} Arrival;

/* Nobody ticks: what is heard is all the time there is, and nobody speaks who could hang
 * up. The dialogue is over; without a channel that would end it, the stream is. */
static void
check_duration_unlocked (AgentSession *self, GstClockTime duration,
    Arrival *arrival)
{
  if (self->halves[AGENT_SRC].active ||
      !agent_admission_hear_unlocked (&self->admission, self->host->dialogues,
          duration))
    return;
  arrival->open = FALSE;
  arrival->decided = TRUE;
  arrival->finished = !self->by_call;
  if (self->by_call)
    agent_session_end_unlocked (self);
  else
    self->finished = TRUE;
}

/* Between calls; or no channel speaks of calls at all. */
static void
arrive_unlocked (AgentSession *self, const Sound *sound, Arrival *arrival)
{
  const GstClockTime duration = gst_util_uint64_scale_int (sound->n, GST_SECOND,
      (gint) sound->format.rate);
  const gboolean finished = self->host->open && self->finished;

  if (!self->host->open && !self->calls.known)
    agent_session_begin_unlocked (self, NULL);
  *arrival = (Arrival){
    .open = self->host->open && !self->on_hold && !self->calls.sink_waits &&
        !finished,
    .finished = finished,
    .decided = !step_queue_is_empty_unlocked (&self->pair.steps),
  };
  if (!arrival->open)
    return;
  arrival->back = note_arrival_unlocked (self, sound, duration);
  check_duration_unlocked (self, duration, arrival);
}

/* ---- Turns; lock held */

/* Nothing may interrupt the agent: what is said meanwhile is not meant to be heard, and
 * may be its own echo. */
static gboolean
is_into_words_unlocked (const AgentSession *self, const AgentEarTurn *turn)
{
  return self->barge_in == AGENT_BARGE_IN_IGNORE &&
      GST_CLOCK_TIME_IS_VALID (self->mouth->audible) &&
      (playout_is_speaking (self->mouth->playout) ||
          turn->onset <= self->mouth->audible);
}

/* Somebody goes on speaking when the agent and its echo are over: that counts. */
static gboolean
goes_on_unlocked (AgentSession *self)
{
  if (!self->ignoring || !self->turn.speaking ||
      playout_is_speaking (self->mouth->playout) ||
      self->turn.last_speech <= self->mouth->audible + ECHO_OVER)
    return FALSE;
  self->ignoring = FALSE;
  return TRUE;
}

static void
take_event_unlocked (AgentSession *self, const AgentEarTurn *turn)
{
  if (turn->event == TURN_STARTED) {
    agent_mouth_begin_turn (self->mouth, turn->onset);
    self->ignoring = is_into_words_unlocked (self, turn);
  } else {
    agent_mouth_end_turn (self->mouth, turn->end, self->arrived,
        !self->ignoring);
  }
}

static void
add_event_unlocked (AgentSession *self, TurnEvent event)
{
  GstAiAgentTurn turn = agent_mouth_get_turn (self->mouth,
      event == TURN_ENDED ? "speech-stopped" : "speech-started");

  turn.ignored = self->ignoring;
  agent_session_add_turn_unlocked (self, &turn,
      event == TURN_STARTED     ? AGENT_TURN_BEGAN
          : event == TURN_ENDED ? AGENT_TURN_ENDED
                                : AGENT_TURN_COUNTS);
}

/* Only what was heard last is told. TRUE: something is to be. */
static gboolean
take_heard_unlocked (AgentSession *self, const AgentEarHeard *heard)
{
  for (guint i = 0; i < heard->n; i++)
    take_event_unlocked (self, &heard->events[i]);
  self->turn = heard->now;
  if (heard->n)
    add_event_unlocked (self, heard->events[heard->n - 1].event);
  else if (goes_on_unlocked (self))
    add_event_unlocked (self, TURN_NOTHING);
  else
    return FALSE;
  return TRUE;
}

/* FALSE: the call was held or is over since. */
static gboolean
is_heard_by_unlocked (const AgentSession *self, const Hearer *hearer)
{
  return agent_session_is_on_unlocked (self) &&
      hearer->dialogue == self->host->dialogues &&
      hearer->finished == self->turns_finished;
}

/* ---- Frames */

/* What the ear has missed: another dialogue, or the end of a turn. */
static void
follow (AgentSession *self, const Hearer *hearer)
{
  if (self->ear_dialogue != hearer->dialogue)
    agent_ear_begin (&self->ear, agent_vads_get (), hearer->format.rate,
        self->silence, self->min_speech);
  else if (self->ear_finished != hearer->finished)
    agent_ear_finish (&self->ear);
  self->ear_dialogue = hearer->dialogue;
  self->ear_finished = hearer->finished;
}

/* TRUE: in a turn that is for the backend. @changed: steps are to be run. */
static gboolean
listen (AgentSession *self, const Hearer *hearer, const Sound *sound,
    gboolean *changed)
{
  AgentEarHeard heard;
  gint16 decoded[LAW_FRAME];
  const gint16 *samples = (gconstpointer) sound->data;
  guint n = sound->n;

  if (sound->format.encoding != GST_VOICE_S16) {
    n = MIN (n, LAW_FRAME);
    gst_voice_law_decode (sound->format.encoding, sound->data, decoded, n);
    samples = decoded;
  }
  follow (self, hearer);
  agent_ear_hear (&self->ear, samples, n, sound->pts, sound->gap, &heard);
  if (!heard.n && !heard.now.speaking)
    return FALSE;
  g_mutex_lock (self->lock);
  const gboolean on = is_heard_by_unlocked (self, hearer);
  *changed = on && take_heard_unlocked (self, &heard);
  const gboolean speaking = on && heard.now.speaking && !self->ignoring;
  g_mutex_unlock (self->lock);
  return speaking;
}

/* At most 20 ms, of the dialogue's format. */
static void
hear_frame (AgentSession *self, const Hearer *hearer, const Sound *sound)
{
  gboolean changed = FALSE;
  const gboolean speaking = agent_session_detects_turns (self)
      ? listen (self, hearer, sound, &changed)
      : hearer->speaking;

  AGENT_LOG (self->report, GST_LEVEL_LOG,
      "heard %u samples at %" GST_TIME_FORMAT "%s%s", sound->n,
      GST_TIME_ARGS (sound->pts), sound->gap ? ", silence" : "",
      speaking ? ", in a turn" : "");
  if (hearer->format.encoding == GST_VOICE_S16)
    agent_backend_send_audio (self->host->backend, (gconstpointer) sound->data,
        sound->n, sound->pts, speaking);
  else
    agent_backend_send_encoded (self->host->backend, sound->data, sound->n,
        sound->pts, speaking);
  if (changed)
    agent_session_run_steps (self);
}

static void
enter_frame (AgentSession *self, Hearer *hearer)
{
  g_mutex_lock (self->lock);
  enter_frame_unlocked (self, hearer);
  g_mutex_unlock (self->lock);
}

/* Frame by frame: the call may end in between, and the next one have another format.
 * @entered: of the first; NULL: nobody has looked yet. */
static void
hear_frames (AgentSession *self, const Hearer *entered, const Sound *sound)
{
  const guint rate = sound->format.rate;
  const guint frame = GST_VOICE_FRAME_SAMPLES (rate);
  Hearer hearer;

  for (guint at = 0; at < sound->n; at += frame) {
    if (entered && at == 0)
      hearer = *entered;
    else
      enter_frame (self, &hearer);
    const Sound piece = { sound->format,
      sound->data + at * GST_VOICE_SAMPLE_SIZE (sound->format.encoding),
      MIN (sound->n - at, frame),
      sound->pts + gst_util_uint64_scale_int (at, GST_SECOND, (gint) rate),
      sound->gap };
    if (hearer.on && gst_voice_format_equal (&hearer.format, &sound->format))
      hear_frame (self, &hearer, &piece);
  }
}

gboolean
agent_session_hear (AgentSession *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap)
{
  GstVoiceFormat format;

  agent_session_get_format (self, &format);
  format.encoding = GST_VOICE_S16;
  return agent_session_hear_encoded (self, &format, samples, n_samples, pts,
      gap);
}

gboolean
agent_session_hear_encoded (AgentSession *self, const GstVoiceFormat *format,
    gconstpointer data, guint n_samples, GstClockTime pts, gboolean gap)
{
  const Sound sound = { *format, data, n_samples, pts, gap };
  Hearer hearer = { FALSE };
  Arrival arrival;

  g_mutex_lock (self->lock);
  arrive_unlocked (self, &sound, &arrival);
  if (arrival.open && !arrival.decided && n_samples > 0)
    enter_frame_unlocked (self, &hearer);
  g_mutex_unlock (self->lock);
  if (arrival.back)
    agent_ear_move_back (&self->ear, arrival.back);
  if (arrival.decided)
    agent_session_run_steps (self);
  if (arrival.open)
    hear_frames (self, arrival.decided ? NULL : &hearer, &sound);
  return !arrival.finished;
}

/* ---- ... as the backend finds them */

static void
begin_turn_unlocked (AgentSession *self, GstClockTime start)
{
  const AgentEarTurn turn = { .event = TURN_STARTED,
    .speaking = TRUE,
    .onset = start,
    .end = start,
    .last_speech = start };

  take_event_unlocked (self, &turn);
  self->turn = turn;
}

static void
end_turn_unlocked (AgentSession *self, GstClockTime end)
{
  self->turn.event = TURN_ENDED;
  self->turn.speaking = FALSE;
  self->turn.end = MAX (end, self->turn.onset);
  take_event_unlocked (self, &self->turn);
}

gboolean
agent_session_take_turn (GObject *object, guint64 dialogue, gboolean began,
    GstClockTime time)
{
  AgentSession *self = AGENT_SESSION (object);

  g_mutex_lock (self->lock);
  const gboolean due = self->turn_detection == AGENT_TURN_DETECTION_BACKEND &&
      agent_session_is_on_unlocked (self) &&
      (!dialogue || dialogue == self->host->dialogues) &&
      self->turn.speaking != began;
  if (due) {
    if (!GST_CLOCK_TIME_IS_VALID (time))
      time = self->arrived;
    if (began)
      begin_turn_unlocked (self, time);
    else
      end_turn_unlocked (self, time);
    add_event_unlocked (self, self->turn.event);
  }
  g_mutex_unlock (self->lock);
  if (due)
    agent_session_run_steps (self);
  return due;
}

/* ---- What follows from turns, no lock */

static void
begin_turn (AgentSession *self, GstVoiceAgentBackend *backend,
    GstClockTime start)
{
  /* First the reason: nothing new is begun meanwhile. */
  if (agent_session_detects_turns (self))
    agent_backend_turn (backend, TRUE, start);
  if (self->barge_in != AGENT_BARGE_IN_ALLOW)
    return;
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->held)
    agent_host_hold (self->host);
  else
    agent_host_cut (self->host, 0);
}

/* It was decided when the frame was worked on, which may have been late. A call's time
 * stamps follow those of the far end, and may be ahead of the clock: what has come was
 * not on the wire later than now. */
static void
note_decision (AgentSession *self, GstAiAgentTurn *turn)
{
  const GstClockTime now = agent_report_get_now (self->report);

  g_mutex_lock (self->lock);
  const GstClockTime arrived = self->arrived;
  if (self->by_call && now) {
    turn->decision = now;
    turn->speech_end -=
        MIN (turn->speech_end, arrived > now ? arrived - now : 0);
  } else {
    turn->decision = MAX (turn->decision, now);
  }
  if (self->mouth->meter.decision)
    turn_meter_end (&self->mouth->meter, turn->speech_end, turn->decision);
  g_mutex_unlock (self->lock);
}

void
agent_session_tell_change (AgentSession *self, GstVoiceAgentBackend *backend,
    GstAiAgentTurn *turn, AgentTurnChange change)
{
  if (change == AGENT_TURN_ENDED)
    note_decision (self, turn);
  if (change != AGENT_TURN_COUNTS)
    agent_report_turn (self->report, turn);
  if (turn->ignored)
    return;
  if (change == AGENT_TURN_BEGAN || change == AGENT_TURN_COUNTS)
    begin_turn (self, backend, turn->speech_start);
  else if (change == AGENT_TURN_LEFT || agent_session_detects_turns (self))
    agent_backend_turn (backend, FALSE, turn->speech_end);
}

void
agent_session_digit (AgentSession *self, gchar digit)
{
  if (agent_session_is_on (self) &&
      !agent_tools_take_digit (self->tools, digit))
    agent_backend_digit (self->host->backend, digit);
  AGENT_LOG (self->report, GST_LEVEL_DEBUG, "a digit"); /* it may be of a PIN */
}

/* ---- What comes without sound */

/* A browser has no keypad: digits that are written are keys. */
static gboolean
is_keys (GstVoiceAgentBackend *backend, const gchar *text)
{
  const gsize n = text ? strspn (text, "0123456789*# ") : 0;

  return n > 0 && !text[n] &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->digit;
}

static gboolean
read_keys (AgentSession *self, GstVoiceAgentBackend *backend, const gchar *text)
{
  if (!is_keys (backend, text))
    return FALSE;
  for (const gchar *key = text; *key; key++)
    if (*key != ' ' && !agent_tools_take_digit (self->tools, *key))
      agent_backend_digit (backend, *key);
  return TRUE;
}

static gboolean
take_input (AgentSession *self, GstVoiceAgentBackend *backend,
    GstVoiceInputType type, const gchar *text)
{
  switch (type) {
    case GST_VOICE_INPUT_TEXT:
      if (!is_keys (backend, text) &&
          !GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->read)
        return FALSE;
      agent_host_cut (self->host, 0);
      g_mutex_lock (self->lock);
      agent_mouth_take_writing (self->mouth);
      g_mutex_unlock (self->lock);
      agent_tools_note_input (self->tools);
      return read_keys (self, backend, text) ||
          agent_backend_read (backend, text);
    case GST_VOICE_INPUT_INTERRUPT:
      agent_host_cut (self->host, 0);
      return TRUE;
    case GST_VOICE_INPUT_INSTRUCTIONS:
      return self->caller_instructions &&
          agent_backend_instruct (backend, text);
  }
  return FALSE;
}

static gboolean
take_token_unlocked (AgentSession *self, gint64 at)
{
  AgentInputs *inputs = &self->inputs;

  if (inputs->dialogue != self->host->dialogues)
    *inputs = (AgentInputs){ self->host->dialogues, at, INPUTS };
  inputs->left = MIN (INPUTS,
      inputs->left +
          (gdouble) (at - inputs->at) / G_TIME_SPAN_SECOND * INPUTS_PER_SECOND);
  inputs->at = at;
  if (inputs->left < 1)
    return FALSE;
  inputs->left--;
  return TRUE;
}

/* What is written costs as much as what is said, and is sooner said. */
static gboolean
is_too_fast (AgentSession *self)
{
  g_mutex_lock (self->lock);
  const gboolean slow = take_token_unlocked (self, g_get_monotonic_time ());
  g_mutex_unlock (self->lock);
  return !slow;
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
  g_autoptr (GstVoiceAgentBackend) backend = agent_session_dup_backend (self);

  if (!backend)
    return;
  const gboolean on = agent_session_is_on (self);
  const gboolean fast = on && is_too_fast (self);
  const gboolean taken = on && !fast && take_input (self, backend, type, text);
  const gchar *why = taken ? NULL
      : fast               ? "This comes too fast."
      : on                 ? refusal (type)
                           : "The agent is in no dialogue.";
  agent_report_input (self->report, gst_voice_input_type_to_string (type), why);
}
