/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatreply.h"

#include "chatjson.h"

#include <gio/gio.h>
#include <string.h>

#define THINK "<think>"
#define THOUGHT "</think>"

struct _ChatReply
{
  guint number;
  gboolean done, closed;
  gint64 input_tokens, output_tokens; /* -1 = not said */
  guint count;
  guint chunks;
  GString *raw; /* not taken yet: may be the beginning of a mark */
  gboolean thinking;
  gboolean any_text;
  gsize size; /* of all text, with thoughts */
  GPtrArray *calls; /* ChatCall */
  GArray *indexes; /* gint64, of each */
};

static void
call_free (gpointer data)
{
  ChatCall *self = data;

  g_free (self->id);
  g_free (self->name);
  g_string_free (self->arguments, TRUE);
  g_free (self);
}

ChatReply *
chat_reply_new (guint number)
{
  ChatReply *self = g_new0 (ChatReply, 1);

  self->number = number;
  self->input_tokens = self->output_tokens = -1;
  self->raw = g_string_new (NULL);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->indexes = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
chat_reply_free (ChatReply *self)
{
  g_string_free (self->raw, TRUE);
  g_ptr_array_unref (self->calls);
  g_array_unref (self->indexes);
  g_free (self);
}

/* ---- What servers say */

static gboolean
fail (GError **error, gint code, const gchar *text)
{
  g_set_error_literal (error, G_IO_ERROR, code, text);
  return FALSE;
}

static gboolean
take_error (JsonObject *root, GError **error)
{
  JsonObject *object = chat_json_object (root, "error");
  const gchar *text = object ? chat_json_string (object, "message")
                             : chat_json_string (root, "error");

  if (!object && !text)
    return TRUE;
  /* As it came: see chat_reason_dup_printable(). */
  return fail (error, G_IO_ERROR_FAILED, text ? text : "");
}

static gboolean
take_content (ChatReply *self, JsonObject *delta, GError **error)
{
  static const gchar *const thoughts[] = { "reasoning_content", "reasoning",
    "thinking" };
  g_autofree gchar *text = chat_json_dup_text (delta, "content");
  const gsize size = text ? strlen (text) : 0;

  if (size)
    g_string_append (self->raw, text);
  for (guint i = 0; i < G_N_ELEMENTS (thoughts); i++) {
    const gchar *thought = chat_json_string (delta, thoughts[i]);
    self->count += thought && *thought;
  }
  self->count += size > 0;
  self->size += size;
  if (self->size > CHAT_REPLY_MAX_TEXT)
    return fail (error, G_IO_ERROR_NO_SPACE, "The answer has no end.");
  return TRUE;
}

/* ---- Tools */

static ChatCall *
add_call (ChatReply *self, gint64 index, const gchar *id)
{
  ChatCall *call = g_new0 (ChatCall, 1);

  call->id = id && *id
      ? g_strdup (id)
      : g_strdup_printf ("call-%u-%u", self->number, self->calls->len);
  call->name = g_strdup ("");
  call->arguments = g_string_new (NULL);
  g_ptr_array_add (self->calls, call);
  g_array_append_val (self->indexes, index);
  return call;
}

/* The last of its index goes on, unless an id says that it is another; where there is no
 * index, the last. NULL: there are too many. */
static ChatCall *
find_call (ChatReply *self, gint64 index, const gchar *id, const gchar *name)
{
  for (guint i = self->calls->len; i > 0; i--) {
    ChatCall *call = g_ptr_array_index (self->calls, i - 1);
    if (index >= 0 && g_array_index (self->indexes, gint64, i - 1) != index)
      continue;
    if ((id && *id && strcmp (id, call->id)) ||
        (index < 0 && (!id || !*id) && name && *name))
      break;
    return call;
  }
  return self->calls->len < CHAT_REPLY_MAX_CALLS ? add_call (self, index, id)
                                                 : NULL;
}

static gboolean
append_arguments (ChatCall *call, JsonObject *function)
{
  JsonNode *node = json_object_get_member (function, "arguments");
  g_autofree gchar *text = chat_json_dup_text (function, "arguments");
  g_autofree gchar *whole =
      node && JSON_NODE_HOLDS_OBJECT (node) ? chat_json_write (node) : NULL;

  if (whole || text)
    g_string_append (call->arguments, whole ? whole : text);
  return call->arguments->len <= CHAT_REPLY_MAX_ARGUMENTS;
}

static gboolean
take_call (ChatReply *self, JsonObject *piece, GError **error)
{
  JsonObject *function = chat_json_object (piece, "function");
  const gchar *name = function ? chat_json_string (function, "name") : NULL;
  ChatCall *call = find_call (self, chat_json_index (piece, "index"),
      chat_json_string (piece, "id"), name);

  if (!call)
    return fail (error, G_IO_ERROR_NO_SPACE, "Too many tools at once.");
  self->count++;
  if (!function)
    return TRUE;
  if (name && !*call->name) {
    g_free (call->name);
    call->name = g_strdup (name);
  }
  return append_arguments (call, function) ||
      fail (error, G_IO_ERROR_NO_SPACE, "Arguments of a tool have no end.");
}

static gboolean
take_calls (ChatReply *self, JsonObject *delta, GError **error)
{
  JsonArray *calls = chat_json_array (delta, "tool_calls");

  for (guint i = 0; calls && i < json_array_get_length (calls); i++) {
    JsonObject *piece = chat_json_element (calls, i);
    if (piece && !take_call (self, piece, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Chunks */

/* With the end, behind it, or with each chunk what was used so far. */
static void
take_usage (ChatReply *self, JsonObject *root)
{
  JsonObject *usage = chat_json_object (root, "usage");
  const gint64 input = chat_json_index (usage, "prompt_tokens"),
               output = chat_json_index (usage, "completion_tokens");

  if (input < 0 || output < 0 || MAX (input, output) > CHAT_REPLY_MAX_TOKENS)
    return;
  self->input_tokens = input;
  self->output_tokens = output;
}

static gboolean
take_choice (ChatReply *self, JsonObject *choice, GError **error)
{
  JsonObject *delta = chat_json_object (choice, "delta");
  const gchar *reason = chat_json_string (choice, "finish_reason");

  if (!delta)
    delta = chat_json_object (choice, "message"); /* all at once */
  if (reason && *reason)
    self->done = TRUE;
  return !delta ||
      (take_content (self, delta, error) && take_calls (self, delta, error));
}

gboolean
chat_reply_take (ChatReply *self, const gchar *data, gsize size, GError **error)
{
  if (size == 6 && !memcmp (data, "[DONE]", 6)) {
    self->done = self->closed = TRUE;
    return TRUE;
  }
  if (++self->chunks > CHAT_REPLY_MAX_CHUNKS)
    return fail (error, G_IO_ERROR_NO_SPACE, "The answer has no end.");
  g_autoptr (JsonParser) parser = chat_json_parse (data, size);
  if (!parser)
    return fail (error, G_IO_ERROR_INVALID_DATA, "It is not JSON.");
  JsonObject *root = chat_json_root (parser);
  if (!take_error (root, error))
    return FALSE;
  take_usage (self, root);
  /* Without a choice: of use, of prompts, of filters. */
  JsonObject *choice = chat_json_element (chat_json_array (root, "choices"), 0);
  if (!choice && !json_object_has_member (root, "choices"))
    return fail (error, G_IO_ERROR_INVALID_DATA, "It is no chat completion.");
  return !choice || take_choice (self, choice, error);
}

/* ---- What is to be said */

/* So much at the end of @text may be the beginning of @mark. */
static gsize
begins_mark (const GString *text, const gchar *mark)
{
  for (gsize n = MIN (strlen (mark) - 1, text->len); n > 0; n--)
    if (!memcmp (text->str + text->len - n, mark, n))
      return n;
  return 0;
}

/* Up to a mark; FALSE: there is none. */
static gboolean
take_up_to_mark (ChatReply *self, GString *out)
{
  const gchar *mark = self->thinking ? THOUGHT : THINK;
  const gchar *at = strstr (self->raw->str, mark);
  const gsize kept = self->done ? 0 : begins_mark (self->raw, mark);
  const gsize n = at ? (gsize) (at - self->raw->str) : self->raw->len - kept;

  if (!self->thinking)
    g_string_append_len (out, self->raw->str, (gssize) n);
  g_string_erase (self->raw, 0, (gssize) (n + (at ? strlen (mark) : 0)));
  if (at)
    self->thinking = !self->thinking;
  return at != NULL;
}

gchar *
chat_reply_take_text (ChatReply *self)
{
  GString *out = g_string_new (NULL);

  while (take_up_to_mark (self, out))
    ;
  self->any_text |= out->len > 0;
  if (out->len)
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  return NULL;
}

gboolean
chat_reply_is_done (const ChatReply *self)
{
  return self->done;
}

gboolean
chat_reply_is_closed (const ChatReply *self)
{
  return self->closed;
}

gboolean
chat_reply_get_usage (const ChatReply *self, guint64 *input, guint64 *output)
{
  if (self->input_tokens < 0)
    return FALSE;
  *input = (guint64) self->input_tokens;
  *output = (guint64) self->output_tokens;
  return TRUE;
}

guint
chat_reply_count (const ChatReply *self)
{
  return self->count;
}

gboolean
chat_reply_has_text (const ChatReply *self)
{
  return self->any_text;
}

guint
chat_reply_n_calls (const ChatReply *self)
{
  return self->calls->len;
}

const ChatCall *
chat_reply_get_call (const ChatReply *self, guint i)
{
  return g_ptr_array_index (self->calls, i);
}
