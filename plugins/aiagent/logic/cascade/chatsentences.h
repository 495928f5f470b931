/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cuts what a model writes, as it writes it, into sentences that can be spoken one after
 * the other. The first is short: its first clause, if that has FIRST_WORDS, so that the
 * caller hears something while the rest is still to come. What is not to be spoken
 * (asterisks, headings, pictures) is left out. */

#define CHAT_SENTENCES_FIRST_WORDS 4
#define CHAT_SENTENCES_MAX 400 /* bytes: longer ones are cut at a word */

typedef struct _ChatSentences ChatSentences;

ChatSentences *chat_sentences_new (void);
void chat_sentences_free (ChatSentences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatSentences, chat_sentences_free)

/* UTF-8; whole characters. */
void chat_sentences_push (ChatSentences *self, const gchar *text);
/* The next one that is complete; @last: nothing more comes, the rest is one. NULL: none. */
gchar *chat_sentences_next (ChatSentences *self, gboolean last);

G_END_DECLS
