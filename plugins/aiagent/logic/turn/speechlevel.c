/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "speechlevel.h"

#include <math.h>

#define N_THRESHOLDS 15 /* 2^0 to 2^14 */
#define TIME_CONSTANT 0.03 /* s, of the envelope */
#define HANGOVER 0.2 /* s */
#define MARGIN 15.9 /* dB between active level and threshold */

/* For how many samples the envelope is at a threshold, or was within the hangover. */
static gdouble
count_active (const gint16 *samples, gsize n, guint rate,
    guint64 active[N_THRESHOLDS])
{
  const gdouble g = exp (-1 / (rate * TIME_CONSTANT));
  const guint hangover = (guint) (rate * HANGOVER);
  guint since[N_THRESHOLDS];
  gdouble p = 0, q = 0, energy = 0;

  for (guint j = 0; j < N_THRESHOLDS; j++) {
    active[j] = 0;
    since[j] = hangover;
  }
  for (gsize i = 0; i < n; i++) {
    energy += (gdouble) samples[i] * samples[i];
    p = g * p + (1 - g) * ABS (samples[i]);
    q = g * q + (1 - g) * p;
    for (guint j = 0; j < N_THRESHOLDS; j++) {
      since[j] = q >= (1 << j) ? 0 : MIN (since[j] + 1, hangover);
      active[j] += since[j] < hangover;
    }
  }
  return energy;
}

static gdouble
decibel (gdouble power)
{
  return 10 * log10 (power / (32768.0 * 32768.0));
}

/* Where the level of what is active at a threshold is MARGIN above that threshold: the
 * straight line between the two thresholds around it. */
gdouble
speech_level_measure (const gint16 *samples, gsize n, guint rate)
{
  guint64 active[N_THRESHOLDS];
  gdouble energy = count_active (samples, n, rate, active);
  gdouble last = 0, last_over = 0;

  for (guint j = 0; j < N_THRESHOLDS && active[j]; j++) {
    gdouble level = decibel (energy / (gdouble) active[j]);
    gdouble over = level - decibel (pow (4, j)) - MARGIN;
    if (over <= 0)
      return j ? last + (level - last) * last_over / (last_over - over) : level;
    last = level;
    last_over = over;
  }
  return energy > 0 && last_over > 0 ? last : SPEECH_LEVEL_NONE;
}

gdouble
speech_level_get_gain (const gint16 *samples, gsize n, guint rate,
    gdouble level)
{
  gdouble own = speech_level_measure (samples, n, rate);

  return own > SPEECH_LEVEL_NONE ? pow (10, (level - own) / 20) : 1;
}
