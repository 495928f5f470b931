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

/* A pad may be linked later, when that of a decodebin or so has come. webrtcbin's lead
 * to what is not raw audio. */
static gboolean
links_later (GstElement *element)
{
  const GList *item =
      gst_element_class_get_pad_template_list (GST_ELEMENT_GET_CLASS (element));

  if (context_walk_is_ours (element) ||
      g_str_equal (factory_of (element), "webrtcbin"))
    return FALSE;
  for (; item; item = item->next)
    if (GST_PAD_TEMPLATE_DIRECTION (item->data) == GST_PAD_SRC &&
        GST_PAD_TEMPLATE_PRESENCE (item->data) == GST_PAD_SOMETIMES)
      return TRUE;
  return FALSE;
}

static gboolean
has_later_links (GstElement *element)
{
  g_autoptr (GstObject) bin = gst_object_get_parent (GST_OBJECT (element));
  gboolean found = FALSE;

  if (!GST_IS_BIN (bin))
    return FALSE;
  g_autoptr (GstIterator) it = gst_bin_iterate_elements (GST_BIN (bin));
  g_auto (GValue) item = G_VALUE_INIT;
  while (!found && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    found = links_later (g_value_get_object (&item));
    g_value_reset (&item);
  }
  return found;
}

gboolean
context_walk_is_safe (GstElement *element)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  if (g_str_equal (factory_of (element), "voicemixer") &&
      has_later_links (element))
    return FALSE;
  return walk (element, seen);
}
