/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call with G.722 and with Opus in virtual time: packets of any length, loss, a change
 * of codec in the middle, and a far end that sends another codec of our offer. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"
#include "../../../syntheticvoice.h"

#include <math.h>
#include <string.h>

#define LOUD 6000
#define TONE 397.3 /* the mock's, at 8000 */

typedef struct
{
  MediaLoop *loop;
  End *a, *b;
} Pair;

static End *
listener_new (MediaLoop *loop, const gchar *host, guint16 port,
    const RtpCodec *codec)
{
  End *end = end_new (loop, host, port, 0);
  end->codec = codec;
  end->n_heard_most = 60 * 16000;
  end->heard = g_new0 (gint16, end->n_heard_most);
  return end;
}

static void
pair_set_codec (Pair *self, const RtpCodec *codec)
{
  self->a->codec = self->b->codec = codec;
  end_set_media (self->a, "192.0.2.2", 5000, TRUE, TRUE);
  end_set_media (self->b, "192.0.2.1", 4000, TRUE, TRUE);
}

static void
pair_begin (Pair *self, const RtpCodec *codec, guint loss)
{
  self->loop = media_loop_new_manual (START);
  self->a = listener_new (self->loop, "192.0.2.1", 4000, codec);
  self->b = listener_new (self->loop, "192.0.2.2", 5000, codec);
  self->a->rtp->peer = self->b->rtp;
  self->b->rtp->peer = self->a->rtp;
  self->a->rtcp->peer = self->b->rtcp;
  self->b->rtcp->peer = self->a->rtcp;
  self->a->rtp->impairment = (Impairment){ 21, .loss = loss };
  pair_set_codec (self, codec);
  run_to (self->loop, 0);
}

static void
pair_end (Pair *self)
{
  self->a->rtcp->peer = self->b->rtcp->peer = NULL;
  g_free (end_free (self->a));
  g_free (end_free (self->b));
  media_loop_unref (self->loop);
}

/* Amplitude of @frequency in @n samples. */
static gdouble
get_level (const gint16 *samples, guint n, gdouble frequency, guint rate)
{
  gdouble re = 0, im = 0;
  for (guint i = 0; i < n; i++) {
    re += samples[i] * cos (2 * G_PI * frequency * i / rate);
    im += samples[i] * sin (2 * G_PI * frequency * i / rate);
  }
  return 2 * hypot (re, im) / n;
}

/* What was heard from @ms on, for 200 ms. */
static gdouble
heard_at (const End *end, guint ms, gdouble frequency)
{
  const guint rate = end->codec->rate, n = rate / 5;
  g_assert_cmpuint (ms * (rate / 1000) + n, <=, end->n_heard);
  return get_level (end->heard + ms * (rate / 1000), n, frequency, rate);
}

/* Packets of any length, those of odd ones too, make an unbroken tone. */
static void
test_packet_times (void)
{
  static const guint blocks[] = { 160, 320, 480, 640, 400, 162, 2 * 33 };
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    MediaLoop *loop = media_loop_new_manual (START);
    End *end = listener_new (loop, "192.0.2.1", 4000, &rtp_codec_g722);
    Tone tone = { 0 };
    end_set_media (end, "192.0.2.2", 5000, TRUE, TRUE);
    run_to (loop, 0);
    tone_start (&tone, end, "192.0.2.2", 5000, blocks[i], 0,
        10 * 16000 / blocks[i]);
    run_to (loop, 9 * SECOND);
    g_test_message ("%u samples: %u frames, %u breaks, level %.0f", blocks[i],
        end->n_frames, end->n_breaks, heard_at (end, 5000, TONE));
    g_assert_cmpuint (end->n_frames, >=, 440);
    g_assert_cmpuint (end->n_concealed, ==, 0);
    g_assert_cmpuint (end->n_breaks, ==, 0);
    g_assert_cmpuint (end_get_stat (end, "packets-lost"), ==, 0);
    g_assert_cmpfloat (ABS (heard_at (end, 5000, TONE) - 8000), <, 500);
    tone_clear (&tone);
    g_free (end_free (end));
    media_loop_unref (loop);
  }
}

/* Those that Opus has. */
static void
test_opus_packet_times (void)
{
  static const guint blocks[] = { 80, 160, 320, 640, 960 };
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    MediaLoop *loop = media_loop_new_manual (START);
    End *end = listener_new (loop, "192.0.2.1", 4000, &rtp_codec_opus);
    Tone tone = { 0 };
    end_set_media (end, "192.0.2.2", 5000, TRUE, TRUE);
    run_to (loop, 0);
    tone_start (&tone, end, "192.0.2.2", 5000, blocks[i], 0,
        10 * 16000 / blocks[i]);
    run_to (loop, 9 * SECOND);
    g_test_message ("%u samples: %u frames, level %.0f", blocks[i],
        end->n_frames, heard_at (end, 5000, TONE));
    g_assert_cmpuint (end->n_frames, >=, 440);
    g_assert_cmpuint (end->n_concealed, ==, 0);
    g_assert_cmpuint (end_get_stat (end, "packets-lost"), ==, 0);
    g_assert_cmpuint (end_get_stat (end, "jitter"), <, MS);
    g_assert_cmpfloat (ABS (heard_at (end, 5000, TONE) - 8000), <, 1200);
    tone_clear (&tone);
    g_free (end_free (end));
    media_loop_unref (loop);
  }
}

/* Two tones, of which a telephone carries one: 20 ms, from @from to @to. */
static void
talk (Pair *self, const GstVoiceFormat *format, gint64 from, gint64 to)
{
  const guint n = format->rate / 50;
  gint16 samples[960];
  for (gint64 t = from; t < to; t += 20 * MS) {
    for (guint i = 0; i < n; i++) {
      const gdouble s = (gdouble) t / SECOND + (gdouble) i / format->rate;
      samples[i] = (gint16) (LOUD * sin (2 * G_PI * 700 * s) +
          (format->rate > 8000 ? LOUD * sin (2 * G_PI * 6100 * s) : 0));
    }
    g_assert_true (rtp_stream_send (self->a->stream, format, samples,
        n * sizeof *samples, (GstClockTime) t, FALSE, TRUE));
    run_to (self->loop, t + 20 * MS);
  }
}

static const GstVoiceFormat wide = { GST_VOICE_S16, 16000 };

static void
test_wide_band (void)
{
  Pair pair;
  RtpPacket packet;
  pair_begin (&pair, &rtp_codec_g722, 0);
  talk (&pair, &wide, 0, 3 * SECOND);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 2000, 700) - LOUD), <, LOUD / 10);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 2000, 6100) - LOUD), <, LOUD / 5);
  g_assert_true (
      rtp_packet_parse (&packet, pair.a->rtp->last, pair.a->rtp->last_size));
  g_assert_cmpuint (packet.payload_type, ==, 9);
  g_assert_cmpuint (packet.payload_size, ==, 160);
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  rtp_stream_get_stats (pair.a->stream, stats);
  g_assert_cmpstr (gst_structure_get_string (stats, "codec"), ==, "G722");
  g_assert_cmpuint (end_get_stat (pair.a, "octets-sent"), ==,
      160 * pair.a->rtp->n_sent);
  pair_end (&pair);
}

/* A voice, of which 5 % is lost: all is made up, and nothing is louder than it may be,
 * neither in a loss nor behind it. */
static void
test_loss (void)
{
  Pair pair;
  gint16 samples[320];
  gint loudest = 0, peak = 0;
  pair_begin (&pair, &rtp_codec_g722, 50);
  for (guint k = 0; k < 1500; k++) {
    for (guint i = 0; i < 320; i++) {
      samples[i] = synthetic_voice (k * 320 + i, 16000) / 2;
      loudest = MAX (loudest, ABS (samples[i]));
    }
    rtp_stream_send (pair.a->stream, &wide, samples, sizeof samples,
        k * 20 * MS, FALSE, TRUE);
    run_to (pair.loop, (k + 1) * 20 * MS);
  }
  for (guint i = 0; i < pair.b->n_heard; i++)
    peak = MAX (peak, ABS (pair.b->heard[i]));
  g_test_message ("%u lost, %u concealed, loudest %d, heard %d",
      pair.a->rtp->n_dropped, pair.b->n_concealed, loudest, peak);
  g_assert_cmpuint (pair.a->rtp->n_dropped, >=, 50);
  g_assert_cmpuint (pair.b->n_concealed + 3, >=, pair.a->rtp->n_dropped);
  g_assert_cmpuint (pair.b->n_concealed, <=, pair.a->rtp->n_dropped);
  /* 8 dB: a decoder that was not told would be 10 dB louder than the voice */
  g_assert_cmpint (peak, <, 2.5 * loudest);
  pair_end (&pair);
}

/* RFC 6716 4.2.3: a mono packet of 20 ms says here that it tells of the one before. */
static gboolean
mends_last (const Port *port)
{
  RtpPacket packet;
  g_assert_true (rtp_packet_parse (&packet, port->last, port->last_size));
  g_assert_cmpuint (packet.payload[0] >> 3, <, 12); /* SILK */
  return (packet.payload[1] & 0x40) != 0;
}

/* A far end that reports loss is told of each packet twice, if it can use that; what is
 * lost is made up, with what the next packet says of it. */
static void
test_opus_loss (gconstpointer data)
{
  const gboolean mends = GPOINTER_TO_INT (data);
  Pair pair;
  gint16 samples[320];
  guint n_early = 0, n_late = 0;
  pair_begin (&pair, &rtp_codec_opus, 100);
  pair.a->wishes.mends = mends;
  pair_set_codec (&pair, &rtp_codec_opus);
  for (guint k = 0; k < 1500; k++) {
    for (guint i = 0; i < 320; i++)
      samples[i] = synthetic_voice (k * 320 + i, 16000) / 2;
    rtp_stream_send (pair.a->stream, &wide, samples, sizeof samples,
        k * 20 * MS, FALSE, TRUE);
    run_to (pair.loop, (k + 1) * 20 * MS);
    if (k < 50)
      n_early += mends_last (pair.a->rtp);
    else if (k >= 1000)
      n_late += mends_last (pair.a->rtp);
  }
  g_test_message ("%u lost, %u concealed; of 500 packets %u tell of another",
      pair.a->rtp->n_dropped, pair.b->n_concealed, n_late);
  g_assert_cmpuint (n_early, ==, 0);
  if (mends)
    g_assert_cmpuint (n_late, >, 250); /* of what it takes for speech */
  else
    g_assert_cmpuint (n_late, ==, 0);
  g_assert_cmpuint (pair.a->rtp->n_dropped, >=, 100);
  g_assert_cmpuint (pair.b->n_concealed + 3, >=, pair.a->rtp->n_dropped);
  g_assert_cmpuint (pair.b->n_concealed, <=, pair.a->rtp->n_dropped);
  g_assert_cmpuint (pair.b->n_frames, >=, 1490);
  pair_end (&pair);
}

/* The loudest sample from @ms on, for 200 ms. */
static guint
get_peak (const End *end, guint ms)
{
  gint peak = 0;
  g_assert_cmpuint ((ms + 200) * 16, <=, end->n_heard);
  for (guint i = ms * 16; i < (ms + 200) * 16; i++)
    peak = MAX (peak, ABS (end->heard[i]));
  return (guint) peak;
}

/* A far end that takes nothing for silence gets little, and one that sends nothing is
 * heard to be silent. */
static void
test_opus_pauses (void)
{
  Pair pair;
  gint16 samples[320];
  pair_begin (&pair, &rtp_codec_opus, 0);
  pair.a->wishes.pauses = TRUE;
  pair_set_codec (&pair, &rtp_codec_opus);
  for (guint k = 0; k < 1000; k++) {
    for (guint i = 0; i < 320; i++)
      samples[i] = k / 100 % 2 ? 0 : synthetic_voice (k * 320 + i, 16000) / 2;
    rtp_stream_send (pair.a->stream, &wide, samples, sizeof samples,
        k * 20 * MS, FALSE, TRUE);
    run_to (pair.loop, (k + 1) * 20 * MS);
  }
  g_test_message ("%u of 1000 packets sent; %u frames, %u silent, %u made up",
      pair.a->rtp->n_sent, pair.b->n_frames, pair.b->n_silent,
      pair.b->n_concealed);
  g_assert_cmpuint (pair.a->rtp->n_sent, >, 500);
  g_assert_cmpuint (pair.a->rtp->n_sent, <, 700);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-lost"), ==, 0);
  g_assert_cmpuint (pair.b->n_frames, >=, 995);
  g_assert_cmpuint (pair.b->n_frames, <=, 1001);
  g_assert_cmpuint (pair.b->n_silent, >, 250);
  /* the voice comes back where it belongs */
  for (guint s = 0; s < 20; s += 4) {
    g_assert_cmpuint (get_peak (pair.b, s * 1000 + 300), >, 2000);
    g_assert_cmpuint (get_peak (pair.b, s * 1000 + 1700), >, 2000);
    g_assert_cmpuint (get_peak (pair.b, s * 1000 + 2300), <, 100);
    g_assert_cmpuint (get_peak (pair.b, s * 1000 + 3700), <, 100);
  }
  pair_end (&pair);
}

static const GstVoiceFormat packets = { GST_VOICE_OPUS, GST_VOICE_OPUS_RATE };

/* Packets that pass as they are, of any length; a tenth of them is lost, and some come
 * late: all others arrive, byte for byte and in order. */
static void
test_opus_packets (gconstpointer data)
{
  const guint time = GPOINTER_TO_UINT (data);
  g_autoptr (GPtrArray) sent =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree gpointer encoder = rtp_codec_opus.encoder_new (16000);
  const guint n = 16 * time;
  guint from = 0;
  Pair pair;
  pair_begin (&pair, &rtp_codec_opus, 100);
  pair.a->rtp->impairment.jitter = 30;
  pair.a->rtp->impairment.reorder = 50;
  pair.b->packets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  rtp_stream_set_taken (pair.b->stream, &packets);
  for (guint k = 0; k < 300; k++) {
    gint16 samples[960];
    guint8 payload[1275];
    for (guint i = 0; i < n; i++)
      samples[i] = synthetic_voice (k * n + i, 16000) / 2;
    GBytes *packet = g_bytes_new (payload,
        rtp_codec_opus.encode (encoder, samples, n, payload));
    g_ptr_array_add (sent, packet);
    rtp_stream_send (pair.a->stream, &packets, g_bytes_get_data (packet, NULL),
        g_bytes_get_size (packet), k * time * MS, FALSE, TRUE);
    run_to (pair.loop, (k + 1) * time * MS);
  }
  run_to (pair.loop, 300 * time * MS + SECOND);
  for (guint k = 0; k < pair.b->packets->len; k++) {
    while (from < sent->len &&
        !g_bytes_equal (sent->pdata[from], pair.b->packets->pdata[k]))
      from++;
    g_assert_cmpuint (from++, <, sent->len);
  }
  g_test_message ("%u lost, %u came, late %" G_GUINT64_FORMAT,
      pair.a->rtp->n_dropped, pair.b->packets->len,
      end_get_stat (pair.b, "packets-late"));
  g_assert_cmpuint (pair.a->rtp->n_sent, ==, 300);
  g_assert_cmpuint (pair.a->rtp->n_dropped, >, 10);
  g_assert_cmpuint (pair.b->packets->len +
          end_get_stat (pair.b, "packets-late"),
      ==, 300 - pair.a->rtp->n_dropped);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-late"), <, 10);
  pair_end (&pair);
}

/* From packets to audio and back in the middle of a call, on both sides, and to a codec
 * that has none. */
static void
test_opus_open (void)
{
  g_autofree gpointer encoder = rtp_codec_opus.encoder_new (16000);
  const RtpCodec *codecs[] = { &rtp_codec_opus, &rtp_codec_opus,
    &rtp_codec_pcmu };
  const GstVoiceFormat *taken[] = { &packets, &wide, &packets };
  guint8 payload[1275];
  gint16 samples[320];
  Pair pair;
  pair_begin (&pair, &rtp_codec_opus, 0);
  pair.b->packets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint k = 0; k < 600; k++) {
    if (k % 100 == 0) {
      pair.b->n_heard = pair.b->n_frames = 0;
      g_ptr_array_set_size (pair.b->packets, 0);
      if (k % 200 == 0)
        pair_set_codec (&pair, codecs[k / 200]);
      rtp_stream_set_taken (pair.b->stream, taken[k / 200]);
    }
    for (guint i = 0; i < 320; i++)
      samples[i] = synthetic_voice (k * 320 + i, 16000) / 2;
    gsize size = rtp_codec_opus.encode (encoder, samples, 320, payload);
    if (k / 100 % 2)
      rtp_stream_send (pair.a->stream, &wide, samples, sizeof samples,
          k * 20 * MS, FALSE, TRUE);
    else
      rtp_stream_send (pair.a->stream, &packets, payload, size, k * 20 * MS,
          FALSE, TRUE);
    run_to (pair.loop, (k + 1) * 20 * MS);
    if (k % 100 != 99)
      continue;
    g_test_message ("%u: %u packets, %u frames", k, pair.b->packets->len,
        pair.b->n_frames);
    g_assert_cmpuint (pair.b->packets->len, >=,
        taken[k / 200] == &wide ? 0 : 95);
    g_assert_cmpuint (pair.b->n_frames, >=, taken[k / 200] == &wide ? 95 : 0);
    if (taken[k / 200] == &wide)
      g_assert_cmpuint (get_peak (pair.b, 1000), >, 2000);
  }
  pair_end (&pair);
}

/* A re-INVITE to another codec and back, while who sends is one block behind. */
static void
test_change (gconstpointer data)
{
  const RtpCodec *codec = data;
  Pair pair;
  pair_begin (&pair, &rtp_codec_pcmu, 0);
  talk (&pair, &rtp_call_s16, 0, 2 * SECOND);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 1000, 700) - LOUD), <, LOUD / 10);
  pair.b->n_heard = 0;
  pair_set_codec (&pair, codec);
  talk (&pair, &rtp_call_s16, 2 * SECOND, 2020 * MS);
  talk (&pair, &wide, 2020 * MS, 4 * SECOND);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 1000, 700) - LOUD), <, LOUD / 10);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 1000, 6100) - LOUD), <, LOUD / 5);
  pair.b->n_heard = 0;
  pair_set_codec (&pair, &rtp_codec_pcma);
  talk (&pair, &wide, 4 * SECOND, 4020 * MS);
  talk (&pair, &rtp_call_s16, 4020 * MS, 6 * SECOND);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 1000, 700) - LOUD), <, LOUD / 10);
  g_assert_cmpuint (end_get_stat (pair.b, "ssrc-changes"), ==, 0);
  /* What was on its way when the description changed, once each time. */
  g_assert_cmpuint (end_get_stat (pair.b, "packets-garbage"), ==, 2);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-lost"), ==, 2);
  g_assert_cmpuint (pair.b->n_frames, >=, 290);
  pair_end (&pair);
}

/* A second of a tone from @now on in packets of @packet ms; the time behind it. */
static gint64
hear_other (End *end, const RtpCodec *codec, guint packet, gint64 now)
{
  static Tone tone;
  const Tone before = tone;
  const gint64 until = now + SECOND;

  tone = (Tone){ 0 };
  tone_start (&tone, end, "192.0.2.2", 5000, codec->rate / 1000 * packet, 0,
      1000 / packet);
  if (now) {
    tone.sequence = before.sequence;
    tone.timestamp = before.timestamp;
  }
  tone.codec = codec;
  tone.interval = (gdouble) packet * MS;
  run_to (end->loop, until);
  const gdouble level = heard_at (end, (guint) (until / MS) - 400, TONE);
  g_test_message ("%s, %u ms: %.0f", codec->name, packet, level);
  g_assert_cmpfloat (ABS (level - 8000), <, 800);
  tone_clear (&tone);
  return until;
}

/* The answer prefers one of what we offered, and the far end sends another. */
static void
test_other_of_offer (gconstpointer data)
{
  const RtpCodec *codec = data;
  MediaLoop *loop = media_loop_new_manual (START);
  End *end = listener_new (loop, "192.0.2.1", 4000, codec);
  RtpStreamMedia media = { .codec = codec,
    .payload_type = codec->payload_type,
    .event_payload_type = -1,
    .send = TRUE,
    .receive = TRUE,
    .offered = TRUE };
  static const guint times[] = { 20, 30, 50 };
  gint64 time = 0;
  g_assert_true (packet_address_parse (&media.remote_rtp, "192.0.2.2", 5000));
  rtp_stream_set_media (end->stream, &media);
  run_to (loop, 0);
  for (guint i = 0; codec_table_get (i); i++)
    for (guint k = 0; k < G_N_ELEMENTS (times); k++) {
      /* Opus has no packets of another length. */
      if (times[k] == 20 || !codec_table_get (i)->fit_packet_time)
        time = hear_other (end, codec_table_get (i), times[k], time);
    }
  g_assert_cmpuint (end_get_stat (end, "packets-garbage"), ==, 0);
  g_free (end_free (end));
  media_loop_unref (loop);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream-codec/packet-times", test_packet_times);
  g_test_add_func ("/rtpstream-codec/wide-band", test_wide_band);
  g_test_add_func ("/rtpstream-codec/loss", test_loss);
  g_test_add_func ("/rtpstream-codec/opus/packet-times",
      test_opus_packet_times);
  g_test_add_data_func ("/rtpstream-codec/opus/loss", GINT_TO_POINTER (FALSE),
      test_opus_loss);
  g_test_add_data_func ("/rtpstream-codec/opus/loss-mended",
      GINT_TO_POINTER (TRUE), test_opus_loss);
  g_test_add_func ("/rtpstream-codec/opus/pauses", test_opus_pauses);
  for (guint time = 10; time <= 60; time *= 2) {
    g_autofree gchar *path =
        g_strdup_printf ("/rtpstream-codec/opus/packets/%u", time);
    g_test_add_data_func (path, GUINT_TO_POINTER (time), test_opus_packets);
  }
  g_test_add_func ("/rtpstream-codec/opus/open", test_opus_open);
  g_test_add_data_func ("/rtpstream-codec/change/g722", &rtp_codec_g722,
      test_change);
  g_test_add_data_func ("/rtpstream-codec/change/opus", &rtp_codec_opus,
      test_change);
  for (guint i = 0; codec_table_get (i); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/rtpstream-codec/other-of-offer/%s",
            codec_table_get (i)->name);
    g_test_add_data_func (path, codec_table_get (i), test_other_of_offer);
  }
  return g_test_run ();
}
