/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/auth/authrealms.h"

static void
test_learnt (void)
{
  g_autoptr (AuthRealms) realms = auth_realms_new (NULL);

  g_assert_true (auth_realms_is_empty (realms));
  g_assert_false (auth_realms_admit (realms, "trunk", DIGEST_SHA256));
  auth_realms_learn (realms, "trunk", DIGEST_SHA256);
  g_assert_false (auth_realms_is_empty (realms));
  g_assert_true (auth_realms_admit (realms, "trunk", DIGEST_SHA256));
  g_assert_false (auth_realms_admit (realms, "trunk", DIGEST_MD5));
  g_assert_false (auth_realms_admit (realms, "Trunk", DIGEST_SHA256));
  g_assert_false (auth_realms_admit (realms, "evil", DIGEST_SHA256));
  /* A proxy before it, and one that was changed. */
  auth_realms_learn (realms, "proxy", DIGEST_MD5);
  g_assert_true (auth_realms_admit (realms, "proxy", DIGEST_MD5));
  auth_realms_learn (realms, "trunk", DIGEST_MD5);
  g_assert_true (auth_realms_admit (realms, "trunk", DIGEST_MD5));
}

static void
test_most (void)
{
  g_autoptr (AuthRealms) realms = auth_realms_new (NULL);

  for (guint i = 0; i <= AUTH_REALMS_MOST; i++) {
    g_autofree gchar *name = g_strdup_printf ("%u", i);
    auth_realms_learn (realms, name, DIGEST_MD5);
    g_assert_cmpint (auth_realms_admit (realms, name, DIGEST_MD5), ==,
        i < AUTH_REALMS_MOST);
  }
}

static void
test_said (void)
{
  g_autoptr (AuthRealms) realms = auth_realms_new ("a b; c");
  g_autoptr (AuthRealms) same = auth_realms_ref (realms);

  auth_realms_learn (realms, "d", DIGEST_MD5);
  g_assert_false (auth_realms_admit (same, "d", DIGEST_MD5));
  g_assert_true (auth_realms_admit (same, "a b", DIGEST_MD5));
  auth_realms_learn (realms, "c", DIGEST_SHA256);
  g_assert_false (auth_realms_admit (same, "c", DIGEST_MD5));
  g_assert_true (auth_realms_admit (same, "c", DIGEST_SHA256));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authrealms/learnt", test_learnt);
  g_test_add_func ("/authrealms/most", test_most);
  g_test_add_func ("/authrealms/said", test_said);
  return g_test_run ();
}
