/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "speechdecoder.h"

#include <glib.h>

G_BEGIN_DECLS

/* Speech to the words of a grammar (JSGF), by pocketsphinx, with rejection of what
 * the grammar does not have: a second decoder fits free phones to the same sound,
 * and where they fit much better than the grammar's words, something else was said.
 *
 * One Recognizer per grammar and process. Its decoders are taken when an utterance
 * begins and given back when it has its result; more than RECOGNIZER_MAX_PER_CORE
 * utterances a core wait for one another, with their audio kept. */

#define RECOGNIZER_MAX_PER_CORE 8
#define RECOGNIZER_MAX_LENGTH 10000 /* ms: nobody says so long a phrase */

typedef struct _Recognizer Recognizer;
typedef struct _Utterance Utterance;

/* @waits: utterances that had to wait until another gave its decoder back. Those whose
 * decoder was made first, or that waited for a thread only, do not count. */
typedef struct
{
  guint64 utterances, waits;
  guint decoders; /* in memory */
} RecognizerStats;

/* The one of this grammar. @words: every word of it -> phones, "" = as in the
 * dictionary; @origins: see pronunciation.h. @understanding: of the same phrases, for
 * what people say in other words; NULL: they are not understood. NULL with @error: G_IO_ERROR_NOT_FOUND
 * for a model that is not installed, G_KEY_FILE_ERROR for a word that the dictionary
 * lacks. Takes some 100 ms the first time. */
Recognizer *recognizer_acquire (const gchar *jsgf, GHashTable *words,
    GHashTable *origins, Understanding *understanding, GError **error);
void recognizer_release (Recognizer *self);
void recognizer_get_stats (Recognizer *self, RecognizerStats *stats);

/* The channel of a caller (cepstral means) as the recogniser got to know it: zero at
 * first; passed to each of the caller's utterances, improved by them. */
typedef struct
{
  gboolean known;
  gfloat means[SPEECH_DECODER_MEANS];
} RecognizerChannel;

typedef struct
{
  gchar *words; /* "" if there were none */
  gdouble confidence; /* 0..1; from 0.5 on it is believed */
  const gchar *rejected; /* NULL, or why it is not */
  gboolean failed; /* by no fault of the caller */
  guint length; /* ms of audio */
  RecognizerChannel channel;
  /* What became of the words with other wordings in mind. NULL: nothing else is known
   * than what the grammar has, which is above. */
  gchar *phrase; /* of the grammar, alone: as words, confidence and rejected */
  gdouble phrase_confidence;
  const gchar *phrase_rejected;
  UnderstandingJudgement judgement; /* its texts are the Recognizer's */
} RecognizerResult;

void recognizer_result_clear (RecognizerResult *self);
/* @self has what the grammar made of it: that is evidence for @judgement, and a verdict where
 * it is surer. */
void recognizer_result_understand (RecognizerResult *self,
    const UnderstandingJudgement *judgement);

/* An utterance at @rate Hz. None of its functions waits. */
Utterance *utterance_new (Recognizer *recognizer, guint rate,
    const RecognizerChannel *channel);
void utterance_push (Utterance *self, const gint16 *samples, guint n_samples);
/* What the words so far seem to be, and are sure to be asked for again: each call looks
 * at what it was that the one before has asked for. "" = not known, or there are none;
 * (transfer full). @sound: ms that are loud, of what was said. */
gchar *utterance_guess (Utterance *self, gdouble *confidence, guint *sound);
void utterance_finish (Utterance *self);
/* TRUE once, after finish; (transfer full). */
gboolean utterance_take_result (Utterance *self, RecognizerResult *result);
/* Nobody wants the result any more. */
void utterance_drop (Utterance *self);

G_END_DECLS
