/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentear.h"

#define PIECE (10 * GST_MSECOND) /* of the detector of turns */
#define PAUSE 0x3u /* pieces without speech */
#define SHORTEST 20 /* ms without speech that may end a turn */

void
agent_ear_init (AgentEar *self)
{
  *self = (AgentEar){ .input = g_byte_array_new () };
}

static void
forget (AgentEar *self)
{
  if (self->vad)
    self->kind->destroy (g_steal_pointer (&self->vad));
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_set_size (self->input, 0);
  self->judged = 0;
}

void
agent_ear_clear (AgentEar *self)
{
  forget (self);
  g_clear_pointer (&self->input, g_byte_array_unref);
}

void
agent_ear_begin (AgentEar *self, const AgentVad *kind, guint rate,
    const AgentEarSettings *settings)
{
  const GstVoiceFormat from = { GST_VOICE_S16, rate };
  const GstVoiceFormat to = { GST_VOICE_S16, kind->choose_rate (rate) };

  forget (self);
  self->kind = kind;
  self->vad_rate = to.rate;
  self->vad = kind->create (to.rate, kind->model);
  if (to.rate != rate)
    self->converter = gst_voice_converter_new (&from, &to);
  self->settings = *settings;
  self->scene = (AgentEarScene){ .complete = TURN_WAIT_UNKNOWN };
  talker_init (&self->talker);
  onset_init (&self->onset);
  voicing_init (&self->voicing, to.rate);
  turn_detector_init (&self->detector, settings->end_max, settings->min_speech);
  turn_wait_init (&self->wait, settings->end_min, settings->end_max);
  barge_in_forget (&self->barge_in);
  speech_end_init (&self->speech_end);
}

/* Sets base so that it is the time of the first byte of input. */
static void
add_input (AgentEar *self, const gint16 *samples, guint n, GstClockTime pts)
{
  const GstClockTime left = gst_util_uint64_scale_int (self->input->len / 2,
      GST_SECOND, (gint) self->vad_rate);

  self->base = pts > left ? pts - left : 0;
  if (self->converter)
    gst_voice_converter_process (self->converter, samples, n * 2, self->input);
  else
    g_byte_array_append (self->input, (const guint8 *) samples, n * 2);
}

static AgentEarTurn
get_turn (const AgentEar *self, TurnEvent event)
{
  const gint64 last_speech = self->detector.last_speech;

  return (AgentEarTurn){
    .event = event,
    .speaking = self->detector.speaking,
    .doubtful = self->barge_in.doubting,
    .onset = (GstClockTime) self->detector.onset,
    .last_speech = (GstClockTime) last_speech,
    .end = (GstClockTime) speech_end_get (&self->speech_end, last_speech),
  };
}

/* From the end of the last sound, which what decides about speech hears longer. */
static void
set_silence (AgentEar *self)
{
  const gint64 held_on = self->detector.last_speech -
      speech_end_get (&self->speech_end, self->detector.last_speech);
  const gint wait = (gint) turn_wait_get (&self->wait, self->scene.complete) -
      (gint) (held_on / GST_MSECOND);

  turn_detector_set_silence (&self->detector, (guint) MAX (wait, SHORTEST));
}

static void
begin_turn (AgentEar *self)
{
  turn_wait_begin (&self->wait);
  speech_end_begin (&self->speech_end, (gint64) (self->base + PIECE));
  if (self->scene.agent_speaks && self->settings.confirm)
    barge_in_begin (&self->barge_in, self->detector.onset,
        self->settings.confirm * GST_MSECOND);
}

/* In a turn: how the next piece sounds. */
static void
measure (AgentEar *self, gdouble level)
{
  VoicingResult voicing = { 0 };

  if (level > ONSET_QUIET)
    voicing_measure (&self->voicing, &voicing);
  self->voiced = voicing_is_voice (&voicing);
  if (self->voiced)
    turn_wait_push (&self->wait, voicing.pitch, level);
}

/* What a turn that began into the agent's words turns out to be. */
static TurnEvent
judge_barge_in (AgentEar *self, TurnEvent event)
{
  const gint64 time = (gint64) self->base;
  /* Its last sound is in this piece. */
  const gboolean sounds = self->speech_end.last > time;

  if (event == TURN_ENDED && self->barge_in.doubting) {
    barge_in_forget (&self->barge_in);
    return TURN_REJECTED;
  }
  switch (barge_in_push (&self->barge_in, sounds, self->voiced, time)) {
    case BARGE_IN_CONFIRMED:
      return TURN_CONFIRMED;
    case BARGE_IN_RESUMED:
      return TURN_RESUMED;
    case BARGE_IN_REJECTED:
      turn_detector_finish (&self->detector);
      return TURN_REJECTED;
    default:
      return event;
  }
}

/* Who speaks into the agent's words is to be noticed soon. */
static TurnEvent
detect (AgentEar *self, gboolean speech)
{
  const gint64 time = (gint64) self->base;
  const TurnEvent event = turn_detector_push (&self->detector, speech, time);

  if (event == TURN_NOTHING && self->scene.agent_speaks &&
      self->settings.confirm && onset_is_new (&self->onset))
    return turn_detector_hurry (&self->detector, time);
  return event;
}

static void
push_piece (AgentEar *self, gboolean speech, const gint16 *samples,
    AgentEarHeard *heard)
{
  const guint n = self->vad_rate / 100;
  const gdouble level = onset_measure (samples, n);

  onset_push (&self->onset, level, self->talker.level);
  voicing_push (&self->voicing, samples, n);
  if (self->detector.speaking) {
    set_silence (self);
    measure (self, level);
  }
  TurnEvent event = detect (self, speech);
  if (event == TURN_STARTED)
    begin_turn (self);
  speech_end_push (&self->speech_end, samples, n, (gint64) self->base,
      self->detector.speaking);
  if (event != TURN_STARTED)
    event = judge_barge_in (self, event);
  if (event != TURN_NOTHING && heard->n < AGENT_EAR_MAX_EVENTS)
    heard->events[heard->n++] = get_turn (self, event);
}

static const gint16 *
samples_at (const AgentEar *self, gsize byte)
{
  return (const gint16 *) (gconstpointer) (self->input->data + byte);
}

static gboolean
judge (AgentEar *self, const gint16 *samples)
{
  const gdouble p = self->kind->judge (self->vad, samples);
  const gboolean speaking = self->detector.speaking;
  const gboolean speech =
      p >= (speaking ? AGENT_VAD_GOES_ON : AGENT_VAD_SPEECH);

  return self->kind->sure
      ? talker_push (&self->talker, samples,
            self->vad_rate * self->kind->window / 1000, speech, speaking)
      : speech;
}

void
agent_ear_hear (AgentEar *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap, AgentEarHeard *heard)
{
  const gsize piece = self->vad_rate / 100 * sizeof *samples;
  const gsize window = self->vad_rate * self->kind->window / 1000 * 2;
  gsize at = 0;

  *heard = (AgentEarHeard){ .n = 0 };
  add_input (self, samples, n_samples, pts);
  while (self->judged + window <= self->input->len) {
    /* Silence goes to the detector, too: it compares with what was before. */
    const gboolean speech = judge (self, samples_at (self, self->judged));
    self->judged += window;
    for (; at + piece <= self->judged; at += piece, self->base += PIECE)
      push_piece (self, speech && !gap, samples_at (self, at), heard);
  }
  if (at > 0)
    g_byte_array_remove_range (self->input, 0, (guint) at);
  self->judged -= at;
  heard->now = get_turn (self, TURN_NOTHING);
  heard->sounds = self->onset.loud;
}

gboolean
agent_ear_is_in_pause (const AgentEar *self)
{
  return self->detector.speaking && !(self->detector.window & PAUSE);
}

void
agent_ear_finish (AgentEar *self)
{
  turn_detector_finish (&self->detector);
  barge_in_forget (&self->barge_in);
  g_byte_array_set_size (self->input, 0);
  self->judged = 0;
}

void
agent_ear_move_back (AgentEar *self, GstClockTime by)
{
  turn_detector_move_back (&self->detector, (gint64) by);
  barge_in_move_back (&self->barge_in, (gint64) by);
  self->speech_end.last = MAX (self->speech_end.last - (gint64) by, 0);
}
