/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* When an agent is taken to be gone, and what follows. */

#include "aiagent/logic/remote/vigil.h"

#define ASSERT_LOOK(vigil, now, act, next) \
  G_STMT_START \
  { \
    gint64 due_; \
    g_assert_cmpint (vigil_look (&(vigil), (now), &due_), ==, (act)); \
    g_assert_cmpint (due_, ==, (gint64) (next)); \
  } \
  G_STMT_END

/* Nobody says anything of an agent that is there, or that comes soon. */
static void
test_there (void)
{
  Vigil vigil = { 0 };

  ASSERT_LOOK (vigil, 0, VIGIL_NOTHING, G_MAXINT64);
  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 1000);
  ASSERT_LOOK (vigil, 100000, VIGIL_NOTHING, G_MAXINT64);
  vigil_end (&vigil);
  vigil_lost (&vigil, 100000, FALSE);
  vigil_begin (&vigil, 200000);
  ASSERT_LOOK (vigil, 200000, VIGIL_NOTHING, 200600);
  vigil_ready (&vigil, 200599);
  ASSERT_LOOK (vigil, 300000, VIGIL_NOTHING, G_MAXINT64);
}

/* Behind what is to be heard still, when the caller has finished; once. */
static void
test_bridge (void)
{
  Vigil vigil = { 0 };

  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 0);
  g_assert_true (vigil_written (&vigil, 1000, 2000000));
  vigil_lost (&vigil, 1100, FALSE);
  ASSERT_LOOK (vigil, 1100, VIGIL_NOTHING, 3600);
  vigil_speaking (&vigil, 2000, TRUE);
  vigil_cut (&vigil, 2000);
  ASSERT_LOOK (vigil, 9000, VIGIL_NOTHING, G_MAXINT64);
  vigil_speaking (&vigil, 9000, FALSE);
  ASSERT_LOOK (vigil, 9599, VIGIL_NOTHING, 9600);
  ASSERT_LOOK (vigil, 9600, VIGIL_BRIDGE, G_MAXINT64);
  ASSERT_LOOK (vigil, 20000, VIGIL_NOTHING, G_MAXINT64);
  vigil_bridge_over (&vigil, 20000);
  ASSERT_LOOK (vigil, 20000, VIGIL_NOTHING, 20600);
  ASSERT_LOOK (vigil, 20600, VIGIL_BRIDGE, G_MAXINT64);
}

/* On hold nothing becomes late. */
static void
test_held (void)
{
  Vigil vigil = { .response_timeout = 8000 };

  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 0);
  vigil_expect (&vigil, 0);
  vigil_held (&vigil, 7000, TRUE);
  ASSERT_LOOK (vigil, 60000, VIGIL_NOTHING, G_MAXINT64);
  vigil_held (&vigil, 60000, FALSE);
  ASSERT_LOOK (vigil, 60000, VIGIL_NOTHING, 68000);
  vigil_written (&vigil, 61000, 1000000);
  vigil_held (&vigil, 61500, TRUE);
  vigil_lost (&vigil, 62000, FALSE);
  vigil_held (&vigil, 70000, FALSE);
  ASSERT_LOOK (vigil, 70000, VIGIL_NOTHING, 71100);
}

/* Who has waited for an answer is told at once, and until it comes. */
static void
test_stalled (void)
{
  Vigil vigil = { .response_timeout = 8000 };

  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 0);
  vigil_speaking (&vigil, 1000, TRUE);
  vigil_speaking (&vigil, 2000, FALSE);
  vigil_expect (&vigil, 2000);
  ASSERT_LOOK (vigil, 9999, VIGIL_NOTHING, 10000);
  ASSERT_LOOK (vigil, 10000, VIGIL_STALLED, G_MAXINT64);
  vigil_lost (&vigil, 10000, FALSE);
  ASSERT_LOOK (vigil, 10000, VIGIL_BRIDGE, G_MAXINT64);
  vigil_ready (&vigil, 10300);
  g_assert_true (vigil.owed && vigil.bridging);
  ASSERT_LOOK (vigil, 10300, VIGIL_NOTHING, 18300);
  vigil_written (&vigil, 11000, 20000);
  g_assert_false (vigil.owed || vigil.bridging);
  ASSERT_LOOK (vigil, 90000, VIGIL_NOTHING, G_MAXINT64);
}

/* Who need not answer may be there and say nothing. */
static void
test_silent (void)
{
  Vigil vigil = { 0 };

  vigil_begin (&vigil, 0);
  vigil_expect (&vigil, 10);
  ASSERT_LOOK (vigil, 600, VIGIL_BRIDGE, G_MAXINT64);
  vigil_ready (&vigil, 1000);
  g_assert_true (vigil.owed);
  g_assert_false (vigil.bridging);
  ASSERT_LOOK (vigil, 90000, VIGIL_NOTHING, G_MAXINT64);
}

/* An answer that was broken off is owed; but not to who has begun to speak. */
static void
test_broken (void)
{
  Vigil vigil = { 0 };

  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 0);
  vigil_lost (&vigil, 10, TRUE);
  g_assert_true (vigil.owed);
  vigil_ready (&vigil, 20);
  vigil_speaking (&vigil, 30, TRUE);
  g_assert_false (vigil.owed);
  vigil_lost (&vigil, 40, TRUE);
  g_assert_false (vigil.owed);
}

/* In a pause of the last tenth, at the end without one. */
static void
test_renewed (void)
{
  Vigil vigil = { .session_length = 100000 };

  vigil_ready (&vigil, 0);
  vigil_begin (&vigil, 0);
  ASSERT_LOOK (vigil, 1000, VIGIL_NOTHING, 90000);
  vigil_written (&vigil, 89000, 2000000);
  ASSERT_LOOK (vigil, 90000, VIGIL_NOTHING, 91000);
  ASSERT_LOOK (vigil, 91000, VIGIL_RENEW, 100000);
  vigil_speaking (&vigil, 91000, TRUE);
  ASSERT_LOOK (vigil, 92000, VIGIL_NOTHING, 100000);
  ASSERT_LOOK (vigil, 100000, VIGIL_RENEW, G_MAXINT64);
  vigil_lost (&vigil, 100000, FALSE);
  vigil_ready (&vigil, 100100);
  vigil_speaking (&vigil, 100200, FALSE);
  ASSERT_LOOK (vigil, 100200, VIGIL_NOTHING, 190100);
  vigil.renewing = TRUE;
  ASSERT_LOOK (vigil, 100200, VIGIL_RENEW, 200100);
}

/* Whatever the size of its pieces. */
static void
test_bounded (void)
{
  Vigil vigil = { 0 };
  guint n = 0;

  vigil_begin (&vigil, 0);
  g_assert_true (vigil_written (&vigil, 0, 600000000));
  while (vigil_written (&vigil, 0, 125)) /* one sample */
    n++;
  g_assert_cmpuint (n, ==, 7);
  g_assert_true (vigil_written (&vigil, 10, 1000));
  vigil_cut (&vigil, 20);
  g_assert_true (vigil_written (&vigil, 20, 600000000 - 1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vigil/there", test_there);
  g_test_add_func ("/vigil/bridge", test_bridge);
  g_test_add_func ("/vigil/held", test_held);
  g_test_add_func ("/vigil/stalled", test_stalled);
  g_test_add_func ("/vigil/silent", test_silent);
  g_test_add_func ("/vigil/broken", test_broken);
  g_test_add_func ("/vigil/renewed", test_renewed);
  g_test_add_func ("/vigil/bounded", test_bounded);
  return g_test_run ();
}
