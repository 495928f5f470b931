/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Law to S16 by a table of 256 entries, S16 to law by one of the sample's sign and
 * magnitude without its two lowest bits, in which no step of either law begins.
 * Both are made with spandsp's coder and give what it gives for every sample. */

#include "gstvoiceformat.h"

#include <gst/audio/audio.h>
#include <spandsp.h>
#include <string.h>

/* ---- Caps */

static const gchar *
media_type (GstVoiceEncoding encoding)
{
  switch (encoding) {
    case GST_VOICE_MULAW:
      return "audio/x-mulaw";
    case GST_VOICE_ALAW:
      return "audio/x-alaw";
    case GST_VOICE_OPUS:
      return "audio/x-opus";
    case GST_VOICE_S16:
      break;
  }
  return "audio/x-raw";
}

GstCaps *
gst_voice_format_to_caps (const GstVoiceFormat *format)
{
  GstCaps *caps = gst_caps_new_simple (media_type (format->encoding), "rate",
      G_TYPE_INT, (gint) format->rate, "channels", G_TYPE_INT, 1, NULL);

  if (format->encoding == GST_VOICE_S16)
    gst_caps_set_simple (caps, "format", G_TYPE_STRING, "S16LE", "layout",
        G_TYPE_STRING, "interleaved", NULL);
  if (format->encoding == GST_VOICE_OPUS)
    gst_caps_set_simple (caps, "channel-mapping-family", G_TYPE_INT, 0, NULL);
  return caps;
}

/* A packet says itself how many channels it has, and any decoder has the rate that it
 * likes: caps need say neither. */
static gboolean
is_opus (const GstStructure *s)
{
  gint family = 0;

  gst_structure_get_int (s, "channel-mapping-family", &family);
  return gst_structure_has_name (s, "audio/x-opus") && family == 0;
}

gboolean
gst_voice_format_from_caps (GstVoiceFormat *format, const GstCaps *caps)
{
  gint rate, channels;

  if (!gst_caps_is_fixed (caps))
    return FALSE;
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  if (is_opus (s)) {
    *format = (GstVoiceFormat){ GST_VOICE_OPUS, GST_VOICE_OPUS_RATE };
    return TRUE;
  }
  if (!gst_structure_get_int (s, "rate", &rate) ||
      !gst_structure_get_int (s, "channels", &channels) || channels != 1 ||
      rate <= 0)
    return FALSE;
  format->rate = (guint) rate;
  if (gst_structure_has_name (s, "audio/x-mulaw"))
    format->encoding = GST_VOICE_MULAW;
  else if (gst_structure_has_name (s, "audio/x-alaw"))
    format->encoding = GST_VOICE_ALAW;
  else if (gst_structure_has_name (s, "audio/x-raw") &&
      !g_strcmp0 (gst_structure_get_string (s, "format"), "S16LE"))
    format->encoding = GST_VOICE_S16;
  else
    return FALSE;
  return format->encoding == GST_VOICE_S16 || rate == 8000;
}

gboolean
gst_voice_format_equal (const GstVoiceFormat *a, const GstVoiceFormat *b)
{
  return a->encoding == b->encoding && a->rate == b->rate;
}

GstCaps *
gst_voice_format_caps_preferring (const GstVoiceFormat *first)
{
  GstVoiceFormat raw = { GST_VOICE_S16, first->rate };
  GstCaps *caps = gst_voice_format_to_caps (&raw);

  if (first->encoding != GST_VOICE_S16)
    gst_caps_append (caps, gst_voice_format_to_caps (first));
  return gst_caps_merge (caps, gst_caps_from_string (GST_VOICE_CAPS));
}

/* @index of @caps as caps of their own, which may not be fixed. */
static gboolean
parse_structure (GstVoiceFormat *format, const GstCaps *caps, guint index)
{
  if (index >= gst_caps_get_size (caps))
    return FALSE;
  g_autoptr (GstCaps) one = gst_caps_copy_nth (caps, index);
  return gst_voice_format_from_caps (format, one);
}

gboolean
gst_voice_format_parse_preferred_law (GstVoiceFormat *law, const GstCaps *caps)
{
  GstVoiceFormat first, second;

  if (gst_caps_is_any (caps) || !parse_structure (&first, caps, 0))
    return FALSE;
  if (first.encoding != GST_VOICE_S16) {
    *law = first;
    return TRUE;
  }
  if (first.rate != 8000 || !parse_structure (&second, caps, 1) ||
      second.encoding == GST_VOICE_S16)
    return FALSE;
  *law = second;
  return TRUE;
}

void
gst_voice_format_silence (GstVoiceEncoding encoding, guint8 *data, gsize size)
{
  static const guint8 zero[] = { [GST_VOICE_S16] = 0,
    [GST_VOICE_MULAW] = 0xff,
    [GST_VOICE_ALAW] = 0xd5,
    [GST_VOICE_OPUS] = 0 };

  memset (data, zero[encoding], size);
}

/* ---- G.711 */

#define MAGNITUDES (32768 / 4 + 1)

typedef struct
{
  gint16 decode[256];
  guint8 encode[2 * MAGNITUDES]; /* >= 0, < 0 */
  gint zero; /* magnitude of x < 0 is zero - x */
} Law;

static Law laws[2]; /* mu, A */

static gpointer
make_tables (gpointer unused)
{
  laws[0].zero = 0;
  laws[1].zero = -1; /* the A-law's steps have no 0: -1 mirrors it */
  for (guint i = 0; i < 256; i++) {
    laws[0].decode[i] = ulaw_to_linear ((uint8_t) i);
    laws[1].decode[i] = alaw_to_linear ((uint8_t) i);
  }
  for (gint i = 0; i < MAGNITUDES; i++) {
    gint high = MIN (i * 4 + 3, 32767);
    laws[0].encode[i] = linear_to_ulaw (high);
    laws[1].encode[i] = linear_to_alaw (high);
    laws[0].encode[MAGNITUDES + i] = linear_to_ulaw (-high);
    laws[1].encode[MAGNITUDES + i] = linear_to_alaw (-1 - high);
  }
  return NULL;
}

static const Law *
law_tables (GstVoiceEncoding encoding)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, make_tables, NULL);
  return &laws[encoding == GST_VOICE_ALAW];
}

void
gst_voice_law_decode (GstVoiceEncoding law, const guint8 *in, gint16 *out,
    gsize n)
{
  const Law *tables = law_tables (law);

  for (gsize i = 0; i < n; i++)
    out[i] = tables->decode[in[i]];
}

void
gst_voice_law_encode (GstVoiceEncoding law, const gint16 *in, guint8 *out,
    gsize n)
{
  const Law *tables = law_tables (law);

  for (gsize i = 0; i < n; i++)
    out[i] =
        tables->encode[in[i] < 0 ? MAGNITUDES + ((tables->zero - in[i]) >> 2)
                                 : in[i] >> 2];
}

/* ---- The converter */

struct _GstVoiceConverter
{
  GstVoiceFormat from, to;
  GstAudioConverter *rate; /* NULL: rates are equal */
  GArray *linear; /* gint16: decoded input */
  GArray *resampled; /* gint16 */
};

static GstAudioConverter *
new_rate_converter (guint from, guint to)
{
  GstAudioInfo in, out;
  /* A short filter: speech, and every tap is delay. */
  GstStructure *options = gst_structure_new ("options",
      GST_AUDIO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_AUDIO_RESAMPLER_METHOD,
      GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_CONVERTER_OPT_DITHER_METHOD,
      GST_TYPE_AUDIO_DITHER_METHOD, GST_AUDIO_DITHER_NONE, NULL);

  gst_audio_resampler_options_set_quality (GST_AUDIO_RESAMPLER_METHOD_KAISER,
      GST_AUDIO_RESAMPLER_QUALITY_DEFAULT, (gint) from, (gint) to, options);
  gst_audio_info_set_format (&in, GST_AUDIO_FORMAT_S16LE, (gint) from, 1, NULL);
  gst_audio_info_set_format (&out, GST_AUDIO_FORMAT_S16LE, (gint) to, 1, NULL);
  return gst_audio_converter_new (GST_AUDIO_CONVERTER_FLAG_NONE, &in, &out,
      options);
}

GstVoiceConverter *
gst_voice_converter_new (const GstVoiceFormat *from, const GstVoiceFormat *to)
{
  GstVoiceConverter *self = g_new0 (GstVoiceConverter, 1);

  self->from = *from;
  self->to = *to;
  self->linear = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->resampled = g_array_new (FALSE, FALSE, sizeof (gint16));
  if (from->rate != to->rate)
    self->rate = new_rate_converter (from->rate, to->rate);
  return self;
}

void
gst_voice_converter_free (GstVoiceConverter *self)
{
  g_clear_pointer (&self->rate, gst_audio_converter_free);
  g_array_unref (self->linear);
  g_array_unref (self->resampled);
  g_free (self);
}

gboolean
gst_voice_converter_is_passthrough (const GstVoiceConverter *self)
{
  return gst_voice_format_equal (&self->from, &self->to);
}

void
gst_voice_converter_reset (GstVoiceConverter *self)
{
  if (self->rate)
    gst_audio_converter_reset (self->rate);
}

/* The input as S16; may point into @data. */
static const gint16 *
decode (GstVoiceConverter *self, gconstpointer data, gsize n)
{
  if (self->from.encoding == GST_VOICE_S16)
    return data;
  g_array_set_size (self->linear, (guint) n);
  gint16 *out = (gint16 *) (gpointer) self->linear->data;
  gst_voice_law_decode (self->from.encoding, data, out, n);
  return out;
}

static const gint16 *
resample (GstVoiceConverter *self, const gint16 *in, gsize *n)
{
  if (!self->rate)
    return in;
  gsize out_n = gst_audio_converter_get_out_frames (self->rate, *n);
  g_array_set_size (self->resampled, (guint) out_n);
  gpointer from[1] = { (gpointer) in }, to[1] = { self->resampled->data };
  if (out_n > 0 || *n > 0)
    gst_audio_converter_samples (self->rate, GST_AUDIO_CONVERTER_FLAG_NONE,
        from, *n, to, out_n);
  *n = out_n;
  return (const gint16 *) (gconstpointer) self->resampled->data;
}

void
gst_voice_converter_process (GstVoiceConverter *self, gconstpointer data,
    gsize size, GByteArray *out)
{
  gsize n = size / GST_VOICE_SAMPLE_SIZE (self->from.encoding);

  if (gst_voice_converter_is_passthrough (self)) {
    g_byte_array_append (out, data, (guint) size);
    return;
  }
  const gint16 *samples = resample (self, decode (self, data, n), &n);
  guint at = out->len;
  if (n == 0)
    return;
  g_byte_array_set_size (out,
      at + (guint) (n * GST_VOICE_SAMPLE_SIZE (self->to.encoding)));
  if (self->to.encoding == GST_VOICE_S16)
    memcpy (out->data + at, samples, n * 2);
  else
    gst_voice_law_encode (self->to.encoding, samples, out->data + at, n);
}

GstClockTime
gst_voice_converter_get_latency (const GstVoiceConverter *self)
{
  if (!self->rate)
    return 0;
  return gst_util_uint64_scale_int (gst_audio_converter_get_max_latency (
                                        self->rate),
      GST_SECOND, (gint) self->from.rate);
}
