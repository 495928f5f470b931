/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "clauses.h"

#include <string.h>

#define SHORT 12 /* characters: "Yes," is spoken with what follows */
#define SENTENCE_PAUSE 250
#define CLAUSE_PAUSE 100

static gboolean
ends_sentence (gchar c)
{
  return c == '.' || c == '?' || c == '!';
}

/* "3.5", "e.g." and "info@example.com" go on. */
static gboolean
is_cut (const gchar *at, gsize before)
{
  if (at[1] != '\0' && !g_ascii_isspace (at[1]))
    return FALSE;
  if (ends_sentence (*at) || *at == ';' || *at == ':')
    return TRUE;
  return *at == ',' && before >= SHORT;
}

gboolean
clauses_next (const gchar **at, Clause *clause)
{
  const gchar *start = *at;

  while (g_ascii_isspace (*start))
    start++;
  const gchar *end = start;
  while (*end && !is_cut (end, end - start))
    end++;
  clause->pause = *end && !ends_sentence (*end) ? CLAUSE_PAUSE : SENTENCE_PAUSE;
  if (*end)
    end++;
  clause->text = start;
  clause->length = end - start;
  *at = end;
  return end > start;
}
