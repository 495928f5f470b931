/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "speechgain.h"

#include <math.h>

#define LEVEL 3277.0 /* -20 dBov */
#define NEAR 3.2 /* factor, 10 dB: the means make up for that */
#define MOST 31.6 /* factor, 30 dB: what is less is no voice */
#define FRAME 50 /* a second */

/* RMS of the loudest frame. */
static gdouble
find_level (const gint16 *samples, gsize n, guint rate)
{
  const gsize frame = rate / FRAME;
  gdouble most = 0;

  for (gsize at = 0; at + frame <= n; at += frame) {
    gdouble power = 0;
    for (gsize i = 0; i < frame; i++)
      power += (gdouble) samples[at + i] * samples[at + i];
    most = MAX (most, power / (gdouble) frame);
  }
  return sqrt (most);
}

gdouble
speech_gain_find (const gint16 *samples, gsize n, guint rate)
{
  /* The loudest frame is some 6 dB above the rest. */
  const gdouble level = find_level (samples, n, rate) / 2;
  const gdouble gain = LEVEL / MAX (level, 1);

  return gain < NEAR && gain > 1 / NEAR ? 1 : MIN (gain, MOST);
}

void
speech_gain_apply (gint16 *samples, gsize n, gdouble gain)
{
  for (gsize i = 0; i < n && gain != 1; i++)
    samples[i] = (gint16) CLAMP (samples[i] * gain, G_MININT16, G_MAXINT16);
}
