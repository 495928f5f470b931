/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "pitchrepeater.h"

#include <spandsp.h>

G_BEGIN_DECLS

/* Lost frames of 20 ms made up from what was heard before, fading to silence within
 * three frames: by spandsp's plc at its rate of 8 kHz, by a PitchRepeater at any
 * other. Whole frames only: plc_fillin() writes beyond a block that is shorter than
 * its overlap. */

typedef struct
{
  guint frame; /* samples */
  guint n_lost; /* in a row */
  PitchRepeater *repeater; /* NULL: plc is used */
  plc_state_t plc;
} Concealment;

/* @rate in Hz. */
void concealment_init (Concealment *self, guint rate);
void concealment_clear (Concealment *self);
/* A good frame; the first ones after a loss are blended in place. */
void concealment_hear (Concealment *self, gint16 *samples);
/* Fills a lost frame. FALSE: it is silence by now. */
gboolean concealment_fill (Concealment *self, gint16 *samples);
/* Silence was played on purpose: nothing to go on with. */
void concealment_forget (Concealment *self);

G_END_DECLS
