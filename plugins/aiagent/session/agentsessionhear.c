/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The caller's audio: turns, barge-in, and on to the backend. All in the thread
 * that brings it, which may be a media loop. The ear works without the lock; a frame in
 * which nothing happens takes it once, to see whether anybody is to be heard. */

#include "agentsessionprivate.h"

#include "hearing/agentvads.h"

#define LAW_FRAME GST_VOICE_FRAME_SAMPLES (8000)
#define DUCK_FRAMES 8 /* 160 ms, should nothing more come */
#define LAST_WORDS 500 /* ms */
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
  gboolean interrupts; /* who speaks now interrupts the agent */
} Hearer;

static void
enter_frame_unlocked (AgentSession *self, Hearer *hearer)
{
  *hearer = (Hearer){ agent_session_is_on_unlocked (self),
    self->host->dialogues, self->format, self->turns_finished,
    self->turn.speaking && !self->ignoring,
    self->barge_in == AGENT_BARGE_IN_ALLOW &&
        playout_may_interrupt (self->mouth->playout) };
  self->frames_in += hearer->on;
  turn_watch_hear (&self->watch);
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

/* What is short and said into the agent's last words may be the answer to them: it
 * counts, and they are heard. Of an answer whose end is open nobody knows which are the last. */
static gboolean
is_into_last_words_unlocked (const AgentSession *self)
{
  const Playout *playout = self->mouth->playout;

  return !playout_is_open (playout) &&
      playout_get_pending (playout) <= LAST_WORDS;
}

static void
take_event_unlocked (AgentSession *self, const AgentEarTurn *turn)
{
  self->doubting = turn->doubtful;
  switch (turn->event) {
    case TURN_STARTED:
      agent_mouth_begin_turn (self->mouth, turn->onset);
      self->ignoring = is_into_words_unlocked (self, turn);
      break;
    case TURN_REJECTED:
      self->ignoring = !is_into_last_words_unlocked (self);
      agent_mouth_end_turn (self->mouth, turn->end, self->arrived,
          !self->ignoring);
      break;
    case TURN_ENDED:
      agent_mouth_end_turn (self->mouth, turn->end, self->arrived,
          !self->ignoring);
      break;
    default:
      break;
  }
}

static void
add_event_unlocked (AgentSession *self, TurnEvent event)
{
  static const AgentTurnChange changes[] = {
    [TURN_NOTHING] = AGENT_TURN_COUNTS,
    [TURN_STARTED] = AGENT_TURN_BEGAN,
    [TURN_ENDED] = AGENT_TURN_ENDED,
    [TURN_CONFIRMED] = AGENT_TURN_CONFIRMED,
    [TURN_RESUMED] = AGENT_TURN_RESUMED,
    [TURN_REJECTED] = AGENT_TURN_REJECTED,
  };
  const gboolean over = event == TURN_ENDED || event == TURN_REJECTED;
  GstAiAgentTurn turn = agent_mouth_get_turn (self->mouth,
      over ? "speech-stopped" : "speech-started");

  turn.ignored = self->ignoring;
  turn.doubtful = self->doubting || event == TURN_REJECTED ||
      (event == TURN_CONFIRMED && self->resumed);
  self->resumed = event == TURN_RESUMED;
  agent_session_add_turn_unlocked (self, &turn, changes[event]);
}

void
agent_session_end_doubt_unlocked (AgentSession *self)
{
  AgentEarTurn turn = self->turn;

  turn.event = TURN_REJECTED;
  turn.speaking = turn.doubtful = FALSE;
  take_event_unlocked (self, &turn);
  add_event_unlocked (self, TURN_REJECTED);
  self->turn = turn;
  self->turns_finished++;
}

/* TRUE: something is to be told. */
static gboolean
take_heard_unlocked (AgentSession *self, const AgentEarHeard *heard)
{
  for (guint i = 0; i < heard->n; i++) {
    take_event_unlocked (self, &heard->events[i]);
    add_event_unlocked (self, heard->events[i].event);
  }
  self->turn = heard->now;
  if (heard->n)
    return TRUE;
  const gboolean counts = goes_on_unlocked (self);
  if (counts)
    add_event_unlocked (self, TURN_NOTHING);
  return counts;
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
        &self->ear_settings);
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
  self->ear.scene = (AgentEarScene){ hearer->interrupts,
    agent_ear_is_in_pause (&self->ear)
        ? agent_backend_get_completeness (self->host->backend)
        : TURN_WAIT_UNKNOWN };
  agent_ear_hear (&self->ear, samples, n, sound->pts, sound->gap, &heard);
  const gboolean ducks =
      heard.sounds && hearer->interrupts && self->ear.settings.confirm > 0;
  g_atomic_int_set (&self->ducks, ducks ? DUCK_FRAMES : 0);
  if (!heard.n && !heard.now.speaking)
    return FALSE;
  g_mutex_lock (self->lock);
  const gboolean on = is_heard_by_unlocked (self, hearer);
  *changed = on && take_heard_unlocked (self, &heard);
  const gboolean speaking =
      on && heard.now.speaking && !self->ignoring && !self->doubting;
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

static gboolean
decides_itself (GstVoiceAgentBackend *backend)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->held != NULL;
}

/* Who decides what an interruption is hears all of it; others are told of what is one. */
static gboolean
waits (GstVoiceAgentBackend *backend, const GstAiAgentTurn *turn)
{
  return turn->doubtful && !decides_itself (backend);
}

/* Who decides itself, and knows no second thoughts, keeps what is held until it says so. */
static gboolean
may_go_on (GstVoiceAgentBackend *backend)
{
  return !decides_itself (backend) ||
      GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->resumed;
}

static void
begin_turn (AgentSession *self, GstVoiceAgentBackend *backend,
    const GstAiAgentTurn *turn)
{
  if (waits (backend, turn)) {
    agent_host_hold (self->host, TRUE);
    return;
  }
  /* First the reason: nothing new is begun meanwhile. */
  if (agent_session_detects_turns (self))
    agent_backend_turn (backend, TRUE, turn->speech_start);
  if (self->barge_in != AGENT_BARGE_IN_ALLOW)
    return;
  if (decides_itself (backend))
    agent_host_hold (self->host, FALSE);
  else
    agent_host_cut (self->host, 0);
}

static void
confirm_turn (AgentSession *self, GstVoiceAgentBackend *backend,
    const GstAiAgentTurn *turn)
{
  if (!decides_itself (backend)) {
    agent_backend_turn (backend, TRUE, turn->speech_start);
    agent_host_cut (self->host, 0);
  } else if (turn->doubtful) { /* it goes on */
    agent_host_hold (self->host, FALSE);
  }
}

static void
reject_turn (AgentSession *self, GstVoiceAgentBackend *backend,
    const GstAiAgentTurn *turn)
{
  if (decides_itself (backend)) {
    agent_backend_rejected (backend, turn->speech_end);
    return;
  }
  agent_host_go_on (self->host, turn->ignored);
  if (!turn->ignored) {
    agent_backend_turn (backend, TRUE, turn->speech_start);
    agent_backend_turn (backend, FALSE, turn->speech_end);
  }
}

static void
leave_turn (AgentSession *self, GstVoiceAgentBackend *backend,
    const GstAiAgentTurn *turn)
{
  if (waits (backend, turn))
    agent_host_go_on (self->host, TRUE);
  else if (!turn->ignored)
    agent_backend_turn (backend, FALSE, turn->speech_end);
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
  const gboolean over =
      change == AGENT_TURN_ENDED || change == AGENT_TURN_REJECTED;

  if (over)
    note_decision (self, turn);
  if (over || change == AGENT_TURN_BEGAN || change == AGENT_TURN_LEFT)
    agent_report_turn (self->report, turn);
  switch (change) {
    case AGENT_TURN_BEGAN:
    case AGENT_TURN_COUNTS:
      if (!turn->ignored)
        begin_turn (self, backend, turn);
      break;
    case AGENT_TURN_CONFIRMED:
      confirm_turn (self, backend, turn);
      break;
    case AGENT_TURN_RESUMED:
      agent_backend_resumed (backend);
      if (may_go_on (backend))
        agent_host_go_on (self->host, FALSE);
      break;
    case AGENT_TURN_REJECTED:
      reject_turn (self, backend, turn);
      break;
    case AGENT_TURN_ENDED:
      if (!turn->ignored && agent_session_detects_turns (self))
        agent_backend_turn (backend, FALSE, turn->speech_end);
      break;
    case AGENT_TURN_LEFT:
      leave_turn (self, backend, turn);
      break;
  }
}
