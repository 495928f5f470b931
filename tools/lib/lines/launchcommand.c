/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchcommand.h"
#include "contextwalk.h"

/* An action of @element with that name: returns a boolean, takes a text or nothing. */
static gboolean
has_action (GstElement *element, const gchar *name, gboolean takes_text)
{
  guint id = g_signal_lookup (name, G_OBJECT_TYPE (element));
  GSignalQuery query;

  if (!id || !context_walk_is_ours (element))
    return FALSE;
  g_signal_query (id, &query);
  return (query.signal_flags & G_SIGNAL_ACTION) &&
      query.return_type == G_TYPE_BOOLEAN &&
      query.n_params == (takes_text ? 1 : 0) &&
      (!takes_text || query.param_types[0] == G_TYPE_STRING);
}

static LaunchCommandResult
run (GstElement *element, const gchar *name, const gchar *argument)
{
  gboolean done = FALSE;

  if (!element || !has_action (element, name, argument != NULL))
    return LAUNCH_COMMAND_UNSUPPORTED;
  if (argument)
    g_signal_emit_by_name (element, name, argument, &done);
  else
    g_signal_emit_by_name (element, name, &done);
  return done ? LAUNCH_COMMAND_DONE : LAUNCH_COMMAND_FAILED;
}

static gboolean
is_of_session (GstElement *element, const gchar *session)
{
  g_autofree gchar *own = NULL;

  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (element), "session"))
    return FALSE;
  g_object_get (element, "session", &own, NULL);
  return !g_strcmp0 (own, session);
}

/* (transfer full) NULL: none. */
static GstElement *
find_able (GstElement *pipeline, const gchar *session, const gchar *name,
    gboolean takes_text)
{
  g_autoptr (GstIterator) it = gst_bin_iterate_recurse (GST_BIN (pipeline));
  g_auto (GValue) item = G_VALUE_INIT;
  GstElement *found = NULL;
  gboolean sure = FALSE;

  while (!sure && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    gboolean able = has_action (element, name, takes_text);
    sure = able && is_of_session (element, session);
    if (sure || (able && !found))
      g_set_object (&found, element);
    g_value_reset (&item);
  }
  return found;
}

LaunchCommandResult
launch_command_run (GstElement *pipeline, GstElement *channel,
    const gchar *session, const gchar *command, const gchar *argument)
{
  static const gchar *const of_agent[] = { "say", "interrupt", NULL };

  if (!g_strv_contains (of_agent, command))
    return run (channel, command, argument);
  g_autoptr (GstElement) agent =
      find_able (pipeline, session, command, argument != NULL);
  return run (agent, command, argument);
}

LaunchCommandResult
launch_command_dial (GstElement *pipeline, const gchar *uri)
{
  g_autoptr (GstElement) channel = find_able (pipeline, NULL, "call", TRUE);

  return run (channel, "call", uri);
}
