/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewayplaces.h"

#include <string.h>

static const gchar *
factory_of (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory ? GST_OBJECT_NAME (factory) : "";
}

static gchar *
get_string (GstElement *element, const gchar *name)
{
  gchar *text = NULL;

  g_object_get (element, name, &text, NULL);
  return text;
}

/* ---- Telephone lines: what is set on either half counts for both */

typedef struct
{
  gchar *local_uri; /* NULL: that of the property's default */
  gboolean dials;
} Line;

static void
free_line (gpointer data)
{
  Line *self = data;

  g_free (self->local_uri);
  g_free (self);
}

static Line *
line_of (GHashTable *lines, GstElement *element)
{
  g_autofree gchar *session = get_string (element, "session");
  Line *line = g_hash_table_lookup (lines, session ? session : "default");

  if (line)
    return line;
  line = g_new0 (Line, 1);
  g_hash_table_insert (lines, g_strdup (session ? session : "default"), line);
  return line;
}

static gboolean
is_default (GstElement *element, const gchar *name, const gchar *value)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);

  return !g_strcmp0 (value,
      g_value_get_string (g_param_spec_get_default_value (pspec)));
}

static void
take_half (GHashTable *lines, GstElement *element)
{
  Line *line = line_of (lines, element);
  g_autofree gchar *uri = get_string (element, "uri");
  g_autofree gchar *local = get_string (element, "local-uri");

  line->dials |= uri && *uri;
  if (line->local_uri && is_default (element, "local-uri", local))
    return;
  g_free (line->local_uri);
  line->local_uri = g_steal_pointer (&local);
}

/* With the port that is meant where none is said; hosts know no case, names do. */
static gchar *
place_of_uri (const gchar *uri)
{
  const gchar *scheme = strchr (uri, ':');
  const gchar *at = strchr (uri, '@');
  const gchar *host = at ? at + 1 : scheme ? scheme + 1 : uri;
  g_autofree gchar *name =
      at && scheme ? g_strndup (scheme + 1, at - scheme) : g_strdup ("");
  g_autofree gchar *address =
      g_ascii_strdown (host, (gssize) strcspn (host, ";?"));
  const gchar *bracket = strchr (address, ']');
  gboolean has_port = strchr (bracket ? bracket : address, ':') != NULL;

  return g_strconcat ("sip:", name, address, has_port ? "" : ":5060", NULL);
}

/* ---- Browser lines */

static gchar *
place_of_server (GstElement *element)
{
  g_autofree gchar *host = get_string (element, "host");
  g_autofree gchar *line = get_string (element, "line");
  guint port;

  g_object_get (element, "port", &port, NULL);
  return g_strdup_printf ("http://%s:%u/whip%s%s", host ? host : "", port,
      line ? "/" : "", line ? line : "");
}

/* ---- From outside */

GStrv
gateway_places_of (GstElement *pipeline)
{
  g_autoptr (GstIterator) it = gst_bin_iterate_recurse (GST_BIN (pipeline));
  g_autoptr (GHashTable) lines =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_line);
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_auto (GValue) item = G_VALUE_INIT;
  GHashTableIter iter;
  gpointer line;

  while (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    if (g_str_equal (factory_of (element), "sipsrc") ||
        g_str_equal (factory_of (element), "sipsink")) {
      take_half (lines, element);
    } else if (g_str_equal (factory_of (element), "whipserver")) {
      g_autofree gchar *place = place_of_server (element);
      g_strv_builder_add (places, place);
    }
    g_value_reset (&item);
  }
  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, NULL, &line)) {
    const Line *self = line;
    g_autofree gchar *place = place_of_uri (self->local_uri);
    if (!self->dials)
      g_strv_builder_add (places, place);
  }
  return g_strv_builder_end (places);
}
