/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <stdlib.h>

/* G.711 from its definition (ITU-T G.711 tables 1a and 2a), apart from the
 * plugin's own, which comes from a library. */

static inline gint16
g711_decode (guint8 code, gboolean alaw)
{
  if (alaw) {
    guint a = code ^ 0x55, segment = (a >> 4) & 7, step = a & 15;
    gint value = (step << 4) + 8;
    if (segment > 0)
      value = (value + 256) << (segment - 1);
    return (a & 0x80) ? value : -value;
  }
  guint u = (guint8) ~code, segment = (u >> 4) & 7, step = u & 15;
  gint value = (((step << 3) + 132) << segment) - 132;
  return (u & 0x80) ? -value : value;
}

static inline guint8
g711_encode (gint16 sample, gboolean alaw)
{
  gint magnitude = MIN (abs (sample), alaw ? 32767 : 32635);
  gint segment = 7, value = alaw ? magnitude : magnitude + 132;
  gint top = 0x4000;

  while (segment > 0 && !(value & top)) {
    segment--;
    top >>= 1;
  }
  gint shift = alaw && segment == 0 ? 4 : segment + 3;
  guint8 code = (segment << 4) | ((value >> shift) & 15);
  if (alaw)
    return (code | (sample >= 0 ? 0x80 : 0)) ^ 0x55;
  return (guint8) ~(code | (sample < 0 ? 0x80 : 0));
}
