/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/turnwatch.h"

/* What is done in @frames of @scene, by the number of frames until it is first; 0: nothing. */
static guint
watch (TurnWatch *self, const TurnWatchScene *scene, guint frames, guint act)
{
  guint first = 0;

  for (guint i = 1; i <= frames; i++) {
    if (!scene->doubting)
      turn_watch_hear (self);
    const guint acts = turn_watch_tick (self, scene);
    g_assert_cmpuint (acts & ~act, ==, 0);
    if (acts && !first)
      first = i;
  }
  return first;
}

static void
test_turn (void)
{
  TurnWatch self = { 0 };
  const TurnWatchScene scene = { .listening = TRUE }, pause = { 0 };

  g_assert_cmpuint (watch (&self, &scene, 2990, 0), ==, 0);
  g_assert_cmpuint (watch (&self, &pause, 1, 0), ==, 0);
  g_assert_cmpuint (watch (&self, &scene, 4000, TURN_WATCH_TURN), ==, 3001);
}

/* Who is not heard any more has finished. */
static void
test_unheard (void)
{
  TurnWatch self = { 0 };
  const TurnWatchScene scene = { .listening = TRUE };
  guint n = 0;

  while (!turn_watch_tick (&self, &scene))
    n++;
  g_assert_cmpuint (n, ==, 100);
}

static void
test_answer (void)
{
  TurnWatch self = { 0 };
  const TurnWatchScene scene = { .waiting = TRUE }, speaks = { 0 };

  g_assert_cmpuint (watch (&self, &scene, 1490, 0), ==, 0);
  g_assert_cmpuint (watch (&self, &speaks, 1, 0), ==, 0);
  g_assert_cmpuint (watch (&self, &scene, 1600, TURN_WATCH_ANSWER), ==, 1501);
}

/* While somebody speaks it is for whoever listens to say what becomes of it. */
static void
test_held (void)
{
  TurnWatch self = { 0 };
  TurnWatchScene scene = { .held = TRUE, .listening = TRUE };

  g_assert_cmpuint (watch (&self, &scene, 1000, 0), ==, 0);
  scene.listening = FALSE;
  g_assert_cmpuint (watch (&self, &scene, 600, TURN_WATCH_HELD), ==, 501);
}

static void
test_thinks (void)
{
  TurnWatch self = { 0 };
  const TurnWatchScene scene = { .thinking = TRUE }, done = { 0 };

  g_assert_false (turn_watch_thinks (&self));
  watch (&self, &scene, 3000, 0);
  g_assert_true (turn_watch_thinks (&self));
  watch (&self, &scene, 1, 0);
  g_assert_false (turn_watch_thinks (&self));
  watch (&self, &done, 1, 0);
  watch (&self, &scene, 1, 0);
  g_assert_true (turn_watch_thinks (&self));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turnwatch/turn", test_turn);
  g_test_add_func ("/turnwatch/unheard", test_unheard);
  g_test_add_func ("/turnwatch/answer", test_answer);
  g_test_add_func ("/turnwatch/held", test_held);
  g_test_add_func ("/turnwatch/thinks", test_thinks);
  return g_test_run ();
}
