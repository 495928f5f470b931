/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/turndetector.h"

#define MS G_GINT64_CONSTANT (1000000)
#define BASE (5000 * MS)

static TurnDetector turns;
static gint64 at;

static void
begin (void)
{
  turn_detector_init (&turns, 300, 60);
  at = BASE;
}

/* @ms of one kind; the event, at most one, is returned, and @when is the end of
 * the piece that brought it, in ms after BASE. */
static TurnEvent
feed (guint ms, gboolean speech, gint *when)
{
  TurnEvent event = TURN_NOTHING;

  for (guint i = 0; i < ms / 10; i++) {
    TurnEvent now = turn_detector_push (&turns, speech, at);
    at += 10 * MS;
    if (now == TURN_NOTHING)
      continue;
    g_assert_cmpint (event, ==, TURN_NOTHING);
    event = now;
    if (when)
      *when = (gint) ((at - BASE) / MS);
  }
  return event;
}

static gint
after_base (gint64 time)
{
  return (gint) ((time - BASE) / MS);
}

static void
test_start (void)
{
  gint when = 0;

  begin ();
  g_assert_cmpint (feed (500, FALSE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (1000, TRUE, &when), ==, TURN_STARTED);
  g_assert_cmpint (when, ==, 560);
  g_assert_cmpint (after_base (turns.onset), ==, 500);
}

static void
test_50_ms_are_no_turn (void)
{
  begin ();
  for (guint i = 0; i < 20; i++) {
    g_assert_cmpint (feed (50, TRUE, NULL), ==, TURN_NOTHING);
    g_assert_cmpint (feed (120, FALSE, NULL), ==, TURN_NOTHING);
  }
}

/* Pieces in turn with gaps count when six stand within twelve. */
static void
test_broken_speech (void)
{
  gint when = 0;
  TurnEvent event = TURN_NOTHING;

  begin ();
  for (guint i = 0; i < 6 && event == TURN_NOTHING; i++) {
    event = feed (10, TRUE, &when);
    if (event == TURN_NOTHING)
      g_assert_cmpint (feed (10, FALSE, NULL), ==, TURN_NOTHING);
  }
  g_assert_cmpint (event, ==, TURN_STARTED);
  g_assert_cmpint (when, ==, 110);
  g_assert_cmpint (after_base (turns.onset), ==, 0);
}

static void
test_end (void)
{
  gint when = 0;

  begin ();
  g_assert_cmpint (feed (400, TRUE, NULL), ==, TURN_STARTED);
  g_assert_cmpint (feed (290, FALSE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (10, FALSE, &when), ==, TURN_ENDED);
  g_assert_cmpint (when, ==, 700);
  g_assert_cmpint (after_base (turns.last_speech), ==, 400);
  /* The same pause ends nothing twice. */
  g_assert_cmpint (feed (1000, FALSE, NULL), ==, TURN_NOTHING);
}

static void
test_pause_within_turn (void)
{
  gint when = 0;

  begin ();
  g_assert_cmpint (feed (400, TRUE, NULL), ==, TURN_STARTED);
  g_assert_cmpint (feed (250, FALSE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (200, TRUE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (400, FALSE, &when), ==, TURN_ENDED);
  g_assert_cmpint (when, ==, 400 + 250 + 200 + 300);
  g_assert_cmpint (after_base (turns.onset), ==, 0);
  g_assert_cmpint (after_base (turns.last_speech), ==, 850);
}

/* What was said before the end is forgotten: the next turn needs 60 ms anew. */
static void
test_next_turn (void)
{
  gint when = 0;

  begin ();
  feed (400, TRUE, NULL);
  g_assert_cmpint (feed (300, FALSE, NULL), ==, TURN_ENDED);
  g_assert_cmpint (feed (50, TRUE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (10, TRUE, &when), ==, TURN_STARTED);
  g_assert_cmpint (when, ==, 760);
  g_assert_cmpint (after_base (turns.onset), ==, 700);
}

/* Time that jumps (a lost stretch) counts as a pause. */
static void
test_time_jump (void)
{
  begin ();
  feed (400, TRUE, NULL);
  at += 5000 * MS;
  g_assert_cmpint (feed (10, FALSE, NULL), ==, TURN_ENDED);
  g_assert_cmpint (after_base (turns.last_speech), ==, 400);
}

/* Time that begins anew in a pause: what was left of it is waited for. */
static void
test_move_back (void)
{
  begin ();
  feed (400, TRUE, NULL);
  feed (100, FALSE, NULL);
  turn_detector_move_back (&turns, BASE);
  at -= BASE;
  g_assert_cmpint (turns.last_speech, ==, 400 * MS);
  g_assert_cmpint (feed (100, FALSE, NULL), ==, TURN_NOTHING);
  turn_detector_move_back (&turns, 10 * BASE);
  g_assert_cmpint (turns.onset, ==, 0);
  g_assert_cmpint (turns.last_speech, ==, 0);
  g_assert_cmpint (feed (5000, FALSE, NULL), ==, TURN_ENDED);
}

static void
test_settings (void)
{
  gint when = 0;

  turn_detector_init (&turns, 1000, 20);
  at = BASE;
  g_assert_cmpint (feed (20, TRUE, &when), ==, TURN_STARTED);
  g_assert_cmpint (feed (990, FALSE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (10, FALSE, NULL), ==, TURN_ENDED);
  /* As much as the window holds, and no less than one piece. */
  turn_detector_init (&turns, 300, 5000);
  at = BASE;
  g_assert_cmpint (feed (110, TRUE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (10, TRUE, NULL), ==, TURN_STARTED);
  turn_detector_init (&turns, 300, 0);
  at = BASE;
  g_assert_cmpint (feed (1000, FALSE, NULL), ==, TURN_NOTHING);
  g_assert_cmpint (feed (10, TRUE, NULL), ==, TURN_STARTED);
}

static void
test_finish (void)
{
  begin ();
  g_assert_false (turn_detector_finish (&turns));
  feed (400, TRUE, NULL);
  g_assert_true (turn_detector_finish (&turns));
  g_assert_false (turn_detector_finish (&turns));
  g_assert_cmpint (feed (50, TRUE, NULL), ==, TURN_NOTHING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turndetector/start", test_start);
  g_test_add_func ("/turndetector/50-ms", test_50_ms_are_no_turn);
  g_test_add_func ("/turndetector/broken-speech", test_broken_speech);
  g_test_add_func ("/turndetector/end", test_end);
  g_test_add_func ("/turndetector/pause", test_pause_within_turn);
  g_test_add_func ("/turndetector/next-turn", test_next_turn);
  g_test_add_func ("/turndetector/time-jump", test_time_jump);
  g_test_add_func ("/turndetector/move-back", test_move_back);
  g_test_add_func ("/turndetector/settings", test_settings);
  g_test_add_func ("/turndetector/finish", test_finish);
  return g_test_run ();
}
