/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sileroweights.h"

#include <math.h>
#include <string.h>

#define MAGIC "silero-6"
#define PAD 8 /* floats */
#define N_BRANCHES 2
#define GATES (4 * SILERO_UNITS)

struct _SileroWeights
{
  SileroBranch branches[N_BRANCHES];
  GPtrArray *memory; /* what they point to */
};

/* ---- Reading */

typedef struct
{
  SileroWeights *weights;
  const guint8 *data;
  gsize left;
  const gchar *wrong; /* the first thing that was */
} Reader;

static void
fail (Reader *self, const gchar *wrong)
{
  if (!self->wrong)
    self->wrong = wrong;
}

static guint32
read_word (Reader *self)
{
  guint32 word = 0;

  if (self->left < sizeof word) {
    fail (self, "it ends too soon");
    return 0;
  }
  memcpy (&word, self->data, sizeof word);
  self->data += sizeof word;
  self->left -= sizeof word;
  return GUINT32_FROM_LE (word);
}

static gfloat
read_float (Reader *self)
{
  const guint32 word = read_word (self);
  gfloat value;

  memcpy (&value, &word, sizeof value);
  if (!isfinite (value))
    fail (self, "a number is none");
  return value;
}

/* A tensor says how many numbers it has; before memory is taken for them, they are
 * known to be there. */
static gboolean
begin_tensor (Reader *self, gsize n)
{
  if (read_word (self) != n)
    fail (self, "a tensor has another size");
  else if (self->left < n * sizeof (gfloat))
    fail (self, "it ends too soon");
  return !self->wrong;
}

static gfloat *
take_memory (Reader *self, gsize n)
{
  gfloat *memory = g_new0 (gfloat, n);

  g_ptr_array_add (self->weights->memory, memory);
  return memory;
}

static guint
padded (guint n)
{
  return (n + PAD - 1) / PAD * PAD;
}

/* As the file has them: @rows of @columns. */
static void
read_rows (Reader *self, SileroMatrix *matrix, guint rows, guint columns)
{
  matrix->rows = rows;
  matrix->row = padded (columns);
  if (!begin_tensor (self, (gsize) rows * columns))
    return;
  gfloat *weights = take_memory (self, (gsize) rows * matrix->row);
  for (guint i = 0; i < rows; i++)
    for (guint j = 0; j < columns; j++)
      weights[i * matrix->row + j] = read_float (self);
  matrix->weights = weights;
}

static void
read_bias (Reader *self, SileroMatrix *matrix)
{
  if (!begin_tensor (self, matrix->rows))
    return;
  gfloat *bias = take_memory (self, matrix->rows);
  for (guint i = 0; i < matrix->rows; i++)
    bias[i] = read_float (self);
  matrix->bias = bias;
}

#define TAPS 3

/* Its input lies moment by moment, so its weights do: the file has [row][channel][tap].
 * Taps that only ever meet the zeros around the input, all but @n from @first, are left
 * out. */
static void
read_convolution (Reader *self, SileroMatrix *matrix, guint rows,
    guint channels, guint first, guint n)
{
  const guint stride = padded (channels);

  matrix->rows = rows;
  matrix->row = n * stride;
  if (!begin_tensor (self, (gsize) rows * channels * TAPS))
    return;
  gfloat *weights = take_memory (self, (gsize) rows * matrix->row);
  for (guint i = 0; i < rows; i++)
    for (guint channel = 0; channel < channels; channel++)
      for (guint tap = 0; tap < TAPS; tap++) {
        const gfloat value = read_float (self);
        if (tap >= first && tap < first + n)
          weights[i * matrix->row + (tap - first) * stride + channel] = value;
      }
  matrix->weights = weights;
  read_bias (self, matrix);
}

static void
read_branch (Reader *self, SileroBranch *branch, guint rate)
{
  const guint kernel = rate * 16 / 1000;

  if (read_word (self) != rate)
    fail (self, "a branch is of another rate");
  branch->rate = rate;
  branch->bins = kernel / 2 + 1;
  read_rows (self, &branch->spectrum, 2 * branch->bins, kernel);
  read_convolution (self, &branch->encoder[0], 128, branch->bins, 0, 3);
  read_convolution (self, &branch->encoder[1], 64, 128, 0, 3);
  read_convolution (self, &branch->encoder[2], 64, 64, 1, 2);
  read_convolution (self, &branch->encoder[3], SILERO_UNITS, 64, 1, 1);
  read_rows (self, &branch->input, GATES, SILERO_UNITS);
  read_rows (self, &branch->memory, GATES, SILERO_UNITS);
  read_bias (self, &branch->input);
  read_bias (self, &branch->memory);
  read_rows (self, &branch->verdict, 1, SILERO_UNITS);
  read_bias (self, &branch->verdict);
}

/* ---- The file */

static void
read_file (Reader *self)
{
  static const guint rates[N_BRANCHES] = { 8000, 16000 };
  const gsize n = strlen (MAGIC);

  if (self->left < n || memcmp (self->data, MAGIC, n) != 0) {
    fail (self, "it does not begin as such a file does");
    return;
  }
  self->data += n;
  self->left -= n;
  for (guint i = 0; i < N_BRANCHES && !self->wrong; i++)
    read_branch (self, &self->weights->branches[i], rates[i]);
  if (self->left > 0)
    fail (self, "there is more behind its end");
}

SileroWeights *
silero_weights_parse (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (SileroWeights) self = g_new0 (SileroWeights, 1);
  Reader reader = { self, data, size, NULL };

  self->memory = g_ptr_array_new_with_free_func (g_free);
  read_file (&reader);
  if (!reader.wrong)
    return g_steal_pointer (&self);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
      "These are no weights of Silero VAD v6: %s", reader.wrong);
  return NULL;
}

void
silero_weights_free (SileroWeights *self)
{
  g_ptr_array_unref (self->memory);
  g_free (self);
}

const SileroBranch *
silero_weights_get (const SileroWeights *self, guint rate)
{
  return &self->branches[rate == 16000];
}
