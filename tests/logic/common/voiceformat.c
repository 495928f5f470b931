/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/frame/gstvoiceformat.h"

#include <math.h>
#include <spandsp.h>
#include <string.h>

#define SECONDS 4

static const GstVoiceFormat raw8 = { GST_VOICE_S16, 8000 };
static const GstVoiceFormat mulaw = { GST_VOICE_MULAW, 8000 };
static const GstVoiceFormat alaw = { GST_VOICE_ALAW, 8000 };

/* ---- Caps */

static void
assert_no_format (const gchar *text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);
  GstVoiceFormat format;

  g_assert_nonnull (caps);
  g_assert_false (gst_voice_format_from_caps (&format, caps));
}

static void
test_caps (void)
{
  static const GstVoiceFormat formats[] = {
    { GST_VOICE_S16, 8000 },
    { GST_VOICE_S16, 16000 },
    { GST_VOICE_S16, 24000 },
    { GST_VOICE_S16, 48000 },
    { GST_VOICE_MULAW, 8000 },
    { GST_VOICE_ALAW, 8000 },
  };
  g_autoptr (GstCaps) all = gst_caps_from_string (GST_VOICE_CAPS);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (GstCaps) caps = gst_voice_format_to_caps (&formats[i]);
    GstVoiceFormat back;
    g_assert_true (gst_caps_is_fixed (caps));
    g_assert_true (gst_caps_is_subset (caps, all));
    g_assert_true (gst_voice_format_from_caps (&back, caps));
    g_assert_true (gst_voice_format_equal (&back, &formats[i]));
  }
  assert_no_format ("EMPTY");
  assert_no_format ("ANY");
  assert_no_format (GST_VOICE_CAPS);
  assert_no_format ("audio/x-raw, format=S16LE, rate=8000");
  assert_no_format ("audio/x-raw, format=S16LE, rate=8000, channels=2");
  assert_no_format ("audio/x-raw, format=S16BE, rate=8000, channels=1");
  assert_no_format ("audio/x-raw, format=S16LE, rate=0, channels=1");
  assert_no_format ("audio/x-raw, rate=8000, channels=1");
  assert_no_format ("video/x-raw, format=S16LE, rate=8000, channels=1");
  assert_no_format ("audio/x-mulaw, rate=16000, channels=1");
}

static GstVoiceFormat
preferred (const GstVoiceFormat *first, guint n)
{
  g_autoptr (GstCaps) caps = gst_voice_format_caps_preferring (first);
  g_autoptr (GstCaps) all = gst_caps_from_string (GST_VOICE_CAPS);
  g_autoptr (GstCaps) one = gst_caps_copy_nth (caps, n);
  GstVoiceFormat format = { GST_VOICE_S16, 0 };

  g_assert_true (gst_caps_is_equal (caps, all));
  g_assert_true (gst_voice_format_from_caps (&format, one));
  return format;
}

static void
test_preference (void)
{
  const GstVoiceFormat raw24 = { GST_VOICE_S16, 24000 };
  GstVoiceFormat format = preferred (&raw24, 0);

  g_assert_true (gst_voice_format_equal (&format, &raw24));
  format = preferred (&alaw, 0);
  g_assert_true (gst_voice_format_equal (&format, &raw8));
  format = preferred (&alaw, 1);
  g_assert_true (gst_voice_format_equal (&format, &alaw));
}

/* ---- G.711 */

static void
test_laws (void)
{
  for (guint i = 0; i < 256; i++) {
    guint8 code = (guint8) i;
    gint16 sample;
    gst_voice_law_decode (GST_VOICE_MULAW, &code, &sample, 1);
    g_assert_cmpint (sample, ==, ulaw_to_linear (code));
    gst_voice_law_decode (GST_VOICE_ALAW, &code, &sample, 1);
    g_assert_cmpint (sample, ==, alaw_to_linear (code));
  }
  for (gint i = G_MININT16; i <= G_MAXINT16; i++) {
    gint16 sample = (gint16) i;
    guint8 code;
    gst_voice_law_encode (GST_VOICE_MULAW, &sample, &code, 1);
    g_assert_cmpuint (code, ==, linear_to_ulaw (i));
    gst_voice_law_encode (GST_VOICE_ALAW, &sample, &code, 1);
    g_assert_cmpuint (code, ==, linear_to_alaw (i));
  }
}

static void
test_silence (void)
{
  guint8 data[8];
  gint16 samples[8];

  gst_voice_format_silence (GST_VOICE_S16, data, sizeof (data));
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint (data[i], ==, 0);
  gst_voice_format_silence (GST_VOICE_MULAW, data, sizeof (data));
  gst_voice_law_decode (GST_VOICE_MULAW, data, samples, 8);
  g_assert_cmpint (samples[7], ==, 0);
  gst_voice_format_silence (GST_VOICE_ALAW, data, sizeof (data));
  gst_voice_law_decode (GST_VOICE_ALAW, data, samples, 8);
  g_assert_cmpint (samples[7], ==, 8); /* it has no smaller step */
}

/* ---- The converter */

/* @data through a converter in pieces of @piece samples. */
static GByteArray *
convert (const GstVoiceFormat *from, const GstVoiceFormat *to,
    const GByteArray *data, gsize piece)
{
  g_autoptr (GstVoiceConverter) converter = gst_voice_converter_new (from, to);
  GByteArray *out = g_byte_array_new ();

  piece *= GST_VOICE_SAMPLE_SIZE (from->encoding);
  for (gsize at = 0; at < data->len; at += piece)
    gst_voice_converter_process (converter, data->data + at,
        MIN (piece, data->len - at), out);
  return out;
}

static GByteArray *
sine (guint rate)
{
  GByteArray *data = g_byte_array_new ();

  for (guint i = 0; i < rate * SECONDS; i++) {
    gint16 sample = (gint16) lrint (12000 * sin (2 * G_PI * 440 * i / rate));
    g_byte_array_append (data, (const guint8 *) &sample, 2);
  }
  return data;
}

static void
test_bytes_pass (void)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&mulaw, &mulaw);

  for (guint i = 0; i < 320; i++)
    g_byte_array_append (data, &(guint8){ (guint8) i }, 1);
  g_assert_true (gst_voice_converter_is_passthrough (converter));
  g_assert_cmpuint (gst_voice_converter_get_latency (converter), ==, 0);
  g_autoptr (GByteArray) same = convert (&mulaw, &mulaw, data, 160);
  g_assert_cmpmem (same->data, same->len, data->data, data->len);
  /* By way of S16 as well, but for the A-law's and mu-law's second zero. */
  g_autoptr (GByteArray) linear = convert (&alaw, &raw8, data, 160);
  g_autoptr (GByteArray) back = convert (&raw8, &alaw, linear, 160);
  g_assert_cmpmem (back->data, back->len, data->data, data->len);
}

static void
test_law_to_law (void)
{
  g_autoptr (GByteArray) data = sine (8000);
  g_autoptr (GByteArray) a = convert (&raw8, &alaw, data, 160);
  g_autoptr (GByteArray) mu = convert (&alaw, &mulaw, a, 160);

  g_assert_cmpuint (mu->len, ==, data->len / 2);
  for (guint i = 0; i < mu->len; i++)
    g_assert_cmpuint (mu->data[i], ==,
        linear_to_ulaw (alaw_to_linear (a->data[i])));
}

/* Frame by frame is the same as in one piece: nothing is heard at the edges. */
static void
test_pieces (void)
{
  static const guint rates[] = { 16000, 24000, 48000 };
  g_autoptr (GByteArray) data = sine (8000);

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    const GstVoiceFormat high = { GST_VOICE_S16, rates[i] };
    g_autoptr (GByteArray) up = convert (&raw8, &high, data, 160);
    g_autoptr (GByteArray) up_whole =
        convert (&raw8, &high, data, 8000 * SECONDS);
    g_assert_cmpmem (up->data, up->len, up_whole->data, up_whole->len);
    g_autoptr (GByteArray) down = convert (&high, &raw8, up, rates[i] / 50);
    g_autoptr (GByteArray) down_whole = convert (&high, &raw8, up, up->len / 2);
    g_assert_cmpmem (down->data, down->len, down_whole->data, down_whole->len);
    g_autoptr (GByteArray) odd = convert (&high, &raw8, up, 77);
    g_assert_cmpmem (odd->data, odd->len, down->data, down->len);
  }
}

typedef struct
{
  gdouble amplitude;
  gdouble shift; /* s */
  gdouble snr; /* dB */
} Fit;

/* The sine that is nearest to one second of @data, and what is left of it. */
static Fit
fit_sine (const GByteArray *data, guint rate)
{
  const gint16 *samples = (const gint16 *) (gconstpointer) data->data;
  gdouble re = 0, im = 0, power = 0;

  g_assert_cmpuint (data->len / 2, >, 2 * rate);
  for (guint i = rate; i < 2 * rate; i++) {
    re += samples[i] * sin (2 * G_PI * 440 * i / rate) * 2 / rate;
    im += samples[i] * cos (2 * G_PI * 440 * i / rate) * 2 / rate;
    power += (gdouble) samples[i] * samples[i] / rate;
  }
  gdouble signal = (re * re + im * im) / 2;
  return (Fit){ sqrt (signal * 2), atan2 (im, re) / (2 * G_PI * 440),
    10 * log10 (signal / (power - signal)) };
}

/* What comes out is the sine, in step with what went in; and all of it comes out
 * but what the converter says that it holds. */
static void
test_faithful (void)
{
  static const guint pairs[][2] = { { 8000, 16000 }, { 8000, 24000 },
    { 8000, 48000 }, { 16000, 8000 }, { 24000, 8000 }, { 48000, 8000 },
    { 16000, 24000 }, { 24000, 16000 }, { 48000, 16000 } };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    const GstVoiceFormat from = { GST_VOICE_S16, pairs[i][0] };
    const GstVoiceFormat to = { GST_VOICE_S16, pairs[i][1] };
    g_autoptr (GstVoiceConverter) converter =
        gst_voice_converter_new (&from, &to);
    g_autoptr (GByteArray) data = sine (from.rate);
    g_autoptr (GByteArray) out = convert (&from, &to, data, from.rate / 50);
    gdouble held = SECONDS - (gdouble) (out->len / 2) / to.rate;
    gdouble latency =
        (gdouble) gst_voice_converter_get_latency (converter) / GST_SECOND;
    Fit fit = fit_sine (out, to.rate);
    g_test_message ("%u -> %u: %.1f dB, holds %.2f ms, says %.2f ms", from.rate,
        to.rate, fit.snr, held * 1000, latency * 1000);
    g_assert_cmpfloat (fit.snr, >, 60);
    g_assert_cmpfloat (ABS (fit.amplitude - 12000), <, 100);
    g_assert_cmpfloat (ABS (fit.shift), <, 0.00003);
    g_assert_cmpfloat (ABS (held - latency), <, 2.0 / MIN (from.rate, to.rate));
    g_assert_cmpfloat (latency, <, 0.006);
  }
}

/* What a caller does with each 20 ms frame gives 20 ms, once it has begun. */
static void
test_frames (void)
{
  const GstVoiceFormat raw24 = { GST_VOICE_S16, 24000 };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&mulaw, &raw24);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 frame[160];

  gst_voice_format_silence (GST_VOICE_MULAW, frame, sizeof (frame));
  for (guint i = 0; i < 500; i++) {
    g_byte_array_set_size (out, 0);
    gst_voice_converter_process (converter, frame, sizeof (frame), out);
    if (i > 0)
      g_assert_cmpuint (out->len, ==, GST_VOICE_FRAME_SIZE (&raw24));
  }
}

/* Nothing of what was before is heard after it; the delay is the same. */
static void
test_reset (void)
{
  const GstVoiceFormat raw24 = { GST_VOICE_S16, 24000 };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&raw8, &raw24);
  g_autoptr (GByteArray) data = sine (8000);
  g_autoptr (GByteArray) first = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  static const gint16 silence[160];

  gst_voice_converter_process (converter, data->data, 320, first);
  gst_voice_converter_reset (converter);
  gst_voice_converter_process (converter, silence, 320, out);
  g_assert_cmpint (ABS ((gint) out->len - (gint) first->len), <=, 2);
  for (guint i = 0; i < out->len; i++)
    g_assert_cmpuint (out->data[i], ==, 0);
}

static void
test_empty (void)
{
  const GstVoiceFormat raw24 = { GST_VOICE_S16, 24000 };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&mulaw, &raw24);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  gst_voice_converter_process (converter, "", 0, out);
  g_assert_cmpuint (out->len, ==, 0);
  gst_voice_converter_process (converter, "x", 1, out);
  gst_voice_converter_process (converter, "", 0, out);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voiceformat/caps", test_caps);
  g_test_add_func ("/voiceformat/preference", test_preference);
  g_test_add_func ("/voiceformat/laws", test_laws);
  g_test_add_func ("/voiceformat/silence", test_silence);
  g_test_add_func ("/voiceformat/bytes-pass", test_bytes_pass);
  g_test_add_func ("/voiceformat/law-to-law", test_law_to_law);
  g_test_add_func ("/voiceformat/pieces", test_pieces);
  g_test_add_func ("/voiceformat/faithful", test_faithful);
  g_test_add_func ("/voiceformat/frames", test_frames);
  g_test_add_func ("/voiceformat/reset", test_reset);
  g_test_add_func ("/voiceformat/empty", test_empty);
  return g_test_run ();
}
