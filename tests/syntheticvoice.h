/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <math.h>

/* Samples that a voice detector takes for speech: harmonics of a gliding voice
 * pitch with the weight on a first formant. Always the same. */
static inline gint16
synthetic_voice (guint i, guint rate)
{
  gdouble t = (gdouble) i / rate;
  gdouble pitch = 130 * t + 4 * sin (2 * G_PI * 3 * t) / 3;
  gdouble sum = 0;

  for (guint k = 1; k <= 20; k++) {
    gdouble distance = (k * 130.0 - 600) / 500;
    sum += exp (-distance * distance) * sin (2 * G_PI * k * pitch);
  }
  return (gint16) (sum * 2500);
}
