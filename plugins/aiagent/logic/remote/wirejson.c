/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "wirejson.h"

#include "aiagent/logic/json/agentjson.h"

G_DEFINE_QUARK (wire - json - error - quark, wire_json_error)

/* ---- Reading */

static JsonNode *
refuse (GError **error, const gchar *why)
{
  g_set_error_literal (error, WIRE_JSON_ERROR, 0, why);
  return NULL;
}

JsonNode *
wire_json_read (const gchar *text, gsize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (size > WIRE_JSON_MAX || !g_utf8_validate (text, (gssize) size, NULL) ||
      !agent_json_is_plain (text, size, WIRE_JSON_DEPTH))
    return refuse (error, "it is too long, too deep, or no text");
  if (!json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return refuse (error, "it is no JSON");
  JsonNode *root = json_parser_steal_root (parser);
  if (root && JSON_NODE_HOLDS_OBJECT (root))
    return root;
  g_clear_pointer (&root, json_node_unref);
  return refuse (error, "it is no JSON object");
}

static JsonNode *
member (JsonObject *self, const gchar *name)
{
  return self ? json_object_get_member (self, name) : NULL;
}

static GType
value_type (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                              : G_TYPE_INVALID;
}

JsonObject *
wire_json_object (JsonObject *self, const gchar *name)
{
  JsonNode *node = member (self, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

const gchar *
wire_json_string (JsonObject *self, const gchar *name)
{
  return agent_json_get_string (self, name);
}

gint64
wire_json_int (JsonObject *self, const gchar *name, gint64 otherwise)
{
  JsonNode *node = member (self, name);
  const GType type = value_type (node);
  gint64 value = otherwise;

  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type == G_TYPE_STRING)
    g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64,
        G_MAXINT64, &value, NULL);
  return value;
}

gboolean
wire_json_boolean (JsonObject *self, const gchar *name, gboolean otherwise)
{
  JsonNode *node = member (self, name);

  return value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node)
                                             : otherwise;
}

gchar *
wire_json_dup_member (JsonObject *self, const gchar *name)
{
  JsonNode *node = member (self, name);

  return node ? json_to_string (node, FALSE) : g_strdup ("null");
}

GBytes *
wire_json_bytes (JsonObject *self, const gchar *name)
{
  const gchar *text = wire_json_string (self, name);
  gsize size = 0;

  if (!text)
    return NULL;
  guchar *data = g_base64_decode (text, &size);
  return g_bytes_new_take (data, size);
}

/* ---- Writing */

JsonBuilder *
wire_json_begin (void)
{
  return json_builder_begin_object (json_builder_new ());
}

void
wire_json_add (JsonBuilder *self, const gchar *name, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid (value ? value : "", -1);

  json_builder_set_member_name (self, name);
  json_builder_add_string_value (self, valid);
}

void
wire_json_add_int (JsonBuilder *self, const gchar *name, gint64 value)
{
  json_builder_set_member_name (self, name);
  json_builder_add_int_value (self, value);
}

void
wire_json_open (JsonBuilder *self, const gchar *name)
{
  json_builder_set_member_name (self, name);
  json_builder_begin_object (self);
}

void
wire_json_add_json (JsonBuilder *self, const gchar *name, const gchar *json)
{
  JsonNode *node = json ? json_from_string (json, NULL) : NULL;

  json_builder_set_member_name (self, name);
  json_builder_add_value (self, node ? node : json_node_new (JSON_NODE_NULL));
}

gchar *
wire_json_end (JsonBuilder *self)
{
  json_builder_end_object (self);
  g_autoptr (JsonNode) root = json_builder_get_root (self);
  gchar *json = json_to_string (root, FALSE);
  g_object_unref (self);
  return json;
}
