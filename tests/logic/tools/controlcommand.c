/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/logic/controlcommand.h"

#include <string.h>

static ControlCommand *
read_good (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;
  ControlCommand *command =
      control_command_new (line, strlen (line), &id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, command->id);
  return command;
}

static void
test_all (void)
{
  static const struct
  {
    const gchar *line, *id, *call_id, *route, *argument;
  } lines[] = {
    [CONTROL_COMMAND_CALL] = { "{\"command\":\"call\",\"uri\":\"sip:b@h\","
                               "\"route\":\"out\",\"id\":\"1\"}",
        "1", NULL, "out", "sip:b@h" },
    [CONTROL_COMMAND_SAY] = { " {\"text\": \"One \\\"moment\\\"\", "
                              "\"call-id\": \"c\", \"command\": \"say\"} ",
        NULL, "c", NULL, "One \"moment\"" },
    [CONTROL_COMMAND_INTERRUPT] = { "{\"command\":\"interrupt\","
                                    "\"call-id\":\"c\"}",
        NULL, "c", NULL, NULL },
    [CONTROL_COMMAND_HANG_UP] = { "{\"command\":\"hang-up\",\"call-id\":\"c\","
                                  "\"id\":\"\"}",
        "", "c", NULL, NULL },
    [CONTROL_COMMAND_TRANSFER] = { "{\"command\":\"transfer\","
                                   "\"call-id\":\"c\",\"target\":\"sip:c@h\"}",
        NULL, "c", NULL, "sip:c@h" },
    [CONTROL_COMMAND_SEND_DTMF] = { "{\"command\":\"send-dtmf\","
                                    "\"call-id\":\"c\",\"digits\":\"12#\"}",
        NULL, "c", NULL, "12#" },
    [CONTROL_COMMAND_HOLD] = { "{\"command\":\"hold\",\"call-id\":\"c\"}", NULL,
        "c", NULL, NULL },
    [CONTROL_COMMAND_RESUME] = { "{\"command\":\"resume\",\"call-id\":\"c\"}",
        NULL, "c", NULL, NULL },
    [CONTROL_COMMAND_DRAIN] = { "{\"command\":\"drain\"}", NULL, NULL, NULL,
        NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (ControlCommand) command = read_good (lines[i].line);
    g_assert_cmpint (command->type, ==, i);
    g_assert_cmpstr (command->id, ==, lines[i].id);
    g_assert_cmpstr (command->call_id, ==, lines[i].call_id);
    g_assert_cmpstr (command->route, ==, lines[i].route);
    g_assert_cmpstr (command->argument, ==, lines[i].argument);
  }
}

static void
test_wrong (void)
{
  static const struct
  {
    const gchar *line, *why;
  } lines[] = {
    { "", "one JSON object" },
    { "drain", "one JSON object" },
    { "[]", "one JSON object" },
    { "{\"command\":\"drain\"", "one JSON object" },
    { "{\"command\":\"drain\"}\n{}", "one JSON object" },
    { "{\"command\":\"\xff\"}", "one JSON object" },
    { "{\"id\":\"7\"}", "none of call" },
    { "{\"command\":7,\"id\":\"7\"}", "none of call" },
    { "{\"command\":\"dance\",\"id\":\"7\"}", "none of call" },
    { "{\"command\":\"hold\",\"call-id\":\"\",\"id\":\"7\"}",
        "\"call-id\" is empty" },
    { "{\"command\":\"hold\",\"call-id\":7,\"id\":\"7\"}", "no string" },
    { "{\"command\":\"hold\",\"call-id\":null,\"id\":\"7\"}", "no string" },
    { "{\"command\":\"say\",\"call-id\":\"c\",\"id\":\"7\"}",
        "wants \"text\"" },
    { "{\"command\":\"call\",\"uri\":\"sip:b@h\",\"id\":\"7\"}",
        "wants \"route\"" },
    { "{\"command\":\"drain\",\"call-id\":\"c\",\"id\":\"7\"}",
        "no member \"call-id\"" },
    { "{\"command\":\"hold\",\"call-id\":\"c\",\"text\":\"x\",\"id\":\"7\"}",
        "no member \"text\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *id = NULL;
    g_assert_null (control_command_new (lines[i].line, strlen (lines[i].line),
        &id, &error));
    g_assert_error (error, CONTROL_COMMAND_ERROR, 0);
    if (!strstr (error->message, lines[i].why))
      g_error ("%s: %s", lines[i].line, error->message);
    g_assert_cmpstr (id, ==, strstr (lines[i].line, "\"7\"") ? "7" : NULL);
  }
}

static void
test_long (void)
{
  g_autofree gchar *blanks = g_strnfill (CONTROL_COMMAND_MAX, ' ');
  g_autofree gchar *line =
      g_strconcat ("{\"command\":\"drain\"}", blanks, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL, *other = NULL;

  g_assert_null (control_command_new (line, strlen (line), &id, &error));
  g_autoptr (ControlCommand) command =
      control_command_new (line, CONTROL_COMMAND_MAX, &other, NULL);
  g_assert_nonnull (command);
}

static void
test_reply (void)
{
  g_autofree gchar *good = control_reply_new ("1", NULL, NULL);
  g_autofree gchar *called = control_reply_new (NULL, "c", NULL);
  g_autofree gchar *bad = control_reply_new ("a\"b", NULL, "No.");

  g_assert_cmpstr (good, ==, "{\"id\":\"1\",\"ok\":true}");
  g_assert_cmpstr (called, ==, "{\"ok\":true,\"call-id\":\"c\"}");
  g_assert_cmpstr (bad, ==,
      "{\"id\":\"a\\\"b\",\"ok\":false,\"error\":\"No.\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controlcommand/all", test_all);
  g_test_add_func ("/controlcommand/wrong", test_wrong);
  g_test_add_func ("/controlcommand/long", test_long);
  g_test_add_func ("/controlcommand/reply", test_reply);
  return g_test_run ();
}
