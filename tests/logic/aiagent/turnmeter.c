/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/turnmeter.h"

static TurnMeter meter;

static void
one_turn (guint64 end, guint64 out)
{
  turn_meter_begin (&meter, end - 500);
  turn_meter_end (&meter, end, end + 300);
  turn_meter_audio_in (&meter, out - 1);
  turn_meter_audio_out (&meter, out);
}

static void
test_turn (void)
{
  meter = (TurnMeter){ 0 };
  turn_meter_begin (&meter, 1000);
  g_assert_cmpuint (meter.speech_start, ==, 1000);
  /* What the agent says meanwhile is no answer to it. */
  g_assert_false (turn_meter_audio_in (&meter, 1100));
  g_assert_false (turn_meter_audio_out (&meter, 1100));
  turn_meter_end (&meter, 2000, 2300);
  g_assert_true (turn_meter_audio_in (&meter, 2500));
  g_assert_false (turn_meter_audio_in (&meter, 2600));
  g_assert_true (turn_meter_audio_out (&meter, 2520));
  g_assert_false (turn_meter_audio_out (&meter, 2540));
  g_assert_cmpuint (meter.first_in, ==, 2500);
  g_assert_cmpuint (meter.first_out, ==, 2520);
  g_assert_cmpuint (meter.turn_around, ==, 520);
  turn_meter_begin (&meter, 9000);
  g_assert_cmpuint (meter.turn_around, ==, 0);
  g_assert_cmpuint (meter.speech_end, ==, 0);
}

/* A greeting answers nothing. */
static void
test_greeting (void)
{
  meter = (TurnMeter){ 0 };
  turn_meter_begin (&meter, 0);
  g_assert_false (turn_meter_audio_in (&meter, 10));
  g_assert_false (turn_meter_audio_out (&meter, 20));
  g_assert_cmpuint (turn_meter_get (&meter, 0.5), ==, 0);
}

static void
test_quantiles (void)
{
  meter = (TurnMeter){ 0 };
  one_turn (10000, 10042);
  g_assert_cmpuint (turn_meter_get (&meter, 0.5), ==, 42);
  g_assert_cmpuint (turn_meter_get (&meter, 0.99), ==, 42);
  meter = (TurnMeter){ 0 };
  for (guint i = 100; i > 0; i--)
    one_turn (10000, 10000 + i);
  g_assert_cmpuint (turn_meter_get (&meter, 0.5), ==, 50);
  g_assert_cmpuint (turn_meter_get (&meter, 0.95), ==, 95);
  g_assert_cmpuint (turn_meter_get (&meter, 0.99), ==, 99);
  g_assert_cmpuint (turn_meter_get (&meter, 1), ==, 100);
}

/* Only the last ones count. */
static void
test_window (void)
{
  meter = (TurnMeter){ 0 };
  for (guint i = 0; i < 100; i++)
    one_turn (10000, 20000);
  for (guint i = 0; i < TURN_METER_SIZE; i++)
    one_turn (10000, 10007);
  g_assert_cmpuint (turn_meter_get (&meter, 0.99), ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turnmeter/turn", test_turn);
  g_test_add_func ("/turnmeter/greeting", test_greeting);
  g_test_add_func ("/turnmeter/quantiles", test_quantiles);
  g_test_add_func ("/turnmeter/window", test_window);
  return g_test_run ();
}
