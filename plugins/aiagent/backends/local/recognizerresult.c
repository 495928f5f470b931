/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "recognizer.h"

void
recognizer_result_clear (RecognizerResult *self)
{
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->phrase, g_free);
}

void
recognizer_result_understand (RecognizerResult *self,
    const UnderstandingJudgement *judgement)
{
  self->judgement = *judgement;
  self->phrase = self->words;
  self->phrase_confidence = self->confidence;
  self->phrase_rejected = self->rejected;
  self->words = g_strdup (judgement->words);
  self->confidence = understanding_rate (judgement);
  self->rejected = NULL;
  if (self->confidence < 0.5)
    self->rejected = *self->words ? "it could mean too many things"
                                  : "nothing that was heard means anything";
  /* Both are believed from 0.5 on: the surer one counts; a phrase that the other cannot know,
   * of a file that has too many, always. */
  if (self->phrase_rejected ||
      (judgement->knows_phrase && self->phrase_confidence <= self->confidence))
    return;
  g_free (self->words);
  self->words = g_strdup (self->phrase);
  self->confidence = self->phrase_confidence;
  self->rejected = NULL;
}
