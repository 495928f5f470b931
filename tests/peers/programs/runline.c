/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Plays a launch line as gst-launch-1.0 does and prints every message of interest
 * as one line of JSON. Commands come on stdin, one a line:
 *
 *   hang-up | answer | reject [CODE] | call URI | transfer TARGET | dtmf DIGITS |
 *   say TEXT | interrupt   the action signal of the first element that has it
 *   stats              prints the `stats` of every element that has them
 *   set ELEMENT PROPERTY VALUE
 *   state null|ready|paused|playing [ELEMENT]
 *   eos | quit
 *
 * Ends with code 0 on EOS or quit, with 1 on an error. SIGINT sends EOS. */

#include "quarktable.h"

#include <gst/gst.h>

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  GstElement *pipeline;
  GMainLoop *loop;
  gint code;
} Run;

static void
print_string (const gchar *string)
{
  putchar ('"');
  for (; *string != '\0'; string++) {
    if (*string == '"' || *string == '\\')
      putchar ('\\');
    putchar ((guchar) *string < ' ' ? ' ' : *string);
  }
  putchar ('"');
}

static void
print_value (const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value)) {
    const gchar *string = g_value_get_string (value);
    print_string (string ? string : "");
  } else if (G_VALUE_HOLDS_UINT64 (value)) {
    printf ("%" G_GUINT64_FORMAT, g_value_get_uint64 (value));
  } else if (G_VALUE_HOLDS_BOOLEAN (value)) {
    fputs (g_value_get_boolean (value) ? "true" : "false", stdout);
  } else {
    g_autofree gchar *text = gst_value_serialize (value);
    if (G_VALUE_HOLDS_INT (value) || G_VALUE_HOLDS_UINT (value) ||
        G_VALUE_HOLDS_INT64 (value) || G_VALUE_HOLDS_DOUBLE (value))
      fputs (text, stdout);
    else
      print_string (text ? text : "");
  }
}

static gboolean
print_field (GQuark field, const GValue *value, gpointer user)
{
  putchar (',');
  print_string (g_quark_to_string (field));
  putchar (':');
  print_value (value);
  return TRUE;
}

static void
begin (const gchar *what, const gchar *source)
{
  printf ("{\"time\":%.3f,\"message\":", g_get_real_time () / 1e6);
  print_string (what);
  fputs (",\"source\":", stdout);
  print_string (source);
}

static void
finish (void)
{
  fputs ("}\n", stdout);
  fflush (stdout);
}

static void
print_structure (const gchar *what, const gchar *source,
    const GstStructure *structure)
{
  begin (what, source);
  if (structure != NULL)
    gst_structure_foreach (structure, print_field, NULL);
  finish ();
}

static void
print_problem (GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;
  const GstStructure *details = NULL;
  gboolean fatal = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;

  if (fatal) {
    gst_message_parse_error (message, &error, &debug);
    gst_message_parse_error_details (message, &details);
  } else {
    gst_message_parse_warning (message, &error, &debug);
    gst_message_parse_warning_details (message, &details);
  }
  begin (fatal ? "error" : "warning", GST_MESSAGE_SRC_NAME (message));
  printf (",\"domain\":\"%s\",\"code\":%d,\"text\":",
      g_quark_to_string (error->domain), error->code);
  print_string (error->message);
  fputs (",\"debug\":", stdout);
  print_string (debug ? debug : "");
  if (details != NULL)
    gst_structure_foreach (details, print_field, NULL);
  finish ();
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user)
{
  Run *run = user;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_EOS:
      print_structure ("eos", GST_MESSAGE_SRC_NAME (message), NULL);
      g_main_loop_quit (run->loop);
      break;
    case GST_MESSAGE_ERROR:
      print_problem (message);
      run->code = 1;
      g_main_loop_quit (run->loop);
      break;
    case GST_MESSAGE_WARNING:
      print_problem (message);
      break;
    case GST_MESSAGE_ELEMENT:
      print_structure (gst_structure_get_name (
                           gst_message_get_structure (message)),
          GST_MESSAGE_SRC_NAME (message), gst_message_get_structure (message));
      break;
    case GST_MESSAGE_STATE_CHANGED:
      if (GST_MESSAGE_SRC (message) == GST_OBJECT (run->pipeline)) {
        GstState state;
        gst_message_parse_state_changed (message, NULL, &state, NULL);
        begin ("state", "pipeline");
        printf (",\"state\":\"%s\"", gst_element_state_get_name (state));
        finish ();
      }
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* ---- commands ---- */

static gboolean
for_each_element (Run *run,
    gboolean (*found) (GstElement *element, gpointer user), gpointer user)
{
  g_autoptr (GstIterator) elements =
      gst_bin_iterate_elements (GST_BIN (run->pipeline));
  GValue item = G_VALUE_INIT;
  gboolean done = FALSE;

  while (!done && gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    done = found (g_value_get_object (&item), user);
    g_value_reset (&item);
  }
  g_value_unset (&item);
  return done;
}

typedef struct
{
  const gchar *signal;
  const gchar *argument;
} Action;

/* The argument becomes what the signal's first parameter is; others stay at
 * their type's zero. */
static gboolean
emit_action (GstElement *element, gpointer user)
{
  Action *action = user;
  guint id = g_signal_lookup (action->signal, G_OBJECT_TYPE (element));
  GSignalQuery query;
  GValue values[8] = { G_VALUE_INIT };
  GValue result = G_VALUE_INIT;

  if (id == 0)
    return FALSE;
  g_signal_query (id, &query);
  g_value_init (&values[0], G_OBJECT_TYPE (element));
  g_value_set_object (&values[0], element);
  for (guint i = 0; i < MIN (query.n_params, 7); i++) {
    GType type = query.param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE;
    g_value_init (&values[i + 1], type);
    if (i == 0 && action->argument != NULL)
      gst_value_deserialize (&values[i + 1], action->argument);
  }
  if (query.return_type != G_TYPE_NONE)
    g_value_init (&result, query.return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_emitv (values, id, 0,
      query.return_type != G_TYPE_NONE ? &result : NULL);
  begin ("action", GST_ELEMENT_NAME (element));
  printf (",\"signal\":\"%s\"", action->signal);
  if (G_IS_VALUE (&result)) {
    fputs (",\"result\":", stdout);
    print_value (&result);
    g_value_unset (&result);
  }
  finish ();
  for (guint i = 0; i < MIN (query.n_params, 7) + 1; i++)
    g_value_unset (&values[i]);
  return TRUE;
}

static gboolean
print_stats (GstElement *element, gpointer user)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), "stats");
  g_autoptr (GstStructure) stats = NULL;

  if (pspec == NULL || pspec->value_type != GST_TYPE_STRUCTURE)
    return FALSE;
  g_object_get (element, "stats", &stats, NULL);
  print_structure ("stats", GST_ELEMENT_NAME (element), stats);
  return FALSE;
}

static void
set_state (Run *run, const gchar *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  g_autoptr (GstElement) element = words[1]
      ? gst_bin_get_by_name (GST_BIN (run->pipeline), words[1])
      : gst_object_ref (run->pipeline);

  for (GstState state = GST_STATE_NULL; state <= GST_STATE_PLAYING; state++)
    if (element != NULL &&
        g_ascii_strcasecmp (words[0], gst_element_state_get_name (state)) == 0)
      gst_element_set_state (element, state);
}

static void
set_property (Run *run, const gchar *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 3);
  g_autoptr (GstElement) element = NULL;

  if (g_strv_length (words) == 3)
    element = gst_bin_get_by_name (GST_BIN (run->pipeline), words[0]);
  if (element != NULL)
    gst_util_set_object_arg (G_OBJECT (element), words[1], words[2]);
}

static void
obey (Run *run, gchar *line)
{
  gchar *argument = strchr (line, ' ');
  if (argument != NULL)
    *argument++ = '\0';

  if (g_str_equal (line, "eos")) {
    gst_element_send_event (run->pipeline, gst_event_new_eos ());
  } else if (g_str_equal (line, "quit")) {
    g_main_loop_quit (run->loop);
  } else if (g_str_equal (line, "stats")) {
    for_each_element (run, print_stats, NULL);
  } else if (g_str_equal (line, "set") && argument != NULL) {
    set_property (run, argument);
  } else if (g_str_equal (line, "state") && argument != NULL) {
    set_state (run, argument);
  } else {
    Action action = { g_str_equal (line, "dtmf") ? "send-dtmf" : line,
      argument };
    if (!for_each_element (run, emit_action, &action))
      print_structure ("no-such-action", line, NULL);
  }
}

static gboolean
on_input (GIOChannel *channel, GIOCondition condition, gpointer user)
{
  Run *run = user;
  g_autofree gchar *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) !=
      G_IO_STATUS_NORMAL)
    return G_SOURCE_REMOVE;
  g_strstrip (line);
  if (*line != '\0')
    obey (run, line);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt (gpointer user)
{
  gst_element_send_event (((Run *) user)->pipeline, gst_event_new_eos ());
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user)
{
  g_main_loop_quit (((Run *) user)->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
prepare (Run *run, gchar **words)
{
  g_autoptr (GError) error = NULL;

  run->pipeline = words[1] == NULL
      ? gst_parse_launch (words[0], &error)
      : gst_parse_launchv ((const gchar **) words, &error);
  if (run->pipeline == NULL || error != NULL) {
    fprintf (stderr, "runline: %s\n", error ? error->message : "no pipeline");
    return FALSE;
  }
  if (!GST_IS_PIPELINE (run->pipeline)) {
    GstElement *only = run->pipeline;
    run->pipeline = gst_pipeline_new (NULL);
    gst_bin_add (GST_BIN (run->pipeline), only);
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  Run run = { 0 };

  gst_init (&argc, &argv);
  if (argc < 2) {
    fputs ("usage: runline LAUNCH-LINE\n", stderr);
    return 2;
  }
  if (!prepare (&run, argv + 1))
    return 2;
  run.loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstBus) bus = gst_element_get_bus (run.pipeline);
  guint watch = gst_bus_add_watch (bus, on_message, &run);
  GIOChannel *input = g_io_channel_unix_new (0);
  guint reader = g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, &run);
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, &run);
  guint terminate = g_unix_signal_add (SIGTERM, on_terminate, &run);

  /* a failure is told by a message, which the loop prints */
  gst_element_set_state (run.pipeline, GST_STATE_PLAYING);
  g_main_loop_run (run.loop);

  gst_element_set_state (run.pipeline, GST_STATE_NULL);
  print_structure ("end", "pipeline", NULL);
  if (g_main_context_find_source_by_id (NULL, reader) != NULL)
    g_source_remove (reader);
  g_io_channel_unref (input);
  g_source_remove (watch);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  gst_object_unref (run.pipeline);
  g_main_loop_unref (run.loop);
  gst_clear_object (&bus);
  if (g_getenv ("GST_TRACERS")) {
    /* State changes wait for no loop: those let go of their elements a moment later. */
    g_usleep (200000);
    gst_deinit ();
  }
  return run.code;
}
