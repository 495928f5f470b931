/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentear.h"

#define PIECE (10 * GST_MSECOND) /* of the detector of turns */

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
    guint silence, guint min_speech)
{
  const GstVoiceFormat from = { GST_VOICE_S16, rate };
  const GstVoiceFormat to = { GST_VOICE_S16, kind->choose_rate (rate) };

  forget (self);
  self->kind = kind;
  self->vad_rate = to.rate;
  self->vad = kind->create (to.rate, kind->model);
  if (to.rate != rate)
    self->converter = gst_voice_converter_new (&from, &to);
  talker_init (&self->talker);
  turn_detector_init (&self->detector, silence, min_speech);
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
    .onset = (GstClockTime) self->detector.onset,
    .last_speech = (GstClockTime) last_speech,
    .end = (GstClockTime) speech_end_get (&self->speech_end, last_speech),
  };
}

static void
push_piece (AgentEar *self, gboolean speech, const gint16 *samples,
    AgentEarHeard *heard)
{
  const GstClockTime time = self->base;
  const TurnEvent event =
      turn_detector_push (&self->detector, speech, (gint64) time);

  if (event == TURN_STARTED)
    speech_end_begin (&self->speech_end, (gint64) (time + PIECE));
  speech_end_push (&self->speech_end, samples, self->vad_rate / 100,
      (gint64) time, self->detector.speaking);
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
}

void
agent_ear_finish (AgentEar *self)
{
  turn_detector_finish (&self->detector);
  g_byte_array_set_size (self->input, 0);
  self->judged = 0;
}

void
agent_ear_move_back (AgentEar *self, GstClockTime by)
{
  turn_detector_move_back (&self->detector, (gint64) by);
  self->speech_end.last = MAX (self->speech_end.last - (gint64) by, 0);
}
