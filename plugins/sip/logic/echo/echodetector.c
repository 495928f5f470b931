/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "echodetector.h"

#include <math.h>
#include <string.h>

#define LAGS ECHO_DETECTOR_LAGS
/* Of the newest piece. */
static const gfloat weights[ECHO_N_MEMORIES] = { 1 / 30.0f, 1 / 200.0f };
#define LOSS_WEIGHT (1 / 50.0f)
#define LOUD 15.0f /* dB above the floor */
/* So little of variation says nothing (dB², of all bands). */
#define LEAST_VARIANCE 2.0f

void
echo_detector_init (EchoDetector *self)
{
  memset (self, 0, sizeof *self);
}

static void
average (gfloat *mean, gfloat value, gfloat weight)
{
  *mean += weight * (value - *mean);
}

/* In both halves of a row. */
static void
put (gfloat *row, guint at, gfloat value)
{
  row[at] = row[at + LAGS] = value;
}

static void
add_sent (EchoDetector *self, const EnvelopeLevel *level)
{
  EchoSent *sent = &self->sent;
  const guint before = self->newest;
  const guint at = self->newest = (before + LAGS - 1) % LAGS;

  put (sent->all, at, level->all);
  for (guint b = 0; b < ENVELOPE_BANDS; b++) {
    const gfloat x = level->bands[b];
    put (sent->level[b], at, x);
    for (guint m = 0; m < ECHO_N_MEMORIES; m++) {
      gfloat mean = sent->mean[m][b][before];
      gfloat square = sent->square[m][b][before];
      average (&mean, x, weights[m]);
      average (&square, x * x, weights[m]);
      put (sent->mean[m][b], at, mean);
      put (sent->square[m][b], at, square);
    }
  }
}

static void
add_products (gfloat *product, const gfloat *sent, gfloat heard, gfloat weight)
{
  for (guint lag = 0; lag < LAGS; lag++)
    product[lag] += weight * (sent[lag] * heard - product[lag]);
}

static void
add_heard (EchoDetector *self, const EnvelopeLevel *level, guint m)
{
  EchoHeard *heard = &self->heard[m];

  for (guint b = 0; b < ENVELOPE_BANDS; b++) {
    const gfloat y = level->bands[b];
    average (&heard->mean[b], y, weights[m]);
    average (&heard->square[b], y * y, weights[m]);
    add_products (heard->product[b], self->sent.level[b] + self->newest, y,
        weights[m]);
  }
}

static void
add_loss (EchoDetector *self, gfloat heard)
{
  const gfloat *sent = self->sent.all + self->newest;

  for (guint lag = 0; lag < LAGS; lag++) {
    const gfloat weight = sent[lag] > LOUD ? LOSS_WEIGHT : 0;
    self->loss[lag] += weight * (sent[lag] - heard - self->loss[lag]);
    self->weight[lag] += weight * (1 - self->weight[lag]);
  }
}

void
echo_detector_push (EchoDetector *self, const EnvelopeLevel *sent,
    const EnvelopeLevel *heard)
{
  add_sent (self, sent);
  for (guint m = 0; m < ECHO_N_MEMORIES; m++)
    add_heard (self, heard, m);
  add_loss (self, heard->all);
}

/* The square of the correlation, 0 where that is negative. */
static gfloat
get_fit (const EchoDetector *self, EchoMemory m, guint lag)
{
  const EchoHeard *heard = &self->heard[m];
  const guint at = self->newest + lag;
  gfloat both = 0, one = 0, other = 0;

  for (guint b = 0; b < ENVELOPE_BANDS; b++) {
    const gfloat x = self->sent.mean[m][b][at], y = heard->mean[b];
    both += heard->product[b][lag] - x * y;
    one += self->sent.square[m][b][at] - x * x;
    other += heard->square[b] - y * y;
  }
  return both <= 0 || one < LEAST_VARIANCE || other < LEAST_VARIANCE
      ? 0
      : both * both / (one * other);
}

gfloat
echo_detector_correlate (const EchoDetector *self, EchoMemory memory, guint lag)
{
  return sqrtf (get_fit (self, memory, lag));
}

EchoMatch
echo_detector_find (const EchoDetector *self, EchoMemory memory)
{
  gfloat best = 0;
  guint at = 0;

  for (guint lag = 0; lag < LAGS; lag++) {
    const gfloat fit = get_fit (self, memory, lag);
    if (fit > best) {
      best = fit;
      at = lag;
    }
  }
  return (EchoMatch){ at, sqrtf (best),
    self->weight[at] > 0 ? self->loss[at] / self->weight[at] : 0 };
}

gfloat
echo_detector_get_loudest (const EchoDetector *self, guint from, guint to)
{
  gfloat loudest = 0;

  for (guint lag = from; lag <= MIN (to, LAGS - 1); lag++)
    loudest = MAX (loudest, self->sent.all[self->newest + lag]);
  return loudest;
}
