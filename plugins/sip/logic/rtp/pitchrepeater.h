/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Goes on with what was heard, at any rate: the last cycle of the voice's pitch is
 * repeated, from the level and the slope where the sound broke off, and fades away
 * within 50 ms. What comes behind the loss is blended in over 10 ms:
 * so long an adaptive decoder is not to be trusted. It adds no delay. The idea is that
 * of ITU-T G.711 Appendix I; spandsp's plc knows 8 kHz only. */

typedef struct
{
  guint rate; /* Hz */
  gint16 *history; /* the last 40 ms, given out or made up */
  guint length; /* of history, samples */
  gfloat *cycle; /* that is repeated */
  guint period; /* of cycle, samples */
  guint at; /* in cycle */
  gfloat step; /* from where the sound broke off to the cycle */
  guint lost; /* samples made up in a row */
} PitchRepeater;

PitchRepeater *pitch_repeater_new (guint rate);
void pitch_repeater_free (PitchRepeater *self);
/* Good audio; behind a loss its begin is blended in place. */
void pitch_repeater_hear (PitchRepeater *self, gint16 *samples, guint n);
void pitch_repeater_fill (PitchRepeater *self, gint16 *samples, guint n);
/* Silence was played on purpose: nothing to go on with. */
void pitch_repeater_forget (PitchRepeater *self);

G_END_DECLS
