/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The arithmetic of a mix: 16-bit samples in and out, 32-bit sums between them, so
 * that nothing is lost before the end. Mono; @n samples each. */

/* Above it the limiter begins to bend (28000 is -1.4 dB below full scale). */
#define MIX_LIMIT_KNEE 28000

/* @in with a gain that goes evenly from @from to @to: a change over one frame is no
 * click. */
void mix_apply_gain (const gint16 *in, gint32 *out, guint n, gfloat from,
    gfloat to);
void mix_add (gint32 *sum, const gint32 *in, guint n);
void mix_subtract (gint32 *sum, const gint32 *in, guint n);
/* From what is in @from evenly to what is in @to; the result stands in @to. */
void mix_crossfade (const gint32 *from, gint32 *to, guint n);
/* Softly: as it is up to the knee, from there ever less, never over full scale. */
void mix_limit (const gint32 *in, gint16 *out, guint n);

G_END_DECLS
