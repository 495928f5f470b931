/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The grammar that comes of a dialogue file: a rule for each slot and intent, and one
 * for what every agent knows. */

#include "dialogueload.h"
#include "confirmation.h"
#include "interjection.h"
#include "phrase.h"

#include <string.h>

void
dialogue_load_begin_rule (DialogueLoader *self, const gchar *kind,
    const gchar *name)
{
  self->rule = self->jsgf->len;
  self->phrases = 0;
  g_string_append_printf (self->jsgf, "<%s_%s> =", kind, name);
}

void
dialogue_load_end_rule (DialogueLoader *self)
{
  if (self->phrases)
    g_string_append (self->jsgf, ";\n");
  else
    g_string_truncate (self->jsgf, self->rule);
}

void
dialogue_load_words (DialogueLoader *self, GHashTable *words,
    const gchar *group, const gchar *key)
{
  guint line = dialogue_text_find (&self->text, group, key);
  GHashTableIter iter;
  gpointer word;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL)) {
    if (!g_hash_table_insert (self->file->words, g_strdup (word),
            g_strdup ("")))
      continue;
    g_hash_table_insert (self->file->origins, g_strdup (word),
        g_strdup_printf ("line %u: [%s] %s", line, group, key));
  }
}

/* GLib compiles what G_REGEX_OPTIMIZE asks for at the first match of each kind, and without a
 * lock: not in the middle of a call, then, and not in two of them at once. */
static void
compile (GRegex *matcher)
{
  g_regex_match (matcher, "", 0, NULL);
  g_regex_match (matcher, "", G_REGEX_MATCH_PARTIAL_SOFT, NULL);
}

gboolean
dialogue_load_phrase (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *text, GPtrArray *matchers,
    GPtrArray *phrases, GError **error)
{
  Phrase phrase = { 0 };
  g_autoptr (GHashTable) words =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) wrong = NULL;
  GRegex *matcher = phrase_parse (&phrase, text, words, self->regexes, &wrong)
      ? g_regex_new (phrase.regex, G_REGEX_DUPNAMES | G_REGEX_OPTIMIZE, 0,
            &wrong)
      : NULL;
  if (matcher) {
    compile (matcher);
    g_ptr_array_add (matchers, matcher);
    g_ptr_array_add (phrases, g_strdup (text));
    if (strcmp (key, "wordings"))
      g_string_append_printf (self->jsgf, "%s%s", self->phrases++ ? " |" : "",
          phrase.jsgf);
  }
  phrase_clear (&phrase);
  dialogue_load_words (self, words, group, key);
  return matcher ||
      dialogue_text_fail (&self->text, group, key, error, "%s", wrong->message);
}

gboolean
dialogue_load_phrases (DialogueLoader *self, const gchar *group,
    const gchar *key, GPtrArray *matchers, GPtrArray *phrases, GError **error)
{
  g_auto (GStrv) list = NULL;

  if (!dialogue_text_get_list (&self->text, group, key, &list, error))
    return FALSE;
  for (gchar **phrase = list; phrase && *phrase; phrase++)
    if (!dialogue_load_phrase (self, group, key, *phrase, matchers, phrases,
            error))
      return FALSE;
  return TRUE;
}

static void
add_interjection (DialogueLoader *self, const gchar *interjection)
{
  g_auto (GStrv) words = g_strsplit (interjection, " ", -1);

  g_string_append_printf (self->jsgf, "%s %s", self->phrases++ ? " |" : "",
      interjection);
  for (gchar **word = words; *word; word++)
    if (!g_hash_table_contains (self->file->words, *word))
      g_hash_table_insert (self->file->words, g_strdup (*word),
          g_strdup (interjection_get_phones (*word)));
}

/* The rule of what every agent knows. */
static void
add_interjections (DialogueLoader *self)
{
  const gchar *one;

  dialogue_load_begin_rule (self, "every", "agent");
  for (guint i = 0; (one = interjection_get (i)); i++)
    /* They sound alike: "yes" is what the file means. */
    if (strcmp (one, "yeah") ||
        !g_hash_table_contains (self->file->words, "yes"))
      add_interjection (self, one);
  for (guint i = 0; (one = confirmation_get (i)); i++)
    add_interjection (self, one);
  dialogue_load_end_rule (self);
}

void
dialogue_load_finish_grammar (DialogueLoader *self)
{
  DialogueFile *file = self->file;
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (file->slots, i);
    if (slot->matchers->len)
      g_string_append_printf (all, "%s<answer_%s>", all->len ? " | " : "",
          slot->name);
  }
  for (guint i = 0; i < file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (file->intents, i);
    if (intent->in_grammar)
      g_string_append_printf (all, "%s<intent_%s>", all->len ? " | " : "",
          intent->name);
  }
  if (all->len)
    add_interjections (self);
  file->jsgf = all->len
      ? g_strdup_printf ("#JSGF V1.0;\ngrammar agent;\npublic <all> = %s | "
                         "<every_agent>;\n%s",
            all->str, self->jsgf->str)
      : g_strdup ("");
  g_string_free (all, TRUE);
}
