/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether one participant speaks, by the level of its 20 ms frames above its own
 * background. Cheaper than a voice activity detector, and enough to say who has the
 * floor: turns of an agent are the agent's own affair. Zero-initialise. */
typedef struct
{
  gfloat level; /* RMS of the last frame, dBFS, -96 = silence */
  gfloat floor; /* background, dBFS; 0 = not known yet */
  guint loud, quiet; /* frames in a row */
  gboolean speaking;
} Speaker;

/* TRUE: @speaking has changed. 60 ms of voice begin it, 400 ms without end it. */
gboolean speaker_push (Speaker *self, const gint32 *samples, guint n);
/* A frame in which nothing came. */
gboolean speaker_push_silence (Speaker *self);

G_END_DECLS
