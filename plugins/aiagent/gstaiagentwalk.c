/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentwalk.h"

#include "common/event/gstvoiceevents.h"

/* ---- Calls */

static GstElement *
dup_top (GstElement *element)
{
  GstObject *top = gst_object_ref (GST_OBJECT (element));
  GstObject *parent;

  while ((parent = gst_object_get_parent (top))) {
    gst_object_unref (top);
    top = parent;
  }
  return GST_ELEMENT (top);
}

static gint
compare_channel (gconstpointer item, gconstpointer unused)
{
  GstElement *element = g_value_get_object (item);

  return gst_element_class_get_metadata (GST_ELEMENT_GET_CLASS (element),
             GST_VOICE_CHANNEL_METADATA)
      ? 0
      : 1;
}

static gboolean
has_channel (GstElement *top)
{
  g_autoptr (GstIterator) it = gst_bin_iterate_recurse (GST_BIN (top));
  g_auto (GValue) found = G_VALUE_INIT;

  return gst_iterator_find_custom (it, compare_channel, &found, NULL);
}

/* ---- Voices */

typedef struct
{
  GType agent; /* of an aiagentsrc */
  GHashTable *seen; /* GstElement, a reference each */
} Walk;

static gboolean hears_agents_only (GstElement *element, Walk *self);

/* The pad behind those of bins, NULL: nobody knows. */
static GstPad *
dup_real_peer (GstPad *pad)
{
  GstPad *peer = gst_pad_get_peer (pad);

  while (peer && GST_IS_GHOST_PAD (peer)) {
    GstPad *target = gst_ghost_pad_get_target (GST_GHOST_PAD (peer));
    gst_object_unref (peer);
    peer = target;
  }
  return peer;
}

static gboolean
check_pad (GstElement *element, GstPad *pad, gpointer walk)
{
  g_autoptr (GstPad) peer = dup_real_peer (pad);
  g_autoptr (GstElement) before =
      peer ? gst_pad_get_parent_element (peer) : NULL;

  return before && hears_agents_only (before, walk);
}

static gboolean
hears_agents_only (GstElement *element, Walk *self)
{
  if (G_OBJECT_TYPE (element) == self->agent)
    return TRUE;
  if (!g_hash_table_add (self->seen, gst_object_ref (element)))
    return TRUE; /* round in a circle */
  GST_OBJECT_LOCK (element);
  gboolean is_source = element->numsinkpads == 0;
  GST_OBJECT_UNLOCK (element);
  return !is_source && gst_element_foreach_sink_pad (element, check_pad, self);
}

/* ---- From outside */

gboolean
gst_aiagent_walk_is_in_vain (GstElement *src, GstElement *sink)
{
  g_autoptr (GstElement) top = dup_top (src);

  if (!GST_IS_BIN (top) || has_channel (top))
    return FALSE;
  if (!sink)
    return TRUE;
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (NULL, NULL, gst_object_unref, NULL);
  Walk walk = { G_OBJECT_TYPE (src), seen };
  return hears_agents_only (sink, &walk);
}
