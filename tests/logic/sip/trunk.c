/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which trunk a call takes. */

#include "sip/logic/trunk/trunkchoice.h"
#include "sip/logic/trunk/trunktarget.h"

#include <string.h>

#define SECOND (G_GINT64_CONSTANT (1000000000))
#define MOST 6 /* trunks */
#define ROUNDS 300

/* ---- Numbers */

static void
test_match (void)
{
  const gchar *const prefixes[] = { "+49", "+4930", "0", NULL };

  g_assert_cmpint (trunk_match (prefixes, "+4930123"), ==, 5);
  g_assert_cmpint (trunk_match (prefixes, "+4989123"), ==, 3);
  g_assert_cmpint (trunk_match (prefixes, "030123"), ==, 1);
  g_assert_cmpint (trunk_match (prefixes, "+1212"), ==, -1);
  g_assert_cmpint (trunk_match (prefixes, NULL), ==, -1);
  g_assert_cmpint (trunk_match (NULL, "+1212"), ==, 0);
  g_assert_cmpint (trunk_match (NULL, NULL), ==, 0);
}

static void
test_target (void)
{
  static const struct
  {
    const gchar *uri, *number, *there;
  } targets[] = {
    { "sip:0049 30@a.example", NULL, NULL },
    { "sip:0049-30-123@a.example", "+4930123",
        "sip:+4930123@b.example:5070;transport=tcp" },
    { "sips:+4930123@a.example;user=phone", "+4930123",
        "sips:+4930123@b.example:5070;transport=tcp;user=phone" },
    { "sip:110@a.example", "110", "sip:110@b.example:5070;transport=tcp" },
    { "sip:bob@a.example", NULL, NULL },
    { "sip:+4930123@a.example?Replaces=x", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_autofree gchar *number = trunk_target_dup_number (targets[i].uri);
    g_assert_cmpstr (number, ==, targets[i].number);
    if (!targets[i].there)
      continue;
    g_autofree gchar *there = trunk_target_dup_at (targets[i].uri,
        "sip:b.example:5070;transport=tcp");
    g_assert_cmpstr (there, ==, targets[i].there);
    g_autofree gchar *same =
        trunk_target_dup_at (targets[i].uri, "sip:A.example:5060");
    if (targets[i].uri[3] == ':')
      g_assert_cmpstr (same, ==, targets[i].uri); /* as it was written */
  }
}

/* As the server is reached, and never less encrypted than it was asked for. */
static void
test_way (void)
{
  static const struct
  {
    const gchar *uri, *server, *there;
  } ways[] = {
    { "sip:+4930123@a.example;user=phone", "sip:a.example;transport=tls",
        "sip:+4930123@a.example;transport=tls;user=phone" },
    { "sip:+4930123@a.example:5061;user=phone",
        "sip:a.example:5061;transport=tls",
        "sip:+4930123@a.example:5061;transport=tls;user=phone" },
    { "sip:+4930123@a.example", "sips:a.example", "sips:+4930123@a.example" },
    { "sip:+4930123@a.example", "sips:a.example:5061",
        "sips:+4930123@a.example:5061" },
    { "sip:0049-30@a.example", "sip:a.example;transport=tcp",
        "sip:0049-30@a.example;transport=tcp" },
    { "sip:110@a.example;transport=udp", "sip:a.example;transport=tls",
        "sip:110@a.example;transport=tls" },
    { "sip:bob@a.example", "sip:a.example;transport=tcp",
        "sip:bob@a.example;transport=tcp" },
    { "sip:bob@a.example;transport=udp", "sip:a.example;transport=tcp",
        "sip:bob@a.example;transport=udp" },
    { "sip:a.example", "sips:a.example", "sips:a.example" },
    { "sip:+4930123@a.example;transport=tls", "sip:b.example;transport=tcp",
        "sip:+4930123@b.example;transport=tls" },
    { "sip:+4930123@a.example;transport=tls",
        "sip:b.example:5061;transport=tls",
        "sip:+4930123@b.example:5061;transport=tls" },
    { "sips:+4930123@a.example", "sip:a.example", "sips:+4930123@a.example" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree gchar *there = trunk_target_dup_at (ways[i].uri, ways[i].server);
    g_assert_cmpstr (there, ==, ways[i].there);
  }
}

static void
test_place (void)
{
  g_autofree gchar *place =
      trunk_target_dup_place ("sips:[2001:db8::1]:5071;transport=tcp");

  g_assert_cmpstr (place, ==, "[2001:db8::1]:5071");
  g_assert_true (trunk_target_is_at ("sip:1@A.example", "sip:a.example"));
  g_assert_true (trunk_target_is_at ("sip:a.example:5060", "sip:a.example"));
  g_assert_true (
      trunk_target_is_at ("sip:1@[::1]:7;x=y@z", "sip:[::1]:7;transport=tcp"));
  g_assert_false (trunk_target_is_at ("sip:1@a.example:5061", "sip:a.example"));
  g_assert_false (trunk_target_is_at ("sips:1@a.example", "sip:a.example"));
  g_assert_false (
      trunk_target_is_at ("sip:1@a.example;transport=tls", "sip:a.example"));
  g_assert_false (
      trunk_target_is_at ("sip:1@a.example:5060", "sips:a.example"));
  g_assert_true (trunk_target_is_at ("sip:1@a.example", "sips:a.example"));
  g_assert_false (trunk_target_is_at ("sip:a.example@b", "sip:a.example"));
}

/* ---- Choices */

typedef struct
{
  Trunk trunks[MOST];
  TrunkState states[MOST];
  guint n;
} Line;

static void
line_init (Line *self, guint n)
{
  memset (self, 0, sizeof *self);
  self->n = n;
  for (guint i = 0; i < n; i++)
    self->trunks[i] = (Trunk){ .weight = 1, .state = &self->states[i] };
}

static gint
choose (Line *self, const gchar *number, gint64 now)
{
  return trunk_choose (self->trunks, self->n, number, now);
}

/* Of 20 calls, evenly: nobody waits for long. */
static void
test_weights (void)
{
  Line line;
  guint calls[MOST] = { 0 };
  gint last = -1;
  guint repeated = 0;

  line_init (&line, 3);
  line.trunks[0].weight = 3;
  line.trunks[1].weight = 1;
  line.trunks[2].weight = 0;
  for (guint i = 0; i < 20; i++) {
    const gint index = choose (&line, "1", SECOND);
    g_assert_cmpint (index, >=, 0);
    calls[index]++;
    repeated = index == last ? repeated + 1 : 0;
    g_assert_cmpuint (repeated, <, 3);
    last = index;
  }
  g_assert_cmpuint (calls[0], ==, 15);
  g_assert_cmpuint (calls[1], ==, 5);
  line.trunks[0].tried = line.trunks[1].tried = TRUE;
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 2);
  g_assert_cmpint (line.trunks[0].verdict, ==, TRUNK_TRIED);
}

static void
test_prefix (void)
{
  static const gchar *const germany[] = { "+49", NULL };
  static const gchar *const berlin[] = { "+4930", "030", NULL };
  Line line;

  line_init (&line, 3);
  line.trunks[1].prefixes = germany;
  line.trunks[2].prefixes = berlin;
  g_assert_cmpint (choose (&line, "+4930123", SECOND), ==, 2);
  g_assert_cmpint (choose (&line, "+4989123", SECOND), ==, 1);
  g_assert_cmpint (choose (&line, "+331", SECOND), ==, 0);
  g_assert_cmpint (choose (&line, NULL, SECOND), ==, 0);
  line.trunks[2].down = TRUE;
  g_assert_cmpint (choose (&line, "+4930123", SECOND), ==, 1);
  g_assert_cmpint (line.trunks[2].verdict, ==, TRUNK_DOWN);
  line.trunks[1].other = line.trunks[0].other = TRUE;
  g_assert_cmpint (choose (&line, "+4930123", SECOND), ==, -1);
  g_assert_cmpint (line.trunks[1].verdict, ==, TRUNK_OTHER);
}

static void
test_limits (void)
{
  Line line;

  line_init (&line, 2);
  line.trunks[0].max_calls = 1;
  line.trunks[1].max_rate = 2;
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 0);
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 1);
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 1);
  g_assert_cmpint (choose (&line, "1", SECOND), ==, -1);
  g_assert_cmpint (line.trunks[0].verdict, ==, TRUNK_FULL);
  g_assert_cmpint (line.trunks[1].verdict, ==, TRUNK_FAST);
  g_assert_cmpint (choose (&line, "1", SECOND + SECOND / 4), ==, -1);
  g_assert_cmpint (choose (&line, "1", SECOND + SECOND / 2), ==, 1);
  trunk_end (&line.states[0]);
  g_assert_cmpint (choose (&line, "1", SECOND + SECOND / 2), ==, 0);
}

/* Who asks for quiet has it; who did not react is the last that is tried. */
static void
test_trouble (void)
{
  Line line;

  line_init (&line, 2);
  trunk_fail (&line.states[0], 503, 7, SECOND);
  trunk_fail (&line.states[1], 408, 0, SECOND);
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 1);
  g_assert_cmpint (line.trunks[0].verdict, ==, TRUNK_SHUT);
  g_assert_cmpint (choose (&line, "1", 8 * SECOND), ==, 0);
  g_assert_cmpint (choose (&line, "1", 8 * SECOND), ==, 0);
  trunk_work (&line.states[1]);
  g_assert_cmpint (choose (&line, "1", 8 * SECOND), ==, 0);
  g_assert_cmpint (choose (&line, "1", 8 * SECOND), ==, 1);
  trunk_fail (&line.states[0], 503, 0, 8 * SECOND);
  g_assert_cmpint (choose (&line, "1", 37 * SECOND), ==, 1);
  g_assert_cmpint (choose (&line, "1", 38 * SECOND), ==, 0);
  trunk_fail (&line.states[1], 500, 0, 38 * SECOND); /* of that number */
  g_assert_cmpint (choose (&line, "1", 38 * SECOND), ==, 1);
  trunk_fail (&line.states[0], 503, G_MAXUINT, 0);
  g_assert_cmpint (choose (&line, "1", 3601 * SECOND), >=, 0);
}

/* There is nobody else. */
static void
test_only (void)
{
  Line line;

  line_init (&line, 1);
  line.trunks[0].down = TRUE;
  trunk_fail (&line.states[0], 503, 7, SECOND);
  g_assert_cmpint (choose (&line, "1", SECOND), ==, 0);
  line.trunks[0].max_calls = 1;
  g_assert_cmpint (choose (&line, "1", SECOND), ==, -1);
}

static void
test_passes_on (void)
{
  static const guint passed[] = { 0, 401, 407, 408, 430, 500, 502, 503, 504,
    599 };
  static const guint kept[] = { 403, 404, 480, 484, 486, 487, 488, 600, 603,
    604, 606 };

  for (guint i = 0; i < G_N_ELEMENTS (passed); i++)
    g_assert_true (trunk_passes_on (passed[i]));
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_assert_false (trunk_passes_on (kept[i]));
}

/* ---- Whatever happens */

static const gchar *const prefixes[][3] = { { "+49", NULL }, { "+4930", NULL },
  { "+4930", "+33" }, { "1", NULL } };
static const gchar *const numbers[] = { "+4930123", "+4989", "+331", "112",
  NULL };

static gint
rank (const Trunk *trunk, const gchar *number, gint64 now)
{
  const gint match = trunk_match (trunk->prefixes, number);

  return match < 0 ? -1 : match + (trunk->state->doubt_until > now ? 0 : 100);
}

static void
assert_choice (const Line *line, gint index, const gchar *number, gint64 now)
{
  if (index < 0) {
    for (guint i = 0; i < line->n; i++)
      g_assert_cmpint (line->trunks[i].verdict, !=, TRUNK_GOOD);
    return;
  }
  const Trunk *chosen = &line->trunks[index];
  g_assert_cmpint (chosen->verdict, ==, TRUNK_GOOD);
  g_assert_false (
      chosen->tried || chosen->other || (line->n > 1 && chosen->down));
  g_assert_true (
      !chosen->max_calls || chosen->state->calls <= chosen->max_calls);
  for (guint i = 0; i < line->n; i++) {
    const Trunk *each = &line->trunks[i];
    if (each->verdict != TRUNK_GOOD)
      continue;
    g_assert_cmpint (rank (each, number, now), <=, rank (chosen, number, now));
    if (rank (each, number, now) == rank (chosen, number, now))
      g_assert_true (chosen->weight || !each->weight);
  }
}

static void
line_random (Line *self, GRand *random)
{
  line_init (self, g_rand_int_range (random, 1, MOST + 1));
  for (guint i = 0; i < self->n; i++) {
    Trunk *each = &self->trunks[i];
    const gint which = g_rand_int_range (random, 0, 8);
    each->prefixes = which < 4 ? prefixes[which] : NULL;
    each->weight = g_rand_int_range (random, 0, 4);
    each->max_calls = g_rand_int_range (random, 0, 4);
    each->max_rate = g_rand_int_range (random, 0, 4);
  }
}

static void
change (Line *self, GRand *random, gint64 now)
{
  Trunk *trunk = &self->trunks[g_rand_int_range (random, 0, self->n)];

  switch (g_rand_int_range (random, 0, 8)) {
    case 0:
      trunk->down = !trunk->down;
      break;
    case 1:
      trunk->other = !trunk->other;
      break;
    case 2:
      trunk_fail (trunk->state, 503, g_rand_int_range (random, 0, 3), now);
      break;
    case 3:
      trunk_fail (trunk->state, 408, 0, now);
      break;
    case 4:
      trunk->tried = !trunk->tried;
      break;
    default:
      if (trunk->state->calls)
        trunk_end (trunk->state);
  }
}

/* The same for the same state; limits hold, over each time that there is. */
static void
test_random (void)
{
  for (guint seed = 0; seed < ROUNDS; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    Line line;
    guint begun[MOST] = { 0 };
    gint64 now = SECOND;

    line_random (&line, random);
    for (guint step = 0; step < 400; step++) {
      const gchar *number = numbers[g_rand_int_range (random, 0, 5)];
      Line same = line;
      now += g_rand_int_range (random, 0, (gint32) (SECOND / 3));
      change (&line, random, now);
      memcpy (same.states, line.states, sizeof same.states);
      for (guint i = 0; i < line.n; i++) {
        same.trunks[i] = line.trunks[i];
        same.trunks[i].state = &same.states[i];
      }
      const gint index = choose (&line, number, now);
      g_assert_cmpint (choose (&same, number, now), ==, index);
      assert_choice (&line, index, number, now);
      if (index >= 0)
        begun[index]++;
    }
    for (guint i = 0; i < line.n; i++)
      if (line.trunks[i].max_rate)
        g_assert_cmpfloat (begun[i], <=,
            line.trunks[i].max_rate * (1 + (gdouble) (now - SECOND) / SECOND) +
                0.001);
  }
}

/* Of as many calls as the weights add up to, each has exactly its own. */
static void
test_shares (void)
{
  for (guint seed = 0; seed < ROUNDS; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    Line line;
    guint total = 0, calls[MOST] = { 0 };

    line_init (&line, g_rand_int_range (random, 1, MOST + 1));
    for (guint i = 0; i < line.n; i++)
      total += line.trunks[i].weight = g_rand_int_range (random, 1, 20);
    for (guint i = 0; i < 3 * total; i++)
      calls[choose (&line, "1", SECOND)]++;
    for (guint i = 0; i < line.n; i++) {
      g_assert_cmpuint (calls[i], ==, 3 * line.trunks[i].weight);
      g_assert_cmpint (line.states[i].credit, ==, 0);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trunk/match", test_match);
  g_test_add_func ("/trunk/target", test_target);
  g_test_add_func ("/trunk/way", test_way);
  g_test_add_func ("/trunk/place", test_place);
  g_test_add_func ("/trunk/weights", test_weights);
  g_test_add_func ("/trunk/prefix", test_prefix);
  g_test_add_func ("/trunk/limits", test_limits);
  g_test_add_func ("/trunk/trouble", test_trouble);
  g_test_add_func ("/trunk/only", test_only);
  g_test_add_func ("/trunk/passes-on", test_passes_on);
  g_test_add_func ("/trunk/random", test_random);
  g_test_add_func ("/trunk/shares", test_shares);
  return g_test_run ();
}
