/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/json/agentjson.h"

#include <string.h>

typedef struct
{
  const gchar *text;
  gboolean plain; /* at most two deep */
} Case;

static const Case cases[] = {
  { "{}", TRUE },
  { "{\"a\":[1,2]}", TRUE },
  { "{\"a\":[[1]]}", FALSE },
  { "{\"a\":\"[[[[ \\\" /* '[[[[\"}", TRUE },
  { "]]]][[", TRUE },
  { "", TRUE },
  /* In these a quote begins no string, and the parser goes on. */
  { "/*\"*/[[[[", FALSE },
  { "//\"\n[[[[", FALSE },
  { "'\"'", FALSE },
  { "[1]/", FALSE },
  { "\"\\", TRUE },
};

static void
test_plain (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].text);
    g_assert_true (agent_json_is_plain (cases[i].text, strlen (cases[i].text),
                       2) == cases[i].plain);
  }
}

static void
test_strings (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser,
      "{\"half\":\"\\ud800 and more\",\"text\":\"\\u00e4\",\"number\":1,\"none\":null}",
      -1, NULL));
  JsonObject *object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (agent_json_get_string (object, "text"), ==, "ä");
  g_assert_null (agent_json_get_string (object, "half"));
  g_assert_null (agent_json_get_string (object, "number"));
  g_assert_null (agent_json_get_string (object, "none"));
  g_assert_null (agent_json_get_string (object, "absent"));
  g_assert_null (agent_json_get_string (NULL, "text"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentjson/plain", test_plain);
  g_test_add_func ("/agentjson/strings", test_strings);
  return g_test_run ();
}
