/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <spandsp.h>

G_BEGIN_DECLS

/* Lost frames made up from what was heard before (ITU-T G.711 Appendix I in
 * spirit, spandsp's plc), fading to silence within three frames. Whole frames
 * only: plc_fillin() writes beyond a block that is shorter than its overlap. */

#define CONCEALMENT_FRAME 160 /* 20 ms at 8 kHz, the rate of plc */

typedef struct
{
  plc_state_t plc;
  guint n_lost; /* in a row */
} Concealment;

void concealment_init (Concealment *self);
/* A good frame; the first ones after a loss are blended in place. */
void concealment_hear (Concealment *self, gint16 *samples);
/* Fills a lost frame. FALSE: it is silence by now. */
gboolean concealment_fill (Concealment *self, gint16 *samples);
/* Silence was played on purpose: nothing to go on with. */
void concealment_forget (Concealment *self);

G_END_DECLS
