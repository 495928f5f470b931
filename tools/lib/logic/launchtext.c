/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchtext.h"

#include <string.h>

/* Defaults within defaults; whoever needs more has a loop in mind. */
#define MAX_DEPTH 8

GQuark
launch_text_error_quark (void)
{
  return g_quark_from_static_string ("launch-text-error");
}

typedef struct
{
  const gchar *file;
  guint row; /* 0: a single value */
  GHashTable *variables;
  GString *out;
} Expansion;

gboolean
launch_text_is_name (const gchar *name)
{
  if (!g_ascii_isalpha (*name) && *name != '_')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && *name != '_')
      return FALSE;
  return TRUE;
}

G_GNUC_PRINTF (4, 5)
static gboolean
fail (const Expansion *self, LaunchTextError code, GError **error,
    const gchar *format, ...)
{
  g_autofree gchar *number =
      self->row ? g_strdup_printf (", line %u", self->row) : g_strdup ("");
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, LAUNCH_TEXT_ERROR, (gint) code, "%s%s: %s", self->file,
      number, text);
  return FALSE;
}

/* Where the brace that was opened before @text closes, NULL: nowhere. */
static const gchar *
find_end (const gchar *text, const gchar *end)
{
  guint depth = 1;

  for (; text < end; text++) {
    if (*text == '{' && text[-1] == '$')
      depth++;
    else if (*text == '}' && --depth == 0)
      return text;
  }
  return NULL;
}

static gboolean expand_part (Expansion *self, const gchar *text,
    const gchar *end, guint depth, GError **error);

/* @text to @end is what stands between the braces. */
static gboolean
expand_variable (Expansion *self, const gchar *text, const gchar *end,
    guint depth, GError **error)
{
  const gchar *fallback = g_strstr_len (text, end - text, ":-");
  g_autofree gchar *name = g_strndup (text, (fallback ? fallback : end) - text);

  if (!launch_text_is_name (name))
    return fail (self, LAUNCH_TEXT_ERROR_SYNTAX, error,
        "\"${%s}\" is no variable: a name has letters, digits and _ (for the "
        "characters themselves write $${).",
        name);
  const gchar *value = g_hash_table_lookup (self->variables, name);
  if (value && (*value || !fallback)) {
    g_string_append (self->out, value);
    return TRUE;
  }
  if (!fallback)
    return fail (self, LAUNCH_TEXT_ERROR_UNKNOWN, error,
        "the variable %s has no value; give it one (--set %s=...) or a default "
        "(${%s:-...}).",
        name, name, name);
  if (depth == MAX_DEPTH)
    return fail (self, LAUNCH_TEXT_ERROR_SYNTAX, error,
        "more than %d defaults stand within each other.", MAX_DEPTH);
  return expand_part (self, fallback + 2, end, depth + 1, error);
}

static gboolean
expand_part (Expansion *self, const gchar *text, const gchar *end, guint depth,
    GError **error)
{
  while (text < end) {
    if (g_str_has_prefix (text, "$${")) {
      g_string_append (self->out, "${");
      text += 3;
    } else if (g_str_has_prefix (text, "${")) {
      const gchar *close = find_end (text + 2, end);
      if (!close)
        return fail (self, LAUNCH_TEXT_ERROR_SYNTAX, error,
            "\"${\" has no closing brace on its line.");
      if (!expand_variable (self, text + 2, close, depth, error))
        return FALSE;
      text = close + 1;
    } else {
      g_string_append_c (self->out, *text++);
    }
  }
  return TRUE;
}

static gboolean
is_comment (const gchar *row)
{
  return row[strspn (row, " \t")] == '#';
}

/* Comes without its line feed; a backslash there would escape the space. */
static gsize
length_of (const gchar *row)
{
  gsize length = strlen (row);

  if (length && row[length - 1] == '\r')
    length--;
  if (length && row[length - 1] == '\\')
    length--;
  return length;
}

const gchar *
launch_text_skip_mark (const gchar *text)
{
  return text + (g_str_has_prefix (text, "\xef\xbb\xbf") ? 3 : 0);
}

gchar *
launch_text_expand (const gchar *file, const gchar *text, GHashTable *variables,
    GError **error)
{
  g_auto (GStrv) rows = g_strsplit (launch_text_skip_mark (text), "\n", -1);
  Expansion self = { file, 0, variables, g_string_new (NULL) };

  for (gchar **row = rows; *row; row++) {
    self.row++;
    if (is_comment (*row))
      continue;
    if (!expand_part (&self, *row, *row + length_of (*row), 0, error)) {
      g_string_free (self.out, TRUE);
      return NULL;
    }
    g_string_append_c (self.out, '\n');
  }
  return g_string_free (self.out, FALSE);
}

gchar *
launch_text_expand_value (const gchar *what, const gchar *value,
    GHashTable *variables, GError **error)
{
  Expansion self = { what, 0, variables, g_string_new (NULL) };

  if (expand_part (&self, value, value + strlen (value), 0, error))
    return g_string_free (self.out, FALSE);
  g_string_free (self.out, TRUE);
  return NULL;
}
