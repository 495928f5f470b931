/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What holds for every codec of the table, G.722's sound, and what Opus does for its
 * far end. */

#include "sip/codec/codectable.h"
#include "../../../syntheticvoice.h"

#include <math.h>
#include <string.h>

#define MAX_FRAME 960
#define MAX_PAYLOAD 1920
#define SECONDS 2

static const RtpCodec *
get_codec (guint n)
{
  return codec_table_get (n);
}

static void
test_table (void)
{
  g_autofree gchar *all = codec_table_describe (NULL);
  g_assert_true (g_str_has_prefix (all, "PCMU, PCMA"));
  g_assert_true (codec_table_find ("g722") == &rtp_codec_g722);
  g_assert_null (codec_table_find ("G729"));
  g_assert_null (codec_table_find (""));
  for (guint i = 0; get_codec (i); i++) {
    const RtpCodec *codec = get_codec (i);
    g_assert_nonnull (strstr (all, codec->name));
    g_assert_true (codec_table_find (codec->name) == codec);
    g_assert_true (codec_table_find_type (codec->payload_type) == codec);
    const guint clock = rtp_codec_get_line_clock (codec);
    g_assert_true (codec->rate % clock == 0 && codec->clock % clock == 0);
    g_assert_cmpuint (codec->rate / 50, <=, MAX_FRAME);
    g_assert_cmpuint (codec->get_size (codec->rate / 50), <=, MAX_PAYLOAD);
    g_assert_true (codec->encoding == GST_VOICE_S16 || codec->rate == 8000);
    GstVoiceFormat format = codec_table_get_format (codec);
    g_assert_cmpuint (format.rate, ==, codec->rate);
  }
  g_assert_null (codec_table_find_type (77));
  g_assert_cmpuint (codec_table_get_format (NULL).rate, ==, 8000);
}

static void
test_names (void)
{
  static const gchar *const bad[] = { "", " , ", "G729", "PCMU,AMR",
    "PCMU;PCMA", "PCMU,,PCMA" };
  g_autofree gchar *all = codec_table_describe (NULL);
  RtpCodecList list;
  g_assert_true (codec_table_parse ("g722, pcmu ,G722", &list, NULL));
  g_assert_cmpuint (list.n, ==, 2);
  g_assert_true (list.codecs[0] == &rtp_codec_g722);
  g_assert_true (list.codecs[1] == &rtp_codec_pcmu);
  g_autofree gchar *text = codec_table_describe (&list);
  g_assert_cmpstr (text, ==, "G722 and PCMU");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (codec_table_parse (bad[i], &list, &error));
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, all));
  }
}

/* ---- Round trips */

static gint16 *
make_tones (guint rate, gdouble low, gdouble high)
{
  gint16 *samples = g_new (gint16, SECONDS * rate);
  for (guint i = 0; i < SECONDS * rate; i++)
    samples[i] = (gint16) (6000 * sin (2 * G_PI * low * i / rate) +
        (high > 0 ? 6000 * sin (2 * G_PI * high * i / rate) : 0));
  return samples;
}

/* In packets of @time ms, through an encoder and a decoder at @rate. */
static gint16 *
round_trip (const RtpCodec *codec, guint rate, const gint16 *samples,
    guint time)
{
  gint16 *out = g_new0 (gint16, SECONDS * rate);
  const guint n = rate * time / 1000;
  g_autofree gpointer encoder =
      codec->encoder_new ? codec->encoder_new (rate) : NULL;
  g_autofree gpointer decoder =
      codec->decoder_new ? codec->decoder_new (rate) : NULL;
  for (guint i = 0; i + n <= SECONDS * rate; i += n) {
    guint8 payload[MAX_PAYLOAD];
    gsize size = codec->encode (encoder, samples + i, n, payload);
    g_assert_cmpuint (size, >, 0);
    g_assert_cmpuint (size, <=, codec->get_size (n * (codec->rate / rate)));
    g_assert_cmpuint (codec->get_duration (payload, size), ==,
        n * (codec->rate / rate));
    codec->decode (decoder, payload, size, out + i);
  }
  return out;
}

/* dB, of the second second, at the delay that fits best. */
static gdouble
get_snr (const gint16 *in, const gint16 *out, guint rate)
{
  gdouble best = -100;
  for (guint delay = 0; delay < rate / 100; delay++) {
    gdouble signal = 0, noise = 0;
    for (guint i = rate; i < 2 * rate - rate / 50; i++) {
      const gdouble error = in[i - delay] - out[i];
      signal += (gdouble) in[i] * in[i];
      noise += error * error;
    }
    best = MAX (best, 10 * log10 (signal / (noise + 1)));
  }
  return best;
}

/* The amplitude of @frequency in the second second. */
static gdouble
get_level (const gint16 *samples, gdouble frequency, guint rate)
{
  gdouble re = 0, im = 0;
  for (guint i = rate; i < 2 * rate; i++) {
    re += samples[i] * cos (2 * G_PI * frequency * i / rate);
    im += samples[i] * sin (2 * G_PI * frequency * i / rate);
  }
  return 2 * hypot (re, im) / rate;
}

static void
test_round_trip (void)
{
  static const guint times[] = { 5, 10, 20, 30, 40, 60 };
  const guint n_times = G_N_ELEMENTS (times);
  for (guint i = 0; get_codec (i); i++)
    for (guint k = 0; k < 2 * n_times; k++) {
      const RtpCodec *codec = get_codec (i);
      const guint rate = k < n_times ? codec->rate : 8000;
      const guint time = codec->fit_packet_time
          ? codec->fit_packet_time (times[k % n_times])
          : times[k % n_times];
      g_assert_cmpuint (time, <=, times[k % n_times]);
      g_autofree gint16 *in = make_tones (rate, 397.3, 1101.7);
      g_autofree gint16 *out = round_trip (codec, rate, in, time);
      const gdouble snr = get_snr (in, out, rate);
      g_test_message ("%s at %u Hz, %u ms: %.1f dB", codec->name, rate, time,
          snr);
      /* One of 24 kbit/s keeps no waveform. */
      g_assert_cmpfloat (snr, >, codec == &rtp_codec_opus ? 8 : 25);
      g_assert_cmpfloat (ABS (get_level (out, 397.3, rate) - 6000), <, 900);
      g_assert_cmpfloat (ABS (get_level (out, 1101.7, rate) - 6000), <, 900);
    }
}

/* What a telephone does not carry. */
static void
test_wide (void)
{
  g_autofree gint16 *in = make_tones (16000, 700, 6100);
  g_autofree gint16 *out = round_trip (&rtp_codec_g722, 16000, in, 20);
  g_test_message ("700 Hz %.0f, 6100 Hz %.0f, %.1f dB",
      get_level (out, 700, 16000), get_level (out, 6100, 16000),
      get_snr (in, out, 16000));
  g_assert_cmpfloat (get_level (out, 6100, 16000), >, 6000 * 0.8);
  g_assert_cmpfloat (get_level (out, 6100, 16000), <, 6000 * 1.2);
  g_assert_cmpfloat (get_level (out, 700, 16000), >, 6000 * 0.9);
  g_assert_cmpfloat (get_level (out, 700, 16000), <, 6000 * 1.1);
  g_assert_cmpfloat (get_level (out, 4900, 16000), <, 200);
}

/* Silence is a payload like any other, and stays silent. */
static void
test_silence (void)
{
  for (guint i = 0; get_codec (i); i++) {
    const RtpCodec *codec = get_codec (i);
    g_autofree gint16 *in = g_new0 (gint16, SECONDS * codec->rate);
    g_autofree gint16 *out = round_trip (codec, codec->rate, in, 20);
    for (guint k = 0; k < SECONDS * codec->rate; k++)
      g_assert_cmpint (ABS (out[k]), <=, 16);
  }
}

/* Bytes of strangers: any payload, and the next one. */
static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (guint i = 0; get_codec (i); i++) {
    const RtpCodec *codec = get_codec (i);
    g_autofree gpointer decoder =
        codec->decoder_new ? codec->decoder_new (codec->rate) : NULL;
    for (guint k = 0; k < 2000; k++) {
      const gsize size = (gsize) g_rand_int_range (rand, 0, 400);
      g_autofree guint8 *payload = g_malloc (size);
      for (gsize b = 0; b < size; b++)
        payload[b] = (guint8) g_rand_int (rand);
      g_autofree gint16 *samples =
          g_new (gint16, codec->get_duration (payload, size));
      if (codec->get_duration (payload, size))
        codec->decode (decoder, payload, size, samples);
    }
  }
}

/* ---- Opus, and what its far end wishes */

#define N_PACKETS 250

typedef struct
{
  gpointer encoder;
  gint16 *samples; /* a voice, of which every fourth second is silence */
  guint8 packets[N_PACKETS][MAX_PAYLOAD];
  gsize sizes[N_PACKETS];
} Talk;

static Talk *
talk_new (const RtpWishes *wishes, guint loss)
{
  Talk *self = g_new0 (Talk, 1);
  self->encoder = rtp_codec_opus.encoder_new (16000);
  self->samples = g_new0 (gint16, N_PACKETS * 320);
  rtp_codec_opus.set_wishes (self->encoder, wishes);
  rtp_codec_opus.set_loss (self->encoder, loss);
  for (guint i = 0; i < N_PACKETS * 320; i++)
    if (i / 16000 % 4 != 3)
      self->samples[i] = synthetic_voice (i, 16000) / 2;
  for (guint i = 0; i < N_PACKETS; i++)
    self->sizes[i] = rtp_codec_opus.encode (self->encoder,
        self->samples + i * 320, 320, self->packets[i]);
  return self;
}

static void
talk_free (Talk *self)
{
  g_free (self->encoder);
  g_free (self->samples);
  g_free (self);
}

/* bit/s of what is spoken. */
static guint
get_bit_rate (const Talk *self)
{
  gsize bytes = 0;
  for (guint i = 0; i < 150; i++)
    bytes += self->sizes[i];
  return (guint) (bytes * 8 / 3);
}

/* RFC 6716 3.1 */
static guint
get_toc (const Talk *self, guint n)
{
  return self->packets[n][0] >> 3;
}

static void
test_wishes (void)
{
  Talk *talk = talk_new (&(RtpWishes){ 0 }, 0);
  g_test_message ("any: %u bit/s", get_bit_rate (talk));
  g_assert_cmpuint (get_bit_rate (talk), >, 12000);
  g_assert_cmpuint (get_bit_rate (talk), <, 27000);
  g_assert_cmpuint (get_toc (talk, 100), ==, 9); /* SILK, wide band, 20 ms */
  talk_free (talk);

  talk = talk_new (&(RtpWishes){ .max_bit_rate = 10000 }, 0);
  g_test_message ("10000 at most: %u bit/s", get_bit_rate (talk));
  g_assert_cmpuint (get_bit_rate (talk), <, 11500);
  talk_free (talk);

  talk = talk_new (&(RtpWishes){ .max_rate = 8000 }, 0);
  g_assert_cmpuint (get_toc (talk, 100), ==, 1); /* SILK, narrow band, 20 ms */
  talk_free (talk);

  talk = talk_new (&(RtpWishes){ .constant = TRUE }, 0);
  for (guint i = 0; i < N_PACKETS; i++)
    g_assert_cmpuint (talk->sizes[i], ==, 60);
  talk_free (talk);
}

static guint
count_unsent (const Talk *self)
{
  guint n = 0;
  for (guint i = 0; i < N_PACKETS; i++)
    n += self->sizes[i] == 0;
  return n;
}

/* Who takes it gets nothing for silence; who does not, all. */
static void
test_pauses (void)
{
  Talk *talk = talk_new (&(RtpWishes){ .pauses = TRUE }, 0);
  g_test_message ("%u of 50 silent packets are not sent", count_unsent (talk));
  g_assert_cmpuint (count_unsent (talk), >, 20);
  g_assert_cmpuint (count_unsent (talk), <, 50);
  talk_free (talk);
  talk = talk_new (&(RtpWishes){ 0 }, 0);
  g_assert_cmpuint (count_unsent (talk), ==, 0);
  talk_free (talk);
}

/* How far every fifth packet, which is lost, is from what it would have been; dB. */
static gdouble
mend (const Talk *talk, gboolean with_next)
{
  g_autofree gpointer whole = rtp_codec_opus.decoder_new (16000);
  g_autofree gpointer mended = rtp_codec_opus.decoder_new (16000);
  gdouble signal = 0, noise = 0;
  for (guint i = 0; i + 1 < 150; i++) {
    gint16 right[320], made[320];
    rtp_codec_opus.decode (whole, talk->packets[i], talk->sizes[i], right);
    if (i % 5 < 4) {
      rtp_codec_opus.decode (mended, talk->packets[i], talk->sizes[i], made);
      continue;
    }
    rtp_codec_opus.fill (mended, with_next ? talk->packets[i + 1] : NULL,
        with_next ? talk->sizes[i + 1] : 0, made, 320);
    for (guint k = 0; k < 320; k++) {
      signal += right[k] * right[k];
      noise += (right[k] - made[k]) * (right[k] - made[k]);
    }
  }
  return 10 * log10 (signal / noise);
}

/* The packet behind a lost one tells of it: if the far end wants that, and loses some. */
static void
test_mend (void)
{
  Talk *talk = talk_new (&(RtpWishes){ .mends = TRUE }, 20);
  Talk *plain = talk_new (&(RtpWishes){ .mends = TRUE }, 0);
  Talk *unwanted = talk_new (&(RtpWishes){ 0 }, 20);
  g_test_message ("made up: %.1f dB, told: %.1f dB, nothing told: %.1f dB",
      mend (talk, FALSE), mend (talk, TRUE), mend (plain, TRUE));
  g_assert_cmpfloat (mend (talk, TRUE), >, mend (talk, FALSE) + 3);
  g_assert_cmpfloat (mend (plain, TRUE), <, mend (talk, TRUE) - 3);
  g_assert_cmpfloat (mend (unwanted, TRUE), <, mend (talk, TRUE) - 3);
  talk_free (talk);
  talk_free (plain);
  talk_free (unwanted);
}

/* What was lost comes in any length, and the next packet may be anything. */
static void
test_mend_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autofree gpointer decoder = rtp_codec_opus.decoder_new (16000);
  gint16 samples[3840];
  for (guint k = 0; k < 2000; k++) {
    guint8 next[64];
    for (guint b = 0; b < sizeof next; b++)
      next[b] = (guint8) g_rand_int (rand);
    rtp_codec_opus.fill (decoder, next, (gsize) g_rand_int_range (rand, 0, 64),
        samples, (guint) g_rand_int_range (rand, 1, 3840));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpcodec/table", test_table);
  g_test_add_func ("/rtpcodec/names", test_names);
  g_test_add_func ("/rtpcodec/round-trip", test_round_trip);
  g_test_add_func ("/rtpcodec/wide", test_wide);
  g_test_add_func ("/rtpcodec/silence", test_silence);
  g_test_add_func ("/rtpcodec/garbage", test_garbage);
  g_test_add_func ("/rtpcodec/opus/wishes", test_wishes);
  g_test_add_func ("/rtpcodec/opus/pauses", test_pauses);
  g_test_add_func ("/rtpcodec/opus/mend", test_mend);
  g_test_add_func ("/rtpcodec/opus/mend-garbage", test_mend_garbage);
  return g_test_run ();
}
