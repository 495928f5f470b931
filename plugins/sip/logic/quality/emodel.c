/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "emodel.h"

#include <math.h>

/* Ro - Is: G.107, table 2, with the default of each parameter; G.107.1 7.2. */
#define BEST_NARROW 93.2
#define BEST_WIDE 129.0

/* Idd, G.107 (7-27) and (7-28): what waiting for an answer spoils. */
static gdouble
get_delay_impairment (gdouble delay)
{
  if (delay <= 100)
    return 0;
  const gdouble x = log2 (delay / 100);
  return 25 *
      (pow (1 + pow (x, 6), 1.0 / 6) - 3 * pow (1 + pow (x / 3, 6), 1.0 / 6) +
          2);
}

/* Ie,eff, G.107 (7-29). */
static gdouble
get_codec_impairment (const EModel *self)
{
  const gdouble percent = self->loss * 100;

  return self->impairment +
      (95 - self->impairment) * percent /
      (percent / self->burst_ratio + self->robustness);
}

gdouble
e_model_get_rating (const EModel *self)
{
  const gdouble best = self->wide ? BEST_WIDE : BEST_NARROW;

  return MAX (best - get_delay_impairment (self->delay) -
          get_codec_impairment (self),
      0);
}

/* G.107 annex B, G.107.1 annex A. */
gdouble
e_model_rating_to_mos (gdouble rating, gboolean wide)
{
  const gdouble r = CLAMP (wide ? rating / 1.29 : rating, 0, 100);

  /* Below 6.5 the curve would fall under 1. */
  return CLAMP (1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1, 4.5);
}
