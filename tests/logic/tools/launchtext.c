/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/logic/launchtext.h"

static GHashTable *
make_variables (void)
{
  GHashTable *variables = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (variables, (gpointer) "PORT", (gpointer) "5060");
  g_hash_table_insert (variables, (gpointer) "EMPTY", (gpointer) "");
  g_hash_table_insert (variables, (gpointer) "_a1", (gpointer) "${PORT}");
  return variables;
}

static void
test_expand (void)
{
  const struct
  {
    const gchar *text, *expected;
  } cases[] = {
    { "", "" }, { "a ! b", "a ! b\n" },
    { "# a comment ${NOBODY\n  # another\na ! b", "a ! b\n" },
    { "a name=x#y", "a name=x#y\n" },
    { "a \\\n! b\\\r\n! c", "a \n! b\n! c\n" },
    { "port=${PORT}", "port=5060\n" }, { "${PORT}${PORT}", "50605060\n" },
    { "a ${EMPTY} b", "a  b\n" }, { "${PORT:-1}", "5060\n" },
    { "${EMPTY:-1}", "1\n" }, { "${NOBODY:-1}", "1\n" },
    { "${NOBODY:-}", "\n" }, { "${NOBODY:-a b:-c}", "a b:-c\n" },
    { "x-${NOBODY:-call-${PORT}.wav}", "x-call-5060.wav\n" },
    { "${NOBODY:-${EITHER:-${PORT}}}!", "5060!\n" },
    { "${_a1}", "${PORT}\n" }, /* values are not looked into */
    { "$${PORT}", "${PORT}\n" }, { "cost=$5 $ $$ {}", "cost=$5 $ $$ {}\n" },
    { "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f\n" },
    { "\xef\xbb\xbf# a comment\na", "a\n" }, /* of some editors */
  };
  g_autoptr (GHashTable) variables = make_variables ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *text =
        launch_text_expand ("f", cases[i].text, variables, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

static void
test_errors (void)
{
  const struct
  {
    const gchar *text;
    LaunchTextError code;
    const gchar *start, *part;
  } cases[] = {
    { "a\n#\nb ${NOBODY}", LAUNCH_TEXT_ERROR_UNKNOWN,
        "x.launch, line 3: ", "--set NOBODY=" },
    { "${PORT", LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "brace" },
    { "${PORT\n}", LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "brace" },
    { "${}", LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "\"${}\"" },
    { "${1}", LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "\"${1}\"" },
    { "${A-B}", LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "$${" },
    { "${NO:-${NEITHER}}", LAUNCH_TEXT_ERROR_UNKNOWN,
        "x.launch, line 1: ", "NEITHER" },
    { "${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-}}}}}}}}}}",
        LAUNCH_TEXT_ERROR_SYNTAX, "x.launch, line 1: ", "within" },
  };
  g_autoptr (GHashTable) variables = make_variables ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (
        launch_text_expand ("x.launch", cases[i].text, variables, &error));
    g_assert_error (error, LAUNCH_TEXT_ERROR, (gint) cases[i].code);
    g_assert_true (g_str_has_prefix (error->message, cases[i].start));
    g_assert_nonnull (g_strstr_len (error->message, -1, cases[i].part));
  }
}

static void
test_value (void)
{
  g_autoptr (GHashTable) variables = make_variables ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *value =
      launch_text_expand_value ("key", "#${PORT}\\", variables, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (value, ==, "#5060\\");
  g_assert_null (launch_text_expand_value ("key", "${NO}", variables, &error));
  g_assert_true (g_str_has_prefix (error->message, "key: "));
}

static void
test_names (void)
{
  g_assert_true (launch_text_is_name ("A"));
  g_assert_true (launch_text_is_name ("_a_9"));
  g_assert_false (launch_text_is_name (""));
  g_assert_false (launch_text_is_name ("9a"));
  g_assert_false (launch_text_is_name ("a-b"));
  g_assert_false (launch_text_is_name ("a b"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/launchtext/expand", test_expand);
  g_test_add_func ("/launchtext/errors", test_errors);
  g_test_add_func ("/launchtext/value", test_value);
  g_test_add_func ("/launchtext/names", test_names);
  return g_test_run ();
}
