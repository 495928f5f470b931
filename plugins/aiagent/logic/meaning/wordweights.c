/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "wordweights.h"

#include <math.h>
#include <string.h>

#define OWN 0.6 /* share of a meaning's own words in what is said for it */
#define LEAST 1e-4 /* share of a word that was hardly ever seen */
#define FOREIGN 0.6 /* weight of a word that no phrase has */

/* "opening" -> "open" */
static gchar *
stem_of (const gchar *word)
{
  static const gchar *const endings[] = { "'s", "'re", "'d", "'m", "ing", "ed",
    "es", "s" };
  const gsize length = strlen (word);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    const gsize n = strlen (endings[i]);
    if (length > n + (*endings[i] == '\'' ? 0 : 2) &&
        g_str_has_suffix (word, endings[i]))
      return g_strndup (word, length - n);
  }
  return g_strdup (word);
}

gint
word_weights_find (const WordWeights *self, const gchar *word)
{
  g_autofree gchar *stem = stem_of (word);

  return GPOINTER_TO_INT (g_hash_table_lookup (self->stems, stem)) - 1;
}

static guint
add_stem (WordWeights *self, const gchar *word)
{
  g_autofree gchar *stem = stem_of (word);
  const guint known =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->stems, stem));

  if (known)
    return known - 1;
  g_hash_table_insert (self->stems, g_steal_pointer (&stem),
      GUINT_TO_POINTER (++self->n_stems));
  return self->n_stems - 1;
}

/* @counts: of meaning * n_stems + stem; the same for all meanings together in
 * @general. */
static void
count_own (const WordWeights *self, const Sentences *sentences, gdouble *counts,
    gdouble *general)
{
  for (guint i = 0; i < sentences->all->len; i++) {
    const Sentence *sentence = g_ptr_array_index (sentences->all, i);
    g_auto (GStrv) words = g_strsplit (sentence->words, " ", -1);
    for (gchar **word = words; *word; word++)
      counts[sentence->meaning * self->n_stems +
          (guint) word_weights_find (self, *word)]++;
  }
  for (guint m = 0; m < self->n_meanings; m++) {
    gdouble *own = counts + m * self->n_stems;
    gdouble sum = 0;
    for (guint s = 0; s < self->n_stems; s++)
      sum += own[s];
    for (guint s = 0; s < self->n_stems; s++) {
      own[s] /= MAX (sum, 1);
      general[s] += own[s] / self->n_meanings;
    }
  }
}

/* Adds half of what is said around phrases to half of what is said in them. */
static void
mix_around (const WordWeights *self, GHashTable *around, gdouble *general)
{
  g_autofree gdouble *counts = g_new0 (gdouble, self->n_stems);
  GHashTableIter iter;
  gpointer word, count;
  gdouble sum = 0;

  g_hash_table_iter_init (&iter, around);
  while (g_hash_table_iter_next (&iter, &word, &count)) {
    counts[word_weights_find (self, word)] += *(gdouble *) count;
    sum += *(gdouble *) count;
  }
  for (guint s = 0; s < self->n_stems; s++)
    general[s] = MAX (LEAST, general[s] / 2 + counts[s] / MAX (sum, 1) / 2);
}

static void
weigh (WordWeights *self, const gdouble *own, const gdouble *general)
{
  for (guint s = 0; s < self->n_stems; s++) {
    guint users = 0;
    for (guint m = 0; m < self->n_meanings; m++) {
      const gdouble share = own[m * self->n_stems + s];
      users += share > 0;
      self->likelihoods[m * self->n_stems + s] =
          log ((OWN * share + (1 - OWN) * general[s]) / general[s]);
    }
    self->weights[s] = users ? log ((self->n_meanings + 1) / (users + 0.5)) /
            log ((self->n_meanings + 1) / 1.5)
                             : FOREIGN;
    self->weights[s] = MAX (self->weights[s], 0.1);
  }
}

WordWeights *
word_weights_new (const Sentences *sentences, GHashTable *around)
{
  WordWeights *self = g_new0 (WordWeights, 1);
  GHashTableIter iter;
  gpointer word;

  self->n_meanings = sentences->meanings->len;
  self->stems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < sentences->all->len; i++) {
    const Sentence *sentence = g_ptr_array_index (sentences->all, i);
    g_auto (GStrv) words = g_strsplit (sentence->words, " ", -1);
    for (gchar **one = words; *one; one++)
      add_stem (self, *one);
  }
  g_hash_table_iter_init (&iter, around);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    add_stem (self, word);
  self->weights = g_new (gdouble, self->n_stems);
  const gsize n = (gsize) self->n_meanings * self->n_stems;
  self->likelihoods = g_new (gdouble, n);
  g_autofree gdouble *own = g_new0 (gdouble, n);
  g_autofree gdouble *general = g_new0 (gdouble, self->n_stems);
  count_own (self, sentences, own, general);
  mix_around (self, around, general);
  weigh (self, own, general);
  return self;
}

void
word_weights_free (WordWeights *self)
{
  g_hash_table_unref (self->stems);
  g_free (self->weights);
  g_free (self->likelihoods);
  g_free (self);
}
