/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From "this piece is speech" to turns: 60 ms of speech within 120 ms begin one,
 * `silence` ms without speech end it. Whatever decides about a piece (WebRTC VAD,
 * a neural network) stays outside. Times in ns. */

#define TURN_DETECTOR_WINDOW 12 /* pieces of 10 ms */

typedef enum
{
  TURN_NOTHING,
  TURN_STARTED,
  TURN_ENDED,
  /* Of a turn that began into the agent's words; see bargein.h: */
  TURN_CONFIRMED,
  TURN_RESUMED,
  TURN_REJECTED, /* it is over, too */
} TurnEvent;

typedef struct
{
  gint64 silence; /* ns */
  guint needed; /* speech pieces of the window that begin a turn */
  guint32 window; /* one bit a piece, the newest lowest */
  gboolean speaking;
  gint64 onset; /* beginning of the first speech piece of the turn */
  gint64 last_speech; /* end of the last speech piece */
} TurnDetector;

/* @silence and @min_speech (of 120) in ms. */
void turn_detector_init (TurnDetector *self, guint silence, guint min_speech);
void turn_detector_reset (TurnDetector *self);

/* One piece of 10 ms that began at @time. STARTED: self->onset is when the turn
 * began. ENDED: self->last_speech is when it ended, `silence` before now. */
TurnEvent turn_detector_push (TurnDetector *self, gboolean speech, gint64 time);

/* What was said so far asks for another silence behind it. */
void turn_detector_set_silence (TurnDetector *self, guint silence);
/* Whoever knows that something sounds does not wait for all of min_speech: a turn begins
 * if any of the window was speech. @time: of the last piece that was pushed. */
TurnEvent turn_detector_hurry (TurnDetector *self, gint64 time);

/* Time began anew: what was is so much earlier, but no earlier than 0. */
void turn_detector_move_back (TurnDetector *self, gint64 by);

/* A turn that is under way is over, e.g. because the call is. TRUE if one was. */
gboolean turn_detector_finish (TurnDetector *self);

G_END_DECLS
