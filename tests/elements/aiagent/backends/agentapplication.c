/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* backend=application: what its signals give, what its actions take, and that nobody
 * waits for an application that is slow. */

#include "../agentdialogue.h"

#include "aiagent/backends/application/application.h"

static GObject *application;
static guint n_warnings;

static void
begin_application (const gchar *setting, guint value)
{
  application = g_object_new (AGENT_TYPE_APPLICATION, NULL);
  begin (GST_VOICE_AGENT_BACKEND (g_object_ref (application)), setting, value);
  run (20, FALSE);
}

/* No thread is at it any more. */
static void
wait_alone (void)
{
  const gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;

  while (g_atomic_int_get (&((GObject *) application)->ref_count) > 1) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_thread_yield ();
  }
}

static void
finish_application (void)
{
  finish ();
  wait_alone (); /* a handler has what is on the test's stack */
  g_object_unref (application);
}

static guint
begin_answer_in (guint64 dialogue)
{
  guint answer = 0;

  g_signal_emit_by_name (application, "begin-answer", dialogue, &answer);
  return answer;
}

static guint
begin_answer (void)
{
  return begin_answer_in (0);
}

static GstBuffer *
new_sound (gsize size)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, 0x11, size);
  return buffer;
}

static GstFlowReturn
push (guint answer, gsize size)
{
  g_autoptr (GstBuffer) buffer = new_sound (size);
  GstFlowReturn flow = GST_FLOW_CUSTOM_ERROR;

  g_signal_emit_by_name (application, "push-buffer", answer, buffer, &flow);
  return flow;
}

static gboolean
end_answer (guint answer)
{
  gboolean ended = FALSE;

  g_signal_emit_by_name (application, "end-answer", answer, &ended);
  return ended;
}

static guint64
count_of (const gchar *field)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = 0;

  g_object_get (application, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  return value;
}

/* ---- Answers */

static void
test_answer (void)
{
  begin_application (NULL, 0);
  g_assert_cmpuint (rate, ==, 16000);
  g_assert_nonnull (find_fact ("aiagent/backend", "ready"));
  const guint answer = begin_answer ();
  g_assert_cmpuint (answer, !=, 0);
  g_assert_cmpint (push (answer, 3200), ==, GST_FLOW_OK);
  g_assert_cmpint (push (answer, 3200), ==, GST_FLOW_OK);
  g_assert_true (end_answer (answer));
  g_assert_false (end_answer (answer));
  g_assert_cmpuint (run (400, FALSE), ==, 10);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, 200);
  guint told = 0;
  gst_structure_get_uint (find_fact ("aiagent/turn", "response-done"), "answer",
      &told);
  g_assert_cmpuint (told, ==, answer);
  finish_application ();
}

static void
test_interrupt (void)
{
  gboolean any = FALSE;

  begin_application (NULL, 0);
  g_signal_emit_by_name (application, "interrupt", (guint64) 0, &any);
  g_assert_false (any);
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 32000), ==, GST_FLOW_OK);
  run (300, FALSE);
  g_signal_emit_by_name (application, "interrupt", (guint64) 0, &any);
  g_assert_true (any);
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_FLUSHING);
  g_assert_false (end_answer (answer));
  g_assert_cmpuint (run (100, FALSE), ==, 0);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, 300);
  g_assert_cmpuint (turn_ms ("interrupted", "total"), ==, 1000);
  /* The next one is heard. */
  const guint next = begin_answer ();
  g_assert_cmpint (push (next, 640), ==, GST_FLOW_OK);
  g_assert_true (end_answer (next));
  g_assert_cmpuint (run (100, FALSE), ==, 1);
  finish_application ();
}

/* A barge-in, and the call that is over: neither is the application's mistake. */
static void
test_late (void)
{
  begin_application (NULL, 0);
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 32000), ==, GST_FLOW_OK);
  run (300, FALSE);
  run (400, TRUE);
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_FLUSHING);
  run (600, FALSE);
  const guint last = begin_answer ();
  call ("1", TRUE);
  call ("1", FALSE);
  g_assert_cmpint (push (last, 640), ==, GST_FLOW_FLUSHING);
  g_assert_cmpuint (begin_answer (), ==, 0);
  call ("2", TRUE);
  g_assert_cmpint (push (last, 640), ==, GST_FLOW_FLUSHING);
  g_assert_cmpuint (begin_answer (), >, last);
  finish_application ();
}

/* Nor is an answer that it began, and had cut off before it ended it. */
static void
test_ended_late (void)
{
  gboolean any = FALSE;

  begin_application (NULL, 0);
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 32000), ==, GST_FLOW_OK);
  run (100, FALSE);
  g_signal_emit_by_name (application, "interrupt", (guint64) 0, &any);
  g_assert_true (any);
  g_assert_false (end_answer (answer));
  finish_application ();
}

/* ---- Caller after caller */

static guint64
get_ready_dialogue (void)
{
  guint64 dialogue = 0;

  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    if (gst_structure_has_name (fact, "aiagent/backend"))
      g_assert_true (gst_structure_get_uint64 (fact, "dialogue", &dialogue));
  }
  return dialogue;
}

/* What was made for one caller, and is late, does not reach the next. */
static void
test_next_caller (void)
{
  g_autoptr (GstStructure) hang_up = gst_structure_new_empty ("hang-up");
  gboolean done = TRUE;

  begin_application ("turn-detection", AGENT_TURN_DETECTION_BACKEND);
  call ("1", TRUE);
  const guint64 first = get_ready_dialogue ();
  const guint answer = begin_answer_in (first);
  g_assert_cmpuint (answer, !=, 0);
  call ("1", FALSE);
  call ("2", TRUE);
  const guint64 second = get_ready_dialogue ();
  g_assert_cmpuint (second, >, first);
  g_assert_cmpuint (begin_answer_in (first), ==, 0);
  g_signal_emit_by_name (application, "control", first, hang_up, &done);
  g_assert_false (done);
  g_signal_emit_by_name (application, "begin-turn", first, GST_CLOCK_TIME_NONE,
      &done);
  g_assert_false (done);
  g_signal_emit_by_name (application, "transcript", first, 0, "?", &done);
  g_assert_false (done);
  g_signal_emit_by_name (application, "transcript", (guint64) 0, answer, "?",
      &done);
  g_assert_false (done);
  const guint next = begin_answer_in (second);
  g_assert_cmpint (push (next, 640), ==, GST_FLOW_OK);
  g_signal_emit_by_name (application, "interrupt", first, &done);
  g_assert_false (done);
  g_assert_true (end_answer (next));
  g_assert_cmpuint (run (100, FALSE), ==, 1);
  finish_application ();
}

static guint early; /* answer that was begun between decision and open() */

/* The first call's end is being told when the second one is decided. */
static void
on_ticking_ends (GstElement *element, gboolean value)
{
  if (value || early != G_MAXUINT)
    return;
  early = 0;
  call ("2", TRUE);
  early = begin_answer ();
}

/* An application that is quicker than `ready` is not mute for it. */
static void
test_early (void)
{
  begin_application (NULL, 0);
  call ("1", TRUE);
  on_ticking = on_ticking_ends;
  early = G_MAXUINT;
  call ("1", FALSE);
  g_assert_cmpuint (early, !=, G_MAXUINT);
  if (early) {
    g_assert_cmpint (push (early, 640), ==, GST_FLOW_OK);
    g_assert_true (end_answer (early));
  }
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_OK);
  g_assert_true (end_answer (answer));
  g_assert_cmpuint (run (100, FALSE), >=, 1);
  on_ticking = NULL;
  finish_application ();
}

static GstBusSyncReply
count_warning (GstBus *bus, GstMessage *message, gpointer unused)
{
  n_warnings += GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING;
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
test_mistakes (void)
{
  g_autoptr (GstBus) bus = gst_bus_new ();

  begin_application (NULL, 0);
  gst_element_set_bus (halves[AGENT_SRC], bus);
  gst_bus_set_sync_handler (bus, count_warning, NULL, NULL);
  n_warnings = 0;
  g_assert_cmpint (push (7, 640), ==, GST_FLOW_ERROR);
  g_assert_cmpint (push (8, 640), ==, GST_FLOW_ERROR);
  /* What begin-answer gives when the call is over is no mistake. */
  g_assert_cmpint (push (0, 640), ==, GST_FLOW_FLUSHING);
  g_assert_false (end_answer (0));
  g_assert_cmpuint (n_warnings, ==, 1);
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 641), ==, GST_FLOW_ERROR);
  g_assert_cmpint (push (answer, 0), ==, GST_FLOW_ERROR);
  g_assert_cmpuint (n_warnings, ==, 2);
  g_assert_true (end_answer (answer));
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_EOS);
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_EOS);
  g_assert_cmpuint (n_warnings, ==, 3);
  gst_element_set_bus (halves[AGENT_SRC], NULL);
  finish_application ();
}

/* ---- What else it says */

static gboolean
control (const gchar *text)
{
  g_autoptr (GstStructure) what = gst_structure_from_string (text, NULL);
  gboolean taken = FALSE;

  g_signal_emit_by_name (application, "control", (guint64) 0, what, &taken);
  return taken;
}

static void
test_control (void)
{
  GstVoiceControl asked;

  begin_application (NULL, 0);
  const guint answer = begin_answer ();
  g_assert_cmpint (push (answer, 1280), ==, GST_FLOW_OK);
  g_assert_true (end_answer (answer));
  g_assert_true (
      control ("transfer, target=(string)\"sip:a@b\", id=(string)one"));
  g_assert_false (control ("dance"));
  run (20, FALSE);
  g_assert_cmpuint (controls.length, ==, 0); /* behind the words */
  run (40, FALSE);
  g_assert_cmpuint (controls.length, ==, 1);
  g_assert_true (gst_voice_control_event_parse (controls.head->data, &asked));
  g_assert_cmpint (asked.action, ==, GST_VOICE_CONTROL_TRANSFER);
  g_assert_cmpstr (asked.target, ==, "sip:a@b");
  g_assert_cmpstr (asked.id, ==, "one");
  finish_application ();
}

static void
test_transcript (void)
{
  gboolean told = FALSE;

  begin_application (NULL, 0);
  const guint answer = begin_answer ();
  g_signal_emit_by_name (application, "transcript", (guint64) 0, answer,
      "good morning", &told);
  g_assert_true (told);
  g_signal_emit_by_name (application, "transcript", (guint64) 0, answer + 1,
      "?", &told);
  g_assert_false (told);
  push (answer, 640);
  end_answer (answer);
  run (100, FALSE);
  const GstStructure *last = g_ptr_array_index (facts, facts->len - 2);
  g_assert_cmpstr (gst_structure_get_string (last, "text"), ==, "good morning");
  g_assert_cmpstr (gst_structure_get_string (last, "role"), ==, "agent");
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "are you there");
  const GstStructure *wrote = g_ptr_array_index (facts, facts->len - 2);
  g_assert_cmpstr (gst_structure_get_string (wrote, "text"), ==,
      "are you there");
  g_assert_cmpstr (gst_structure_get_string (wrote, "role"), ==, "caller");
  finish_application ();
}

/* ---- What it hears */

typedef struct
{
  GMutex lock;
  GCond changed;
  guint n, n_speaking, n_discont, at_once, most_at_once;
  GstClockTime last; /* PTS */
  gboolean in_order, stuck;
} Listener;

static void
on_new_buffer (GObject *object, GstBuffer *buffer, gboolean speaking,
    guint64 dialogue, gpointer data)
{
  Listener *self = data;

  g_mutex_lock (&self->lock);
  self->at_once++;
  self->most_at_once = MAX (self->most_at_once, self->at_once);
  self->in_order &= !self->n || GST_BUFFER_PTS (buffer) > self->last;
  self->last = GST_BUFFER_PTS (buffer);
  self->n++;
  self->n_speaking += speaking;
  self->n_discont += GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  g_assert_cmpuint (gst_buffer_get_size (buffer), ==, rate / 50 * 2);
  g_cond_broadcast (&self->changed);
  while (self->stuck)
    g_cond_wait (&self->changed, &self->lock);
  self->at_once--;
  g_mutex_unlock (&self->lock);
}

static void
wait_heard (Listener *self, guint n)
{
  const gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while (self->n < n)
    g_assert_true (g_cond_wait_until (&self->changed, &self->lock, until));
  g_mutex_unlock (&self->lock);
}

static void
let_go (Listener *self)
{
  g_mutex_lock (&self->lock);
  self->stuck = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
test_hears (void)
{
  Listener listener_ = { .in_order = TRUE };

  begin_application (NULL, 0);
  g_object_set (application, "max-delay", 10000, NULL); /* no clock runs */
  g_signal_connect (application, "new-buffer", G_CALLBACK (on_new_buffer),
      &listener_);
  run (400, FALSE);
  run (400, TRUE);
  run (200, FALSE);
  wait_heard (&listener_, 50);
  g_assert_true (listener_.in_order);
  g_assert_cmpuint (listener_.most_at_once, ==, 1);
  g_assert_cmpuint (listener_.n_discont, ==, 1); /* the first */
  g_assert_cmpuint (listener_.n_speaking, >=, 15);
  g_assert_cmpuint (listener_.n_speaking, <=, 40);
  g_assert_cmpuint (count_of ("delivered"), ==, 50);
  g_assert_cmpuint (count_of ("dropped"), ==, 0);
  finish_application ();
}

/* Its handler does not return; the caller and the state change go on. */
static void
test_slow (void)
{
  Listener listener_ = { .in_order = TRUE, .stuck = TRUE };

  begin_application (NULL, 0);
  g_object_set (application, "max-delay", 100, NULL);
  g_signal_connect (application, "new-buffer", G_CALLBACK (on_new_buffer),
      &listener_);
  run (20, FALSE);
  wait_heard (&listener_, 1);
  run (1000, FALSE);
  g_assert_cmpuint (count_of ("dropped"), ==, 45);
  g_assert_cmpuint (count_of ("waiting"), ==, 100 * GST_MSECOND);
  let_go (&listener_);
  wait_heard (&listener_, 6);
  g_assert_true (listener_.in_order);
  g_assert_cmpuint (listener_.n_discont, ==, 2);
  listener_.stuck = TRUE;
  run (60, FALSE);
  wait_heard (&listener_, 7);
  finish (); /* does not wait */
  let_go (&listener_);
  wait_alone ();
  g_assert_cmpuint (listener_.n, ==, 7); /* what waited is not delivered */
  g_object_unref (application);
}

/* Nobody listens, or too slowly: each is told once. */
static void
test_told (void)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  Listener listener_ = { .in_order = TRUE, .stuck = TRUE };

  application = g_object_new (AGENT_TYPE_APPLICATION, NULL);
  begin (GST_VOICE_AGENT_BACKEND (g_object_ref (application)), NULL, 0);
  gst_element_set_bus (halves[AGENT_SRC], bus);
  gst_bus_set_sync_handler (bus, count_warning, NULL, NULL);
  n_warnings = 0;
  run (100, FALSE);
  g_assert_cmpuint (n_warnings, ==, 1);
  g_object_set (application, "max-delay", 100, NULL);
  g_signal_connect (application, "new-buffer", G_CALLBACK (on_new_buffer),
      &listener_);
  run (1000, FALSE);
  g_assert_cmpuint (n_warnings, ==, 2);
  gst_element_set_bus (halves[AGENT_SRC], NULL);
  finish ();
  let_go (&listener_);
  wait_alone ();
  g_object_unref (application);
}

/* ---- Turns that the application finds */

static void
test_own_turns (void)
{
  gboolean began = FALSE, ended = FALSE;

  begin_application ("turn-detection", AGENT_TURN_DETECTION_BACKEND);
  const guint answer = begin_answer ();
  push (answer, 32000);
  run (200, TRUE); /* nobody else finds any */
  g_assert_null (find_fact ("aiagent/turn", "speech-started"));
  g_signal_emit_by_name (application, "begin-turn", (guint64) 0,
      GST_CLOCK_TIME_NONE, &began);
  g_assert_true (began);
  g_assert_cmpint (push (answer, 640), ==, GST_FLOW_FLUSHING);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, 200);
  g_signal_emit_by_name (application, "begin-turn", (guint64) 0,
      GST_CLOCK_TIME_NONE, &began);
  g_assert_false (began);
  g_signal_emit_by_name (application, "end-turn", (guint64) 0,
      (guint64) 260 * GST_MSECOND, &ended);
  g_assert_true (ended);
  g_assert_cmpuint (turn_ms ("speech-stopped", "speech-end"), ==, 260);
  g_signal_emit_by_name (application, "end-turn", (guint64) 0,
      GST_CLOCK_TIME_NONE, &ended);
  g_assert_false (ended);
  finish_application ();
}

/* Where the element finds them the application's word does not count. */
static void
test_foreign_turns (void)
{
  gboolean began = TRUE;

  begin_application (NULL, 0);
  g_signal_emit_by_name (application, "begin-turn", (guint64) 0,
      GST_CLOCK_TIME_NONE, &began);
  g_assert_false (began);
  g_assert_null (find_fact ("aiagent/turn", "speech-started"));
  finish_application ();
}

/* ---- Threads */

static gint stop, talking; /* atomic */

static gpointer
talk (gpointer unused)
{
  g_atomic_int_inc (&talking);
  while (!g_atomic_int_get (&stop)) {
    const guint answer = begin_answer ();
    for (guint i = 0; i < 10; i++) {
      const GstFlowReturn flow = push (answer, 640);
      g_assert_true (flow == GST_FLOW_OK || flow == GST_FLOW_FLUSHING);
    }
    end_answer (answer);
  }
  return NULL;
}

static gpointer
cut (gpointer unused)
{
  gboolean any;

  while (!g_atomic_int_get (&stop))
    g_signal_emit_by_name (application, "interrupt", (guint64) 0, &any);
  return NULL;
}

static void
test_threads (void)
{
  Listener listener_ = { .in_order = TRUE };

  begin_application (NULL, 0);
  g_object_set (application, "max-delay", 10000, NULL); /* no clock runs */
  g_signal_connect (application, "new-buffer", G_CALLBACK (on_new_buffer),
      &listener_);
  g_atomic_int_set (&stop, FALSE);
  GThread *threads[] = { g_thread_new ("talk", talk, NULL),
    g_thread_new ("talk", talk, NULL), g_thread_new ("cut", cut, NULL) };
  while (g_atomic_int_get (&talking) < 2)
    g_thread_yield ();
  run (4000, FALSE);
  g_atomic_int_set (&stop, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  wait_heard (&listener_, 200);
  g_assert_true (listener_.in_order);
  /* What came behind the cuts is heard now, and then it is quiet. */
  gboolean any;
  g_signal_emit_by_name (application, "interrupt", (guint64) 0, &any);
  g_assert_cmpuint (run (200, FALSE), ==, 0);
  finish_application ();
}

/* ---- Settings */

static void
test_caps (void)
{
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/x-raw, rate=(int)24000");
  g_autoptr (GstCaps) odd = gst_caps_from_string ("audio/x-raw, rate=11025");
  g_autoptr (GError) error = NULL;

  application = g_object_new (AGENT_TYPE_APPLICATION, "caps", caps, NULL);
  begin (GST_VOICE_AGENT_BACKEND (g_object_ref (application)), NULL, 0);
  g_assert_cmpuint (rate, ==, 24000);
  finish_application ();
  application = g_object_new (AGENT_TYPE_APPLICATION, "caps", odd, NULL);
  begin_session (GST_VOICE_AGENT_BACKEND (g_object_ref (application)), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "11025"));
  finish_application ();
}

int
main (int argc, char **argv)
{
  /* as in agentbackend.c */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentapplication/answer", test_answer);
  g_test_add_func ("/agentapplication/interrupt", test_interrupt);
  g_test_add_func ("/agentapplication/late", test_late);
  g_test_add_func ("/agentapplication/ended-late", test_ended_late);
  g_test_add_func ("/agentapplication/next-caller", test_next_caller);
  g_test_add_func ("/agentapplication/early", test_early);
  g_test_add_func ("/agentapplication/mistakes", test_mistakes);
  g_test_add_func ("/agentapplication/told", test_told);
  g_test_add_func ("/agentapplication/control", test_control);
  g_test_add_func ("/agentapplication/transcript", test_transcript);
  g_test_add_func ("/agentapplication/hears", test_hears);
  g_test_add_func ("/agentapplication/slow", test_slow);
  g_test_add_func ("/agentapplication/own-turns", test_own_turns);
  g_test_add_func ("/agentapplication/foreign-turns", test_foreign_turns);
  g_test_add_func ("/agentapplication/threads", test_threads);
  g_test_add_func ("/agentapplication/caps", test_caps);
  return g_test_run ();
}
