/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who is the caller, among those who are heard to speak: whose level has been the
 * caller's. What a detector takes for speech may be a television, or people behind; they
 * are farther from the microphone. The first turn of a call makes somebody the caller,
 * and each turn says more. Where others speak, too, who is not nearly as loud is one of
 * them; where nobody does, the caller may be quieter. Levels in dBov. */

typedef struct
{
  gdouble level; /* of the caller while speaking; TALKER_UNKNOWN */
  gdouble before; /* ... before this turn */
  gdouble power; /* sum over the windows of this turn */
  guint windows; /* of speech in it */
  guint
      since_loud; /* windows of speech since one that is surely the caller's */
  guint since_begun; /* windows since one that might begin a turn */
  gdouble others; /* windows of speech that are none of the caller's, of late */
} Talker;

#define TALKER_UNKNOWN -100.0
#define TALKER_WINDOW_MS 32

void talker_init (Talker *self);
/* The next window of @n samples. @speech: it is somebody's; @in_turn: the caller
 * has begun to speak. Whether it is the caller's. */
gboolean talker_push (Talker *self, const gint16 *samples, guint n,
    gboolean speech, gboolean in_turn);

G_END_DECLS
