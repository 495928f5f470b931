/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* 32 ms become four spectra, the spectra four steps of an encoder, its last step 128
 * units of a memory (LSTM), and these one number. All of it is rows of weights times what
 * is there; that is done with the compiler's vectors. */

#include "silero.h"

#include <math.h>
#include <string.h>

typedef gfloat Vector __attribute__ ((vector_size (16)));
/* ... wherever it lies */
typedef gfloat Loose __attribute__ ((vector_size (16), aligned (4), may_alias));

#define LANES 4
#define STEPS 4 /* spectra of a window */
#define MAX_KERNEL 256
#define MAX_WINDOW 512
#define MAX_BINS 136 /* padded */

/* ---- Sums of products */

static inline Vector
load (const gfloat *x)
{
  return *(const Loose *) x;
}

static inline gfloat
add_up (Vector v)
{
  return v[0] + v[1] + v[2] + v[3];
}

/* One row with what is at four places, each @hop behind the last: each weight is loaded
 * once. */
static void
multiply_places (const gfloat *row, guint n, const gfloat *x, guint hop,
    gfloat *out, guint stride)
{
  Vector a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

  for (guint i = 0; i < n; i += LANES) {
    const Vector w = load (row + i);
    a += w * load (x + i);
    b += w * load (x + hop + i);
    c += w * load (x + 2 * hop + i);
    d += w * load (x + 3 * hop + i);
  }
  out[0] += add_up (a);
  out[stride] += add_up (b);
  out[2 * stride] += add_up (c);
  out[3 * stride] += add_up (d);
}

/* Four rows with what is at one place, which is loaded once. */
static void
multiply_rows (const gfloat *rows, guint n, const gfloat *x, gfloat *out)
{
  Vector a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

  for (guint i = 0; i < n; i += LANES) {
    const Vector v = load (x + i);
    a += v * load (rows + i);
    b += v * load (rows + n + i);
    c += v * load (rows + 2 * n + i);
    d += v * load (rows + 3 * n + i);
  }
  out[0] += add_up (a);
  out[1] += add_up (b);
  out[2] += add_up (c);
  out[3] += add_up (d);
}

static void
add_bias (const SileroMatrix *matrix, gfloat *out)
{
  for (guint i = 0; i < matrix->rows; i++)
    out[i] += matrix->bias[i];
}

/* Adds to @out, of whole rows of four. */
static void
multiply (const SileroMatrix *matrix, const gfloat *x, gfloat *out)
{
  for (guint i = 0; i < matrix->rows; i += LANES)
    multiply_rows (matrix->weights + i * matrix->row, matrix->row, x, out + i);
  add_bias (matrix, out);
}

/* ---- Spectra */

typedef struct
{
  /* What was before, the window, and its end mirrored. */
  gfloat samples[SILERO_MAX_CONTEXT + MAX_WINDOW + SILERO_MAX_CONTEXT];
  gfloat parts[STEPS][2 * MAX_BINS];
} Sound;

static void
read_samples (Silero *self, const gint16 *samples, gfloat *x)
{
  const guint window = self->branch->rate * SILERO_WINDOW_MS / 1000;
  const guint context = self->branch->rate * 4 / 1000;
  const guint length = context + window;

  memcpy (x, self->context, context * sizeof *x);
  for (guint i = 0; i < window; i++)
    x[context + i] = samples[i] / 32768.0f;
  memcpy (self->context, x + window, context * sizeof *x);
  for (guint i = 0; i < context; i++)
    x[length + i] = x[length - 2 - i];
}

/* @out: a step of no sound, the four steps, and another one of none, each @stride long. */
static void
make_spectra (Silero *self, const gint16 *samples, gfloat *out, guint stride)
{
  const SileroMatrix *spectrum = &self->branch->spectrum;
  const guint bins = self->branch->bins;
  const guint hop = self->branch->rate * 8 / 1000;
  Sound sound;

  memset (sound.parts, 0, sizeof sound.parts);
  read_samples (self, samples, sound.samples);
  for (guint i = 0; i < spectrum->rows; i++)
    multiply_places (spectrum->weights + i * spectrum->row, spectrum->row,
        sound.samples, hop, &sound.parts[0][i], 2 * MAX_BINS);
  for (guint step = 0; step < STEPS; step++) {
    const gfloat *re = sound.parts[step], *im = re + bins;
    for (guint i = 0; i < bins; i++)
      out[(1 + step) * stride + i] = sqrtf (re[i] * re[i] + im[i] * im[i]);
  }
}

/* ---- The encoder */

/* What is below zero is nothing. */
static void
rectify (gfloat *x, guint n)
{
  for (guint i = 0; i < n; i++)
    x[i] = MAX (x[i], 0);
}

typedef struct
{
  gfloat spectra[(1 + STEPS + 1) * MAX_BINS];
  gfloat first[(1 + STEPS) * 128]; /* a step of zeros before the four */
  gfloat second[2 * 64];
  gfloat third[64];
} Encoder;

static void
encode (Silero *self, const gint16 *samples, gfloat out[SILERO_UNITS])
{
  const SileroMatrix *layers = self->branch->encoder;
  const guint stride = layers[0].row / 3;
  Encoder x;

  memset (&x, 0, sizeof x);
  make_spectra (self, samples, x.spectra, stride);
  for (guint i = 0; i < layers[0].rows; i++)
    multiply_places (layers[0].weights + i * layers[0].row, layers[0].row,
        x.spectra, stride, x.first + 128 + i, 128);
  for (guint step = 1; step <= STEPS; step++)
    add_bias (&layers[0], x.first + step * 128);
  rectify (x.first, G_N_ELEMENTS (x.first));
  for (guint step = 0; step < 2; step++)
    multiply (&layers[1], x.first + step * 2 * 128, x.second + step * 64);
  rectify (x.second, G_N_ELEMENTS (x.second));
  multiply (&layers[2], x.second, x.third);
  rectify (x.third, G_N_ELEMENTS (x.third));
  multiply (&layers[3], x.third, out);
  rectify (out, SILERO_UNITS);
}

/* ---- The memory */

static inline gfloat
sigmoid (gfloat x)
{
  return 1 / (1 + expf (-x));
}

/* By the same function: there is none faster for it. */
static inline gfloat
hyperbolic_tangent (gfloat x)
{
  return 2 * sigmoid (2 * x) - 1;
}

static void
remember (Silero *self, const gfloat input[SILERO_UNITS])
{
  gfloat gates[4][SILERO_UNITS] = { { 0 } };

  multiply (&self->branch->input, input, gates[0]);
  multiply (&self->branch->memory, self->hidden, gates[0]);
  for (guint i = 0; i < SILERO_UNITS; i++) {
    self->cell[i] = sigmoid (gates[1][i]) * self->cell[i] +
        sigmoid (gates[0][i]) * hyperbolic_tangent (gates[2][i]);
    self->hidden[i] =
        sigmoid (gates[3][i]) * hyperbolic_tangent (self->cell[i]);
  }
}

static gdouble
decide (const Silero *self)
{
  const SileroMatrix *verdict = &self->branch->verdict;
  gfloat sum = verdict->bias[0];

  for (guint i = 0; i < SILERO_UNITS; i++)
    sum += verdict->weights[i] * MAX (self->hidden[i], 0);
  return sigmoid (sum);
}

/* ---- */

void
silero_init (Silero *self, const SileroBranch *branch)
{
  self->branch = branch;
  silero_reset (self);
}

void
silero_reset (Silero *self)
{
  *self = (Silero){ .branch = self->branch };
}

gdouble
silero_judge (Silero *self, const gint16 *samples)
{
  gfloat input[SILERO_UNITS] = { 0 };

  encode (self, samples, input);
  remember (self, input);
  return decide (self);
}
