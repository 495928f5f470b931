/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "noisegate.h"

#include <math.h>

#define QUIETEST -75.0 /* dBov: nothing is quieter */
#define ABOVE 4.0 /* dB that open it */
#define HANG_OVER 500 /* ms */
#define DOWN 0.5 /* of the way, each window */
#define UP 0.06 /* ... and at most so many dB */

void
noise_gate_init (NoiseGate *self)
{
  *self = (NoiseGate){ QUIETEST, 0 };
}

static gdouble
get_level (const gint16 *samples, guint n)
{
  guint64 sum = 1;

  for (guint i = 0; i < n; i++)
    sum += (guint64) (samples[i] * samples[i]);
  return 10 * log10 ((gdouble) sum / n / (32768.0 * 32768.0));
}

static void
follow (NoiseGate *self, gdouble level)
{
  const gdouble above = level - self->floor;

  self->floor += above < 0 ? DOWN * above : MIN (UP * above, UP);
  self->floor = MAX (self->floor, QUIETEST);
}

gboolean
noise_gate_push (NoiseGate *self, const gint16 *samples, guint n)
{
  const gdouble level = get_level (samples, n);

  if (level > self->floor + ABOVE)
    self->open = HANG_OVER / NOISE_GATE_WINDOW_MS;
  else if (self->open > 0)
    self->open--;
  follow (self, level);
  return self->open > 0;
}
