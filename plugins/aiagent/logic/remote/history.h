/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was said in a dialogue, in order: the caller's words as they were understood, the
 * agent's as far as they were heard. Bounded: the oldest goes, and
 * of one entry what is behind its first bytes. */

#define AGENT_HISTORY_MAX 200 /* entries */
#define AGENT_HISTORY_MAX_TEXT 65536 /* bytes of all */
#define AGENT_HISTORY_MAX_ENTRY 16384 /* bytes of one */

typedef struct
{
  gboolean agent; /* FALSE: the caller */
  guint answer; /* of the agent's: its number; 0 = the caller's */
  gchar *text;
} AgentHistoryEntry;

typedef struct _AgentHistory AgentHistory;

AgentHistory *agent_history_new (void);
void agent_history_free (AgentHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgentHistory, agent_history_free)

/* Bytes of @text (UTF-8) that come to at most @room, whole characters. */
gsize agent_history_fit (const gchar *text, gsize room);
void agent_history_clear (AgentHistory *self);
void agent_history_add_caller (AgentHistory *self, const gchar *text);
/* The same, understood only when @answer to it was under way: it stands before that. 0 = at
 * the end. */
void agent_history_insert_caller (AgentHistory *self, const gchar *text,
    guint answer);
/* All that @answer says, or @text more of it. It stands where it was added first. */
void agent_history_add_agent (AgentHistory *self, guint answer,
    const gchar *text);
/* @words of it were heard, and no more will be; "" or NULL: it goes. An answer that is
 * not known is added. */
void agent_history_set_heard (AgentHistory *self, guint answer,
    const gchar *words);
guint agent_history_get_length (const AgentHistory *self);
const AgentHistoryEntry *agent_history_get (const AgentHistory *self,
    guint index);

G_END_DECLS
