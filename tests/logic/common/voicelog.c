/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/base/gstvoicelog.h"

#include <string.h>

static void
assert_logged (const gchar *text, const gchar *expected)
{
  g_autofree gchar *logged = gst_voice_log_text (text);

  g_assert_cmpstr (logged, ==, expected);
}

static void
test_plain (void)
{
  assert_logged (NULL, "");
  assert_logged ("", "");
  assert_logged ("Linphone/5.2 (Debian) \"x\"", "Linphone/5.2 (Debian) \"x\"");
  assert_logged ("M\303\274ller \360\237\230\200",
      "M\303\274ller \360\237\230\200");
}

/* Neither another line nor another colour, nor one that only looks like it. */
static void
test_escapes (void)
{
  assert_logged ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c");
  assert_logged ("\033[31mred\177", "\\x1b[31mred\\x7f");
  assert_logged ("\302\233"
                 "31m",
      "\\x9b31m");
  assert_logged ("\342\200\250|\342\200\256", "\\u2028|\\u202e");
  assert_logged ("\\x1b", "\\\\x1b");
}

static void
test_no_utf8 (void)
{
  assert_logged ("\233a\377", "\\x9ba\\xff");
  assert_logged ("cut \303", "cut \\xc3");
}

/* No escape and no character is cut through. */
static void
test_bounded (void)
{
  for (guint before = 0; before < 8; before++) {
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint i = 0; i < before; i++)
      g_string_append_c (text, 'a');
    for (guint i = 0; i < 300; i++)
      g_string_append (text, i % 2 ? "\303\274" : "\033");
    g_autofree gchar *logged = gst_voice_log_text (text->str);
    g_assert_cmpuint (strlen (logged), <=, GST_VOICE_LOG_TEXT_SIZE);
    g_assert_cmpuint (strlen (logged), >, GST_VOICE_LOG_TEXT_SIZE - 4);
    g_assert_true (g_utf8_validate (logged, -1, NULL));
    g_assert_true (g_str_has_suffix (logged, "\\x1b") ||
        g_str_has_suffix (logged, "\303\274"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voicelog/plain", test_plain);
  g_test_add_func ("/voicelog/escapes", test_escapes);
  g_test_add_func ("/voicelog/no-utf8", test_no_utf8);
  g_test_add_func ("/voicelog/bounded", test_bounded);
  return g_test_run ();
}
