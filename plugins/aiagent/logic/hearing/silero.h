/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sileroweights.h"

G_BEGIN_DECLS

/* Whether sound is speech: the network Silero VAD v6, which hears 32 ms at a time and
 * remembers those before. One for each call; 1.3 kB. */

#define SILERO_WINDOW_MS 32
#define SILERO_MAX_CONTEXT 64

typedef struct
{
  const SileroBranch *branch;
  gfloat context[SILERO_MAX_CONTEXT]; /* the last 4 ms of the window before */
  gfloat hidden[SILERO_UNITS];
  gfloat cell[SILERO_UNITS];
} Silero;

/* @branch outlives it. */
void silero_init (Silero *self, const SileroBranch *branch);
/* It has heard nothing yet. */
void silero_reset (Silero *self);
/* @samples: 32 ms at the branch's rate. The probability that they are speech. */
gdouble silero_judge (Silero *self, const gint16 *samples);

G_END_DECLS
