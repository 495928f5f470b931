/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turnmeter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
turn_meter_begin (TurnMeter *self, guint64 speech_start)
{
  self->speech_start = speech_start;
  self->speech_end = self->decision = 0;
  self->first_in = self->first_out = self->turn_around = 0;
}

void
turn_meter_end (TurnMeter *self, guint64 speech_end, guint64 decision)
{
  self->speech_end = speech_end;
  self->decision = decision;
  self->first_in = self->first_out = self->turn_around = 0;
}

gboolean
turn_meter_audio_in (TurnMeter *self, guint64 time)
{
  if (!self->speech_end || self->first_in)
    return FALSE;
  self->first_in = time;
  return TRUE;
}

gboolean
turn_meter_audio_out (TurnMeter *self, guint64 time)
{
  if (!self->speech_end || self->first_out)
    return FALSE;
  self->first_out = time;
  self->turn_around = time > self->speech_end ? time - self->speech_end : 0;
  self->last[self->n++ % TURN_METER_SIZE] = self->turn_around;
  return TRUE;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

guint64
turn_meter_get (const TurnMeter *self, gdouble quantile)
{
  guint64 sorted[TURN_METER_SIZE];
  guint n = MIN (self->n, TURN_METER_SIZE);

  if (!n)
    return 0;
  memcpy (sorted, self->last, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare);
  guint rank = (guint) ceil (quantile * n);
  return sorted[CLAMP (rank, 1, n) - 1];
}
