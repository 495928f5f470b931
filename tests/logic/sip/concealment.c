/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/concealment.h"

#include <math.h>

#define FRAME CONCEALMENT_FRAME

static gdouble
make_tone (gint16 *samples, guint *n)
{
  gdouble energy = 0;
  for (guint i = 0; i < FRAME; i++, (*n)++) {
    samples[i] = (gint16) (8000 * sin (*n * 2 * G_PI * 200 / 8000));
    energy += (gdouble) samples[i] * samples[i];
  }
  return energy;
}

static gdouble
get_energy (const gint16 *samples)
{
  gdouble energy = 0;
  for (guint i = 0; i < FRAME; i++)
    energy += (gdouble) samples[i] * samples[i];
  return energy;
}

static void
test_fade (void)
{
  Concealment concealment;
  gint16 samples[FRAME];
  guint n = 0;
  gdouble loud = 0;
  concealment_init (&concealment);
  for (guint i = 0; i < 10; i++) {
    loud = make_tone (samples, &n);
    concealment_hear (&concealment, samples);
  }
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_cmpfloat (get_energy (samples), >, loud / 3);
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_true (concealment_fill (&concealment, samples));
  g_assert_cmpfloat (get_energy (samples), <, loud / 20);
  for (guint i = 0; i < 10; i++) {
    g_assert_false (concealment_fill (&concealment, samples));
    g_assert_cmpfloat (get_energy (samples), ==, 0);
  }
  make_tone (samples, &n);
  concealment_hear (&concealment, samples);
  g_assert_true (concealment_fill (&concealment, samples));
}

/* Any order of losses, from the very first frame on. */
static void
test_patterns (void)
{
  for (guint pattern = 0; pattern < 1024; pattern++) {
    Concealment *concealment = g_new (Concealment, 1);
    guint n = 0;
    concealment_init (concealment);
    for (guint i = 0; i < 10; i++) {
      g_autofree gint16 *samples = g_new (gint16, FRAME);
      if (pattern >> i & 1)
        concealment_fill (concealment, samples);
      else if (make_tone (samples, &n) > 0)
        concealment_hear (concealment, samples);
      if (pattern & 512 && i == 5)
        concealment_forget (concealment);
    }
    g_free (concealment);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/concealment/fade", test_fade);
  g_test_add_func ("/concealment/patterns", test_patterns);
  return g_test_run ();
}
