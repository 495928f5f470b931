/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was sent of late, by its time (ns): a ring of a second and a half at least. Where
 * nothing was sent there is silence. */

typedef struct
{
  guint rate;
  gint16 *samples;
  guint room; /* of them, a power of two */
  gint64 end; /* index of the one behind the last, -1 = there was none */
} SentAudio;

void sent_audio_init (SentAudio *self, guint rate);
void sent_audio_clear (SentAudio *self);

/* @n samples of which the first one has @time; what is there from then on is replaced. */
void sent_audio_put (SentAudio *self, const gint16 *samples, guint n,
    gint64 time);
/* @n samples from @time on; what is not there is silence. */
void sent_audio_get (const SentAudio *self, gint64 time, gint16 *samples,
    guint n);

G_END_DECLS
