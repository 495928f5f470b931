/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "chatreply.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a language model is told of a dialogue: the caller's words as they were
 * understood, the agent's as far as they were heard, tools that were called and what came
 * of them. Not an AgentHistory, which has no tools.
 *
 * Bounded: whole turns go, the oldest first, so that no result is left without its call. */

#define CHAT_MEMORY_MAX_TEXT (256 * 1024) /* bytes of all */

typedef struct _ChatMemory ChatMemory;

/* @max: entries; at least the last turn stays. */
ChatMemory *chat_memory_new (guint max);
void chat_memory_free (ChatMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatMemory, chat_memory_free)

void chat_memory_add_caller (ChatMemory *self, const gchar *text);
/* The caller has not finished: the last of it goes. */
void chat_memory_take_back (ChatMemory *self);
/* Where an answer will stand that is to be spoken later; it says nothing as yet. Never 0. */
guint chat_memory_add_place (ChatMemory *self);
/* @answer, which stands at @place, says @text, or @text more. */
void chat_memory_add_agent (ChatMemory *self, guint place, guint answer,
    const gchar *text);
/* @words of @answer were heard, and no more will be; "" or NULL: it goes. */
void chat_memory_set_heard (ChatMemory *self, guint answer, const gchar *words);
/* The tools that @reply wants. */
void chat_memory_add_calls (ChatMemory *self, const ChatReply *reply);
/* FALSE: there is no such call without a result. */
gboolean chat_memory_set_result (ChatMemory *self, const gchar *id,
    const gchar *json);
/* Calls whose results are waited for. */
guint chat_memory_count_waiting (const ChatMemory *self);
/* Nobody waits for them any more; they may come still. */
void chat_memory_stop_waiting (ChatMemory *self);

/* As "messages" of a request, behind @instructions. What one side says in a row is one
 * message, and the caller is first: the templates of many models want it so. */
void chat_memory_build (const ChatMemory *self, const gchar *instructions,
    JsonBuilder *builder);

G_END_DECLS
