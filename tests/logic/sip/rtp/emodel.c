/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/quality/emodel.h"
#include "sip/logic/quality/lossmeter.h"

#include <math.h>

/* ITU-T G.107, table B.1 (which has 4.03 where the formula gives 4.024), and its default of
 * all parameters. */
static void
test_mos (void)
{
  static const struct
  {
    gdouble rating, mos;
  } table[] = { { 93.2, 4.41 }, { 90, 4.34 }, { 80, 4.03 }, { 70, 3.60 },
    { 60, 3.10 }, { 50, 2.58 }, { 0, 1 }, { -5, 1 }, { 3, 1 }, { 100, 4.5 },
    { 120, 4.5 } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_assert_cmpfloat_with_epsilon (e_model_rating_to_mos (table[i].rating,
                                        FALSE),
        table[i].mos, 0.01);
    g_assert_cmpfloat_with_epsilon (e_model_rating_to_mos (table[i].rating *
                                            1.29,
                                        TRUE),
        table[i].mos, 0.01);
  }
}

static gdouble
rate (gboolean wide, gdouble impairment, gdouble robustness, gdouble loss,
    gdouble burst_ratio, gdouble delay)
{
  return e_model_get_rating (
      &(EModel){ wide, impairment, robustness, loss, burst_ratio, delay });
}

static void
test_defaults (void)
{
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 0, 25.1, 0, 1, 0), 93.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 0, 25.1, 0, 1, 100), 93.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (rate (TRUE, 0, 25.1, 0, 1, 100), 129, 1e-9);
}

/* ITU-T G.113, appendix I: G.729A with VAD has 11 and 19; the values are those of the
 * formula of Ie,eff, by hand. */
static void
test_loss (void)
{
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 11, 19, 0, 1, 0), 82.2, 1e-9);
  /* 11 + 84 * 3 / 22 */
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 11, 19, 0.03, 1, 0),
      93.2 - 22.4545, 0.001);
  /* 84 * 3 / (3 / 2 + 19): in bursts it is worse */
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 11, 19, 0.03, 2, 0),
      93.2 - 11 - 12.2927, 0.001);
  /* never below 0: half of it in long bursts */
  g_assert_cmpfloat (rate (FALSE, 0, 4.3, 0.5, 8, 0), ==, 0);
  /* 25 times the bracket at log2 (4) = 2: 65^(1/6) - 3 (1 + (2/3)^6)^(1/6) + 2 */
  g_assert_cmpfloat_with_epsilon (rate (FALSE, 0, 25.1, 0, 1, 400),
      93.2 - 25 * (2.005186 - 3.042462 + 2), 0.01);
}

static void
test_monotonic (void)
{
  gdouble before = 200;

  for (guint ms = 0; ms < 3000; ms += 10) {
    const gdouble now = rate (FALSE, 0, 25.1, 0, 1, ms);
    g_assert_cmpfloat (now, <=, before);
    before = now;
  }
  before = 200;
  for (guint percent = 0; percent <= 100; percent++) {
    const gdouble now = rate (TRUE, 13, 4.9, percent / 100.0, 1, 0);
    g_assert_cmpfloat (now, <, before);
    before = now;
  }
}

static LossMeter
meter_of (const gchar *frames)
{
  LossMeter meter = { 0 };

  for (const gchar *c = frames; *c; c++)
    loss_meter_note (&meter, *c == '-');
  return meter;
}

static void
test_meter (void)
{
  const LossMeter none = { 0 }, clean = meter_of ("xxxx"),
                  single = meter_of ("xxxx-xxxx-xxxx-xxxx-"),
                  burst = meter_of ("xxxxxxxxxxxxxxxx----"),
                  all = meter_of ("----");

  g_assert_cmpfloat (loss_meter_get_loss (&none), ==, 0);
  g_assert_cmpfloat (loss_meter_get_burst_ratio (&none), ==, 1);
  g_assert_cmpfloat (loss_meter_get_loss (&clean), ==, 0);
  g_assert_cmpfloat (loss_meter_get_loss (&single), ==, 0.2);
  g_assert_cmpfloat (loss_meter_get_burst_ratio (&single), ==, 1);
  g_assert_cmpfloat (loss_meter_get_loss (&burst), ==, 0.2);
  g_assert_cmpfloat_with_epsilon (loss_meter_get_burst_ratio (&burst), 3.2,
      1e-9);
  g_assert_cmpfloat (loss_meter_get_loss (&all), ==, 1);
  g_assert_cmpfloat (loss_meter_get_burst_ratio (&all), ==, 1);
}

/* Loss by chance is no burst. */
static void
test_chance (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  LossMeter meter = { 0 };

  for (guint i = 0; i < 200000; i++)
    loss_meter_note (&meter, g_rand_double (random) < 0.1);
  g_assert_cmpfloat_with_epsilon (loss_meter_get_loss (&meter), 0.1, 0.005);
  g_assert_cmpfloat_with_epsilon (loss_meter_get_burst_ratio (&meter), 1, 0.02);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emodel/mos", test_mos);
  g_test_add_func ("/emodel/defaults", test_defaults);
  g_test_add_func ("/emodel/loss", test_loss);
  g_test_add_func ("/emodel/monotonic", test_monotonic);
  g_test_add_func ("/emodel/meter", test_meter);
  g_test_add_func ("/emodel/chance", test_chance);
  return g_test_run ();
}
