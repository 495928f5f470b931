/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchpipeline.h"
#include "contextwalk.h"
#include "elementproperty.h"

#include <string.h>

typedef struct
{
  const LaunchRoute *route;
  const LaunchLineNames *names;
  guint busy_wait;
  GstElement *pipeline;
} Making;

/* ---- Elements */

static void
for_each_element (Making *self,
    void (*func) (Making *self, GstElement *element))
{
  g_autoptr (GstIterator) it =
      gst_bin_iterate_recurse (GST_BIN (self->pipeline));
  g_auto (GValue) item = G_VALUE_INIT;

  while (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    func (self, g_value_get_object (&item));
    g_value_reset (&item);
  }
}

static gboolean
has_property (GstElement *element, const gchar *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), name) !=
      NULL;
}

static gboolean
is_factory (GstElement *element, const gchar *name)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory && g_str_equal (GST_OBJECT_NAME (factory), name);
}

static gboolean
is_set (GstElement *element, const gchar *name)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);
  g_auto (GValue) value = G_VALUE_INIT;

  if (!pspec)
    return TRUE;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), name, &value);
  return !g_param_value_defaults (pspec, &value);
}

/* An element of the same pair, perhaps @element itself. */
static gboolean
is_of_pair (GstElement *element, GstElement *other)
{
  static const gchar *const pairs[][2] = { { "sipsrc", "sipsink" },
    { "aiagentsrc", "aiagentsink" } };
  g_autofree gchar *name = NULL;
  g_autofree gchar *other_name = NULL;
  gboolean same = element == other;

  for (guint i = 0; i < G_N_ELEMENTS (pairs) && !same; i++)
    same = is_factory (element, pairs[i][0]) && is_factory (other, pairs[i][1]);
  if (!same || element == other)
    return same;
  g_object_get (element, "session", &name, NULL);
  g_object_get (other, "session", &other_name, NULL);
  return !g_strcmp0 (name, other_name);
}

/* A pair agrees on what both halves say, and the text may say it of either. */
static gboolean
is_said (Making *self, GstElement *element, const gchar *name)
{
  g_autoptr (GstIterator) it =
      gst_bin_iterate_recurse (GST_BIN (self->pipeline));
  g_auto (GValue) item = G_VALUE_INIT;
  gboolean said = FALSE;

  while (!said && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *other = g_value_get_object (&item);
    said = is_of_pair (element, other) && has_property (other, name) &&
        is_set (other, name);
    g_value_reset (&item);
  }
  return said;
}

/* The text's own word counts, where it says something. */
static void
set_context (Making *self, GstElement *element)
{
  static const gchar *const sources[] = { "sipsrc", "aiagentsrc",
    "voicemixer" };
  gboolean drives = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    drives = drives || is_factory (element, sources[i]);
  if (!drives)
    return;
  if (is_said (self, element, "context") || !context_walk_is_safe (element))
    return;
  g_autofree gchar *core = g_strdup_printf ("core-%u",
      self->names->number % g_get_num_processors ());
  g_object_set (element, "context", core, NULL);
}

/* Of a telephone line it is one of its timers; the text may have others of them. */
static void
add_busy_wait (Making *self, GstElement *element, const GstStructure *timers)
{
  g_autoptr (GstStructure) all =
      timers ? gst_structure_copy (timers) : gst_structure_new_empty ("timers");

  if (gst_structure_has_field (all, "busy-wait"))
    return;
  gst_structure_set (all, "busy-wait", G_TYPE_UINT, self->busy_wait, NULL);
  g_object_set (element, "timers", all, NULL);
}

/* @element, and whatever else of its pair says timers, as both say the same. */
static void
set_timers (Making *self, GstElement *element)
{
  const gboolean said = is_said (self, element, "timers");
  g_autoptr (GstIterator) it =
      gst_bin_iterate_recurse (GST_BIN (self->pipeline));
  g_auto (GValue) item = G_VALUE_INIT;

  while (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *other = g_value_get_object (&item);
    g_autoptr (GstStructure) timers = NULL;
    if (is_of_pair (element, other)) {
      g_object_get (other, "timers", &timers, NULL);
      if (said ? timers != NULL : other == element)
        add_busy_wait (self, other, timers);
    }
    g_value_reset (&item);
  }
}

static void
set_busy_wait (Making *self, GstElement *element)
{
  if (!self->busy_wait)
    return;
  if (has_property (element, "timers"))
    set_timers (self, element);
  else if (has_property (element, "busy-wait") &&
      !is_said (self, element, "busy-wait"))
    g_object_set (element, "busy-wait", self->busy_wait, NULL);
}

/* A line serves one call and is replaced, whatever its text says for when it runs
 * alone. */
static void
set_up (Making *self, GstElement *element)
{
  if (!context_walk_is_ours (element))
    return;
  if (has_property (element, "on-hangup"))
    gst_util_set_object_arg (G_OBJECT (element), "on-hangup", "eos");
  set_context (self, element);
  if (is_factory (element, "sipsrc") || is_factory (element, "whipserver"))
    set_busy_wait (self, element);
}

/* ---- Settings of the route */

static gboolean
set_properties (Making *self, GError **error)
{
  for (guint i = 0; i < self->route->properties->len; i++) {
    const LaunchProperty *property =
        g_ptr_array_index (self->route->properties, i);
    g_autofree gchar *value = launch_route_expand_property (self->route,
        self->names, property, error);
    if (!value ||
        !element_property_set (GST_BIN (self->pipeline), self->route, property,
            value, error))
      return FALSE;
  }
  return TRUE;
}

/* GStreamer says that it could not set a property, and not what it might be set to. */
static void
refuse (Making *self, const gchar *text, const GError *reason, GError **error)
{
  g_autofree gchar *fault = g_error_matches (reason, GST_PARSE_ERROR,
                                GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY)
      ? element_property_find_fault (text)
      : NULL;

  g_set_error (error, GST_PARSE_ERROR, reason ? reason->code : 0, "%s: %s",
      self->route->file,
      fault        ? fault
          : reason ? reason->message
                   : "no pipeline");
}

/* gst_parse_launch() gives what it could make together with the error. */
static gboolean
parse (Making *self, const gchar *text, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GstElement *made =
      gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &reason);

  if (made)
    gst_object_ref_sink (made);
  if (made && !reason && GST_IS_PIPELINE (made)) {
    self->pipeline = made;
    return TRUE;
  }
  if (made && !reason) { /* a single element */
    self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
    gst_bin_add (GST_BIN (self->pipeline), made);
    gst_object_unref (made);
    return TRUE;
  }
  g_clear_object (&made);
  refuse (self, text, reason, error);
  return FALSE;
}

/* ---- From outside */

GstElement *
launch_pipeline_new (const LaunchRoute *route, const LaunchLineNames *names,
    guint busy_wait, GError **error)
{
  Making self = { route, names, busy_wait, NULL };
  g_autofree gchar *text = launch_route_expand (route, names, error);

  if (!text || !parse (&self, text, error))
    return NULL;
  if (!set_properties (&self, error)) {
    gst_object_unref (self.pipeline);
    return NULL;
  }
  for_each_element (&self, set_up);
  /* What its elements tell while they stop is read, too. */
  gst_pipeline_set_auto_flush_bus (GST_PIPELINE (self.pipeline), FALSE);
  return self.pipeline;
}

static gboolean
can_drain (GstElement *element)
{
  return context_walk_is_ours (element) &&
      g_signal_lookup ("drain", G_OBJECT_TYPE (element));
}

static void
drain (Making *self, GstElement *element)
{
  gboolean done;

  if (can_drain (element))
    g_signal_emit_by_name (element, "drain", TRUE, &done);
}

void
launch_pipeline_drain (GstElement *pipeline)
{
  Making self = { .pipeline = pipeline };

  for_each_element (&self, drain);
}

static void
hang_up (Making *self, GstElement *element)
{
  gboolean done;

  if (is_factory (element, "sipsrc") || is_factory (element, "sipsink") ||
      is_factory (element, "whipserver"))
    g_signal_emit_by_name (element, "hang-up", &done);
}

void
launch_pipeline_hang_up (GstElement *pipeline)
{
  Making self = { .pipeline = pipeline };

  for_each_element (&self, hang_up);
}

static void
unregister (Making *self, GstElement *element)
{
  if (is_factory (element, "sipsrc") || is_factory (element, "sipsink"))
    gst_element_set_state (element, GST_STATE_PAUSED);
  else if (is_factory (element, "whipserver"))
    gst_element_set_state (element, GST_STATE_READY);
}

void
launch_pipeline_unregister (GstElement *pipeline)
{
  Making self = { .pipeline = pipeline };

  for_each_element (&self, unregister);
}

GstStructure *
launch_pipeline_get_stats (GstElement *pipeline, const gchar *factory)
{
  g_autoptr (GstIterator) it =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline), factory);
  g_auto (GValue) item = G_VALUE_INIT;
  GstStructure *stats = NULL;

  if (gst_iterator_next (it, &item) == GST_ITERATOR_OK)
    g_object_get (g_value_get_object (&item), "stats", &stats, NULL);
  return stats;
}

/* "sip:name@host:port" -> "host:port" */
static gchar *
address_of_uri (const gchar *uri)
{
  const gchar *start = strchr (uri, '@');

  if (!start)
    start = strchr (uri, ':');
  return g_strdup (start ? start + 1 : uri);
}

static gchar *
address_of (GstElement *element)
{
  g_autofree gchar *text = NULL;
  guint port = 0;

  if (is_factory (element, "sipsrc") || is_factory (element, "sipsink")) {
    g_object_get (element, "local-uri", &text, NULL);
    return address_of_uri (text ? text : "");
  }
  if (is_factory (element, "whipserver") && can_drain (element)) {
    g_object_get (element, "host", &text, "port", &port, NULL);
    return g_strdup_printf ("http %s:%u", text ? text : "", port);
  }
  return NULL;
}

/* Either half may carry the address of the pair: the one that was set counts. */
gchar *
launch_pipeline_dup_address (GstElement *pipeline)
{
  g_autoptr (GstIterator) it = gst_bin_iterate_recurse (GST_BIN (pipeline));
  g_auto (GValue) item = G_VALUE_INIT;
  g_autofree gchar *address = NULL;
  gboolean sure = FALSE;

  while (!sure && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    gchar *found = address_of (element);
    if (found) {
      sure = is_set (element, "local-uri");
      g_free (address);
      address = found;
    }
    g_value_reset (&item);
  }
  return address ? g_steal_pointer (&address) : g_strdup ("");
}
