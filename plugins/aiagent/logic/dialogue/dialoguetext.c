/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialoguetext.h"

#include <string.h>

#define MAX_SIZE 262144
#define MAX_ITEMS 500

const gchar *const dialogue_text_phones[] = { "AA", "AE", "AH", "AO", "AW",
  "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY",
  "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH",
  "UH", "UW", "V", "W", "Y", "Z", "ZH", NULL };

/* ---- Where things stand */

/* The name in "[name]", NULL if @line is no section; (transfer full). */
static gchar *
section_of (const gchar *line)
{
  gsize n = strlen (line);

  return n > 2 && line[0] == '[' && line[n - 1] == ']'
      ? g_strndup (line + 1, n - 2)
      : NULL;
}

static gchar *
key_of (const gchar *line)
{
  const gchar *equals = strchr (line, '=');

  return equals && equals != line && *line != '#'
      ? g_strchomp (g_strndup (line, equals - line))
      : NULL;
}

guint
dialogue_text_find (const DialogueText *self, const gchar *group,
    const gchar *key)
{
  gboolean inside = FALSE;

  for (guint i = 0; group && self->lines[i]; i++) {
    g_autofree gchar *section = section_of (self->lines[i]);
    if (section) {
      inside = !strcmp (section, group);
      if (inside && !key)
        return i + 1;
      continue;
    }
    g_autofree gchar *found = inside && key ? key_of (self->lines[i]) : NULL;
    if (found && !strcmp (found, key))
      return i + 1;
  }
  return 0;
}

static gboolean fail_at (guint line, GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
fail_at (guint line, GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
      "line %u: %s.", line, text);
  return FALSE;
}

gboolean
dialogue_text_fail (const DialogueText *self, const gchar *group,
    const gchar *key, GError **error, const gchar *format, ...)
{
  guint line = dialogue_text_find (self, group, key);
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree gchar *where = group && key
      ? g_strdup_printf ("[%s] %s: ", group, key)
      : group ? g_strdup_printf ("[%s]: ", group)
              : g_strdup ("");
  return fail_at (MAX (line, 1), error, "%s%s", where, text);
}

/* ---- Opening */

static gboolean
note (GHashTable *seen, gchar *what, guint line, GError **error)
{
  g_autofree gchar *shown = g_strdup (what);

  return g_hash_table_add (seen, what) ||
      fail_at (line, error, "%s stands twice", shown);
}

static gboolean
check_line (const gchar *line, guint number, gchar **group, GHashTable *seen,
    GError **error)
{
  g_autofree gchar *section = section_of (line);
  g_autofree gchar *key = section ? NULL : key_of (line);

  if (!*line || *line == '#')
    return TRUE;
  if (section) {
    g_free (*group);
    *group = g_steal_pointer (&section);
    return note (seen, g_strdup_printf ("[%s]", *group), number, error);
  }
  if (!key)
    return fail_at (number, error,
        "\"%.40s\" is neither [section] nor key=value nor #comment", line);
  if (!*group)
    return fail_at (number, error, "%s stands before the first [section]", key);
  return note (seen, g_strdup_printf ("[%s] %s", *group, key), number, error);
}

static gboolean
check_lines (const DialogueText *self, GError **error)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gchar *group = NULL;

  for (guint i = 0; self->lines[i]; i++)
    if (!check_line (g_strstrip (self->lines[i]), i + 1, &group, seen, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_bytes (const gchar *data, gsize size, GError **error)
{
  const gchar *end;
  guint line = 1;

  if (size > MAX_SIZE)
    return fail_at (1, error, "the file is larger than %d bytes", MAX_SIZE);
  if (g_utf8_validate (data, (gssize) size, &end))
    return TRUE;
  for (const gchar *at = data; at < end; at++)
    line += *at == '\n';
  return fail_at (line, error, "this is not text in UTF-8");
}

gboolean
dialogue_text_open (DialogueText *self, const gchar *data, gsize size,
    GError **error)
{
  g_autoptr (GError) wrong = NULL;

  self->file = g_key_file_new ();
  self->lines = NULL;
  if (!check_bytes (data, size, error))
    return FALSE;
  g_autofree gchar *text = g_strndup (data, size);
  self->lines = g_strsplit (text, "\n", -1);
  if (!check_lines (self, error))
    return FALSE;
  if (size &&
      g_key_file_load_from_data (self->file, text, size, G_KEY_FILE_NONE,
          &wrong))
    return TRUE;
  return fail_at (1, error, "%s", wrong ? wrong->message : "the file is empty");
}

void
dialogue_text_close (DialogueText *self)
{
  g_clear_pointer (&self->file, g_key_file_unref);
  g_clear_pointer (&self->lines, g_strfreev);
}

/* ---- Reading */

static gboolean
has_prefix (const gchar *key, const gchar *const *prefixes)
{
  for (; *prefixes; prefixes++)
    if (g_str_has_prefix (key, *prefixes) && key[strlen (*prefixes)])
      return TRUE;
  return FALSE;
}

gboolean
dialogue_text_check_keys (const DialogueText *self, const gchar *group,
    const gchar *const *keys, const gchar *const *prefixes, GError **error)
{
  g_auto (GStrv) there = g_key_file_get_keys (self->file, group, NULL, NULL);

  for (gchar **key = there; key && *key; key++)
    if (!g_strv_contains (keys, *key) && !has_prefix (*key, prefixes)) {
      g_autofree gchar *known = g_strjoinv (", ", (gchar **) keys);
      return dialogue_text_fail (self, group, *key, error,
          "there is no such key; it has %s", known);
    }
  return TRUE;
}

gchar *
dialogue_text_get (const DialogueText *self, const gchar *group,
    const gchar *key)
{
  gchar *text = g_key_file_get_string (self->file, group, key, NULL);

  if (!text) /* a wrong escape: shown as it stands */
    text = g_key_file_get_value (self->file, group, key, NULL);
  return text ? g_strstrip (text) : NULL;
}

gboolean
dialogue_text_get_list (const DialogueText *self, const gchar *group,
    const gchar *key, GStrv *list, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gsize n;

  *list = NULL;
  if (!g_key_file_has_key (self->file, group, key, NULL))
    return TRUE;
  g_auto (GStrv) items =
      g_key_file_get_string_list (self->file, group, key, &n, &wrong);
  if (!items)
    return dialogue_text_fail (self, group, key, error,
        "a backslash stands before what it cannot");
  if (n == 0 || n > MAX_ITEMS)
    return dialogue_text_fail (self, group, key, error,
        n ? "the list is too long" : "it is empty");
  for (gchar **item = items; *item; item++)
    if (!*g_strstrip (*item))
      return dialogue_text_fail (self, group, key, error,
          "an item of the list is empty");
  *list = g_steal_pointer (&items);
  return TRUE;
}

gboolean
dialogue_text_is_name (const gchar *text)
{
  gsize n = strlen (text);

  return n >= 1 && n <= 30 && g_ascii_islower (*text) &&
      strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

gint
dialogue_text_digit (const gchar *text)
{
  const gchar *at = text[0] && !text[1]
      ? strchr (DIALOGUE_TEXT_DIGITS, g_ascii_toupper (text[0]))
      : NULL;

  return at ? (gint) (at - DIALOGUE_TEXT_DIGITS) : -1;
}

gboolean
dialogue_text_are_phones (const gchar *text)
{
  g_auto (GStrv) phones = g_strsplit (text, " ", 60);

  for (gchar **phone = phones; *phone; phone++)
    if (!g_strv_contains (dialogue_text_phones, *phone))
      return FALSE;
  return phones[0] != NULL;
}
