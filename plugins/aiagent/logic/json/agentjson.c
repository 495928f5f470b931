/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentjson.h"

gboolean
agent_json_is_plain (const gchar *text, gsize size, guint depth)
{
  guint now = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < size; i++) {
    const gchar c = text[i];
    if (quoted && c == '\\')
      i++;
    else if (c == '"')
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (c == '\'' || c == '/')
      return FALSE;
    else if ((c == '{' || c == '[') && ++now > depth)
      return FALSE;
    else if ((c == '}' || c == ']') && now)
      now--;
  }
  return TRUE;
}

const gchar *
agent_json_get_string (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  if (!node || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  const gchar *text = json_node_get_string (node);
  return text && g_utf8_validate (text, -1, NULL) ? text : NULL;
}
