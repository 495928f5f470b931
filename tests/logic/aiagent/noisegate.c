/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/hearing/noisegate.h"

#define N 256
#define SECOND (1000 / NOISE_GATE_WINDOW_MS)

static NoiseGate gate;
static guint32 seed;

/* How many of the windows it is open in. */
static guint
hear (gint amplitude, guint windows)
{
  gint16 samples[N];
  guint n = 0;

  for (guint w = 0; w < windows; w++) {
    for (guint i = 0; i < N; i++) {
      seed = seed * 1664525u + 1013904223u;
      samples[i] = (gint16) (((gint) (seed >> 16) - 32768) * amplitude / 32768);
    }
    n += noise_gate_push (&gate, samples, N);
  }
  return n;
}

static void
test_silence (void)
{
  noise_gate_init (&gate);
  g_assert_cmpuint (hear (0, 60 * SECOND), ==, 0);
}

/* Noise is known soon, whatever its level, and what is louder is heard at once and for
 * half a second more. */
static void
test_noise (void)
{
  for (gint amplitude = 30; amplitude <= 3000; amplitude *= 10) {
    noise_gate_init (&gate);
    hear (amplitude, 30 * SECOND);
    g_assert_cmpuint (hear (amplitude, 60 * SECOND), ==, 0);
    g_assert_cmpuint (hear (4 * amplitude, SECOND), ==, SECOND);
    const guint after = hear (amplitude, SECOND);
    g_assert_cmpuint (after, >=, SECOND / 2 - 2);
    g_assert_cmpuint (after, <, SECOND * 2 / 3);
  }
}

/* Speech with its gaps for a minute does not become noise. */
static void
test_speech (void)
{
  noise_gate_init (&gate);
  for (guint i = 0; i < 120; i++) {
    g_assert_cmpuint (hear (3000, SECOND / 3), ==, SECOND / 3);
    hear (30, SECOND / 6);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noisegate/silence", test_silence);
  g_test_add_func ("/noisegate/noise", test_noise);
  g_test_add_func ("/noisegate/speech", test_speech);
  return g_test_run ();
}
