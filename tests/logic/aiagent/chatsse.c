/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/cascade/chatsse.h"

#include <string.h>

/* All events of @text, given in pieces of @piece bytes, each ended by "|". */
static gchar *
events_of (const gchar *text, gsize size, gsize piece)
{
  g_autoptr (ChatSse) sse = chat_sse_new ();
  GString *all = g_string_new (NULL), *event;

  for (gsize at = 0; at < size; at += piece) {
    g_assert_true (chat_sse_push (sse, text + at, MIN (piece, size - at)));
    while ((event = chat_sse_next (sse))) {
      g_string_append_printf (all, "%s|", event->str);
      g_string_free (event, TRUE);
    }
  }
  return g_string_free (all, FALSE);
}

static void
expect (const gchar *text, const gchar *events)
{
  for (gsize piece = 1; piece <= strlen (text); piece++) {
    g_autofree gchar *got = events_of (text, strlen (text), piece);
    g_assert_cmpstr (got, ==, events);
  }
}

static void
test_events (void)
{
  expect ("data: one\n\ndata: two\n\n", "one|two|");
  expect ("data:one\n\n", "one|");
  expect ("data:  one\n\n", " one|");
  expect ("data\n\n", "|");
  expect ("data: one\ndata: more\ndata\n\n", "one\nmore\n|");
  expect ("\n\n\n", "");
}

static void
test_line_ends (void)
{
  expect ("data: one\r\n\r\ndata: two\r\n\r\n", "one|two|");
  expect ("data: one\r\rdata: two\r\r", "one|two|");
  expect ("data: one\r\n\ndata: two\n\r\n", "one|two|");
}

static void
test_other_fields (void)
{
  expect (": keep-alive\n\ndata: one\n\n", "one|");
  expect (": OPENROUTER PROCESSING\ndata: one\n\n", "one|");
  expect ("event: message\nid: 7\nretry: 10\ndata: one\n\n", "one|");
  expect ("event: message\n\ndata: one\n\n", "one|");
  expect ("database: one\n\nDATA: one\n\n data: one\n\n", "");
}

static void
test_utf8 (void)
{
  expect ("\xef\xbb\xbf"
          "data: Grüße, \xe4\xb8\x96\xe7\x95\x8c\n\n",
      "Grüße, \xe4\xb8\x96\xe7\x95\x8c|");
}

static void
test_unfinished (void)
{
  g_autoptr (ChatSse) sse = chat_sse_new ();
  GString *event;

  g_assert_true (chat_sse_push (sse, "data: one", 9));
  g_assert_null (chat_sse_next (sse));
  chat_sse_finish (sse);
  event = chat_sse_next (sse);
  g_assert_cmpstr (event->str, ==, "one");
  g_string_free (event, TRUE);
  g_assert_null (chat_sse_next (sse));
}

static void
test_endless (void)
{
  g_autoptr (ChatSse) line = chat_sse_new (), lines = chat_sse_new ();
  gboolean ok = TRUE;
  guint n = 0;

  for (; ok && n < 10 * CHAT_SSE_MAX; n += 8)
    ok = chat_sse_push (line, "dataaaaa", 8);
  g_assert_cmpuint (n, <=, CHAT_SSE_MAX + 16);
  for (n = 0, ok = TRUE; ok && n < 10 * CHAT_SSE_MAX; n += 9)
    ok = chat_sse_push (lines, "data: aa\n", 9);
  g_assert_false (ok);
  chat_sse_finish (lines);
  g_assert_null (chat_sse_next (lines));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chatsse/events", test_events);
  g_test_add_func ("/chatsse/line-ends", test_line_ends);
  g_test_add_func ("/chatsse/other-fields", test_other_fields);
  g_test_add_func ("/chatsse/utf8", test_utf8);
  g_test_add_func ("/chatsse/unfinished", test_unfinished);
  g_test_add_func ("/chatsse/endless", test_endless);
  return g_test_run ();
}
