/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* ITU-T G.711, RFC 3551 4.5.14: a byte a sample, and no state. */

#include "rtpcodec.h"

/* ITU-T G.113, appendix I: with concealment such as that of G.711, appendix I. */
#define G711_ROBUSTNESS 25.1

static gsize
get_size (guint n)
{
  return n;
}

static guint
get_duration (const guint8 *payload, gsize size)
{
  return (guint) size;
}

static gsize
encode_mulaw (gpointer encoder, const gint16 *samples, guint n, guint8 *payload)
{
  gst_voice_law_encode (GST_VOICE_MULAW, samples, payload, n);
  return n;
}

static gsize
encode_alaw (gpointer encoder, const gint16 *samples, guint n, guint8 *payload)
{
  gst_voice_law_encode (GST_VOICE_ALAW, samples, payload, n);
  return n;
}

static void
decode_mulaw (gpointer decoder, const guint8 *payload, gsize size,
    gint16 *samples)
{
  gst_voice_law_decode (GST_VOICE_MULAW, payload, samples, size);
}

static void
decode_alaw (gpointer decoder, const guint8 *payload, gsize size,
    gint16 *samples)
{
  gst_voice_law_decode (GST_VOICE_ALAW, payload, samples, size);
}

const RtpCodec rtp_codec_pcmu = {
  .name = "PCMU",
  .payload_type = 0,
  .event_type = 101,
  .clock = 8000,
  .rate = 8000,
  .robustness = G711_ROBUSTNESS,
  .encoding = GST_VOICE_MULAW,
  .get_size = get_size,
  .get_duration = get_duration,
  .encode = encode_mulaw,
  .decode = decode_mulaw,
};

const RtpCodec rtp_codec_pcma = {
  .name = "PCMA",
  .payload_type = 8,
  .event_type = 101,
  .clock = 8000,
  .rate = 8000,
  .robustness = G711_ROBUSTNESS,
  .encoding = GST_VOICE_ALAW,
  .get_size = get_size,
  .get_duration = get_duration,
  .encode = encode_alaw,
  .decode = decode_alaw,
};
