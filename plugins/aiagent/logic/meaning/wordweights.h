/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sentences.h"

G_BEGIN_DECLS

/* Which words tell meanings apart. Words count without their endings: "opening" is
 * "open". */
typedef struct
{
  guint n_stems, n_meanings;
  GHashTable *stems; /* word without ending -> index + 1 */
  gdouble *weights; /* of each stem, 0..1: 1 = only one meaning has it */
  gdouble *
      likelihoods; /* of meaning * n_stems + stem: ln of how much more likely */
} WordWeights;

/* @around: how often each word is said (gdouble) around phrases as in them. */
WordWeights *word_weights_new (const Sentences *sentences, GHashTable *around);
void word_weights_free (WordWeights *self);
/* -1: it is in no phrase, nor around them. */
gint word_weights_find (const WordWeights *self, const gchar *word);

G_END_DECLS
