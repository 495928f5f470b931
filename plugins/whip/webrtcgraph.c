/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcgraph.h"

#include "webrtcsetup.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (whip_debug);
#define GST_CAT_DEFAULT whip_debug

struct _WebrtcGraph
{
  gint ref_count; /* atomic */

  /* Set when made, never changed. */
  GstElement *element; /* not owned */
  GWeakRef bin; /* which owns webrtcbin, whose handlers own us */
  const WhipConfig *config;
  WebrtcGraphListener listener;
  gpointer user;
  GDestroyNotify free;
  GPtrArray *senders, *receivers; /* emptied by webrtc_graph_close_down() */
  GPtrArray *encoded; /* GstElement between webrtcbin and the raw side */

  GMutex lock; /* leaf; protects everything below */
  GstElement *webrtc; /* NULL once closed down */
  GPtrArray *fakesinks; /* on pads that nobody takes */
};

/* ---- What is there */

static gboolean
is_webrtcbin (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory && !strcmp (GST_OBJECT_NAME (factory), "webrtcbin");
}

/* In the order of the text. */
static GPtrArray *
list_children (WebrtcGraph *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (gst_object_unref);
  g_autoptr (GstBin) bin = g_weak_ref_get (&self->bin);

  if (!bin)
    return list;
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

static GstElement *
find_webrtcbin (WebrtcGraph *self, GError **error)
{
  g_autoptr (GPtrArray) children = list_children (self);
  const gchar *name = self->config->peer;
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

  g_clear_pointer (&sender->valve, webrtc_valve_free);
  gst_clear_object (&sender->boundary);
  gst_clear_object (&sender->payloader);
  gst_clear_object (&sender->upstream);
  g_free (sender);
}

/* Up to the element whose input is raw; one without (or with several) inputs
 * makes the media itself, and is left alone. */
static gboolean
walk_up (WebrtcGraph *self, WebrtcSender *sender, GError **error)
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
        GST_OBJECT_NAME (self->webrtc), "to it.");
  return TRUE;
}

/* A payloader takes it when it starts. */
static void
choose_ssrc (WebrtcSender *sender)
{
  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (sender->payloader),
          "ssrc"))
    return;
  sender->ssrc = g_random_int () | 1;
  g_object_set (sender->payloader, "ssrc", sender->ssrc, NULL);
}

/* Before caps have come webrtcbin does not know audio from video: it would give the
 * one transceiver to the other's m= line. */
static void
tell_formats (const WebrtcSender *sender, GstPad *sink)
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
find_senders (WebrtcGraph *self, GError **error)
{
  for (GList *l = self->webrtc->sinkpads; l; l = l->next) {
    GstPad *upstream = gst_pad_get_peer (l->data);
    if (!upstream)
      continue;
    WebrtcSender *sender = g_new0 (WebrtcSender, 1);
    sender->upstream = upstream;
    g_ptr_array_add (self->senders, sender);
    if (!walk_up (self, sender, error))
      return FALSE;
    tell_formats (sender, l->data);
  }
  for (guint i = 0; i < self->senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->senders, i);
    choose_ssrc (sender);
    sender->valve =
        webrtc_valve_new (sender->boundary, self->listener.event, self->user);
  }
  return TRUE;
}

/* ---- Receivers: depayloaders that nothing is linked to yet */

static void
receiver_free (gpointer data)
{
  WebrtcReceiver *receiver = data;

  gst_pad_remove_probe (receiver->downstream, receiver->packet_probe);
  gst_pad_remove_probe (receiver->boundary, receiver->raw_probe);
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
walk_down (WebrtcGraph *self, GstPad *downstream, GError **error)
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
  receiver->packet_probe = gst_pad_add_probe (downstream,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
      self->listener.packet, self->user, NULL);
  receiver->raw_probe = gst_pad_add_probe (receiver->boundary,
      GST_PAD_PROBE_TYPE_BUFFER, self->listener.raw, self->user, NULL);
  g_ptr_array_add (self->receivers, receiver);
  return TRUE;
}

/* With several webrtcbin in one bin a depayloader belongs to the one that stands
 * before it in the text: which of them gst-launch will link cannot be asked. */
static gboolean
find_receivers (WebrtcGraph *self, GError **error)
{
  g_autoptr (GPtrArray) children = list_children (self);
  gboolean mine = TRUE, any = FALSE;

  for (guint i = 0; i < children->len; i++) {
    GstElement *child = g_ptr_array_index (children, i);
    if (is_webrtcbin (child))
      mine = child == self->webrtc || (!any && !mine);
    any |= child == self->webrtc;
    GstPad *sink = only_pad (child, TRUE);
    if (!mine || !sink || gst_pad_is_linked (sink) || !takes_rtp (sink))
      continue;
    if (!walk_down (self, sink, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- webrtcbin's own pads */

static void
end_in_fakesink (WebrtcGraph *self, GstPad *pad)
{
  g_autoptr (GstBin) bin = g_weak_ref_get (&self->bin);
  GstElement *sink = bin ? gst_element_factory_make ("fakesink", NULL) : NULL;

  if (!sink)
    return;
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (bin, sink);
  gst_element_sync_state_with_parent (sink);
  g_autoptr (GstPad) peer = gst_element_get_static_pad (sink, "sink");
  gst_pad_link (pad, peer);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->fakesinks, gst_object_ref (sink));
  g_mutex_unlock (&self->lock);
}

/* Connected after gst_parse_launch()'s own handler. A pad that stays without peer
 * would end all media: nicesrc stops at NOT_LINKED. */
static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer data)
{
  WebrtcGraph *self = data;

  if (GST_PAD_IS_SINK (pad) || gst_pad_is_linked (pad))
    return;
  for (guint i = 0; i < self->receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->receivers, i);
    if (!gst_pad_is_linked (receiver->downstream) &&
        gst_pad_link (pad, receiver->downstream) == GST_PAD_LINK_OK)
      return;
  }
  end_in_fakesink (self, pad);
}

static void
on_changed (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  WebrtcGraph *self = data;

  self->listener.changed (webrtc, self->user);
}

static void
on_data_channel (GstElement *webrtc, GObject *channel, gpointer data)
{
  WebrtcGraph *self = data;

  self->listener.channel (webrtc, channel, self->user);
}

static void
on_broken (GstElement *webrtc, gpointer data)
{
  WebrtcGraph *self = data;

  self->listener.broken (webrtc, self->user);
}

static void
unref_closure (gpointer graph, GClosure *closure)
{
  webrtc_graph_unref (graph);
}

static void
connect_signals (WebrtcGraph *self, GstElement *webrtc)
{
  static const struct
  {
    const gchar *signal;
    GCallback handler;
  } handlers[] = {
    { "pad-added", G_CALLBACK (on_pad_added) },
    { "on-data-channel", G_CALLBACK (on_data_channel) },
    { "notify::connection-state", G_CALLBACK (on_changed) },
    { "notify::ice-connection-state", G_CALLBACK (on_changed) },
    { "notify::ice-gathering-state", G_CALLBACK (on_changed) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_data (webrtc, handlers[i].signal, handlers[i].handler,
        webrtc_graph_ref (self), unref_closure, 0);
  webrtc_filter_sctp_errors (webrtc, on_broken, webrtc_graph_ref (self),
      (GDestroyNotify) webrtc_graph_unref);
}

static void
disconnect_signals (WebrtcGraph *self, GstElement *webrtc)
{
  g_signal_handlers_disconnect_by_data (webrtc, self);
}

/* ---- Life */

static WebrtcGraph *
graph_alloc (GstElement *element, GstObject *bin, const WhipConfig *config,
    const WebrtcGraphListener *listener)
{
  WebrtcGraph *self = g_new0 (WebrtcGraph, 1);

  self->ref_count = 1;
  g_mutex_init (&self->lock);
  self->element = element;
  g_weak_ref_init (&self->bin, bin);
  self->config = config;
  self->listener = *listener;
  self->senders = g_ptr_array_new_with_free_func (sender_free);
  self->receivers = g_ptr_array_new_with_free_func (receiver_free);
  self->encoded = g_ptr_array_new_with_free_func (gst_object_unref);
  self->fakesinks = g_ptr_array_new_with_free_func (gst_object_unref);
  return self;
}

WebrtcGraph *
webrtc_graph_new (GstElement *element, const WhipConfig *config,
    const WebrtcGraphListener *listener, gpointer user, GDestroyNotify free,
    GError **error)
{
  g_autoptr (GstObject) bin = gst_object_get_parent (GST_OBJECT (element));

  if (!bin || !GST_IS_BIN (bin)) {
    complain (error,
        "whipserver%s%s must stand in a pipeline, beside a webrtcbin.", "", "");
    free (user);
    return NULL;
  }
  WebrtcGraph *self = graph_alloc (element, bin, config, listener);
  self->user = user;
  self->free = free;
  self->webrtc = find_webrtcbin (self, error);
  if (!self->webrtc || !find_senders (self, error) ||
      !find_receivers (self, error)) {
    webrtc_graph_close_down (self);
    webrtc_graph_unref (self);
    return NULL;
  }
  for (guint i = 0; i < self->encoded->len; i++)
    webrtc_setup_codec (g_ptr_array_index (self->encoded, i));
  webrtc_setup (self->webrtc, config);
  connect_signals (self, self->webrtc);
  return self;
}

void
webrtc_graph_close_down (WebrtcGraph *self)
{
  g_mutex_lock (&self->lock);
  g_autoptr (GstElement) webrtc = g_steal_pointer (&self->webrtc);
  g_mutex_unlock (&self->lock);
  if (webrtc)
    disconnect_signals (self, webrtc);
  g_ptr_array_set_size (self->receivers, 0);
  g_ptr_array_set_size (self->senders, 0);
  g_ptr_array_set_size (self->encoded, 0);
}

WebrtcGraph *
webrtc_graph_ref (WebrtcGraph *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
webrtc_graph_unref (WebrtcGraph *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_ptr_array_unref (self->receivers);
  g_ptr_array_unref (self->senders);
  g_ptr_array_unref (self->encoded);
  g_ptr_array_unref (self->fakesinks);
  gst_clear_object (&self->webrtc);
  g_weak_ref_clear (&self->bin);
  g_mutex_clear (&self->lock);
  self->free (self->user);
  g_free (self);
}

GstElement *
webrtc_graph_dup_webrtc (WebrtcGraph *self)
{
  g_mutex_lock (&self->lock);
  GstElement *webrtc = self->webrtc ? gst_object_ref (self->webrtc) : NULL;
  g_mutex_unlock (&self->lock);
  return webrtc;
}

const GPtrArray *
webrtc_graph_get_senders (WebrtcGraph *self)
{
  return self->senders;
}

const GPtrArray *
webrtc_graph_get_receivers (WebrtcGraph *self)
{
  return self->receivers;
}

/* ---- Valves */

void
webrtc_graph_open (WebrtcGraph *self)
{
  for (guint i = 0; i < self->senders->len; i++)
    webrtc_valve_open (
        ((WebrtcSender *) g_ptr_array_index (self->senders, i))->valve);
}

void
webrtc_graph_close (WebrtcGraph *self)
{
  for (guint i = 0; i < self->senders->len; i++)
    webrtc_valve_close (
        ((WebrtcSender *) g_ptr_array_index (self->senders, i))->valve);
}

gboolean
webrtc_graph_wait (WebrtcGraph *self, guint timeout)
{
  gboolean empty = TRUE;

  for (guint i = 0; i < self->senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->senders, i);
    empty &= webrtc_valve_wait (sender->valve, timeout);
  }
  return empty;
}

/* ---- Replacement */

static void
stop_encoded (WebrtcGraph *self)
{
  for (guint i = 0; i < self->encoded->len; i++) {
    GstElement *element = g_ptr_array_index (self->encoded, i);
    gst_element_set_locked_state (element, TRUE);
    gst_element_set_state (element, GST_STATE_NULL);
  }
}

static void
start_encoded (WebrtcGraph *self)
{
  for (guint i = 0; i < self->encoded->len; i++) {
    GstElement *element = g_ptr_array_index (self->encoded, i);
    gst_element_set_locked_state (element, FALSE);
    gst_element_sync_state_with_parent (element);
  }
}

static void
drop_fakesinks (WebrtcGraph *self, GstBin *bin)
{
  g_autoptr (GPtrArray) sinks =
      g_ptr_array_new_with_free_func (gst_object_unref);

  g_mutex_lock (&self->lock);
  g_ptr_array_extend_and_steal (sinks, g_steal_pointer (&self->fakesinks));
  self->fakesinks = g_ptr_array_new_with_free_func (gst_object_unref);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < sinks->len; i++) {
    GstElement *sink = g_ptr_array_index (sinks, i);
    gst_element_set_locked_state (sink, TRUE);
    gst_element_set_state (sink, GST_STATE_NULL);
    gst_bin_remove (bin, sink);
  }
}

static gboolean
link_senders (WebrtcGraph *self, GstElement *webrtc)
{
  GstPadTemplate *template =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (webrtc),
          "sink_%u");

  for (guint i = 0; i < self->senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->senders, i);
    /* The caps tell webrtcbin whether this is audio or video. */
    g_autoptr (GstCaps) caps = gst_pad_query_caps (sender->upstream, NULL);
    g_autoptr (GstPad) sink =
        gst_element_request_pad (webrtc, template, NULL, caps);
    if (!sink || gst_pad_link (sender->upstream, sink) != GST_PAD_LINK_OK)
      return FALSE;
    tell_formats (sender, sink);
  }
  return TRUE;
}

static void
unlink_all (GstElement *webrtc)
{
  for (GList *l = webrtc->sinkpads; l; l = l->next) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (l->data);
    if (peer)
      gst_pad_unlink (peer, l->data);
  }
  for (GList *l = webrtc->srcpads; l; l = l->next) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (l->data);
    if (peer)
      gst_pad_unlink (l->data, peer);
  }
}

gboolean
webrtc_graph_replace (WebrtcGraph *self)
{
  g_autoptr (GstBin) bin = g_weak_ref_get (&self->bin);
  gint64 began = g_get_monotonic_time ();

  if (!bin)
    return FALSE;
  GstElement *old = webrtc_graph_dup_webrtc (self);
  disconnect_signals (self, old);
  /* First of all: it may hold a thread of ours in its preroll. */
  gst_element_set_locked_state (old, TRUE);
  gst_element_set_state (old, GST_STATE_NULL);
  webrtc_graph_wait (self, 1000);
  stop_encoded (self);
  drop_fakesinks (self, bin);
  unlink_all (old);
  gst_bin_remove (bin, old);
  GstElement *webrtc =
      gst_element_factory_make ("webrtcbin", GST_OBJECT_NAME (old));
  if (!webrtc) {
    gst_object_unref (old);
    return FALSE;
  }
  webrtc_copy_properties (webrtc, old);
  webrtc_setup (webrtc, self->config);
  connect_signals (self, webrtc);
  g_mutex_lock (&self->lock);
  gst_object_unref (self->webrtc);
  self->webrtc = gst_object_ref (webrtc);
  g_mutex_unlock (&self->lock);
  gst_object_unref (old);
  gst_bin_add (bin, webrtc);
  for (guint i = 0; i < self->senders->len; i++)
    choose_ssrc (g_ptr_array_index (self->senders, i));
  gboolean linked = link_senders (self, webrtc);
  gst_element_sync_state_with_parent (webrtc);
  start_encoded (self);
  GST_DEBUG_OBJECT (self->element,
      "replaced webrtcbin in %" G_GINT64_FORMAT " us",
      g_get_monotonic_time () - began);
  return linked;
}

void
webrtc_graph_send (WebrtcGraph *self, GstEvent *event, gboolean audio_only)
{
  for (guint i = 0; i < self->receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->receivers, i);
    g_autoptr (GstPad) peer = gst_pad_get_peer (receiver->boundary);
    if (peer && (!audio_only || !strcmp (receiver->media, "audio")))
      gst_pad_send_event (peer, gst_event_ref (event));
  }
  gst_event_unref (event);
}
