/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turnwait.h"

#include <math.h>

#define LAST 8 /* pieces that are the end */
#define ENOUGH (3 * LAST)
/* tests/speech/run-turns has chosen these, with half of its voices and sentences. */
#define NEUTRAL 0.7 /* how complete it sounds that says nothing of it */
#define PER_SEMITONE 0.02 /* of the way to max, for each that it falls */
#define PER_DB 0.005
#define SOUNDS_OPEN 0.5
#define SOUNDS_COMPLETE 0.85

void
turn_wait_init (TurnWait *self, guint min, guint max)
{
  *self = (TurnWait){ .min = min, .max = MAX (min, max) };
}

void
turn_wait_begin (TurnWait *self)
{
  self->pitch_sum = self->level_sum = 0;
  self->n = 0;
}

void
turn_wait_push (TurnWait *self, gdouble pitch, gdouble level)
{
  const gdouble semitones = 12 * log2 (MAX (pitch, 1));
  const guint at = self->n++ % TURN_WAIT_PITCHES;

  self->pitches[at] = semitones;
  self->levels[at] = level;
  self->pitch_sum += semitones;
  self->level_sum += level;
}

void
turn_wait_get_ending (const TurnWait *self, TurnWaitEnding *ending)
{
  gdouble pitch = 0, level = 0;

  *ending = (TurnWaitEnding){ .known = self->n >= ENOUGH };
  if (!ending->known)
    return;
  for (guint i = 1; i <= LAST; i++) {
    const guint at = (self->n - i) % TURN_WAIT_PITCHES;
    pitch += self->pitches[at];
    level += self->levels[at];
  }
  const guint before = self->n - LAST;
  ending->pitch_fall = (self->pitch_sum - pitch) / before - pitch / LAST;
  ending->level_fall = (self->level_sum - level) / before - level / LAST;
}

/* By how it was said. */
static gdouble
sounds_complete (const TurnWait *self)
{
  TurnWaitEnding ending;

  turn_wait_get_ending (self, &ending);
  if (!ending.known)
    return NEUTRAL;
  return CLAMP (NEUTRAL + PER_SEMITONE * ending.pitch_fall +
          PER_DB * ending.level_fall,
      SOUNDS_OPEN, SOUNDS_COMPLETE);
}

guint
turn_wait_get (const TurnWait *self, gdouble complete)
{
  const gdouble how =
      complete >= 0 ? MIN (complete, 1) : sounds_complete (self);

  return self->max - (guint) ((self->max - self->min) * how);
}
