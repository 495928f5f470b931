/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Tools that an agent calls: those that are built in, a user's program, which may be a bad
 * one, the application's, and how many. */

#include "agentdialogue.h"

#include "aiagent/logic/tools/tooljson.h"

#include <string.h>
#include <unistd.h>

#define SOON (20 * G_TIME_SPAN_SECOND)

/* ---- An agent that calls what the test wants */

typedef struct
{
  GstVoiceAgentBackend parent;

  GMutex lock; /* protects everything below */
  GCond changed;
  GString *log; /* "id=json" for each result, in order; digits as "key:5" */
  guint n_results;
} Caller;

typedef GstVoiceAgentBackendClass CallerClass;

static GType caller_get_type (void);
G_DEFINE_TYPE (Caller, caller, GST_TYPE_VOICE_AGENT_BACKEND)

static Caller *caller;

static gboolean
caller_tool_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *json)
{
  Caller *self = (Caller *) backend;

  counter ("answers"); /* would hang if the session held its lock */
  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, self->log->len ? " %s=%s" : "%s=%s", id,
      json);
  self->n_results++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
caller_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  Caller *self = (Caller *) backend;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, self->log->len ? " key:%c" : "key:%c",
      digit);
  g_mutex_unlock (&self->lock);
}

static void
caller_finalize (GObject *object)
{
  Caller *self = (Caller *) object;

  g_string_free (self->log, TRUE);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (caller_parent_class)->finalize (object);
}

static void
caller_init (Caller *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->log = g_string_new (NULL);
}

static void
caller_class_init (CallerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = caller_finalize;
  klass->tool_result = caller_tool_result;
  klass->digit = caller_digit;
}

/* What came, which is then forgotten, once there are @n results. */
static gchar *
take_results (guint n)
{
  const gint64 until = g_get_monotonic_time () + SOON;

  g_mutex_lock (&caller->lock);
  while (caller->n_results < n)
    if (!g_cond_wait_until (&caller->changed, &caller->lock, until))
      g_error ("%u results: %s", caller->n_results, caller->log->str);
  gchar *log = g_strdup (caller->log->str);
  g_string_set_size (caller->log, 0);
  caller->n_results = 0;
  g_mutex_unlock (&caller->lock);
  return log;
}

static void
assert_results (guint n, const gchar *expected)
{
  g_autofree gchar *log = take_results (n);

  g_assert_cmpstr (log, ==, expected);
}

static void
call_tool (const gchar *name, const gchar *id, const gchar *arguments)
{
  gst_voice_agent_backend_call_tool (GST_VOICE_AGENT_BACKEND (caller), 0, name,
      id, arguments);
}

/* ---- A line with tools */

static gchar *folder;

static const gchar tools_file[] =
    "[{\"name\":\"find_order\",\"description\":\"Finds it.\",\"parameters\":"
    "{\"type\":\"object\",\"properties\":{\"number\":{\"type\":\"integer\"}},"
    "\"required\":[\"number\"],\"additionalProperties\":false}},"
    "{\"name\":\"other\"}]";

static gchar *
write_file (const gchar *name, const gchar *text, gint mode)
{
  gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

static void
set_text (GstPairSettings *settings, const gchar *name, const gchar *value)
{
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (halves[AGENT_SINK]),
          name);
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_value_init (&boxed, G_TYPE_STRING);
  g_value_set_string (&boxed, value);
  gst_pair_settings_set (settings, spec, &boxed);
}

typedef struct
{
  const gchar *enabled; /* NULL: as it is by default */
  const gchar *tools; /* text of the file, NULL = none */
  const gchar *script; /* of the program, NULL = none */
  const gchar *environment;
  guint timeout; /* ms, 0 = as it is by default */
  guint wait;
  const gchar *phrase;
  gboolean music;
} Setup;

#define MUSIC 1000 /* each sample of it */

/* A second at 8 kHz; (transfer full). */
static gchar *
write_music (void)
{
  static const guint8 header[44] = "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\1\0\1\0"
                                   "\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
                                   "data\x80\x3e\0";
  g_autoptr (GByteArray) file = g_byte_array_new ();
  gchar *path = g_build_filename (folder, "music.wav", NULL);

  g_byte_array_append (file, header, sizeof header);
  for (guint i = 0; i < 8000; i++)
    g_byte_array_append (file, (const guint8[]){ MUSIC & 255, MUSIC >> 8 }, 2);
  g_assert_true (
      g_file_set_contents (path, (const gchar *) file->data, file->len, NULL));
  return path;
}

/* The settings come from the src: those of the sink are set when the test begins. */
static GstPairSettings *
make_settings (const Setup *setup)
{
  GstPairSettings *settings = gst_pair_settings_new ();

  if (setup->enabled)
    set_text (settings, "tools-enabled", setup->enabled);
  if (setup->tools) {
    g_autofree gchar *path = write_file ("tools.json", setup->tools, 0600);
    set_text (settings, "tools", path);
  }
  if (setup->script) {
    g_autofree gchar *path = write_file ("program", setup->script, 0700);
    set_text (settings, "tool-command", path);
  }
  if (setup->environment)
    set_text (settings, "tool-environment", setup->environment);
  if (setup->timeout)
    set_setting (settings, "tool-timeout", setup->timeout);
  set_setting (settings, "tool-wait", setup->wait);
  if (setup->phrase)
    set_text (settings, "tool-phrase", setup->phrase);
  if (setup->music) {
    g_autofree gchar *path = write_music ();
    set_text (settings, "hold-music", path);
  }
  return settings;
}

static gboolean
try_setup (const Setup *setup, GError **error)
{
  caller = g_object_new (caller_get_type (), NULL);
  begin_session (g_object_ref (GST_VOICE_AGENT_BACKEND (caller)), NULL, 0);
  const AgentChoice choice = { GST_VOICE_AGENT_BACKEND (caller),
    AGENT_CHOSEN_AS_OBJECT };
  agent_session_change (session, AGENT_SINK, make_settings (setup), &choice);
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    if (!agent_session_prepare (session, i, error))
      return FALSE;
  return TRUE;
}

static void
begin_tools (const Setup *setup)
{
  g_autoptr (GError) error = NULL;

  try_setup (setup, &error);
  g_assert_no_error (error);
  call ("1", TRUE);
}

static void
finish_tools (void)
{
  finish ();
  g_object_unref (caller);
}

/* ---- What is offered */

static void
test_offered (void)
{
  begin_tools (
      &(Setup){ .enabled = "hang_up, send-dtmf", .tools = tools_file });
  g_autofree gchar *list =
      gst_voice_agent_backend_dup_tools (GST_VOICE_AGENT_BACKEND (caller));
  g_autoptr (JsonNode) root = tool_json_parse ("x", list, strlen (list), NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 4);
  for (guint i = 0; i < 4; i++) {
    static const gchar *const names[] = { "hang_up", "send_dtmf", "find_order",
      "other" };
    JsonObject *tool =
        json_array_get_object_element (json_node_get_array (root), i);
    g_assert_cmpstr (json_object_get_string_member (tool, "name"), ==,
        names[i]);
    g_assert_nonnull (json_object_get_object_member (tool, "parameters"));
  }
  finish_tools ();
}

static void
test_bad_settings (void)
{
  static const struct
  {
    Setup setup;
    gint code;
    const gchar *fault;
  } cases[] = {
    { { .enabled = "explode" }, GST_RESOURCE_ERROR_SETTINGS, "\"explode\"" },
    { { .tools = "{}" }, GST_RESOURCE_ERROR_SETTINGS, "no array" },
    { { .tools = "[{\"name\":\"hang_up\"}]" }, GST_RESOURCE_ERROR_SETTINGS,
        "built in" },
    { { .wait = 2 }, GST_RESOURCE_ERROR_NOT_FOUND, "hold-music" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (try_setup (&cases[i].setup, &error));
    g_assert_error (error, GST_RESOURCE_ERROR, cases[i].code);
    if (!strstr (error->message, cases[i].fault))
      g_error ("%s", error->message);
    finish_tools ();
  }
}

/* ---- What is built in */

static void
answer_control (const gchar *result, const gchar *reason)
{
  GstVoiceControl control;
  GstEvent *event = g_queue_pop_head (&controls);

  g_assert_nonnull (event);
  g_assert_true (gst_voice_control_event_parse (event, &control));
  const GstVoiceControlResult answer = { control.action, control.id, result,
    reason };
  agent_session_result (session, &answer);
  gst_event_unref (event);
}

static guint
say (guint ms, gboolean end)
{
  g_autofree guint8 *sound = g_malloc (ms * 16);
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (caller);
  const guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);

  memset (sound, 2, ms * 16);
  g_assert_true (
      gst_voice_agent_backend_write (backend, answer, sound, ms * 16));
  if (end)
    gst_voice_agent_backend_end_answer (backend, answer);
  return answer;
}

/* The goodbye is heard to its end, also what comes of it after the tool was called. */
static void
test_hang_up (void)
{
  guint8 more[200 * 16];

  begin_tools (&(Setup){ 0 });
  const guint answer = say (400, FALSE);
  call_tool ("hang_up", "a", "{}");
  g_assert_cmpuint (run (400, FALSE), ==, 20);
  memset (more, 2, sizeof more);
  gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (caller), answer, more,
      sizeof more);
  g_assert_cmpuint (run (180, FALSE), ==, 9);
  gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (caller), answer);
  g_assert_true (g_queue_is_empty (&controls));
  g_assert_cmpuint (run (20, FALSE), ==, 1);
  g_assert_cmpuint (g_queue_get_length (&controls), ==, 1);
  answer_control ("accepted", NULL);
  assert_results (1, "a={\"result\":\"accepted\"}");
  const GstStructure *fact = find_fact ("aiagent/tool", "called");
  g_assert_cmpstr (gst_structure_get_string (fact, "name"), ==, "hang-up");
  fact = find_fact ("aiagent/tool", "done");
  g_assert_cmpstr (gst_structure_get_string (fact, "name"), ==, "hang-up");
  g_assert_cmpstr (gst_structure_get_string (fact, "id"), ==, "a");
  g_assert_cmpstr (gst_structure_get_string (fact, "result"), ==, "accepted");
  finish_tools ();
}

/* A caller who speaks into the goodbye wants something still. */
static void
test_hang_up_cut (void)
{
  begin_tools (&(Setup){ 0 });
  say (1000, TRUE);
  call_tool ("hang_up", "a", NULL);
  run (200, FALSE);
  agent_session_interrupt (session);
  assert_results (1,
      "a={\"result\":\"interrupted\",\"reason\":\"The caller spoke before it "
      "was done; it is not done.\"}");
  run (2000, FALSE);
  g_assert_true (g_queue_is_empty (&controls));
  finish_tools ();
}

/* What the channel says of a transfer reaches the model. */
static void
test_transfer (void)
{
  static const struct
  {
    const gchar *result, *reason, *told;
  } cases[] = {
    { "accepted", NULL, "a={\"result\":\"accepted\"}" },
    { "failed", "603 Decline",
        "a={\"result\":\"failed\",\"reason\":\"603 Decline\"}" },
    { "failed", "486 Busy Here",
        "a={\"result\":\"failed\",\"reason\":\"486 Busy Here\"}" },
    { "unsupported", "No.",
        "a={\"result\":\"unsupported\",\"reason\":\"No.\"}" },
  };

  begin_tools (&(Setup){ .enabled = "transfer" });
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    call_tool ("transfer", "a", "{\"target\":\"sip:b@c\"}");
    run (20, FALSE);
    GstVoiceControl control;
    g_assert_true (gst_voice_control_event_parse (g_queue_peek_head (&controls),
        &control));
    g_assert_cmpint (control.action, ==, GST_VOICE_CONTROL_TRANSFER);
    g_assert_cmpstr (control.target, ==, "sip:b@c");
    answer_control (cases[i].result, cases[i].reason);
    assert_results (1, cases[i].told);
  }
  call_tool ("transfer", "b", "{\"target\":\"a b\"}");
  assert_results (1,
      "b={\"error\":\"arguments.target: this is no number and no address.\"}");
  call_tool ("hang_up", "c", "{}");
  assert_results (1, "c={\"error\":\"This tool is not enabled here.\"}");
  finish_tools ();
}

static void
test_send_dtmf (void)
{
  begin_tools (&(Setup){ .enabled = "send_dtmf" });
  call_tool ("send_dtmf", "a", "{\"digits\":\"1*x\"}");
  assert_results (1,
      "a={\"error\":\"arguments.digits: there are 0 to 9, *, #, A to D.\"}");
  call_tool ("send_dtmf", "b", "{\"digits\":\"12#\"}");
  run (20, FALSE);
  answer_control ("accepted", NULL);
  assert_results (1, "b={\"result\":\"accepted\"}");
  finish_tools ();
}

/* ---- Digits */

static void
press (const gchar *keys)
{
  for (; *keys; keys++)
    agent_session_digit (session, *keys);
}

static void
test_digits (void)
{
  begin_tools (&(Setup){ .enabled = "collect_digits" });
  press ("7");
  assert_results (0, "key:7");
  call_tool ("collect_digits", "a", "{\"max\":4}");
  call_tool ("collect_digits", "b", "{}");
  assert_results (1, "b={\"error\":\"Digits are being collected already.\"}");
  press ("1234");
  assert_results (1, "a={\"digits\":\"1234\",\"ended\":\"max\"}");
  call_tool ("collect_digits", "c", "{}");
  press ("12#");
  assert_results (1, "c={\"digits\":\"12\",\"ended\":\"terminator\"}");
  /* Those of a caller who writes are keys, too. */
  call_tool ("collect_digits", "d", "{\"terminator\":\"*\"}");
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "3 4*");
  assert_results (1, "d={\"digits\":\"34\",\"ended\":\"terminator\"}");
  call_tool ("collect_digits", "e", "{\"timeout\":500}");
  press ("5");
  assert_results (1, "e={\"digits\":\"5\",\"ended\":\"timeout\"}");
  press ("8");
  assert_results (0, "key:8");
  /* They may be a secret. */
  g_assert_false (is_in_facts ("1234"));
  finish_tools ();
}

/* ---- A program */

#define SHELL "#!/bin/sh\n"

/* A descriptor of ours that nobody has marked to be closed. */
#define OPEN_FD 77

static void
test_program (void)
{
  static const gchar expected[] =
      "a={\"name\":\"find_order\",\"n\":1,\"line\":{\"number\":17},"
      "\"named\":\"named\",\"canary\":\"\",\"open\":\"\"}";

  g_setenv ("TOOL_CANARY", "s3cret", TRUE);
  g_setenv ("TOOL_NAMED", "named", TRUE);
  g_assert_cmpint (dup2 (2, OPEN_FD), ==, OPEN_FD);
  begin_tools (&(Setup){ .tools = tools_file,
      .environment = "TOOL_NAMED,TOOL_MISSING",
      .script = SHELL
      "read line\n"
      "printf '{\"name\":\"%s\",\"n\":%d,\"line\":%s,\"named\":\"%s\","
      "\"canary\":\"%s\",\"open\":\"%s\"}' \"$1\" $# \"$line\" \"$TOOL_NAMED\" "
      "\"$TOOL_CANARY\" \"$(ls /proc/$$/fd | grep 77)\"\n" });
  call_tool ("find_order", "a", "{\"number\":17}");
  assert_results (1, expected);
  close (OPEN_FD);
  const GstStructure *fact = find_fact ("aiagent/tool", "done");
  g_assert_cmpstr (gst_structure_get_string (fact, "name"), ==, "find_order");
  finish_tools ();
}

/* All of the environment, as the child sees it. */
static void
test_environment (void)
{
  g_autofree gchar *path = g_build_filename (folder, "environment", NULL);
  g_autofree gchar *script =
      g_strdup_printf (SHELL "tr '\\0' '\\n' < /proc/$$/environ > %s\n", path);
  g_autofree gchar *seen = NULL;

  g_setenv ("TOOL_CANARY", "s3cret", TRUE);
  begin_tools (&(Setup){ .tools = tools_file, .script = script });
  call_tool ("other", "a", NULL);
  assert_results (1, "a={}");
  g_assert_true (g_file_get_contents (path, &seen, NULL, NULL));
  g_assert_true (g_str_has_prefix (seen, "PATH="));
  g_assert_cmpstr (strchr (seen, '\n'), ==, "\n");
  finish_tools ();
}

typedef struct
{
  const gchar *name, *script, *result;
} Hostile;

static const Hostile hostile[] = {
  { "fails", SHELL "echo '{}'; exit 3\n",
      "{\"error\":\"The tool failed (exit code 3).\"}" },
  { "dies", SHELL "kill -SEGV $$\n",
      "{\"error\":\"The tool was ended by signal 11.\"}" },
  { "no-json", SHELL "echo hello\n",
      "{\"error\":\"What the tool said: this is not JSON.\"}" },
  { "deep", SHELL "for i in 1 2 3 4 5 6 7 8; do printf '[[[[[[[['; done\n",
      "{\"error\":\"What the tool said: nested over 32 levels deep, or no plain JSON.\"}" },
  { "oversized", SHELL "exec cat /dev/zero\n",
      "{\"error\":\"The tool said more than 64 kB.\"}" },
  { "slow", SHELL "exec sleep 600\n",
      "{\"error\":\"The tool took too long.\"}" },
  { "deaf", SHELL "trap '' TERM INT HUP\nwhile :; do sleep 1; done\n",
      "{\"error\":\"The tool took too long.\"}" },
  { "closes", SHELL "exec >&- <&-; exec sleep 600\n",
      "{\"error\":\"The tool took too long.\"}" },
  { "no-program", "#!/nonexistent/shell\n",
      "{\"error\":\"The tool could not be started.\"}" },
  { "silent", SHELL "exit 0\n", "{}" },
  { "does-not-read", SHELL "echo '{\"a\":1}'\n", "{\"a\":1}" },
};

static void
test_hostile (gconstpointer data)
{
  const Hostile *self = data;
  g_autofree gchar *expected = g_strconcat ("a=", self->result, NULL);

  begin_tools (
      &(Setup){ .tools = tools_file, .script = self->script, .timeout = 700 });
  call_tool ("find_order", "a", "{\"number\":1}");
  assert_results (1, expected);
  finish_tools ();
}

/* The process whose number is in @name; 0 until it is. */
static pid_t
read_pid (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !strchr (text, '\n'))
    return 0;
  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

static gboolean
is_running (pid_t pid)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/stat", (gint) pid);
  g_autofree gchar *stat = NULL;

  /* Whoever it was left to may not have buried it yet. */
  return g_file_get_contents (path, &stat, NULL, NULL) &&
      !strstr (stat, ") Z ") && !strstr (stat, ") X ");
}

static void
assert_ends (const gchar *name)
{
  const pid_t pid = read_pid (name);
  const gint64 until = g_get_monotonic_time () + SOON;

  g_assert_cmpint (pid, >, 0);
  while (is_running (pid)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (2000);
  }
}

static gchar *
forking_script (const gchar *rest)
{
  g_autofree gchar *path = g_build_filename (folder, "grandchild", NULL);

  g_remove (path);
  return g_strdup_printf (SHELL "trap '' TERM\n"
                                "(trap '' TERM; exec sleep 600) &\n"
                                "echo $! > %s.new; mv %s.new %s\n%s",
      path, path, path, rest);
}

/* One that ignores SIGTERM, and one that it leaves behind: at the limit, and at its end. */
static void
test_forks (gconstpointer rest)
{
  g_autofree gchar *script = forking_script (rest);

  begin_tools (
      &(Setup){ .tools = tools_file, .script = script, .timeout = 1500 });
  call_tool ("find_order", "a", "{\"number\":1}");
  g_autofree gchar *log = take_results (1);
  assert_ends ("grandchild");
  finish_tools ();
}

/* The caller hangs up: what runs ends, and nobody is told of it. */
static void
test_ends_with_the_call (void)
{
  g_autofree gchar *script = forking_script ("wait\n");
  const gint64 until = g_get_monotonic_time () + SOON;

  begin_tools (&(Setup){ .tools = tools_file, .script = script });
  call_tool ("find_order", "a", "{\"number\":1}");
  while (!read_pid ("grandchild")) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (2000);
  }
  call ("1", FALSE);
  assert_ends ("grandchild");
  call ("2", TRUE);
  call_tool ("find_order", "b", "{\"number\":\"x\"}");
  assert_results (1,
      "b={\"error\":\"arguments.number: has to be of type integer.\"}");
  finish_tools ();
}

/* ---- What a model may not do */

static void
test_arguments (void)
{
  static const struct
  {
    const gchar *arguments, *fault;
  } cases[] = {
    { "{}", "arguments: \\\"number\\\" is missing." },
    { NULL, "arguments: \\\"number\\\" is missing." },
    { "{\"number\":\"1\"}", "arguments.number: has to be of type integer." },
    { "{\"number\":1,\"x\":2}", "arguments.x: is not known here." },
    { "[]", "arguments: has to be of type object." },
    { "{\"number\":", "arguments: this is not JSON." },
  };

  /* A program that would tell if it ran. */
  begin_tools (&(Setup){ .tools = tools_file, .script = SHELL "echo '{}'\n" });
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *expected =
        g_strdup_printf ("a={\"error\":\"%s\"}", cases[i].fault);
    call_tool ("find_order", "a", cases[i].arguments);
    assert_results (1, expected);
  }
  call_tool ("nonesuch", "a", "{}");
  assert_results (1, "a={\"error\":\"There is no such tool.\"}");
  finish_tools ();
}

static void
test_limits (void)
{
  begin_tools (&(Setup){ .enabled = "send_dtmf" });
  for (guint i = 0; i < 8; i++)
    call_tool ("send_dtmf", "a", "{\"digits\":\"x\"}");
  g_autofree gchar *first = take_results (8);
  g_assert_null (strstr (first, "Too many"));
  call_tool ("send_dtmf", "b", "{\"digits\":\"1\"}");
  assert_results (1,
      "b={\"error\":\"Too many tools were called in this turn: answer the "
      "caller.\"}");
  /* Another turn. */
  press ("1");
  for (guint k = 0; k < 7; k++, press ("1"))
    for (guint i = 0; i < 8; i++)
      call_tool ("send_dtmf", "a", "{\"digits\":\"x\"}");
  g_autofree gchar *most = take_results (56);
  g_assert_null (strstr (most, "Too many"));
  call_tool ("send_dtmf", "c", "{\"digits\":\"1\"}");
  assert_results (1,
      "c={\"error\":\"Too many tools were called in this call: no more are "
      "run.\"}");
  run (20, FALSE);
  g_assert_true (g_queue_is_empty (&controls));
  finish_tools ();
}

/* ---- The application */

static void
test_application (void)
{
  begin_tools (&(Setup){ .tools = tools_file, .timeout = 300 });
  call_tool ("find_order", "a", "{\"number\":1}");
  g_assert_nonnull (find_fact ("aiagent/tool", "called"));
  g_assert_true (agent_session_tool_result (session, "a", "{\"x\":1}"));
  assert_results (1, "a={\"x\":1}");
  call_tool ("find_order", "b", "{\"number\":2}");
  assert_results (1, "b={\"error\":\"Nobody has answered in time.\"}");
  finish_tools ();
}

/* Without a file of tools names are the application's business, as ever; what is ours is
 * not. */
static void
test_application_alone (void)
{
  begin_tools (&(Setup){ .enabled = "collect_digits" });
  call_tool ("whatever", "a", "no JSON");
  g_assert_true (agent_session_tool_result (session, "a", "{\"x\":1}"));
  assert_results (1, "a={\"x\":1}");
  call_tool ("collect_digits", "b", "{}");
  g_assert_false (agent_session_tool_result (session, "b", "{\"x\":1}"));
  finish_tools ();
  /* Nobody is there who knows it. */
  begin_tools (&(Setup){ .enabled = "hang_up", .timeout = 300 });
  call_tool ("whatever", "c", "{}");
  assert_results (1, "c={\"error\":\"Nobody has answered in time.\"}");
  finish_tools ();
}

/* ---- What is heard meanwhile */

static void
test_phrase (void)
{
  guint n = 0;

  begin_tools (&(Setup){ .tools = tools_file,
      .wait = 1,
      .phrase = "One moment, please." });
  call_tool ("find_order", "a", "{\"number\":1}");
  g_assert_cmpuint (run (480, FALSE), ==, 0);
  /* It is being made by another thread. */
  for (guint i = 0; i < 2000 && !n; i++, g_usleep (1000))
    n += run (20, FALSE);
  g_assert_cmpuint (n, >, 0);
  n = run (3000, FALSE);
  g_assert_cmpuint (n, >, 20);
  g_assert_cmpuint (n, <, 120);
  /* No answer of the agent's: nothing is told of it. */
  g_assert_null (find_fact ("aiagent/turn", NULL));
  g_assert_cmpuint (counter ("answers"), ==, 0);
  g_assert_true (agent_session_tool_result (session, "a", "{}"));
  g_assert_cmpuint (run (12000, FALSE), ==, 0);
  finish_tools ();
}

/* ---- */

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);
    g_remove (path);
  }
  g_rmdir (folder);
  g_free (folder);
}

/* ---- On hold */

static void
hold (GstVoiceCallState state, GstVoiceCallBy by)
{
  const GstVoiceCall event = { .state = state,
    .call_id = "1",
    .channel = "sip",
    .source = "127.0.0.1",
    .admitted = "local",
    .by = by };

  agent_session_call (session, AGENT_SINK, &event);
}

/* How many frames of ten have sound. */
static guint
count_music (void)
{
  const guint before = n_spoken;

  for (guint i = 0; i < 10; i++)
    step (FALSE);
  return n_spoken - before;
}

/* Whom this side holds has music, at once and as long; whom the far end has on hold, or a
 * caller who talks, has none. */
static void
test_hold_music (void)
{
  begin_tools (&(Setup){ .music = TRUE });
  g_assert_cmpuint (count_music (), ==, 0);
  for (guint i = 0; i < 2; i++) {
    hold (GST_VOICE_CALL_HELD, GST_VOICE_CALL_BY_US);
    g_byte_array_set_size (said, 0);
    g_assert_cmpuint (count_music (), ==, 10);
    const gint16 *samples = (const gint16 *) said->data;
    g_assert_cmpint (samples[said->len / 4], >, MUSIC / 2);
    hold (GST_VOICE_CALL_RESUMED, GST_VOICE_CALL_BY_US);
    g_assert_cmpuint (count_music (), ==, 0);
    hold (GST_VOICE_CALL_HELD, GST_VOICE_CALL_BY_PEER);
    g_assert_cmpuint (count_music (), ==, 0);
    hold (GST_VOICE_CALL_RESUMED, GST_VOICE_CALL_BY_PEER);
  }
  hold (GST_VOICE_CALL_HELD, GST_VOICE_CALL_BY_US);
  hold (GST_VOICE_CALL_ENDED, GST_VOICE_CALL_BY_PEER);
  g_assert_cmpuint (count_music (), ==, 0);
  finish_tools ();
}

static void
test_hold_without_music (void)
{
  begin_tools (&(Setup){ .enabled = "hang_up" });
  hold (GST_VOICE_CALL_HELD, GST_VOICE_CALL_BY_US);
  g_assert_cmpuint (count_music (), ==, 0);
  finish_tools ();
}

static void
add_built_in (void)
{
  g_test_add_func ("/agenttools/offered", test_offered);
  g_test_add_func ("/agenttools/bad-settings", test_bad_settings);
  g_test_add_func ("/agenttools/hang-up", test_hang_up);
  g_test_add_func ("/agenttools/hang-up-cut", test_hang_up_cut);
  g_test_add_func ("/agenttools/transfer", test_transfer);
  g_test_add_func ("/agenttools/send-dtmf", test_send_dtmf);
  g_test_add_func ("/agenttools/digits", test_digits);
  g_test_add_func ("/agenttools/arguments", test_arguments);
  g_test_add_func ("/agenttools/limits", test_limits);
}

static void
add_own (void)
{
  g_test_add_func ("/agenttools/program", test_program);
  g_test_add_func ("/agenttools/environment", test_environment);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
    g_autofree gchar *path =
        g_strconcat ("/agenttools/hostile/", hostile[i].name, NULL);
    g_test_add_data_func (path, &hostile[i], test_hostile);
  }
  g_test_add_data_func ("/agenttools/forks/too-long", "wait\n", test_forks);
  g_test_add_data_func ("/agenttools/forks/and-ends", "exit 0\n", test_forks);
  g_test_add_func ("/agenttools/ends-with-the-call", test_ends_with_the_call);
  g_test_add_func ("/agenttools/application", test_application);
  g_test_add_func ("/agenttools/application-alone", test_application_alone);
  g_test_add_func ("/agenttools/phrase", test_phrase);
  g_test_add_func ("/agenttools/hold-music", test_hold_music);
  g_test_add_func ("/agenttools/hold-without-music", test_hold_without_music);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("agenttools-XXXXXX", NULL);
  add_built_in ();
  add_own ();
  const int result = g_test_run ();
  remove_folder ();
  return result;
}
