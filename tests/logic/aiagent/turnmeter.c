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
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.5), ==, 0);
}

static void
test_quantiles (void)
{
  meter = (TurnMeter){ 0 };
  one_turn (1000000, 1042000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.5), ==, 42000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.99), ==, 42000);
  meter = (TurnMeter){ 0 };
  for (guint i = 100; i > 0; i--)
    one_turn (1000000, 1000000 + i * 1000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.5), ==, 50000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.95), ==, 95000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.99), ==, 99000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 1), ==, 100000);
}

/* Only the last ones count. */
static void
test_window (void)
{
  meter = (TurnMeter){ 0 };
  for (guint i = 0; i < 100; i++)
    one_turn (1000000, 2000000);
  for (guint i = 0; i < TURN_METER_SIZE; i++)
    one_turn (1000000, 1007000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_METER_WHOLE, 0.99), ==, 7000);
}

/* ---- Stages */

static void
test_stages (void)
{
  const TurnTold told = { 100, 200, 50 };
  TurnStages stages;

  turn_stages_split (&stages, 1000, 1300, 1800, 1820, &told);
  g_assert_cmpuint (stages.spent[TURN_STAGE_DETECTION], ==, 300);
  g_assert_cmpuint (stages.spent[TURN_STAGE_TRANSCRIBER], ==, 100);
  g_assert_cmpuint (stages.spent[TURN_STAGE_MODEL], ==, 200);
  g_assert_cmpuint (stages.spent[TURN_STAGE_VOICE], ==, 50);
  g_assert_cmpuint (stages.spent[TURN_STAGE_BACKEND], ==, 150);
  g_assert_cmpuint (stages.spent[TURN_STAGE_PLAYOUT], ==, 20);
  g_assert_cmpuint (turn_stages_get_binding (&stages), ==,
      TURN_STAGE_DETECTION);
  turn_stages_split (&stages, 1000, 0, 0, 1300, NULL); /* still listening */
  g_assert_cmpuint (stages.spent[TURN_STAGE_DETECTION], ==, 300);
  turn_stages_split (&stages, 1000, 1200, 0, 1900, NULL); /* it thinks */
  g_assert_cmpuint (stages.spent[TURN_STAGE_BACKEND], ==, 700);
  g_assert_cmpstr (turn_stage_get_name (turn_stages_get_binding (&stages)), ==,
      "backend");
}

/* Whatever comes in, the stages are the turn-around. */
static void
test_sum (void)
{
  for (guint i = 0; i < 10000; i++) {
    guint64 at[4];
    for (guint k = 0; k < 4; k++)
      at[k] = (guint64) g_test_rand_int_range (0, 2000);
    const TurnTold told = { (guint64) g_test_rand_int_range (0, 900),
      (guint64) g_test_rand_int_range (0, 900),
      (guint64) g_test_rand_int_range (0, 900) };
    TurnStages stages;
    guint64 sum = 0;
    turn_stages_split (&stages, at[0], at[1], at[2], at[3],
        i % 2 ? &told : NULL);
    for (guint k = 0; k < TURN_N_STAGES; k++)
      sum += stages.spent[k];
    g_assert_cmpuint (sum, ==, at[3] > at[0] ? at[3] - at[0] : 0);
  }
}

static void
test_percentiles_of_stages (void)
{
  meter = (TurnMeter){ 0 };
  for (guint i = 1; i <= 100; i++) {
    turn_meter_begin (&meter, 1000);
    turn_meter_end (&meter, 1000000, 1000000 + i * 1000);
    turn_meter_audio_in (&meter, 1000000 + i * 3000);
    turn_meter_audio_out (&meter, 1000000 + i * 3000 + 5000);
  }
  g_assert_cmpuint (turn_meter_get (&meter, TURN_STAGE_DETECTION, 0.5), ==,
      50000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_STAGE_BACKEND, 0.95), ==,
      190000);
  g_assert_cmpuint (turn_meter_get (&meter, TURN_STAGE_PLAYOUT, 0.5), ==, 5000);
}

/* ---- The budget */

static void
test_budget (void)
{
  TurnStages stages;

  meter = (TurnMeter){ .budget = 500 };
  g_assert_cmpuint (turn_meter_get_respond_by (&meter), ==, 0);
  turn_meter_begin (&meter, 100);
  g_assert_false (turn_meter_check (&meter, 5000, &stages)); /* he speaks */
  turn_meter_end (&meter, 1000, 1200);
  g_assert_cmpuint (turn_meter_get_respond_by (&meter), ==, 1500);
  g_assert_false (turn_meter_check (&meter, 1500, &stages));
  g_assert_true (turn_meter_check (&meter, 1520, &stages));
  g_assert_cmpuint (stages.spent[TURN_STAGE_BACKEND], ==, 320);
  g_assert_false (turn_meter_check (&meter, 1540, &stages)); /* once */
  turn_meter_audio_in (&meter, 1600);
  turn_meter_audio_out (&meter, 1620);
  g_assert_cmpuint (turn_meter_get_respond_by (&meter), ==, 0);
  g_assert_false (turn_meter_check (&meter, 1620, &stages));
}

/* A sound in the very frame that is late is told of, too. */
static void
test_late_sound (void)
{
  TurnStages stages;

  meter = (TurnMeter){ .budget = 500 };
  turn_meter_end (&meter, 1000, 1200);
  turn_meter_audio_in (&meter, 1490);
  turn_meter_audio_out (&meter, 1510);
  g_assert_true (turn_meter_check (&meter, 1500, &stages));
  g_assert_cmpuint (stages.spent[TURN_STAGE_PLAYOUT], ==, 20);
  g_assert_false (turn_meter_check (&meter, 1520, &stages));

  turn_meter_end (&meter, 1000, 1200);
  turn_meter_audio_out (&meter, 1500);
  g_assert_false (turn_meter_check (&meter, 9000, &stages));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turnmeter/turn", test_turn);
  g_test_add_func ("/turnmeter/greeting", test_greeting);
  g_test_add_func ("/turnmeter/quantiles", test_quantiles);
  g_test_add_func ("/turnmeter/window", test_window);
  g_test_add_func ("/turnmeter/stages", test_stages);
  g_test_add_func ("/turnmeter/sum", test_sum);
  g_test_add_func ("/turnmeter/stage-percentiles", test_percentiles_of_stages);
  g_test_add_func ("/turnmeter/budget", test_budget);
  g_test_add_func ("/turnmeter/late-sound", test_late_sound);
  return g_test_run ();
}
