/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "voicemixer/logic/mixring.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define RATE 8000
#define N 160

static gint16 frame[10 * N], out[2 * N];

static void
fill (gint16 value)
{
  for (guint i = 0; i < G_N_ELEMENTS (frame); i++)
    frame[i] = value;
}

/* In step: @early ms before each tick a frame comes; what goes in comes out. */
static void
test_in_order (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  gint16 next = 1, expected = 1;

  for (gint64 t = 0; t < 1000 * MS; t += 20 * MS) {
    for (guint i = 0; i < N; i++)
      frame[i] = next++;
    g_assert_cmpuint (mix_ring_write (ring, frame, N, t), ==, 0);
    g_assert_true (mix_ring_read (ring, out, N, t + 8 * MS));
    for (guint i = 0; i < N; i++, expected++)
      if (t > 0)
        g_assert_cmpint (out[i], ==, expected);
  }
  g_assert_cmpint (mix_ring_get_correction (ring), ==, 0);
  g_assert_cmpuint (mix_ring_get_counts (ring)->underruns, ==, 0);
}

/* Audio that came less than the margin before its tick waits for the next one. */
static void
test_margin (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);

  fill (1000);
  mix_ring_write (ring, frame, N, 0);
  g_assert_false (mix_ring_read (ring, out, N, 1 * MS));
  mix_ring_write (ring, frame, N, 20 * MS);
  g_assert_true (mix_ring_read (ring, out, N, 21 * MS));
  g_assert_cmpint (out[0], <, 100); /* fades in */
  g_assert_cmpint (out[N - 1], ==, 1000);
  g_assert_cmpuint (mix_ring_get_level (ring), ==, N);
}

/* It runs dry in the middle of a word: no step, neither down nor up. */
static void
test_dry (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  gint last = 0;

  fill (10000);
  mix_ring_write (ring, frame, N + N / 2, 0);
  for (gint64 t = 10 * MS; t < 200 * MS; t += 20 * MS) {
    if (t == 90 * MS)
      mix_ring_write (ring, frame, 4 * N, t - 10 * MS);
    mix_ring_read (ring, out, N, t);
    for (guint i = 0; i < N; i++) {
      g_assert_cmpint (ABS (out[i] - last), <, 400);
      last = out[i];
    }
  }
  g_assert_cmpuint (mix_ring_get_counts (ring)->underruns, ==, 2);
}

/* It breaks off with nearly a whole tick left. */
static void
test_nearly_full (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  gint last = 0;

  fill (10000);
  mix_ring_write (ring, frame, 2 * N - 5, 0);
  for (gint64 t = 10 * MS; t < 80 * MS; t += 20 * MS) {
    mix_ring_read (ring, out, N, t);
    for (guint i = 0; i < N; i++) {
      g_assert_cmpint (ABS (out[i] - last), <, 400);
      last = out[i];
    }
  }
  g_assert_cmpint (last, ==, 0);
}

/* Less than a tick, and nothing behind it: it does not stay for ever. */
static void
test_stray (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);

  fill (1000);
  mix_ring_write (ring, frame, N / 2, 0);
  g_assert_false (mix_ring_read (ring, out, N, 20 * MS));
  g_assert_true (mix_ring_read (ring, out, N, 40 * MS));
  g_assert_cmpuint (mix_ring_get_level (ring), ==, 0);
}

/* A writer that waits is early on purpose. */
static void
test_paced (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);

  fill (0);
  mix_ring_set_paced (ring, TRUE);
  for (gint64 t = 0; t < 20000 * MS; t += 20 * MS) {
    while (mix_ring_get_level (ring) < 4 * N)
      mix_ring_write (ring, frame, N, t);
    mix_ring_read (ring, out, N, t + 10 * MS);
    g_assert_cmpint (mix_ring_get_correction (ring), ==, 0);
  }
  g_assert_cmpuint (mix_ring_get_counts (ring)->skipped, ==, 0);
}

static void
test_overflow (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);

  fill (1);
  for (guint i = 0; i < 20; i++)
    g_assert_cmpuint (mix_ring_write (ring, frame, N, 0), ==, 0);
  g_assert_cmpuint (mix_ring_write (ring, frame, N, 0), ==, N);
  g_autofree gint16 *much = g_new0 (gint16, 100 * N);
  g_assert_cmpuint (mix_ring_write (ring, much, 100 * N, 0), ==, 100 * N);
  g_assert_cmpuint (mix_ring_get_level (ring), ==, 20 * N);
  g_assert_cmpuint (mix_ring_get_counts (ring)->dropped, ==, 101 * N);
  g_assert_cmpuint (mix_ring_get_written (ring) - mix_ring_get_read (ring), ==,
      20 * N);
}

/* A burst of 100 ms leaves a delay, which the next silence takes away. */
static void
test_cut_in_silence (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  gint64 t = 0;

  fill (5000);
  mix_ring_write (ring, frame, 5 * N, t);
  for (; t < 6000 * MS; t += 20 * MS) {
    mix_ring_read (ring, out, N, t + 10 * MS);
    mix_ring_write (ring, frame, N, t + 20 * MS);
  }
  g_assert_cmpuint (mix_ring_get_level (ring), >=, 5 * N);
  g_assert_cmpint (mix_ring_get_correction (ring), >, 0);
  fill (0);
  for (; t < 30000 * MS; t += 20 * MS) {
    mix_ring_read (ring, out, N, t + 10 * MS);
    mix_ring_write (ring, frame, N, t + 20 * MS);
  }
  g_assert_cmpuint (mix_ring_get_level (ring), <=, 2 * N);
  g_assert_cmpuint (mix_ring_get_counts (ring)->skipped, >=, 3 * N);
  g_assert_cmpuint (mix_ring_get_counts (ring)->underruns, ==, 0);
}

/* A far end whose clock is @ppm off, for ten minutes, never silent: no frame is
 * missing and the delay stays small, by the correction alone. */
static void
check_drift (gint ppm)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  const gint64 period = 20 * MS - 20 * ppm;
  gint64 next = 0;
  gdouble credit = 0;
  guint worst = 0;

  fill (5000);
  for (gint64 t = 9 * MS; t < 600 * 1000 * MS; t += 20 * MS) {
    for (; next <= t; next += period)
      mix_ring_write (ring, frame, N, next);
    credit += N * mix_ring_get_correction (ring) / 1e6;
    gint extra = (gint) credit;
    credit -= extra;
    mix_ring_read (ring, out, (guint) (N + extra), t);
    worst = MAX (worst, mix_ring_get_level (ring));
  }
  g_assert_cmpuint (mix_ring_get_counts (ring)->underruns, ==, 0);
  g_assert_cmpuint (mix_ring_get_counts (ring)->dropped, ==, 0);
  g_assert_cmpuint (worst, <=, 3 * N);
}

static void
test_drift (void)
{
  const gint drifts[] = { 0, 20, 100, 300, -20, -100, -300 };

  for (guint i = 0; i < G_N_ELEMENTS (drifts); i++)
    check_drift (drifts[i]);
}

/* Jitter of @ms: the delay grows until nothing is missing any more. */
static void
check_jitter (gint ms)
{
  g_autoptr (MixRing) ring = mix_ring_new (RATE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint underruns = 0;
  gint64 arrival = 0;

  fill (5000);
  for (gint64 t = 0; t < 60000 * MS; t += 20 * MS) {
    /* In order, as from a jitter buffer. */
    const gint64 late = g_rand_int_range (rand, 0, ms) * MS;
    arrival = MAX (arrival, t + late);
    for (gint64 tick = t - 13 * MS; tick <= t; tick += 20 * MS)
      mix_ring_read (ring, out, N, MAX (tick, 0));
    mix_ring_write (ring, frame, N, arrival);
    if (t == 30000 * MS)
      underruns = mix_ring_get_counts (ring)->underruns;
  }
  g_assert_cmpuint (underruns, <, 10);
  g_assert_cmpuint (mix_ring_get_counts (ring)->underruns - underruns, <=, 1);
}

static void
test_jitter (void)
{
  check_jitter (5);
  check_jitter (15);
}

static void
test_age (void)
{
  g_autoptr (MixRing) ring = mix_ring_new (16000);

  g_assert_cmpint (mix_ring_get_age (ring, 5), ==, G_MAXINT64);
  mix_ring_write (ring, frame, 1, 10);
  g_assert_cmpint (mix_ring_get_age (ring, 35), ==, 25);
  g_assert_cmpuint (mix_ring_get_rate (ring), ==, 16000);
  mix_ring_clear (ring);
  g_assert_cmpuint (mix_ring_get_level (ring), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixring/in-order", test_in_order);
  g_test_add_func ("/mixring/margin", test_margin);
  g_test_add_func ("/mixring/dry", test_dry);
  g_test_add_func ("/mixring/nearly-full", test_nearly_full);
  g_test_add_func ("/mixring/stray", test_stray);
  g_test_add_func ("/mixring/paced", test_paced);
  g_test_add_func ("/mixring/overflow", test_overflow);
  g_test_add_func ("/mixring/cut-in-silence", test_cut_in_silence);
  g_test_add_func ("/mixring/drift", test_drift);
  g_test_add_func ("/mixring/jitter", test_jitter);
  g_test_add_func ("/mixring/age", test_age);
  return g_test_run ();
}
