/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatmemory.h"

#include <string.h>

#define NO_RESULT "{\"error\":\"It was not finished.\"}"
#define CALL_BEGINS "(The call begins.)"

typedef enum
{
  ENTRY_CALLER,
  ENTRY_AGENT,
  ENTRY_CALL,
} EntryType;

typedef struct
{
  EntryType type;
  guint place, answer; /* AGENT; answer 0 = it is not spoken yet */
  gchar *text; /* CALL: arguments */
  gchar *id, *name, *result; /* CALL; result NULL = none has come */
  gboolean waiting; /* CALL */
} Entry;

struct _ChatMemory
{
  guint max;
  guint places; /* ever */
  GPtrArray *entries; /* Entry */
  gsize size; /* bytes of their texts and results */
};

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->text);
  g_free (self->id);
  g_free (self->name);
  g_free (self->result);
  g_free (self);
}

ChatMemory *
chat_memory_new (guint max)
{
  ChatMemory *self = g_new0 (ChatMemory, 1);

  self->max = max;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
chat_memory_free (ChatMemory *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static Entry *
entry_at (const ChatMemory *self, guint i)
{
  return g_ptr_array_index (self->entries, i);
}

/* ---- Forgetting */

static gsize
size_of (const Entry *entry)
{
  return strlen (entry->text) + (entry->result ? strlen (entry->result) : 0);
}

static void
remove_entry (ChatMemory *self, guint i)
{
  self->size -= size_of (entry_at (self, i));
  g_ptr_array_remove_index (self->entries, i);
}

/* Where the second turn begins; 0: there is none. */
static guint
find_second_turn (const ChatMemory *self)
{
  for (guint i = 1; i < self->entries->len; i++)
    if (entry_at (self, i)->type == ENTRY_CALLER &&
        entry_at (self, i - 1)->type != ENTRY_CALLER)
      return i;
  return 0;
}

static void
forget_oldest (ChatMemory *self)
{
  while (self->entries->len > self->max || self->size > CHAT_MEMORY_MAX_TEXT) {
    guint n = find_second_turn (self);
    if (!n)
      break;
    while (n-- > 0)
      remove_entry (self, 0);
  }
}

static Entry *
add (ChatMemory *self, EntryType type, const gchar *text)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->type = type;
  entry->text = g_strdup (text);
  g_ptr_array_add (self->entries, entry);
  self->size += strlen (text);
  forget_oldest (self);
  return entry;
}

/* ---- Words */

void
chat_memory_add_caller (ChatMemory *self, const gchar *text)
{
  if (*text)
    add (self, ENTRY_CALLER, text);
}

void
chat_memory_take_back (ChatMemory *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    if (entry_at (self, i - 1)->type == ENTRY_CALLER) {
      remove_entry (self, i - 1);
      return;
    }
}

static Entry *
find_place (const ChatMemory *self, guint place)
{
  for (guint i = self->entries->len; i > 0; i--)
    if (entry_at (self, i - 1)->place == place)
      return entry_at (self, i - 1);
  return NULL;
}

/* -1: it is not there. */
static gint
find_answer (const ChatMemory *self, guint answer)
{
  for (guint i = self->entries->len; answer && i > 0; i--)
    if (entry_at (self, i - 1)->answer == answer)
      return (gint) i - 1;
  return -1;
}

static void
set_text (ChatMemory *self, Entry *entry, gchar *text)
{
  self->size += strlen (text) - strlen (entry->text);
  g_free (entry->text);
  entry->text = text;
}

guint
chat_memory_add_place (ChatMemory *self)
{
  add (self, ENTRY_AGENT, "")->place = ++self->places;
  return self->places;
}

void
chat_memory_add_agent (ChatMemory *self, guint place, guint answer,
    const gchar *text)
{
  Entry *entry = find_place (self, place);

  if (!entry) /* forgotten meanwhile */
    return;
  entry->answer = answer;
  set_text (self, entry,
      g_strconcat (entry->text, *entry->text ? " " : "", text, NULL));
}

void
chat_memory_set_heard (ChatMemory *self, guint answer, const gchar *words)
{
  const gint index = find_answer (self, answer);

  if (index < 0)
    return;
  if (words && *words)
    set_text (self, entry_at (self, (guint) index), g_strdup (words));
  else
    remove_entry (self, (guint) index);
}

/* ---- Tools */

void
chat_memory_add_calls (ChatMemory *self, const ChatReply *reply)
{
  for (guint i = 0; i < chat_reply_n_calls (reply); i++) {
    const ChatCall *call = chat_reply_get_call (reply, i);
    Entry *entry = add (self, ENTRY_CALL,
        call->arguments->len ? call->arguments->str : "{}");
    entry->id = g_strdup (call->id);
    entry->name = g_strdup (call->name);
    entry->waiting = TRUE;
  }
}

gboolean
chat_memory_set_result (ChatMemory *self, const gchar *id, const gchar *json)
{
  for (guint i = self->entries->len; i > 0; i--) {
    Entry *entry = entry_at (self, i - 1);
    if (entry->type != ENTRY_CALL || entry->result || strcmp (entry->id, id))
      continue;
    entry->result = g_strdup (json);
    entry->waiting = FALSE;
    self->size += strlen (json);
    return TRUE;
  }
  return FALSE;
}

guint
chat_memory_count_waiting (const ChatMemory *self)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    n += entry_at (self, i)->waiting;
  return n;
}

void
chat_memory_stop_waiting (ChatMemory *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    entry_at (self, i)->waiting = FALSE;
}

/* ---- Messages */

static void
add_member (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_message (JsonBuilder *builder, const gchar *role, const gchar *text)
{
  json_builder_begin_object (builder);
  add_member (builder, "role", role);
  add_member (builder, "content", text);
  json_builder_end_object (builder);
}

/* The texts of all entries of @type from @i on. */
static gchar *
join_texts (const ChatMemory *self, EntryType type, guint *i)
{
  GString *text = g_string_new (NULL);

  for (; *i < self->entries->len && entry_at (self, *i)->type == type; (*i)++)
    if (*entry_at (self, *i)->text)
      g_string_append_printf (text, text->len ? " %s" : "%s",
          entry_at (self, *i)->text);
  return g_string_free (text, FALSE);
}

static void
add_call (JsonBuilder *builder, const Entry *entry)
{
  json_builder_begin_object (builder);
  add_member (builder, "id", entry->id);
  add_member (builder, "type", "function");
  json_builder_set_member_name (builder, "function");
  json_builder_begin_object (builder);
  add_member (builder, "name", entry->name);
  add_member (builder, "arguments", entry->text);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_result (JsonBuilder *builder, const Entry *entry)
{
  json_builder_begin_object (builder);
  add_member (builder, "role", "tool");
  add_member (builder, "tool_call_id", entry->id);
  add_member (builder, "content", entry->result ? entry->result : NO_RESULT);
  json_builder_end_object (builder);
}

static guint
count_calls (const ChatMemory *self, guint i)
{
  guint n = 0;

  while (
      i + n < self->entries->len && entry_at (self, i + n)->type == ENTRY_CALL)
    n++;
  return n;
}

/* What the agent says, and the tools it calls behind it, are one message. */
static guint
build_agent (const ChatMemory *self, guint i, JsonBuilder *builder)
{
  g_autofree gchar *text = join_texts (self, ENTRY_AGENT, &i);
  const guint n = count_calls (self, i);

  if (!*text && !n)
    return i;
  json_builder_begin_object (builder);
  add_member (builder, "role", "assistant");
  add_member (builder, "content", text);
  if (n) {
    json_builder_set_member_name (builder, "tool_calls");
    json_builder_begin_array (builder);
    for (guint k = 0; k < n; k++)
      add_call (builder, entry_at (self, i + k));
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
  for (guint k = 0; k < n; k++)
    add_result (builder, entry_at (self, i + k));
  return i + n;
}

void
chat_memory_build (const ChatMemory *self, const gchar *instructions,
    JsonBuilder *builder)
{
  guint i = 0;

  json_builder_begin_array (builder);
  if (instructions && *instructions)
    add_message (builder, "system", instructions);
  if (self->entries->len && entry_at (self, 0)->type != ENTRY_CALLER)
    add_message (builder, "user", CALL_BEGINS);
  while (i < self->entries->len) {
    if (entry_at (self, i)->type == ENTRY_CALLER) {
      g_autofree gchar *text = join_texts (self, ENTRY_CALLER, &i);
      add_message (builder, "user", text);
    } else {
      i = build_agent (self, i, builder);
    }
  }
  json_builder_end_array (builder);
}
