/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/speechend.h"

#define N 80 /* 10 ms */
#define MS G_GINT64_CONSTANT (1000000)

static SpeechEnd end;
static gint64 now;

/* @ms of noise whose mean magnitude is @level. */
static void
push (guint ms, gint level, gboolean in_turn)
{
  gint16 samples[N];

  for (guint at = 0; at < ms; at += 10) {
    for (guint i = 0; i < N; i++)
      samples[i] = (gint16) (i & 1 ? level : -level);
    speech_end_push (&end, samples, N, now, in_turn);
    now += 10 * MS;
  }
}

static void
begin (gint noise)
{
  now = 0;
  speech_end_init (&end);
  push (6000, noise, FALSE);
  speech_end_begin (&end, now);
}

/* Whatever holds on behind the last sound, and however loud it was. */
static void
test_hang_over (void)
{
  static const gint levels[] = { 200, 1000, 8000 };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
    begin (0);
    push (800, levels[i], TRUE);
    const gint64 sound = now;
    push (80, 5, TRUE);
    g_assert_cmpint (speech_end_get (&end, now), ==, sound);
    push (300, 0, TRUE); /* not decided yet */
    g_assert_cmpint (speech_end_get (&end, sound + 80 * MS), ==, sound);
  }
}

/* A quiet last syllable belongs to it, 20 dB below; noise does not. */
static void
test_quiet_end (void)
{
  begin (50);
  push (500, 4000, TRUE);
  push (200, 400, TRUE);
  const gint64 sound = now;
  push (80, 60, TRUE);
  g_assert_cmpint (speech_end_get (&end, now), ==, sound);
}

static void
test_half_a_piece (void)
{
  gint16 samples[N] = { 0 };

  begin (0);
  push (500, 4000, TRUE);
  for (guint i = 0; i < N / 2; i++)
    samples[i] = 4000;
  speech_end_push (&end, samples, N, now, TRUE);
  g_assert_cmpint (speech_end_get (&end, now + 90 * MS), ==, now + 5 * MS);
}

/* What comes before it is known that a turn began is none. */
static void
test_onset_is_no_noise (void)
{
  begin (20);
  push (120, 8000, FALSE);
  speech_end_begin (&end, now);
  push (500, 8000, TRUE);
  push (200, 400, TRUE);
  const gint64 sound = now;
  push (80, 20, TRUE);
  g_assert_cmpint (speech_end_get (&end, now), ==, sound);
}

/* Where noise is as loud as speech, the decision has the last word. */
static void
test_bounds (void)
{
  begin (3000);
  push (1000, 3000, TRUE);
  g_assert_cmpint (speech_end_get (&end, now), ==, now - 200 * MS);
  begin (0);
  push (500, 4000, TRUE);
  g_assert_cmpint (speech_end_get (&end, now - 100 * MS), ==, now - 100 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speechend/hang-over", test_hang_over);
  g_test_add_func ("/speechend/quiet-end", test_quiet_end);
  g_test_add_func ("/speechend/half-a-piece", test_half_a_piece);
  g_test_add_func ("/speechend/onset-is-no-noise", test_onset_is_no_noise);
  g_test_add_func ("/speechend/bounds", test_bounds);
  return g_test_run ();
}
