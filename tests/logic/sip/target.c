/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which server of a name is tried when. */

#include "sip/logic/target/srvorder.h"
#include "sip/logic/target/targetmemory.h"

#define ROUNDS 4000

static const SrvRecord records[] = {
  { (gchar *) "last", 5060, 20, 0 },
  { (gchar *) "light", 5060, 10, 10 },
  { (gchar *) "heavy", 5060, 10, 30 },
  { (gchar *) "none", 5060, 10, 0 },
};

/* Priorities are kept, whatever weights say; of one priority the share of being first
 * is that of the weight. */
static void
test_weights (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2782);
  guint heavy = 0, light = 0, none = 0;

  for (guint i = 0; i < ROUNDS; i++) {
    SrvRecord some[G_N_ELEMENTS (records)];
    for (guint k = 0; k < G_N_ELEMENTS (records); k++)
      some[k] = records[k];
    srv_order (some, G_N_ELEMENTS (some), random);
    g_assert_cmpstr (some[3].host, ==, "last");
    heavy += g_str_equal (some[0].host, "heavy");
    light += g_str_equal (some[0].host, "light");
    none += g_str_equal (some[0].host, "none");
  }
  /* of 0 to 40 inclusive "none" has 0, "light" 1 to 10, "heavy" the rest: within
   * four standard deviations */
  g_assert_cmpuint (heavy, >, ROUNDS * 30 / 41 - 112);
  g_assert_cmpuint (heavy, <, ROUNDS * 30 / 41 + 112);
  g_assert_cmpuint (light, >, ROUNDS * 10 / 41 - 109);
  g_assert_cmpuint (light, <, ROUNDS * 10 / 41 + 109);
  g_assert_cmpuint (none, >, 0);
  g_assert_cmpuint (heavy + light + none, ==, ROUNDS);
}

static void
test_no_weights (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  SrvRecord some[] = { { (gchar *) "c", 1, 3, 0 }, { (gchar *) "a", 1, 1, 0 },
    { (gchar *) "b", 1, 2, 65535 } };

  srv_order (some, 0, random);
  srv_order (some, 1, random);
  g_assert_cmpstr (some[0].host, ==, "c");
  srv_order (some, 3, random);
  g_assert_cmpstr (some[0].host, ==, "a");
  g_assert_cmpstr (some[1].host, ==, "b");
  g_assert_cmpstr (some[2].host, ==, "c");
}

static void
test_memory (void)
{
  g_autoptr (TargetMemory) memory = target_memory_new ();

  g_assert_false (target_memory_is_avoided (memory, "a", 0));
  target_memory_avoid (memory, "a", 100);
  target_memory_avoid (memory, "a", 50);
  target_memory_avoid (memory, "b", 60);
  g_assert_true (target_memory_is_avoided (memory, "a", 99));
  g_assert_false (target_memory_is_avoided (memory, "a", 100));
  g_assert_true (target_memory_is_avoided (memory, "b", 59));
  target_memory_clear (memory, "b");
  g_assert_false (target_memory_is_avoided (memory, "b", 59));
}

static void
test_many (void)
{
  g_autoptr (TargetMemory) memory = target_memory_new ();

  for (guint i = 0; i <= TARGET_MEMORY_MAX; i++) {
    g_autofree gchar *name = g_strdup_printf ("%u", i);
    target_memory_avoid (memory, name, 1000 + (i + 5) % 100);
  }
  /* the first of those that end first */
  guint left = 0;
  for (guint i = 0; i <= TARGET_MEMORY_MAX; i++) {
    g_autofree gchar *name = g_strdup_printf ("%u", i);
    left += target_memory_is_avoided (memory, name, 999);
  }
  g_assert_cmpuint (left, ==, TARGET_MEMORY_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target/weights", test_weights);
  g_test_add_func ("/target/no-weights", test_no_weights);
  g_test_add_func ("/target/memory", test_memory);
  g_test_add_func ("/target/many", test_many);
  return g_test_run ();
}
