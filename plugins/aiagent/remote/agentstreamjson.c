/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentstreamjson.h"

static gboolean
add_field (GQuark field, const GValue *value, gpointer json)
{
  g_auto (GValue) text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  if (g_value_transform (value, &text))
    wire_json_add (json, g_quark_to_string (field), g_value_get_string (&text));
  return TRUE;
}

void
agent_stream_json_add_fields (JsonBuilder *json, const GstStructure *structure)
{
  if (structure)
    gst_structure_foreach (structure, add_field, json);
}

gchar *
agent_stream_json_dup_object (const GstStructure *structure)
{
  if (!structure || !gst_structure_n_fields (structure))
    return NULL;
  JsonBuilder *json = wire_json_begin ();
  agent_stream_json_add_fields (json, structure);
  return wire_json_end (json);
}

gchar *
agent_stream_json_dup_history (const AgentHistory *history)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  const guint n = agent_history_get_length (history);

  if (!n)
    return NULL;
  json_builder_begin_array (json);
  for (guint i = 0; i < n; i++) {
    const AgentHistoryEntry *entry = agent_history_get (history, i);
    json_builder_begin_object (json);
    wire_json_add (json, "role", entry->agent ? "agent" : "user");
    wire_json_add (json, "text", entry->text);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}
