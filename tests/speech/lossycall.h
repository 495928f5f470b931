/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A call in virtual time over a bad network, of which the far end's reports tell. What
 * happens to the n-th packet is the same in each call of a loss. */
typedef struct _LossyCall LossyCall;

/* @codec as in SDP; @loss: packets of a hundred; the others come 0 to 30 ms late. */
LossyCall *lossy_call_new (const gchar *codec, guint loss);
void lossy_call_free (LossyCall *self);
/* Packets that were lost, in a hundred. */
gdouble lossy_call_get_lost (const LossyCall *self);
/* What the other end hears of @n samples of 16 kHz, at 16 kHz; (transfer full). */
gint16 *lossy_call_say (LossyCall *self, const gint16 *samples, gsize n,
    gsize *n_heard);

G_END_DECLS
