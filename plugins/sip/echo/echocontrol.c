/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "echocontrol.h"

#include "echocanceller.h"
#include "sip/logic/echo/echodetector.h"
#include "sip/logic/echo/echogate.h"
#include "sip/logic/echo/sentaudio.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define PIECE (10 * MS)
#define MAX_PIECE 160 /* samples */
/* There is no echo of what was sent before that. */
#define QUIET (700 * MS)
/* What leaves counts as leaving in time unless it is so far off. */
#define MAX_OFF (40 * MS)
/* The least delay: what leaves while a frame comes is not known yet when that is here. */
#define LEAST_DELAY (20 * MS)
#define LOUD 17.0f /* dB above the floor */

/* tests/speech/run-echo has chosen these, with half of its voices. */
#define LIKE_NOW 0.75f
#define LIKE_OF_LATE 0.6f
#define LEAST_LOSS 4.0f /* dB */
#define SAME 3 /* pieces */
#define UNLIKE 0.35f
#define DOUBTS 1000 /* pieces of what was sent */
/* The first words of a call have an echo before that is known: what begins behind them, and is
 * quieter, is taken for one as long as this, in pieces. */
#define FIRST_WORDS 50
#define RESIDUAL_WEIGHT 0.02f
/* Its echo, in pieces, is at most so much before or behind the delay that was found. */
#define BEFORE 1
#define BEHIND 3
/* Pieces in which the canceller still gives what it held when it last stopped. */
#define STALE 2

struct _EchoControl
{
  guint rate;
  guint n; /* samples in a piece */
  SentAudio sent;
  gint64 shift; /* of what is sent, from being due to leaving */
  gint64 loud_at; /* when what was sent was loud last, -1 = never */

  Envelope sent_envelope, heard_envelope;
  EchoDetector detector;
  EchoGate gate;
  EchoCanceller *canceller; /* NULL: there is no echo */
  EchoMatch echo; /* if there is */
  guint doubts; /* pieces since it was like one */
  gfloat residual;
  guint first; /* pieces that are left of the first words */
  gfloat before; /* how loud what came was before them */

  gint16 held[ECHO_CANCELLER_DELAY]; /* what came before */
  gfloat part; /* of what is worked on in the last sample, 0 or 1 */
  guint stale;
};

EchoControl *
echo_control_new (guint rate)
{
  EchoControl *self = g_new0 (EchoControl, 1);

  self->rate = rate;
  self->n = rate / 100;
  self->loud_at = -1;
  sent_audio_init (&self->sent, rate);
  envelope_init (&self->sent_envelope, rate);
  envelope_init (&self->heard_envelope, rate);
  echo_detector_init (&self->detector);
  echo_gate_init (&self->gate);
  self->first = FIRST_WORDS;
  return self;
}

void
echo_control_free (EchoControl *self)
{
  g_clear_pointer (&self->canceller, echo_canceller_free);
  sent_audio_clear (&self->sent);
  g_free (self);
}

guint
echo_control_get_rate (const EchoControl *self)
{
  return self->rate;
}

/* The far end plays by RTP time, however evenly it leaves. */
void
echo_control_send (EchoControl *self, const gint16 *samples, guint n,
    gint64 due, gint64 now)
{
  if (self->loud_at < 0 || ABS (now - due - self->shift) > MAX_OFF)
    self->shift = now - due;
  sent_audio_put (&self->sent, samples, n, due + self->shift);
  if (envelope_measure (samples, n) > LOUD)
    self->loud_at = due + self->shift;
}

/* ---- Whether there is an echo */

static void
begin (EchoControl *self, const EchoMatch *match)
{
  self->canceller = echo_canceller_new (self->rate);
  self->echo = *match;
  self->doubts = 0;
  self->residual = 0;
  self->stale = STALE;
  echo_gate_reset (&self->gate);
}

static void
look_for_echo (EchoControl *self)
{
  const EchoMatch now = echo_detector_find (&self->detector, ECHO_NOW);

  if (now.correlation < LIKE_NOW || now.loss < LEAST_LOSS)
    return;
  const EchoMatch late = echo_detector_find (&self->detector, ECHO_OF_LATE);
  if (late.correlation > LIKE_OF_LATE && now.lag <= late.lag + SAME &&
      late.lag <= now.lag + SAME)
    begin (self, &now);
}

/* A far end moves, or its buffer does; or whoever was on the table is at an ear again. */
static void
follow_echo (EchoControl *self)
{
  const EchoMatch late = echo_detector_find (&self->detector, ECHO_OF_LATE);

  if (late.correlation > LIKE_OF_LATE) {
    if (late.lag + SAME <= self->echo.lag || self->echo.lag + SAME <= late.lag)
      self->echo.lag = late.lag;
    self->echo.loss = late.loss;
  }
  self->doubts = late.correlation < UNLIKE ? self->doubts + 2 : 0;
}

/* ---- 10 ms */

/* What came, as late as the canceller gives it. */
static void
delay (EchoControl *self, const gint16 *samples, gint16 *delayed)
{
  gint16 line[ECHO_CANCELLER_DELAY + MAX_PIECE];

  memcpy (line, self->held, sizeof self->held);
  memcpy (line + ECHO_CANCELLER_DELAY, samples, self->n * sizeof *samples);
  memcpy (delayed, line, self->n * sizeof *samples);
  memcpy (self->held, line + self->n, sizeof self->held);
}

static void
cancel (EchoControl *self, gint16 *samples, gint64 time)
{
  const gint64 delay_found = LEAST_DELAY + self->echo.lag * PIECE;
  gint16 sent[MAX_PIECE];

  sent_audio_get (&self->sent,
      time - MAX (delay_found - ECHO_CANCELLER_LEAD, LEAST_DELAY), sent,
      self->n);
  echo_canceller_process (self->canceller, sent, samples);
}

static EchoPiece
measure (const EchoControl *self, gfloat heard, const gint16 *cleaned)
{
  const guint lag = self->echo.lag;
  const gfloat sent = echo_detector_get_loudest (&self->detector,
      lag > BEFORE ? lag - BEFORE : 0, lag + BEHIND);

  return (EchoPiece){ .echo = sent - self->echo.loss,
    .heard = heard,
    .left = envelope_measure (cleaned, self->n),
    .correlation = echo_detector_correlate (&self->detector, ECHO_NOW, lag) };
}

static void
note_residual (EchoControl *self, const EchoPiece *piece, const gint16 *cleaned)
{
  if (piece->echo > 0 && !self->gate.open)
    self->residual += RESIDUAL_WEIGHT *
        (envelope_measure (cleaned, self->n) - self->residual);
}

static void
clean (EchoControl *self, gint16 *samples, gint64 time, gfloat heard)
{
  gint16 delayed[MAX_PIECE];

  delay (self, samples, delayed);
  cancel (self, samples, time);
  if (self->stale) {
    memcpy (samples, delayed, self->n * sizeof *samples);
    self->stale--;
  }
  const EchoPiece piece = measure (self, heard, samples);
  const EchoVerdict verdict = echo_gate_judge (&self->gate, &piece);
  echo_gate_apply (&self->gate, &verdict, delayed, samples, self->n);
  note_residual (self, &piece, samples);
}

/* From what came to what is worked on, which is later, or back. */
static void
fade (EchoControl *self, gfloat part, const gint16 *raw, gint16 *samples)
{
  const gfloat step = (part - self->part) / (gfloat) self->n;

  if (part >= 1 && self->part >= 1)
    return;
  for (guint i = 0; i < self->n; i++) {
    const gfloat came = raw[i], cleaned = samples[i];
    self->part += step;
    samples[i] = (gint16) (came + self->part * (cleaned - came));
  }
  self->part = part;
}

/* TRUE: it may be the echo of the first words, and nothing else. */
static gboolean
is_suspect (EchoControl *self, gfloat heard)
{
  if (self->first == 0 || heard < LOUD)
    return FALSE;
  const gfloat sent =
      echo_detector_get_loudest (&self->detector, 0, ECHO_DETECTOR_LAGS - 1);
  if (self->before > LOUD || heard > sent - LEAST_LOSS)
    self->first = 0; /* somebody speaks, or it is a mirror */
  return self->first > 0;
}

/* There is no canceller. TRUE: it is changed. */
static gboolean
guard (EchoControl *self, gint16 *samples, gfloat heard)
{
  const gboolean suspect = is_suspect (self, heard);

  self->first -= MIN (self->first, 1);
  if (!suspect && self->gate.gain >= 1)
    return FALSE;
  echo_gate_apply (&self->gate, suspect ? &echo_gate_closed : &echo_gate_opened,
      samples, samples, self->n);
  return TRUE;
}

/* TRUE: it is changed. */
static gboolean
hear_piece (EchoControl *self, gint16 *samples, gint64 time, gboolean works)
{
  gint16 sent[MAX_PIECE], raw[MAX_PIECE];

  sent_audio_get (&self->sent, time - LEAST_DELAY, sent, self->n);
  const EnvelopeLevel out = envelope_push (&self->sent_envelope, sent, self->n);
  const EnvelopeLevel in =
      envelope_push (&self->heard_envelope, samples, self->n);
  echo_detector_push (&self->detector, &out, &in);
  if (!self->canceller)
    return guard (self, samples, in.all);
  memcpy (raw, samples, self->n * sizeof *raw);
  clean (self, samples, time, in.all);
  fade (self, works ? 1 : 0, raw, samples);
  return TRUE;
}

/* ---- 20 ms */

/* Nothing comes that could be an echo. */
static void
pass (EchoControl *self, const gint16 *samples)
{
  memcpy (self->held, samples + 2 * self->n - ECHO_CANCELLER_DELAY,
      sizeof self->held);
  self->stale = STALE;
  if (self->first == FIRST_WORDS)
    self->before = envelope_measure (samples, 2 * self->n);
}

gboolean
echo_control_hear (EchoControl *self, gint16 *samples, gint64 time)
{
  const gboolean is_due = self->loud_at >= 0 && time - self->loud_at <= QUIET;
  const gboolean works = is_due && self->doubts <= DOUBTS;

  if (!is_due && self->part <= 0) {
    pass (self, samples);
    return FALSE;
  }
  if (!works && self->part <= 0)
    g_clear_pointer (&self->canceller, echo_canceller_free);
  gboolean changed = FALSE;
  if (!self->canceller)
    pass (self, samples);
  for (guint i = 0; i < 2; i++)
    changed |=
        hear_piece (self, samples + i * self->n, time + i * PIECE, works);
  if (self->canceller)
    follow_echo (self);
  else
    look_for_echo (self);
  return changed;
}

void
echo_control_get_stats (const EchoControl *self, EchoControlStats *stats)
{
  *stats = (EchoControlStats){ 0 };
  if (!self || !self->canceller)
    return;
  stats->delay = LEAST_DELAY + self->echo.lag * PIECE;
  stats->reduction = self->gate.reached;
  stats->residual = self->residual + ENVELOPE_FLOOR;
}
