/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "speaker.h"

#include <math.h>

#define SILENCE -96.0f
#define FAINTEST -50.0f /* dBFS; below it nothing is a voice */
#define ABOVE_FLOOR 10.0f /* dB */
#define FLOOR_RISE 0.05f /* dB a frame: 2.5 a second */
#define LOUDEST_FLOOR -35.0f
#define BEGIN 3 /* frames */
#define END 20

static gfloat
level_of (const gint32 *samples, guint n)
{
  gdouble sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (gdouble) samples[i] * samples[i];
  if (sum == 0)
    return SILENCE;
  return MAX (SILENCE, (gfloat) (10 * log10 (sum / n / (32768.0 * 32768.0))));
}

static gboolean
advance (Speaker *self)
{
  const gboolean before = self->speaking;

  /* Digital silence tells nothing of the room somebody is in. */
  if (self->level > SILENCE && (self->floor == 0 || self->level < self->floor))
    self->floor = MIN (self->level, LOUDEST_FLOOR);
  else if (self->floor != 0)
    self->floor = MIN (self->floor + FLOOR_RISE, LOUDEST_FLOOR);
  gboolean loud =
      self->level > FAINTEST && self->level > self->floor + ABOVE_FLOOR;
  self->loud = loud ? self->loud + 1 : 0;
  self->quiet = loud ? 0 : self->quiet + 1;
  if (self->loud >= BEGIN)
    self->speaking = TRUE;
  else if (self->quiet >= END)
    self->speaking = FALSE;
  return self->speaking != before;
}

gboolean
speaker_push (Speaker *self, const gint32 *samples, guint n)
{
  self->level = level_of (samples, n);
  return advance (self);
}

gboolean
speaker_push_silence (Speaker *self)
{
  self->level = SILENCE;
  return advance (self);
}
