/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "keytone.h"

#include <math.h>
#include <string.h>

/* ITU-T G.711: a sine that just fits into the codes is 3.14 dBm0. */
#define AMPLITUDE(dbm0) (32767.0 * pow (10.0, ((dbm0) -3.14) / 20))
#define SWELL 500 /* of them in a second: 2 ms */

static const gdouble low[] = { 697, 770, 852, 941 };
static const gdouble high[] = { 1209, 1336, 1477, 1633 };
static const gchar keys[] = "123A456B789C*0#D"; /* row by row */

static gdouble
get_gain (guint at, guint length, guint swell)
{
  const guint from_end = length - at;

  return MIN (1.0, (gdouble) MIN (at, from_end) / swell);
}

void
key_tone_fill (gchar key, guint rate, guint length, guint offset,
    gint16 *samples, guint n)
{
  const gchar *found = key ? strchr (keys, key) : NULL;
  const guint sounding = offset < length ? MIN (n, length - offset) : 0;

  memset (samples, 0, n * sizeof *samples);
  if (!found)
    return;
  const gsize place = (gsize) (found - keys);
  const gdouble step = 2 * G_PI / rate;
  for (guint i = 0; i < sounding; i++) {
    const gdouble time = step * (offset + i);
    const gdouble value = AMPLITUDE (-10) * sin (low[place / 4] * time) +
        AMPLITUDE (-8) * sin (high[place % 4] * time);
    samples[i] =
        (gint16) lrint (value * get_gain (offset + i, length, rate / SWELL));
  }
}
