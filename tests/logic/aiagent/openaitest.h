/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A session of the Realtime API whose server is the test; what comes of it is written
 * down. */

#include "aiagent/logic/openai/openaisession.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MS 1000000ull

typedef struct
{
  AgentHistory *history;
  OpenaiSession *session;
  OpenaiConfig config;
  GPtrArray *sent; /* but audio */
  GByteArray *appended, *written;
  GString *log; /* what else was done, a word each */
  guint answers; /* begun, ever */
  guint64 turn_time;
  gboolean due; /* an answer */
  gint64 now;
} Bench;

static inline void
on_send (gpointer user, const gchar *json)
{
  g_ptr_array_add (((Bench *) user)->sent, g_strdup (json));
}

static inline void
on_send_audio (gpointer user, const gchar *json)
{
  Bench *self = user;
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonObject *event = json_node_get_object (node);
  gsize size;

  g_assert_cmpstr (json_object_get_string_member (event, "type"), ==,
      "input_audio_buffer.append");
  g_autofree guchar *data =
      g_base64_decode (json_object_get_string_member (event, "audio"), &size);
  g_byte_array_append (self->appended, data, (guint) size);
}

static inline void G_GNUC_PRINTF (2, 3)
    note (gpointer user, const gchar *format, ...)
{
  Bench *self = user;
  va_list arguments;

  if (self->log->len)
    g_string_append_c (self->log, ' ');
  va_start (arguments, format);
  g_string_append_vprintf (self->log, format, arguments);
  va_end (arguments);
}

static inline void
on_ready (gpointer user)
{
  note (user, "ready");
}

static inline void
on_ended (gpointer user, gboolean again, const gchar *reason)
{
  note (user, "ended:%s", again ? "again" : "for-good");
}

static inline void
on_warn (gpointer user, const gchar *code, const gchar *message)
{
  note (user, "warn:%s", code);
}

static inline guint
on_begin (gpointer user)
{
  Bench *self = user;

  note (user, "begin");
  return ++self->answers;
}

static inline void
on_write (gpointer user, guint answer, gconstpointer data, gsize size)
{
  Bench *self = user;

  g_assert_cmpuint (answer, >, 0);
  g_assert_cmpuint (answer, <=, self->answers);
  g_byte_array_append (self->written, data, (guint) size);
}

static inline void
on_end (gpointer user, guint answer)
{
  note (user, "end:%u", answer);
}

static inline void
on_due (gpointer user, gboolean due)
{
  ((Bench *) user)->due = due;
}

static inline void
on_turn (gpointer user, gboolean began, guint64 time)
{
  ((Bench *) user)->turn_time = time;
  note (user, began ? "turn" : "turn-over");
}

static inline void
on_agent_said (gpointer user, guint answer, const gchar *all)
{
  note (user, "agent:%u:%s", answer, all);
}

static inline void
on_caller_said (gpointer user, const OpenaiSpeech *speech, const gchar *text,
    gboolean final)
{
  note (user, "%s:%s", final ? "caller" : "caller?", text);
}

static inline void
on_call_tool (gpointer user, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  note (user, "tool:%s:%s:%s", name, id, arguments);
}

static inline void
on_used (gpointer user, guint64 input_tokens, guint64 output_tokens)
{
  note (user, "used:%u:%u", (guint) input_tokens, (guint) output_tokens);
}

static const OpenaiActions actions = { on_send, on_send_audio, on_ready,
  on_ended, on_warn, on_begin, on_write, on_end, on_due, on_turn, on_agent_said,
  on_caller_said, on_call_tool, on_used };

static inline void
bench_init (Bench *self, OpenaiTurns turns)
{
  *self = (Bench){ .history = agent_history_new (),
    .sent = g_ptr_array_new_with_free_func (g_free),
    .appended = g_byte_array_new (),
    .written = g_byte_array_new (),
    .log = g_string_new (NULL),
    .now = 1000 };
  self->config = (OpenaiConfig){ .turns = turns,
    .prefix_padding = 300,
    .silence = 500,
    .greeting = g_strdup ("") };
  self->session = openai_session_new (&actions, self, self->history);
}

static inline void
bench_clear (Bench *self)
{
  openai_session_free (self->session);
  agent_history_free (self->history);
  openai_config_clear (&self->config);
  g_ptr_array_unref (self->sent);
  g_byte_array_unref (self->appended);
  g_byte_array_unref (self->written);
  g_string_free (self->log, TRUE);
}

/* The server says it, with ' for ". */
static inline void G_GNUC_PRINTF (2, 3)
    hear (Bench *self, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strdelimit (text, "'", '"');
  openai_session_receive (self->session, text, strlen (text), self->now);
}

static inline void
hear_audio (Bench *self, const gchar *response, const gchar *item,
    gconstpointer data, gsize size)
{
  g_autofree gchar *text = g_base64_encode (data, size);

  hear (self,
      "{'type':'response.output_audio.delta','response_id':'%s','item_id':'%s',"
      "'content_index':0,'delta':'%s'}",
      response, item, text);
}

/* A dialogue is on. */
static inline void
bench_begin (Bench *self, OpenaiFormat format)
{
  openai_session_connect (self->session, &self->config, format, 1);
  hear (self, "{'type':'session.updated'}");
  openai_session_begin (self->session, format, 1, FALSE, self->now);
  g_ptr_array_set_size (self->sent, 0);
  g_string_truncate (self->log, 0);
}

/* What was sent since the last time, types only, in order; and what was done. */
static inline void
assert_sent (Bench *self, const gchar *expected)
{
  g_autoptr (GString) types = g_string_new (NULL);

  for (guint i = 0; i < self->sent->len; i++) {
    g_autoptr (JsonNode) node = json_from_string (self->sent->pdata[i], NULL);
    g_string_append_printf (types, "%s%s", types->len ? " " : "",
        json_object_get_string_member (json_node_get_object (node), "type"));
  }
  g_assert_cmpstr (types->str, ==, expected);
  g_ptr_array_set_size (self->sent, 0);
}

static inline void
assert_done (Bench *self, const gchar *expected)
{
  g_assert_cmpstr (self->log->str, ==, expected);
  g_string_truncate (self->log, 0);
}

static inline void
assert_last_has (const Bench *self, const gchar *part)
{
  g_assert_cmpuint (self->sent->len, >, 0);
  const gchar *last = self->sent->pdata[self->sent->len - 1];
  if (!strstr (last, part))
    g_error ("%s has no %s", last, part);
}
