/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a caller waited for: one turn-around, cut into the stages that follow each other.
 * Each ns of it is in exactly one stage, so that they add up to what a recording of the
 * call shows, whatever a backend says of its own. */

typedef enum
{
  TURN_STAGE_DETECTION, /* last sound of the caller -> taken to be over */
  TURN_STAGE_TRANSCRIBER, /* -> words; of a backend that tells, as the next two */
  TURN_STAGE_MODEL, /* -> first words of the answer */
  TURN_STAGE_VOICE, /* -> its first sound */
  TURN_STAGE_BACKEND, /* what it does not tell of, up to the first byte from it */
  TURN_STAGE_PLAYOUT, /* -> first sound sent */
  TURN_N_STAGES,
} TurnStage;

/* What a backend says of its own stages, ns; 0 = not known. */
typedef struct
{
  guint64 transcriber, model, voice;
} TurnTold;

typedef struct
{
  guint64 spent[TURN_N_STAGES]; /* ns */
} TurnStages;

/* Points of the media timeline, ns: of a turn whose first sound was sent at @first_out, or
 * of one that waits still, at @first_out = now. @decision and @first_in 0: not yet. What
 * @told (NULL: nothing) says beyond the time that the backend had is cut off. */
void turn_stages_split (TurnStages *self, guint64 speech_end, guint64 decision,
    guint64 first_in, guint64 first_out, const TurnTold *told);
/* The one that took longest: where a millisecond is to be looked for. The first one of
 * equals. */
TurnStage turn_stages_get_binding (const TurnStages *self);
/* As the facts name it. */
const gchar *turn_stage_get_name (TurnStage stage);

G_END_DECLS
