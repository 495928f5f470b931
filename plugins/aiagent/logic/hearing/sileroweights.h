/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the network of silero.h has learnt, from a file (weights/README.md says how it is
 * laid out), as its sums read it. Made once, never changed, read by all calls. */

#define SILERO_UNITS 128 /* of the memory, and what goes into it */

/* Rows of weights, each padded with zeros to a multiple of 8. */
typedef struct
{
  const gfloat *weights;
  const gfloat *bias; /* NULL: none */
  guint rows, row; /* floats in a row */
} SileroMatrix;

typedef struct
{
  guint rate; /* Hz */
  guint bins; /* of a spectrum */
  SileroMatrix spectrum; /* real parts, then imaginary ones; no bias */
  SileroMatrix
      encoder[4]; /* row: three moments of all channels, where there are */
  SileroMatrix input, memory; /* four gates: in, forget, candidate, out */
  SileroMatrix verdict; /* one row */
} SileroBranch;

typedef struct _SileroWeights SileroWeights;

/* NULL with G_FILE_ERROR_INVAL unless @data is such a file, to its last byte. */
SileroWeights *silero_weights_parse (const guint8 *data, gsize size,
    GError **error);
void silero_weights_free (SileroWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SileroWeights, silero_weights_free)
/* @rate 8000 or 16000. */
const SileroBranch *silero_weights_get (const SileroWeights *self, guint rate);

G_END_DECLS
