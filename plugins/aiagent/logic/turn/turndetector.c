/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turndetector.h"

#define MS G_GINT64_CONSTANT (1000000)
#define PIECE (10 * MS)
#define WINDOW_MASK ((1u << TURN_DETECTOR_WINDOW) - 1)

void
turn_detector_init (TurnDetector *self, guint silence, guint min_speech)
{
  *self = (TurnDetector){ 0 };
  self->silence = silence * MS;
  self->needed = CLAMP (min_speech / 10, 1, TURN_DETECTOR_WINDOW);
}

void
turn_detector_reset (TurnDetector *self)
{
  self->window = 0;
  self->speaking = FALSE;
}

/* The oldest speech piece of the window. */
static gint64
find_onset (const TurnDetector *self, gint64 time)
{
  gint oldest = 31 - __builtin_clz (self->window);

  return time - oldest * PIECE;
}

void
turn_detector_set_silence (TurnDetector *self, guint silence)
{
  self->silence = silence * MS;
}

static TurnEvent
start (TurnDetector *self, gint64 time)
{
  self->speaking = TRUE;
  self->onset = find_onset (self, time);
  return TURN_STARTED;
}

TurnEvent
turn_detector_hurry (TurnDetector *self, gint64 time)
{
  return self->speaking || !self->window ? TURN_NOTHING : start (self, time);
}

TurnEvent
turn_detector_push (TurnDetector *self, gboolean speech, gint64 time)
{
  self->window = ((self->window << 1) | !!speech) & WINDOW_MASK;
  if (speech)
    self->last_speech = time + PIECE;
  if (!self->speaking) {
    return (guint) __builtin_popcount (self->window) < self->needed
        ? TURN_NOTHING
        : start (self, time);
  }
  if (time + PIECE - self->last_speech < self->silence)
    return TURN_NOTHING;
  turn_detector_reset (self);
  return TURN_ENDED;
}

void
turn_detector_move_back (TurnDetector *self, gint64 by)
{
  self->onset = MAX (self->onset - by, 0);
  self->last_speech = MAX (self->last_speech - by, 0);
}

gboolean
turn_detector_finish (TurnDetector *self)
{
  gboolean speaking = self->speaking;

  turn_detector_reset (self);
  return speaking;
}
