/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether there is anything to listen to: the level of the noise is followed down within
 * some windows and up by 2 dB/s, and what is well above it opens the gate for 500 ms. */

typedef struct
{
  gdouble floor; /* dBov */
  guint open; /* windows that it stays open */
} NoiseGate;

#define NOISE_GATE_WINDOW_MS 32

void noise_gate_init (NoiseGate *self);
/* The next window of @n samples. TRUE: listen to it. */
gboolean noise_gate_push (NoiseGate *self, const gint16 *samples, guint n);

G_END_DECLS
