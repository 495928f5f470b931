/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a turn-around consists of, and a budget for it: told to the backend when the turn
 * is over, to everybody when the answer begins, or when it does not. */

#include "agentdialogue.h"

#include <string.h>

/* An agent that the test makes answer. */
typedef struct
{
  GstVoiceAgentBackend parent;
  GstClockTime respond_by; /* as it was told */
  gboolean thinks;
} Slow;

typedef GstVoiceAgentBackendClass SlowClass;

static GType slow_get_type (void);
G_DEFINE_TYPE (Slow, slow, GST_TYPE_VOICE_AGENT_BACKEND)

static void
slow_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  Slow *self = (Slow *) backend;

  self->respond_by = gst_voice_agent_backend_get_respond_by (backend);
}

static gboolean
slow_is_thinking (GstVoiceAgentBackend *backend)
{
  return ((Slow *) backend)->thinks;
}

static void
slow_init (Slow *self)
{
  self->thinks = TRUE;
}

static void
slow_class_init (SlowClass *klass)
{
  klass->turn = slow_turn;
  klass->is_thinking = slow_is_thinking;
}

static guint64
fact_time (const GstStructure *fact, const gchar *field)
{
  guint64 value;

  g_assert_nonnull (fact);
  g_assert_true (gst_structure_get_uint64 (fact, field, &value));
  return value;
}

static Slow *
begin_slow (guint budget)
{
  Slow *self = g_object_new (slow_get_type (), NULL);

  begin (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), "latency-budget",
      budget);
  call ("1", TRUE);
  run (400, FALSE);
  return self;
}

static void
finish_slow (Slow *self)
{
  finish ();
  g_object_unref (self);
}

/* A question of a second; whose end is known when this returns. */
static void
ask (void)
{
  run (1000, TRUE);
  for (guint i = 0; !find_fact ("aiagent/turn", "speech-stopped"); i++) {
    g_assert_cmpuint (i, <, 200);
    step (FALSE);
  }
}

/* @ms of sound behind @silent ms. */
static void
answer (Slow *self, guint silent, guint ms, const GstClockTime told[3])
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  const guint number = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
  g_autofree guint8 *sound = g_malloc0 ((silent + ms) * 16);

  memset (sound + silent * 16, 2, ms * 16);
  if (told)
    gst_voice_agent_backend_set_stages (backend, number, told[0], told[1],
        told[2]);
  gst_voice_agent_backend_write (backend, number, sound, (silent + ms) * 16);
  gst_voice_agent_backend_end_answer (backend, number);
}

static guint64
field_of (const gchar *state, const gchar *field)
{
  return fact_time (find_fact ("aiagent/turn", state), field);
}

static void
test_stages (void)
{
  const GstClockTime told[] = { 30 * GST_MSECOND, 50 * GST_MSECOND,
    20 * GST_MSECOND };
  Slow *self = begin_slow (0);

  ask ();
  g_assert_cmpuint (self->respond_by, ==, GST_CLOCK_TIME_NONE);
  g_assert_cmpuint (field_of ("speech-stopped", "respond-by"), ==, 0);
  run (200, FALSE);
  answer (self, 40, 400, told);
  run (400, FALSE);
  const gchar *state = "response-started";
  const gchar *const stages[] = { "detection", "transcriber", "model", "voice",
    "backend", "playout" };
  guint64 sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    sum += field_of (state, stages[i]);
  g_assert_cmpuint (sum, ==, field_of (state, "turn-around"));
  g_assert_cmpuint (field_of (state, "model"), ==, told[1]);
  /* There is no clock here that would say when it came in. */
  g_assert_cmpuint (field_of (state, "backend"), >=, 140 * GST_MSECOND);
  g_assert_cmpuint (field_of (state, "request"), ==,
      field_of (state, "decision") + told[0]);
  g_assert_cmpuint (counter ("detection-p50"), >=, 200 * GST_MSECOND);
  g_assert_cmpuint (counter ("model-p95"), ==, told[1]);
  g_assert_cmpuint (count_facts ("aiagent/over-budget", NULL), ==, 0);
  finish_slow (self);
}

static void
test_in_time (void)
{
  Slow *self = begin_slow (2000);
  gint64 left = 0;

  ask ();
  g_assert_cmpuint (self->respond_by, ==,
      field_of ("speech-stopped", "speech-end") + 2 * GST_SECOND);
  g_assert_cmpuint (field_of ("speech-stopped", "respond-by"), ==,
      self->respond_by);
  run (200, FALSE);
  answer (self, 0, 400, NULL);
  run (3000, FALSE);
  gst_structure_get_int64 (find_fact ("aiagent/turn", "response-started"),
      "budget-left", &left);
  g_assert_cmpint (left, ==,
      2 * (gint64) GST_SECOND -
          (gint64) field_of ("response-started", "turn-around"));
  g_assert_cmpuint (count_facts ("aiagent/over-budget", NULL), ==, 0);
  finish_slow (self);
}

/* It is told while the caller waits, and once. */
static void
test_late (void)
{
  Slow *self = begin_slow (800);
  gint64 left = 0;

  ask ();
  run (1000, FALSE);
  const GstStructure *late = find_fact ("aiagent/over-budget", NULL);
  g_assert_nonnull (late);
  g_assert_cmpstr (gst_structure_get_string (late, "stage"), ==, "backend");
  g_assert_cmpstr (gst_structure_get_string (late, "call-id"), ==, "1");
  g_assert_cmpuint (fact_time (late, "waited"), >, 800 * GST_MSECOND);
  g_assert_cmpuint (fact_time (late, "waited"), <=, 820 * GST_MSECOND);
  g_assert_cmpuint (fact_time (late, "turn-id"), ==, 1);
  answer (self, 0, 400, NULL);
  run (1000, FALSE);
  gst_structure_get_int64 (find_fact ("aiagent/turn", "response-started"),
      "budget-left", &left);
  g_assert_cmpint (left, <, 0);
  g_assert_cmpuint (count_facts ("aiagent/over-budget", NULL), ==, 1);
  finish_slow (self);
}

/* Who has nothing to answer is not late. */
static void
test_no_answer (void)
{
  Slow *self = begin_slow (500);

  self->thinks = FALSE;
  ask ();
  run (3000, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/over-budget", NULL), ==, 0);
  finish_slow (self);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentbudget/stages", test_stages);
  g_test_add_func ("/agentbudget/in-time", test_in_time);
  g_test_add_func ("/agentbudget/late", test_late);
  g_test_add_func ("/agentbudget/no-answer", test_no_answer);
  return g_test_run ();
}
