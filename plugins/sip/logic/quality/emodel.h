/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a call is like for whoever hears it, by the E-model: ITU-T G.107 for the band of a
 * telephone, G.107.1 for a wide one. Of what a line cannot see, noise, loudness and echo, it
 * takes the default values of these, and no echo. The two bands have scales of their own: a
 * wide 4 is better than a narrow one. */

typedef struct
{
  gboolean wide;
  gdouble impairment; /* Ie: what the codec itself spoils */
  gdouble robustness; /* Bpl: how well it bears loss */
  gdouble loss; /* of what should be heard, 0 to 1 */
  gdouble
      burst_ratio; /* BurstR: 1 where each loss is by itself, more in bursts */
  gdouble delay; /* ms, from mouth to ear */
} EModel;

/* R: 0 to 93.2, of a wide band to 129. */
gdouble e_model_get_rating (const EModel *self);
/* MOS-CQE of R on its scale, 1 to 4.5. */
gdouble e_model_rating_to_mos (gdouble rating, gboolean wide);

G_END_DECLS
