/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "echogate.h"

/* tests/speech/run-echo has chosen these, with half of its voices. Levels in dB. */
#define MARGIN 10
/* Nothing but the echo is heard, whatever the canceller makes of it ... */
#define SURE 0.85f
/* ... unless it is so much louder than an echo. */
#define MUCH_LOUDER 8
#define HOLD 8
/* The caller is so much louder than the echo: nothing of it is, or all, as it came. */
#define RAW_BEGINS 0
#define RAW_ALL 3
/* What a canceller takes out that has learnt; before that nobody knows the echo well. */
#define LEARNT 6
#define MOST_REACHED 40
#define LEARN 0.05f
#define FORGET 0.002f

const EchoVerdict echo_gate_opened = { 1, 0 };
const EchoVerdict echo_gate_closed = { 0.03f, 0 }; /* -30 dB */

void
echo_gate_init (EchoGate *self)
{
  *self = (EchoGate){ .gain = 1 };
}

void
echo_gate_reset (EchoGate *self)
{
  self->reached = 0;
  self->open = 0;
}

static gboolean
is_caller (const EchoGate *self, const EchoPiece *piece)
{
  const gfloat rest = MAX (piece->echo - self->reached, 0);

  if (piece->left <= rest + MARGIN)
    return FALSE;
  return piece->correlation < SURE || piece->heard > piece->echo + MUCH_LOUDER;
}

static void
learn (EchoGate *self, const EchoPiece *piece)
{
  const gfloat now = CLAMP (piece->heard - piece->left, 0, MOST_REACHED);

  self->reached +=
      (now > self->reached ? LEARN : FORGET) * (now - self->reached);
}

EchoVerdict
echo_gate_judge (EchoGate *self, const EchoPiece *piece)
{
  const gfloat louder = piece->heard - piece->echo;
  const gfloat raw = (louder - RAW_BEGINS) / (RAW_ALL - RAW_BEGINS);

  if (is_caller (self, piece))
    self->open = HOLD;
  else if (self->open)
    self->open--;
  if (!self->open && piece->echo > MARGIN)
    learn (self, piece);
  if (!self->open && piece->echo > 0)
    return echo_gate_closed;
  return (EchoVerdict){ 1, self->reached < LEARNT ? 0 : CLAMP (raw, 0, 1) };
}

void
echo_gate_apply (EchoGate *self, const EchoVerdict *verdict, const gint16 *raw,
    gint16 *samples, guint n)
{
  const gfloat gain_step = (verdict->gain - self->gain) / (gfloat) n;
  const gfloat raw_step = (verdict->raw - self->raw) / (gfloat) n;

  for (guint i = 0; i < n; i++) {
    const gfloat cleaned = samples[i], came = raw[i];
    self->gain += gain_step;
    self->raw += raw_step;
    samples[i] =
        (gint16) (self->gain * (cleaned + self->raw * (came - cleaned)));
  }
  self->gain = verdict->gain;
  self->raw = verdict->raw;
}
