/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "localmeaning.h"

#include "aiagent/logic/dialogue/interjection.h"

static gboolean
is_for_grammar (const Dialogue *dialogue, const RecognizerResult *result)
{
  return !result->phrase_rejected &&
      (dialogue_is_answer (dialogue, result->phrase) ||
          interjection_find (result->phrase) != INTERJECTION_NONE);
}

void
local_meaning_settle (const Dialogue *dialogue, gboolean over,
    RecognizerResult *result)
{
  if (!result->phrase || (!over && !is_for_grammar (dialogue, result)))
    return;
  if (!result->phrase_rejected &&
      interjection_find (result->phrase) != INTERJECTION_NONE &&
      !g_strcmp0 (result->judgement.words, result->phrase))
    result->phrase_confidence = 1 -
        (1 - result->phrase_confidence) * (1 - result->judgement.probability);
  g_free (result->words);
  result->words = g_steal_pointer (&result->phrase);
  result->confidence = result->phrase_confidence;
  result->rejected = result->phrase_rejected;
}

gchar *
local_meaning_dup_suspicion (const RecognizerResult *result)
{
  const UnderstandingJudgement *judgement = &result->judgement;

  return result->rejected && judgement->words && *judgement->words &&
          judgement->probability >= UNDERSTANDING_ASKED &&
          !judgement->features[UNDERSTANDING_SHORT]
      ? g_strdup (judgement->words)
      : NULL;
}
