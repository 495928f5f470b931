/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Listens to a WAV file by figures. Prints "name=value" lines.
 *
 *   wavcheck find REFERENCE FILE [CHANNEL]   where the reference's sound begins in
 *                                            FILE and how alike both are there: as a
 *                                            whole, and most of its pieces, whatever
 *                                            a busy machine lost or put between them
 *   wavcheck sound FILE [CHANNEL]            when it sounds: begin, end, total,
 *                                            longest hole between
 *   wavcheck tone FILE HZ [CHANNEL]          a steady tone: begin, length, holes,
 *                                            clicks
 *   wavcheck strength FILE HZ                how loud that tone is in it, in parts of
 *                                            full scale
 *   wavcheck pure FILE HZ [FROM]             when that tone is nearly all there is:
 *                                            begin, end, total; from FROM ms on
 *   wavcheck to8k FILE NEW [BEFORE AFTER]    the same at 8 kHz, with BEFORE and
 *                                            AFTER ms of silence around it
 */

#include "wavfile.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOUD 200 /* mean magnitude of a window that counts as sound */
#define WINDOW 80 /* 10 ms */
#define PIECE 2400 /* 300 ms */
#define NEARBY 4800 /* 600 ms */

static void
load (const gchar *path, const gchar *channel, WavFile *wav)
{
  if (!wav_file_read (path, channel != NULL ? atoi (channel) : 0, wav)) {
    printf ("wavcheck: %s is not a 16 bit WAV file with that channel\n", path);
    exit (1);
  }
  wav_file_to_8k (wav);
}

static gdouble
window_level (const WavFile *wav, gsize at)
{
  gdouble sum = 0;
  gsize end = MIN (at + WINDOW, wav->length);
  for (gsize i = at; i < end; i++)
    sum += abs (wav->samples[i]);
  return end > at ? sum / (end - at) : 0;
}

static gboolean
sounding (const WavFile *wav, gsize *begin, gsize *end)
{
  gsize first = G_MAXSIZE, last = 0;
  for (gsize at = 0; at < wav->length; at += WINDOW)
    if (window_level (wav, at) > LOUD) {
      first = MIN (first, at);
      last = at + WINDOW;
    }
  *begin = first;
  *end = MIN (last, wav->length);
  return first != G_MAXSIZE;
}

/* ---- find ---- */

static void
transform (double complex *x, gsize n, gint sign)
{
  for (gsize i = 1, j = 0; i < n; i++) {
    gsize bit = n >> 1;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) {
      double complex swap = x[i];
      x[i] = x[j];
      x[j] = swap;
    }
  }
  for (gsize size = 2; size <= n; size <<= 1) {
    double complex step = cexp (sign * 2 * G_PI * I / size);
    for (gsize at = 0; at < n; at += size) {
      double complex w = 1;
      for (gsize k = at; k < at + size / 2; k++, w *= step) {
        double complex odd = w * x[k + size / 2];
        x[k + size / 2] = x[k] - odd;
        x[k] += odd;
      }
    }
  }
}

static gdouble
energy (const gint16 *samples, gssize from, gsize length, gsize limit)
{
  gdouble sum = 0;
  for (gssize i = MAX (from, 0);
       i < from + (gssize) length && i < (gssize) limit; i++)
    sum += (gdouble) samples[i] * samples[i];
  return sum;
}

/* How alike both are where @piece fits best nearby. */
static gdouble
best_nearby (const gint16 *piece, const WavFile *wav, gssize at)
{
  const gssize first = MAX (at - NEARBY, 0);
  const gdouble here = energy (piece, 0, PIECE, PIECE);
  gdouble there = energy (wav->samples, first, PIECE, wav->length), best = 0;

  for (gssize from = first;
       from <= at + NEARBY && from + PIECE < (gssize) wav->length; from++) {
    const gint16 *other = wav->samples + from;
    gint64 sum = 0;
    for (gsize i = 0; i < PIECE; i++)
      sum += piece[i] * other[i];
    best = MAX (best, sum / sqrt (there * here + 1));
    there += other[PIECE] * other[PIECE] - other[0] * other[0];
  }
  return best;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

/* The median of the pieces that sound. */
static gdouble
alike_in_pieces (const gint16 *wanted, gsize length, const WavFile *wav,
    gsize at)
{
  gdouble found[G_MAXUINT8];
  guint n = 0;

  for (gsize i = 0; i + PIECE <= length && n < G_N_ELEMENTS (found); i += PIECE)
    if (energy (wanted + i, 0, PIECE, PIECE) > PIECE * LOUD * LOUD)
      found[n++] = best_nearby (wanted + i, wav, (gssize) (at + i));
  qsort (found, n, sizeof *found, compare);
  return n ? found[n / 2] : 0;
}

static int
find (const gchar *reference_path, const gchar *path, const gchar *channel)
{
  WavFile reference, wav;
  gsize begin, end, n = 1, best = 0;

  load (reference_path, NULL, &reference);
  load (path, channel, &wav);
  if (!sounding (&reference, &begin, &end)) {
    puts ("wavcheck: the reference is silent");
    return 1;
  }
  const gint16 *wanted = reference.samples + begin;
  gsize length = end - begin;
  while (n < wav.length + length)
    n <<= 1;
  double complex *a = g_new0 (double complex, n),
                 *b = g_new0 (double complex, n);
  for (gsize i = 0; i < wav.length; i++)
    a[i] = wav.samples[i];
  for (gsize i = 0; i < length; i++)
    b[i] = wanted[i];
  transform (a, n, -1);
  transform (b, n, -1);
  for (gsize i = 0; i < n; i++)
    a[i] *= conj (b[i]);
  transform (a, n, 1);
  for (gsize i = 1; i < wav.length; i++)
    if (creal (a[i]) > creal (a[best]))
      best = i;
  gdouble there = energy (wav.samples, best, length, wav.length);
  gdouble here = energy (wanted, 0, length, length);
  gdouble alike = creal (a[best]) / n / sqrt (there * here + 1);
  printf (
      "at_ms=%.1f\nlength_ms=%.1f\nalike=%.3f\nlevel_db=%.1f\npieces=%.3f\n",
      best / 8.0, length / 8.0, alike, 10 * log10 ((there + 1) / (here + 1)),
      alike_in_pieces (wanted, length, &wav, best));
  g_free (a);
  g_free (b);
  wav_file_clear (&reference);
  wav_file_clear (&wav);
  return 0;
}

/* ---- sound ---- */

static int
sound (const gchar *path, const gchar *channel)
{
  WavFile wav;
  gsize begin, end, loud = 0, hole = 0, longest = 0;

  load (path, channel, &wav);
  if (!sounding (&wav, &begin, &end)) {
    printf ("begin_ms=-1\nend_ms=-1\nloud_ms=0\nlongest_hole_ms=0\n");
    return 0;
  }
  for (gsize at = begin; at < end; at += WINDOW) {
    gboolean is_loud = window_level (&wav, at) > LOUD;
    loud += is_loud ? WINDOW : 0;
    hole = is_loud ? 0 : hole + WINDOW;
    longest = MAX (longest, hole);
  }
  printf ("begin_ms=%.0f\nend_ms=%.0f\nloud_ms=%.0f\nlongest_hole_ms=%.0f\n",
      begin / 8.0, end / 8.0, loud / 8.0, longest / 8.0);
  wav_file_clear (&wav);
  return 0;
}

/* ---- tone ---- */

/* A sine obeys x[n+1] = 2 cos(w) x[n] - x[n-1]; where it does not (beyond what
 * G.711's steps explain), something was cut out or put in. */
static int
tone (const gchar *path, gdouble frequency, const gchar *channel)
{
  WavFile wav;
  gsize begin, end, clicks = 0, hole = 0, holes = 0;
  gssize last_click = -1000;
  gdouble turn = 2 * cos (2 * G_PI * frequency / 8000);

  load (path, channel, &wav);
  if (!sounding (&wav, &begin, &end)) {
    puts ("begin_ms=-1\nlength_ms=0\nholes=0\nclicks=0");
    return 0;
  }
  gdouble peak = 0;
  for (gsize i = begin; i < end; i++)
    peak = MAX (peak, abs (wav.samples[i]));
  for (gsize i = begin + WINDOW; i + WINDOW < end; i++) {
    gdouble expected = turn * wav.samples[i] - wav.samples[i - 1];
    gboolean odd = fabs (wav.samples[i + 1] - expected) > 0.25 * peak;
    if (odd && (gssize) i - last_click > 40)
      clicks++;
    if (odd)
      last_click = i;
    hole = abs (wav.samples[i]) < 0.02 * peak ? hole + 1 : 0;
    holes += hole == 40; /* 5 ms of nothing */
  }
  printf ("begin_ms=%.1f\nlength_ms=%.1f\nholes=%zu\nclicks=%zu\n", begin / 8.0,
      (end - begin) / 8.0, holes, clicks);
  wav_file_clear (&wav);
  return 0;
}

/* ---- strength ---- */

static int
strength (const gchar *path, gdouble frequency)
{
  WavFile wav;
  double complex sum = 0;

  load (path, NULL, &wav);
  for (gsize i = 0; i < wav.length; i++)
    sum += wav.samples[i] * cexp (-2 * G_PI * I * frequency * i / 8000);
  printf ("strength=%.4f\n", 2 * cabs (sum) / MAX (wav.length, 1) / 32768);
  wav_file_clear (&wav);
  return 0;
}

/* ---- pure ---- */

/* 25 ms: who follows another's clock plays some Hz too high or low. */
#define TONE_WINDOW 200

/* The share of a window's energy that is the tone's; 0 if there is no sound. */
static gdouble
share (const gint16 *samples, gdouble frequency)
{
  double complex sum = 0;
  gdouble all = 0;

  for (guint i = 0; i < TONE_WINDOW; i++) {
    sum += samples[i] * cexp (-2 * G_PI * I * frequency * i / 8000);
    all += (gdouble) samples[i] * samples[i];
  }
  if (all < TONE_WINDOW * (gdouble) LOUD * LOUD)
    return 0;
  return 2 * creal (sum * conj (sum)) / TONE_WINDOW / all;
}

static int
pure (const gchar *path, gdouble frequency, gsize from)
{
  WavFile wav;
  gssize begin = -1, end = -1;
  guint n = 0;

  load (path, NULL, &wav);
  for (gsize at = from * 8; at + TONE_WINDOW <= wav.length; at += TONE_WINDOW) {
    if (share (wav.samples + at, frequency) < 0.7)
      continue;
    begin = n++ ? begin : (gssize) at / 8;
    end = (gssize) (at + TONE_WINDOW) / 8;
  }
  printf ("begin_ms=%zd\nend_ms=%zd\npure_ms=%u\n", begin, end, n * 25);
  wav_file_clear (&wav);
  return 0;
}

static int
to8k (const gchar *path, const gchar *new_path, guint before, guint after)
{
  WavFile wav;

  load (path, NULL, &wav);
  gsize length = wav.length + 8 * (before + after);
  g_autofree gint16 *samples = g_new0 (gint16, length);
  memcpy (samples + 8 * before, wav.samples, 2 * wav.length);
  wav_file_clear (&wav);
  return wav_file_write (new_path, samples, length, 8000) ? 0 : 1;
}

int
main (int argc, char **argv)
{
  if (argc >= 4 && strcmp (argv[1], "find") == 0)
    return find (argv[2], argv[3], argv[4]);
  if (argc >= 3 && strcmp (argv[1], "sound") == 0)
    return sound (argv[2], argv[3]);
  if (argc >= 4 && strcmp (argv[1], "tone") == 0)
    return tone (argv[2], atof (argv[3]), argv[4]);
  if (argc >= 4 && strcmp (argv[1], "strength") == 0)
    return strength (argv[2], atof (argv[3]));
  if (argc >= 4 && strcmp (argv[1], "pure") == 0)
    return pure (argv[2], atof (argv[3]),
        argc > 4 ? (gsize) atoi (argv[4]) : 0);
  if (argc >= 4 && strcmp (argv[1], "to8k") == 0)
    return to8k (argv[2], argv[3], argc > 4 ? atoi (argv[4]) : 0,
        argc > 5 ? atoi (argv[5]) : 0);
  fputs (
      "usage: wavcheck find REFERENCE FILE [CHANNEL] | sound FILE [CHANNEL] | "
      "tone FILE HZ [CHANNEL] | strength FILE HZ | pure FILE HZ [FROM] | to8k FILE NEW [BEFORE AFTER]\n",
      stderr);
  return 2;
}
