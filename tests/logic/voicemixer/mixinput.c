/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "voicemixer/mixinput.h"

#include <math.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define TICKS 3000 /* a minute */
#define AMPLITUDE 10000
#define FREQUENCY 440.0

/* How much two neighbours of such a tone may differ, and a little more. */
static gint
steepest (guint rate)
{
  return (gint) (AMPLITUDE * 2 * G_PI * FREQUENCY / rate * 1.08) + 2;
}

static void
write_tone (MixInput *input, guint rate, gdouble *phase, gint64 now)
{
  gint16 samples[960];

  for (guint i = 0; i < rate / 50; i++) {
    samples[i] = (gint16) (AMPLITUDE * sin (*phase));
    *phase += 2 * G_PI * FREQUENCY / rate;
  }
  mix_input_write (input, samples, rate / 50, now, FALSE);
}

/* A tone whose clock is @ppm off, for a minute: what is read has no step, is as
 * loud as it was, and nothing is missing. */
static void
check_tone (guint from, guint to, gint ppm, guint ticks)
{
  MixInput *input = mix_input_new ();
  const gint64 period = 20 * MS - 20 * ppm;
  gint64 next = 0;
  gdouble phase = 0, sum = 0;
  gint16 out[960];
  gint last = 0;

  mix_input_set_rate (input, from);
  for (guint tick = 0; tick < ticks; tick++) {
    const gint64 now = 9 * MS + tick * 20 * MS;
    for (; next <= now; next += period)
      write_tone (input, from, &phase, next);
    mix_input_read (input, out, to, now);
    for (guint i = 0; i < to / 50; i++) {
      g_assert_cmpint (ABS (out[i] - last), <=, steepest (to));
      last = out[i];
      if (tick > 10)
        sum += (gdouble) last * last;
    }
  }
  gdouble rms = sqrt (sum / ((ticks - 11) * (to / 50)));
  g_assert_cmpfloat_with_epsilon (rms, AMPLITUDE / sqrt (2), 150);
  g_assert_cmpuint (mix_ring_get_counts (mix_input_get_ring (input))->underruns,
      ==, 0);
  mix_input_free (input);
}

static void
test_rates (void)
{
  const guint rates[] = { 8000, 16000, 24000, 48000 };

  for (guint i = 0; i < 4; i++)
    for (guint k = 0; k < 4; k++)
      check_tone (rates[i], rates[k], 0, TICKS);
  /* A sample of rounding in a quarter of an hour must not be missing. */
  check_tone (16000, 8000, 0, 60 * 60 * 50);
}

/* So far off that the resampler is put in, at the same rate, in the middle. */
static void
test_drift (void)
{
  check_tone (8000, 8000, 300, TICKS);
  check_tone (16000, 16000, -300, TICKS);
  check_tone (8000, 48000, 300, TICKS);
  check_tone (48000, 16000, -300, TICKS);
}

/* At one rate and in time samples are not touched. */
static void
test_exact (void)
{
  MixInput *input = mix_input_new ();
  gint16 in[320], out[320];

  mix_input_set_rate (input, 16000);
  for (guint tick = 0; tick < 500; tick++) {
    for (guint i = 0; i < 320; i++)
      in[i] = (gint16) g_test_rand_int_range (-32768, 32768);
    mix_input_write (input, in, 320, tick * 20 * MS, FALSE);
    g_assert_true (mix_input_read (input, out, 16000, tick * 20 * MS + 9 * MS));
    if (tick > 0)
      g_assert_cmpmem (out, sizeof (out), in, sizeof (in));
  }
  mix_input_free (input);
}

/* An event comes out with the audio before it, not ahead of it. */
static void
test_events (void)
{
  MixInput *input = mix_input_new ();
  gint16 samples[480] = { 0 };

  mix_input_write_event (input,
      gst_event_new_sink_message ("first", gst_message_new_eos (NULL)));
  g_assert_true (mix_input_is_active (input, 0, 1));
  GstEvent *event = mix_input_take_event (input);
  g_assert_nonnull (event);
  gst_event_unref (event);
  g_assert_null (mix_input_take_event (input));
  mix_input_set_rate (input, 8000);
  mix_input_write (input, samples, 480, 0, FALSE);
  mix_input_write_event (input,
      gst_event_new_sink_message ("second", gst_message_new_eos (NULL)));
  for (guint i = 0; i < 3; i++) {
    g_assert_null (mix_input_take_event (input));
    mix_input_read (input, samples, 8000, (10 + 20 * i) * MS);
  }
  event = mix_input_take_event (input);
  g_assert_nonnull (event);
  gst_event_unref (event);
  mix_input_write_event (input,
      gst_event_new_sink_message ("third", gst_message_new_eos (NULL)));
  mix_input_free (input);
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixinput/exact", test_exact);
  g_test_add_func ("/mixinput/rates", test_rates);
  g_test_add_func ("/mixinput/drift", test_drift);
  g_test_add_func ("/mixinput/events", test_events);
  return g_test_run ();
}
