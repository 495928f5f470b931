/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "voicing.h"

#include <math.h>
#include <string.h>

#define RATE 8000
#define HIGHEST 400 /* Hz */
#define LOWEST 65
#define FIRST_LAG (RATE / HIGHEST)
#define LAST_LAG (RATE / LOWEST)
#define COMPARED (VOICING_WINDOW - LAST_LAG)
#define VOICE 0.55 /* strength of most of what a voice makes, and no cough */
/* Of lags that fit nearly as well the shortest counts: the others are multiples. */
#define NEARLY 0.9

void
voicing_init (Voicing *self, guint rate)
{
  *self = (Voicing){ .step = MAX (rate / RATE, 1) };
}

/* Without a filter: what is above 4 kHz is weak in speech. */
void
voicing_push (Voicing *self, const gint16 *samples, guint n_samples)
{
  const guint n = MIN (n_samples / self->step, VOICING_WINDOW);

  memmove (self->last, self->last + n,
      (VOICING_WINDOW - n) * sizeof *self->last);
  for (guint i = 0; i < n; i++)
    self->last[VOICING_WINDOW - n + i] = samples[i * self->step];
}

static gdouble
correlate (const gint16 *a, const gint16 *b, gdouble power)
{
  gint64 product = 0, other = 0;

  for (guint i = 0; i < COMPARED; i++) {
    product += a[i] * b[i];
    other += b[i] * b[i];
  }
  return other ? (gdouble) product / sqrt (power * (gdouble) other) : 0;
}

/* The shortest lag that fits nearly as well as the best, at its top. */
static guint
find_lag (const gdouble *fits, gdouble best)
{
  guint lag = FIRST_LAG;

  while (lag < LAST_LAG &&
      (fits[lag] < NEARLY * best || fits[lag + 1] > fits[lag]))
    lag++;
  return lag;
}

void
voicing_measure (const Voicing *self, VoicingResult *result)
{
  const gint16 *now = self->last + LAST_LAG;
  gdouble fits[LAST_LAG + 1], best = 0;
  gint64 power = 0;

  *result = (VoicingResult){ 0 };
  for (guint i = 0; i < COMPARED; i++)
    power += now[i] * now[i];
  if (!power)
    return;
  for (guint lag = FIRST_LAG; lag <= LAST_LAG; lag++) {
    fits[lag] = correlate (now, now - lag, (gdouble) power);
    best = MAX (best, fits[lag]);
  }
  result->strength = MIN (best, 1);
  result->pitch = (gdouble) RATE / find_lag (fits, best);
}

gboolean
voicing_is_voice (const VoicingResult *self)
{
  return self->strength >= VOICE;
}
