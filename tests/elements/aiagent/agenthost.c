/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a backend of anybody's can tell its session: turns that it found itself, how it
 * stands; and what it is told of tools. */

#include "agentdialogue.h"

#include "aiagent/session/host/agenthost.h"

/* ---- A backend that finds turns */

typedef struct
{
  GstVoiceAgentBackend parent;

  GString *log;
  GstClockTime first; /* time of what it heard first */
  guint n_speaking;
} Finder;

typedef GstVoiceAgentBackendClass FinderClass;

static GType finder_get_type (void);
G_DEFINE_TYPE (Finder, finder, GST_TYPE_VOICE_AGENT_BACKEND)

static void
finder_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  Finder *self = (Finder *) backend;

  if (self->first == GST_CLOCK_TIME_NONE)
    self->first = time;
  self->n_speaking += speaking;
}

static void
finder_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  g_string_append (((Finder *) backend)->log, began ? "began " : "left ");
}

static void
finder_interrupt (GstVoiceAgentBackend *backend, guint answer, guint heard)
{
  g_string_append_printf (((Finder *) backend)->log, "interrupt@%u ", heard);
}

static gboolean
finder_tool_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *json)
{
  if (!g_str_equal (id, "mine"))
    return FALSE;
  g_string_append_printf (((Finder *) backend)->log, "%s=%s ", id, json);
  return TRUE;
}

static void
finder_finalize (GObject *object)
{
  g_string_free (((Finder *) object)->log, TRUE);
  G_OBJECT_CLASS (finder_parent_class)->finalize (object);
}

static void
finder_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, "finder-2");
}

static void
finder_init (Finder *self)
{
  self->log = g_string_new (NULL);
  self->first = GST_CLOCK_TIME_NONE;
}

static void
finder_class_init (FinderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finder_finalize;
  G_OBJECT_CLASS (klass)->get_property = finder_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
      g_param_spec_string ("model", NULL, NULL, NULL, G_PARAM_READABLE));
  klass->finds_turns = TRUE;
  klass->send_audio = finder_send_audio;
  klass->turn = finder_turn;
  klass->interrupt = finder_interrupt;
  klass->tool_result = finder_tool_result;
}

static Finder *
begin_finder (const gchar *setting, guint value)
{
  Finder *self = g_object_new (finder_get_type (), NULL);

  begin (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), setting, value);
  run (20, FALSE);
  return self;
}

static void
finish_finder (Finder *self)
{
  finish ();
  g_assert_finalize_object (self);
}

static void
say (Finder *self, guint ms)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autofree gint16 *audio = g_new (gint16, ms * 8);

  for (guint i = 0; i < ms * 8; i++)
    audio[i] = 5000;
  guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
  gst_voice_agent_backend_write (backend, answer, audio, ms * 16);
  gst_voice_agent_backend_end_answer (backend, answer);
}

static gboolean
turn (Finder *self, gboolean begins, GstClockTime time)
{
  return begins
      ? gst_voice_agent_backend_begin_turn (GST_VOICE_AGENT_BACKEND (self), 0,
            time)
      : gst_voice_agent_backend_end_turn (GST_VOICE_AGENT_BACKEND (self), 0,
            time);
}

/* ---- Turns */

/* auto leaves them to a backend that finds them. */
static void
test_turns (gconstpointer detection)
{
  Finder *self = begin_finder ("turn-detection", GPOINTER_TO_UINT (detection));

  g_assert_cmpuint (self->first, ==, 0);
  run (300, TRUE);
  g_assert_null (find_fact ("aiagent/turn", NULL));
  g_assert_true (turn (self, TRUE, 100 * GST_MSECOND));
  g_assert_false (turn (self, TRUE, 100 * GST_MSECOND));
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), ==, 100);
  g_assert_cmpuint (self->n_speaking, ==, 0);
  run (100, TRUE);
  g_assert_cmpuint (self->n_speaking, ==, 5);
  g_assert_true (turn (self, FALSE, 380 * GST_MSECOND));
  g_assert_false (turn (self, FALSE, 380 * GST_MSECOND));
  g_assert_cmpuint (turn_ms ("speech-stopped", "speech-end"), ==, 380);
  /* Its answer is one to that turn, and timed. */
  say (self, 100);
  run (200, FALSE);
  g_assert_cmpuint (turn_ms ("response-started", "turn-around"), ==, 420 - 380);
  guint64 id = 0;
  gst_structure_get_uint64 (find_fact ("aiagent/turn", "response-done"),
      "turn-id", &id);
  g_assert_cmpuint (id, ==, 1);
  /* What it said itself it is not told. */
  g_assert_cmpstr (self->log->str, ==, "interrupt@0 ");
  finish_finder (self);
}

static void
test_element (void)
{
  Finder *self = begin_finder ("turn-detection", AGENT_TURN_DETECTION_ELEMENT);

  g_assert_false (turn (self, TRUE, 0));
  run (300, TRUE);
  g_assert_nonnull (find_fact ("aiagent/turn", "speech-started"));
  g_assert_cmpstr (self->log->str, ==, "began interrupt@0 ");
  finish_finder (self);
}

static void
test_barge_in (void)
{
  Finder *self = begin_finder (NULL, 0);

  say (self, 1000);
  run (400, FALSE);
  g_assert_true (turn (self, TRUE, GST_CLOCK_TIME_NONE));
  g_assert_cmpstr (self->log->str, ==, "interrupt@400 ");
  g_assert_cmpuint (run (100, TRUE), ==, 0);
  finish_finder (self);
}

static void
test_ignored (void)
{
  Finder *self = begin_finder ("barge-in", AGENT_BARGE_IN_IGNORE);
  gboolean ignored = FALSE;

  say (self, 1000);
  run (400, FALSE);
  g_assert_true (turn (self, TRUE, GST_CLOCK_TIME_NONE));
  gst_structure_get_boolean (find_fact ("aiagent/turn", "speech-started"),
      "ignored", &ignored);
  g_assert_true (ignored);
  g_assert_cmpuint (run (100, TRUE), ==, 5);
  g_assert_cmpuint (self->n_speaking, ==, 0);
  g_assert_cmpstr (self->log->str, ==, "");
  finish_finder (self);
}

/* The call is held in a turn: it is over, and the backend told. */
static void
test_left (void)
{
  Finder *self = begin_finder (NULL, 0);

  call ("1", TRUE);
  run (100, TRUE);
  g_assert_true (turn (self, TRUE, GST_CLOCK_TIME_NONE));
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  g_assert_cmpstr (self->log->str, ==, "interrupt@0 left ");
  g_assert_false (turn (self, FALSE, GST_CLOCK_TIME_NONE));
  g_assert_false (turn (self, TRUE, GST_CLOCK_TIME_NONE)); /* nobody is there */
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_true (turn (self, TRUE, GST_CLOCK_TIME_NONE));
  call ("1", FALSE);
  g_assert_false (turn (self, FALSE, GST_CLOCK_TIME_NONE));
  finish_finder (self);
}

/* ---- Facts */

static void
assert_names (const GstStructure *fact)
{
  g_assert_cmpstr (gst_structure_get_string (fact, "backend"), ==, "Finder");
  g_assert_cmpstr (gst_structure_get_string (fact, "model"), ==, "finder-2");
}

/* Also of those that never say how they stand. */
static void
test_stats (void)
{
  g_autoptr (GstStructure) none = agent_session_get_stats (NULL);
  Finder *self = begin_finder (NULL, 0);
  g_autoptr (GstStructure) stats = agent_session_get_stats (session);

  assert_names (stats);
  g_assert_cmpstr (gst_structure_get_string (none, "backend"), ==, "");
  g_assert_cmpstr (gst_structure_get_string (none, "model"), ==, "");
  finish_finder (self);
}

static void
test_states (void)
{
  Finder *self = begin_finder (NULL, 0);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autoptr (GError) error =
      g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "It is gone.");

  call ("a-call", TRUE);
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_CONNECTING, NULL);
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_RETRYING, "busy");
  const GstStructure *fact = find_fact ("aiagent/backend", "retrying");
  g_assert_cmpstr (gst_structure_get_string (fact, "reason"), ==, "busy");
  g_assert_cmpstr (gst_structure_get_string (fact, "session"), ==, "test");
  assert_names (fact);
  g_assert_nonnull (find_fact ("aiagent/backend", "connecting"));
  g_assert_cmpuint (n_failures, ==, 0);
  gst_voice_agent_backend_fail (backend, error);
  fact = find_fact ("aiagent/backend", "failed");
  g_assert_cmpstr (gst_structure_get_string (fact, "reason"), ==,
      "It is gone.");
  g_assert_cmpuint (n_failures, ==, 1);
  finish_finder (self);
}

static void
assert_used (const GstStructure *fact, guint64 input, guint64 output)
{
  guint64 got[2] = { 0 };

  g_assert_nonnull (fact);
  g_assert_cmpstr (gst_structure_get_string (fact, "call-id"), ==, "1");
  assert_names (fact);
  g_assert_true (gst_structure_get_uint64 (fact, "input-tokens", &got[0]));
  g_assert_true (gst_structure_get_uint64 (fact, "output-tokens", &got[1]));
  g_assert_cmpuint (got[0], ==, input);
  g_assert_cmpuint (got[1], ==, output);
}

/* Of a dialogue that is over, too, but not of the next one's call. */
static void
test_usage (void)
{
  Finder *self = begin_finder (NULL, 0);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  call ("1", TRUE);
  const guint64 first = gst_voice_agent_backend_get_dialogue (backend);
  call ("1", FALSE);
  gst_voice_agent_backend_add_usage (backend, first, 40, 2);
  assert_used (find_fact ("aiagent/usage", NULL), 40, 2);
  call ("2", TRUE);
  gst_voice_agent_backend_add_usage (backend, first, 50, 3);
  g_assert_cmpuint (count_facts ("aiagent/usage", NULL), ==, 1);
  gst_voice_agent_backend_add_usage (backend, 0, 60, 0);
  g_assert_cmpuint (count_facts ("aiagent/usage", NULL), ==, 2);
  finish_finder (self);
}

static void
test_tool (void)
{
  Finder *self = begin_finder (NULL, 0);

  gst_voice_agent_backend_call_tool (GST_VOICE_AGENT_BACKEND (self), 0,
      "look-up", "mine", "{}");
  g_assert_nonnull (find_fact ("aiagent/tool", "called"));
  g_assert_false (agent_session_tool_result (session, "another", "1"));
  g_assert_null (find_fact ("aiagent/tool", "done"));
  g_assert_true (agent_session_tool_result (session, "mine", "{\"a\":1}"));
  const GstStructure *fact = find_fact ("aiagent/tool", "done");
  g_assert_cmpstr (gst_structure_get_string (fact, "id"), ==, "mine");
  g_assert_cmpstr (gst_structure_get_string (fact, "name"), ==, "look-up");
  g_assert_cmpstr (gst_structure_get_string (fact, "result"), ==, "{\"a\":1}");
  g_assert_cmpstr (self->log->str, ==, "mine={\"a\":1} ");
  finish_finder (self);
}

/* What is no JSON the backend is not given; what is long is not told in full. */
static void
test_tool_texts (void)
{
  Finder *self = begin_finder (NULL, 0);
  g_autofree gchar *words = g_strnfill (9000, 'x');
  g_autofree gchar *json = g_strdup_printf ("[\"\u00e9%s\"]", words);

  g_assert_false (agent_session_tool_result (session, "mine", "{\"a\":"));
  g_assert_false (agent_session_tool_result (session, "mine", ""));
  g_assert_cmpstr (self->log->str, ==, "");
  g_assert_null (find_fact ("aiagent/tool", "done"));
  g_assert_true (agent_session_tool_result (session, "mine", json));
  g_assert_cmpuint (self->log->len, >, 9000);
  const gchar *told =
      gst_structure_get_string (find_fact ("aiagent/tool", "done"), "result");
  g_assert_cmpuint (strlen (told), ==, 4096);
  g_assert_true (g_str_has_prefix (json, told));
  finish_finder (self);
}

/* What was asked for in one dialogue is not told of the next. */
static void
test_late_tool (void)
{
  Finder *self = begin_finder (NULL, 0);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  call ("1", TRUE);
  const guint64 first = gst_voice_agent_backend_get_dialogue (backend);
  call ("1", FALSE);
  gst_voice_agent_backend_call_tool (backend, first, "note", "1", NULL);
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 1);
  call ("2", TRUE);
  gst_voice_agent_backend_call_tool (backend, first, "note", "2", NULL);
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 1);
  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, first, TRUE),
      ==, 0);
  g_assert_false (
      gst_voice_agent_backend_begin_turn (backend, first, GST_CLOCK_TIME_NONE));
  finish_finder (self);
}

/* ---- Whose it is */

/* Numbers go on where a backend goes from one session to the next. */
static void
test_next_session (void)
{
  Finder *self = begin_finder (NULL, 0);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  call ("1", TRUE);
  const guint64 dialogue = gst_voice_agent_backend_get_dialogue (backend);
  const guint answer =
      gst_voice_agent_backend_begin_answer (backend, dialogue, TRUE);
  g_assert_cmpuint (answer, !=, 0);
  finish ();
  begin (g_object_ref (backend), NULL, 0);
  run (20, FALSE);
  call ("2", TRUE);
  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, dialogue,
                        TRUE),
      ==, 0);
  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, 0, TRUE), >,
      answer);
  finish_finder (self);
}

/* A backend is at work in one session at a time. */
static void
test_busy (void)
{
  Finder *self = g_object_new (finder_get_type (), NULL);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  AgentHost *other = agent_host_new ("other", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (agent_host_serve (other, backend, &error));
  g_assert_true (agent_host_serve (other, backend, &error));
  begin_session (g_object_ref (backend), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  g_clear_error (&error);
  agent_host_leave (other, backend);
  g_assert_true (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_false (agent_host_serve (other, backend, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  agent_host_leave (other, backend); /* not its */
  call ("1", TRUE);
  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, 0, TRUE), !=,
      0);
  g_object_unref (other);
  finish_finder (self);
}

static gint stuck, let_go; /* atomic */

static void
stuck_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  g_atomic_int_set (&stuck, TRUE);
  while (!g_atomic_int_get (&let_go))
    g_usleep (1000);
}

static gpointer
hold_in_turn (gpointer unused)
{
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  return NULL;
}

/* A backend that blocks, as none may, is waited for once and not by each half. */
static void
test_blocks (void)
{
  Finder *self = begin_finder (NULL, 0);
  GstVoiceAgentBackendClass *klass = GST_VOICE_AGENT_BACKEND_GET_CLASS (self);

  klass->turn = stuck_turn;
  call ("1", TRUE);
  g_assert_true (turn (self, TRUE, GST_CLOCK_TIME_NONE));
  GThread *thread = g_thread_new ("hold", hold_in_turn, NULL);
  while (!g_atomic_int_get (&stuck))
    g_thread_yield ();
  const gint64 start = g_get_monotonic_time ();
  agent_session_close (session, AGENT_SINK);
  agent_session_close (session, AGENT_SRC);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
  g_atomic_int_set (&let_go, TRUE);
  g_thread_join (thread);
  klass->turn = finder_turn;
  finish_finder (self);
}

/* It wants to be told of the turns that it is to find. */
static void
test_contradiction (void)
{
  Finder *self = g_object_new (finder_get_type (), NULL);
  GstVoiceAgentBackendClass *klass = GST_VOICE_AGENT_BACKEND_GET_CLASS (self);
  g_autoptr (GError) error = NULL;

  klass->needs_turns = TRUE;
  begin_session (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  klass->needs_turns = FALSE;
  finish_finder (self);
}

/* Nobody has the backend: nothing is done, and nothing breaks. */
static void
test_alone (void)
{
  Finder *self = g_object_new (finder_get_type (), NULL);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, 0, TRUE), ==,
      0);
  g_assert_false (gst_voice_agent_backend_write (backend, 1, "ab", 2));
  g_assert_false (turn (self, TRUE, 0));
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_READY, NULL);
  g_assert_cmpuint (gst_voice_agent_backend_get_audible (backend), ==,
      GST_CLOCK_TIME_NONE);
  g_assert_finalize_object (self);
}

int
main (int argc, char **argv)
{
  /* as in agentbackend.c */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/agenthost/turns/auto",
      GUINT_TO_POINTER (AGENT_TURN_DETECTION_AUTO), test_turns);
  g_test_add_data_func ("/agenthost/turns/backend",
      GUINT_TO_POINTER (AGENT_TURN_DETECTION_BACKEND), test_turns);
  g_test_add_func ("/agenthost/next-session", test_next_session);
  g_test_add_func ("/agenthost/turns/element", test_element);
  g_test_add_func ("/agenthost/turns/barge-in", test_barge_in);
  g_test_add_func ("/agenthost/turns/ignored", test_ignored);
  g_test_add_func ("/agenthost/turns/left", test_left);
  g_test_add_func ("/agenthost/stats", test_stats);
  g_test_add_func ("/agenthost/states", test_states);
  g_test_add_func ("/agenthost/usage", test_usage);
  g_test_add_func ("/agenthost/tool", test_tool);
  g_test_add_func ("/agenthost/tool-texts", test_tool_texts);
  g_test_add_func ("/agenthost/late-tool", test_late_tool);
  g_test_add_func ("/agenthost/busy", test_busy);
  g_test_add_func ("/agenthost/blocks", test_blocks);
  g_test_add_func ("/agenthost/contradiction", test_contradiction);
  g_test_add_func ("/agenthost/alone", test_alone);
  return g_test_run ();
}
