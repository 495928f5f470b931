/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the silence behind a caller's words has to be until the turn is taken to be
 * over: as short as may be behind what is complete, as long as may be behind what is not,
 * in between by how it was said. A statement ends with the voice low and soft; who will go
 * on holds the pitch, or is still loud. */

#define TURN_WAIT_UNKNOWN -1.0
#define TURN_WAIT_PITCHES 24 /* pieces of voice that are looked back on */

typedef struct
{
  guint min, max; /* ms */

  gdouble pitch_sum, level_sum; /* semitones, dB, over the turn's voice */
  guint n; /* pieces of it */
  gdouble pitches[TURN_WAIT_PITCHES], levels[TURN_WAIT_PITCHES]; /* ring */
} TurnWait;

/* @max below @min: as @min. */
void turn_wait_init (TurnWait *self, guint min, guint max);
/* Another turn. */
void turn_wait_begin (TurnWait *self);
/* 10 ms with a voice of @pitch Hz and @level dB. */
void turn_wait_push (TurnWait *self, gdouble pitch, gdouble level);

/* What was heard last, beside what was heard before: semitones and dB that it is lower. */
typedef struct
{
  gdouble pitch_fall, level_fall;
  gboolean known; /* there was enough of it */
} TurnWaitEnding;

void turn_wait_get_ending (const TurnWait *self, TurnWaitEnding *ending);
/* ms. @complete: how likely it is that nothing is missing, 0 to 1, by the words;
 * TURN_WAIT_UNKNOWN: nobody knows them. */
guint turn_wait_get (const TurnWait *self, gdouble complete);

G_END_DECLS
