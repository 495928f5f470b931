/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sentaudio.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

void
sent_audio_init (SentAudio *self, guint rate)
{
  self->rate = rate;
  for (self->room = 1; self->room < rate * 3 / 2; self->room *= 2)
    ;
  self->samples = g_new0 (gint16, self->room);
  self->end = -1;
}

void
sent_audio_clear (SentAudio *self)
{
  g_clear_pointer (&self->samples, g_free);
}

/* Uptime in ns times the rate would not fit. */
static gint64
get_index (const SentAudio *self, gint64 time)
{
  return time / SECOND * self->rate +
      (time % SECOND * self->rate + SECOND / 2) / SECOND;
}

/* As many samples from @index on as lie in one piece, at most @n. */
static guint
get_piece (const SentAudio *self, gint64 index, guint n, gint16 **piece)
{
  const guint at = (guint) index & (self->room - 1);

  *piece = self->samples + at;
  return MIN (n, self->room - at);
}

/* @samples NULL: silence. */
static void
write_samples (SentAudio *self, const gint16 *samples, guint n, gint64 index)
{
  gint16 *piece;

  for (guint done = 0; done < n;) {
    const guint step = get_piece (self, index + done, n - done, &piece);
    if (samples)
      memcpy (piece, samples + done, step * sizeof *piece);
    else
      memset (piece, 0, step * sizeof *piece);
    done += step;
  }
}

void
sent_audio_put (SentAudio *self, const gint16 *samples, guint n, gint64 time)
{
  const gint64 first = get_index (self, time);

  g_return_if_fail (time >= 0 && n <= self->room);
  if (self->end > first + n) /* it went back */
    self->end = first;
  if (self->end < first)
    write_samples (self, NULL,
        (guint) MIN (first - MAX (self->end, 0), self->room),
        MAX (self->end, first - self->room));
  write_samples (self, samples, n, first);
  self->end = first + n;
}

void
sent_audio_get (const SentAudio *self, gint64 time, gint16 *samples, guint n)
{
  const gint64 first = get_index (self, MAX (time, 0));
  gint16 *piece;

  memset (samples, 0, n * sizeof *samples);
  if (first < self->end - self->room || first >= self->end)
    return;
  n = (guint) MIN (n, self->end - first);
  for (guint done = 0; done < n;) {
    const guint step = get_piece (self, first + done, n - done, &piece);
    memcpy (samples + done, piece, step * sizeof *piece);
    done += step;
  }
}
