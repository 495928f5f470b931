/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A stream whose owner takes, or gives, a codec's packets: those of the call's codec pass
 * as they are, between the call's and any other there is a decoder and an encoder. */

#include "rtpstreamprivate.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)
#define MAX_FRAME (RTP_RECEIVER_MAX_FRAME / sizeof (gint16))
/* ms of a packet; those of 2.5 ms are for music. */
#define LEAST 5
#define MOST 60

/* ---- What comes; loop thread */

gboolean
rtp_stream_is_sealed (const RtpStream *self)
{
  return self->taken.encoding != GST_VOICE_S16 &&
      self->taken.encoding == self->media.codec->packet_encoding;
}

static gboolean
makes_packets (const RtpStream *self)
{
  return codec_table_find_packets (self->taken.encoding) &&
      !rtp_stream_is_sealed (self);
}

void
rtp_stream_set_packets (RtpStream *self)
{
  rtp_unpacker_seal (&self->unpacker, rtp_stream_is_sealed (self));
  g_clear_pointer (&self->packet_encoder, g_free);
  if (makes_packets (self))
    self->packet_encoder = codec_table_find_packets (self->taken.encoding)
                               ->encoder_new (self->media.codec->rate);
}

void
rtp_stream_deliver_sealed (RtpStream *self, const RtpFrame *frame)
{
  const RtpCodec *codec = self->media.codec;
  const guint n = codec->rate / 50;
  gint16 blank[MAX_FRAME];
  const GByteArray *payload;

  self->counters.silent += frame->kind == RTP_FRAME_SILENCE;
  if (!frame->audio)
    return;
  memcpy (blank, frame->audio, n * sizeof *blank);
  for (guint at = 0;
       (payload = rtp_sealed_find (&self->unpacker.sealed, blank, n, &at));
       at++) {
    const RtpStreamFrame out = {
      .n_samples = codec->get_duration (payload->data, payload->len),
      .format = { codec->packet_encoding, GST_VOICE_OPUS_RATE },
      .audio = payload->data,
      .audio_size = payload->len,
      .time = frame->time + at * SECOND / codec->rate,
      .discont = frame->discont
    };
    self->callbacks.frame (&out, self->user);
  }
}

gboolean
rtp_stream_make_packet (RtpStream *self, RtpStreamFrame *frame, guint8 *payload)
{
  if (!self->packet_encoder)
    return TRUE;
  frame->audio_size = codec_table_find_packets (self->taken.encoding)
                          ->encode (self->packet_encoder, frame->samples,
                              frame->n_samples, payload);
  frame->audio = payload;
  frame->format = self->taken;
  return frame->audio_size > 0;
}

typedef struct
{
  RtpStream *stream;
  GstVoiceFormat format;
} Taken;

static void
taken_free (gpointer data)
{
  Taken *self = data;

  rtp_stream_unref (self->stream);
  g_free (self);
}

static void
apply_taken (gpointer data)
{
  const Taken *request = data;
  RtpStream *self = request->stream;

  self->taken = request->format;
  if (self->started && self->rtp)
    rtp_receive_set_form (self);
}

void
rtp_stream_set_taken (RtpStream *self, const GstVoiceFormat *format)
{
  Taken *request = g_new0 (Taken, 1);

  request->stream = rtp_stream_ref (self);
  request->format = *format;
  g_mutex_lock (&self->lock);
  self->taken_encoding = (gint) format->encoding;
  g_mutex_unlock (&self->lock);
  media_loop_invoke (self->loop, apply_taken, request, taken_free);
}

/* ---- What goes; lock held */

static void
set_queue_frame_unlocked (RtpStream *self, guint n)
{
  PacketizerFormat format = self->packetizer.format;

  rtp_send_drop_queue_unlocked (self);
  format.frame = n;
  packetizer_set_format (&self->packetizer, &format);
}

void
rtp_send_open_queue_unlocked (RtpStream *self)
{
  if (!self->send_sealed)
    return;
  set_queue_frame_unlocked (self, self->queue_frame);
  self->send_sealed = FALSE;
}

static guint
seal_unlocked (RtpStream *self, const guint8 *payload, gsize size,
    gint16 *samples, guint n)
{
  if (!self->send_sealed || self->packetizer.frame != n)
    set_queue_frame_unlocked (self, n);
  self->send_sealed = TRUE;
  rtp_sealed_put (&self->sealed, payload, size, samples, n);
  return n;
}

static guint
decode_unlocked (RtpStream *self, const RtpCodec *codec, const guint8 *payload,
    gsize size, gint16 *samples, guint n)
{
  const guint rate = self->send_codec->rate;

  rtp_send_open_queue_unlocked (self);
  if (!self->packet_decoder || self->packet_rate != rate) {
    g_free (self->packet_decoder);
    self->packet_decoder = codec->decoder_new (rate);
    self->packet_rate = rate;
  }
  codec->decode (self->packet_decoder, payload, size, samples);
  return n * rate / codec->rate;
}

guint
rtp_send_unpack_unlocked (RtpStream *self, GstVoiceEncoding encoding,
    const guint8 *payload, gsize size, gint16 *samples)
{
  const RtpCodec *codec = codec_table_find_packets (encoding);
  const guint n = codec->get_duration (payload, size);

  if (n < LEAST * codec->rate / 1000 || n > MOST * codec->rate / 1000 ||
      size > RTP_SEND_MAX_PAYLOAD)
    return 0;
  if (self->send_codec == codec)
    return seal_unlocked (self, payload, size, samples, n);
  return decode_unlocked (self, codec, payload, size, samples, n);
}

/* ---- Any thread, lock held */

static gboolean
passes (const RtpCodec *codec, gint encoding)
{
  return encoding != GST_VOICE_S16 &&
      (encoding == (gint) codec->encoding ||
          encoding == (gint) codec->packet_encoding);
}

guint
rtp_stream_count_transcodes_unlocked (const RtpStream *self)
{
  const RtpCodec *codec = self->send_codec;

  if (!codec)
    return 0;
  return (self->taken_encoding >= 0 && !passes (codec, self->taken_encoding)) +
      (self->given_encoding >= 0 && !passes (codec, self->given_encoding));
}
