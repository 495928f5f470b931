/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/turn/bargein.h"
#include "aiagent/logic/turn/onset.h"
#include "aiagent/logic/turn/turnwait.h"
#include "aiagent/logic/turn/voicing.h"

#include <math.h>

#define MS G_GINT64_CONSTANT (1000000)
#define CONFIRM 400

/* ---- Second thoughts */

static BargeIn doubt;
static gint64 at;

static void
begin (void)
{
  at = 5000 * MS;
  barge_in_begin (&doubt, at, CONFIRM * MS);
}

/* @ms of one kind, or up to a verdict. */
static BargeInVerdict
feed (guint ms, gboolean sounds, gboolean voiced)
{
  BargeInVerdict verdict = BARGE_IN_NOTHING;

  for (guint i = 0; i < ms / 10 && verdict == BARGE_IN_NOTHING; i++) {
    verdict = barge_in_push (&doubt, sounds, voiced, at);
    at += 10 * MS;
  }
  return verdict;
}

static guint
lasted (void)
{
  return (guint) (at / MS - 5000);
}

static void
test_voice_goes_on (void)
{
  begin ();
  g_assert_cmpint (feed (1000, TRUE, TRUE), ==, BARGE_IN_CONFIRMED);
  g_assert_cmpuint (lasted (), ==, CONFIRM);
  g_assert_false (doubt.doubting);
  g_assert_cmpint (feed (1000, TRUE, TRUE), ==, BARGE_IN_NOTHING);
}

/* Unvoiced sounds and short closures are parts of words. */
static void
test_word (void)
{
  begin ();
  g_assert_cmpint (feed (120, TRUE, FALSE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (100, TRUE, TRUE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (90, FALSE, FALSE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (1000, TRUE, TRUE), ==, BARGE_IN_CONFIRMED);
  g_assert_cmpuint (lasted (), ==, CONFIRM);
}

static void
test_click (void)
{
  begin ();
  g_assert_cmpint (feed (30, TRUE, FALSE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (1000, FALSE, FALSE), ==, BARGE_IN_REJECTED);
  g_assert_cmpuint (lasted (), <=, 200);
  g_assert_false (doubt.doubting);
}

/* Over, if only just, when the time is up: voice or not. */
static void
test_short_word (void)
{
  begin ();
  g_assert_cmpint (feed (330, TRUE, TRUE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (1000, FALSE, FALSE), ==, BARGE_IN_REJECTED);
  g_assert_cmpuint (lasted (), ==, 330 + 150);
}

/* "No, I mean the other one." */
static void
test_breath (void)
{
  begin ();
  g_assert_cmpint (feed (320, TRUE, TRUE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (100, FALSE, FALSE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (1000, TRUE, TRUE), ==, BARGE_IN_CONFIRMED);
}

/* The agent does not wait for its end. */
static void
test_cough (void)
{
  begin ();
  g_assert_cmpint (feed (800, TRUE, FALSE), ==, BARGE_IN_RESUMED);
  g_assert_cmpuint (lasted (), ==, CONFIRM);
  g_assert_true (doubt.doubting);
  g_assert_cmpint (feed (400, TRUE, FALSE), ==, BARGE_IN_NOTHING);
  g_assert_cmpint (feed (1000, FALSE, FALSE), ==, BARGE_IN_REJECTED);
}

/* What lasts is an interruption, whatever it sounds like. */
static void
test_doubt_is_bounded (void)
{
  begin ();
  g_assert_cmpint (feed (1000, TRUE, FALSE), ==, BARGE_IN_RESUMED);
  g_assert_cmpint (feed (5000, TRUE, FALSE), ==, BARGE_IN_CONFIRMED);
  g_assert_cmpuint (lasted (), ==, 3 * CONFIRM);
}

static void
test_voice_behind_noise (void)
{
  begin ();
  g_assert_cmpint (feed (1000, TRUE, FALSE), ==, BARGE_IN_RESUMED);
  g_assert_cmpint (feed (5000, TRUE, TRUE), ==, BARGE_IN_CONFIRMED);
  g_assert_cmpuint (lasted (), <, 3 * CONFIRM);
}

/* ---- Something begins */

static guint
push (Onset *onset, guint n, gdouble level, gdouble caller)
{
  for (guint i = 0; i < n; i++) {
    onset_push (onset, level, caller);
    if (onset->loud)
      return i + 1;
  }
  return 0;
}

static void
test_onset (void)
{
  Onset onset;

  onset_init (&onset);
  g_assert_cmpuint (push (&onset, 300, -55, ONSET_UNKNOWN - 1), ==, 0);
  g_assert_cmpuint (push (&onset, 1, -30, ONSET_UNKNOWN - 1), ==, 0);
  g_assert_cmpuint (push (&onset, 100, -30, ONSET_UNKNOWN - 1), ==, 1);
  for (guint i = 0; i < ONSET_WINDOW; i++)
    onset_push (&onset, -55, ONSET_UNKNOWN - 1);
  g_assert_false (onset.loud);
  g_assert_false (onset_is_new (&onset));
  for (guint i = 0; i < 10; i++)
    onset_push (&onset, -30, ONSET_UNKNOWN - 1);
  g_assert_true (onset_is_new (&onset));
  for (guint i = 0; i < 30; i++)
    onset_push (&onset, -30, ONSET_UNKNOWN - 1);
  g_assert_true (onset.loud);
  g_assert_false (onset_is_new (&onset));
  for (guint i = 0; i < ONSET_WINDOW; i++)
    onset_push (&onset, -55, ONSET_UNKNOWN - 1);
  /* Others, behind the caller. */
  g_assert_cmpuint (push (&onset, 5, -40, -20), ==, 0);
  g_assert_cmpuint (push (&onset, 5, -30, -20), ==, 2);
}

/* What goes on for seconds is noise, and a voice above it is none. */
static void
test_onset_in_noise (void)
{
  Onset onset;

  onset_init (&onset);
  push (&onset, 500, -40, ONSET_UNKNOWN - 1);
  for (guint i = 0; i < 300; i++)
    onset_push (&onset, -40, ONSET_UNKNOWN - 1);
  g_assert_false (onset.loud);
  g_assert_cmpuint (push (&onset, 5, -25, ONSET_UNKNOWN - 1), ==, 2);
}

/* ---- A voice */

static VoicingResult
measure (guint rate, gdouble pitch, gdouble noise)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gint16 samples[480];
  VoicingResult result;
  Voicing voicing;
  guint i = 0;

  voicing_init (&voicing, rate);
  for (guint piece = 0; piece < 10; piece++) {
    for (guint k = 0; k < rate / 100; k++, i++)
      samples[k] = (gint16) (3000 * sin (2 * G_PI * pitch * i / rate) +
          3000 * noise * g_rand_double_range (rand, -1, 1));
    voicing_push (&voicing, samples, rate / 100);
  }
  voicing_measure (&voicing, &result);
  return result;
}

static void
test_voicing (void)
{
  static const guint rates[] = { 8000, 16000, 48000 };
  static const gdouble pitches[] = { 80, 120, 220, 300 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (pitches); k++) {
      const VoicingResult result = measure (rates[i], pitches[k], 0.1);
      g_assert_true (voicing_is_voice (&result));
      g_assert_cmpfloat (ABS (result.pitch / pitches[k] - 1), <, 0.06);
    }
    const VoicingResult noise = measure (rates[i], 0, 1);
    g_assert_false (voicing_is_voice (&noise));
  }
}

static void
test_silence_has_no_voice (void)
{
  VoicingResult result;
  Voicing voicing;

  voicing_init (&voicing, 8000);
  voicing_measure (&voicing, &result);
  g_assert_false (voicing_is_voice (&result));
}

/* ---- How long the silence behind it is to be */

static TurnWait
speak (gdouble first, gdouble last)
{
  TurnWait wait;

  turn_wait_init (&wait, 200, 1200);
  turn_wait_begin (&wait);
  for (guint i = 0; i < 100; i++)
    turn_wait_push (&wait,
        i < 80 ? first : first + (last - first) * (i - 79) / 20, -20);
  return wait;
}

static void
test_words (void)
{
  const TurnWait wait = speak (120, 120);

  g_assert_cmpuint (turn_wait_get (&wait, 1), ==, 200);
  g_assert_cmpuint (turn_wait_get (&wait, 0), ==, 1200);
  g_assert_cmpuint (turn_wait_get (&wait, 0.5), ==, 700);
}

static void
test_melody (void)
{
  const TurnWait falls = speak (120, 80), holds = speak (120, 120),
                 rises = speak (120, 180);
  const guint soon = turn_wait_get (&falls, TURN_WAIT_UNKNOWN);
  const guint later = turn_wait_get (&holds, TURN_WAIT_UNKNOWN);
  const guint latest = turn_wait_get (&rises, TURN_WAIT_UNKNOWN);

  g_assert_cmpuint (soon, >, 200);
  g_assert_cmpuint (soon, <, later);
  g_assert_cmpuint (later, <, latest);
  g_assert_cmpuint (latest, <, 1200);
}

static void
test_fixed (void)
{
  TurnWait wait;

  turn_wait_init (&wait, 500, 300);
  for (gdouble complete = -1; complete <= 1; complete += 0.5)
    g_assert_cmpuint (turn_wait_get (&wait, complete), ==, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bargein/voice-goes-on", test_voice_goes_on);
  g_test_add_func ("/bargein/word", test_word);
  g_test_add_func ("/bargein/click", test_click);
  g_test_add_func ("/bargein/short-word", test_short_word);
  g_test_add_func ("/bargein/breath", test_breath);
  g_test_add_func ("/bargein/cough", test_cough);
  g_test_add_func ("/bargein/bounded", test_doubt_is_bounded);
  g_test_add_func ("/bargein/voice-behind-noise", test_voice_behind_noise);
  g_test_add_func ("/bargein/onset", test_onset);
  g_test_add_func ("/bargein/onset-in-noise", test_onset_in_noise);
  g_test_add_func ("/bargein/voicing", test_voicing);
  g_test_add_func ("/bargein/silence", test_silence_has_no_voice);
  g_test_add_func ("/bargein/wait/words", test_words);
  g_test_add_func ("/bargein/wait/melody", test_melody);
  g_test_add_func ("/bargein/wait/fixed", test_fixed);
  return g_test_run ();
}
