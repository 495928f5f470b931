/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/remote/sessionlimits.h"

#define SECOND G_GINT64_CONSTANT (1000000000)

static guint
begin_all (SessionLimits *self, const gchar *source, guint per_minute,
    gint64 now)
{
  guint n = 0;

  while (n < 1000 &&
      session_limits_begin (self, source, 0, per_minute, now) ==
          SESSION_LIMITS_FREE)
    n++;
  return n;
}

static void
test_rate (void)
{
  g_autoptr (SessionLimits) self = session_limits_new ();

  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 0), ==, 6);
  g_assert_cmpuint (begin_all (self, "192.0.2.2", 6, 0), ==, 6);
  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 9 * SECOND), ==, 0);
  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 20 * SECOND), ==, 2);
  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 1000 * SECOND), ==, 6);
  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 999 * SECOND), ==, 0);
}

static void
test_no_limit (void)
{
  g_autoptr (SessionLimits) self = session_limits_new ();

  g_assert_cmpuint (begin_all (self, "192.0.2.1", 0, 0), ==, 1000);
  g_assert_cmpuint (begin_all (self, NULL, 6, 0), ==, 1000);
  g_assert_cmpuint (session_limits_count_sources (self), ==, 0);
}

static void
test_at_once (void)
{
  g_autoptr (SessionLimits) self = session_limits_new ();

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (session_limits_begin (self, "a", 3, 0, 0), ==,
        SESSION_LIMITS_FREE);
  g_assert_cmpint (session_limits_begin (self, "b", 3, 0, 0), ==,
      SESSION_LIMITS_TOO_MANY);
  session_limits_end (self);
  g_assert_cmpint (session_limits_begin (self, "b", 3, 1, 0), ==,
      SESSION_LIMITS_FREE);
  session_limits_end (self);
  g_assert_cmpint (session_limits_begin (self, "b", 3, 1, 0), ==,
      SESSION_LIMITS_TOO_FAST);
  g_assert_cmpint (session_limits_begin (self, "c", 3, 1, 0), ==,
      SESSION_LIMITS_FREE);
}

static void
test_networks (void)
{
  g_autoptr (SessionLimits) self = session_limits_new ();

  g_assert_cmpuint (begin_all (self, "2001:db8::1", 6, 0), ==, 6);
  g_assert_cmpuint (begin_all (self, "2001:db8::abcd:1", 6, 0), ==, 0);
  g_assert_cmpuint (begin_all (self, "2001:db8:0:1::1", 6, 0), ==, 6);
  /* As a socket of both families has IPv4. */
  g_assert_cmpuint (begin_all (self, "::ffff:192.0.2.1", 6, 0), ==, 6);
  g_assert_cmpuint (begin_all (self, "::ffff:192.0.2.2", 6, 0), ==, 6);
  g_assert_cmpuint (begin_all (self, "192.0.2.2", 6, 0), ==, 0);
}

/* Memory is bounded, and whoever owes stays known. */
static void
test_many_sources (void)
{
  g_autoptr (SessionLimits) self = session_limits_new ();

  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6, 0), ==, 6);
  for (guint i = 0; i < 3 * SESSION_LIMITS_SOURCES; i++) {
    g_autofree gchar *name =
        g_strdup_printf ("10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255, i & 255);
    session_limits_begin (self, name, 0, 6, i);
    g_assert_cmpuint (session_limits_count_sources (self), <=,
        SESSION_LIMITS_SOURCES);
  }
  g_assert_cmpuint (begin_all (self, "192.0.2.1", 6,
                        3 * SESSION_LIMITS_SOURCES),
      ==, 0);
  /* There is one place for all others. */
  g_assert_cmpuint (begin_all (self, "192.0.2.3", 6, 11 * SECOND), ==, 1);
  g_assert_cmpuint (begin_all (self, "192.0.2.4", 6, 11 * SECOND), ==, 0);
  session_limits_begin (self, "192.0.2.2", 0, 6, 100 * SECOND);
  g_assert_cmpuint (session_limits_count_sources (self), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessionlimits/rate", test_rate);
  g_test_add_func ("/sessionlimits/no-limit", test_no_limit);
  g_test_add_func ("/sessionlimits/at-once", test_at_once);
  g_test_add_func ("/sessionlimits/networks", test_networks);
  g_test_add_func ("/sessionlimits/many-sources", test_many_sources);
  return g_test_run ();
}
