/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "envelope.h"

#include <math.h>

#define LOW 500.0 /* Hz */
#define MIDDLE 1500.0
/* Of a full scale square wave (0 dBov). */
#define FULL (32768.0f * 32768.0f)

void
envelope_init (Envelope *self, guint rate)
{
  *self = (Envelope){ .low = (gfloat) (1 - exp (-2 * G_PI * LOW / rate)),
    .middle = (gfloat) (1 - exp (-2 * G_PI * MIDDLE / rate)) };
}

/* @power: of @n samples. */
static gfloat
to_level (gfloat power, guint n)
{
  const gfloat level = 10 * log10f (power / ((gfloat) n * FULL) + 1e-12f);

  return MAX (level - ENVELOPE_FLOOR, 0);
}

EnvelopeLevel
envelope_push (Envelope *self, const gint16 *samples, guint n)
{
  gfloat all = 0, low = 0, middle = 0, high = 0;
  gfloat below = self->below, between = self->between;

  for (guint i = 0; i < n; i++) {
    const gfloat x = samples[i];
    below += self->low * (x - below);
    between += self->middle * (x - between);
    all += x * x;
    low += below * below;
    middle += (between - below) * (between - below);
    high += (x - between) * (x - between);
  }
  self->below = below;
  self->between = between;
  return (EnvelopeLevel){ to_level (all, n),
    { to_level (low, n), to_level (middle, n), to_level (high, n) } };
}

gfloat
envelope_measure (const gint16 *samples, guint n)
{
  gfloat power = 0;

  for (guint i = 0; i < n; i++)
    power += (gfloat) samples[i] * samples[i];
  return to_level (power, n);
}
