/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decided here: every hang-up replaces webrtcbin at once, also with on-hangup=eos,
 * so that there is one way to end and the next start finds a fresh one. The
 * replacement blocks for some 20 ms and runs on a thread of GStreamer's pool. */

#include "webrtcpeerprivate.h"

#include "line/whiplog.h"

#include "common/base/gstvoicelog.h"

#define COUNT_TIME G_USEC_PER_SEC
#define GATHER_TIME (2 * G_USEC_PER_SEC)
#define ANSWER_TIME (4 * G_USEC_PER_SEC)
#define CONNECT_TIME (10 * G_USEC_PER_SEC)
#define TELL_TIME (G_USEC_PER_SEC / 10)

/* ---- Life */

WebrtcPeer *
webrtc_peer_new (GstElement *element, const WebrtcPeerListener *listener)
{
  WebrtcPeer *self = g_new0 (WebrtcPeer, 1);

  self->ref_count = 1;
  self->element = element;
  self->listener = *listener;
  self->loop = whip_loop_get ();
  g_mutex_init (&self->looking);
  g_mutex_init (&self->lock);
  g_cond_init (&self->idle);
  return self;
}

WebrtcPeer *
webrtc_peer_ref (WebrtcPeer *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
webrtc_peer_unref (WebrtcPeer *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  whip_config_clear (&self->config);
  g_free (self->call_id);
  g_free (self->end_cause);
  g_free (self->from);
  g_free (self->call_agent);
  g_cond_clear (&self->idle);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->looking);
  g_free (self);
}

typedef struct
{
  WebrtcPeer *peer;
  WebrtcPeerFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Call;

static void
run_call (gpointer data)
{
  Call *call = data;

  call->func (call->peer, call->data);
}

static void
free_call (gpointer data)
{
  Call *call = data;

  if (call->destroy)
    call->destroy (call->data);
  webrtc_peer_unref (call->peer);
  g_free (call);
}

void
webrtc_peer_invoke (WebrtcPeer *self, WebrtcPeerFunc func, gpointer data,
    GDestroyNotify destroy)
{
  Call *call = g_new (Call, 1);

  *call = (Call){ webrtc_peer_ref (self), func, data, destroy };
  io_loop_invoke (self->loop, run_call, call, free_call);
}

/* ---- Telling; HTTP loop */

void
webrtc_peer_tell (WebrtcPeer *self, WhipSessionEvent event)
{
  event.id = self->id;
  event.user_agent = self->user_agent;
  event.from = self->from; /* written on this loop only */
  if (self->element)
    self->listener.session (self->element, &event);
}

static void
clear_session (WebrtcPeer *self)
{
  g_clear_pointer (&self->negotiation, webrtc_negotiation_end);
  if (self->watch) {
    g_source_destroy (self->watch);
    g_clear_pointer (&self->watch, g_source_unref);
  }
  webrtc_peer_drop_channel (self);
  g_clear_pointer (&self->offer, whip_offer_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->user_agent, g_free);
  g_clear_pointer (&self->remote_ufrag, g_free);
  g_clear_pointer (&self->own_candidates, g_free);
  self->hang_up_told = FALSE;
  self->hang_up_at = 0;
  self->candidates = self->restarts = self->data.channels = 0;
}

/* ---- Ending */

gboolean
webrtc_peer_replace (WebrtcPeer *self, WebrtcGraph *graph)
{
  g_autofree gchar *id = webrtc_peer_dup_call_id (self);
  const gint64 began = g_get_monotonic_time ();

  const WebrtcReplacement done = webrtc_graph_replace (graph);
  if (done == WEBRTC_LET_GO)
    return FALSE;
  if (done == WEBRTC_REPLACED) {
    GST_DEBUG_OBJECT (self->element,
        "%s: webrtcbin is replaced after %" G_GINT64_FORMAT " us", id,
        g_get_monotonic_time () - began);
    return TRUE;
  }
  g_autoptr (GError) error =
      g_error_new (GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
          "The line cannot take another call: no new webrtcbin could be made.");
  self->listener.failed (self->element, error);
  return FALSE;
}

void
webrtc_peer_tell_ended (WebrtcPeer *self, WebrtcGraph *graph)
{
  if (!g_atomic_int_compare_and_exchange (&self->announced, TRUE, FALSE))
    return;
  GstEvent *ended = webrtc_peer_make_call_event (self, GST_VOICE_CALL_ENDED);
  webrtc_graph_send (graph, ended, TRUE);
}

/* Nothing else ends webrtcbin's part of the stream: it is a sink that never posts
 * EOS. We are one, too, to the bin. */
static void
post_eos (WebrtcPeer *self)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);

  if (webrtc)
    gst_element_post_message (webrtc,
        gst_message_new_eos (GST_OBJECT (webrtc)));
  gst_element_post_message (self->element,
      gst_message_new_eos (GST_OBJECT (self->element)));
}

typedef struct
{
  WebrtcPeer *peer;
  WebrtcGraph *graph;
  guint number, starts;
  gboolean replace, end;
} Reset;

static void finish_reset (WebrtcPeer *self, gpointer number);

/* The line has not stopped, and begun again, meanwhile. */
static gboolean
is_same_run (WebrtcPeer *self, guint starts)
{
  g_mutex_lock (&self->lock);
  gboolean same = !self->stopping && self->starts == starts;
  g_mutex_unlock (&self->lock);
  return same;
}

/* Whoever is told may hold the stream, and keep us for as long as he likes: a sink in
 * PAUSED does. Nobody waits for that, unlike for webrtcbin. */
static void
tell_line (WebrtcPeer *self, const Reset *reset)
{
  webrtc_peer_tell_ended (self, reset->graph);
  if (reset->end && is_same_run (self, reset->starts))
    webrtc_graph_send (reset->graph, gst_event_new_eos (), FALSE);
  g_mutex_lock (&self->lock);
  self->telling--;
  g_cond_broadcast (&self->idle);
  g_mutex_unlock (&self->lock);
}

/* A thread of the pool. */
static void
run_reset (GstElement *element, gpointer data)
{
  Reset *reset = data;
  WebrtcPeer *self = reset->peer;

  /* A line that was stopped, and could not wait, has let go of the webrtcbin that the
   * call used: the next start replaces it. */
  const gboolean replaced =
      reset->replace && webrtc_peer_replace (self, reset->graph);
  g_mutex_lock (&self->lock);
  self->working = FALSE;
  self->telling++;
  self->used &= !replaced;
  g_cond_broadcast (&self->idle);
  g_mutex_unlock (&self->lock);
  tell_line (self, reset);
  webrtc_peer_invoke (self, finish_reset, GUINT_TO_POINTER (reset->number),
      NULL);
}

static void
reset_free (gpointer data)
{
  Reset *reset = data;

  webrtc_graph_unref (reset->graph);
  webrtc_peer_unref (reset->peer);
  g_free (reset);
}

/* @replace FALSE: webrtcbin was not used. */
void
webrtc_peer_begin_reset (WebrtcPeer *self, gboolean replace)
{
  g_mutex_lock (&self->lock);
  gboolean work = !self->stopping && !self->working;
  self->working |= work;
  const guint starts = self->starts;
  g_mutex_unlock (&self->lock);
  self->state = work ? PEER_RESETTING : PEER_OFF;
  if (!work)
    return;
  Reset *reset = g_new (Reset, 1);
  *reset = (Reset){ webrtc_peer_ref (self), webrtc_graph_ref (self->graph),
    ++self->resets, starts, replace, self->end_after };
  self->line_ended = self->end_after;
  gst_element_call_async (self->element, run_reset, reset, reset_free);
}

/* The stream may have ended meanwhile, or the line have stopped, and begun again. */
static void
finish_reset (WebrtcPeer *self, gpointer number)
{
  if (self->state != PEER_RESETTING ||
      self->resets != GPOINTER_TO_UINT (number))
    return;
  if (self->line_ended)
    post_eos (self);
  if (self->end_after && !self->line_ended)
    webrtc_peer_begin_reset (self, FALSE);
  else
    self->state = self->end_after ? PEER_OFF : PEER_FREE;
  webrtc_peer_tell_changed (self, NULL);
}

/* On its way down the RTP session drops its sources without a lock. */
static void
count (WebrtcPeer *self)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  WebrtcTotals totals;

  g_mutex_lock (&self->looking);
  g_mutex_lock (&self->lock);
  gboolean playing = self->playing;
  g_mutex_unlock (&self->lock);
  if (webrtc && playing)
    webrtc_counts_look (&self->counts, webrtc);
  g_mutex_unlock (&self->looking);
  webrtc_counts_get (&self->counts, &totals);
  g_mutex_lock (&self->lock);
  self->stats.totals = totals;
  g_mutex_unlock (&self->lock);
}

/* What comes to nothing may be an attack: there is more to be seen of it. */
static void
log_end (WebrtcPeer *self, GstVoiceCallBy by, const gchar *cause,
    gboolean failure)
{
  static const gchar *const who[] = { "nobody", "us", "the browser",
    "the network" };

  g_autofree gchar *agent = gst_voice_log_text (self->user_agent);
  g_autofree gchar *why = gst_voice_log_text (cause);

  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT,
      failure ? GST_LEVEL_WARNING : GST_LEVEL_DEBUG, self->element,
      "%s: ended by %s after %" G_GINT64_FORMAT " ms: %s (from %s, %s)",
      self->id, who[by], (g_get_monotonic_time () - self->began) / 1000, why,
      self->from ? self->from : "?", *agent ? agent : "no user agent");
}

void
webrtc_peer_end_session (WebrtcPeer *self, GstVoiceCallBy by,
    const gchar *cause, gboolean failure)
{
  if (self->state != PEER_NEGOTIATING && self->state != PEER_ANSWERED &&
      self->state != PEER_CONNECTED)
    return;
  count (self);
  log_end (self, by, cause, failure);
  g_mutex_lock (&self->lock);
  self->in_session = self->is_connected = FALSE;
  self->stats.failures += failure;
  self->ended_by = by;
  g_free (self->end_cause);
  self->end_cause = g_strdup (cause);
  webrtc_peer_set_valves_unlocked (self);
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->verified, FALSE);
  webrtc_peer_refuse_offer (self, 503, cause);
  webrtc_peer_tell (self,
      (WhipSessionEvent){ .state = GST_VOICE_CALL_ENDED,
          .by = by,
          .cause = cause,
          .status = self->refused_with,
          .is_failure = failure });
  if (self->config.on_hangup == WHIP_ON_HANGUP_EOS && !failure)
    self->end_after = TRUE;
  clear_session (self);
  webrtc_peer_begin_reset (self, TRUE);
}

void
webrtc_peer_end (gpointer peer, GstVoiceCallBy by, const gchar *cause)
{
  WebrtcPeer *self = peer;

  /* Whoever is told may be quicker than we. */
  if (self->hang_up_told)
    webrtc_peer_end_session (self, GST_VOICE_CALL_BY_US, self->hang_up_cause,
        FALSE);
  else
    webrtc_peer_end_session (self, by, cause, self->state != PEER_CONNECTED);
}

void
webrtc_peer_hang_up_after (WebrtcPeer *self, guint delay, const gchar *cause)
{
  if (self->state != PEER_CONNECTED) {
    webrtc_peer_end (self, GST_VOICE_CALL_BY_US, cause);
  } else if (!self->hang_up_at) {
    GST_DEBUG_OBJECT (self->element, "%s: hangs up in %u ms: %s", self->id,
        delay, cause);
    self->hang_up_at = g_get_monotonic_time () + delay * (gint64) 1000;
    self->hang_up_cause = cause;
  }
}

/* The offer was refused, or what followed it does not hold. */
void
webrtc_peer_fail (WebrtcPeer *self, gint status, const gchar *why)
{
  webrtc_peer_refuse_offer (self, status, why);
  webrtc_peer_end_session (self, GST_VOICE_CALL_BY_US, why, TRUE);
}

/* ---- The session */

static void
check_activity (WebrtcPeer *self, gint64 now)
{
  guint packets = (guint) g_atomic_int_get (&self->packets);

  if (packets != self->last_packets) {
    self->last_packets = packets;
    self->changed_at = now;
  }
  /* Whoever never sent anything may be muted: then ICE alone tells that he is gone. */
  if (self->config.inactivity_timeout && packets != self->first_packets &&
      whip_offer_sends (self->offer, "audio") &&
      now - self->changed_at > self->config.inactivity_timeout * (gint64) 1000)
    webrtc_peer_end (self, GST_VOICE_CALL_BY_NETWORK,
        "The browser sends nothing any more.");
}

/* What is told needs a moment to arrive. */
static void
advance_hang_up (WebrtcPeer *self, gint64 now)
{
  if (now < self->hang_up_at)
    return;
  if (self->hang_up_told || !self->data.channel) {
    webrtc_peer_end_session (self, GST_VOICE_CALL_BY_US, self->hang_up_cause,
        FALSE);
    return;
  }
  oai_events_ended (self->data.oai, self->hang_up_cause);
  self->hang_up_told = TRUE;
  self->hang_up_at = now + TELL_TIME;
}

gboolean
webrtc_peer_watch_session (gpointer data)
{
  WebrtcPeer *self = data;
  gint64 now = g_get_monotonic_time ();
  gint64 age = now - self->began;

  if (now - self->counted_at > COUNT_TIME) {
    self->counted_at = now;
    count (self);
  }
  if (self->negotiation && age > GATHER_TIME)
    webrtc_negotiation_look (self->negotiation, TRUE);
  if (self->state == PEER_NEGOTIATING && age > ANSWER_TIME)
    webrtc_peer_fail (self, 503, "The offer could not be answered in time.");
  else if (self->state == PEER_ANSWERED && age > CONNECT_TIME)
    webrtc_peer_end (self, GST_VOICE_CALL_BY_NETWORK,
        "The browser was answered, and did not connect.");
  else if (self->state == PEER_CONNECTED && self->hang_up_at)
    advance_hang_up (self, now);
  else if (self->state == PEER_CONNECTED)
    check_activity (self, now);
  return G_SOURCE_CONTINUE;
}

/* ---- What HTTP asks */

static gboolean
is_free (gpointer peer)
{
  WebrtcPeer *self = peer;

  g_mutex_lock (&self->lock);
  gboolean playing = self->playing;
  g_mutex_unlock (&self->lock);
  return playing && self->state == PEER_FREE;
}

static gboolean
is_resetting (gpointer peer)
{
  const WebrtcPeer *self = peer;

  return self->state == PEER_RESETTING && !self->end_after;
}

static const gchar *
get_id (gpointer peer)
{
  return ((const WebrtcPeer *) peer)->id;
}

static const gchar *
get_etag (gpointer peer)
{
  return ((const WebrtcPeer *) peer)->etag;
}

const WhipPeerInterface webrtc_peer_interface = {
  .is_free = is_free,
  .is_resetting = is_resetting,
  .is_draining = webrtc_peer_is_draining,
  .watch = webrtc_peer_watch,
  .get_id = get_id,
  .get_etag = get_etag,
  .offer = webrtc_peer_offer,
  .patch = webrtc_peer_patch,
  .end = webrtc_peer_end,
};
