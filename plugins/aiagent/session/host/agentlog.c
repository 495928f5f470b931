/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentlog.h"

GST_DEBUG_CATEGORY_STATIC (agent_debug);

void
agent_log_init (void)
{
  GST_DEBUG_CATEGORY_INIT (agent_debug, "aiagent", 0, "dialogues of agents");
}

gboolean
agent_log_shows (GstDebugLevel level)
{
  return level <= gst_debug_category_get_threshold (agent_debug);
}

void
agent_log_write (const gchar *id, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, const gchar *text)
{
  gst_debug_log (agent_debug, level, file, function, line, NULL, "%s: %s", id,
      text);
}

static gboolean
add_field (GQuark field, const GValue *value, gpointer data)
{
  static const gchar *const left_out[] = { "session", "call-id", "running-time",
    "text", "display-name", "arguments", "reason", NULL };
  const gchar *name = g_quark_to_string (field);
  GString *line = data;

  if (g_strv_contains (left_out, name))
    return TRUE;
  g_autofree gchar *text = G_VALUE_HOLDS_STRING (value)
      ? g_value_dup_string (value)
      : gst_value_serialize (value);
  if (text && *text && !g_str_equal (text, "0") && !g_str_equal (text, "false"))
    g_string_append_printf (line, ", %s %s", name, text);
  return TRUE;
}

gchar *
agent_log_dup_fact (const GstStructure *fact)
{
  GString *line = g_string_new (gst_structure_get_name (fact));

  gst_structure_foreach (fact, add_field, line);
  return g_string_free (line, FALSE);
}
