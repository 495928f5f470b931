/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What brings a caller to the level that the recogniser's means are of: without it nothing
 * of one at -45 dBov is understood. */

/* To multiply with, by what has been heard so far; 1 if that is near enough. */
gdouble speech_gain_find (const gint16 *samples, gsize n, guint rate);
void speech_gain_apply (gint16 *samples, gsize n, gdouble gain);

G_END_DECLS
