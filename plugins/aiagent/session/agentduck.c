/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentduck.h"

#include "common/frame/gstvoiceformat.h"

#define DOWN 0.316f /* 10 dB */
#define LAW_FRAME GST_VOICE_FRAME_SAMPLES (8000)

static void
scale (gint16 *samples, guint n, gfloat from, gfloat to)
{
  const gfloat step = (to - from) / (gfloat) n;

  for (guint i = 0; i < n; i++)
    samples[i] = (gint16) ((gfloat) samples[i] * (from + step * (gfloat) i));
}

void
agent_duck_apply (AgentDuck *self, gboolean down, const GstVoiceFormat *format,
    guint8 *frame)
{
  const gfloat from = self->down ? DOWN : 1, to = down ? DOWN : 1;
  gint16 decoded[LAW_FRAME];

  if (!self->down && !down)
    return;
  self->down = down;
  if (format->encoding == GST_VOICE_S16) {
    scale ((gint16 *) (gpointer) frame, GST_VOICE_FRAME_SAMPLES (format->rate),
        from, to);
    return;
  }
  gst_voice_law_decode (format->encoding, frame, decoded, LAW_FRAME);
  scale (decoded, LAW_FRAME, from, to);
  gst_voice_law_encode (format->encoding, decoded, frame, LAW_FRAME);
}
