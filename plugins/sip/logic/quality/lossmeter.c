/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lossmeter.h"

void
loss_meter_note (LossMeter *self, gboolean lost)
{
  if (lost && !self->losing)
    self->bursts++;
  if (lost)
    self->lost++;
  else
    self->heard++;
  self->losing = lost;
}

gdouble
loss_meter_get_loss (const LossMeter *self)
{
  const guint64 all = self->heard + self->lost;

  return all ? (gdouble) self->lost / (gdouble) all : 0;
}

/* By chance a burst has 1 / (1 - loss) frames. */
gdouble
loss_meter_get_burst_ratio (const LossMeter *self)
{
  if (!self->bursts)
    return 1;
  const gdouble length = (gdouble) self->lost / (gdouble) self->bursts;
  return MAX (length * (1 - loss_meter_get_loss (self)), 1);
}
