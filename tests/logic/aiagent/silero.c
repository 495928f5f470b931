/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The network in C beside what ONNX Runtime has made of the same sound, which is in
 * silero/ (reference.mjs there says how). The weights are those of GST_VOICE_SILERO, the
 * sound is of the package asterisk-core-sounds-en-wav; tools/setup check brings both.
 *
 *   silero --input RATE    writes that sound, S16
 *   silero --cost          prints what a call costs */

#include "aiagent/logic/hearing/silero.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOWS 4000
#define SOUNDS "/usr/share/asterisk/sounds/en_US_f_Allison/"
#define HEADER 44
#define N (WINDOWS * SILERO_WINDOW_MS * 8) /* samples at 8 kHz */
#define SECTION (N / 8)
#define EXACT 1e-4

/* ---- The sound */

/* Words, 8 kHz. */
static gint16 *
read_words (void)
{
  static const gchar *const files[] = { "demo-instruct", "priv-callee-options",
    "demo-congrats" };
  g_autoptr (GByteArray) all = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *path = g_strconcat (SOUNDS, files[i], ".wav", NULL);
    g_autofree gchar *data = NULL;
    gsize size;
    if (!g_file_get_contents (path, &data, &size, NULL) || size < HEADER)
      return NULL;
    g_byte_array_append (all, (const guint8 *) data + HEADER,
        (guint) (size - HEADER));
  }
  return all->len < N * 2 ? NULL : g_memdup2 (all->data, N * 2);
}

/* They become quieter from section to section, and the noise louder. */
static void
change_words (gint16 *samples)
{
  static const gint quieter[] = { 1, 2, 8, 32 };
  static const gint noise[] = { 0, 0, 0, 0, 60, 400, 2000, 100 };
  guint32 random = 1;

  for (guint i = 0; i < N; i++) {
    const guint section = i / SECTION;
    const gint words = samples[i] / quieter[section % G_N_ELEMENTS (quieter)];
    random = random * 1103515245u + 12345u;
    const gint hiss = (gint) (random >> 16) - 32768;
    samples[i] =
        (gint16) CLAMP (words + hiss * noise[section] / 32768, -32768, 32767);
  }
}

/* @rate / 1000 * 32 samples a window. */
static gint16 *
make_sound (guint rate)
{
  g_autofree gint16 *words = read_words ();

  if (!words)
    return NULL;
  change_words (words);
  if (rate == 8000)
    return g_steal_pointer (&words);
  gint16 *twice = g_new (gint16, 2 * N);
  for (guint i = 0; i < N; i++) {
    twice[2 * i] = words[i];
    twice[2 * i + 1] = (gint16) ((words[i] + words[MIN (i + 1, N - 1)]) / 2);
  }
  return twice;
}

/* ---- The network */

static SileroWeights *
read_weights (void)
{
  const gchar *path = g_getenv ("GST_VOICE_SILERO");
  g_autofree gchar *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!path || !g_file_get_contents (path, &data, &size, NULL))
    return NULL;
  SileroWeights *weights =
      silero_weights_parse ((const guint8 *) data, size, &error);
  g_assert_no_error (error);
  return weights;
}

static gfloat *
read_reference (guint rate)
{
  g_autofree gchar *path =
      g_strdup_printf ("%s/aiagent/silero/%u.f32", TEST_DATA_DIR, rate);
  g_autofree gchar *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_assert_cmpuint (size, ==, WINDOWS * sizeof (gfloat));
  guint32 *words = (gpointer) g_steal_pointer (&data);
  for (guint i = 0; i < WINDOWS; i++)
    words[i] = GUINT32_FROM_LE (words[i]);
  return (gfloat *) (gpointer) words;
}

static void
test_reference (gconstpointer data)
{
  const guint rate = GPOINTER_TO_UINT (data);
  const guint window = rate / 1000 * SILERO_WINDOW_MS;
  g_autoptr (SileroWeights) weights = read_weights ();
  g_autofree gint16 *sound = make_sound (rate);
  g_autofree gfloat *reference = read_reference (rate);
  gdouble most = 0;
  guint speech = 0;
  Silero silero;

  if (!weights || !sound) {
    g_test_skip ("No weights or recordings: tools/setup check brings them");
    return;
  }
  silero_init (&silero, silero_weights_get (weights, rate));
  for (guint i = 0; i < WINDOWS; i++) {
    const gdouble p = silero_judge (&silero, sound + i * window);
    most = MAX (most, fabs (p - (gdouble) reference[i]));
    speech += p >= 0.5;
  }
  g_test_message ("%u Hz: %u of %u windows are speech, the largest difference"
                  " is %.2g",
      rate, speech, WINDOWS, most);
  g_assert_cmpfloat (most, <, EXACT);
  g_assert_cmpuint (speech, >, WINDOWS / 4);
  g_assert_cmpuint (speech, <, WINDOWS * 9 / 10);
}

/* A new call hears what the one before heard. */
static void
test_reset (void)
{
  g_autoptr (SileroWeights) weights = read_weights ();
  gint16 samples[256];
  Silero silero;

  if (!weights) {
    g_test_skip ("No weights: tools/setup brings them");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (gint16) (i * 397 % 8000);
  silero_init (&silero, silero_weights_get (weights, 8000));
  const gdouble first = silero_judge (&silero, samples);
  g_assert_cmpfloat (silero_judge (&silero, samples), !=, first);
  silero_reset (&silero);
  g_assert_cmpfloat (silero_judge (&silero, samples), ==, first);
}

/* ---- The file */

static GByteArray *
begin_file (guint32 rate)
{
  GByteArray *file = g_byte_array_new ();
  const guint32 word = GUINT32_TO_LE (rate);

  g_byte_array_append (file, (const guint8 *) "silero-6", 8);
  g_byte_array_append (file, (const guint8 *) &word, sizeof word);
  return file;
}

/* In numbers that are all the same, as in none that is learnt. */
static void
append_branch (GByteArray *file, guint32 rate, gfloat value)
{
  const guint32 bins = rate == 8000 ? 65 : 129;
  const guint32 sizes[] = { 2 * bins * 2 * (bins - 1), 128 * bins * 3, 128,
    64 * 128 * 3, 64, 64 * 64 * 3, 64, 128 * 64 * 3, 128, 512 * 128, 512 * 128,
    512, 512, 128, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const guint32 n = GUINT32_TO_LE (sizes[i]);
    g_byte_array_append (file, (const guint8 *) &n, sizeof n);
    for (guint j = 0; j < sizes[i]; j++)
      g_byte_array_append (file, (const guint8 *) &value, sizeof value);
  }
}

static GByteArray *
make_file (gfloat value)
{
  const guint32 rate = GUINT32_TO_LE (16000);
  GByteArray *file = begin_file (8000);

  append_branch (file, 8000, value);
  g_byte_array_append (file, (const guint8 *) &rate, sizeof rate);
  append_branch (file, 16000, value);
  return file;
}

static void
assert_refused (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (silero_weights_parse (data, size, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
}

/* Zeros know nothing: half speech. */
static void
test_zeros (void)
{
  g_autoptr (GByteArray) file = make_file (0);
  g_autoptr (SileroWeights) weights =
      silero_weights_parse (file->data, file->len, NULL);
  const gint16 samples[512] = { 0 };
  Silero silero;

  g_assert_nonnull (weights);
  for (guint rate = 8000; rate <= 16000; rate += 8000) {
    silero_init (&silero, silero_weights_get (weights, rate));
    g_assert_cmpfloat (silero_judge (&silero, samples), ==, 0.5);
  }
}

static void
test_refused (void)
{
  g_autoptr (GByteArray) file = make_file (0.1f), not = make_file (NAN);

  assert_refused (file->data, 0);
  assert_refused ((const guint8 *) "silero-5", 8);
  assert_refused (not ->data, not ->len);
  for (gsize size = 1; size < file->len; size += 9973)
    assert_refused (file->data, size);
  assert_refused (file->data, file->len - 1);
  g_byte_array_append (file, (const guint8 *) "", 1);
  assert_refused (file->data, file->len);
  file->data[8] ^= 1; /* the rate */
  assert_refused (file->data, file->len - 1);
}

/* ---- By hand */

static int
write_input (guint rate)
{
  g_autofree gint16 *sound = make_sound (rate);

  if (!sound)
    return 1;
  return fwrite (sound, sizeof *sound, (gsize) N * (rate / 8000), stdout) ==
          (gsize) N * (rate / 8000)
      ? 0
      : 1;
}

static gdouble
get_cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec / 1e9;
}

static int
print_cost (void)
{
  g_autoptr (SileroWeights) weights = read_weights ();

  for (guint rate = 8000; weights && rate <= 16000; rate += 8000) {
    g_autofree gint16 *sound = make_sound (rate);
    const guint window = rate / 1000 * SILERO_WINDOW_MS;
    Silero silero;
    if (!sound)
      return 1;
    silero_init (&silero, silero_weights_get (weights, rate));
    const gdouble begun = get_cpu_seconds ();
    for (guint i = 0; i < WINDOWS; i++)
      silero_judge (&silero, sound + i * window);
    const gdouble each = (get_cpu_seconds () - begun) / WINDOWS;
    g_print ("%5u Hz: %.1f us a window, %.3f %% of a core for a call\n", rate,
        each * 1e6, each / SILERO_WINDOW_MS * 1e5);
  }
  return weights ? 0 : 1;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && !strcmp (argv[1], "--input"))
    return write_input ((guint) atoi (argv[2]));
  if (argc == 2 && !strcmp (argv[1], "--cost"))
    return print_cost ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/silero/reference/8000", GUINT_TO_POINTER (8000),
      test_reference);
  g_test_add_data_func ("/silero/reference/16000", GUINT_TO_POINTER (16000),
      test_reference);
  g_test_add_func ("/silero/reset", test_reset);
  g_test_add_func ("/silero/zeros", test_zeros);
  g_test_add_func ("/silero/refused", test_refused);
  return g_test_run ();
}
