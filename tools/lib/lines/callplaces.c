/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "callplaces.h"

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

/* ---- Pairs of a telephone: what is set on either half counts for both */

typedef struct
{
  gchar *local_uri; /* NULL: that of the property's default */
  gboolean dials;
} Pair;

static void
free_pair (gpointer data)
{
  Pair *self = data;

  g_free (self->local_uri);
  g_free (self);
}

static Pair *
pair_of (GHashTable *pairs, GstElement *element)
{
  g_autofree gchar *session = get_string (element, "session");
  Pair *pair = g_hash_table_lookup (pairs, session ? session : "default");

  if (pair)
    return pair;
  pair = g_new0 (Pair, 1);
  g_hash_table_insert (pairs, g_strdup (session ? session : "default"), pair);
  return pair;
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
take_half (GHashTable *pairs, GstElement *element)
{
  Pair *pair = pair_of (pairs, element);
  g_autofree gchar *uri = get_string (element, "uri");
  g_autofree gchar *local = get_string (element, "local-uri");

  pair->dials |= uri && *uri;
  if (pair->local_uri && is_default (element, "local-uri", local))
    return;
  g_free (pair->local_uri);
  pair->local_uri = g_steal_pointer (&local);
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

/* ---- Browsers */

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
call_places_of (GstElement *pipeline)
{
  g_autoptr (GstIterator) it = gst_bin_iterate_recurse (GST_BIN (pipeline));
  g_autoptr (GHashTable) pairs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_pair);
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_auto (GValue) item = G_VALUE_INIT;
  GHashTableIter iter;
  gpointer pair;

  while (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    if (g_str_equal (factory_of (element), "sipsrc") ||
        g_str_equal (factory_of (element), "sipsink")) {
      take_half (pairs, element);
    } else if (g_str_equal (factory_of (element), "whipserver")) {
      g_autofree gchar *place = place_of_server (element);
      g_strv_builder_add (places, place);
    }
    g_value_reset (&item);
  }
  g_hash_table_iter_init (&iter, pairs);
  while (g_hash_table_iter_next (&iter, NULL, &pair)) {
    const Pair *self = pair;
    g_autofree gchar *place = place_of_uri (self->local_uri);
    if (!self->dials)
      g_strv_builder_add (places, place);
  }
  return g_strv_builder_end (places);
}
