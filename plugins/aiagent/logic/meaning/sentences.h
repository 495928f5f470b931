/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/dialogue/dialoguefile.h"

G_BEGIN_DECLS

/* Every sentence that the phrases of a dialogue file allow, by what it means. A phrase
 * that allows very many gives some of them. */

/* What may be meant: an intent, an intent with a value that the phrase names (each
 * department is one of its own), or an answer. An answer that names what just one intent
 * names, too, means the same. */
typedef struct
{
  gchar *name; /* "hours", "order bread=white", "transfer 201", "=yes" */
  gboolean
      interjection; /* what people say on any telephone: see interjection.h */
  gboolean hangs_up; /* the intent ends the call */
  guint n_sentences;
} SentenceMeaning;

typedef struct
{
  gchar *words;
  guint meaning; /* index */
  gboolean answer; /* it means something while its question is open only */
} Sentence;

typedef struct
{
  GPtrArray *meanings; /* SentenceMeaning */
  GPtrArray *all; /* Sentence: each one once for what it means */
} Sentences;

Sentences *sentences_new (const DialogueFile *file);
void sentences_free (Sentences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sentences, sentences_free)

G_END_DECLS
