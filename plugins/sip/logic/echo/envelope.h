/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How loud sound is from 10 ms to 10 ms, all in all and in three bands (below 500 Hz, to
 * 1.5 kHz, above), in dB above a floor of -72 dBov; what is below counts as silence. */

#define ENVELOPE_BANDS 3
#define ENVELOPE_FLOOR -72.0f /* dBov */

typedef struct
{
  gfloat all;
  gfloat bands[ENVELOPE_BANDS];
} EnvelopeLevel;

typedef struct
{
  gfloat low, middle; /* factors of the filters */
  gfloat below, between; /* what they hold */
} Envelope;

void envelope_init (Envelope *self, guint rate);
EnvelopeLevel envelope_push (Envelope *self, const gint16 *samples, guint n);
/* Of @n samples all in all. */
gfloat envelope_measure (const gint16 *samples, guint n);

G_END_DECLS
