/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatjson.h"

#include "aiagent/logic/json/agentjson.h"

#define MAX_DEPTH 32

JsonParser *
chat_json_parse (const gchar *data, gsize size)
{
  if (!size || size > CHAT_JSON_MAX ||
      !agent_json_is_plain (data, size, MAX_DEPTH) ||
      !g_utf8_validate (data, (gssize) size, NULL))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, data, (gssize) size, NULL))
    return NULL;
  JsonNode *root = json_parser_get_root (parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&parser)
                                               : NULL;
}

JsonObject *
chat_json_root (JsonParser *self)
{
  return json_node_get_object (json_parser_get_root (self));
}

JsonObject *
chat_json_object (JsonObject *self, const gchar *name)
{
  JsonNode *node = self ? json_object_get_member (self, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

JsonArray *
chat_json_array (JsonObject *self, const gchar *name)
{
  JsonNode *node = self ? json_object_get_member (self, name) : NULL;

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                              : NULL;
}

static const gchar *
get_string (JsonObject *self, const gchar *name)
{
  JsonNode *node = self ? json_object_get_member (self, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;
}

/* The parser makes half a surrogate pair of its escape. */
const gchar *
chat_json_string (JsonObject *self, const gchar *name)
{
  const gchar *text = get_string (self, name);

  return text && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

gchar *
chat_json_dup_text (JsonObject *self, const gchar *name)
{
  const gchar *text = get_string (self, name);

  return text ? g_utf8_make_valid (text, -1) : NULL;
}

gint64
chat_json_index (JsonObject *self, const gchar *name)
{
  JsonNode *node = self ? json_object_get_member (self, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_INT64 &&
          json_node_get_int (node) >= 0
      ? json_node_get_int (node)
      : -1;
}

JsonObject *
chat_json_element (JsonArray *self, guint i)
{
  if (!self || i >= json_array_get_length (self))
    return NULL;
  JsonNode *node = json_array_get_element (self, i);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gchar *
chat_json_write (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, node);
  return json_generator_to_data (generator, NULL);
}
