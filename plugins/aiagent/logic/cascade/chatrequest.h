/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "chatmemory.h"

G_BEGIN_DECLS

/* What is sent to the stages of a cascade, and what else they answer. Strings are
 * (transfer full). */

/* POST /chat/completions, streamed. @model: NULL = the server's own. @tools: a JSON array
 * of functions, as chat completions have them or as the Realtime API has; NULL or [] =
 * none. @options: a JSON object whose members go in; NULL = none. */
gchar *chat_request_new (const gchar *model, const gchar *instructions,
    const ChatMemory *memory, const gchar *tools, const gchar *options);
/* POST /audio/speech. @model, @voice: NULL = the server's own. */
gchar *chat_request_new_speech (const gchar *model, const gchar *voice,
    const gchar *text);

/* Name of the first of GET /models; NULL: it is not such an answer, or there is none. */
gchar *chat_answer_dup_model (const gchar *data, gsize size);
/* The words of POST /audio/transcriptions; NULL: it is not such an answer. */
gchar *chat_answer_dup_transcript (const gchar *data, gsize size);
/* What the body of a refusal says, in one line of printable UTF-8 without @secret (may be
 * NULL); "" = nothing. */
gchar *chat_answer_dup_reason (const gchar *data, gsize size,
    const gchar *secret);
/* @reason without any of @n @secrets (each may be NULL) and control characters; not long. */
gchar *chat_reason_dup_printable (const gchar *reason,
    const gchar *const *secrets, guint n);
/* @text is a JSON object; an array. */
gboolean chat_text_is_object (const gchar *text);

G_END_DECLS
