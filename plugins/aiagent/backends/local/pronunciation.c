/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "pronunciation.h"

#include <gio/gio.h>
#include <string.h>

#define DICTIONARY POCKETSPHINX_MODEL_DIR "/en-us/cmudict-en-us.dict"

/* "word" of "word(2) W ER D" */
static gsize
entry_length (const gchar *line)
{
  return strcspn (line, " (");
}

/* The lines of the dictionary for @words, which are taken out of @missing. */
static gboolean
collect_entries (GHashTable *words, GHashTable *missing, GString *out,
    GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (DICTIONARY, FALSE, NULL);
  gchar word[64];

  if (!file) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "The speech model is not installed: %s is missing (Debian package "
        "pocketsphinx-en-us)",
        DICTIONARY);
    return FALSE;
  }
  const gchar *at = g_mapped_file_get_contents (file);
  const gchar *end = at + g_mapped_file_get_length (file);
  while (at < end) {
    const gchar *next = memchr (at, '\n', end - at);
    gsize n = next ? entry_length (at) : sizeof word;
    if (n < sizeof word) {
      memcpy (word, at, n);
      word[n] = '\0';
      const gchar *own = g_hash_table_lookup (words, word);
      if (own && !*own) {
        g_string_append_len (out, at, next + 1 - at);
        g_hash_table_remove (missing, word);
      }
    }
    at = next ? next + 1 : end;
  }
  return TRUE;
}

/* The second and further ways to say it are "word(2)" and so on. */
static void
append_entries (GString *out, const gchar *word, const gchar *phones)
{
  g_auto (GStrv) ways = g_strsplit (phones, "|", -1);

  for (guint i = 0; ways[i]; i++)
    if (i)
      g_string_append_printf (out, "%s(%u) %s\n", word, i + 1, ways[i]);
    else
      g_string_append_printf (out, "%s %s\n", word, ways[i]);
}

gchar *
pronunciation_collect (GHashTable *words, GHashTable *origins, GError **error)
{
  g_autoptr (GHashTable) missing = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) out = g_string_new (NULL);
  GHashTableIter iter;
  gpointer word, phones;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, &phones))
    if (*(gchar *) phones)
      append_entries (out, word, phones);
    else
      g_hash_table_add (missing, word);
  if (!collect_entries (words, missing, out, error))
    return NULL;
  g_hash_table_iter_init (&iter, missing);
  if (g_hash_table_iter_next (&iter, &word, NULL)) {
    const gchar *origin = origins ? g_hash_table_lookup (origins, word) : NULL;
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
        "%s%sthe dictionary does not know how \"%s\" is pronounced; say it in "
        "the section [words], as in hello=HH AH L OW.",
        origin ? origin : "", origin ? ": " : "", (gchar *) word);
    return NULL;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
