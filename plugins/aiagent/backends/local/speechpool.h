/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The threads on which speech is recognised and made: two per core, for the whole
 * process, started when needed. What callers speak goes before what they will
 * hear, and that before what may be of use later. */

typedef enum
{
  SPEECH_POOL_RECOGNITION,
  SPEECH_POOL_SYNTHESIS,
  SPEECH_POOL_AHEAD,
} SpeechPoolPriority;

typedef void (*SpeechPoolFunc) (gpointer data);

/* Any thread, never waits. */
void speech_pool_push (SpeechPoolPriority priority, SpeechPoolFunc func,
    gpointer data);
/* Until nothing is left to do: for tests, whose time stands still meanwhile. */
void speech_pool_wait (void);
/* Threads that work at most at the same time. */
guint speech_pool_get_size (void);

G_END_DECLS
