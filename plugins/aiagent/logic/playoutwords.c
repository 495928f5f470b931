/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The words of what is played, and how many of them were heard. */

#include "playoutprivate.h"

#include <string.h>

gchar *
playout_entry_dup_words (const PlayoutEntry *entry)
{
  if (entry->text || !entry->clauses->len)
    return g_strdup (entry->text);
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < entry->clauses->len; i++)
    g_string_append_printf (words, i ? " %s" : "%s",
        g_array_index (entry->clauses, PlayoutClause, i).text);
  return g_string_free (words, FALSE);
}

/* PlayoutClause @i, or the whole item where there are none: where it ends, but for the
 * silence behind it. */
static gsize
find_sound_end (const PlayoutEntry *entry, guint i, guint8 silence)
{
  const gboolean last = i + 1 >= entry->clauses->len;
  gsize end = last ? entry->gone + entry->bytes->len
                   : g_array_index (entry->clauses, PlayoutClause, i + 1).start;

  while (
      end > entry->gone && entry->bytes->data[end - entry->gone - 1] == silence)
    end--;
  return end;
}

/* The words of @text of which at least half lies within its first @part. */
static void
add_words (GString *words, const gchar *text, gdouble part)
{
  const glong letters = g_utf8_strlen (text, -1);
  const gchar *c = text;

  while (*c) {
    const gchar *start = c + strspn (c, " \t\n");
    const gchar *end = start + strcspn (start, " \t\n");
    const gdouble middle = (gdouble) (g_utf8_pointer_to_offset (text, start) +
                               g_utf8_pointer_to_offset (text, end)) /
        2;
    if (start == end || middle > part * letters)
      return;
    if (words->len)
      g_string_append_c (words, ' ');
    g_string_append_len (words, start, end - start);
    c = end;
  }
}

static gdouble
heard_part (const PlayoutEntry *entry, guint i, guint8 silence)
{
  const gsize at = entry->gone + entry->at;
  const gsize start = i < entry->clauses->len
      ? g_array_index (entry->clauses, PlayoutClause, i).start
      : 0;
  const gsize end = find_sound_end (entry, i, silence);

  if (at <= start)
    return 0;
  return at >= end ? 1 : (gdouble) (at - start) / (gdouble) (end - start);
}

gchar *
playout_entry_dup_heard (const PlayoutEntry *entry, guint8 silence)
{
  GString *words = g_string_new (NULL);

  if (!entry->clauses->len && !entry->text)
    return g_string_free (words, TRUE);
  if (!entry->clauses->len)
    add_words (words, entry->text, heard_part (entry, 0, silence));
  for (guint i = 0; i < entry->clauses->len; i++)
    add_words (words, g_array_index (entry->clauses, PlayoutClause, i).text,
        heard_part (entry, i, silence));
  return g_string_free (words, FALSE);
}
