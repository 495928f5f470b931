/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What is meant by other words than a dialogue file has: its sentences, the model that is
 * made of them, and which of them comes closest. */

#include "aiagent/logic/meaning/carriers.h"
#include "aiagent/logic/meaning/ngram.h"
#include "aiagent/logic/meaning/sentences.h"
#include "aiagent/logic/meaning/understanding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILE_TEXT \
  "[agent]\nvoice=slt\n" \
  "[slot department]\nquestion=Which?\nvalue.201=sales;the sales team\n" \
  "value.202=support\n" \
  "[slot sure]\nquestion=Sure?\nvalue.yes=yes;sure\nvalue.no=no\n" \
  "[intent hours]\nphrases=what are your opening hours [please];when do you " \
  "(open|close)\nanswer=Nine.\n" \
  "[intent transfer]\nphrases=connect me [to <department>];<department> " \
  "please\nneeds=department\nanswer=One moment.\naction=transfer\n" \
  "target=${department}\n" \
  "[intent buy]\nwordings=I want to buy something\nanswer=One moment.\n" \
  "action=transfer\ntarget=201\n" \
  "[intent visit]\nphrases=make an appointment\nneeds=sure\nanswer=Noted.\n" \
  "[intent goodbye]\nphrases=goodbye\nanswer=Goodbye.\naction=hang-up\n"

static DialogueFile *
parse (void)
{
  g_autoptr (GError) error = NULL;
  DialogueFile *file =
      dialogue_file_parse (FILE_TEXT, strlen (FILE_TEXT), &error);

  g_assert_no_error (error);
  return file;
}

/* ---- Sentences */

static const gchar *
meaning_of (const Sentences *sentences, const gchar *words)
{
  for (guint i = 0; i < sentences->all->len; i++) {
    const Sentence *sentence = g_ptr_array_index (sentences->all, i);
    if (!strcmp (sentence->words, words))
      return ((SentenceMeaning *) g_ptr_array_index (sentences->meanings,
                  sentence->meaning))
          ->name;
  }
  return NULL;
}

static void
test_sentences (void)
{
  g_autoptr (DialogueFile) file = parse ();
  g_autoptr (Sentences) sentences = sentences_new (file);

  g_assert_cmpstr (meaning_of (sentences, "when do you close"), ==, "hours");
  g_assert_cmpstr (meaning_of (sentences, "what are your opening hours please"),
      ==, "hours");
  g_assert_cmpstr (meaning_of (sentences, "connect me"), ==, "transfer");
  g_assert_cmpstr (meaning_of (sentences, "yes"), ==, "=yes");
  g_assert_cmpstr (meaning_of (sentences, "wait"), ==, "(wait)");
  g_assert_null (meaning_of (sentences, "when do you"));
  /* One deed, three ways to it: a phrase with a slot, one without, an answer. */
  g_assert_cmpstr (meaning_of (sentences, "connect me to the sales team"), ==,
      "transfer 201");
  g_assert_cmpstr (meaning_of (sentences, "i want to buy something"), ==,
      "transfer 201");
  g_assert_cmpstr (meaning_of (sentences, "sales"), ==, "transfer 201");
  g_assert_cmpstr (meaning_of (sentences, "support please"), ==,
      "transfer 202");
  /* What is no phrase is not in the grammar. */
  g_assert_null (strstr (file->jsgf, "something"));
  g_assert_nonnull (strstr (file->jsgf, "appointment"));
}

/* ---- The model */

static void
test_probabilities (void)
{
  g_autoptr (Ngram) ngram = ngram_new ();
  static const gchar *const words[] = { "a", "b", "c", "</s>" };
  gdouble sum = 0, unseen = 0;

  ngram_add (ngram, "a b c", 2);
  ngram_add (ngram, "a c", 1);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    sum += ngram_get_probability (ngram, "<s>", "a", words[i]);
    unseen += ngram_get_probability (ngram, "c", "c", words[i]);
  }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (unseen, 1, 1e-9);
  g_assert_cmpfloat (ngram_get_probability (ngram, "<s>", "a", "b"), >,
      ngram_get_probability (ngram, "<s>", "a", "c"));
  g_assert_cmpfloat (ngram_get_probability (ngram, "<s>", "a", "c"), >,
      ngram_get_probability (ngram, "<s>", "a", "a"));
}

/* What a reader of the format computes is what we do. */
static void
test_arpa (void)
{
  g_autoptr (Ngram) ngram = ngram_new ();

  ngram_add (ngram, "a b", 1);
  ngram_add (ngram, "a c", 3);
  g_autofree gchar *text = ngram_write (ngram);
  g_assert_nonnull (strstr (text, "ngram 1=5\n"));
  g_assert_nonnull (strstr (text, "ngram 2=5\n"));
  g_assert_nonnull (strstr (text, "ngram 3=4\n"));
  const gchar *line = strstr (text, "\n<s> a b\n");
  g_assert_null (line); /* each line begins with its probability */
  line = strstr (text, " <s> a b\n");
  g_assert_nonnull (line);
  while (line[-1] != '\n')
    line--;
  g_assert_cmpfloat_with_epsilon (pow (10, atof (line)),
      ngram_get_probability (ngram, "<s>", "a", "b"), 1e-3);
  /* "c c": p (c) times what is left behind c */
  line = strstr (text, " c ");
  while (line[-1] != '\n')
    line--;
  gchar *word;
  const gdouble single = strtod (line, &word);
  const gdouble rest = atof (word + strlen (" c "));
  g_assert_cmpfloat_with_epsilon (pow (10, single + rest),
      ngram_get_probability (ngram, NULL, "c", "c"), 1e-3);
  g_assert_true (g_str_has_suffix (text, "\\end\\\n"));
}

static void
test_carriers (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (GHashTable) words =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  carriers_collect_words (words);
  for (guint i = 0; i < 300; i++) {
    gchar *sentence = carriers_wrap ("zebra", random);
    g_auto (GStrv) parts = g_strsplit (sentence, " ", -1);
    for (gchar **part = parts; *part; part++)
      g_assert_true (
          !strcmp (*part, "zebra") || g_hash_table_contains (words, *part));
    g_hash_table_add (seen, sentence);
  }
  g_assert_cmpuint (g_hash_table_size (seen), >, 100);
}

/* ---- Understanding */

static void
understand (const Understanding *self, const gchar *heard, gdouble confidence,
    const gchar *phrase, UnderstandingJudgement *judgement)
{
  g_auto (GStrv) words = g_strsplit (heard, " ", -1);
  g_autoptr (GArray) list =
      g_array_new (FALSE, FALSE, sizeof (UnderstandingWord));

  for (gchar **word = words; *word; word++) {
    const UnderstandingWord one = { *word, confidence };
    g_array_append_val (list, one);
  }
  const UnderstandingEvidence evidence = { .heard = list,
    .margin = -5,
    .covered = 30 * list->len,
    .loud = 30 * list->len,
    .phrase = phrase,
    .phrase_confidence = 0.9 };
  understanding_judge (self, &evidence, judgement);
}

static void
test_understands (void)
{
  g_autoptr (DialogueFile) file = parse ();
  g_autoptr (Understanding) self = understanding_new (file);
  UnderstandingJudgement judgement, doubtful;

  understand (self, "hello can you tell me your opening hours please", 0.9, "",
      &judgement);
  g_assert_cmpstr (judgement.meaning, ==, "hours");
  g_assert_cmpstr (judgement.words, ==, "what are your opening hours please");
  g_assert_cmpfloat (understanding_rate (&judgement), >=, 0.5);
  understand (self, "i'd like to talk to the sales team please", 0.9, "",
      &judgement);
  g_assert_cmpstr (judgement.meaning, ==, "transfer 201");
  g_assert_cmpstr (judgement.words, ==, "the sales team please");

  /* Words that nobody is sure of are worth less. */
  understand (self, "i'd like to talk to the sales team please", 0.3, "",
      &doubtful);
  g_assert_cmpfloat (doubtful.probability, <, judgement.probability);
  /* Words that mean nothing are rejected. */
  understand (self, "tomorrow", 0.9, "", &judgement);
  g_assert_cmpfloat (understanding_rate (&judgement), <, 0.5);
  understand (self, "", 0, "", &judgement);
  g_assert_cmpstr (judgement.words, ==, "");
}

/* The grammar's phrase counts for what it means, and is no verdict. */
static void
test_evidence (void)
{
  g_autoptr (DialogueFile) file = parse ();
  g_autoptr (Understanding) self = understanding_new (file);
  UnderstandingJudgement with, without;

  understand (self, "please connect me to support", 0.6, "", &without);
  understand (self, "please connect me to support", 0.6,
      "connect me to support", &with);
  g_assert_cmpstr (with.meaning, ==, "transfer 202");
  g_assert_cmpstr (with.words, ==, "connect me to support");
  g_assert_cmpfloat (with.probability, >, without.probability);
  understand (self, "please connect me to support", 0.9, "when do you open",
      &with);
  g_assert_cmpstr (with.meaning, ==, "transfer 202");
}

/* One word that the grammar does not have ends no call. */
static void
test_hang_up (void)
{
  g_autoptr (DialogueFile) file = parse ();
  g_autoptr (Understanding) self = understanding_new (file);
  UnderstandingJudgement judgement;

  understand (self, "goodbye", 0.98, "", &judgement);
  g_assert_cmpstr (judgement.meaning, ==, "goodbye");
  g_assert_cmpfloat (understanding_rate (&judgement), <, 0.5);
}

/* The same file, the same model: recognition is to be the same in each process. */
static void
test_same_model (void)
{
  g_autoptr (DialogueFile) file = parse ();
  g_autoptr (Understanding) one = understanding_new (file);
  g_autoptr (Understanding) other = understanding_new (file);

  g_assert_cmpstr (understanding_get_model (one), ==,
      understanding_get_model (other));
  g_assert_true (
      g_hash_table_contains (understanding_get_words (one), "wondering"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/meaning/sentences", test_sentences);
  g_test_add_func ("/meaning/ngram/probabilities", test_probabilities);
  g_test_add_func ("/meaning/ngram/arpa", test_arpa);
  g_test_add_func ("/meaning/carriers", test_carriers);
  g_test_add_func ("/meaning/understands", test_understands);
  g_test_add_func ("/meaning/evidence", test_evidence);
  g_test_add_func ("/meaning/hang-up", test_hang_up);
  g_test_add_func ("/meaning/same-model", test_same_model);
  return g_test_run ();
}
