/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sentences.h"
#include "expansion.h"

#include "aiagent/logic/dialogue/confirmation.h"
#include "aiagent/logic/dialogue/interjection.h"

#include <string.h>

#define MAX_ALL 20000 /* of a file */
#define MAX_MEANINGS \
  1000 /* what is beyond is understood by the grammar alone */

typedef struct
{
  Sentences *result;
  GHashTable *meanings; /* name -> index + 1 */
  GHashTable *seen; /* "index words" */
  GHashTable
      *namers; /* "department=201" -> index + 1; G_MAXUINT: several intents */
} Collector;

static void
meaning_free (gpointer data)
{
  g_free (((SentenceMeaning *) data)->name);
  g_free (data);
}

static void
sentence_free (gpointer data)
{
  g_free (((Sentence *) data)->words);
  g_free (data);
}

/* G_MAXUINT: there are too many. */
static guint
find_meaning (Collector *self, const gchar *name)
{
  const guint known =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->meanings, name));

  if (known)
    return known - 1;
  if (self->result->meanings->len >= MAX_MEANINGS)
    return G_MAXUINT;
  SentenceMeaning *meaning = g_new0 (SentenceMeaning, 1);
  meaning->name = g_strdup (name);
  g_ptr_array_add (self->result->meanings, meaning);
  g_hash_table_insert (self->meanings, meaning->name,
      GUINT_TO_POINTER (self->result->meanings->len));
  return self->result->meanings->len - 1;
}

static void
add (Collector *self, guint index, const gchar *words, gboolean answer)
{
  if (index == G_MAXUINT || self->result->all->len >= MAX_ALL || !*words ||
      !g_hash_table_add (self->seen, g_strdup_printf ("%u %s", index, words)))
    return;
  SentenceMeaning *meaning = g_ptr_array_index (self->result->meanings, index);
  Sentence *sentence = g_new (Sentence, 1);
  *sentence = (Sentence){ g_strdup (words), index, answer };
  g_ptr_array_add (self->result->all, sentence);
  meaning->n_sentences++;
}

static void
note_namer (Collector *self, const gchar *values, guint index)
{
  const guint before =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->namers, values));

  if (*values)
    g_hash_table_insert (self->namers, g_strdup (values),
        GUINT_TO_POINTER (
            !before || before == index + 1 ? index + 1 : G_MAXUINT));
}

/* "transfer department=201"; but what ends in the same deed is the same, however it is
 * called in the file: "transfer 201". (transfer full) */
static gchar *
name_meaning (const DialogueFile *file, const DialogueIntent *intent,
    const gchar *values)
{
  g_autoptr (GString) target = g_string_new (intent->target);
  g_auto (GStrv) named = g_strsplit (values, " ", -1);

  for (gchar **one = named; *one; one++) {
    const gchar *value = strchr (*one, '=');
    g_autofree gchar *variable =
        value ? g_strdup_printf ("${%.*s}", (gint) (value - *one), *one) : NULL;
    if (variable)
      g_string_replace (target, variable, value + 1, 0);
  }
  return target->len && !strstr (target->str, "${")
      ? g_strdup_printf ("%s %s", intent->action, target->str)
      : g_strconcat (intent->name, *values ? " " : "", values, NULL);
}

static void
add_intent (Collector *self, const DialogueFile *file,
    const DialogueIntent *intent)
{
  for (guint p = 0; p < intent->phrases->len; p++) {
    g_autoptr (GPtrArray) ways =
        expansion_collect (file, g_ptr_array_index (intent->phrases, p));
    for (guint i = 0; i < ways->len; i++) {
      const Expansion *way = g_ptr_array_index (ways, i);
      g_autofree gchar *name = name_meaning (file, intent, way->values);
      const guint index = find_meaning (self, name);
      if (index == G_MAXUINT)
        continue;
      SentenceMeaning *meaning =
          g_ptr_array_index (self->result->meanings, index);
      meaning->hangs_up = !g_strcmp0 (intent->action, "hang-up");
      add (self, index, way->words, FALSE);
      note_namer (self, way->values, index);
    }
  }
}

static void
add_answers (Collector *self, const DialogueFile *file,
    const DialogueSlot *slot)
{
  for (guint p = 0; p < slot->phrases->len; p++) {
    g_autoptr (GPtrArray) ways =
        expansion_collect (file, g_ptr_array_index (slot->phrases, p));
    for (guint i = 0; i < ways->len; i++) {
      const Expansion *way = g_ptr_array_index (ways, i);
      const guint namer =
          GPOINTER_TO_UINT (g_hash_table_lookup (self->namers, way->values));
      /* "yes" is the same to whichever question. */
      const gchar *value = strchr (way->values, '=');
      add (self,
          namer && namer != G_MAXUINT
              ? namer - 1
              : find_meaning (self, value ? value : way->values),
          way->words, TRUE);
    }
  }
}

static void
add_interjections (Collector *self)
{
  const gchar *words;

  for (guint i = 0; (words = interjection_get (i)); i++) {
    g_autofree gchar *name = g_strdup_printf ("(%s)", words);
    const guint index = find_meaning (self, name);
    if (index == G_MAXUINT)
      continue;
    SentenceMeaning *meaning =
        g_ptr_array_index (self->result->meanings, index);
    meaning->interjection = TRUE;
    add (self, index, words, FALSE);
  }
}

/* Which mean the same as a file's own yes and no. */
static void
add_confirmations (Collector *self)
{
  const gchar *words;

  for (guint i = 0; (words = confirmation_get (i)); i++)
    add (self,
        find_meaning (self,
            confirmation_find (words) == CONFIRMATION_YES ? "=yes" : "=no"),
        words, TRUE);
}

Sentences *
sentences_new (const DialogueFile *file)
{
  Sentences *result = g_new (Sentences, 1);
  Collector self = { .result = result,
    .meanings = g_hash_table_new (g_str_hash, g_str_equal),
    .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .namers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };

  *result = (Sentences){ g_ptr_array_new_with_free_func (meaning_free),
    g_ptr_array_new_with_free_func (sentence_free) };
  for (guint i = 0; i < file->intents->len; i++)
    add_intent (&self, file, g_ptr_array_index (file->intents, i));
  for (guint i = 0; i < file->slots->len; i++)
    add_answers (&self, file, g_ptr_array_index (file->slots, i));
  add_interjections (&self);
  add_confirmations (&self);
  g_hash_table_unref (self.meanings);
  g_hash_table_unref (self.seen);
  g_hash_table_unref (self.namers);
  return result;
}

void
sentences_free (Sentences *self)
{
  g_ptr_array_unref (self->meanings);
  g_ptr_array_unref (self->all);
  g_free (self);
}
