/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What channels say of their calls, and what becomes of it: dialogues that begin and
 * end in order, whoever tells of it, and that wait while a call is on hold. */

#include "agentdialogue.h"

#include "aiagent/backends/local/local.h"

#include <string.h>

/* ---- A backend that writes down what it is told of dialogues */

typedef struct
{
  GstVoiceAgentBackend parent;

  void (*on_open) (void); /* in open() */
  GRand *rand; /* NULL: it takes its time for nothing */
  gint opened, closed, misplaced; /* atomic */
  GString *log; /* what else it is told; one thread only */
  guint ticks, heard; /* frames */
} Teller;

typedef GstVoiceAgentBackendClass TellerClass;

static GType teller_get_type (void);
G_DEFINE_TYPE (Teller, teller, GST_TYPE_VOICE_AGENT_BACKEND)

/* Lets another thread have its turn, or not. */
static void
dawdle (Teller *self)
{
  if (self->rand && g_rand_boolean (self->rand))
    g_usleep (g_rand_int_range (self->rand, 0, 60));
}

static void
teller_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call_,
    guint rate_)
{
  Teller *self = (Teller *) backend;

  dawdle (self);
  if (g_atomic_int_add (&self->opened, 1) != g_atomic_int_get (&self->closed))
    g_atomic_int_inc (&self->misplaced);
  if (self->on_open)
    self->on_open ();
  dawdle (self);
}

static void
teller_close (GstVoiceAgentBackend *backend)
{
  Teller *self = (Teller *) backend;

  dawdle (self);
  if (g_atomic_int_add (&self->closed, 1) + 1 !=
      g_atomic_int_get (&self->opened))
    g_atomic_int_inc (&self->misplaced);
}

static void
teller_pause (GstVoiceAgentBackend *backend, gboolean paused)
{
  g_string_append (((Teller *) backend)->log, paused ? "hold " : "resume ");
}

static void
teller_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  g_string_append (((Teller *) backend)->log, began ? "began " : "over ");
}

static void
teller_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  g_string_append_printf (((Teller *) backend)->log, "digit:%c ", digit);
}

static void
teller_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  ((Teller *) backend)->heard++;
}

static void
teller_tick (GstVoiceAgentBackend *backend)
{
  ((Teller *) backend)->ticks++;
}

static void
teller_finalize (GObject *object)
{
  Teller *self = (Teller *) object;

  g_clear_pointer (&self->rand, g_rand_free);
  g_string_free (self->log, TRUE);
  G_OBJECT_CLASS (teller_parent_class)->finalize (object);
}

static void
teller_init (Teller *self)
{
  self->log = g_string_new (NULL);
}

static void
teller_class_init (TellerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = teller_finalize;
  klass->open = teller_open;
  klass->close = teller_close;
  klass->pause = teller_pause;
  klass->turn = teller_turn;
  klass->digit = teller_digit;
  klass->send_audio = teller_send_audio;
  klass->tick = teller_tick;
}

static Teller *
begin_teller (void)
{
  Teller *self = g_object_new (teller_get_type (), NULL);

  begin (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), NULL, 0);
  return self;
}

static void
finish_teller (Teller *self)
{
  finish ();
  g_assert_cmpint (self->opened, ==, self->closed);
  g_assert_cmpint (self->misplaced, ==, 0);
  g_assert_finalize_object (self);
}

/* ---- Begin and end, by several threads */

static gint ended; /* atomic */

static gpointer
end_call_one (gpointer data)
{
  call_by (AGENT_SRC, "one", GST_VOICE_CALL_ENDED);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_ENDED);
  g_atomic_int_set (&ended, TRUE);
  return NULL;
}

static GThread *ender;

/* The call ends while the backend is being told that it began. */
static void
end_meanwhile (void)
{
  ender = g_thread_new ("ender", end_call_one, NULL);
  while (!g_atomic_int_get (&ended))
    g_thread_yield ();
}

static void
test_ends_while_it_begins (void)
{
  Teller *self = begin_teller ();

  self->on_open = end_meanwhile;
  g_atomic_int_set (&ended, FALSE);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_ANSWERED);
  g_thread_join (ender);
  g_assert_cmpint (self->opened, ==, 1);
  g_assert_cmpint (self->closed, ==, 1);
  g_assert_false (ticking);
  finish_teller (self);
}

/* ---- Seeded interleavings */

#define ROUNDS 3000

typedef struct
{
  AgentRole role;
  GRand *rand;
  gint *round; /* atomic: which call both are at */
} Side;

static void
pause_a_little (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      g_usleep (g_rand_int_range (rand, 0, 80));
      break;
    case 1:
      g_thread_yield ();
      break;
  }
}

/* One element of a channel: what it says of one call, at its own pace. */
static gpointer
tell_one_call (gpointer data)
{
  const Side *side = data;
  g_autofree gchar *id = g_strdup_printf ("%d", *side->round);
  const gint16 silence[160] = { 0 };
  guint8 frame[1920];
  GQueue events = G_QUEUE_INIT;

  pause_a_little (side->rand);
  call_by (side->role, id, GST_VOICE_CALL_ANSWERED);
  pause_a_little (side->rand);
  if (side->role == AGENT_SINK)
    agent_session_hear (session, silence, G_N_ELEMENTS (silence), 0, TRUE);
  else
    agent_session_speak (session, frame, 0, &events);
  pause_a_little (side->rand);
  call_by (side->role, id, GST_VOICE_CALL_ENDED);
  return NULL;
}

/* However the two elements of a channel meet: one dialogue a call, opened before it is
 * closed, and closed in the end. */
static void
test_two_threads (void)
{
  Teller *self = begin_teller ();
  gint round;
  Side sides[AGENT_N_ROLES];

  self->rand = g_rand_new_with_seed (7);
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    sides[i] = (Side){ i, g_rand_new_with_seed (i), &round };
  for (round = 1; round <= ROUNDS; round++) {
    GThread *other = g_thread_new ("src", tell_one_call, &sides[AGENT_SRC]);
    tell_one_call (&sides[AGENT_SINK]);
    g_thread_join (other);
    g_assert_cmpint (self->misplaced, ==, 0);
    g_assert_cmpint (self->opened, ==, round);
    g_assert_cmpint (self->closed, ==, round);
    g_assert_false (ticking);
  }
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    g_rand_free (sides[i].rand);
  finish_teller (self);
}

static gpointer
tell_of_calls (gpointer data)
{
  GRand *rand = data;

  for (guint i = 0; i < 20; i++) {
    call_by (AGENT_SRC, i & 2 ? "a" : "b",
        i & 1 ? GST_VOICE_CALL_ENDED : GST_VOICE_CALL_ANSWERED);
    pause_a_little (rand);
  }
  return NULL;
}

/* The pipeline stops while a channel goes on telling. */
static void
test_stops_meanwhile (void)
{
  GRand *rand = g_rand_new_with_seed (3), *own = g_rand_new_with_seed (4);

  for (guint i = 0; i < 300; i++) {
    Teller *self = begin_teller ();
    self->rand = g_rand_new_with_seed (i);
    GThread *other = g_thread_new ("src", tell_of_calls, rand);
    pause_a_little (own);
    for (guint role = 0; role < AGENT_N_ROLES; role++)
      agent_session_close (session, role);
    /* Nothing is left to be told once that returned. */
    g_assert_cmpint (g_atomic_int_get (&self->opened), ==,
        g_atomic_int_get (&self->closed));
    g_thread_join (other);
    finish_teller (self);
  }
  g_rand_free (rand);
  g_rand_free (own);
}

/* ---- Early media */

/* Ring-back is no caller: nobody is greeted into it. */
static void
test_early_media (void)
{
  Teller *self = begin_teller ();

  call_by (AGENT_SINK, "one", GST_VOICE_CALL_RINGING);
  run (500, TRUE);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_EARLY);
  run (500, TRUE);
  g_assert_cmpint (self->opened, ==, 0);
  g_assert_cmpuint (counter ("frames-in"), ==, 0);
  g_assert_cmpuint (facts->len, ==, 0);
  g_assert_false (ticking);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_ANSWERED);
  run (100, TRUE);
  g_assert_cmpint (self->opened, ==, 1);
  g_assert_cmpuint (self->heard, ==, 5);
  finish_teller (self);
}

/* A line that may speak early begins then, and not again. */
static void
test_speak_early (void)
{
  Teller *self = begin_teller ();
  GstVoiceCall early = {
    .state = GST_VOICE_CALL_EARLY,
    .call_id = "one",
    .channel = "sip",
    .speak_early = TRUE,
  };

  agent_session_call (session, AGENT_SINK, &early);
  g_assert_cmpint (self->opened, ==, 1);
  g_assert_true (ticking);
  run (100, TRUE);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_ANSWERED);
  call_by (AGENT_SRC, "one", GST_VOICE_CALL_ANSWERED);
  run (100, TRUE);
  g_assert_cmpint (self->opened, ==, 1);
  g_assert_cmpint (self->closed, ==, 0);
  g_assert_cmpuint (self->heard, ==, 10);
  finish_teller (self);
}

/* Sound before any word of a call is not the call. */
static void
test_sound_before_early (void)
{
  Teller *self = begin_teller ();

  run (100, FALSE);
  g_assert_cmpint (self->opened, ==, 1);
  call_by (AGENT_SRC, "one", GST_VOICE_CALL_EARLY);
  g_assert_cmpint (self->closed, ==, 1);
  call_by (AGENT_SRC, "one", GST_VOICE_CALL_ANSWERED);
  g_assert_cmpint (self->opened, ==, 2);
  finish_teller (self);
}

/* What waits before the ear is still ring-back when the mouth knows of the answer. */
static void
test_early_media_in_a_queue (void)
{
  Teller *self = begin_teller ();

  call_by (AGENT_SRC, "one", GST_VOICE_CALL_EARLY);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_EARLY);
  call_by (AGENT_SRC, "one", GST_VOICE_CALL_ANSWERED);
  g_assert_cmpint (self->opened, ==, 1);
  run (500, TRUE);
  g_assert_cmpuint (self->heard, ==, 0);
  call_by (AGENT_SINK, "one", GST_VOICE_CALL_ANSWERED);
  run (100, TRUE);
  g_assert_cmpuint (self->heard, ==, 5);
  g_assert_cmpint (self->opened, ==, 1);
  finish_teller (self);
}

/* ---- Hold */

/* @ms of a sound in which no two frames are the same. */
static void
write_clause (Teller *self, guint answer, guint ms, guint *at)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autofree gint16 *audio = g_new (gint16, ms * RATE / 1000);

  for (guint i = 0; i < ms * RATE / 1000; i++)
    audio[i] = (gint16) (1 + (*at)++);
  gst_voice_agent_backend_begin_clause (backend, answer, "words");
  gst_voice_agent_backend_write (backend, answer, audio, ms * RATE / 1000 * 2);
}

/* The sample that the agent said @frames before now. */
static gint
said_before (guint frames)
{
  const gint16 *samples = (const gint16 *) (gpointer) said->data;

  return samples[said->len / 2 - frames * RATE / 50];
}

static guint
say_two_clauses (Teller *self, gboolean end)
{
  guint at = 0;
  guint answer =
      gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self), 0,
          TRUE);

  write_clause (self, answer, 400, &at);
  write_clause (self, answer, 1000, &at);
  if (end)
    gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self), answer);
  return answer;
}

/* Music on hold is no caller, and nobody hears what is said into it: afterwards the
 * clause is said again from its beginning. */
static void
test_hold (void)
{
  Teller *self = begin_teller ();

  call ("1", TRUE);
  say_two_clauses (self, TRUE);
  g_assert_cmpuint (run (600, FALSE), ==, 30);
  const guint ticks = self->ticks, heard = self->heard;
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  call_by (AGENT_SRC, "1", GST_VOICE_CALL_HELD);
  g_assert_cmpuint (run (10000, TRUE), ==, 0);
  g_assert_true (ticking); /* silence flows */
  agent_session_digit (session, '1');
  run (10000, FALSE);
  g_assert_cmpuint (self->ticks, ==, ticks);
  g_assert_cmpuint (self->heard, ==, heard);
  g_assert_cmpstr (self->log->str, ==, "hold ");
  g_assert_cmpuint (counter ("turns"), ==, 0);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  call_by (AGENT_SRC, "1", GST_VOICE_CALL_RESUMED);
  g_assert_cmpstr (self->log->str, ==, "hold resume ");
  g_assert_true (step (FALSE));
  g_assert_cmpint (said_before (1), ==, 1 + 400 * RATE / 1000);
  g_assert_cmpuint (run (2000, FALSE), ==, 49);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, 1400);
  g_assert_cmpint (self->opened, ==, 1);
  finish_teller (self);
}

static gboolean
is_on_hold (void)
{
  g_autoptr (GstStructure) stats = agent_session_get_stats (session);
  gboolean on_hold = FALSE;

  g_assert_true (gst_structure_get_boolean (stats, "on-hold", &on_hold));
  return on_hold;
}

/* An answer that comes during hold waits for the caller. */
static void
test_answer_during_hold (void)
{
  Teller *self = begin_teller ();

  call ("1", TRUE);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  g_assert_true (is_on_hold ());
  say_two_clauses (self, TRUE);
  g_assert_cmpuint (run (1000, FALSE), ==, 0);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_false (is_on_hold ());
  g_assert_cmpuint (run (2000, FALSE), ==, 1400 / 20);
  finish_teller (self);
}

/* The caller was speaking: that turn is over, and told so. */
static void
test_hold_amid_turn (void)
{
  Teller *self = begin_teller ();

  call ("1", TRUE);
  run (500, TRUE);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  g_assert_cmpstr (self->log->str, ==, "began over hold ");
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 1);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  run (100, FALSE);
  run (500, TRUE);
  g_assert_cmpuint (counter ("turns"), ==, 2);
  finish_teller (self);
}

/* A sticky event tells those who come late the last state only. */
static void
test_comes_into_hold (void)
{
  Teller *self = begin_teller ();

  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  run (500, TRUE);
  g_assert_cmpint (self->opened, ==, 0);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_cmpint (self->opened, ==, 1);
  run (100, TRUE);
  g_assert_cmpuint (self->heard, ==, 5);
  finish_teller (self);
}

/* The element that is behind takes nothing back. */
static void
test_hold_told_late (void)
{
  Teller *self = begin_teller ();

  call_by (AGENT_SINK, "1", GST_VOICE_CALL_ANSWERED);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  call_by (AGENT_SRC, "1", GST_VOICE_CALL_ANSWERED);
  g_assert_true (is_on_hold ());
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  call_by (AGENT_SRC, "1", GST_VOICE_CALL_HELD);
  g_assert_false (is_on_hold ());
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_ENDED);
  call_by (AGENT_SRC, "1", GST_VOICE_CALL_RESUMED);
  g_assert_cmpint (self->opened, ==, 1);
  g_assert_cmpint (self->closed, ==, 1);
  finish_teller (self);
}

/* The next caller does not wait for what the last one did. */
static void
test_ends_on_hold (void)
{
  Teller *self = begin_teller ();

  call ("1", TRUE);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  call ("1", FALSE);
  g_assert_false (is_on_hold ());
  call ("2", TRUE);
  run (100, FALSE);
  g_assert_cmpuint (self->heard, ==, 5);
  finish_teller (self);
}

/* The time to think does not pass. */
static void
test_script_waits_on_hold (void)
{
  begin_script ("[agent]\nthink-time=400\nturns=a\n"
                "[answer a]\naudio=tone:500,200\n",
      NULL, 0);
  call ("1", TRUE);
  run (600, TRUE);
  run (400, FALSE);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  g_assert_cmpuint (run (5000, FALSE), ==, 0);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_cmpuint (run (200, FALSE), ==, 0);
  g_assert_cmpuint (run (500, FALSE), ==, 200 / 20);
  finish ();
}

static gboolean
find_text (const gchar *text)
{
  for (guint i = 0; i < facts->len; i++)
    if (!g_strcmp0 (gst_structure_get_string (g_ptr_array_index (facts, i),
                        "text"),
            text))
      return TRUE;
  return FALSE;
}

/* Nor does the time of silence, after which the embedded agent would hang up; the
 * workers that make its voice have real time. */
static void
test_local_waits_on_hold (void)
{
  begin_with_file (AGENT_TYPE_LOCAL,
      "[agent]\ngreeting=Hello.\nsilence-time=2000\nsilence=Are you there?\n"
      "[intent hello]\nphrases=hello\nanswer=Hello.\n",
      NULL, 0);
  call ("1", TRUE);
  for (guint i = 0; i < 5000 && !step (FALSE); i++)
    g_usleep (1000);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  const guint before = facts->len;
  g_assert_cmpuint (run (30000, FALSE), ==, 0);
  run (2000, TRUE);
  g_assert_cmpuint (facts->len, ==, before);
  g_assert_true (g_queue_is_empty (&controls));
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_true (step (FALSE)); /* its greeting */
  for (guint i = 0; i < 5000 && !find_text ("Are you there?"); i++) {
    step (FALSE);
    g_usleep (1000);
  }
  g_assert_true (find_text ("Are you there?"));
  finish ();
}

int
main (int argc, char **argv)
{
  /* The plugin, met by a scan, would register the types that are linked in here
   * a second time. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentcalls/ends-while-it-begins",
      test_ends_while_it_begins);
  g_test_add_func ("/agentcalls/two-threads", test_two_threads);
  g_test_add_func ("/agentcalls/stops-meanwhile", test_stops_meanwhile);
  g_test_add_func ("/agentcalls/early-media", test_early_media);
  g_test_add_func ("/agentcalls/speak-early", test_speak_early);
  g_test_add_func ("/agentcalls/sound-before-early", test_sound_before_early);
  g_test_add_func ("/agentcalls/early-media-in-a-queue",
      test_early_media_in_a_queue);
  g_test_add_func ("/agentcalls/hold", test_hold);
  g_test_add_func ("/agentcalls/answer-during-hold", test_answer_during_hold);
  g_test_add_func ("/agentcalls/hold-amid-turn", test_hold_amid_turn);
  g_test_add_func ("/agentcalls/comes-into-hold", test_comes_into_hold);
  g_test_add_func ("/agentcalls/hold-told-late", test_hold_told_late);
  g_test_add_func ("/agentcalls/ends-on-hold", test_ends_on_hold);
  g_test_add_func ("/agentcalls/script-waits-on-hold",
      test_script_waits_on_hold);
  g_test_add_func ("/agentcalls/local-waits-on-hold", test_local_waits_on_hold);
  return g_test_run ();
}
