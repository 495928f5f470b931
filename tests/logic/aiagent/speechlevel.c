/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/speechlevel.h"

#include <math.h>

#define RATE 8000

/* A tone of @peak in the first @part of each second. */
static gint16 *
make_tone (gdouble peak, gdouble part, guint seconds)
{
  gint16 *samples = g_new0 (gint16, RATE * seconds);

  for (guint i = 0; i < RATE * seconds; i++)
    if (i % RATE < RATE * part)
      samples[i] = (gint16) (peak * sin (i * 2 * G_PI * 300 / RATE));
  return samples;
}

static void
expect_level (gdouble peak, gdouble part, gdouble level, gdouble tolerance)
{
  g_autofree gint16 *samples = make_tone (peak, part, 10);
  gdouble measured = speech_level_measure (samples, RATE * 10, RATE);

  g_assert_cmpfloat (fabs (measured - level), <=, tolerance);
}

/* A sine of full scale is 3 dB below a square wave of full scale. */
static void
test_steady (void)
{
  expect_level (32767, 1, -3.01, 0.1);
  expect_level (3276.7, 1, -23.01, 0.1);
}

/* Pauses are no part of it, beyond the hangover. */
static void
test_pauses (void)
{
  /* 0.5 s and 0.2 s behind it are active: 10 log (0.5 / 0.7) */
  expect_level (3276.7, 0.5, -23.01 - 1.46, 0.5);
}

static void
test_gain (void)
{
  g_autofree gint16 *samples = make_tone (16000, 1, 1);

  gdouble gain = speech_level_get_gain (samples, RATE, RATE, -23);
  g_assert_cmpfloat (fabs (16000 * gain - 3280), <, 60);
}

static void
test_silence (void)
{
  const gint16 silence[RATE] = { 0 };

  g_assert_cmpfloat (speech_level_measure (silence, RATE, RATE), ==,
      SPEECH_LEVEL_NONE);
  g_assert_cmpfloat (speech_level_measure (silence, 0, RATE), ==,
      SPEECH_LEVEL_NONE);
  g_assert_cmpfloat (speech_level_get_gain (silence, RATE, RATE, -23), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speechlevel/steady", test_steady);
  g_test_add_func ("/speechlevel/pauses", test_pauses);
  g_test_add_func ("/speechlevel/gain", test_gain);
  g_test_add_func ("/speechlevel/silence", test_silence);
  return g_test_run ();
}
