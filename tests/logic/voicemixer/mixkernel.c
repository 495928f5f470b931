/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "voicemixer/logic/mixkernel.h"
#include "voicemixer/logic/mixmatrix.h"

#include <string.h>

#define N 320
#define MAX_MEMBERS 24

static gint32 inputs[MAX_MEMBERS][N];
static const gint32 *rows[MAX_MEMBERS];
static MixSet *sets[MAX_MEMBERS][2];
static MixMember members[MAX_MEMBERS];

static void
add_member (guint slot, guint number, const gchar *hears, const gchar *heard_by)
{
  sets[slot][0] = mix_set_parse (hears, NULL);
  sets[slot][1] = mix_set_parse (heard_by, NULL);
  members[slot] = (MixMember){ TRUE, number, sets[slot][0], sets[slot][1] };
  rows[slot] = inputs[slot];
  for (guint i = 0; i < N; i++)
    inputs[slot][i] = g_test_rand_int_range (-32768, 32768);
}

static void
clear_members (void)
{
  for (guint i = 0; i < MAX_MEMBERS; i++) {
    g_clear_pointer (&sets[i][0], mix_set_free);
    g_clear_pointer (&sets[i][1], mix_set_free);
  }
  memset (members, 0, sizeof (members));
  memset (rows, 0, sizeof (rows));
}

static void
sum_all (gint32 *total)
{
  memset (total, 0, N * sizeof (gint32));
  for (guint i = 0; i < MAX_MEMBERS; i++)
    if (rows[i])
      mix_add (total, rows[i], N);
}

/* What the matrix makes is what adding up one by one makes. */
static void
check_against_naive (MixMatrix *matrix)
{
  gint32 total[N], out[N];

  sum_all (total);
  for (guint i = 0; i < MAX_MEMBERS; i++) {
    gint32 naive[N] = { 0 };
    for (guint k = 0; k < MAX_MEMBERS; k++)
      for (guint s = 0; s < N && rows[k] && mix_matrix_hears (matrix, i, k);
           s++)
        naive[s] += inputs[k][s];
    mix_matrix_mix (matrix, i, rows, MAX_MEMBERS, total, out, N);
    g_assert_cmpmem (out, sizeof (out), naive, sizeof (naive));
  }
}

static void
test_everybody (void)
{
  for (guint i = 0; i < MAX_MEMBERS; i++)
    if (i != 5)
      add_member (i, 100 + i, NULL, "all");
  g_autoptr (MixMatrix) matrix = mix_matrix_new (members, MAX_MEMBERS);
  g_assert_true (mix_matrix_hears (matrix, 0, 1));
  g_assert_false (mix_matrix_hears (matrix, 1, 1));
  g_assert_false (mix_matrix_hears (matrix, 1, 5));
  g_assert_false (mix_matrix_hears (matrix, 5, 1));
  g_assert_false (mix_matrix_hears (matrix, 1, MAX_MEMBERS));
  check_against_naive (matrix);
  rows[7] = NULL; /* silent */
  check_against_naive (matrix);
  clear_members ();
}

/* A supervisor (2) whom only the agent (1) hears, and who hears all. */
static void
test_whisper (void)
{
  add_member (0, 0, NULL, NULL);
  add_member (1, 1, NULL, NULL);
  add_member (2, 2, NULL, "1");
  add_member (3, 3, "", NULL); /* hears nobody */
  g_autoptr (MixMatrix) matrix = mix_matrix_new (members, MAX_MEMBERS);
  g_assert_true (mix_matrix_hears (matrix, 1, 2));
  g_assert_false (mix_matrix_hears (matrix, 0, 2));
  g_assert_true (mix_matrix_hears (matrix, 2, 0));
  g_assert_false (mix_matrix_hears (matrix, 3, 0));
  g_assert_true (mix_matrix_hears (matrix, 0, 3));
  check_against_naive (matrix);
  g_autoptr (MixMatrix) same = mix_matrix_new (members, MAX_MEMBERS - 1);
  g_assert_true (mix_matrix_same_row (matrix, same, 0));
  members[3].present = FALSE;
  g_autoptr (MixMatrix) other = mix_matrix_new (members, 3);
  g_assert_false (mix_matrix_same_row (matrix, other, 0));
  g_assert_true (mix_matrix_same_row (matrix, other, 3));
  clear_members ();
}

static void
test_random (void)
{
  for (guint round = 0; round < 200; round++) {
    for (guint i = 0; i < MAX_MEMBERS; i++) {
      const gchar *const texts[] = { NULL, "all", "", "1,2,3", "4 5, 6,7 8",
        "0,2,4,6,8,10,12,14,16,18,20,22" };
      if (g_test_rand_int_range (0, 5))
        add_member (i, i, texts[g_test_rand_int_range (0, 6)],
            texts[g_test_rand_int_range (0, 6)]);
    }
    g_autoptr (MixMatrix) matrix = mix_matrix_new (members, MAX_MEMBERS);
    check_against_naive (matrix);
    clear_members ();
  }
}

static void
test_set_errors (void)
{
  const gchar *const wrong[] = { "a", "1,b", "-1", "1.5", "99999999999",
    "None" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (mix_set_parse (wrong[i], &error));
    g_assert_nonnull (error);
  }
}

static void
test_gain (void)
{
  const gint16 in[4] = { 1000, -1000, 32767, -32768 };
  gint32 out[4];

  mix_apply_gain (in, out, 4, 1, 1);
  g_assert_cmpint (out[2], ==, 32767);
  g_assert_cmpint (out[3], ==, -32768);
  mix_apply_gain (in, out, 4, 0, 1);
  g_assert_cmpint (out[0], ==, 250);
  g_assert_cmpint (out[1], ==, -500);
  g_assert_cmpint (out[3], ==, -32768);
  mix_apply_gain (in, out, 4, 2, 2);
  g_assert_cmpint (out[2], ==, 65534);
}

static void
test_crossfade (void)
{
  const gint32 from[4] = { 100, 100, 100, 100 };
  gint32 to[4] = { 0, 0, 0, 4000000 };

  mix_crossfade (from, to, 4);
  g_assert_cmpint (to[0], ==, 75);
  g_assert_cmpint (to[1], ==, 50);
  g_assert_cmpint (to[3], ==, 4000000);
}

/* Untouched to the knee, then ever growing, never over full scale, the same for
 * both signs. */
static void
test_limit (void)
{
  gint16 last = 0;

  for (gint32 x = 0; x < 4000000; x += x < 70000 ? 1 : 997) {
    const gint32 both[2] = { x, -x };
    gint16 out[2];
    mix_limit (both, out, 2);
    g_assert_cmpint (out[0], ==, -out[1]);
    g_assert_cmpint (out[0], >=, last);
    if (x <= MIX_LIMIT_KNEE)
      g_assert_cmpint (out[0], ==, x);
    last = out[0];
  }
  g_assert_cmpint (last, >, 32500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixkernel/everybody", test_everybody);
  g_test_add_func ("/mixkernel/whisper", test_whisper);
  g_test_add_func ("/mixkernel/random", test_random);
  g_test_add_func ("/mixkernel/set-errors", test_set_errors);
  g_test_add_func ("/mixkernel/gain", test_gain);
  g_test_add_func ("/mixkernel/crossfade", test_crossfade);
  g_test_add_func ("/mixkernel/limit", test_limit);
  return g_test_run ();
}
