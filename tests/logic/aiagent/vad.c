/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/hearing/webrtcvad.h"

#include "../../syntheticvoice.h"

#define PIECES 100

static const guint rates[] = { 8000, 16000, 32000, 48000 };

typedef gint16 (*Sound) (guint i, guint rate);

static gint16
silence (guint i, guint rate)
{
  return 0;
}

/* Some 60 dB below full scale. */
static gint16
hiss (guint i, guint rate)
{
  return (gint16) ((i * 1103515245u + 12345u) >> 16) % 32;
}

static guint
count_speech (WebrtcVad *vad, guint rate, Sound sound)
{
  gint16 samples[480];
  guint n = 0;

  for (guint piece = 0; piece < PIECES; piece++) {
    for (guint i = 0; i < rate / 100; i++)
      samples[i] = sound (piece * rate / 100 + i, rate);
    n += (guint) webrtc_vad_is_speech (vad, samples);
  }
  return n;
}

static void
test_kinds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (WebrtcVad) vad = webrtc_vad_new (rates[i]);
    g_assert_cmpuint (count_speech (vad, rates[i], silence), ==, 0);
    g_assert_cmpuint (count_speech (vad, rates[i], hiss), <=, 2);
    g_assert_cmpuint (count_speech (vad, rates[i], synthetic_voice), >=, 80);
  }
}

/* A new call hears the same as the one before. */
static void
test_reset (void)
{
  g_autoptr (WebrtcVad) vad = webrtc_vad_new (8000);
  guint first = count_speech (vad, 8000, synthetic_voice);

  count_speech (vad, 8000, hiss);
  webrtc_vad_reset (vad);
  g_assert_cmpuint (count_speech (vad, 8000, synthetic_voice), ==, first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vad/kinds", test_kinds);
  g_test_add_func ("/vad/reset", test_reset);
  return g_test_run ();
}
