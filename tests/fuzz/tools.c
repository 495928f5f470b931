/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A user's file of tools, and behind a line of "--" what a model wrote for the first. */

#include "aiagent/logic/tools/toollist.h"

#include <stdint.h>
#include <string.h>

#define BETWEEN "\n--\n"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_first (const ToolList *list, const gchar *arguments)
{
  g_autofree gchar *offered = tool_list_to_json (list, ~0u);
  g_autoptr (JsonNode) root = json_from_string (offered, NULL);
  JsonObject *first =
      json_array_get_object_element (json_node_get_array (root), 0);
  const Tool *tool =
      tool_list_find (list, json_object_get_string_member (first, "name"));
  JsonNode *parsed = tool_parse_arguments (tool, arguments, NULL);

  g_clear_pointer (&parsed, json_node_unref);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  gchar *between = strstr (text, BETWEEN);
  g_autoptr (ToolList) list = tool_list_new ();

  if (between)
    *between = 0;
  if (tool_list_add_own (list, text, strlen (text), NULL) &&
      tool_list_has_own (list))
    check_first (list, between ? between + strlen (BETWEEN) : NULL);
  return 0;
}
