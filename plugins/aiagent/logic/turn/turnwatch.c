/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turnwatch.h"

#define SECOND 50 /* frames */
#define DOUBT \
  (SECOND / 2) /* without a frame of the caller's, which would end it */
#define UNHEARD (2 * SECOND)
#define LONGEST_TURN \
  (60 * SECOND) /* nobody speaks for so long without a pause */
#define LONGEST_WAIT (30 * SECOND) /* for more of an answer */
#define LONGEST_HOLD (10 * SECOND) /* behind the turn that it was for */
#define LONGEST_THOUGHT (60 * SECOND)

void
turn_watch_hear (TurnWatch *self)
{
  self->unheard = 0;
}

static guint
count (guint *frames, gboolean on)
{
  *frames = on ? *frames + 1 : 0;
  return *frames;
}

/* TRUE at most once in @limit frames. */
static gboolean
count_up_to (guint *frames, gboolean on, guint limit)
{
  const gboolean late = count (frames, on) > limit;

  if (late)
    *frames = 0;
  return late;
}

guint
turn_watch_tick (TurnWatch *self, const TurnWatchScene *scene)
{
  const guint unheard = count (&self->unheard, TRUE);
  guint acts = 0;

  if (count_up_to (&self->listening, scene->listening, LONGEST_TURN) ||
      (scene->doubting && unheard > DOUBT) ||
      (scene->listening && unheard > UNHEARD))
    acts |= TURN_WATCH_TURN;
  if (count_up_to (&self->waiting, scene->waiting, LONGEST_WAIT))
    acts |= TURN_WATCH_ANSWER;
  if (count_up_to (&self->held, scene->held && !scene->listening, LONGEST_HOLD))
    acts |= TURN_WATCH_HELD;
  count (&self->thinking, scene->thinking);
  return acts;
}

gboolean
turn_watch_thinks (const TurnWatch *self)
{
  return self->thinking > 0 && self->thinking <= LONGEST_THOUGHT;
}
