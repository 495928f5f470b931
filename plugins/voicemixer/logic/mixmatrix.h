/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixset.h"

G_BEGIN_DECLS

/* Who hears whom. A participant hears those of its set `hears` in whose set
 * `heard-by` it is, and never itself. Participants stand in slots, which they keep
 * while they are there; a slot may be empty. Immutable, so that one frame of audio
 * can be mixed by the matrix before a change and the one after it. */
typedef struct _MixMatrix MixMatrix;

typedef struct
{
  gboolean present;
  guint number; /* of the pad; what the sets speak of */
  const MixSet *hears, *heard_by;
  gboolean early; /* what it says is a call's early media */
  gboolean ignores_early;
} MixMember;

/* @members by slot. */
MixMatrix *mix_matrix_new (const MixMember *members, guint n);
void mix_matrix_free (MixMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MixMatrix, mix_matrix_free)

gboolean mix_matrix_hears (const MixMatrix *self, guint listener,
    guint speaker);
/* Whether @listener hears the same slots in both. */
gboolean mix_matrix_same_row (const MixMatrix *self, const MixMatrix *other,
    guint listener);

/* What the one in slot @listener hears: @n_samples in @out, not limited yet.
 * @inputs by slot, NULL for silence; @total their sum. */
void mix_matrix_mix (const MixMatrix *self, guint listener,
    const gint32 *const *inputs, guint n_inputs, const gint32 *total,
    gint32 *out, guint n_samples);

G_END_DECLS
