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
