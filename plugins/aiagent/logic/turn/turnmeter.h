/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "turnstages.h"

#include <glib.h>

G_BEGIN_DECLS

/* How long callers wait, and for what: the times of the turn under way, and percentiles
 * over the last ones. Times in ns of the media timeline; 0 = not known. */

#define TURN_METER_SIZE 128

/* The whole turn-around, behind its stages. */
#define TURN_METER_WHOLE TURN_N_STAGES

typedef struct
{
  guint64 budget; /* ns of turn-around; 0 = none */

  guint64 speech_start, speech_end, decision, first_in, first_out;
  guint64 turn_around; /* of this turn, once first_out is known */
  TurnTold told; /* by the backend, of the answer to it */
  TurnStages stages; /* once first_out is known */
  gboolean over; /* over the budget, which was noticed */

  guint32 last[TURN_METER_SIZE][TURN_N_STAGES + 1]; /* ring; us */
  guint n; /* ever */
} TurnMeter;

void turn_meter_begin (TurnMeter *self, guint64 speech_start);
void turn_meter_end (TurnMeter *self, guint64 speech_end, guint64 decision);
void turn_meter_tell (TurnMeter *self, const TurnTold *told);
/* The first of an answer counts; TRUE if this was it. */
gboolean turn_meter_audio_in (TurnMeter *self, guint64 time);
gboolean turn_meter_audio_out (TurnMeter *self, guint64 time);

/* Until when the caller is to hear something; 0: nobody waits, or there is no budget. */
guint64 turn_meter_get_respond_by (const TurnMeter *self);
/* At @time: TRUE, once a turn, if the caller has waited for longer than the budget, and may
 * wait still; @stages: what for, so far. */
gboolean turn_meter_check (TurnMeter *self, guint64 time, TurnStages *stages);

/* @which: a TurnStage, or TURN_METER_WHOLE; @quantile 0..1 of the last TURN_METER_SIZE
 * turns, ns to the us; 0 without any. */
guint64 turn_meter_get (const TurnMeter *self, guint which, gdouble quantile);

G_END_DECLS
