/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "contextwalk.h"

static const gchar *
factory_of (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory ? GST_OBJECT_NAME (factory) : "";
}

gboolean
context_walk_is_ours (GstElement *element)
{
  static const gchar *const ours[] = { "sipsrc", "sipsink", "aiagentsrc",
    "aiagentsink", "voicemixer", "whipserver", NULL };

  return g_strv_contains (ours, factory_of (element));
}

/* Passes buffers on in the same call and waits for nothing; identity may sleep. */
static gboolean
passes_on (GstElement *element)
{
  static const gchar *const passing[] = { "tee", "capsfilter", NULL };
  gboolean sync = TRUE;
  guint sleep_time = 1;

  if (g_strv_contains (passing, factory_of (element)))
    return TRUE;
  if (!g_str_equal (factory_of (element), "identity"))
    return FALSE;
  g_object_get (element, "sync", &sync, "sleep-time", &sleep_time, NULL);
  return !sync && !sleep_time;
}

/* What is behind it runs in a thread of its own, and it drops when that is slow. */
static gboolean
is_leaky_queue (GstElement *element)
{
  gint leaky = 0;

  if (!g_str_equal (factory_of (element), "queue"))
    return FALSE;
  g_object_get (element, "leaky", &leaky, NULL);
  return leaky != 0;
}

static gboolean walk (GstElement *element, GHashTable *seen);

static gboolean
walk_pad (GstElement *element, GstPad *pad, gpointer user)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  g_autoptr (GstElement) next = peer ? gst_pad_get_parent_element (peer) : NULL;

  if (!peer) /* nothing goes there */
    return TRUE;
  if (!next) /* the ghost pad of a bin: whatever is in it */
    return FALSE;
  if (context_walk_is_ours (next) || is_leaky_queue (next))
    return TRUE;
  return passes_on (next) && walk (next, user);
}

static gboolean
walk (GstElement *element, GHashTable *seen)
{
  if (!g_hash_table_add (seen, element))
    return TRUE;
  return gst_element_foreach_src_pad (element, walk_pad, seen);
}

gboolean
context_walk_is_safe (GstElement *element)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  return walk (element, seen);
}
