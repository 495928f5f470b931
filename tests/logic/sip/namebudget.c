/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rate/namebudget.h"

static void
test_one_stranger (void)
{
  NameBudget self = { 0 };

  for (guint i = 0; i < 2 * NAME_BUDGET_SOURCE; i++)
    g_assert_cmpint (name_budget_take (&self, "192.0.2.1"), ==,
        i < NAME_BUDGET_SOURCE);
  g_assert_true (name_budget_take (&self, "192.0.2.2"));
  g_assert_true (name_budget_take (&self, NULL));
  name_budget_clear (&self);
}

/* All of them together take nothing from who is known. */
static void
test_many_strangers (void)
{
  NameBudget self = { 0 };
  guint taken = 0;

  for (guint i = 0; i < 2 * NAME_BUDGET_STRANGERS; i++) {
    g_autofree gchar *host = g_strdup_printf ("2001:db8::%x", i);
    taken += name_budget_take (&self, host);
  }
  g_assert_cmpuint (taken, ==, NAME_BUDGET_STRANGERS);
  for (guint i = 0; i < NAME_BUDGET_KNOWN; i++)
    g_assert_true (name_budget_take (&self, NULL));
  g_assert_false (name_budget_take (&self, NULL));
  name_budget_clear (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/namebudget/one-stranger", test_one_stranger);
  g_test_add_func ("/namebudget/many-strangers", test_many_strangers);
  return g_test_run ();
}
