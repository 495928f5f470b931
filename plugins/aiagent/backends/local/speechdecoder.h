/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/meaning/understanding.h"

#include <glib.h>

G_BEGIN_DECLS

/* Searches of pocketsphinx over one utterance: the words of a grammar, free phones to
 * compare with, and, if there is a model of what else people say, its words. Used by one
 * thread at a time. */

#define SPEECH_DECODER_RATE 16000 /* Hz */
#define SPEECH_DECODER_MEANS 13 /* cepstral */

typedef struct _SpeechDecoder SpeechDecoder;

/* @dictionary: lines "word P H O N E S". @wordings: with the words of a language model
 * (ARPA) and that model; may be NULL. NULL: the acoustic model cannot be loaded. */
typedef struct
{
  const gchar *dictionary, *model;
} SpeechWordings;

SpeechDecoder *speech_decoder_new (const gchar *dictionary, const gchar *jsgf,
    const SpeechWordings *wordings);
void speech_decoder_free (SpeechDecoder *self);

/* @means: of the channel. */
void speech_decoder_begin (SpeechDecoder *self, const gfloat *means);
void speech_decoder_process (SpeechDecoder *self, const gint16 *samples,
    gsize n_samples);
/* The words so far, as they seem now, with their @confidence; (transfer full). */
gchar *speech_decoder_guess (SpeechDecoder *self, gdouble *confidence);
/* The same, "" where they are not all that was said so far; @sound: ms of it that are
 * loud. */
gchar *speech_decoder_guess_now (SpeechDecoder *self, gdouble *confidence,
    guint *sound);
/* The words, "" if there are none; (transfer full). @confidence: 0..1; @fault: NULL if
 * they are believed, else why not; @means are those of the channel now. */
gchar *speech_decoder_finish (SpeechDecoder *self, gdouble *confidence,
    const gchar **fault, gfloat *means);
/* After that: what the words of the language model were meant for, by @understanding.
 * @phrase, @confidence: what the grammar had. */
void speech_decoder_understand (SpeechDecoder *self,
    const Understanding *understanding, const gchar *phrase, gdouble confidence,
    UnderstandingJudgement *judgement);

G_END_DECLS
