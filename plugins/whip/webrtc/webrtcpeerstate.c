/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the element and the application want of the line. Any thread but as said. */

#include "webrtcice.h"
#include "webrtcpeerprivate.h"

#include "line/whiplog.h"

#include "common/event/gstvoicerefusals.h"

#define STOP_TIME 1000 /* ms; the loop never waits for anything */
#define REPLACE_TIME 3000 /* ms; more than any waits in there take */
#define TELL_TIME 300 /* ms */
#define PUSHER_TIME 300 /* ms */
#define RELEASE_TIME 100 /* ms; until it is written */

/* ---- Who waits for the line; HTTP loop */

void
webrtc_peer_watch (gpointer peer, WhipPeerChanged changed, gpointer user)
{
  WebrtcPeer *self = peer;

  self->changed = changed;
  self->changed_user = user;
}

void
webrtc_peer_tell_changed (WebrtcPeer *self, gpointer unused)
{
  if (self->changed)
    self->changed (self->changed_user);
}

/* ---- State changes of the element */

/* Two cannot replace one webrtcbin. */
static gboolean
check_idle (WebrtcPeer *self, GError **error)
{
  g_mutex_lock (&self->lock);
  gboolean working = self->working;
  g_mutex_unlock (&self->lock);
  if (working)
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
        "The webrtcbin of the last call is still being replaced.");
  return !working;
}

gboolean
webrtc_peer_attach (WebrtcPeer *self, const WhipConfig *config, GError **error)
{
  if (!check_idle (self, error))
    return FALSE;
  whip_config_clear (&self->config);
  whip_config_copy (&self->config, config);
  WebrtcGraph *graph = webrtc_graph_new (self->element, &self->config,
      &webrtc_peer_graph_listener, self, error);
  g_mutex_lock (&self->lock);
  self->attached = graph;
  g_mutex_unlock (&self->lock);
  return graph != NULL;
}

static void
begin_waiting (WebrtcPeer *self, gpointer graph)
{
  self->graph = webrtc_graph_ref (graph);
  self->end_after = self->line_ended = FALSE;
  self->state = PEER_FREE;
  webrtc_peer_tell_changed (self, NULL);
}

gboolean
webrtc_peer_start (WebrtcPeer *self)
{
  g_autoptr (GError) error = NULL;

  if (!check_idle (self, &error)) {
    self->listener.failed (self->element, error);
    return FALSE;
  }
  g_mutex_lock (&self->lock);
  gboolean used = self->used;
  self->stopping = self->used = FALSE;
  self->starts++;
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->announced, FALSE);
  if (used && !webrtc_peer_replace (self, self->attached))
    return FALSE;
  webrtc_peer_invoke (self, begin_waiting, webrtc_graph_ref (self->attached),
      (GDestroyNotify) webrtc_graph_unref);
  return TRUE;
}

void
webrtc_peer_set_valves_unlocked (WebrtcPeer *self)
{
  if (!self->attached)
    return;
  if (self->playing && self->is_connected)
    webrtc_graph_open (self->attached);
  else
    webrtc_graph_close (self->attached);
}

void
webrtc_peer_set_playing (WebrtcPeer *self, gboolean playing)
{
  g_mutex_lock (&self->lock);
  self->playing = playing;
  webrtc_peer_set_valves_unlocked (self);
  g_mutex_unlock (&self->lock);
  g_mutex_lock (&self->looking); /* nobody looks any more, see count() */
  g_mutex_unlock (&self->looking);
  if (playing)
    webrtc_peer_invoke (self, webrtc_peer_tell_changed, NULL, NULL);
  else if (!webrtc_graph_wait (self->attached, PUSHER_TIME))
    GST_WARNING_OBJECT (self->element, "webrtcbin keeps a pusher waiting");
}

typedef struct
{
  WebrtcPeer *peer;
  WebrtcGraph *graph;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *ending = data;

  webrtc_graph_unref (ending->graph);
  webrtc_peer_unref (ending->peer);
  g_free (ending);
}

static void
tell_ended (GstElement *element, gpointer data)
{
  Ending *ending = data;

  webrtc_peer_tell_ended (ending->peer, ending->graph);
}

/* What is behind the decoder may run on without us. A sink there that is in PAUSED
 * holds the stream, which this event waits for: so it is a worker that waits. */
static void
begin_telling_ended (WebrtcPeer *self)
{
  Ending *ending = g_new (Ending, 1);

  *ending =
      (Ending){ webrtc_peer_ref (self), webrtc_graph_ref (self->attached) };
  gst_element_call_async (self->element, tell_ended, ending, ending_free);
}

static void
end_stopped (gpointer data)
{
  WebrtcPeer *self = data;

  webrtc_peer_end_session (self, GST_VOICE_CALL_BY_US, "The line was stopped.",
      FALSE);
  self->state = PEER_OFF;
  g_clear_pointer (&self->graph, webrtc_graph_unref);
}

static gint64
end_of (guint timeout)
{
  return g_get_monotonic_time () + timeout * (gint64) 1000;
}

/* For webrtcbin while it is replaced, and for a moment until the line knows of an end:
 * who holds the stream may be a sink that goes down after us. */
static void
stop_working (WebrtcPeer *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  gint64 end = end_of (REPLACE_TIME);
  while (self->working && g_cond_wait_until (&self->idle, &self->lock, end))
    ;
  gboolean working = self->working;
  end = end_of (TELL_TIME);
  while (self->telling && g_cond_wait_until (&self->idle, &self->lock, end))
    ;
  g_mutex_unlock (&self->lock);
  if (working)
    GST_WARNING_OBJECT (self->element, "webrtcbin is still being replaced");
}

static void
flush_sink (const GValue *item, gpointer unused)
{
  GstElement *element = g_value_get_object (item);

  if (!GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK) ||
      GST_IS_BIN (element))
    return;
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  if (pad)
    gst_pad_send_event (pad, gst_event_new_flush_start ());
}

/* Who is still inside (see PUSHER_TIME) waits in a sink in there, which is in PAUSED,
 * and everybody's way down for him: webrtcbin's, as it deactivates its pads first, and
 * those who push into it, who in a loop may be asked before. It is not played again
 * before its sinks have been in READY, which ends their flushing. */
static void
let_pusher_go (WebrtcPeer *self, GstElement *webrtc)
{
  if (webrtc_graph_wait (self->attached, 0))
    return;
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (webrtc));
  while (
      gst_iterator_foreach (elements, flush_sink, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
  if (!webrtc_graph_wait (self->attached, PUSHER_TIME))
    GST_WARNING_OBJECT (self->element, "webrtcbin does not let a pusher go");
}

void
webrtc_peer_stop (WebrtcPeer *self)
{
  stop_working (self);
  io_loop_invoke_wait (self->loop, end_stopped, webrtc_peer_ref (self),
      (GDestroyNotify) webrtc_peer_unref, STOP_TIME);
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->attached);
  if (webrtc) {
    webrtc_release_relay (webrtc, self->element);
    let_pusher_go (self, webrtc);
  }
  if (g_atomic_int_get (&self->announced))
    begin_telling_ended (self);
}

void
webrtc_peer_detach (WebrtcPeer *self)
{
  g_mutex_lock (&self->lock);
  WebrtcGraph *graph = g_steal_pointer (&self->attached);
  g_mutex_unlock (&self->lock);
  if (!graph)
    return;
  webrtc_graph_close_down (graph);
  webrtc_graph_unref (graph);
  webrtc_release_wait (self->element, RELEASE_TIME);
}

WebrtcGraph *
webrtc_peer_dup_graph (WebrtcPeer *self)
{
  g_mutex_lock (&self->lock);
  WebrtcGraph *graph =
      self->attached ? webrtc_graph_ref (self->attached) : NULL;
  g_mutex_unlock (&self->lock);
  return graph;
}

/* ---- Commands */

static void
hang_up_now (WebrtcPeer *self, gpointer unused)
{
  webrtc_peer_hang_up_after (self, 0, "The application hung up.");
}

gboolean
webrtc_peer_hang_up (WebrtcPeer *self)
{
  g_mutex_lock (&self->lock);
  gboolean up = self->in_session;
  g_mutex_unlock (&self->lock);
  if (up)
    webrtc_peer_invoke (self, hang_up_now, NULL, NULL);
  return up;
}

static void
end_stream (WebrtcPeer *self, gpointer unused)
{
  if (self->end_after || self->state == PEER_OFF)
    return;
  self->end_after = TRUE;
  if (self->state == PEER_FREE)
    webrtc_peer_begin_reset (self, FALSE);
  else
    webrtc_peer_hang_up_after (self, 0, "The stream ended.");
}

void
webrtc_peer_end_stream (WebrtcPeer *self)
{
  webrtc_peer_invoke (self, end_stream, NULL, NULL);
}

void
webrtc_peer_set_draining (WebrtcPeer *self, gboolean draining)
{
  g_atomic_int_set (&self->draining, draining);
  webrtc_peer_invoke (self, webrtc_peer_tell_changed, NULL, NULL);
}

gboolean
webrtc_peer_is_draining (gpointer self)
{
  return g_atomic_int_get (&((WebrtcPeer *) self)->draining);
}

GstStructure *
webrtc_peer_get_stats (WebrtcPeer *self)
{
  guint passed = 0, refused = 0;
  WebrtcGraph *graph = webrtc_peer_dup_graph (self);
  const GPtrArray *senders =
      graph ? webrtc_graph_get_branches (graph)->senders : NULL;

  for (guint i = 0; senders && i < senders->len; i++)
    webrtc_valve_get_counts (((WebrtcSender *) g_ptr_array_index (senders, i))
                                 ->valve,
        &passed, &refused);
  g_clear_pointer (&graph, webrtc_graph_unref);
  g_mutex_lock (&self->lock);
  GstStructure *s = gst_structure_new ("application/x-whip-stats", "in-session",
      G_TYPE_BOOLEAN, self->in_session, "connected", G_TYPE_BOOLEAN,
      self->is_connected, "sessions", G_TYPE_UINT, self->stats.sessions,
      "failures", G_TYPE_UINT, self->stats.failures, "answer-time",
      G_TYPE_UINT64, self->stats.answer_time * 1000, "connect-time",
      G_TYPE_UINT64, self->stats.connect_time * 1000, "first-audio-time",
      G_TYPE_UINT64, self->stats.first_audio * 1000, "buffers-received",
      G_TYPE_UINT, self->stats.frames_in, "buffers-sent", G_TYPE_UINT, passed,
      "buffers-refused", G_TYPE_UINT, refused, NULL);
  webrtc_totals_describe (&self->stats.totals, s);
  g_mutex_unlock (&self->lock);
  gst_voice_refusals_add (GST_VOICE_WEBRTC, s);
  return s;
}
