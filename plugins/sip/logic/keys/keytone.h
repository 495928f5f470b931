/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A key of a telephone as the two tones that it sounds like (ITU-T Q.23), for a far end
 * that takes no other form. The lower at -10 dBm0, the higher, which lines weaken more, at
 * -8 dBm0; both swell and fade for 2 ms, without which a click would stand at each end. */

/* Samples @offset to @offset + @n of @key (0-9*#A-D), which lasts for @length at @rate;
 * silence behind that. */
void key_tone_fill (gchar key, guint rate, guint length, guint offset,
    gint16 *samples, guint n);

G_END_DECLS
