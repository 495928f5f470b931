/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatrequest.h"

#include "chatjson.h"

#include <string.h>

#define MAX_REASON 256 /* bytes */

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  if (!value || !*value)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static gchar *
finish (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return chat_json_write (root);
}

/* ---- Tools */

/* {"type":"function","name":...} of the Realtime API has all in one object. */
static JsonNode *
wrap_tool (JsonObject *tool)
{
  JsonNode *node = json_node_alloc ();
  JsonObject *outer = json_object_new (), *inner = json_object_new ();
  static const gchar *const members[] = { "name", "description", "parameters" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (json_object_has_member (tool, members[i]))
      json_object_set_member (inner, members[i],
          json_object_dup_member (tool, members[i]));
  json_object_set_string_member (outer, "type", "function");
  json_object_set_object_member (outer, "function", inner);
  json_node_init_object (node, outer);
  json_object_unref (outer);
  return node;
}

static void
add_tool (JsonArray *tools, guint i, JsonNode *node, gpointer data)
{
  JsonBuilder *builder = data;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *tool = json_node_get_object (node);
  json_builder_add_value (builder,
      chat_json_object (tool, "function") ? json_node_copy (node)
                                          : wrap_tool (tool));
}

static void
add_tools (JsonBuilder *builder, const gchar *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!text || !json_parser_load_from_data (parser, text, -1, NULL))
    return;
  JsonNode *root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_ARRAY (root) ||
      !json_array_get_length (json_node_get_array (root)))
    return;
  json_builder_set_member_name (builder, "tools");
  json_builder_begin_array (builder);
  json_array_foreach_element (json_node_get_array (root), add_tool, builder);
  json_builder_end_array (builder);
}

/* ---- Requests */

static void
add_option (JsonObject *object, const gchar *name, JsonNode *node,
    gpointer data)
{
  json_builder_set_member_name (data, name);
  json_builder_add_value (data, json_node_copy (node));
}

static void
add_options (JsonBuilder *builder, const gchar *options)
{
  g_autoptr (JsonParser) parser =
      options ? chat_json_parse (options, strlen (options)) : NULL;

  if (parser)
    json_object_foreach_member (chat_json_root (parser), add_option, builder);
}

gchar *
chat_request_new (const gchar *model, const gchar *instructions,
    const ChatMemory *memory, const gchar *tools, const gchar *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_options (builder, options);
  add_string (builder, "model", model);
  json_builder_set_member_name (builder, "messages");
  chat_memory_build (memory, instructions, builder);
  add_tools (builder, tools);
  json_builder_set_member_name (builder, "stream");
  json_builder_add_boolean_value (builder, TRUE);
  return finish (builder);
}

gchar *
chat_request_new_speech (const gchar *model, const gchar *voice,
    const gchar *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "model", model);
  add_string (builder, "voice", voice);
  add_string (builder, "input", text);
  add_string (builder, "response_format", "pcm");
  return finish (builder);
}

/* ---- Answers */

gchar *
chat_answer_dup_model (const gchar *data, gsize size)
{
  g_autoptr (JsonParser) parser = chat_json_parse (data, size);
  JsonArray *models =
      parser ? chat_json_array (chat_json_root (parser), "data") : NULL;
  JsonObject *first = chat_json_element (models, 0);

  return g_strdup (chat_json_string (first, "id"));
}

gchar *
chat_answer_dup_transcript (const gchar *data, gsize size)
{
  g_autoptr (JsonParser) parser = chat_json_parse (data, size);
  const gchar *text =
      parser ? chat_json_string (chat_json_root (parser), "text") : NULL;

  return text ? g_strstrip (g_strdup (text)) : NULL;
}

/* OpenAI: {"error":{"message":...}}; Ollama: {"error":...}; others {"detail":...}. */
static gchar *
dup_said (const gchar *data, gsize size)
{
  g_autoptr (JsonParser) parser = chat_json_parse (data, size);
  JsonObject *root = parser ? chat_json_root (parser) : NULL;
  JsonObject *error = chat_json_object (root, "error");
  const gchar *text = chat_json_string (error, "message");

  if (!text)
    text = chat_json_string (root, "error");
  if (!text)
    text = chat_json_string (root, "detail");
  if (!text)
    text = chat_json_string (root, "message");
  return text         ? g_strdup (text)
      : root || !size ? g_strdup ("")
                      : g_utf8_make_valid (data, (gssize) size);
}

/* Before anything is cut off: half a secret is none that is found. */
static void
leave_out (GString *text, const gchar *secret)
{
  if (secret && *secret)
    g_string_replace (text, secret, "***", 0);
}

gchar *
chat_answer_dup_reason (const gchar *data, gsize size, const gchar *secret)
{
  g_autofree gchar *said = dup_said (data, size);

  return chat_reason_dup_printable (said, &secret, 1);
}

gchar *
chat_reason_dup_printable (const gchar *reason, const gchar *const *secrets,
    guint n)
{
  GString *text = g_string_new (reason);

  for (guint i = 0; i < n; i++)
    leave_out (text, secrets[i]);
  for (gsize i = 0; i < text->len; i++)
    if (g_ascii_iscntrl (text->str[i]))
      text->str[i] = ' ';
  if (text->len > MAX_REASON)
    g_string_truncate (text,
        (gsize) (g_utf8_find_prev_char (text->str, text->str + MAX_REASON) -
            text->str));
  return g_strstrip (g_string_free (text, FALSE));
}

gboolean
chat_text_is_object (const gchar *text)
{
  g_autoptr (JsonParser) parser = chat_json_parse (text, strlen (text));

  return parser != NULL;
}
