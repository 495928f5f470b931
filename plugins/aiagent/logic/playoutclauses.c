/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* In which clause an item is, and where it is said again from. */

#include "playoutprivate.h"

/* The clause that byte @at of the item is in; the number of them if in none. */
static guint
find_clause (const PlayoutEntry *entry, gsize at)
{
  guint i = entry->clauses->len;

  while (
      i > 0 && g_array_index (entry->clauses, PlayoutClause, i - 1).start > at)
    i--;
  return i > 0 ? i - 1 : entry->clauses->len;
}

gsize
playout_entry_get_clause_start (const PlayoutEntry *entry)
{
  const gsize at = entry->gone + entry->at;
  const guint i = find_clause (entry, at > 0 ? at - 1 : 0);

  return i < entry->clauses->len
      ? g_array_index (entry->clauses, PlayoutClause, i).start
      : 0;
}

static gboolean
is_silent (const PlayoutEntry *entry, gsize end, guint8 silence)
{
  for (gsize i = entry->at; i < end; i++)
    if (entry->bytes->data[i] != silence)
      return FALSE;
  return TRUE;
}

/* All that would be heard of the clause was: its pause is left, or nothing. */
static gboolean
is_said (const PlayoutEntry *entry, guint8 silence)
{
  const guint next =
      find_clause (entry, playout_entry_get_clause_start (entry)) + 1;
  const gboolean last = next >= entry->clauses->len;
  const gsize end = last
      ? entry->bytes->len
      : g_array_index (entry->clauses, PlayoutClause, next).start - entry->gone;

  return (!last || entry->ended) && is_silent (entry, end, silence);
}

void
playout_entry_rewind (PlayoutEntry *entry, guint8 silence)
{
  if (!entry || !entry->bytes || !entry->at || is_said (entry, silence))
    return;
  const gsize start = playout_entry_get_clause_start (entry);
  if (start >= entry->gone)
    entry->at = start - entry->gone;
}
