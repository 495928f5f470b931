/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of a call is missing where it is heard, behind the jitter buffer, and how much
 * of that at a time. Where the far end sends nothing, nothing is missing. All zero is a
 * new call. */

typedef struct
{
  guint64 heard, lost; /* frames */
  guint64 bursts; /* how often some were lost, one after another */
  gboolean losing; /* the last one was */
} LossMeter;

void loss_meter_note (LossMeter *self, gboolean lost);
/* 0 to 1. */
gdouble loss_meter_get_loss (const LossMeter *self);
/* BurstR of G.107: the mean length of a burst beside that of losses by chance; 1 or more. */
gdouble loss_meter_get_burst_ratio (const LossMeter *self);

G_END_DECLS
