/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpunpacker.h"

#include <string.h>

#define NARROW_RATE 8000
#define SHORTEST 5 /* ms: RtpCodec.encode */
#define SHORTEST_NARROW (SHORTEST * NARROW_RATE / 1000)

static void
forget_other (RtpUnpacker *self)
{
  self->other = NULL;
  g_clear_pointer (&self->other_decoder, g_free);
  g_clear_pointer (&self->other_encoder, g_free);
}

static gpointer
new_state (gpointer (*create) (guint rate), guint rate)
{
  return create ? create (rate) : NULL;
}

void
rtp_unpacker_set (RtpUnpacker *self, const RtpCodec *codec, guint8 payload_type,
    gboolean any)
{
  self->payload_type = payload_type;
  self->any = any;
  if (self->codec == codec)
    return;
  rtp_unpacker_clear (self);
  self->codec = codec;
  self->decoder = new_state (codec->decoder_new, codec->rate);
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->narrow = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->payload = g_byte_array_new ();
}

void
rtp_unpacker_seal (RtpUnpacker *self, gboolean sealed)
{
  self->is_sealed = sealed;
}

void
rtp_unpacker_clear (RtpUnpacker *self)
{
  rtp_sealed_clear (&self->sealed);
  forget_other (self);
  g_clear_pointer (&self->decoder, g_free);
  g_clear_pointer (&self->samples, g_array_unref);
  g_clear_pointer (&self->narrow, g_array_unref);
  g_clear_pointer (&self->payload, g_byte_array_unref);
}

static const RtpCodec *
find_codec (const RtpUnpacker *self, guint8 payload_type)
{
  if (payload_type == self->payload_type)
    return self->codec;
  return self->any ? codec_table_find_type (payload_type) : NULL;
}

gboolean
rtp_unpacker_knows (const RtpUnpacker *self, guint8 payload_type)
{
  return find_codec (self, payload_type) != NULL;
}

static gint16 *
resize (GArray *array, guint n)
{
  g_array_set_size (array, n);
  return (gint16 *) (gpointer) array->data;
}

static guint
get_ticks (const RtpCodec *codec, guint n)
{
  return n / (codec->rate / rtp_codec_get_line_clock (codec));
}

static const guint8 *
unpack (RtpUnpacker *self, const guint8 *payload, gsize size, guint *n_ticks)
{
  const RtpCodec *codec = self->codec;
  const guint n = codec->get_duration (payload, size);

  *n_ticks = get_ticks (codec, n);
  if (codec->encoding != GST_VOICE_S16)
    return payload;
  gint16 *samples = resize (self->samples, n);
  if (!self->is_sealed)
    codec->decode (self->decoder, payload, size, samples);
  else if (n)
    rtp_sealed_put (&self->sealed, payload, size, samples, n);
  return (const guint8 *) samples;
}

/* ---- Of another codec, by way of a telephone's band */

/* To `payload`; nothing there: nothing need be sent. */
static void
encode_narrow (RtpUnpacker *self, const gint16 *samples, guint n)
{
  const RtpCodec *codec = self->codec;

  g_byte_array_set_size (self->payload,
      (guint) codec->get_size (n * (codec->rate / NARROW_RATE)));
  g_byte_array_set_size (self->payload,
      (guint) codec->encode (self->other_encoder, samples, n,
          self->payload->data));
}

/* How many of @left samples of that band one payload of the call's codec has: of Opus as many
 * as one of its frames, or more than are left. */
static guint
fit_piece (const RtpCodec *codec, guint left)
{
  const guint time = MAX (left / (NARROW_RATE / 1000), SHORTEST);

  return codec->fit_packet_time
      ? codec->fit_packet_time (time) * (NARROW_RATE / 1000)
      : left;
}

/* @narrow has SHORTEST of silence behind its @n samples. */
static const guint8 *
recode_pieces (RtpUnpacker *self, const gint16 *narrow, guint n, guint *n_ticks)
{
  const RtpCodec *codec = self->codec;
  const guint ratio = codec->rate / NARROW_RATE;
  gint16 *samples = resize (self->samples, (n + SHORTEST_NARROW) * ratio);

  memset (samples, 0, self->samples->len * sizeof *samples);
  for (guint at = 0; at < n;) {
    const guint piece = fit_piece (codec, n - at);
    const guint used = MIN (piece, n - at);
    encode_narrow (self, narrow + at, piece);
    const guint8 *payload = self->payload->data;
    const gsize size = self->payload->len;
    if (size && self->is_sealed)
      rtp_sealed_put (&self->sealed, payload, size, samples + at * ratio,
          used * ratio);
    else if (size)
      codec->decode (self->decoder, payload, size, samples + at * ratio);
    at += used;
  }
  *n_ticks = get_ticks (codec, n * ratio);
  return (const guint8 *) samples;
}

static const guint8 *
recode (RtpUnpacker *self, const RtpCodec *codec, const guint8 *payload,
    gsize size, guint *n_ticks)
{
  if (self->other != codec) {
    forget_other (self);
    self->other = codec;
    self->other_decoder = new_state (codec->decoder_new, NARROW_RATE);
    self->other_encoder = new_state (self->codec->encoder_new, NARROW_RATE);
  }
  const guint n =
      codec->get_duration (payload, size) / (codec->rate / NARROW_RATE);
  gint16 *narrow = resize (self->narrow, n + SHORTEST_NARROW);
  memset (narrow + n, 0, SHORTEST_NARROW * sizeof *narrow);
  codec->decode (self->other_decoder, payload, size, narrow);
  if (self->codec->encoding == GST_VOICE_S16)
    return recode_pieces (self, narrow, n, n_ticks);
  encode_narrow (self, narrow, n);
  return unpack (self, self->payload->data, self->payload->len, n_ticks);
}

const guint8 *
rtp_unpacker_unpack (const RtpPacket *packet, guint *n_ticks, gpointer user)
{
  RtpUnpacker *self = user;
  const RtpCodec *codec = find_codec (self, packet->payload_type);
  const gsize size = packet->payload_size;

  if (!codec || size == 0)
    return NULL;
  return codec == self->codec
      ? unpack (self, packet->payload, size, n_ticks)
      : recode (self, codec, packet->payload, size, n_ticks);
}

guint
rtp_unpacker_get_clock (const RtpPacket *packet, gpointer user)
{
  const RtpUnpacker *self = user;
  const RtpCodec *codec = find_codec (self, packet->payload_type);

  return codec ? codec->clock : self->codec->clock;
}

const guint8 *
rtp_unpacker_mend (const RtpPacket *behind, guint n_ticks, gpointer user)
{
  RtpUnpacker *self = user;
  const RtpCodec *codec = self->codec;
  const guint n = n_ticks * (codec->rate / rtp_codec_get_line_clock (codec));
  const gboolean known =
      behind && find_codec (self, behind->payload_type) == codec;
  gint16 *samples = resize (self->samples, n);

  if (self->is_sealed)
    memset (samples, 0, n * sizeof *samples);
  else
    codec->fill (self->decoder, known ? behind->payload : NULL,
        known ? behind->payload_size : 0, samples, n);
  return (const guint8 *) samples;
}
