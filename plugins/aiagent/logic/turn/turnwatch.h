/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nothing lasts for ever: a turn of a caller who is not heard any more, an answer that
 * nobody ends, a hold that nobody takes back, a backend that thinks. Counted in frames of
 * 20 ms that the agent could have spoken in. */

typedef enum
{
  TURN_WATCH_TURN = 1, /* the caller's turn is to be over */
  TURN_WATCH_ANSWER =
      2, /* the agent's answer is to be over, as nothing more comes */
  TURN_WATCH_HELD = 4, /* what is held is to go on */
} TurnWatchAct;

/* How it is in this frame. */
typedef struct
{
  gboolean doubting; /* what was said is held, as it may be no interruption */
  gboolean listening; /* the caller is in a turn */
  gboolean waiting; /* an answer is open, and has nothing to say */
  gboolean held; /* something is */
  gboolean thinking; /* ... the backend is, it says */
} TurnWatchScene;

typedef struct
{
  guint unheard, listening, waiting, held, thinking; /* frames */
} TurnWatch;

/* Something came from the caller. */
void turn_watch_hear (TurnWatch *self);
/* TurnWatchAct. */
guint turn_watch_tick (TurnWatch *self, const TurnWatchScene *scene);
/* The backend has not been thinking for so long that nothing can come of it. */
gboolean turn_watch_thinks (const TurnWatch *self);

G_END_DECLS
