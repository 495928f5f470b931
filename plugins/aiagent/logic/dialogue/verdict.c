/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "verdict.h"
#include "interjection.h"

#define SCRAP \
  180 /* ms: the shortest word lasts longer; what is left of others may not */
#define ECHO 600 /* ms: no echo lasts so long once the agent is silent */
#define LONG 1200 /* ms: nor does a noise of the line, or a cough */
#define REST 400 /* ms of speech that complete what was said before */
#define NOD 1000 /* ms: no "mm hm" lasts so long, whatever it sounds like */
#define BELIEVED 0.5 /* confidence, of words that may be a beginning only */
#define PERHAPS 0.2
/* tests/speech/run-turns has chosen these, with half of its voices and sentences. */
#define LIKELY 0.85 /* how complete a phrase is that may be another */
#define BEGINNING 850 /* ms of sound: fewer that mean nothing are seldom all */
#define SENTENCE 1200 /* ... and so many may well be */
#define SOUNDS_LIKE_ONE 0.75 /* how complete that is */
#define SURE 0.8 /* confidence well above that of rejection, 0.5 */

static Verdict
judge_over (const Spoken *self)
{
  Interjection kind =
      self->believed ? interjection_find (self->words) : INTERJECTION_NONE;

  /* Who says hello before the greeting is not yet answering, or asking, anything. */
  if ((kind == INTERJECTION_LISTENING && self->length < NOD) ||
      (self->early && kind == INTERJECTION_GREETING))
    return VERDICT_GO_ON;
  if (kind == INTERJECTION_STOP && !self->early &&
      interjection_stops (self->words, self->confidence))
    return VERDICT_STOP;
  if (self->known && self->length >= ECHO && self->confidence >= SURE)
    return VERDICT_WORDS;
  if (self->lasted && !self->early && self->length >= ECHO && self->believed &&
      self->known)
    return VERDICT_WORDS;
  if (self->lasted && !self->early && self->length >= NOD)
    return VERDICT_MISS;
  /* There is nothing to go on with, and it lasted. */
  return self->behind && !self->early && !self->known && self->length >= LONG
      ? VERDICT_MISS
      : VERDICT_GO_ON;
}

Verdict
verdict_judge (const Spoken *self)
{
  if (self->over || self->early)
    return judge_over (self);
  if (self->length > 0 && self->length < SCRAP)
    return VERDICT_GO_ON;
  return self->believed && self->known ? VERDICT_WORDS : VERDICT_MISS;
}

gboolean
verdict_joins (const Spoken *self, gdouble confidence)
{
  if (!self->over)
    return TRUE;
  Interjection kind =
      self->believed ? interjection_find (self->words) : INTERJECTION_NONE;
  return kind == INTERJECTION_NONE && self->length >= REST &&
      confidence >= SURE;
}

gdouble
verdict_get_completeness (const SpokenSoFar *self)
{
  const gboolean believed = self->confidence >= BELIEVED;

  if (self->fits >= 1 && self->confidence >= PERHAPS)
    return believed ? 1 : LIKELY;
  if (self->over && self->sound < NOD) /* who nods has said little, and all */
    return LIKELY;
  if (self->asked || (self->fits == 0 && believed))
    return 0;
  if (!self->sound || self->sound >= SENTENCE)
    return -1;
  return SOUNDS_LIKE_ONE * (MAX (self->sound, BEGINNING) - BEGINNING) /
      (SENTENCE - BEGINNING);
}
