/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "registertimes.h"

#define LONGEST (24 * 60 * 60) /* s: of what a registrar says */
#define MARGIN (10 * 60) /* s before the end of a long registration */

/* Twice as long each time, of which a half is left to chance. */
guint
register_times_back_off (guint failures, guint retry_after, gdouble random)
{
  const guint doublings = MIN (MAX (failures, 1) - 1, 16);
  const guint longest =
      (guint) MIN ((guint64) REGISTER_LEAST_BACK_OFF << doublings,
          REGISTER_MOST_BACK_OFF);
  const guint wait = longest / 2 + (guint) (random * longest / 2);

  return MAX (wait, MIN (retry_after, LONGEST) * 1000);
}

/* Between 50 and 80 % of a short one. */
guint
register_times_refresh (guint expires, gdouble random)
{
  const guint life = CLAMP (expires, 1, LONGEST);
  const gdouble part = 0.5 + 0.3 * random;
  const gdouble seconds = MAX (life * part, (gdouble) life - MARGIN);

  return (guint) (seconds * 1000);
}
