/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/dialogue/verdict.h"

static const Spoken silence = { "goodbye", 0.6, TRUE, TRUE, 300, FALSE, FALSE,
  FALSE };
static const Spoken echo = { "bye", 0.94, TRUE, TRUE, 250, TRUE, FALSE, FALSE };

/* Real words last 240 to 550 ms: in silence they count. */
static void
test_silence (void)
{
  Spoken spoken = silence;

  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.length = 200;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.length = 130; /* of a line that breaks off, taken for "bye" */
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.length = 200;
  spoken.known = FALSE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_MISS);
  spoken = silence;
  spoken.believed = FALSE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_MISS);
}

/* While the agent is audible nothing short counts, however sure it is, and nothing is a
 * mistake of the caller's. */
static void
test_echo (void)
{
  Spoken spoken = echo;

  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.behind = TRUE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.length = 599;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken = echo;
  spoken.believed = spoken.known = FALSE;
  spoken.length = 3000;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

static void
test_interruption (void)
{
  Spoken spoken = echo;

  spoken.words = "what are your opening hours";
  spoken.length = 600;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.confidence = 0.6; /* believed, but not well above rejection */
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

/* Who goes on speaking when the agent is silent has interrupted it, whatever was
 * understood; who only nods has not. */
static void
test_lasts (void)
{
  Spoken spoken = echo;

  spoken.believed = spoken.known = FALSE;
  spoken.length = 1100;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.lasted = TRUE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_MISS);
  spoken.length = 900; /* it may be a nod that was not understood */
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.believed = spoken.known = TRUE;
  spoken.confidence = 0.6;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.words = "mm hm";
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.length = 1500;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.length = 500; /* an echo */
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.length = 900;
  spoken.early = TRUE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

/* Who asks at once is answered, behind the greeting; a word or a "stop" is not enough
 * to do without it. */
static void
test_early (void)
{
  Spoken spoken = echo;

  spoken.early = TRUE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.words = "hello";
  spoken.length = 700;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.words = "stop";
  spoken.known = FALSE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.words = "what are your opening hours";
  spoken.known = TRUE;
  spoken.length = 1500;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_WORDS);
  spoken.confidence = 0.6;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

/* Whoever speaks for long behind the agent's last word waits for an answer. */
static void
test_behind (void)
{
  Spoken spoken = echo;

  spoken.behind = TRUE;
  spoken.believed = spoken.known = FALSE;
  spoken.length = 1500;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_MISS);
  spoken.length = 800;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

static void
test_interjections (void)
{
  Spoken spoken = echo;

  /* also if the file has it as an answer */
  spoken.words = "okay";
  spoken.length = 700;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.words = "wait";
  spoken.length = 300;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_STOP);
  spoken.known = FALSE;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_STOP);
  spoken.confidence = 0.7;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
  spoken.words = "stop"; /* sounds like nothing else */
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_STOP);
  spoken.words = "hang on"; /* like much */
  spoken.confidence = 0.9;
  g_assert_cmpint (verdict_judge (&spoken), ==, VERDICT_GO_ON);
}

/* The rest of a sentence, not its echo, nor who says "okay" to the answer. */
static void
test_joins (void)
{
  Spoken spoken = silence;

  g_assert_true (verdict_joins (&spoken, 0.6));
  spoken = echo;
  g_assert_false (verdict_joins (&spoken, 0.95));
  spoken.length = 450;
  g_assert_true (verdict_joins (&spoken, 0.95));
  g_assert_false (verdict_joins (&spoken, 0.6));
  spoken.words = "okay";
  g_assert_false (verdict_joins (&spoken, 0.95));
}

/* A phrase is over at once, the beginning of one is not, and of what means nothing the
 * short is a beginning and the long a sentence. */
static void
test_completeness (void)
{
  SpokenSoFar so_far = { .fits = 1, .confidence = 0.9, .sound = 500 };

  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 1);
  so_far.confidence = 0.3;
  const gdouble likely = verdict_get_completeness (&so_far);
  g_assert_true (likely > 0.5 && likely < 1);
  so_far.fits = 0;
  so_far.sound = 2000;
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, -1);
  so_far.confidence = 0.9;
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 0);
  so_far = (SpokenSoFar){ .fits = -1, .sound = 400 };
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 0);
  so_far.sound = 1000;
  const gdouble middle = verdict_get_completeness (&so_far);
  g_assert_true (middle > 0 && middle < 0.7);
  so_far.sound = 900;
  so_far.over = TRUE;
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, likely);
  so_far.sound = 1100;
  so_far.over = TRUE;
  so_far.asked = TRUE;
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 0);
  so_far = (SpokenSoFar){ .fits = 0, .asked = TRUE, .sound = 2000 };
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 0);
  so_far.fits = -1;
  g_assert_cmpfloat (verdict_get_completeness (&so_far), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict/silence", test_silence);
  g_test_add_func ("/verdict/echo", test_echo);
  g_test_add_func ("/verdict/interruption", test_interruption);
  g_test_add_func ("/verdict/lasts", test_lasts);
  g_test_add_func ("/verdict/early", test_early);
  g_test_add_func ("/verdict/completeness", test_completeness);
  g_test_add_func ("/verdict/behind", test_behind);
  g_test_add_func ("/verdict/interjections", test_interjections);
  g_test_add_func ("/verdict/joins", test_joins);
  return g_test_run ();
}
