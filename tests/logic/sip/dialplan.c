/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/dialplan.h"

#define SECOND G_GINT64_CONSTANT (1000000000)

static void
assert_choice (const DialplanLine *lines, guint n, const gchar *user,
    DialplanResult expected, guint line)
{
  guint index = 99;

  g_assert_cmpint (dialplan_choose (lines, n, user, &index), ==, expected);
  if (expected == DIALPLAN_LINE)
    g_assert_cmpuint (index, ==, line);
}

static void
test_choose (void)
{
  DialplanLine lines[] = { { "", FALSE }, { "bob", FALSE }, { "bob", FALSE },
    { NULL, FALSE } };

  assert_choice (lines, 0, "bob", DIALPLAN_NOT_FOUND, 0);
  assert_choice (lines, 4, "bob", DIALPLAN_LINE, 1);
  assert_choice (lines, 4, "eve", DIALPLAN_LINE, 0);
  assert_choice (lines, 4, "", DIALPLAN_LINE, 0);
  assert_choice (lines + 1, 2, "eve", DIALPLAN_NOT_FOUND, 0);
  lines[1].busy = TRUE;
  assert_choice (lines, 4, "bob", DIALPLAN_LINE, 2);
  lines[2].busy = TRUE;
  assert_choice (lines, 4, "bob", DIALPLAN_LINE, 0);
  assert_choice (lines + 1, 2, "bob", DIALPLAN_BUSY, 0);
  lines[0].busy = TRUE;
  assert_choice (lines, 4, "bob", DIALPLAN_LINE, 3);
  lines[3].busy = TRUE;
  assert_choice (lines, 4, "bob", DIALPLAN_BUSY, 0);
  assert_choice (lines, 4, "eve", DIALPLAN_BUSY, 0);
  assert_choice (lines + 1, 2, "eve", DIALPLAN_NOT_FOUND, 0);
}

static guint
take_all (DialplanBucket *bucket, gint64 now)
{
  guint n = 0;

  while (n < 1000 && dialplan_bucket_take (bucket, now, 10, 20))
    n++;
  return n;
}

static void
test_bucket (void)
{
  DialplanBucket bucket = { 0 };

  g_assert_cmpuint (take_all (&bucket, SECOND), ==, 20);
  g_assert_cmpuint (take_all (&bucket, SECOND), ==, 0);
  g_assert_cmpuint (take_all (&bucket, 2 * SECOND), ==, 10);
  g_assert_cmpuint (take_all (&bucket, 100 * SECOND), ==, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialplan/choose", test_choose);
  g_test_add_func ("/dialplan/bucket", test_bucket);
  return g_test_run ();
}
