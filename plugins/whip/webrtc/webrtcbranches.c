/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcbranches.h"

#include <string.h>

/* ---- What is there */

static gboolean
is_webrtcbin (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory && !strcmp (GST_OBJECT_NAME (factory), "webrtcbin");
}

/* In the order of the text. */
static GPtrArray *
list_children (GstBin *bin)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (gst_object_unref);

  GST_OBJECT_LOCK (bin);
  for (GList *l = GST_BIN_CHILDREN (bin); l; l = l->next)
    g_ptr_array_insert (list, 0, gst_object_ref (l->data));
  GST_OBJECT_UNLOCK (bin);
  return list;
}

static gboolean
complain (GError **error, const gchar *format, const gchar *a, const gchar *b)
{
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, format,
      a, b);
  return FALSE;
}

GstElement *
webrtc_find_webrtcbin (GstBin *bin, const gchar *name, GError **error)
{
  g_autoptr (GPtrArray) children = list_children (bin);
  GstElement *found = NULL;

  for (guint i = 0; i < children->len; i++) {
    GstElement *child = g_ptr_array_index (children, i);
    if (!is_webrtcbin (child) ||
        (name && strcmp (GST_OBJECT_NAME (child), name)))
      continue;
    if (found) {
      complain (error,
          "There are several webrtcbin beside the whipserver, %s and %s; say "
          "with the property peer which is meant.",
          GST_OBJECT_NAME (found), GST_OBJECT_NAME (child));
      return NULL;
    }
    found = child;
  }
  if (!found)
    complain (error,
        name ? "There is no webrtcbin called %s beside the whipserver%s."
             : "There is no webrtcbin beside the whipserver%s%s.",
        name ? name : "", "");
  return found ? gst_object_ref (found) : NULL;
}

static gboolean
is_raw (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (pad);

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return FALSE;
  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    const gchar *name =
        gst_structure_get_name (gst_caps_get_structure (caps, i));
    if (strcmp (name, "audio/x-raw") && strcmp (name, "video/x-raw"))
      return FALSE;
  }
  return TRUE;
}

/* The only pad of @pads, NULL if there are none or more; borrowed. */
static GstPad *
only_pad (GstElement *element, gboolean sink)
{
  guint n = sink ? element->numsinkpads : element->numsrcpads;

  return n == 1 ? (sink ? element->sinkpads : element->srcpads)->data : NULL;
}

/* By what is raw: not all payloaders say it of their packets. */
static const gchar *
media_of (GstPad *raw)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (raw);

  for (guint i = 0; !gst_caps_is_any (caps) && i < gst_caps_get_size (caps);
       i++)
    if (g_str_has_prefix (gst_structure_get_name (
                              gst_caps_get_structure (caps, i)),
            "video/"))
      return "video";
  return "audio";
}

static GStrv
encodings_of (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (pad);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; !gst_caps_is_any (caps) && i < gst_caps_get_size (caps);
       i++) {
    const GValue *value =
        gst_structure_get_value (gst_caps_get_structure (caps, i),
            "encoding-name");
    if (value && G_VALUE_HOLDS_STRING (value))
      g_strv_builder_add (names, g_value_get_string (value));
    for (guint k = 0; value && GST_VALUE_HOLDS_LIST (value) &&
         k < gst_value_list_get_size (value);
         k++)
      g_strv_builder_add (names,
          g_value_get_string (gst_value_list_get_value (value, k)));
  }
  return g_strv_builder_end (names);
}

GStrv
webrtc_sender_dup_encodings (const WebrtcSender *sender)
{
  GstPad *src = only_pad (sender->payloader, FALSE);

  return encodings_of (src ? src : sender->upstream);
}

GStrv
webrtc_receiver_dup_encodings (const WebrtcReceiver *receiver)
{
  return encodings_of (receiver->downstream);
}

/* ---- Senders: from a sink pad of webrtcbin upwards */

static void
sender_free (gpointer data)
{
  WebrtcSender *sender = data;

  g_clear_pointer (&sender->valve, webrtc_valve_unref);
  gst_clear_object (&sender->boundary);
  gst_clear_object (&sender->payloader);
  gst_clear_object (&sender->upstream);
  g_free (sender);
}

/* Up to the element whose input is raw; one without (or with several) inputs
 * makes the media itself, and is left alone. */
static gboolean
walk_up (WebrtcBranches *self, GstElement *webrtc, WebrtcSender *sender,
    GError **error)
{
  g_autoptr (GstPad) pad = gst_object_ref (sender->upstream);

  while (TRUE) {
    g_autoptr (GstElement) element = gst_pad_get_parent_element (pad);
    GstPad *sink = element ? only_pad (element, TRUE) : NULL;
    if (!sink)
      break;
    if (!sender->payloader &&
        g_object_class_find_property (G_OBJECT_GET_CLASS (element), "pt"))
      sender->payloader = gst_object_ref (element);
    g_ptr_array_add (self->encoded, gst_object_ref (element));
    gboolean last = is_raw (sink);
    sender->media = media_of (sink);
    GstPad *next = gst_pad_get_peer (sink);
    if (!next)
      return complain (error, "Nothing is linked to the sink pad of %s%s.",
          GST_OBJECT_NAME (element), "");
    gst_object_unref (pad);
    pad = next;
    if (last)
      break;
  }
  sender->boundary = gst_object_ref (pad);
  if (!sender->payloader)
    return complain (error,
        "There is no payloader before %s: link for example opusenc ! "
        "rtpopuspay ! %s",
        GST_OBJECT_NAME (webrtc), "to it.");
  return TRUE;
}

/* A payloader takes it when it starts. */
void
webrtc_sender_choose_ssrc (WebrtcSender *sender)
{
  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (sender->payloader),
          "ssrc"))
    return;
  sender->ssrc = g_random_int () | 1;
  g_object_set (sender->payloader, "ssrc", sender->ssrc, NULL);
}

/* Before caps have come webrtcbin does not know audio from video: it would give the
 * one transceiver to the other's m= line. */
void
webrtc_sender_tell_formats (const WebrtcSender *sender, GstPad *sink)
{
  GstPad *src = only_pad (sender->payloader, FALSE);
  g_autoptr (GstCaps) caps = src ? gst_pad_get_pad_template_caps (src) : NULL;
  g_autoptr (GObject) transceiver = NULL;

  if (!caps ||
      !g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "transceiver"))
    return;
  caps = gst_caps_make_writable (caps);
  gst_caps_set_simple (caps, "media", G_TYPE_STRING, sender->media, NULL);
  g_object_get (sink, "transceiver", &transceiver, NULL);
  if (transceiver)
    g_object_set (transceiver, "codec-preferences", caps, NULL);
}

static gboolean
find_senders (WebrtcBranches *self, GstElement *webrtc, GError **error)
{
  for (GList *l = webrtc->sinkpads; l; l = l->next) {
    GstPad *upstream = gst_pad_get_peer (l->data);
    if (!upstream)
      continue;
    WebrtcSender *sender = g_new0 (WebrtcSender, 1);
    sender->upstream = upstream;
    g_ptr_array_add (self->senders, sender);
    if (!walk_up (self, webrtc, sender, error))
      return FALSE;
    webrtc_sender_tell_formats (sender, l->data);
  }
  return TRUE;
}

gboolean
webrtc_branches_read_fec (const WebrtcBranches *self)
{
  gboolean reads = FALSE;

  for (guint i = 0; i < self->encoded->len && !reads; i++) {
    GObject *element = g_ptr_array_index (self->encoded, i);
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element),
            "use-inband-fec"))
      g_object_get (element, "use-inband-fec", &reads, NULL);
  }
  return reads;
}

/* ---- Receivers: depayloaders that nothing is linked to yet */

static void
receiver_free (gpointer data)
{
  WebrtcReceiver *receiver = data;

  gst_object_unref (receiver->boundary);
  gst_object_unref (receiver->downstream);
  g_free (receiver);
}

static gboolean
takes_rtp (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (pad);

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return FALSE;
  return gst_structure_has_name (gst_caps_get_structure (caps, 0),
      "application/x-rtp");
}

static gboolean
walk_down (WebrtcBranches *self, GstPad *downstream, GError **error)
{
  g_autoptr (GstPad) pad = gst_object_ref (downstream);
  g_autoptr (GstPad) boundary = NULL;

  while (!boundary || !is_raw (boundary)) {
    g_autoptr (GstElement) element = gst_pad_get_parent_element (pad);
    GstPad *src = element ? only_pad (element, FALSE) : NULL;
    if (!src)
      break;
    g_ptr_array_add (self->encoded, gst_object_ref (element));
    gst_object_replace ((GstObject **) &boundary, GST_OBJECT (src));
    gst_object_unref (pad);
    pad = gst_pad_get_peer (src);
    if (!pad)
      return complain (error, "Nothing is linked to the src pad of %s%s.",
          GST_OBJECT_NAME (element), "");
  }
  if (!boundary)
    return TRUE;
  WebrtcReceiver *receiver = g_new0 (WebrtcReceiver, 1);
  receiver->media = media_of (boundary);
  receiver->downstream = gst_object_ref (downstream);
  receiver->boundary = g_steal_pointer (&boundary);
  g_ptr_array_add (self->receivers, receiver);
  return TRUE;
}

/* Takes every element of the bin whose only input is RTP and is linked to nothing: such
 * a one can only be meant for a webrtcbin. With several webrtcbin in one bin a depayloader belongs to the one that stands
 * before it in the text: which of them gst-launch will link cannot be asked. */
static gboolean
find_receivers (WebrtcBranches *self, GstBin *bin, GstElement *webrtc,
    GError **error)
{
  g_autoptr (GPtrArray) children = list_children (bin);
  gboolean mine = TRUE, any = FALSE;

  for (guint i = 0; i < children->len; i++) {
    GstElement *child = g_ptr_array_index (children, i);
    if (is_webrtcbin (child))
      mine = child == webrtc || (!any && !mine);
    any |= child == webrtc;
    GstPad *sink = only_pad (child, TRUE);
    if (!mine || !sink || gst_pad_is_linked (sink) || !takes_rtp (sink))
      continue;
    if (!walk_down (self, sink, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- All of it */

void
webrtc_branches_init (WebrtcBranches *self)
{
  self->senders = g_ptr_array_new_with_free_func (sender_free);
  self->receivers = g_ptr_array_new_with_free_func (receiver_free);
  self->encoded = g_ptr_array_new_with_free_func (gst_object_unref);
}

void
webrtc_branches_clear (WebrtcBranches *self)
{
  g_ptr_array_unref (self->receivers);
  g_ptr_array_unref (self->senders);
  g_ptr_array_unref (self->encoded);
}

gboolean
webrtc_branches_find (WebrtcBranches *self, GstBin *bin, GstElement *webrtc,
    GError **error)
{
  return find_senders (self, webrtc, error) &&
      find_receivers (self, bin, webrtc, error);
}
