/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "pitchrepeater.h"

#include <math.h>
#include <string.h>

/* In 1/1000 s. A voice's pitch is 66 to 400 Hz. */
#define SHORTEST 5 / 2
#define LONGEST 15
#define WINDOW 15
#define HISTORY 40
#define ENTRY 5
#define EXIT 10
#define HOLD 10
#define FADED 50
/* Less alike than this is no voice: a short cycle would make it hum. */
#define MIN_LIKENESS 0.5f
/* The search for a pitch is done at about this rate (Hz), then refined. */
#define SEARCH_RATE 8000

#define SAMPLES(self, time) ((self)->rate * time / 1000)

PitchRepeater *
pitch_repeater_new (guint rate)
{
  PitchRepeater *self = g_new0 (PitchRepeater, 1);

  self->rate = rate;
  self->length = SAMPLES (self, HISTORY);
  self->history = g_new0 (gint16, self->length);
  self->cycle = g_new0 (gfloat, SAMPLES (self, LONGEST) + 1);
  self->period = 1;
  return self;
}

void
pitch_repeater_free (PitchRepeater *self)
{
  g_free (self->history);
  g_free (self->cycle);
  g_free (self);
}

static void
remember (PitchRepeater *self, const gint16 *samples, guint n)
{
  if (n > self->length) {
    samples += n - self->length;
    n = self->length;
  }
  memmove (self->history, self->history + n,
      (self->length - n) * sizeof *samples);
  memcpy (self->history + self->length - n, samples, n * sizeof *samples);
}

/* How much the end is like what was @lag before, -1 to 1; every @step-th sample. */
static gfloat
get_likeness (const PitchRepeater *self, guint lag, guint step)
{
  const gint16 *end = self->history + self->length;
  gfloat both = 0, now = 0, before = 0;

  for (guint i = 1; i <= SAMPLES (self, WINDOW); i += step) {
    const gfloat a = *(end - i), b = *(end - i - lag);
    both += a * b;
    now += a * a;
    before += b * b;
  }
  return both / (sqrtf (now * before) + 1);
}

/* The lag in @from..@to that fits best. */
static guint
search (const PitchRepeater *self, guint from, guint to, guint step,
    gfloat *likeness)
{
  guint best = to;

  *likeness = -1;
  for (guint lag = from; lag <= to; lag += step) {
    gfloat value = get_likeness (self, lag, step);
    if (value > *likeness) {
      *likeness = value;
      best = lag;
    }
  }
  return best;
}

static guint
find_period (const PitchRepeater *self)
{
  const guint shortest = SAMPLES (self, SHORTEST);
  const guint longest = SAMPLES (self, LONGEST);
  const guint step = MAX (self->rate / SEARCH_RATE, 1);
  gfloat likeness;
  guint period = search (self, shortest, longest, step, &likeness);

  if (likeness < MIN_LIKENESS)
    return longest;
  return search (self, MAX (period - step + 1, shortest),
      MIN (period + step - 1, longest), 1, &likeness);
}

/* The last cycle, whose end is led over to what stood before its begin, so that it
 * goes round without a step. */
static void
begin (PitchRepeater *self)
{
  const gint16 *end = self->history + self->length;

  self->period = find_period (self);
  const gint16 *cycle = end - self->period;
  const guint blend = self->period / 4;
  for (guint i = 0; i < self->period; i++)
    self->cycle[i] = cycle[i];
  for (guint i = 0; i < blend; i++) {
    const guint at = self->period - blend + i;
    const gfloat other = (gfloat) (i + 1) / (gfloat) blend;
    self->cycle[at] += other * (*(cycle - blend + i) - self->cycle[at]);
  }
  self->step = (gfloat) (*(end - 1) - *(cycle - 1));
  self->at = 0;
}

static gfloat
get_gain (const PitchRepeater *self)
{
  const gint hold = (gint) SAMPLES (self, HOLD);
  const gint faded = (gint) SAMPLES (self, FADED);
  const gint lost = (gint) self->lost;

  return lost < hold ? 1
                     : (gfloat) MAX (faded - lost, 0) / (gfloat) (faded - hold);
}

static gfloat
next (PitchRepeater *self)
{
  const guint entry = SAMPLES (self, ENTRY);
  gfloat value = self->cycle[self->at];

  if (self->lost < entry)
    value += self->step * (gfloat) (entry - self->lost) / (gfloat) entry;
  value *= get_gain (self);
  self->at = (self->at + 1) % self->period;
  self->lost++;
  return value;
}

static gint16
to_sample (gfloat value)
{
  return (gint16) CLAMP (lrintf (value), G_MININT16, G_MAXINT16);
}

void
pitch_repeater_hear (PitchRepeater *self, gint16 *samples, guint n)
{
  const guint blend = self->lost ? MIN (SAMPLES (self, EXIT), n) : 0;

  for (guint i = 0; i < blend; i++) {
    const gfloat good = (gfloat) (i + 1) / (gfloat) (blend + 1);
    samples[i] = to_sample (good * samples[i] + (1 - good) * next (self));
  }
  self->lost = 0;
  remember (self, samples, n);
}

void
pitch_repeater_fill (PitchRepeater *self, gint16 *samples, guint n)
{
  if (self->lost == 0)
    begin (self);
  for (guint i = 0; i < n; i++)
    samples[i] = to_sample (next (self));
  remember (self, samples, n);
}

void
pitch_repeater_forget (PitchRepeater *self)
{
  memset (self->history, 0, self->length * sizeof *self->history);
  self->lost = 0;
}
