/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixkernel.h"

void
mix_apply_gain (const gint16 *in, gint32 *out, guint n, gfloat from, gfloat to)
{
  const gfloat step = n ? (to - from) / (gfloat) n : 0;

  if (from == 1.0f && to == 1.0f) {
    for (guint i = 0; i < n; i++)
      out[i] = in[i];
    return;
  }
  for (guint i = 0; i < n; i++)
    out[i] = (gint32) ((gfloat) in[i] * (from + step * (gfloat) (i + 1)));
}

void
mix_add (gint32 *sum, const gint32 *in, guint n)
{
  for (guint i = 0; i < n; i++)
    sum[i] += in[i];
}

void
mix_subtract (gint32 *sum, const gint32 *in, guint n)
{
  for (guint i = 0; i < n; i++)
    sum[i] -= in[i];
}

void
mix_crossfade (const gint32 *from, gint32 *to, guint n)
{
  for (guint i = 0; i < n; i++)
    to[i] = (gint32) (from[i] +
        ((gint64) to[i] - from[i]) * (gint64) (i + 1) / (gint64) n);
}

/* d / (1 + d / room): of slope 1 at the knee, towards @room far above it. */
static gint32
bend (gint32 level)
{
  const gint64 room = G_MAXINT16 - MIX_LIMIT_KNEE;
  const gint64 above = (gint64) level - MIX_LIMIT_KNEE;

  return (gint32) (MIX_LIMIT_KNEE + above * room / (above + room));
}

void
mix_limit (const gint32 *in, gint16 *out, guint n)
{
  for (guint i = 0; i < n; i++) {
    gint32 x = in[i];
    if (x > MIX_LIMIT_KNEE)
      x = bend (x);
    else if (x < -MIX_LIMIT_KNEE)
      x = -bend (-x);
    out[i] = (gint16) x;
  }
}
