/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "voicemixer/logic/speaker.h"

#include <math.h>

#define N 160

static gint32 frame[N];

/* @n frames at @peak; how often the state changed. */
static guint
push (Speaker *speaker, gint peak, guint n)
{
  guint changes = 0;

  for (guint k = 0; k < n; k++) {
    for (guint i = 0; i < N; i++)
      frame[i] = (gint32) (peak * sin (i * 2 * G_PI / 16));
    changes += speaker_push (speaker, frame, N);
  }
  return changes;
}

static void
test_speech (void)
{
  Speaker speaker = { 0 };

  push (&speaker, 20, 50);
  g_assert_false (speaker.speaking);
  g_assert_cmpuint (push (&speaker, 8000, 2), ==, 0); /* a click */
  push (&speaker, 20, 5);
  g_assert_cmpuint (push (&speaker, 8000, 20), ==, 1);
  g_assert_true (speaker.speaking);
  g_assert_cmpfloat_with_epsilon (speaker.level, -15.3, 0.1);
  g_assert_cmpuint (push (&speaker, 20, 19), ==, 0); /* a pause */
  g_assert_cmpuint (push (&speaker, 20, 1), ==, 1);
  g_assert_false (speaker.speaking);
}

/* A fan that goes on and on is not speech for long; a voice above it is. */
static void
test_noise (void)
{
  Speaker speaker = { 0 };

  push (&speaker, 400, 100);
  g_assert_false (speaker.speaking);
  push (&speaker, 8000, 10);
  g_assert_true (speaker.speaking);
}

static void
test_silence (void)
{
  Speaker speaker = { 0 };

  for (guint i = 0; i < 100; i++)
    g_assert_false (speaker_push_silence (&speaker));
  push (&speaker, 8000, 10);
  g_assert_true (speaker.speaking);
  for (guint i = 0; i < 20; i++)
    speaker_push_silence (&speaker);
  g_assert_false (speaker.speaking);
  g_assert_cmpfloat (speaker.level, ==, -96);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speaker/speech", test_speech);
  g_test_add_func ("/speaker/noise", test_noise);
  g_test_add_func ("/speaker/silence", test_silence);
  return g_test_run ();
}
