/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Plays one launch text N times in one process, as an application with N phone
 * lines does: lines [-m] N LAUNCH-TEXT [N LAUNCH-TEXT]... "%d" in a text is the
 * number of the line. -m: prints every element message, and at the end the statistics
 * of each agent's backend. Prints "ready" when all play, then every error as a line;
 * an error ends its own line only, EOS starts it again. Ends on SIGTERM or SIGINT. */

#include "quarktable.h"

#include <gst/gst.h>

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static GMainLoop *loop;
static gboolean print_messages;

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user)
{
  GstElement *pipeline = user;
  g_autoptr (GError) error = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, NULL);
      printf ("error %s: %s\n", GST_MESSAGE_SRC_NAME (message), error->message);
      fflush (stdout);
      gst_element_set_state (pipeline, GST_STATE_NULL);
      break;
    case GST_MESSAGE_ELEMENT:
      if (print_messages) {
        g_autofree gchar *text =
            gst_structure_to_string (gst_message_get_structure (message));
        printf ("%s\n", text);
        fflush (stdout);
      }
      break;
    case GST_MESSAGE_EOS:
      gst_element_set_state (pipeline, GST_STATE_NULL);
      gst_element_set_state (pipeline, GST_STATE_PLAYING);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
add_line (GPtrArray *pipelines, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "%d", -1);
  g_autofree gchar *number = g_strdup_printf ("%u", pipelines->len);
  g_autofree gchar *numbered = g_strjoinv (number, parts);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (numbered, &error);

  if (pipeline == NULL || error != NULL) {
    fprintf (stderr, "lines: %s\n", error ? error->message : "no pipeline");
    return FALSE;
  }
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, pipeline);
  g_ptr_array_add (pipelines, pipeline);
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE)
    return TRUE;
  g_autoptr (GstMessage) message =
      gst_bus_timed_pop_filtered (bus, 0, GST_MESSAGE_ERROR);
  if (message != NULL)
    gst_message_parse_error (message, &error, NULL);
  fprintf (stderr, "lines: line %s does not play: %s\n", number,
      error ? error->message : "no reason given");
  return FALSE;
}

/* Those of the agents of a pipeline. */
static void
print_stats (GstElement *pipeline)
{
  g_autoptr (GstIterator) elements =
      gst_bin_iterate_all_by_interface (GST_BIN (pipeline),
          GST_TYPE_CHILD_PROXY);
  g_auto (GValue) item = G_VALUE_INIT;

  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    g_autoptr (GObject) backend =
        gst_child_proxy_get_child_by_name (g_value_get_object (&item),
            "backend");
    g_autoptr (GstStructure) stats = NULL;
    if (backend &&
        g_object_class_find_property (G_OBJECT_GET_CLASS (backend), "stats"))
      g_object_get (backend, "stats", &stats, NULL);
    g_autofree gchar *text = stats ? gst_structure_to_string (stats) : NULL;
    if (text)
      printf ("%s\n", text);
    g_value_reset (&item);
  }
}

static gboolean
on_signal (gpointer user)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static void
raise_file_limit (void)
{
  struct rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) pipelines = g_ptr_array_new ();
  gint code = 0;

  raise_file_limit ();
  gst_init (&argc, &argv);
  print_messages = argc > 1 && strcmp (argv[1], "-m") == 0;
  argv += print_messages;
  argc -= print_messages;
  if (argc < 3 || argc % 2 == 0) {
    fputs ("usage: lines [-m] N LAUNCH-TEXT [N LAUNCH-TEXT]...\n", stderr);
    return 2;
  }
  for (gint i = 1; i + 1 < argc && code == 0; i += 2)
    for (gint k = 0; k < atoi (argv[i]) && code == 0; k++)
      code = add_line (pipelines, argv[i + 1]) ? 0 : 1;
  if (code == 0) {
    loop = g_main_loop_new (NULL, FALSE);
    g_unix_signal_add (SIGTERM, on_signal, NULL);
    g_unix_signal_add (SIGINT, on_signal, NULL);
    puts ("ready");
    fflush (stdout);
    g_main_loop_run (loop);
    g_main_loop_unref (loop);
  }
  for (guint i = 0; i < pipelines->len; i++) {
    GstElement *pipeline = g_ptr_array_index (pipelines, i);
    g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
    if (print_messages)
      print_stats (pipeline);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_bus_remove_watch (bus);
    gst_object_unref (pipeline);
  }
  return code;
}
