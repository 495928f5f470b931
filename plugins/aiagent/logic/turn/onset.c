/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "onset.h"

#include <math.h>

#define ABOVE_NOISE 10.0 /* dB */
#define BELOW_CALLER 16.0 /* dB */
#define FIRST_FLOOR -60.0 /* dBov, until more is known */
#define UP 0.1 /* dB a piece: what goes on for seconds is noise */
#define RECENT 0x7u /* of the last 30 ms ... */
#define BEGINS 2 /* ... so many pieces */
#define MORE_THAN_CLICK 8 /* loud pieces of the window */
#define MOMENT 30 /* pieces */
#define WINDOW_MASK ((1u << ONSET_WINDOW) - 1)

void
onset_init (Onset *self)
{
  *self = (Onset){ .floor = FIRST_FLOOR };
}

gdouble
onset_measure (const gint16 *samples, guint n)
{
  guint64 sum = 1;

  for (guint i = 0; i < n; i++)
    sum += (guint64) (samples[i] * samples[i]);
  return 10 * log10 ((gdouble) sum / MAX (n, 1) / (32768.0 * 32768.0));
}

static gboolean
is_loud (const Onset *self, gdouble level, gdouble caller)
{
  return level > ONSET_QUIET && level > self->floor + ABOVE_NOISE &&
      (caller < ONSET_UNKNOWN || level > caller - BELOW_CALLER);
}

gboolean
onset_push (Onset *self, gdouble level, gdouble caller)
{
  const gboolean loud = is_loud (self, level, caller);

  self->floor = MIN (level, self->floor + UP);
  self->window = ((self->window << 1) | loud) & WINDOW_MASK;
  if (!self->window)
    self->loud = FALSE;
  else if (__builtin_popcount (self->window & RECENT) >= BEGINS)
    self->loud = TRUE;
  self->lasted = self->loud ? self->lasted + 1 : 0;
  return loud;
}

gboolean
onset_is_new (const Onset *self)
{
  return self->lasted <= MOMENT &&
      __builtin_popcount (self->window) >= MORE_THAN_CLICK;
}
