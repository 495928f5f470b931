/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/dialogue/dialoguefile.h"

G_BEGIN_DECLS

/* What somebody meant who uses other words than a dialogue file has: a model of such
 * sentences for a recogniser to listen with, and which sentence of the file comes closest
 * to what it heard. Nothing of it changes once it is made: read freely, by any thread. */

typedef struct _Understanding Understanding;

/* A word that was heard. */
typedef struct
{
  const gchar *word;
  gdouble confidence; /* 0..1 */
} UnderstandingWord;

/* What two recognisers have to say about an utterance: one listened to the file's own
 * phrases, the other with our model. */
typedef struct
{
  GArray *heard; /* UnderstandingWord, without silence */
  gdouble
      margin; /* log likelihood a frame by which they fit better than phones */
  guint covered; /* frames of 10 ms in them, */
  guint loud; /* ... and within 20 dB of the loudest */
  const gchar *phrase; /* of the file; "" = none fits at all */
  gdouble phrase_confidence; /* 0..1 */
  gboolean phrase_elsewhere; /* it leaves much of what is loud to silence */
} UnderstandingEvidence;

typedef enum
{
  UNDERSTANDING_BIAS,
  UNDERSTANDING_BEST,
  UNDERSTANDING_LEAD,
  UNDERSTANDING_OVERLAP,
  UNDERSTANDING_SURE_OVERLAP,
  UNDERSTANDING_LIKELIHOOD,
  UNDERSTANDING_CONFIDENCE,
  UNDERSTANDING_MARGIN,
  UNDERSTANDING_AGREES,
  UNDERSTANDING_DISAGREES,
  UNDERSTANDING_WORDS,
  UNDERSTANDING_COVER,
  UNDERSTANDING_ONE_WORD,
  UNDERSTANDING_SHORT,
  UNDERSTANDING_SUM,
  UNDERSTANDING_SHORT_AGREES,
  UNDERSTANDING_N_FEATURES
} UnderstandingFeature;

typedef struct
{
  const gchar
      *words; /* the sentence of the file that comes closest; "" = none; ours */
  const gchar *meaning; /* see sentences.h */
  gdouble probability; /* that this was meant */
  gboolean
      knows_phrase; /* what the file's own phrases gave is a sentence of ours, too */
  gdouble features[UNDERSTANDING_N_FEATURES];
} UnderstandingJudgement;

/* What is believed, and what is worth asking about: by tests/speech/run-wordings. */
#define UNDERSTANDING_BELIEVED 0.5
#define UNDERSTANDING_ASKED 0.3

Understanding *understanding_new (const DialogueFile *file);
Understanding *understanding_ref (Understanding *self);
void understanding_unref (Understanding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Understanding, understanding_unref)

/* A trigram model in ARPA's format, and all its words -> phones, "" = as in the
 * dictionary. */
const gchar *understanding_get_model (const Understanding *self);
GHashTable *understanding_get_words (const Understanding *self);

/* All that makes a difference to what is understood goes into @sum. */
void understanding_add_to (const Understanding *self, GChecksum *sum);

/* How sure a recogniser may be of a word: @posterior, 0..1, among what else could have
 * been said; @margin: as above, of this word; @frames: of 10 ms. */
gdouble understanding_rate_word (gdouble posterior, gdouble margin,
    guint frames);
/* How far it is to be believed: 0..1, from 0.5 on it is. */
gdouble understanding_rate (const UnderstandingJudgement *judgement);
void understanding_judge (const Understanding *self,
    const UnderstandingEvidence *evidence, UnderstandingJudgement *judgement);

G_END_DECLS
