/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "tooljson.h"

#include "aiagent/logic/json/agentjson.h"

G_DEFINE_QUARK (tool - error - quark, tool_error)

JsonNode *
tool_json_parse (const gchar *what, const gchar *text, gsize size,
    GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (size > TOOL_JSON_MAX_SIZE) {
    g_set_error (error, TOOL_ERROR, 0, "%s: over %u bytes.", what,
        TOOL_JSON_MAX_SIZE);
    return NULL;
  }
  if (!agent_json_is_plain (text, size, TOOL_JSON_MAX_DEPTH)) {
    g_set_error (error, TOOL_ERROR, 0,
        "%s: nested over %u levels deep, or no plain JSON.", what,
        TOOL_JSON_MAX_DEPTH);
    return NULL;
  }
  if (!g_utf8_validate_len (text, size, NULL) ||
      !json_parser_load_from_data (parser, text, (gssize) size, NULL) ||
      !json_parser_get_root (parser)) {
    g_set_error (error, TOOL_ERROR, 0, "%s: this is not JSON.", what);
    return NULL;
  }
  return json_parser_steal_root (parser);
}

gchar *
tool_json_error (const gchar *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree gchar *valid = g_utf8_make_valid (message, -1);

  json_object_set_string_member (object, "error", valid);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}
