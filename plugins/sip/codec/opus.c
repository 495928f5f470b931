/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Opus (RFC 6716) in RTP (RFC 7587), by libopus. Its clock in RTP is 48000 Hz, whatever
 * it carries.
 *
 * We code and decode it at 16 kHz: that is all that speech recognition hears, and all
 * that 24 kbit/s of speech has room for; at 48 kHz a call costs a third more for a band
 * that nobody listens to. Whoever wants all of it takes the packets as they are. */

#include "rtpcodec.h"

#include <opus/opus.h>

#define RATE 16000
#define BIT_RATE 24000
/* Of 0 to 10. More costs a lot and is hardly heard: with 8 it takes twice as long. */
#define COMPLEXITY 5
#define MAX_PAYLOAD \
  1275 /* RFC 6716 3.2.1: of a frame, and of a datagram of ours */
/* An encoder that says no more than that has nothing to send (DTX). */
#define NOTHING 2

static gsize
get_size (guint n)
{
  return MAX_PAYLOAD;
}

static guint
get_duration (const guint8 *payload, gsize size)
{
  const gint n = size ? opus_packet_get_nb_samples (payload,
                            (opus_int32) MIN (size, G_MAXINT32), RATE)
                      : 0;

  return (guint) MAX (n, 0);
}

/* RFC 6716 2.1.4; 2.5 and 5 ms have no room for what speech needs. */
static guint
fit_packet_time (guint time)
{
  static const guint times[] = { 60, 40, 20 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (time >= times[i])
      return times[i];
  return time >= 10 ? 10 : 5;
}

static gpointer
encoder_new (guint rate)
{
  OpusEncoder *self = g_malloc ((gsize) opus_encoder_get_size (1));

  opus_encoder_init (self, (opus_int32) rate, 1, OPUS_APPLICATION_VOIP);
  opus_encoder_ctl (self, OPUS_SET_BITRATE (BIT_RATE));
  opus_encoder_ctl (self, OPUS_SET_COMPLEXITY (COMPLEXITY));
  opus_encoder_ctl (self, OPUS_SET_SIGNAL (OPUS_SIGNAL_VOICE));
  return self;
}

static gint
get_band (guint rate)
{
  if (rate == 0 || rate >= 16000)
    return OPUS_BANDWIDTH_WIDEBAND;
  return rate >= 12000 ? OPUS_BANDWIDTH_MEDIUMBAND : OPUS_BANDWIDTH_NARROWBAND;
}

static void
set_wishes (gpointer encoder, const RtpWishes *wishes)
{
  const guint most = wishes->max_bit_rate ? wishes->max_bit_rate : BIT_RATE;

  opus_encoder_ctl (encoder,
      OPUS_SET_MAX_BANDWIDTH (get_band (wishes->max_rate)));
  opus_encoder_ctl (encoder,
      OPUS_SET_BITRATE ((opus_int32) MIN (most, BIT_RATE)));
  opus_encoder_ctl (encoder, OPUS_SET_INBAND_FEC (wishes->mends != FALSE));
  opus_encoder_ctl (encoder, OPUS_SET_DTX (wishes->pauses != FALSE));
  opus_encoder_ctl (encoder, OPUS_SET_VBR (!wishes->constant));
}

static void
set_loss (gpointer encoder, guint percent)
{
  opus_encoder_ctl (encoder, OPUS_SET_PACKET_LOSS_PERC ((opus_int32) percent));
}

static gsize
encode (gpointer encoder, const gint16 *samples, guint n, guint8 *payload)
{
  const opus_int32 size =
      opus_encode (encoder, samples, (gint) n, payload, MAX_PAYLOAD);

  return size > NOTHING ? (gsize) size : 0;
}

static gpointer
decoder_new (guint rate)
{
  OpusDecoder *self = g_malloc ((gsize) opus_decoder_get_size (1));

  opus_decoder_init (self, (opus_int32) rate, 1);
  return self;
}

/* What cannot be decoded is silence: of libopus' own making, or none. */
static void
decode (gpointer decoder, const guint8 *payload, gsize size, gint16 *samples)
{
  opus_int32 rate;

  opus_decoder_ctl (decoder, OPUS_GET_SAMPLE_RATE (&rate));
  const gint n = opus_packet_get_nb_samples (payload, (opus_int32) size, rate);
  const gint decoded =
      opus_decode (decoder, payload, (opus_int32) size, samples, n, 0);
  for (gint i = MAX (decoded, 0); i < n; i++)
    samples[i] = 0;
}

/* @next tells of the packet before it, if its sender thought of that; else, and without
 * it, the decoder goes on with what it heard. */
static void
fill (gpointer decoder, const guint8 *next, gsize size, gint16 *samples,
    guint n)
{
  gint decoded = next
      ? opus_decode (decoder, next, (opus_int32) size, samples, (gint) n, 1)
      : -1;

  if (decoded < 0)
    decoded = opus_decode (decoder, NULL, 0, samples, (gint) n, 0);
  for (guint i = (guint) MAX (decoded, 0); i < n; i++)
    samples[i] = 0;
}

/* ITU-T G.113 has no values for it: these are of AMR-WB at 23.85 kbit/s (appendix IV), which has
 * the same band and rate. */
const RtpCodec rtp_codec_opus = {
  .name = "opus",
  .payload_type = 111,
  .event_type = 102,
  .clock = 48000,
  .channels = 2,
  .rate = RATE,
  .impairment = 8,
  .robustness = 4.9,
  .encoding = GST_VOICE_S16,
  .packet_encoding = GST_VOICE_OPUS,
  .parameters = "maxplaybackrate=16000;sprop-maxcapturerate=16000;minptime=10;"
                "useinbandfec=1",
  .read_wishes = rtp_wishes_read_opus,
  .fit_packet_time = fit_packet_time,
  .get_size = get_size,
  .get_duration = get_duration,
  .encoder_new = encoder_new,
  .decoder_new = decoder_new,
  .set_wishes = set_wishes,
  .set_loss = set_loss,
  .encode = encode,
  .decode = decode,
  .fill = fill,
};
