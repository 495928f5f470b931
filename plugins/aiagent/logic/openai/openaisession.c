/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaisessionprivate.h"

#include <string.h>

#define PREROLL 300000000ull /* ns before a turn of ours that are sent, too */
#define KEPT 1000 /* ms that are there when we learn that it began */
#define SHORTEST 100 /* ms: less is no turn, the server says */

/* The caller's, not sent. */
typedef struct
{
  guint64 time;
  gsize size;
  guint8 data[];
} Frame;

OpenaiSession *
openai_session_new (const OpenaiActions *actions, gpointer user,
    AgentHistory *history)
{
  OpenaiSession *self = g_new0 (OpenaiSession, 1);

  self->actions = actions;
  self->user = user;
  self->history = history;
  self->items = openai_items_new ();
  self->late = openai_late_new ();
  g_queue_init (&self->heard);
  openai_response_init (self);
  return self;
}

static void
forget_heard (OpenaiSession *self)
{
  g_queue_clear_full (&self->heard, g_free);
  self->heard_size = 0;
}

void
openai_session_free (OpenaiSession *self)
{
  openai_response_clear (self);
  forget_heard (self);
  openai_items_free (self->items);
  openai_late_free (self->late);
  g_free (self->instructions);
  g_free (self);
}

/* ---- What is said */

static void
send_plain (OpenaiSession *self, const gchar *kind, const gchar *type)
{
  g_autofree gchar *id = openai_session_new_id (self, kind);

  openai_session_send (self, openai_write_plain (id, type));
}

static void
send_message (OpenaiSession *self, const gchar *role, const gchar *text)
{
  g_autofree gchar *id = openai_session_new_id (self, "item");

  openai_session_send (self, openai_write_message (id, role, text));
}

/* ---- Connections */

/* What was for another caller. */
static void
forget_dialogue (OpenaiSession *self, guint64 dialogue)
{
  self->dialogue = dialogue;
  self->owed = FALSE;
  self->tool_rounds = 0;
  g_clear_pointer (&self->instructions, g_free);
  openai_late_clear (self->late);
  openai_items_clear (self->items);
}

void
openai_session_connect (OpenaiSession *self, const OpenaiConfig *config,
    OpenaiFormat format, guint64 dialogue)
{
  g_autofree gchar *id = openai_session_new_id (self, "session");

  if (dialogue != self->dialogue)
    forget_dialogue (self, dialogue);
  self->config = config;
  self->format = format;
  self->connection++;
  self->ready = self->begun = FALSE;
  OpenaiConfig said = *config;
  if (self->instructions)
    said.instructions = self->instructions;
  openai_session_send (self, openai_write_session (id, &said, format));
}

/* No more comes. */
static void
end_answers (OpenaiSession *self)
{
  for (guint i = 0; i < openai_items_get_length (self->items); i++) {
    const OpenaiItem *item = openai_items_get_at (self->items, i);
    if (item->answer && !item->ended)
      self->actions->end_answer (self->user, item->answer);
  }
}

void
openai_session_disconnected (OpenaiSession *self)
{
  const gboolean was_in_turn = self->speaking && self->config &&
      self->config->turns != OPENAI_TURNS_OURS;

  self->owed = self->begun &&
      (self->owed || self->asked || self->wanted.length ||
          (self->response &&
              !openai_response_is_over (self, self->response, NULL)));
  end_answers (self);
  openai_items_clear (self->items);
  openai_response_clear (self);
  forget_heard (self);
  self->config = NULL;
  self->ready = self->begun = self->speaking = FALSE;
  /* Nobody else will say so. */
  if (was_in_turn)
    self->actions->turn (self->user, FALSE, OPENAI_NO_TIME);
}

/* What was said on another connection. */
static void
tell_history (OpenaiSession *self)
{
  for (guint i = 0; i < agent_history_get_length (self->history); i++) {
    const AgentHistoryEntry *entry = agent_history_get (self->history, i);
    send_message (self, entry->agent ? "assistant" : "user", entry->text);
  }
}

static void
greet (OpenaiSession *self, gint64 now)
{
  const gchar *greeting = self->config->greeting;

  if (!greeting)
    openai_response_want (self, NULL, now);
  else if (*greeting)
    openai_session_say (self, greeting, now);
}

void
openai_session_begin (OpenaiSession *self, OpenaiFormat format,
    guint64 dialogue, gboolean owed, gint64 now)
{
  if (!self->config)
    return;
  if (dialogue != self->dialogue)
    forget_dialogue (self, dialogue);
  if (format != self->format) {
    g_autofree gchar *id = openai_session_new_id (self, "format");
    self->format = format;
    openai_session_send (self, openai_write_format (id, format));
    if (!self->config)
      return; /* the connection broke */
  }
  openai_clock_reset (&self->clock, openai_format_get_rate (format));
  self->begun = TRUE;
  tell_history (self);
  if (!self->config)
    return;
  if (!agent_history_get_length (self->history))
    greet (self, now);
  else if (owed || self->owed)
    openai_response_want (self, NULL, now);
  self->owed = FALSE;
}

/* ---- The caller's voice */

static void
append (OpenaiSession *self, const guint8 *data, gsize size, guint64 time)
{
  const guint width = self->format == OPENAI_PCM ? 2 : 1;
  g_autofree gchar *json = openai_write_append (data, size);

  openai_clock_add (&self->clock, size / width, time);
  self->turn_size += size;
  self->actions->send_audio (self->user, json);
}

static void
keep (OpenaiSession *self, const guint8 *data, gsize size, guint64 time)
{
  const gsize most =
      (gsize) openai_format_get_byte_rate (self->format) * KEPT / 1000;
  Frame *frame = g_malloc (sizeof *frame + size);

  frame->time = time;
  frame->size = size;
  memcpy (frame->data, data, size);
  g_queue_push_tail (&self->heard, frame);
  self->heard_size += size;
  while (self->heard_size > most) {
    Frame *oldest = g_queue_pop_head (&self->heard);
    self->heard_size -= oldest->size;
    g_free (oldest);
  }
}

void
openai_session_audio (OpenaiSession *self, const guint8 *data, gsize size,
    guint64 time)
{
  if (!self->begun || !size)
    return;
  if (self->config->turns != OPENAI_TURNS_OURS || self->speaking)
    append (self, data, size, time);
  else
    keep (self, data, size, time);
}

static void
begin_turn (OpenaiSession *self, guint64 time)
{
  self->speaking = TRUE;
  self->tool_rounds = 0;
  self->turn_size = 0;
  openai_response_forget_plain (self);
  openai_late_add_speech (self->late, "", time);
  /* A connection that breaks as it is sent forgets the rest. */
  for (Frame *frame; (frame = g_queue_pop_head (&self->heard));) {
    if (frame->time + PREROLL >= time)
      append (self, frame->data, frame->size, frame->time);
    g_free (frame);
  }
  self->heard_size = 0;
}

static void
end_turn (OpenaiSession *self, guint64 time, gint64 now)
{
  OpenaiSpeech *speech = openai_late_get_last_speech (self->late);

  self->speaking = FALSE;
  if (self->turn_size * 1000 <
      (gsize) openai_format_get_byte_rate (self->format) * SHORTEST) {
    send_plain (self, "clear", "input_audio_buffer.clear");
    openai_response_go_on (self, now);
    return;
  }
  if (speech)
    speech->end = time;
  send_plain (self, "commit", "input_audio_buffer.commit");
  openai_response_want (self, NULL, now);
}

void
openai_session_turn (OpenaiSession *self, gboolean began, guint64 time,
    gint64 now)
{
  if (!self->begun || began == self->speaking)
    return;
  if (self->config->turns != OPENAI_TURNS_OURS) {
    /* Whoever spoke is gone, or held: what was said so far is not meant. */
    if (!began) {
      self->speaking = FALSE;
      send_plain (self, "clear", "input_audio_buffer.clear");
      openai_response_go_on (self, now);
    }
  } else if (began) {
    begin_turn (self, time);
  } else {
    end_turn (self, time, now);
  }
}

/* ---- Interruptions */

static void
send_cut (OpenaiSession *self, const OpenaiCut *cut)
{
  if (cut->ms > 0) {
    g_autofree gchar *id = openai_session_new_id (self, "truncate");
    openai_session_send (self,
        openai_write_truncate (id, cut->id, cut->content_index, cut->ms));
  } else {
    g_autofree gchar *id = openai_session_new_id (self, "delete");
    openai_session_send (self, openai_write_delete (id, cut->id));
  }
  openai_response_add_over (self, cut->id, TRUE);
}

void
openai_session_interrupt (OpenaiSession *self, guint answer, guint heard)
{
  if (!self->begun)
    return;
  /* It interrupts by itself whom it hears. */
  const gboolean knows =
      self->config->turns != OPENAI_TURNS_OURS && self->speaking;
  openai_response_cancel (self, !knows);
  end_answers (self); /* one may have begun since */
  openai_response_forget_wanted (self);
  self->owed = FALSE;
  g_autoptr (GArray) cuts = openai_items_cut (self->items, answer, heard,
      openai_format_get_byte_rate (self->format));
  for (guint i = 0; i < cuts->len; i++)
    send_cut (self, &g_array_index (cuts, OpenaiCut, i));
}

void
openai_session_played (OpenaiSession *self, guint answer)
{
  openai_items_played (self->items, answer);
}

/* ---- What is not spoken */

/* A model whose calls are refused may call for ever, and each round costs. */
static void
answer_tools (OpenaiSession *self, gint64 now)
{
  if (self->tool_rounds < OPENAI_TOOL_ROUNDS) {
    self->tool_rounds++;
    openai_response_want (self, NULL, now);
  } else {
    openai_session_warn (self, "tool_calls",
        "it calls tools again and again, and says nothing", now);
  }
}

gboolean
openai_session_tool_result (OpenaiSession *self, const gchar *id,
    const gchar *json, gint64 now)
{
  OpenaiCall *call = openai_late_find_call (self->late, id);

  if (!call || !call->called || call->answered || !self->begun)
    return FALSE;
  call->answered = TRUE;
  if (call->connection == self->connection) {
    g_autofree gchar *event = openai_session_new_id (self, "result");
    openai_session_send (self, openai_write_tool_result (event, id, json));
  } else {
    /* This session has not called it. */
    g_autofree gchar *text =
        g_strdup_printf ("The tool %s, which was called before, says: %s",
            call->name, json);
    send_message (self, "system", text);
  }
  if (!openai_late_count_open (self->late, self->connection))
    answer_tools (self, now);
  return TRUE;
}

void
openai_session_say (OpenaiSession *self, const gchar *text, gint64 now)
{
  g_autofree gchar *instructions = g_strdup_printf (
      "Say exactly the following to the caller, and nothing else:\n%s", text);

  openai_response_want (self, instructions, now);
}

void
openai_session_read (OpenaiSession *self, const gchar *text, gint64 now)
{
  if (!self->begun)
    return;
  self->tool_rounds = 0;
  agent_history_add_caller (self->history, text);
  send_message (self, "user", text);
  openai_response_want (self, NULL, now);
}

void
openai_session_instruct (OpenaiSession *self, const gchar *text)
{
  g_autofree gchar *id = openai_session_new_id (self, "instruct");

  if (!self->begun)
    return;
  g_free (self->instructions);
  self->instructions = g_strdup (text);
  openai_session_send (self, openai_write_instructions (id, text));
}

/* ---- Facts */

gboolean
openai_session_is_thinking (const OpenaiSession *self)
{
  return self->begun && (self->response || self->asked || self->wanted.length);
}

guint
openai_session_get_garbage (const OpenaiSession *self)
{
  return self->garbage;
}

guint
openai_session_get_late (const OpenaiSession *self)
{
  return self->n_late;
}
