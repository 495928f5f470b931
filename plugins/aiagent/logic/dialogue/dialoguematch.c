/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialoguematch.h"
#include "interjection.h"

GMatchInfo *
dialogue_match (GPtrArray *matchers, const gchar *words)
{
  for (guint i = 0; i < matchers->len; i++) {
    g_autoptr (GMatchInfo) found = NULL;
    if (g_regex_match (g_ptr_array_index (matchers, i), words, 0, &found))
      return g_steal_pointer (&found);
  }
  return NULL;
}

typedef enum
{
  FITS_NOT,
  FITS_BEGINNING, /* more words would make it a phrase */
  FITS,
} Fit;

static Fit
fit (GPtrArray *matchers, const gchar *words)
{
  Fit best = FITS_NOT;

  for (guint i = 0; i < matchers->len; i++) {
    g_autoptr (GMatchInfo) found = NULL;
    if (g_regex_match (g_ptr_array_index (matchers, i), words,
            G_REGEX_MATCH_PARTIAL_SOFT, &found))
      return FITS;
    if (g_match_info_is_partial_match (found))
      best = FITS_BEGINNING;
  }
  return best;
}

gdouble
dialogue_match_completeness (const DialogueFile *file,
    const DialogueSlot *asked, const gchar *words)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  Fit best = asked ? fit (asked->matchers, spaced) : FITS_NOT;

  if (!*words)
    return asked ? 0 : -1;
  if (interjection_find (words) != INTERJECTION_NONE)
    return 1;
  for (guint i = 0; best != FITS && i < file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (file->intents, i);
    best = MAX (best, fit (intent->matchers, spaced));
  }
  if (best == FITS)
    return 1;
  return best == FITS_BEGINNING || asked ? 0 : -1;
}
