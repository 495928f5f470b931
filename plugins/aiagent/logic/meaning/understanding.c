/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - The file's phrases are few, people's words are not: the model has each phrase as it is
 *   and, half as much again, between such words as people put around what they want.
 * - What is heard in other words has some of the phrase's words in the same order, and its
 *   rare words above all: that is measured (overlap), and how much likelier the words are
 *   for that meaning than for any (likelihood).
 * - The grammar's word is evidence, and no verdict: it takes anything for what it has.
 *   One logistic weighs all that is known. Its weights were fitted by
 *   tests/speech/fit-wordings to the half of voices and wordings that is not reported on. */

#include "understanding.h"
#include "carriers.h"
#include "ngram.h"
#include "sentences.h"
#include "wordweights.h"

#include "aiagent/logic/dialogue/interjection.h"

#include <math.h>
#include <string.h>

#define MAX_WAYS 30000 /* of all sentences together, about */
#define SEED 1 /* of the words around phrases: the same in each process */
#define WEIGHT 10.0 /* of each meaning in the model */
#define AROUND 1.5 /* ... and that much more between other words, */
#define WAYS 150 /* ... in so many ways */
#define SHORT 60 /* frames of 10 ms: no sentence is said in that time */
#define HANG_UP_AGREES 0.8 /* confidence of the grammar's own phrase, */
#define HANG_UP_SURE 0.7 /* ... or probability of a sentence in other words */
#define UNHEARD 0.35 /* of a word that was heard, and is not in the sentence */
#define SLACK 0.2 /* weight that a sentence has without any words */

struct _Understanding
{
  gint ref_count; /* atomic */
  Sentences *sentences;
  WordWeights *weights;
  GHashTable *words, *by_words; /* -> phones; words -> Sentence */
  GArray *stems; /* guint16: of all sentences, one after the other, */
  GArray *starts; /* guint: ... where each begins, and the last one ends */
  gchar *model;
};

/* ---- The model */

static void
count_words (GHashTable *counts, const gchar *sentence, gdouble weight)
{
  g_auto (GStrv) words = g_strsplit (sentence, " ", -1);

  for (gchar **word = words; *word; word++) {
    gdouble *count = g_hash_table_lookup (counts, *word);
    if (!count) {
      count = g_new0 (gdouble, 1);
      g_hash_table_insert (counts, g_strdup (*word), count);
    }
    *count += weight;
  }
}

/* @around: words -> how often they are said around phrases. */
static void
write_model (Understanding *self, GHashTable *around)
{
  g_autoptr (Ngram) ngram = ngram_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  const GPtrArray *all = self->sentences->all;

  for (guint i = 0; i < all->len; i++) {
    const Sentence *sentence = g_ptr_array_index (all, i);
    const SentenceMeaning *meaning =
        g_ptr_array_index (self->sentences->meanings, sentence->meaning);
    const gdouble share = WEIGHT / meaning->n_sentences;
    const guint ways = meaning->interjection
        ? 0
        : MIN ((WAYS + meaning->n_sentences - 1) / meaning->n_sentences,
              1 + MAX_WAYS / all->len);
    ngram_add (ngram, sentence->words, share);
    for (guint w = 0; w < ways; w++) {
      g_autofree gchar *wrapped = carriers_wrap (sentence->words, random);
      ngram_add (ngram, wrapped, share * AROUND / ways);
      count_words (around, wrapped, share / ways);
    }
  }
  self->model = ngram_write (ngram);
}

/* ---- Life */

static void
index_sentences (Understanding *self)
{
  const GPtrArray *all = self->sentences->all;

  for (guint i = 0; i < all->len; i++) {
    Sentence *sentence = g_ptr_array_index (all, i);
    g_auto (GStrv) words = g_strsplit (sentence->words, " ", -1);
    g_array_append_val (self->starts, self->stems->len);
    for (gchar **word = words; *word; word++) {
      const guint16 stem = (guint16) word_weights_find (self->weights, *word);
      g_array_append_val (self->stems, stem);
    }
    if (!g_hash_table_contains (self->by_words, sentence->words))
      g_hash_table_insert (self->by_words, sentence->words, sentence);
  }
  g_array_append_val (self->starts, self->stems->len);
}

static void
collect_words (Understanding *self, const DialogueFile *file)
{
  GHashTableIter iter;
  gpointer word, phones;

  g_hash_table_iter_init (&iter, file->words);
  while (g_hash_table_iter_next (&iter, &word, &phones))
    g_hash_table_insert (self->words, g_strdup (word), g_strdup (phones));
  carriers_collect_words (self->words);
}

Understanding *
understanding_new (const DialogueFile *file)
{
  Understanding *self = g_new0 (Understanding, 1);
  g_autoptr (GHashTable) around =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  self->ref_count = 1;
  self->sentences = sentences_new (file);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_words = g_hash_table_new (g_str_hash, g_str_equal);
  self->stems = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  collect_words (self, file);
  write_model (self, around);
  self->weights = word_weights_new (self->sentences, around);
  index_sentences (self);
  return self;
}

Understanding *
understanding_ref (Understanding *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
understanding_unref (Understanding *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  sentences_free (self->sentences);
  word_weights_free (self->weights);
  g_hash_table_unref (self->words);
  g_hash_table_unref (self->by_words);
  g_array_unref (self->stems);
  g_array_unref (self->starts);
  g_free (self->model);
  g_free (self);
}

const gchar *
understanding_get_model (const Understanding *self)
{
  return self->model;
}

GHashTable *
understanding_get_words (const Understanding *self)
{
  return self->words;
}

/* ---- Scores */

#define MAX_HEARD 40 /* words */

/* What was heard, as stems. */
typedef struct
{
  guint n;
  guint16 stems[MAX_HEARD];
  gdouble weights[MAX_HEARD], confidences[MAX_HEARD];
  gdouble weight, sure_weight; /* of all */
} Heard;

/* What one meaning has for itself. */
typedef struct
{
  gdouble overlap,
      sure_overlap; /* of its best sentence: all words, as sure as they are */
  gdouble likelihood, sure_likelihood;
  gdouble score;
  const Sentence *nearest;
  gdouble nearest_score;
} Candidate;

static void
read_heard (const Understanding *self, const GArray *words, Heard *heard)
{
  *heard = (Heard){ 0 };
  for (guint i = 0; i < words->len && heard->n < MAX_HEARD; i++) {
    const UnderstandingWord *word =
        &g_array_index (words, UnderstandingWord, i);
    const gint stem = word_weights_find (self->weights, word->word);
    if (stem < 0)
      continue;
    const guint n = heard->n++;
    heard->stems[n] = (guint16) stem;
    heard->weights[n] = self->weights->weights[stem];
    heard->confidences[n] = word->confidence;
    heard->weight += heard->weights[n];
    heard->sure_weight += heard->weights[n] * word->confidence;
  }
}

/* The longest common subsequence by weight; with @sure by weight and confidence. */
static gdouble
match_stems (const Heard *heard, const guint16 *stems, guint n, gboolean sure)
{
  gdouble rows[2][MAX_HEARD + 1] = { { 0 } };

  for (guint s = 0; s < n; s++) {
    const gdouble *above = rows[s % 2];
    gdouble *row = rows[(s + 1) % 2];
    row[0] = 0;
    for (guint h = 0; h < heard->n; h++) {
      row[h + 1] = MAX (row[h], above[h + 1]);
      if (heard->stems[h] == stems[s])
        row[h + 1] = MAX (row[h + 1],
            above[h] + heard->weights[h] * (sure ? heard->confidences[h] : 1));
    }
  }
  return rows[n % 2][heard->n];
}

static void
try_sentence (const Understanding *self, const Heard *heard, guint index,
    Candidate *candidates)
{
  const Sentence *sentence = g_ptr_array_index (self->sentences->all, index);
  const guint start = g_array_index (self->starts, guint, index);
  const guint n = g_array_index (self->starts, guint, index + 1) - start;
  const guint16 *stems = &g_array_index (self->stems, guint16, start);
  Candidate *candidate = &candidates[sentence->meaning];
  const gdouble common = match_stems (heard, stems, n, FALSE);
  const gdouble sure = common > 0 ? match_stems (heard, stems, n, TRUE) : 0;
  gdouble all = SLACK;

  for (guint i = 0; i < n; i++)
    all += self->weights->weights[stems[i]];
  const gdouble overlap = common / (all + UNHEARD * (heard->weight - common));
  const gdouble sure_overlap =
      sure / (all + UNHEARD * (heard->sure_weight - sure));
  candidate->overlap = MAX (candidate->overlap, overlap);
  candidate->sure_overlap = MAX (candidate->sure_overlap, sure_overlap);
  /* What always means something is to be done, not what might. */
  const gdouble score = overlap + sure_overlap + (sentence->answer ? 0 : 10);
  if (!candidate->nearest || score > candidate->nearest_score) {
    candidate->nearest = sentence;
    candidate->nearest_score = score;
  }
}

static void
score (const Understanding *self, const Heard *heard, const Sentence *phrase,
    gdouble phrase_confidence, Candidate *candidates)
{
  const WordWeights *weights = self->weights;

  for (guint i = 0; i < self->sentences->all->len; i++)
    try_sentence (self, heard, i, candidates);
  for (guint m = 0; m < weights->n_meanings; m++) {
    Candidate *one = &candidates[m];
    const gdouble *likelihoods = weights->likelihoods + m * weights->n_stems;
    for (guint h = 0; h < heard->n; h++) {
      one->likelihood += likelihoods[heard->stems[h]];
      one->sure_likelihood +=
          likelihoods[heard->stems[h]] * heard->confidences[h];
    }
    one->score = one->sure_likelihood / 3 + one->likelihood / 10 +
        0.6 * one->overlap + one->sure_overlap;
    if (phrase && phrase->meaning == m)
      one->score += phrase_confidence + 0.15;
  }
}

/* ---- The verdict */

static const struct
{
  gdouble weight, mean, deviation;
} logistic[UNDERSTANDING_N_FEATURES] = {
  [UNDERSTANDING_BIAS] = { -0.54, 0, 1 },
  [UNDERSTANDING_BEST] = { 0.28, 2.34, 1.61 },
  [UNDERSTANDING_LEAD] = { 0.50, 1.60, 1.53 },
  [UNDERSTANDING_OVERLAP] = { 0.73, 0.54, 0.27 },
  [UNDERSTANDING_SURE_OVERLAP] = { 0.63, 0.40, 0.22 },
  [UNDERSTANDING_LIKELIHOOD] = { 0.34, 2.62, 2.16 },
  [UNDERSTANDING_CONFIDENCE] = { 0.13, 0.62, 0.19 },
  [UNDERSTANDING_MARGIN] = { 0.15, -15.05, 8.26 },
  [UNDERSTANDING_AGREES] = { 0.95, 0.29, 0.39 },
  [UNDERSTANDING_DISAGREES] = { 0.08, 0.05, 0.15 },
  [UNDERSTANDING_WORDS] = { 0.03, 0.59, 0.34 },
  [UNDERSTANDING_COVER] = { -0.21, 0.92, 0.22 },
  [UNDERSTANDING_ONE_WORD] = { -1.14, 0.14, 0.35 },
  [UNDERSTANDING_SHORT] = { -0.88, 0.30, 0.46 },
  [UNDERSTANDING_SUM] = { -0.14, 0.41, 0.25 },
  [UNDERSTANDING_SHORT_AGREES] = { -0.30, 0.05, 0.17 },
};

gdouble
understanding_rate_word (gdouble posterior, gdouble margin, guint frames)
{
  const gdouble p = CLAMP (posterior, 0.02, 0.98);

  return 1 /
      (1 +
          exp (0.13 - 0.455 * log (p / (1 - p)) - 0.0195 * margin -
              0.379 * log (MAX (frames, 1))));
}

static void
measure (const UnderstandingEvidence *evidence, const Heard *heard,
    const Candidate *best, const Candidate *second, gboolean known,
    gboolean agrees, gdouble *features)
{
  gdouble sum = 0;

  for (guint i = 0; i < heard->n; i++)
    sum += heard->confidences[i];
  const gboolean short_one = evidence->loud < SHORT;
  const gdouble phrase =
      known && !evidence->phrase_elsewhere ? evidence->phrase_confidence : 0;
  features[UNDERSTANDING_BIAS] = 1;
  features[UNDERSTANDING_BEST] = best->score;
  features[UNDERSTANDING_LEAD] = best->score - second->score;
  features[UNDERSTANDING_OVERLAP] = best->overlap;
  features[UNDERSTANDING_SURE_OVERLAP] = best->sure_overlap;
  features[UNDERSTANDING_LIKELIHOOD] = best->sure_likelihood;
  features[UNDERSTANDING_CONFIDENCE] = sum / MAX (heard->n, 1);
  features[UNDERSTANDING_MARGIN] = evidence->margin;
  features[UNDERSTANDING_AGREES] = agrees ? phrase : 0;
  features[UNDERSTANDING_DISAGREES] = agrees ? 0 : phrase;
  features[UNDERSTANDING_WORDS] = MIN (heard->n, 8) / 8.0;
  features[UNDERSTANDING_COVER] =
      MIN (1, (gdouble) evidence->covered / MAX (evidence->loud, 1));
  features[UNDERSTANDING_ONE_WORD] = heard->n == 1;
  features[UNDERSTANDING_SHORT] = short_one;
  features[UNDERSTANDING_SUM] = MIN (sum, 8) / 8;
  features[UNDERSTANDING_SHORT_AGREES] = short_one && agrees ? phrase : 0;
}

static gdouble
weigh (const gdouble *features)
{
  gdouble sum = 0;

  for (guint i = 0; i < UNDERSTANDING_N_FEATURES; i++)
    sum += logistic[i].weight * (features[i] - logistic[i].mean) /
        logistic[i].deviation;
  return 1 / (1 + exp (-sum));
}

/* Nobody is hung up on for a piece of something: the grammar has to have it, too, or a
 * whole sentence be sure. */
static gdouble
doubt (const UnderstandingJudgement *judgement)
{
  const gdouble *features = judgement->features;
  const gboolean agrees = features[UNDERSTANDING_AGREES] >= HANG_UP_AGREES;
  const gboolean sure =
      !features[UNDERSTANDING_SHORT] && judgement->probability >= HANG_UP_SURE;

  return agrees || sure
      ? judgement->probability
      : MIN (judgement->probability, UNDERSTANDING_BELIEVED - 0.01);
}

void
understanding_judge (const Understanding *self,
    const UnderstandingEvidence *evidence, UnderstandingJudgement *judgement)
{
  const guint n = self->sentences->meanings->len;
  g_autofree Candidate *candidates = g_new0 (Candidate, n + 2);
  const Sentence *phrase =
      g_hash_table_lookup (self->by_words, evidence->phrase);
  guint best = n, second = n + 1;
  Heard heard;

  *judgement = (UnderstandingJudgement){ .words = "",
    .meaning = "",
    .knows_phrase = phrase || !*evidence->phrase };
  read_heard (self, evidence->heard, &heard);
  score (self, &heard, phrase, evidence->phrase_confidence, candidates);
  for (guint m = 0; m < n; m++) {
    if (candidates[m].score > candidates[best].score) {
      second = best;
      best = m;
    } else if (candidates[m].score > candidates[second].score) {
      second = m;
    }
  }
  if (best == n || !candidates[best].nearest)
    return;
  const SentenceMeaning *meaning =
      g_ptr_array_index (self->sentences->meanings, best);
  const gboolean agrees = phrase && phrase->meaning == best;
  measure (evidence, &heard, &candidates[best], &candidates[second],
      phrase != NULL, agrees, judgement->features);
  judgement->words = agrees && !phrase->answer
      ? phrase->words
      : candidates[best].nearest->words;
  judgement->meaning = meaning->name;
  judgement->probability = weigh (judgement->features);
  if (meaning->hangs_up)
    judgement->probability = doubt (judgement);
}

void
understanding_add_to (const Understanding *self, GChecksum *sum)
{
  const GPtrArray *all = self->sentences->all;

  for (guint i = 0; i < all->len; i++) {
    const Sentence *sentence = g_ptr_array_index (all, i);
    const SentenceMeaning *meaning =
        g_ptr_array_index (self->sentences->meanings, sentence->meaning);
    g_autofree gchar *line = g_strdup_printf ("%s\n%s\n%d%d\n", sentence->words,
        meaning->name, meaning->hangs_up, sentence->answer);
    g_checksum_update (sum, (const guchar *) line, -1);
  }
}

gdouble
understanding_rate (const UnderstandingJudgement *judgement)
{
  const gdouble p = judgement->probability, believed = UNDERSTANDING_BELIEVED;

  return p < believed ? p / believed / 2
                      : 0.5 + (p - believed) / (1 - believed) / 2;
}
