/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turnstages.h"

/* Up to @point, if it is behind what was cut so far; its length. */
static guint64
cut_to (guint64 *at, guint64 point)
{
  const guint64 length = point > *at ? point - *at : 0;

  *at += length;
  return length;
}

/* At most @wanted of what is @left; its length. */
static guint64
take (guint64 *left, guint64 wanted)
{
  const guint64 length = MIN (*left, wanted);

  *left -= length;
  return length;
}

void
turn_stages_split (TurnStages *self, guint64 speech_end, guint64 decision,
    guint64 first_in, guint64 first_out, const TurnTold *told)
{
  guint64 *spent = self->spent;
  guint64 at = speech_end;

  *self = (TurnStages){ 0 };
  spent[TURN_STAGE_DETECTION] =
      cut_to (&at, decision ? MIN (decision, first_out) : first_out);
  guint64 left = cut_to (&at, first_in ? MIN (first_in, first_out) : first_out);
  if (told) {
    spent[TURN_STAGE_TRANSCRIBER] = take (&left, told->transcriber);
    spent[TURN_STAGE_MODEL] = take (&left, told->model);
    spent[TURN_STAGE_VOICE] = take (&left, told->voice);
  }
  spent[TURN_STAGE_BACKEND] = left;
  spent[TURN_STAGE_PLAYOUT] = cut_to (&at, first_out);
}

TurnStage
turn_stages_get_binding (const TurnStages *self)
{
  TurnStage binding = TURN_STAGE_DETECTION;

  for (TurnStage i = TURN_STAGE_DETECTION; i < TURN_N_STAGES; i++)
    if (self->spent[i] > self->spent[binding])
      binding = i;
  return binding;
}

const gchar *
turn_stage_get_name (TurnStage stage)
{
  static const gchar *const names[] = {
    [TURN_STAGE_DETECTION] = "detection",
    [TURN_STAGE_TRANSCRIBER] = "transcriber",
    [TURN_STAGE_MODEL] = "model",
    [TURN_STAGE_VOICE] = "voice",
    [TURN_STAGE_BACKEND] = "backend",
    [TURN_STAGE_PLAYOUT] = "playout",
  };

  return names[stage];
}
