/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What is let through of what a canceller has left. */

#include "sip/logic/echo/echogate.h"

#include <stdlib.h>

static EchoGate gate;

static EchoVerdict
judge (gfloat echo, gfloat heard, gfloat left, gfloat correlation)
{
  const EchoPiece piece = { echo, heard, left, correlation };

  return echo_gate_judge (&gate, &piece);
}

/* A canceller that has learnt: it takes out 20 dB. */
static void
begin (void)
{
  echo_gate_init (&gate);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpfloat (judge (35, 35, 15, 0.95f).gain, <, 0.1);
  g_assert_cmpfloat (gate.reached, >, 18);
}

/* Before it has learnt it leaves all of the echo. */
static void
test_learning (void)
{
  echo_gate_init (&gate);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpfloat (judge (35, 36, 36, 0.95f).gain, <, 0.1);
  g_assert_cmpfloat (gate.reached, <, 1);
  /* Nobody knows yet how loud it is: not what came, but what is left. */
  g_assert_cmpfloat (judge (35, 50, 49, 0.2f).raw, ==, 0);
}

static void
test_caller (void)
{
  begin ();
  EchoVerdict verdict = judge (35, 45, 42, 0.5f);
  g_assert_cmpfloat (verdict.gain, ==, 1);
  g_assert_cmpfloat (verdict.raw, ==, 1); /* unharmed */
  /* As loud as the echo: some of both; quieter: what is left. */
  verdict = judge (35, 36.5f, 33, 0.5f);
  g_assert_cmpfloat (verdict.gain, ==, 1);
  g_assert_cmpfloat_with_epsilon (verdict.raw, 0.5, 0.01);
  g_assert_cmpfloat (judge (35, 34, 30, 0.5f).raw, ==, 0);
  /* Between two words it stays open for 80 ms. */
  for (guint i = 0; i < 7; i++)
    g_assert_cmpfloat (judge (35, 35, 15, 0.5f).gain, ==, 1);
  g_assert_cmpfloat (judge (35, 35, 15, 0.5f).gain, <, 0.1);
}

/* A way that changed: the canceller takes out nothing, and nothing but the echo is heard. */
static void
test_lost (void)
{
  begin ();
  g_assert_cmpfloat (judge (35, 37, 37, 0.95f).gain, <, 0.1);
  /* What no echo could be as loud as is let through in any case. */
  g_assert_cmpfloat (judge (35, 48, 47, 0.95f).gain, ==, 1);
}

/* Where nothing was sent all is let through. */
static void
test_nothing_sent (void)
{
  begin ();
  g_assert_cmpfloat (judge (0, 3, 3, 0).gain, ==, 1);
  g_assert_cmpfloat (judge (-20, 40, 40, 0).raw, ==, 1);
}

static void
test_clicks (void)
{
  gint16 raw[80], samples[80];
  gint last = 8000;

  echo_gate_init (&gate);
  for (guint piece = 0; piece < 4; piece++) {
    const EchoVerdict verdict =
        piece == 2 ? (EchoVerdict){ 1, 1 } : echo_gate_closed;
    for (guint i = 0; i < 80; i++) {
      raw[i] = 6000;
      samples[i] = 8000;
    }
    echo_gate_apply (&gate, &verdict, raw, samples, 80);
    for (guint i = 0; i < 80; i++) {
      g_assert_cmpint (abs (samples[i] - last), <, 200);
      last = samples[i];
    }
    g_assert_cmpint (abs (last - (piece == 2 ? 6000 : 240)), <=, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echogate/learning", test_learning);
  g_test_add_func ("/echogate/caller", test_caller);
  g_test_add_func ("/echogate/lost", test_lost);
  g_test_add_func ("/echogate/nothing-sent", test_nothing_sent);
  g_test_add_func ("/echogate/clicks", test_clicks);
  return g_test_run ();
}
