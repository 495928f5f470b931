/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpsealed.h"

#include <string.h>

void
rtp_sealed_clear (RtpSealed *self)
{
  for (guint i = 0; i < RTP_SEALED_SLOTS; i++)
    g_clear_pointer (&self->payloads[i], g_byte_array_unref);
}

void
rtp_sealed_put (RtpSealed *self, const guint8 *payload, gsize size,
    gint16 *blank, guint n)
{
  const guint slot = self->n++ % RTP_SEALED_SLOTS;

  if (!self->payloads[slot])
    self->payloads[slot] = g_byte_array_new ();
  g_byte_array_set_size (self->payloads[slot], 0);
  g_byte_array_append (self->payloads[slot], payload, (guint) size);
  memset (blank, 0, n * sizeof *blank);
  blank[0] = (gint16) (slot + 1);
}

const GByteArray *
rtp_sealed_find (const RtpSealed *self, const gint16 *blank, guint n, guint *at)
{
  for (; *at < n; (*at)++)
    if (blank[*at] > 0 && blank[*at] <= RTP_SEALED_SLOTS)
      return self->payloads[blank[*at] - 1];
  return NULL;
}
