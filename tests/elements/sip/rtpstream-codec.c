/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call with G.722 in virtual time: packets of any length, loss, a change of codec in
 * the middle, and a far end that sends another codec of our offer. */

#include "mock/rtpcall.h"

#include "sip/logic/rtppacket.h"
#include "../../syntheticvoice.h"

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
  self->a->rtp->impairment = (Impairment){ 21, .loss = loss };
  pair_set_codec (self, codec);
  run_to (self->loop, 0);
}

static void
pair_end (Pair *self)
{
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

/* A re-INVITE to another codec and back, while who sends is one block behind. */
static void
test_change (void)
{
  Pair pair;
  pair_begin (&pair, &rtp_codec_pcmu, 0);
  talk (&pair, &rtp_call_s16, 0, 2 * SECOND);
  g_assert_cmpfloat (ABS (heard_at (pair.b, 1000, 700) - LOUD), <, LOUD / 10);
  pair.b->n_heard = 0;
  pair_set_codec (&pair, &rtp_codec_g722);
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
  Tone tone = { 0 };
  gint64 time = 0;
  g_assert_true (packet_address_parse (&media.remote_rtp, "192.0.2.2", 5000));
  rtp_stream_set_media (end->stream, &media);
  run_to (loop, 0);
  for (guint i = 0; codec_table_get (i); i++) {
    const RtpCodec *other = codec_table_get (i);
    guint16 sequence = tone.sequence;
    guint32 timestamp = tone.timestamp;
    tone_start (&tone, end, "192.0.2.2", 5000, other->rate / 50, 0, 50);
    if (i) {
      tone.sequence = sequence;
      tone.timestamp = timestamp;
    }
    tone.codec = other;
    tone.interval = 20.0 * MS;
    time += SECOND;
    run_to (loop, time);
    g_test_message ("%s in a call of %s: %.0f", other->name, codec->name,
        heard_at (end, (guint) (time / MS) - 400, TONE));
    g_assert_cmpfloat (ABS (heard_at (end, (guint) (time / MS) - 400, TONE) -
                           8000),
        <, 800);
    tone_clear (&tone);
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
  g_test_add_func ("/rtpstream-codec/change", test_change);
  for (guint i = 0; codec_table_get (i); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/rtpstream-codec/other-of-offer/%s",
            codec_table_get (i)->name);
    g_test_add_data_func (path, codec_table_get (i), test_other_of_offer);
  }
  return g_test_run ();
}
