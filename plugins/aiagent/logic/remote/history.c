/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "history.h"

#include <string.h>

struct _AgentHistory
{
  GPtrArray *entries; /* AgentHistoryEntry */
  gsize size; /* bytes of their texts */
};

static void
entry_free (gpointer data)
{
  AgentHistoryEntry *self = data;

  g_free (self->text);
  g_free (self);
}

AgentHistory *
agent_history_new (void)
{
  AgentHistory *self = g_new0 (AgentHistory, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
agent_history_free (AgentHistory *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

gsize
agent_history_fit (const gchar *text, gsize room)
{
  gsize size = strnlen (text, room + 1);

  if (size <= room)
    return size;
  for (size = room; size > 0 && ((guchar) text[size] & 0xc0) == 0x80;)
    size--;
  return size;
}

static gchar *
dup_fit (const gchar *text)
{
  return g_strndup (text, agent_history_fit (text, AGENT_HISTORY_MAX_ENTRY));
}

void
agent_history_clear (AgentHistory *self)
{
  g_ptr_array_set_size (self->entries, 0);
  self->size = 0;
}

static void
remove_entry (AgentHistory *self, guint index)
{
  const AgentHistoryEntry *entry = g_ptr_array_index (self->entries, index);

  self->size -= strlen (entry->text);
  g_ptr_array_remove_index (self->entries, index);
}

static void
forget_oldest (AgentHistory *self)
{
  while (self->entries->len > 1 &&
      (self->entries->len > AGENT_HISTORY_MAX ||
          self->size > AGENT_HISTORY_MAX_TEXT))
    remove_entry (self, 0);
}

static void
insert (AgentHistory *self, gint index, gboolean agent, guint answer,
    const gchar *text)
{
  AgentHistoryEntry *entry = g_new (AgentHistoryEntry, 1);

  *entry = (AgentHistoryEntry){ agent, answer, dup_fit (text) };
  g_ptr_array_insert (self->entries, index, entry);
  self->size += strlen (entry->text);
  forget_oldest (self);
}

static void
add (AgentHistory *self, gboolean agent, guint answer, const gchar *text)
{
  insert (self, -1, agent, answer, text);
}

/* -1: it is not there. */
static gint
find (const AgentHistory *self, guint answer)
{
  for (guint i = self->entries->len; i > 0; i--) {
    const AgentHistoryEntry *entry = g_ptr_array_index (self->entries, i - 1);
    if (entry->agent && entry->answer == answer)
      return (gint) i - 1;
  }
  return -1;
}

static void
set_text (AgentHistory *self, guint index, gchar *text)
{
  AgentHistoryEntry *entry = g_ptr_array_index (self->entries, index);

  self->size += strlen (text) - strlen (entry->text);
  g_free (entry->text);
  entry->text = text;
  forget_oldest (self);
}

void
agent_history_add_caller (AgentHistory *self, const gchar *text)
{
  if (*text)
    add (self, FALSE, 0, text);
}

void
agent_history_insert_caller (AgentHistory *self, const gchar *text,
    guint answer)
{
  if (*text)
    insert (self, answer ? find (self, answer) : -1, FALSE, 0, text);
}

void
agent_history_add_agent (AgentHistory *self, guint answer, const gchar *text)
{
  const gint index = find (self, answer);

  if (index < 0) {
    add (self, TRUE, answer, text);
  } else {
    const AgentHistoryEntry *entry = agent_history_get (self, (guint) index);
    const gsize size = strlen (entry->text);
    const gsize more = agent_history_fit (text, AGENT_HISTORY_MAX_ENTRY - size);
    if (!more)
      return;
    gchar *all = g_malloc (size + more + 1);
    memcpy (all, entry->text, size);
    memcpy (all + size, text, more);
    all[size + more] = '\0';
    set_text (self, (guint) index, all);
  }
}

void
agent_history_set_heard (AgentHistory *self, guint answer, const gchar *words)
{
  const gint index = find (self, answer);

  if (!words || !*words) {
    if (index >= 0)
      remove_entry (self, (guint) index);
  } else if (index >= 0) {
    set_text (self, (guint) index, dup_fit (words));
  } else {
    add (self, TRUE, answer, words);
  }
}

guint
agent_history_get_length (const AgentHistory *self)
{
  return self->entries->len;
}

const AgentHistoryEntry *
agent_history_get (const AgentHistory *self, guint index)
{
  return g_ptr_array_index (self->entries, index);
}
