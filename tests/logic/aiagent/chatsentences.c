/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/cascade/chatsentences.h"

#include <string.h>

/* The sentences of @text, written @piece characters at a time, each ended by "|". */
static gchar *
sentences_of (const gchar *text, gsize piece)
{
  g_autoptr (ChatSentences) sentences = chat_sentences_new ();
  GString *all = g_string_new (NULL);
  gchar *sentence;
  const gchar *at = text;

  while (*at) {
    const gchar *end = at;
    for (gsize i = 0; i < piece && *end; i++)
      end = g_utf8_next_char (end);
    g_autofree gchar *some = g_strndup (at, (gsize) (end - at));
    chat_sentences_push (sentences, some);
    at = end;
    while ((sentence = chat_sentences_next (sentences, !*at))) {
      g_string_append_printf (all, "%s|", sentence);
      g_free (sentence);
    }
  }
  g_assert_null (chat_sentences_next (sentences, TRUE));
  return g_string_free (all, FALSE);
}

static void
expect (const gchar *text, const gchar *sentences)
{
  for (gsize piece = 1; piece <= 40; piece++) {
    g_autofree gchar *got = sentences_of (text, piece);
    g_assert_cmpstr (got, ==, sentences);
  }
}

static void
test_sentences (void)
{
  expect ("Yes. It is open! Is it? Yes", "Yes.|It is open!|Is it?|Yes|");
  expect ("He said \"no.\" Then he left.", "He said \"no.\"|Then he left.|");
  expect ("Wait... what?! Really.", "Wait...|what?!|Really.|");
  expect ("One line\nand another\n\n", "One line|and another|");
  expect ("  much \t space.  ", "much space.|");
  expect ("", "");
  expect (" \n ", "");
}

static void
test_points_inside (void)
{
  expect ("It costs 3.50 euros. Yes.", "It costs 3.50 euros.|Yes.|");
  expect ("Ask Dr. Smith, e.g. tomorrow. Fine.",
      "Ask Dr. Smith, e.g. tomorrow.|Fine.|");
  expect ("J. Smith came. So did I. Yes.", "J. Smith came.|So did I.|Yes.|");
  expect ("Write to info@example.com now.", "Write to info@example.com now.|");
  expect ("Two ways.\n1. Walk.\n2. Drive.", "Two ways.|1. Walk.|2. Drive.|");
}

static void
test_first_clause (void)
{
  expect ("Of course I can do that, let me look it up, please. A, b c d e, f.",
      "Of course I can do that,|let me look it up, please.|A, b c d e, f.|");
  expect ("Well, yes, I can. Sure.", "Well, yes, I can.|Sure.|");
  expect ("At ten past 1,000 of them came. So.",
      "At ten past 1,000 of them came.|So.|");
}

static void
test_not_spoken (void)
{
  expect ("# Hours\n- **Monday**: `nine`\n> ten 😀!",
      "Hours|Monday: nine|ten !|");
  expect ("***\n---\n😀", "");
  expect ("a - b is c-d.", "a - b is c-d.|");
}

static void
test_other_scripts (void)
{
  expect (
      "\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82\xe5\x86\x8d\xe8\xa7\x81\xef\xbc\x81",
      "\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82|\xe5\x86\x8d\xe8\xa7\x81\xef\xbc\x81|");
  expect ("Schöne Grüße… Tschüß.", "Schöne Grüße…|Tschüß.|");
}

static void
test_long (void)
{
  g_autoptr (ChatSentences) sentences = chat_sentences_new ();
  gchar *sentence;
  gsize n = 0;

  for (guint i = 0; i < 300; i++)
    chat_sentences_push (sentences, i < 200 ? "word " : "ü");
  while ((sentence = chat_sentences_next (sentences, TRUE))) {
    g_assert_cmpuint (strlen (sentence), <=, CHAT_SENTENCES_MAX);
    g_assert_true (g_utf8_validate (sentence, -1, NULL));
    n += strlen (sentence);
    g_free (sentence);
  }
  g_assert_cmpuint (n, >=, 999 + 200 - 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chatsentences/sentences", test_sentences);
  g_test_add_func ("/chatsentences/points-inside", test_points_inside);
  g_test_add_func ("/chatsentences/first-clause", test_first_clause);
  g_test_add_func ("/chatsentences/not-spoken", test_not_spoken);
  g_test_add_func ("/chatsentences/other-scripts", test_other_scripts);
  g_test_add_func ("/chatsentences/long", test_long);
  return g_test_run ();
}
