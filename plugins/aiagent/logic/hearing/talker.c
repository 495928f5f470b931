/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "talker.h"

#include <math.h>

/* tests/speech/run-background has chosen these, with half of its voices and noises. */
typedef struct
{
  gdouble begins,
      goes_on; /* dB below the caller, at most, that do so to a turn */
} Limits;

static const Limits alone = { 10, 16 }, among_others = { 6, 12 };

#define TRAILING 12 /* windows that it goes on after what might have begun it */
#define QUIETER 6 /* windows in a row that are no more the caller's */
#define OTHERS 8 /* windows that show that others speak */
#define FORGET 0.999 /* of them, each window: within half a minute */
#define LEARNT 10 /* windows that say how loud a turn is */
#define DOWN 0.2 /* of the way, each turn */

void
talker_init (Talker *self)
{
  *self = (Talker){ .level = TALKER_UNKNOWN, .before = TALKER_UNKNOWN };
}

static gdouble
get_power (const gint16 *samples, guint n)
{
  guint64 sum = 1;

  for (guint i = 0; i < n; i++)
    sum += (guint64) (samples[i] * samples[i]);
  return (gdouble) sum / n / (32768.0 * 32768.0);
}

static gboolean
is_among_others (const Talker *self)
{
  return self->others > OTHERS;
}

/* Whoever is louder is the caller, and the one before was not; who is quieter may be the
 * caller who has turned away, and is believed by and by. */
static void
learn (Talker *self, gdouble power)
{
  self->power += power;
  if (++self->windows < LEARNT)
    return;
  const gdouble level = 10 * log10 (self->power / self->windows);
  if (level > self->before)
    self->level = level;
  else if (!is_among_others (self))
    self->level = self->before + DOWN * (level - self->before);
}

static void
end_turn (Talker *self)
{
  self->before = self->level;
  self->power = 0;
  self->windows = 0;
}

/* In a turn, what is quieter for a short time is the end of a word. */
static void
note_others (Talker *self, gdouble below, gboolean in_turn)
{
  self->since_loud = below < among_others.begins ? 0 : self->since_loud + 1;
  if (self->level > TALKER_UNKNOWN &&
      self->since_loud > (in_turn ? QUIETER : 0))
    self->others++;
}

static gboolean
is_callers (Talker *self, gdouble power, gboolean in_turn)
{
  const Limits *limits = is_among_others (self) ? &among_others : &alone;
  const gdouble below = self->level - 10 * log10 (power);
  const gboolean goes_on = in_turn && below < limits->goes_on;

  if (below < limits->begins)
    self->since_begun = 0;
  note_others (self, below, in_turn);
  if (goes_on)
    learn (self, power);
  return below < limits->begins || (goes_on && self->since_begun < TRAILING);
}

gboolean
talker_push (Talker *self, const gint16 *samples, guint n, gboolean speech,
    gboolean in_turn)
{
  if (!in_turn && self->windows > 0)
    end_turn (self);
  self->others *= FORGET;
  self->since_begun++;
  return speech && is_callers (self, get_power (samples, n), in_turn);
}
