/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Nearly always everybody hears everybody else: then the sum is made once and each
 * takes its own part away, N additions for N participants and not N x N. Where a
 * listener hears few, those are added up instead, whichever is less work. */

#include "mixmatrix.h"

#include "mixkernel.h"

#include <string.h>

typedef struct
{
  gboolean subtract; /* others are not heard (own slot among them) */
  GArray *others; /* guint, slots */
} Row;

struct _MixMatrix
{
  guint n;
  Row *rows;
  guint8 *hears; /* n x n, listener first */
};

static gboolean
is_heard (const MixMember *listener, const MixMember *speaker)
{
  return listener != speaker && listener->present && speaker->present &&
      (!speaker->early || !listener->ignores_early) &&
      mix_set_contains (listener->hears, speaker->number) &&
      mix_set_contains (speaker->heard_by, listener->number);
}

static void
fill_row (MixMatrix *self, const MixMember *members, guint listener)
{
  Row *row = &self->rows[listener];
  guint8 *hears = self->hears + (gsize) listener * self->n;
  guint heard = 0, present = 0;

  for (guint k = 0; k < self->n; k++) {
    hears[k] = is_heard (&members[listener], &members[k]);
    heard += hears[k];
    present += members[k].present;
  }
  row->subtract = members[listener].present && present - heard <= heard;
  row->others = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint k = 0; k < self->n; k++)
    if (members[k].present && hears[k] != row->subtract)
      g_array_append_val (row->others, k);
}

MixMatrix *
mix_matrix_new (const MixMember *members, guint n)
{
  MixMatrix *self = g_new0 (MixMatrix, 1);

  self->n = n;
  self->rows = g_new0 (Row, n);
  self->hears = g_new0 (guint8, (gsize) n * n);
  for (guint i = 0; i < n; i++)
    fill_row (self, members, i);
  return self;
}

void
mix_matrix_free (MixMatrix *self)
{
  for (guint i = 0; i < self->n; i++)
    g_array_unref (self->rows[i].others);
  g_free (self->rows);
  g_free (self->hears);
  g_free (self);
}

gboolean
mix_matrix_hears (const MixMatrix *self, guint listener, guint speaker)
{
  return listener < self->n && speaker < self->n &&
      self->hears[(gsize) listener * self->n + speaker];
}

gboolean
mix_matrix_same_row (const MixMatrix *self, const MixMatrix *other,
    guint listener)
{
  for (guint k = 0; k < MAX (self->n, other->n); k++)
    if (mix_matrix_hears (self, listener, k) !=
        mix_matrix_hears (other, listener, k))
      return FALSE;
  return TRUE;
}

void
mix_matrix_mix (const MixMatrix *self, guint listener,
    const gint32 *const *inputs, guint n_inputs, const gint32 *total,
    gint32 *out, guint n_samples)
{
  const Row *row = listener < self->n ? &self->rows[listener] : NULL;

  if (row && row->subtract)
    memcpy (out, total, n_samples * sizeof (gint32));
  else
    memset (out, 0, n_samples * sizeof (gint32));
  for (guint i = 0; row && i < row->others->len; i++) {
    guint slot = g_array_index (row->others, guint, i);
    if (slot >= n_inputs || !inputs[slot])
      continue;
    if (row->subtract)
      mix_subtract (out, inputs[slot], n_samples);
    else
      mix_add (out, inputs[slot], n_samples);
  }
}
