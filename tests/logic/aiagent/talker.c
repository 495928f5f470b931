/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/hearing/talker.h"

#include <math.h>

#define N 256
#define SECOND (1000 / TALKER_WINDOW_MS)

static Talker talker;

/* So many windows of speech at @level dBov, in a turn as soon as one is the caller's; how
 * many are. */
static guint
speak (gdouble level, guint windows)
{
  const gint16 amplitude = (gint16) (32768 * pow (10, level / 20));
  gint16 samples[N];
  guint n = 0;

  for (guint i = 0; i < N; i++)
    samples[i] = i % 2 ? amplitude : (gint16) -amplitude;
  for (guint i = 0; i < windows; i++)
    n += talker_push (&talker, samples, N, TRUE, n > 0);
  return n;
}

static void
be_silent (guint windows)
{
  const gint16 samples[N] = { 0 };

  for (guint i = 0; i < windows; i++)
    g_assert_false (talker_push (&talker, samples, N, FALSE, FALSE));
}

static void
begin (gdouble level)
{
  talker_init (&talker);
  g_assert_cmpuint (speak (level, SECOND), ==, SECOND);
  be_silent (SECOND);
  g_assert_cmpfloat (fabs (talker.level - level), <, 0.5);
}

/* However loud the line is. */
static void
test_first (void)
{
  for (gdouble level = -10; level >= -55; level -= 15)
    begin (level);
}

static void
test_background (void)
{
  begin (-26);
  g_assert_cmpuint (speak (-40, 20 * SECOND), ==, 0);
  g_assert_cmpuint (speak (-35, SECOND), ==, 0);
  g_assert_cmpuint (speak (-30, SECOND), ==, SECOND);
}

/* Where nobody else speaks, the caller may be quieter, and becomes known to be. */
static void
test_quieter (void)
{
  begin (-26);
  g_assert_cmpuint (speak (-35, 4), ==, 4);
  be_silent (SECOND);
  for (guint i = 0; i < 10; i++) {
    be_silent (2 * SECOND);
    speak (-32, SECOND);
  }
  be_silent (1);
  g_assert_cmpfloat (talker.level, <, -30);
}

/* A television that was heard first is none any more when the caller speaks. */
static void
test_louder (void)
{
  begin (-40);
  g_assert_cmpuint (speak (-26, SECOND), ==, SECOND);
  be_silent (SECOND);
  g_assert_cmpuint (speak (-40, 5 * SECOND), ==, 0);
}

/* A turn ends although somebody behind goes on. */
static void
test_goes_on (void)
{
  begin (-26);
  g_assert_cmpuint (speak (-26, SECOND), ==, SECOND);
  gint16 samples[N];
  guint n = 0;
  for (guint i = 0; i < N; i++)
    samples[i] = i % 2 ? 330 : -330; /* -40 dBov */
  for (guint i = 0; i < 2 * SECOND; i++)
    n += talker_push (&talker, samples, N, TRUE, TRUE);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, <, SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/talker/first", test_first);
  g_test_add_func ("/talker/background", test_background);
  g_test_add_func ("/talker/quieter", test_quieter);
  g_test_add_func ("/talker/louder", test_louder);
  g_test_add_func ("/talker/goes-on", test_goes_on);
  return g_test_run ();
}
