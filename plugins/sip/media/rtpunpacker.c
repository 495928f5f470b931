/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpunpacker.h"

#define NARROW_RATE 8000

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
rtp_unpacker_clear (RtpUnpacker *self)
{
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

/* A payload of @codec as one of the call's. */
static const guint8 *
recode (RtpUnpacker *self, const RtpCodec *codec, const guint8 *payload,
    gsize *size)
{
  if (self->other != codec) {
    forget_other (self);
    self->other = codec;
    self->other_decoder = new_state (codec->decoder_new, NARROW_RATE);
    self->other_encoder = new_state (self->codec->encoder_new, NARROW_RATE);
  }
  const guint n =
      codec->get_duration (payload, *size) / (codec->rate / NARROW_RATE);
  gint16 *samples = resize (self->narrow, n);
  codec->decode (self->other_decoder, payload, *size, samples);
  g_byte_array_set_size (self->payload,
      (guint) self->codec->get_size (n * (self->codec->rate / NARROW_RATE)));
  *size = self->codec->encode (self->other_encoder, samples, n,
      self->payload->data);
  return self->payload->data;
}

const guint8 *
rtp_unpacker_unpack (const RtpPacket *packet, guint *n_ticks, gpointer user)
{
  RtpUnpacker *self = user;
  const RtpCodec *codec = find_codec (self, packet->payload_type);
  const guint8 *payload = packet->payload;
  gsize size = packet->payload_size;

  if (!codec || size == 0)
    return NULL;
  if (codec != self->codec)
    payload = recode (self, codec, payload, &size);
  codec = self->codec;
  const guint n = codec->get_duration (payload, size);
  *n_ticks = n / (codec->rate / codec->clock);
  if (codec->encoding != GST_VOICE_S16)
    return payload;
  gint16 *samples = resize (self->samples, n);
  codec->decode (self->decoder, payload, size, samples);
  return (const guint8 *) samples;
}
