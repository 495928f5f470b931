/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One answer of a language model (chat.completion, or its chunks as they come): what is
 * to be said, and which tools it wants. Bounded: a model may not stop by itself.
 *
 * What servers do differently: a whole answer in place of chunks; tool calls in one piece,
 * all with index 0, without an id, with arguments as an object; thoughts between <think>
 * and </think>, which nobody is to hear. */

#define CHAT_REPLY_MAX_TEXT 8192 /* bytes: ten minutes of speech */
#define CHAT_REPLY_MAX_CALLS 16
#define CHAT_REPLY_MAX_ARGUMENTS 65536 /* bytes of each */
#define CHAT_REPLY_MAX_CHUNKS 65536
#define CHAT_REPLY_MAX_TOKENS 1000000000

typedef struct
{
  gchar *id, *name; /* never NULL */
  GString *arguments; /* JSON, "{}" if none came */
} ChatCall;

typedef struct _ChatReply ChatReply;

/* @number: makes ids unique where the server gives none. */
ChatReply *chat_reply_new (guint number);
void chat_reply_free (ChatReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatReply, chat_reply_free)

/* Data of one event, or a whole body. FALSE, with G_IO_ERROR (INVALID_DATA: it is no
 * chunk; FAILED: the server says why it gives up; NO_SPACE: too much): no more is taken. */
gboolean chat_reply_take (ChatReply *self, const gchar *data, gsize size,
    GError **error);
/* What came since the last time, to be said; NULL: nothing. */
gchar *chat_reply_take_text (ChatReply *self);
/* The model has said that it has finished. */
gboolean chat_reply_is_done (const ChatReply *self);
/* ... and nothing comes behind that: an end may be followed by what it has used. */
gboolean chat_reply_is_closed (const ChatReply *self);
/* Tokens, as the server counts: what it said last. FALSE: it has not said. */
gboolean chat_reply_get_usage (const ChatReply *self, guint64 *input,
    guint64 *output);
/* Anything came that counts: words, thoughts or a call. */
guint chat_reply_count (const ChatReply *self);
/* TRUE: words came, of which nothing may be audible. */
gboolean chat_reply_has_text (const ChatReply *self);
guint chat_reply_n_calls (const ChatReply *self);
const ChatCall *chat_reply_get_call (const ChatReply *self, guint i);

G_END_DECLS
