/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/dialplan.h"
#include "sip/logic/rate/tokenbucket.h"

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
  DialplanLine lines[] = { { "" }, { "bob" }, { "bob" }, { NULL } };

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

/* Who is not let in does not hear that somebody else is busy. */
static void
test_closed (void)
{
  DialplanLine lines[] = { { .user = "bob", .closed = TRUE }, { .user = "bob" },
    { .user = "", .closed = TRUE } };

  assert_choice (lines, 3, "bob", DIALPLAN_LINE, 1);
  assert_choice (lines, 3, "eve", DIALPLAN_CLOSED, 0);
  assert_choice (lines, 1, "eve", DIALPLAN_NOT_FOUND, 0);
  lines[1].busy = TRUE;
  assert_choice (lines, 3, "bob", DIALPLAN_BUSY, 0);
  lines[1].closed = TRUE;
  assert_choice (lines, 3, "bob", DIALPLAN_CLOSED, 0);
  lines[2].closed = FALSE;
  assert_choice (lines, 3, "bob", DIALPLAN_LINE, 2);
}

/* Lines with accounts: each has the calls to its own, and not those to another's, but
 * what nobody has a name for. */
static void
test_alias (void)
{
  const gchar *const first[] = { "100", "101", NULL };
  const gchar *const second[] = { "200", NULL };
  const gchar *const third[] = { "300", NULL };
  DialplanLine lines[] = { { .user = "", .aliases = first },
    { .user = "", .aliases = second }, { .user = "bob", .aliases = third } };

  assert_choice (lines, 3, "100", DIALPLAN_LINE, 0);
  assert_choice (lines, 3, "101", DIALPLAN_LINE, 0);
  assert_choice (lines, 3, "200", DIALPLAN_LINE, 1);
  assert_choice (lines, 3, "300", DIALPLAN_LINE, 2);
  assert_choice (lines, 3, "bob", DIALPLAN_LINE, 2);
  assert_choice (lines, 3, "eve", DIALPLAN_LINE, 0);
  assert_choice (lines + 2, 1, "eve", DIALPLAN_NOT_FOUND, 0);
  lines[1].busy = TRUE;
  assert_choice (lines, 3, "200", DIALPLAN_BUSY, 0);
  lines[0].aliases = NULL;
  assert_choice (lines, 3, "200", DIALPLAN_LINE, 0);
}

static guint
take_all (TokenBucket *bucket, gint64 now)
{
  guint n = 0;

  while (n < 1000 && token_bucket_take (bucket, now, 10, 20))
    n++;
  return n;
}

static void
test_bucket (void)
{
  TokenBucket bucket = { 0 };

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
  g_test_add_func ("/dialplan/closed", test_closed);
  g_test_add_func ("/dialplan/alias", test_alias);
  g_test_add_func ("/dialplan/bucket", test_bucket);
  return g_test_run ();
}
