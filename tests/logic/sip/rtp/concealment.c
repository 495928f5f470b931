/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Lost frames at the rates of the codecs: how alike what is made up is, that it
 * fades, and that neither its begin nor its end can be heard as a click. */

#include "sip/logic/rtp/concealment.h"

#include "../../../syntheticvoice.h"

#include <math.h>
#include <string.h>

#define MAX_FRAME 960
#define N_FRAMES 200

static const guint rates[] = { 8000, 16000, 48000 };

static guint
make_tone (gint16 *samples, guint from, guint rate)
{
  for (guint i = 0; i < rate / 50; i++)
    samples[i] = (gint16) (8000 * sin ((from + i) * 2 * G_PI * 200 / rate));
  return from + rate / 50;
}

static gdouble
get_energy (const gint16 *samples, guint n)
{
  gdouble energy = 0;
  for (guint i = 0; i < n; i++)
    energy += (gdouble) samples[i] * samples[i];
  return energy;
}

static void
test_fade (gconstpointer data)
{
  const guint rate = GPOINTER_TO_UINT (data), frame = rate / 50;
  Concealment concealment;
  gint16 samples[MAX_FRAME];
  guint n = 0;
  concealment_init (&concealment, rate);
  for (guint i = 0; i < 10; i++) {
    n = make_tone (samples, n, rate);
    concealment_hear (&concealment, samples);
  }
  const gdouble loud = get_energy (samples, frame);
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_cmpfloat (get_energy (samples, frame), >, loud / 3);
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_cmpfloat (get_energy (samples, frame), <, loud / 20);
  for (guint i = 0; i < 10; i++) {
    g_assert_false (concealment_fill (&concealment, samples));
    g_assert_cmpfloat (get_energy (samples, frame), ==, 0);
  }
  make_tone (samples, n, rate);
  concealment_hear (&concealment, samples);
  g_assert_true (concealment_fill (&concealment, samples));
  concealment_clear (&concealment);
}

/* Any order of losses, from the very first frame on. */
static void
test_patterns (gconstpointer data)
{
  const guint rate = GPOINTER_TO_UINT (data);
  for (guint pattern = 0; pattern < 1024; pattern++) {
    Concealment *concealment = g_new (Concealment, 1);
    guint n = 0;
    concealment_init (concealment, rate);
    for (guint i = 0; i < 10; i++) {
      g_autofree gint16 *samples = g_new (gint16, rate / 50);
      if (pattern >> i & 1) {
        concealment_fill (concealment, samples);
      } else {
        n = make_tone (samples, n, rate);
        concealment_hear (concealment, samples);
      }
      if (pattern & 512 && i == 5)
        concealment_forget (concealment);
    }
    concealment_clear (concealment);
    g_free (concealment);
  }
}

/* Four seconds of a voice, with a glide in its pitch or not, of which every fifth frame
 * is lost, and once in each half second two in a row. */
static gboolean
is_lost (guint frame)
{
  return frame > 10 && (frame % 5 == 0 || frame % 25 == 6);
}

/* The same voice on one note. */
static gint16
steady_voice (guint i, guint rate)
{
  gdouble sum = 0;
  for (guint k = 1; k <= 20; k++) {
    gdouble distance = (k * 125.0 - 600) / 500;
    sum += exp (-distance * distance) * sin (2 * G_PI * k * 125 * i / rate);
  }
  return (gint16) (sum * 2500);
}

static gint16 *
make_voice (guint rate, gboolean glides)
{
  gint16 *whole = g_new (gint16, N_FRAMES * rate / 50);
  for (guint i = 0; i < N_FRAMES * rate / 50; i++)
    whole[i] = glides ? synthetic_voice (i, rate) : steady_voice (i, rate);
  return whole;
}

/* What comes out. */
static gint16 *
lose (const gint16 *whole, guint rate)
{
  const guint n = rate / 50;
  gint16 *heard = g_memdup2 (whole, N_FRAMES * n * sizeof *whole);
  Concealment concealment;
  concealment_init (&concealment, rate);
  for (guint i = 0; i < N_FRAMES; i++) {
    if (is_lost (i))
      concealment_fill (&concealment, heard + i * n);
    else
      concealment_hear (&concealment, heard + i * n);
  }
  concealment_clear (&concealment);
  return heard;
}

/* Energy of lost frames for that of what they were, dB: silence has much less. */
static gdouble
get_level (const gint16 *whole, const gint16 *heard, guint n)
{
  gdouble was = 0, is = 0;
  for (guint i = 0; i < N_FRAMES; i++)
    if (is_lost (i)) {
      was += get_energy (whole + i * n, n);
      is += get_energy (heard + i * n, n);
    }
  return 10 * log10 (is / was);
}

/* dB over lost frames; silence has 0. */
static gdouble
get_snr (const gint16 *whole, const gint16 *heard, guint n)
{
  gdouble signal = 0, noise = 0;
  for (guint i = 0; i < N_FRAMES * n; i++) {
    const gdouble error = whole[i] - heard[i];
    if (!is_lost (i / n))
      continue;
    signal += (gdouble) whole[i] * whole[i];
    noise += error * error;
  }
  return 10 * log10 (signal / noise);
}

/* The largest step from sample to sample. */
static gint
get_step (const gint16 *samples, guint n)
{
  gint most = 0;
  for (guint i = 1; i < N_FRAMES * n; i++)
    most = MAX (most, ABS (samples[i] - samples[i - 1]));
  return most;
}

static gdouble
get_loudest (const gint16 *samples, guint n)
{
  gdouble most = 0;
  for (guint i = 0; i < N_FRAMES; i++)
    most = MAX (most, get_energy (samples + i * n, n));
  return most;
}

/* As loud as the voice, never louder, and without a step that is not the voice's own:
 * neither a hole, nor a click, nor a howl. */
static void
test_voice (gconstpointer data)
{
  const guint rate = GPOINTER_TO_UINT (data), n = rate / 50;
  for (guint glides = 0; glides < 2; glides++) {
    g_autofree gint16 *whole = make_voice (rate, glides);
    g_autofree gint16 *heard = lose (whole, rate);
    gdouble level = get_level (whole, heard, n);
    g_test_message ("%u Hz, glide %u: level %.1f dB, SNR %.1f dB, steps of %d, "
                    "the voice's own of %d",
        rate, glides, level, get_snr (whole, heard, n), get_step (heard, n),
        get_step (whole, n));
    g_assert_cmpfloat (level, >, -6);
    g_assert_cmpfloat (level, <, 1);
    if (!glides)
      g_assert_cmpfloat (get_snr (whole, heard, n), >, 3);
    g_assert_cmpint (get_step (heard, n), <=, 3 * get_step (whole, n) / 2);
    g_assert_cmpfloat (get_loudest (heard, n), <=,
        1.2 * get_loudest (whole, n));
  }
}

/* What follows a silence that was played on purpose is left as it is. */
static void
test_forget (gconstpointer data)
{
  const guint rate = GPOINTER_TO_UINT (data);
  Concealment concealment;
  gint16 samples[MAX_FRAME], copy[MAX_FRAME];
  concealment_init (&concealment, rate);
  make_tone (samples, 30, rate);
  memcpy (copy, samples, sizeof copy);
  concealment_hear (&concealment, samples);
  concealment_fill (&concealment, samples);
  concealment_forget (&concealment);
  g_assert_false (concealment_fill (&concealment, samples));
  memcpy (samples, copy, sizeof copy);
  concealment_hear (&concealment, samples);
  g_assert_cmpmem (samples, rate / 25, copy, rate / 25);
  concealment_clear (&concealment);
}

static const struct
{
  const gchar *name;
  GTestDataFunc func;
} tests[] = { { "fade", test_fade }, { "patterns", test_patterns },
  { "voice", test_voice }, { "forget", test_forget } };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint k = 0; k < G_N_ELEMENTS (rates); k++) {
      g_autofree gchar *path =
          g_strdup_printf ("/concealment/%s/%u", tests[i].name, rates[k]);
      g_test_add_data_func (path, GUINT_TO_POINTER (rates[k]), tests[i].func);
    }
  return g_test_run ();
}
