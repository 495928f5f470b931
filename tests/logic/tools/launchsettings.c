/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/logic/launchsettings.h"

static void
add (const gchar *element, const gchar *property, const gchar *value,
    gpointer user)
{
  g_string_append_printf (user, "%s.%s=%s|", element, property, value);
}

static void
assert_settings (const gchar *text, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  launch_settings_foreach (text, add, found);
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_settings (void)
{
  assert_settings ("", "");
  assert_settings (" \n ", "");
  assert_settings ("a ! b", "");
  assert_settings ("a x=1 y-z=2 ! b x=3", "a.x=1|a.y-z=2|b.x=3|");
  assert_settings ("a\nx=1\n!\nb\tx=", "a.x=1|b.x=|");
  assert_settings ("aiagentsink backend::mode=loop-back",
      "aiagentsink.backend::mode=loop-back|");
}

static void
test_quotes (void)
{
  assert_settings ("a x=\"1 2\" y='3 ! b' z=4", "a.x=1 2|a.y=3 ! b|a.z=4|");
  assert_settings ("a x=1\\ 2 y=\"\\\"3\\\"\" z='\"'",
      "a.x=1 2|a.y=\"3\"|a.z=\"|");
  assert_settings ("a x=\"1 2", "a.x=1 2|");
  assert_settings ("a x=\\", "a.x=\\|");
}

/* What is no element has no settings. */
static void
test_others (void)
{
  assert_settings ("a ! audio/x-raw,rate=8000 ! b x=1", "b.x=1|");
  assert_settings ("t. ! queue ! w.sink_0 x=1 mixer.src ! b x=2", "b.x=2|");
  assert_settings ("x=1 ! b ( c x=2 )", "c.x=2|");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/launchsettings/settings", test_settings);
  g_test_add_func ("/launchsettings/quotes", test_quotes);
  g_test_add_func ("/launchsettings/others", test_others);
  return g_test_run ();
}
