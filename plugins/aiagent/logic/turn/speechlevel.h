/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How loud speech is while somebody speaks: the active speech level of ITU-T P.56,
 * method B, in dBov (0 = a square wave of full scale). */

#define SPEECH_LEVEL_NONE -100.0 /* dBov: there is no speech */

gdouble speech_level_measure (const gint16 *samples, gsize n, guint rate);
/* The factor that brings these samples to @level. */
gdouble speech_level_get_gain (const gint16 *samples, gsize n, guint rate,
    gdouble level);

G_END_DECLS
