/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/mixring.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What one participant says: its audio at its own rate, and the events between.
 * Whoever has the room's lock may call; nothing here waits or calls back. */
typedef struct _MixInput MixInput;

MixInput *mix_input_new (void);
void mix_input_free (MixInput *self);

/* Rate of what is written, Hz; 0 = not known yet. Another one than before forgets
 * what is still there. */
void mix_input_set_rate (MixInput *self, guint rate);
guint mix_input_get_rate (const MixInput *self);

/* @paced: as mix_ring_set_paced() has it. */
void mix_input_write (MixInput *self, const gint16 *samples, guint n,
    gint64 now, gboolean paced);
/* Takes @event; it comes out once the audio written before it was read. */
void mix_input_write_event (MixInput *self, GstEvent *event);
/* Forgets audio and events. */
void mix_input_clear (MixInput *self);

/* 20 ms at @rate, by a library's resampler (GstAudioResampler, Kaiser window) where
 * the rates differ or the far end's clock does. FALSE: silence. */
gboolean mix_input_read (MixInput *self, gint16 *out, guint rate, gint64 now);
/* The next event that is due, or NULL; (transfer full). */
GstEvent *mix_input_take_event (MixInput *self);

/* Whether anything came within the last @time ns, or is still to come out. */
gboolean mix_input_is_active (const MixInput *self, gint64 now, gint64 time);
/* Time that what is there will take, ns. */
gint64 mix_input_get_delay (const MixInput *self);
/* NULL while no rate is known. */
const MixRing *mix_input_get_ring (const MixInput *self);

G_END_DECLS
