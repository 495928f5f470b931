/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <math.h>

/* What rises and falls as speech does: syllables of 60 to 260 ms, each of its own loudness and
 * brightness, with pauses between some. Another @seed is another talker, the same one says
 * the same. @level: amplitude of the loudest. */

static inline gdouble
synthetic_random (guint32 *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) / 16777216.0;
}

static inline void
synthetic_speech (gint16 *samples, gsize n, guint rate, guint32 seed,
    gdouble level)
{
  gdouble low = 0;

  for (gsize at = 0; at < n;) {
    const gsize length =
        (gsize) (rate * (0.06 + 0.2 * synthetic_random (&seed)));
    const gboolean pause = synthetic_random (&seed) < 0.25;
    const gdouble loud = pause ? 0 : pow (10, -synthetic_random (&seed));
    const gdouble bright = synthetic_random (&seed);
    for (gsize i = 0; i < length && at < n; i++, at++) {
      const gdouble noise = 2 * synthetic_random (&seed) - 1;
      low += 0.15 * (noise - low);
      samples[at] = (gint16) (level * loud * sin (G_PI * i / (gdouble) length) *
          (2.5 * low * (1 - bright) + noise * bright));
    }
  }
}
