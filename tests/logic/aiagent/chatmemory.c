/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/cascade/chatmemory.h"
#include "aiagent/logic/cascade/chatrequest.h"

#include <string.h>

static gchar *
messages_of (const ChatMemory *memory, const gchar *instructions)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  chat_memory_build (memory, instructions, builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void
expect (const ChatMemory *memory, const gchar *messages)
{
  g_autofree gchar *got = messages_of (memory, NULL);

  g_assert_cmpstr (got, ==, messages);
}

static void
say (ChatMemory *memory, guint answer, const gchar *text)
{
  chat_memory_add_agent (memory, chat_memory_add_place (memory), answer, text);
}

#define USER(text) "{\"role\":\"user\",\"content\":\"" text "\"}"
#define AGENT(text) "{\"role\":\"assistant\",\"content\":\"" text "\"}"

static void
test_words (void)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (100);

  expect (memory, "[]");
  say (memory, 1, "Hello.");
  expect (memory, "[" USER ("(The call begins.)") "," AGENT ("Hello.") "]");
  chat_memory_add_caller (memory, "hi");
  chat_memory_add_caller (memory, "there");
  chat_memory_add_caller (memory, "");
  const guint place = chat_memory_add_place (memory);
  chat_memory_add_agent (memory, place, 2, "One.");
  chat_memory_add_agent (memory, place, 2, "Two.");
  expect (memory,
      "[" USER ("(The call begins.)") "," AGENT ("Hello.") "," USER (
          "hi there") "," AGENT ("One. Two.") "]");
  g_autofree gchar *got = messages_of (memory, "Be brief.");
  g_assert_true (g_str_has_prefix (got,
      "[{\"role\":\"system\",\"content\":\"Be brief.\"},"));
}

static void
test_heard (void)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (100);

  chat_memory_add_caller (memory, "a");
  say (memory, 1, "One two three.");
  chat_memory_set_heard (memory, 1, "One two");
  chat_memory_add_caller (memory, "b");
  say (memory, 2, "Four.");
  chat_memory_set_heard (memory, 2, "");
  chat_memory_set_heard (memory, 3, "Never said.");
  chat_memory_set_heard (memory, 0, "Never said.");
  chat_memory_add_caller (memory, "c");
  expect (memory, "[" USER ("a") "," AGENT ("One two") "," USER ("b c") "]");
}

#define CALL(id, arguments) \
  "{\"id\":\"" id "\",\"type\":\"function\",\"function\":{\"name\":\"f\"," \
  "\"arguments\":\"" arguments "\"}}"
#define RESULT(id, text) \
  "{\"role\":\"tool\",\"tool_call_id\":\"" id "\",\"content\":\"" text "\"}"

static void
add_calls (ChatMemory *memory, const gchar *ids)
{
  g_autoptr (ChatReply) reply = chat_reply_new (1);

  for (const gchar *id = ids; *id; id++) {
    g_autofree gchar *data = g_strdup_printf (
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"%c\",\"function\":"
        "{\"name\":\"f\"}}]}}]}",
        *id);
    g_assert_true (chat_reply_take (reply, data, strlen (data), NULL));
  }
  chat_memory_add_calls (memory, reply);
}

static void
test_tools (void)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (100);

  chat_memory_add_caller (memory, "a");
  const guint place = chat_memory_add_place (memory);
  add_calls (memory, "xy");
  chat_memory_add_agent (memory, place, 1, "Let me see."); /* spoken later */
  g_assert_cmpuint (chat_memory_count_waiting (memory), ==, 2);
  g_assert_true (chat_memory_set_result (memory, "y", "{}"));
  g_assert_false (chat_memory_set_result (memory, "y", "{}"));
  g_assert_false (chat_memory_set_result (memory, "z", "{}"));
  g_assert_cmpuint (chat_memory_count_waiting (memory), ==, 1);
  chat_memory_stop_waiting (memory);
  g_assert_cmpuint (chat_memory_count_waiting (memory), ==, 0);
  say (memory, 2, "Yes.");
  expect (memory,
      "[" USER (
          "a") ",{\"role\":\"assistant\",\"content\":\"Let me see.\","
               "\"tool_calls\":[" CALL ("x", "{}") "," CALL ("y",
                   "{}") "]}," RESULT ("x",
                   "{\\\"error\\\":\\\"It was not finished.\\\"}") "," RESULT ("y",
                   "{}") "," AGENT ("Yes.") "]");
  g_assert_true (chat_memory_set_result (memory, "x", "1"));
  g_autofree gchar *got = messages_of (memory, NULL);
  g_assert_nonnull (strstr (got, RESULT ("x", "1")));
}

/* Whole turns go. */
static void
test_bounds (void)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (5);

  say (memory, 1, "Hello.");
  chat_memory_add_caller (memory, "a");
  add_calls (memory, "x");
  g_assert_true (chat_memory_set_result (memory, "x", "1"));
  say (memory, 2, "b");
  chat_memory_add_caller (memory, "c");
  say (memory, 3, "d"); /* the sixth */
  chat_memory_add_caller (memory, "e");
  expect (memory, "[" USER ("c") "," AGENT ("d") "," USER ("e") "]");
  g_autofree gchar *long_text = g_strnfill (CHAT_MEMORY_MAX_TEXT, 'x');
  say (memory, 4, long_text);
  chat_memory_add_caller (memory, "f");
  expect (memory, "[" USER ("f") "]");
}

static void
test_request (void)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (5);

  chat_memory_add_caller (memory, "\"a\"");
  g_autofree gchar *small = chat_request_new (NULL, NULL, memory, "[]", NULL);
  g_assert_cmpstr (small, ==,
      "{\"messages\":[{\"role\":\"user\",\"content\":\"\\\"a\\\"\"}],\"stream\":true}");
  g_autofree gchar *large = chat_request_new ("m", NULL, memory,
      "[{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":{}},"
      "{\"type\":\"function\",\"function\":{\"name\":\"g\"}},7]",
      "{\"temperature\":0.5,\"stream\":false,\"model\":\"other\"}");
  g_autoptr (JsonNode) node = json_from_string (large, NULL);
  JsonObject *object = json_node_get_object (node);
  g_assert_cmpfloat (json_object_get_double_member (object, "temperature"), ==,
      0.5);
  g_assert_true (json_object_get_boolean_member (object, "stream"));
  g_assert_cmpstr (json_object_get_string_member (object, "model"), ==, "m");
  g_assert_nonnull (strstr (large,
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
      "\"description\":\"d\",\"parameters\":{}}},"
      "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]"));
  g_autofree gchar *speech = chat_request_new_speech (NULL, "v", "Hi.");
  g_assert_cmpstr (speech, ==,
      "{\"voice\":\"v\",\"input\":\"Hi.\",\"response_format\":\"pcm\"}");
}

static void
expect_reason (const gchar *body, const gchar *reason)
{
  g_autofree gchar *got =
      chat_answer_dup_reason (body, strlen (body), "sk-123");

  g_assert_cmpstr (got, ==, reason);
}

static void
test_answers (void)
{
  g_autofree gchar *long_text = g_strnfill (300, 'x');

  expect_reason ("{\"error\":{\"message\":\"bad key sk-123!\"}}",
      "bad key ***!");
  expect_reason ("{\"error\":\"no model\"}", "no model");
  expect_reason ("{\"detail\":\"Not Found\"}", "Not Found");
  expect_reason ("{\"detail\":[]}", "");
  expect_reason ("<html>\n\xff sk-123</html>",
      "<html> \xef\xbf\xbd ***</html>");
  expect_reason ("", "");
  g_autofree gchar *cut = chat_answer_dup_reason (long_text, 300, NULL);
  g_assert_cmpuint (strlen (cut), <=, 256);
  g_autofree gchar *words =
      chat_answer_dup_transcript ("{\"text\":\" hi \"}", 15);
  g_assert_cmpstr (words, ==, "hi");
  g_assert_null (chat_answer_dup_transcript ("{\"text\":7}", 10));
  g_assert_null (chat_answer_dup_transcript ("hi", 2));
  g_autofree gchar *model =
      chat_answer_dup_model ("{\"data\":[{\"id\":\"m\"},{}]}", 24);
  g_assert_cmpstr (model, ==, "m");
  g_assert_null (chat_answer_dup_model ("{\"data\":[]}", 11));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chatmemory/words", test_words);
  g_test_add_func ("/chatmemory/heard", test_heard);
  g_test_add_func ("/chatmemory/tools", test_tools);
  g_test_add_func ("/chatmemory/bounds", test_bounds);
  g_test_add_func ("/chatmemory/request", test_request);
  g_test_add_func ("/chatmemory/answers", test_answers);
  return g_test_run ();
}
