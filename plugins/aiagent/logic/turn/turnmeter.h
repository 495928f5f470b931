/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long callers wait: the times of the turn under way, and percentiles over the
 * last ones. Times in ns of the media timeline; 0 = not known. */

#define TURN_METER_SIZE 512

typedef struct
{
  guint64 speech_start, speech_end, decision, first_in, first_out;
  guint64 turn_around; /* of this turn, once first_out is known */

  guint64 last[TURN_METER_SIZE]; /* ring */
  guint n; /* ever */
} TurnMeter;

void turn_meter_begin (TurnMeter *self, guint64 speech_start);
void turn_meter_end (TurnMeter *self, guint64 speech_end, guint64 decision);
/* The first of an answer counts; TRUE if this was it. */
gboolean turn_meter_audio_in (TurnMeter *self, guint64 time);
gboolean turn_meter_audio_out (TurnMeter *self, guint64 time);
/* @quantile 0..1 of the last TURN_METER_SIZE turns, 0 without any. */
guint64 turn_meter_get (const TurnMeter *self, gdouble quantile);

G_END_DECLS
