/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "phrase.h"

#include <string.h>

#define MAX_DEPTH 8
#define MAX_LENGTH 1000

typedef struct
{
  const gchar *at;
  GString *jsgf, *regex;
  GHashTable *words, *slots;
  guint depth;
} Parser;

static gboolean parse_choice (Parser *self, gboolean *empty, GError **error);

static gboolean
fail (GError **error, const gchar *format, const gchar *what)
{
  g_autofree gchar *shown = g_strndup (what, 40);
  g_autofree gchar *valid = g_utf8_make_valid (shown, -1);

  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, format,
      valid);
  return FALSE;
}

static void
skip_space (Parser *self)
{
  self->at += strspn (self->at, " \t");
}

static gsize
word_length (const gchar *at)
{
  gsize n = 0;

  while (g_ascii_isalpha (at[n]) || (n && at[n] == '\''))
    n++;
  return n;
}

static gboolean
parse_word (Parser *self, GError **error)
{
  gsize n = word_length (self->at);

  if (!n)
    return fail (error,
        g_ascii_isdigit (*self->at)
            ? "numbers are written in words, not as \"%s\""
            : "\"%s\" is not a word; words are letters of English",
        self->at);
  gchar *word = g_ascii_strdown (self->at, (gssize) n);
  g_string_append_printf (self->jsgf, " %s", word);
  g_string_append_printf (self->regex, "%s ", word);
  g_hash_table_add (self->words, word);
  self->at += n;
  return TRUE;
}

static gboolean
parse_slot (Parser *self, GError **error)
{
  gsize n = strcspn (self->at, ">");
  g_autofree gchar *name = n ? g_strndup (self->at + 1, n - 1) : NULL;

  if (!self->at[n])
    return fail (error, "the > of \"%s\" is missing", self->at);
  const gchar *values = g_hash_table_lookup (self->slots, name);
  if (!values)
    return fail (error, "there is no [slot %s] with values to say", name);
  g_string_append_printf (self->jsgf, " <slot_%s>", name);
  g_string_append_printf (self->regex, "(?<%s>%s)", name, values);
  self->at += n + 1;
  return TRUE;
}

static gboolean
parse_group (Parser *self, gboolean *empty, GError **error)
{
  const gchar *start = self->at;
  gboolean optional = *start == '[';
  gboolean inner;

  if (++self->depth > MAX_DEPTH)
    return fail (error, "\"%s\": brackets are nested too deep", start);
  self->at++;
  g_string_append (self->jsgf, optional ? " [" : " (");
  g_string_append (self->regex, "(?:");
  if (!parse_choice (self, &inner, error))
    return FALSE;
  if (*self->at != (optional ? ']' : ')'))
    return fail (error,
        optional ? "the ] of \"%s\" is missing" : "the ) of \"%s\" is missing",
        start);
  self->at++;
  self->depth--;
  g_string_append (self->jsgf, optional ? " ]" : " )");
  g_string_append (self->regex, optional ? ")?" : ")");
  *empty = optional || inner;
  return TRUE;
}

static gboolean
parse_item (Parser *self, gboolean *empty, GError **error)
{
  *empty = FALSE;
  if (*self->at == '[' || *self->at == '(')
    return parse_group (self, empty, error);
  if (*self->at == '<')
    return parse_slot (self, error);
  return parse_word (self, error);
}

static gboolean
is_end (gchar c)
{
  return c == '\0' || c == '|' || c == ']' || c == ')';
}

static gboolean
parse_sequence (Parser *self, gboolean *empty, GError **error)
{
  guint n = 0;

  *empty = TRUE;
  for (skip_space (self); !is_end (*self->at); skip_space (self), n++) {
    gboolean item_empty;
    if (!parse_item (self, &item_empty, error))
      return FALSE;
    *empty &= item_empty;
  }
  return n ||
      fail (error, "something is missing before \"%s\"",
          *self->at ? self->at : "the end");
}

static gboolean
parse_choice (Parser *self, gboolean *empty, GError **error)
{
  *empty = FALSE;
  for (;;) {
    gboolean one_empty;
    if (!parse_sequence (self, &one_empty, error))
      return FALSE;
    *empty |= one_empty;
    if (*self->at != '|')
      return TRUE;
    self->at++;
    g_string_append (self->jsgf, " |");
    g_string_append_c (self->regex, '|');
  }
}

static gboolean
parse_all (Parser *self, GError **error)
{
  gboolean empty;

  if (strlen (self->at) > MAX_LENGTH)
    return fail (error, "\"%s...\" is too long", self->at);
  g_string_append (self->regex, "^(?:");
  if (!parse_choice (self, &empty, error))
    return FALSE;
  g_string_append (self->regex, ")$");
  if (*self->at)
    return fail (error, "\"%s\" closes what was never opened", self->at);
  return !empty || fail (error, "all of it may be left out%s", "");
}

gboolean
phrase_parse (Phrase *self, const gchar *text, GHashTable *words,
    GHashTable *slots, GError **error)
{
  Parser parser = { text, g_string_new (NULL), g_string_new (NULL), words,
    slots, 0 };
  gboolean ok = parse_all (&parser, error);

  self->jsgf = g_string_free (parser.jsgf, !ok);
  self->regex = g_string_free (parser.regex, !ok);
  return ok;
}

void
phrase_clear (Phrase *self)
{
  g_clear_pointer (&self->jsgf, g_free);
  g_clear_pointer (&self->regex, g_free);
}

gchar *
phrase_normalize_words (const gchar *text, GHashTable *words, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (text += strspn (text, " \t"); *text; text += strspn (text, " \t")) {
    gsize n = word_length (text);
    if (!n) {
      fail (error, "\"%s\" is not a word; words are letters of English", text);
      return NULL;
    }
    gchar *word = g_ascii_strdown (text, (gssize) n);
    g_string_append_printf (out, "%s%s", out->len ? " " : "", word);
    g_hash_table_add (words, word);
    text += n;
  }
  if (!out->len) {
    fail (error, "a value has no words%s", "");
    return NULL;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
