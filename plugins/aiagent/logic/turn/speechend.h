/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When the last sound of a turn was. What decides about speech holds on for a while
 * behind it (60 to 90 ms, so that no word is cut into two), which is right for the
 * decision and wrong for the clock. A sound is what is less than 30 dB below the
 * loudest of the turn, and well above the noise between turns. Times in ns. */

#define SPEECH_END_WINDOW_MS 5

typedef struct
{
  guint floor; /* of noise; levels are means of 32767, in sixteenths */
  guint peak; /* of the turn */
  gint64 last; /* end of its last sound */
} SpeechEnd;

void speech_end_init (SpeechEnd *self);
/* A turn begins, with sound up to @time. */
void speech_end_begin (SpeechEnd *self, gint64 time);
/* 10 ms that began at @time: @n_samples. @in_turn: of the turn; else they say how loud
 * the noise is. */
void speech_end_push (SpeechEnd *self, const gint16 *samples, guint n_samples,
    gint64 time, gboolean in_turn);
/* The end of the turn, which is not after @last_speech, and not long before it. */
gint64 speech_end_get (const SpeechEnd *self, gint64 last_speech);

G_END_DECLS
