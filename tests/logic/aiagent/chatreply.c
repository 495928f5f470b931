/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/cascade/chatreply.h"

#include <gio/gio.h>
#include <string.h>

static void
take (ChatReply *reply, const gchar *data)
{
  g_autoptr (GError) error = NULL;

  chat_reply_take (reply, data, strlen (data), &error);
  g_assert_no_error (error);
}

static void
refuse (ChatReply *reply, const gchar *data, gint code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (chat_reply_take (reply, data, strlen (data), &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
take_content (ChatReply *reply, const gchar *content)
{
  g_autofree gchar *data =
      g_strdup_printf ("{\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}",
          content);

  take (reply, data);
}

static void
expect_text (ChatReply *reply, const gchar *text)
{
  g_autofree gchar *got = chat_reply_take_text (reply);

  g_assert_cmpstr (got, ==, text);
}

static void
expect_call (const ChatReply *reply, guint i, const gchar *id,
    const gchar *name, const gchar *arguments)
{
  g_assert_cmpuint (chat_reply_n_calls (reply), >, i);
  const ChatCall *call = chat_reply_get_call (reply, i);
  g_assert_cmpstr (call->id, ==, id);
  g_assert_cmpstr (call->name, ==, name);
  g_assert_cmpstr (call->arguments->str, ==, arguments);
}

static void
test_text (void)
{
  g_autoptr (ChatReply) reply = chat_reply_new (1);

  take (reply,
      "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
  expect_text (reply, NULL);
  take_content (reply, "Grü");
  take_content (reply, "\\u00dfe \\ud83d\\ude00");
  expect_text (reply, "Grüße 😀");
  expect_text (reply, NULL);
  take (reply,
      "{\"choices\":[{\"delta\":{\"content\":null},\"finish_reason\":null}]}");
  g_assert_false (chat_reply_is_done (reply));
  take (reply, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
  g_assert_true (chat_reply_is_done (reply));
  take (reply, "{\"choices\":[],\"usage\":{\"total_tokens\":9}}");
  take (reply, "[DONE]");
  g_assert_cmpuint (chat_reply_n_calls (reply), ==, 0);
  g_assert_true (chat_reply_has_text (reply));
}

static void
expect_usage (const ChatReply *reply, gint64 input, gint64 output)
{
  guint64 got[2];
  const gboolean known = chat_reply_get_usage (reply, &got[0], &got[1]);

  g_assert_true (known == (input >= 0));
  if (!known)
    return;
  g_assert_cmpuint (got[0], ==, input);
  g_assert_cmpuint (got[1], ==, output);
}

#define USAGE(in, out) \
  "\"usage\":{\"prompt_tokens\":" in ",\"completion_tokens\":" out "}}"

/* So far with each chunk, or behind the end, or not at all; what cannot be is not said. */
static void
test_usage (void)
{
  static const gchar *const nonsense[] = { "\"usage\":null}",
    "\"usage\":{\"prompt_tokens\":5}}", "\"usage\":[]}", USAGE ("-1", "2"),
    USAGE ("1", "\"2\""), USAGE ("1.5", "2"),
    USAGE ("1", "9000000000000000000") };
  g_autoptr (ChatReply) reply = chat_reply_new (1);

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autofree gchar *chunk =
        g_strconcat ("{\"choices\":[],", nonsense[i], NULL);
    take (reply, chunk);
    expect_usage (reply, -1, -1);
  }
  take (reply, "{\"choices\":[{\"delta\":{}}]," USAGE ("20", "1"));
  expect_usage (reply, 20, 1);
  take (reply, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
  g_assert_false (chat_reply_is_closed (reply));
  refuse (reply, "{" USAGE ("20", "7"), G_IO_ERROR_INVALID_DATA);
  expect_usage (reply, 20, 7);
  take (reply, "[DONE]");
  g_assert_true (chat_reply_is_closed (reply));
}

static void
test_whole (void)
{
  g_autoptr (ChatReply) reply = chat_reply_new (1);

  take (reply,
      "{\"object\":\"chat.completion\",\"choices\":[{\"message\":{\"role\":"
      "\"assistant\",\"content\":\"Hello.\",\"tool_calls\":[{\"id\":\"a\","
      "\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}]},"
      "\"finish_reason\":\"tool_calls\"}]}");
  expect_text (reply, "Hello.");
  expect_call (reply, 0, "a", "f", "{\"x\":1}");
  g_assert_true (chat_reply_is_done (reply));
}

/* Nobody hears what a model thinks, however it is cut. */
static void
test_thoughts (void)
{
  const gchar *said = "Well <b> yes.<think>Is it? </no></think>No.<think>";

  for (guint piece = 1; piece < strlen (said); piece++) {
    g_autoptr (ChatReply) reply = chat_reply_new (1);
    g_autoptr (GString) all = g_string_new (NULL);
    for (guint at = 0; at < strlen (said); at += piece) {
      g_autofree gchar *some = g_strndup (said + at, piece);
      take_content (reply, some);
      g_autofree gchar *text = chat_reply_take_text (reply);
      g_string_append (all, text ? text : "");
    }
    g_assert_cmpstr (all->str, ==, "Well <b> yes.No.");
  }
  g_autoptr (ChatReply) reply = chat_reply_new (1);
  take_content (reply, "a <thi");
  take (reply, "[DONE]");
  expect_text (reply, "a <thi");
  take (reply, "{\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\"}}]}");
  expect_text (reply, NULL);
  g_assert_cmpuint (chat_reply_count (reply), ==, 2);
}

#define CALL(call) "{\"choices\":[{\"delta\":{\"tool_calls\":[" call "]}}]}"

static void
test_calls (void)
{
  g_autoptr (ChatReply) reply = chat_reply_new (1);

  take (reply,
      CALL ("{\"index\":0,\"id\":\"a\",\"type\":\"function\","
            "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"));
  take (reply, CALL ("{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\"}}"));
  take (reply,
      CALL ("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\"}}"));
  take (reply, CALL ("{\"index\":0,\"function\":{\"arguments\":\"\\\":1}\"}}"));
  g_assert_cmpuint (chat_reply_n_calls (reply), ==, 2);
  expect_call (reply, 0, "a", "f", "{\"x\":1}");
  expect_call (reply, 1, "b", "g", "");
  g_assert_false (chat_reply_has_text (reply));
}

/* What servers make of it. */
static void
test_odd_calls (void)
{
  g_autoptr (ChatReply) reply = chat_reply_new (7);

  /* all of index 0, told apart by their ids */
  take (reply,
      CALL ("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\","
            "\"arguments\":\"{}\"}},{\"index\":0,\"id\":\"b\","
            "\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"));
  /* no index, no id */
  take (reply, CALL ("{\"function\":{\"name\":\"h\",\"arguments\":\"{}\"}}"));
  take (reply, CALL ("{\"function\":{\"name\":\"h\",\"arguments\":\"{}\"}}"));
  /* the id again in each piece */
  take (reply,
      CALL ("{\"index\":4,\"id\":\"e\",\"function\":{\"name\":\"k\","
            "\"arguments\":\"[\"}}"));
  take (reply,
      CALL ("{\"index\":4,\"id\":\"e\",\"function\":{\"name\":\"k\","
            "\"arguments\":\"]\"}}"));
  g_assert_cmpuint (chat_reply_n_calls (reply), ==, 5);
  expect_call (reply, 0, "a", "f", "{}");
  expect_call (reply, 1, "b", "g", "{}");
  expect_call (reply, 2, "call-7-2", "h", "{}");
  expect_call (reply, 3, "call-7-3", "h", "{}");
  expect_call (reply, 4, "e", "k", "[]");
}

static void
test_refused (void)
{
  g_autoptr (ChatReply) reply = chat_reply_new (1);
  g_autofree gchar *deep = g_strnfill (5000, '[');

  refuse (reply, "", G_IO_ERROR_INVALID_DATA);
  refuse (reply, "{", G_IO_ERROR_INVALID_DATA);
  refuse (reply, "[]", G_IO_ERROR_INVALID_DATA);
  refuse (reply, deep, G_IO_ERROR_INVALID_DATA);
  refuse (reply, "{\"content\":\"x\"}", G_IO_ERROR_INVALID_DATA);
  refuse (reply, "{\"error\":{\"message\":\"no\"}}", G_IO_ERROR_FAILED);
  refuse (reply, "{\"error\":\"no\"}", G_IO_ERROR_FAILED);
  take (reply, "{\"choices\":7}");
  take (reply, "{\"choices\":[7]}");
  take (reply, "{\"choices\":[{\"delta\":[],\"finish_reason\":3}]}");
  take (reply, "{\"choices\":[{\"delta\":{\"content\":5,\"tool_calls\":{}}}]}");
  take (reply,
      CALL ("5,{\"function\":3},{\"index\":-1,\"function\":{\"name\":[]}}"));
}

static void
test_endless (void)
{
  ChatReply *reply = chat_reply_new (1);
  g_autofree gchar *word = g_strnfill (1000, 'x');

  for (guint i = 0; i < CHAT_REPLY_MAX_TEXT / 1000; i++)
    take_content (reply, word);
  g_autofree gchar *last =
      g_strdup_printf ("{\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}",
          word);
  refuse (reply, last, G_IO_ERROR_NO_SPACE);
  chat_reply_free (reply);
  reply = chat_reply_new (1);
  for (guint i = 0; i < CHAT_REPLY_MAX_CALLS; i++)
    take (reply, CALL ("{\"function\":{\"name\":\"h\"}}"));
  refuse (reply, CALL ("{\"function\":{\"name\":\"h\"}}"), G_IO_ERROR_NO_SPACE);
  chat_reply_free (reply);
  reply = chat_reply_new (1);
  for (guint i = 0; i < CHAT_REPLY_MAX_CHUNKS; i++)
    take (reply, "{\"choices\":[]}");
  refuse (reply, "{\"choices\":[]}", G_IO_ERROR_NO_SPACE);
  chat_reply_free (reply);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chatreply/text", test_text);
  g_test_add_func ("/chatreply/usage", test_usage);
  g_test_add_func ("/chatreply/whole", test_whole);
  g_test_add_func ("/chatreply/thoughts", test_thoughts);
  g_test_add_func ("/chatreply/calls", test_calls);
  g_test_add_func ("/chatreply/odd-calls", test_odd_calls);
  g_test_add_func ("/chatreply/refused", test_refused);
  g_test_add_func ("/chatreply/endless", test_endless);
  return g_test_run ();
}
