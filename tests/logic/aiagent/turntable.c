/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/turn/turntable.h"

#include <string.h>

#define MS G_GUINT64_CONSTANT (1000000)

static void
add (TurnTable *table, guint64 turn, guint64 detection, guint64 model,
    gint64 left)
{
  const TurnRow row = {
    .session = (gchar *) "default",
    .turn = turn,
    .at = turn * 1000 * MS,
    .stages.spent = { [TURN_STAGE_DETECTION] = detection * MS,
        [TURN_STAGE_MODEL] = model * MS },
    .turn_around = (detection + model) * MS,
    .left = left * (gint64) MS,
  };

  turn_table_add (table, &row);
}

static void
test_rows (void)
{
  g_autoptr (TurnTable) table = turn_table_new ();

  g_assert_null (turn_table_print (table));
  add (table, 1, 300, 1500, -800);
  add (table, 2, 200, 500, 300);
  g_autofree gchar *text = turn_table_print (table);
  g_assert_cmpstr (text, ==,
      "What callers waited for, ms:\n"
      "        s session         turn detection transcriber model voice"
      " backend playout     all   left\n"
      "    1.000 default            1       300           0  1500     0"
      "       0       0    1800   -800\n"
      "    2.000 default            2       200           0   500     0"
      "       0       0     700    300\n"
      "      p50                            200           0   500     0"
      "       0       0     700\n"
      "      p95                            300           0  1500     0"
      "       0       0    1800\n"
      "      max                            300           0  1500     0"
      "       0       0    1800\n");
}

static void
test_last (void)
{
  g_autoptr (TurnTable) table = turn_table_new ();

  for (guint64 i = 1; i <= TURN_TABLE_ROWS + 5; i++)
    add (table, i, i, 0, 0);
  g_autofree gchar *text = turn_table_print (table);
  g_assert_nonnull (strstr (text, "... the last 1000 of 1005\n"));
  g_assert_null (strstr (text, "\n    5.000 "));
  g_assert_nonnull (strstr (text, "\n    6.000 "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turntable/rows", test_rows);
  g_test_add_func ("/turntable/last", test_last);
  return g_test_run ();
}
