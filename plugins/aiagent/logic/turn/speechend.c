/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "speechend.h"

#include <stdlib.h>

#define MS G_GINT64_CONSTANT (1000000)
#define FINE 16 /* parts that levels are counted in */
#define QUIET (60 * FINE) /* less is never a sound */
#define BELOW_PEAK 32 /* 30 dB */
#define ABOVE_NOISE 2
#define SLOW 64 /* pieces in which the noise may be three times what it was */
#define LONGEST (200 * MS) /* before the last speech */

void
speech_end_init (SpeechEnd *self)
{
  *self = (SpeechEnd){ 0 };
}

void
speech_end_begin (SpeechEnd *self, gint64 time)
{
  self->peak = 0;
  self->last = time;
}

static guint
level_of (const gint16 *samples, guint n)
{
  guint64 sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) abs (samples[i]);
  return n ? (guint) (sum * FINE / n) : 0;
}

/* Down at once and slowly up: the beginning of a turn, which nobody knows of yet, is
 * no noise. */
static void
push_noise (SpeechEnd *self, guint level)
{
  const guint most = self->floor + self->floor / SLOW + 1;

  self->floor = MIN (level, most);
}

static void
push_window (SpeechEnd *self, guint level, gint64 end)
{
  self->peak = MAX (self->peak, level);
  const guint least = MAX (self->peak / BELOW_PEAK, self->floor * ABOVE_NOISE);
  if (level > MAX (least, QUIET))
    self->last = end;
}

void
speech_end_push (SpeechEnd *self, const gint16 *samples, guint n_samples,
    gint64 time, gboolean in_turn)
{
  const guint half = n_samples / 2;

  if (!in_turn) {
    push_noise (self, level_of (samples, n_samples));
    return;
  }
  push_window (self, level_of (samples, half),
      time + SPEECH_END_WINDOW_MS * MS);
  push_window (self, level_of (samples + half, n_samples - half),
      time + 2 * SPEECH_END_WINDOW_MS * MS);
}

gint64
speech_end_get (const SpeechEnd *self, gint64 last_speech)
{
  return CLAMP (self->last, last_speech - LONGEST, last_speech);
}
