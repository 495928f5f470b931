/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turnmeter.h"

#include <math.h>
#include <stdlib.h>

static void
forget (TurnMeter *self)
{
  self->first_in = self->first_out = self->turn_around = 0;
  self->told = (TurnTold){ 0 };
  self->stages = (TurnStages){ 0 };
  self->over = FALSE;
}

void
turn_meter_begin (TurnMeter *self, guint64 speech_start)
{
  self->speech_start = speech_start;
  self->speech_end = self->decision = 0;
  forget (self);
}

void
turn_meter_end (TurnMeter *self, guint64 speech_end, guint64 decision)
{
  self->speech_end = speech_end;
  self->decision = decision;
  forget (self);
}

void
turn_meter_tell (TurnMeter *self, const TurnTold *told)
{
  if (!self->first_out)
    self->told = *told;
}

gboolean
turn_meter_audio_in (TurnMeter *self, guint64 time)
{
  if (!self->speech_end || self->first_in)
    return FALSE;
  self->first_in = time;
  return TRUE;
}

static guint32
to_us (guint64 ns)
{
  return (guint32) MIN (ns / 1000, G_MAXUINT32);
}

static void
keep (TurnMeter *self)
{
  guint32 *last = self->last[self->n++ % TURN_METER_SIZE];

  for (guint i = 0; i < TURN_N_STAGES; i++)
    last[i] = to_us (self->stages.spent[i]);
  last[TURN_METER_WHOLE] = to_us (self->turn_around);
}

gboolean
turn_meter_audio_out (TurnMeter *self, guint64 time)
{
  if (!self->speech_end || self->first_out)
    return FALSE;
  self->first_out = time;
  self->turn_around = time > self->speech_end ? time - self->speech_end : 0;
  turn_stages_split (&self->stages, self->speech_end, self->decision,
      self->first_in, time, &self->told);
  keep (self);
  return TRUE;
}

/* ---- The budget */

guint64
turn_meter_get_respond_by (const TurnMeter *self)
{
  return self->budget && self->speech_end && !self->first_out
      ? self->speech_end + self->budget
      : 0;
}

gboolean
turn_meter_check (TurnMeter *self, guint64 time, TurnStages *stages)
{
  const guint64 sound = self->first_out ? self->first_out : time;

  if (!self->budget || !self->speech_end || self->over ||
      sound <= self->speech_end + self->budget)
    return FALSE;
  self->over = TRUE;
  turn_stages_split (stages, self->speech_end, self->decision, self->first_in,
      sound, &self->told);
  return TRUE;
}

/* ---- Percentiles */

static gint
compare (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

guint64
turn_meter_get (const TurnMeter *self, guint which, gdouble quantile)
{
  guint32 sorted[TURN_METER_SIZE];
  const guint n = MIN (self->n, TURN_METER_SIZE);

  if (!n)
    return 0;
  for (guint i = 0; i < n; i++)
    sorted[i] = self->last[i][which];
  qsort (sorted, n, sizeof *sorted, compare);
  const guint rank = (guint) ceil (quantile * n);
  return sorted[CLAMP (rank, 1, n) - 1] * G_GUINT64_CONSTANT (1000);
}
