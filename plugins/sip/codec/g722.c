/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* ITU-T G.722 at 64 kbit/s, by spandsp: a byte for two samples of 16 kHz. Its clock
 * in RTP is 8000 Hz by an error that stands (RFC 3551 4.5.2). */

#include "rtpcodec.h"

#include <spandsp.h>
#include <spandsp/expose.h>
#include <string.h>

#define BIT_RATE 64000

static gsize
get_size (guint n)
{
  return n / 2;
}

static guint
get_duration (const guint8 *payload, gsize size)
{
  return (guint) size * 2;
}

static gint
get_options (guint rate)
{
  return rate == 8000 ? G722_SAMPLE_RATE_8000 : 0;
}

static gpointer
encoder_new (guint rate)
{
  g722_encode_state_t *self = g_new0 (g722_encode_state_t, 1);

  g722_encode_init (self, BIT_RATE, get_options (rate));
  return self;
}

static gpointer
decoder_new (guint rate)
{
  g722_decode_state_t *self = g_new0 (g722_decode_state_t, 1);

  g722_decode_init (self, BIT_RATE, get_options (rate));
  return self;
}

static gsize
encode (gpointer encoder, const gint16 *samples, guint n, guint8 *payload)
{
  return (gsize) g722_encode (encoder, payload, samples, (gint) n);
}

static void
decode (gpointer decoder, const guint8 *payload, gsize size, gint16 *samples)
{
  g722_decode (decoder, samples, payload, (gint) size);
}

/* Its predictors are adapted to a sound that has gone on without them: with poles as
 * close to the unit circle as a sung vowel's they would begin with a bang of three times
 * the voice. So they are drawn in by a quarter, the zeros' past is forgotten, and the
 * step begins 3 dB lower (nb counts 2048 to an octave): it grows faster than it
 * shrinks. */
static void
conceal (gpointer decoder, const gint16 *samples, guint n)
{
  g722_decode_state_t *self = decoder;

  for (guint i = 0; i < G_N_ELEMENTS (self->band); i++) {
    g722_band_t *band = &self->band[i];
    band->a[0] = (gint16) (band->a[0] * 3 / 4);
    band->a[1] = (gint16) (band->a[1] * 9 / 16);
    band->nb = MAX (band->nb - 1024, 0);
    memset (band->d, 0, sizeof band->d);
  }
}

/* ITU-T G.113, appendix IV: Ie of 64 kbit/s in the wide band. Bpl is that of AMR-WB, which has
 * about as much to make up a loss with. */
const RtpCodec rtp_codec_g722 = {
  .name = "G722",
  .payload_type = 9,
  .event_type = 101,
  .clock = 8000,
  .rate = 16000,
  .impairment = 13,
  .robustness = 4.9,
  .encoding = GST_VOICE_S16,
  .get_size = get_size,
  .get_duration = get_duration,
  .encoder_new = encoder_new,
  .decoder_new = decoder_new,
  .encode = encode,
  .decode = decode,
  .conceal = conceal,
};
