/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text to speech by flite, clause by clause: the first is heard while the next is
 * being made. What was made is kept for the next time (SYNTHESIZER_CACHE bytes for
 * the process, the oldest goes first). Mono S16. */

#define SYNTHESIZER_CACHE (16 * 1024 * 1024)

typedef struct _Speech Speech;

typedef struct
{
  guint64 made, reused; /* clauses */
  gsize cached; /* bytes */
} SynthesizerStats;

/* @voice: slt, rms, awb, kal16 or kal. None of these functions waits. */
Speech *speech_new (const gchar *voice, const gchar *text, guint rate);
/* The next clause, often nothing as yet; @text: its words, NULL without any (or not
 * asked for); @done: that
 * was the last of it. Both are (transfer full). */
GByteArray *speech_take (Speech *self, gchar **text, gboolean *done);
void speech_drop (Speech *self);

/* Makes @text for later, when there is nothing else to do. */
void synthesizer_prepare (const gchar *voice, const gchar *text, guint rate);
void synthesizer_get_stats (SynthesizerStats *stats);

G_END_DECLS
