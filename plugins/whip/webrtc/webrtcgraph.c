/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#define GST_USE_UNSTABLE_API
#include "webrtcgraphprivate.h"

#include "webrtcice.h"
#include "webrtcsetup.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#define HOLD_TIME 300 /* ms */

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

/* The caps of @pad are not known yet, and would go with anything. */
static gboolean
carries (GstPad *pad, const WebrtcReceiver *receiver)
{
  g_autoptr (GstObject) transceiver = NULL;
  GstWebRTCKind kind = GST_WEBRTC_KIND_UNKNOWN;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver)
    g_object_get (transceiver, "kind", &kind, NULL);
  return kind == GST_WEBRTC_KIND_UNKNOWN ||
      (kind == GST_WEBRTC_KIND_VIDEO) == !strcmp (receiver->media, "video");
}

/* gst_parse_launch() links what comes first to what stands first. */
static void
unlink_other_medium (WebrtcGraph *self, GstPad *pad)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);

  for (guint i = 0; peer && i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    if (receiver->downstream == peer && !carries (pad, receiver))
      gst_pad_unlink (pad, peer);
  }
}

/* Connected after gst_parse_launch()'s own handler. A pad that stays without peer
 * would end all media: nicesrc stops at NOT_LINKED. */
static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer data)
{
  WebrtcGraph *self = data;

  if (GST_PAD_IS_SINK (pad))
    return;
  unlink_other_medium (self, pad);
  if (gst_pad_is_linked (pad))
    return;
  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    if (!gst_pad_is_linked (receiver->downstream) && carries (pad, receiver) &&
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
on_prepare_channel (GstElement *webrtc, GObject *channel, gboolean ours,
    gpointer data)
{
  WebrtcGraph *self = data;

  self->listener.new_channel (webrtc, channel, self->user);
}

static void
on_broken (GstElement *webrtc, gboolean sctp, const gchar *why, gpointer data)
{
  WebrtcGraph *self = data;

  self->listener.broken (webrtc, sctp, why, self->user);
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
    { "prepare-data-channel", G_CALLBACK (on_prepare_channel) },
    { "on-data-channel", G_CALLBACK (on_data_channel) },
    { "notify::connection-state", G_CALLBACK (on_changed) },
    { "notify::ice-connection-state", G_CALLBACK (on_changed) },
    { "notify::ice-gathering-state", G_CALLBACK (on_changed) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_data (webrtc, handlers[i].signal, handlers[i].handler,
        webrtc_graph_ref (self), unref_closure, 0);
  webrtc_filter_errors (webrtc, on_broken, webrtc_graph_ref (self),
      (GDestroyNotify) webrtc_graph_unref);
}

static void
disconnect_signals (WebrtcGraph *self, GstElement *webrtc)
{
  g_signal_handlers_disconnect_by_data (webrtc, self);
}

/* A bin takes its sinks in the order of its list, the newest first, and only then
 * what is linked to them. webrtcbin is a sink, too, and new with each caller; we
 * must close the valves before it is in PAUSED. */
static void
go_first (WebrtcGraph *self, GstBin *bin)
{
  GST_OBJECT_LOCK (bin);
  GList *link = g_list_find (bin->children, self->element);
  if (link && link != bin->children) {
    bin->children = g_list_remove_link (bin->children, link);
    bin->children = g_list_concat (link, bin->children);
    bin->children_cookie++;
  }
  GST_OBJECT_UNLOCK (bin);
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
  webrtc_branches_init (&self->branches);
  self->fakesinks = g_ptr_array_new_with_free_func (gst_object_unref);
  return self;
}

static void
add_probes (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->branches.senders, i);
    webrtc_sender_choose_ssrc (sender);
    sender->valve = webrtc_valve_new (sender->boundary, self->listener.event,
        self->listener.ref (self->user), self->listener.unref);
  }
  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    receiver->packet_probe = gst_pad_add_probe (receiver->downstream,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
        self->listener.packet, self->listener.ref (self->user),
        self->listener.unref);
    receiver->raw_probe = gst_pad_add_probe (receiver->boundary,
        GST_PAD_PROBE_TYPE_BUFFER, self->listener.raw,
        self->listener.ref (self->user), self->listener.unref);
  }
}

WebrtcGraph *
webrtc_graph_new (GstElement *element, const WhipConfig *config,
    const WebrtcGraphListener *listener, gpointer user, GError **error)
{
  g_autoptr (GstObject) bin = gst_object_get_parent (GST_OBJECT (element));

  if (!bin || !GST_IS_BIN (bin)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "whipserver must stand in a pipeline, beside a webrtcbin.");
    return NULL;
  }
  WebrtcGraph *self = graph_alloc (element, bin, config, listener);
  self->user = listener->ref (user);
  self->webrtc = webrtc_find_webrtcbin (GST_BIN (bin), config->peer, error);
  if (!self->webrtc ||
      !webrtc_branches_find (&self->branches, GST_BIN (bin), self->webrtc,
          error)) {
    webrtc_graph_close_down (self);
    webrtc_graph_unref (self);
    return NULL;
  }
  add_probes (self);
  for (guint i = 0; i < self->branches.encoded->len; i++)
    webrtc_setup_codec (g_ptr_array_index (self->branches.encoded, i));
  webrtc_setup (self->webrtc, config);
  connect_signals (self, self->webrtc);
  go_first (self, GST_BIN (bin));
  return self;
}

static void
remove_probes (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->branches.senders, i);
    if (sender->valve)
      webrtc_valve_remove (sender->valve);
  }
  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    if (!receiver->packet_probe)
      continue;
    gst_pad_remove_probe (receiver->downstream, receiver->packet_probe);
    gst_pad_remove_probe (receiver->boundary, receiver->raw_probe);
  }
}

void
webrtc_graph_close_down (WebrtcGraph *self)
{
  g_autoptr (GstBin) bin = g_weak_ref_get (&self->bin);

  g_mutex_lock (&self->lock);
  g_autoptr (GstElement) webrtc = g_steal_pointer (&self->webrtc);
  g_mutex_unlock (&self->lock);
  if (webrtc) {
    disconnect_signals (self, webrtc);
    webrtc_release_relay (webrtc, self->element);
  }
  remove_probes (self);
  if (bin)
    drop_fakesinks (self, bin);
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
  webrtc_branches_clear (&self->branches);
  g_ptr_array_unref (self->fakesinks);
  gst_clear_object (&self->webrtc);
  g_weak_ref_clear (&self->bin);
  g_mutex_clear (&self->lock);
  self->listener.unref (self->user);
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

const WebrtcBranches *
webrtc_graph_get_branches (WebrtcGraph *self)
{
  return &self->branches;
}

/* ---- Valves */

void
webrtc_graph_open (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->branches.senders, i);
    if (sender->speaks)
      webrtc_valve_open (sender->valve);
  }
}

void
webrtc_graph_close (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.senders->len; i++)
    webrtc_valve_close (
        ((WebrtcSender *) g_ptr_array_index (self->branches.senders, i))
            ->valve);
}

gboolean
webrtc_graph_wait (WebrtcGraph *self, guint timeout)
{
  const gint64 end = g_get_monotonic_time () + timeout * (gint64) 1000;
  gboolean empty = TRUE;

  for (guint i = 0; i < self->branches.senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->branches.senders, i);
    empty &= webrtc_valve_wait (sender->valve, end);
  }
  return empty;
}

/* ---- Replacement */

static void
stop_encoded (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.encoded->len; i++) {
    GstElement *element = g_ptr_array_index (self->branches.encoded, i);
    gst_element_set_locked_state (element, TRUE);
    gst_element_set_state (element, GST_STATE_NULL);
  }
}

static void
start_encoded (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.encoded->len; i++) {
    GstElement *element = g_ptr_array_index (self->branches.encoded, i);
    gst_element_set_locked_state (element, FALSE);
    gst_element_sync_state_with_parent (element);
  }
}

static gboolean
link_senders (WebrtcGraph *self, GstElement *webrtc)
{
  GstPadTemplate *template =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (webrtc),
          "sink_%u");

  for (guint i = 0; i < self->branches.senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (self->branches.senders, i);
    /* The caps tell webrtcbin whether this is audio or video. */
    g_autoptr (GstCaps) caps = gst_pad_query_caps (sender->upstream, NULL);
    g_autoptr (GstPad) sink =
        gst_element_request_pad (webrtc, template, NULL, caps);
    if (!sink || gst_pad_link (sender->upstream, sink) != GST_PAD_LINK_OK)
      return FALSE;
    webrtc_sender_tell_formats (sender, sink);
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

/* A mixer that has ended, or a sink in PAUSED, keeps the thread of webrtcbin that
 * pushes into it, and webrtcbin's way to NULL waits for that. Flushing lets go; where
 * nobody is held it is spared, as a sink would preroll again. */
static void
stop_webrtc (WebrtcGraph *self, GstElement *webrtc)
{
  const gint64 end = g_get_monotonic_time () + HOLD_TIME * (gint64) 1000;
  g_autoptr (GPtrArray) flushed =
      g_ptr_array_new_with_free_func (gst_object_unref);

  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    gboolean held = !webrtc_graph_hold (receiver->downstream, end);
    if (!held)
      GST_PAD_STREAM_UNLOCK (receiver->downstream);
    GstPad *peer = held ? gst_pad_get_peer (receiver->boundary) : NULL;
    if (!peer)
      continue;
    gst_pad_send_event (peer, gst_event_new_flush_start ());
    g_ptr_array_add (flushed, peer);
  }
  gst_element_set_locked_state (webrtc, TRUE);
  gst_element_set_state (webrtc, GST_STATE_NULL);
  webrtc_release_relay (webrtc, self->element);
  for (guint i = 0; i < flushed->len; i++)
    gst_pad_send_event (g_ptr_array_index (flushed, i),
        gst_event_new_flush_stop (FALSE));
}

/* Nobody is to hear of it any more where all was closed down meanwhile. */
static void
take_webrtc (WebrtcGraph *self, GstElement *webrtc)
{
  g_mutex_lock (&self->lock);
  gboolean closed = !self->webrtc;
  if (!closed)
    gst_object_replace ((GstObject **) &self->webrtc, GST_OBJECT (webrtc));
  g_mutex_unlock (&self->lock);
  if (closed)
    disconnect_signals (self, webrtc);
}

WebrtcReplacement
webrtc_graph_replace (WebrtcGraph *self)
{
  g_autoptr (GstBin) bin = g_weak_ref_get (&self->bin);

  if (!bin)
    return WEBRTC_IRREPLACEABLE;
  GstElement *old = webrtc_graph_dup_webrtc (self);
  if (!old)
    return WEBRTC_LET_GO;
  disconnect_signals (self, old);
  /* Who is inside leaves while webrtcbin still plays; in PAUSED its nicesink would hold
   * a mixer's thread, the mixer those who push into it, and these its way down. Only
   * a far end that stalls keeps somebody for longer; NULL lets go of him. */
  webrtc_graph_wait (self, HOLD_TIME);
  stop_webrtc (self, old);
  webrtc_graph_wait (self, 1000);
  stop_encoded (self);
  drop_fakesinks (self, bin);
  unlink_all (old);
  gst_bin_remove (bin, old);
  GstElement *webrtc =
      gst_element_factory_make ("webrtcbin", GST_OBJECT_NAME (old));
  if (!webrtc) {
    gst_object_unref (old);
    return WEBRTC_IRREPLACEABLE;
  }
  webrtc_copy_properties (webrtc, old);
  webrtc_setup (webrtc, self->config);
  connect_signals (self, webrtc);
  take_webrtc (self, webrtc);
  gst_object_unref (old);
  gst_bin_add (bin, webrtc);
  go_first (self, bin);
  for (guint i = 0; i < self->branches.senders->len; i++)
    webrtc_sender_choose_ssrc (g_ptr_array_index (self->branches.senders, i));
  gboolean linked = link_senders (self, webrtc);
  gst_element_sync_state_with_parent (webrtc);
  start_encoded (self);
  return linked ? WEBRTC_REPLACED : WEBRTC_IRREPLACEABLE;
}
