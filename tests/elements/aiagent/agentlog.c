/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A dialogue in the log: it can be followed by its call-id from begin to end, and what
 * was said in it stays out. */

#include "agentdialogue.h"

#include <string.h>

typedef struct
{
  GstDebugLevel level;
  gchar *text;
} Line;

static GMutex lock; /* protects the following */
static GArray *lines; /* Line */

static void
line_clear (gpointer data)
{
  g_free (((Line *) data)->text);
}

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint number, GObject *object,
    GstDebugMessage *message, gpointer user)
{
  if (strcmp (gst_debug_category_get_name (category), "aiagent"))
    return;
  const Line line = { level, g_strdup (gst_debug_message_get (message)) };
  g_mutex_lock (&lock);
  g_array_append_val (lines, line);
  g_mutex_unlock (&lock);
}

static guint
count (GstDebugLevel level, const gchar *part)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++) {
    const Line *line = &g_array_index (lines, Line, i);
    n += line->level == level && strstr (line->text, part) != NULL;
  }
  return n;
}

/* A greeting that is interrupted, a hold, a second answer, a tool. */
static void
hold_dialogue (const gchar *id)
{
  begin_script ("[agent]\ngreeting=hello\nthink-time=0\nturns=bye\n"
                "[answer hello]\naudio=tone:500,3000\ntext=My secret is 42\n"
                "[answer bye]\naudio=tone:500,200\ntool=transfer\n"
                "tool-target=sip:secret@example.com\n",
      NULL, 0);
  call (id, TRUE);
  run (500, FALSE);
  run (500, TRUE);
  call_by (AGENT_SINK, id, GST_VOICE_CALL_HELD);
  run (500, FALSE);
  call_by (AGENT_SINK, id, GST_VOICE_CALL_RESUMED);
  agent_session_digit (session, '7');
  run (1000, FALSE);
  call (id, FALSE);
  finish ();
}

/* But for the backend, which is there before the call and after it. */
static void
assert_all_name (const gchar *id)
{
  for (guint i = 0; i < lines->len; i++) {
    const gchar *text = g_array_index (lines, Line, i).text;
    if (!g_str_has_prefix (text, id) && !strstr (text, "is prepared"))
      g_error ("\"%s\" does not name %s", text, id);
  }
}

static void
test_one_call (void)
{
  static const gchar *const events[] = { "AgentScripted is prepared",
    "is answered", "state response-started", "state speech-started",
    "state interrupted", "heard ", "answer 1 begins", "answer 2 begins",
    "answer 2 has all come in", "state speech-stopped", "is held", "on hold",
    "no longer on hold", "a digit", "state response-done", "aiagent/tool",
    "name transfer", "aiagent/transcript", "is ended", "the dialogue is over" };

  gst_debug_set_threshold_from_string ("aiagent:5", TRUE);
  hold_dialogue ("call-7");
  g_assert_cmpuint (count (GST_LEVEL_INFO, "from sip:a@b to sip:c@d by sip"),
      ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_INFO, ""), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if (!count (GST_LEVEL_DEBUG, events[i]))
      g_error ("nothing in the log of \"%s\"", events[i]);
  g_assert_cmpuint (count (GST_LEVEL_LOG, ""), ==, 0);
  g_assert_cmpuint (count (GST_LEVEL_DEBUG, "secret"), ==, 0);
  assert_all_name ("call-7: ");
}

/* A line for each buffer, at its own level. */
static void
test_buffers (void)
{
  gst_debug_set_threshold_from_string ("aiagent:6", TRUE);
  hold_dialogue ("call-8");
  g_assert_cmpuint (count (GST_LEVEL_LOG, "call-8: heard 160 samples"), ==,
      2000 / 20);
  g_assert_cmpuint (count (GST_LEVEL_LOG, "call-8: said "), ==, 2000 / 20);
}

static void
test_nothing (void)
{
  gst_debug_set_threshold_from_string ("aiagent:3", TRUE);
  g_array_set_size (lines, 0);
  hold_dialogue ("call-9");
  g_assert_cmpuint (lines->len, ==, 0);
}

int
main (int argc, char **argv)
{
  /* The plugin, met by a scan, would register the types that are linked in here
   * a second time. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (lines, line_clear);
  gst_debug_remove_log_function (NULL);
  gst_debug_add_log_function (on_log, NULL, NULL);
  gst_debug_set_active (TRUE);
  g_test_add_func ("/agentlog/one-call", test_one_call);
  g_test_add_func ("/agentlog/buffers", test_buffers);
  g_test_add_func ("/agentlog/nothing", test_nothing);
  const gint result = g_test_run ();
  gst_debug_remove_log_function (on_log);
  g_array_unref (lines);
  return result;
}
