/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What is connected becomes a call. HTTP loop but as said. */

#define GST_USE_UNSTABLE_API
#include "webrtcice.h"
#include "webrtcpeerprivate.h"
#include "webrtcsetup.h"

#include "line/whiplog.h"

#include "common/event/gstvoiceevents.h"
#include "common/base/gstvoicelog.h"

#include <gst/webrtc/webrtc.h>

#define HOLD_TIME 20 /* ms */

static gboolean
is_who_offered (WebrtcPeer *self)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  g_autofree gchar *pem = webrtc_dup_peer_certificate (webrtc);
  gboolean is = whip_offer_has_certificate (self->offer, pem);

  GST_DEBUG_OBJECT (self->element, "%s: DTLS is up, the certificate is %s",
      self->id, is ? "the offered one" : "another one");
  return is;
}

gchar *
webrtc_peer_dup_call_id (WebrtcPeer *self)
{
  g_mutex_lock (&self->lock);
  gchar *id = g_strdup (self->call_id ? self->call_id : "");
  g_mutex_unlock (&self->lock);
  return id;
}

/* Any thread. */
GstEvent *
webrtc_peer_make_call_event (WebrtcPeer *self, GstVoiceCallState state)
{
  g_mutex_lock (&self->lock);
  g_autoptr (GstStructure) headers = gst_structure_new ("headers", "User-Agent",
      G_TYPE_STRING, self->call_agent ? self->call_agent : "", NULL);
  const gboolean over = state == GST_VOICE_CALL_ENDED;
  const GstVoiceCall call = {
    .state = state,
    .call_id = self->call_id,
    .channel = "webrtc",
    .session = self->call_id,
    .line = self->config.line,
    .from = self->from,
    .source = self->from,
    .admitted = whip_config_admits (&self->config),
    .abilities = "hang-up",
    .to = self->config.line,
    .by = over ? self->ended_by : GST_VOICE_CALL_BY_NOBODY,
    .cause = over ? self->end_cause : NULL,
    .headers = headers,
  };
  GstEvent *event = gst_voice_call_event_new (&call);
  g_mutex_unlock (&self->lock);
  return event;
}

/* Now and not with the first sound: a caller who is muted, or only listens, is
 * greeted, too. Where somebody holds the stream it goes ahead of that sound. */
static void
announce (WebrtcPeer *self)
{
  GstEvent *event = webrtc_peer_make_call_event (self, GST_VOICE_CALL_ANSWERED);
  gboolean announced = webrtc_graph_announce (self->graph, event, HOLD_TIME);

  GST_DEBUG_OBJECT (self->element, "%s: %s", self->id,
      announced ? "the line knows of the call"
                : "the line is held, and will know with the first sound");
  g_atomic_int_set (&self->announced, announced);
}

static void
log_call (WebrtcPeer *self)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  g_autofree gchar *path = webrtc_describe_path (webrtc);
  g_autofree gchar *described = whip_offer_describe (self->offer);
  g_autofree gchar *formats = gst_voice_log_text (described);
  g_autofree gchar *agent = gst_voice_log_text (self->user_agent);

  GST_INFO_OBJECT (self->element,
      "%s: call from %s, %s: %s, %s, connected after %" G_GINT64_FORMAT " ms",
      self->id, self->from ? self->from : "?", *agent ? agent : "no user agent",
      formats, path, (self->changed_at - self->began) / 1000);
}

static void
begin_call (WebrtcPeer *self)
{
  self->state = PEER_CONNECTED;
  self->changed_at = g_get_monotonic_time ();
  log_call (self);
  g_mutex_lock (&self->lock);
  self->stats.connect_time = self->changed_at - self->stats.offered_at;
  g_mutex_unlock (&self->lock);
  webrtc_peer_tell (self,
      (WhipSessionEvent){ .state = GST_VOICE_CALL_ANSWERED,
          .setup_time =
              (GstClockTime) (self->changed_at - self->began) * GST_USECOND });
  /* An agent speaks as soon as it knows of the call. */
  g_mutex_lock (&self->lock);
  self->is_connected = TRUE;
  webrtc_peer_set_valves_unlocked (self);
  g_mutex_unlock (&self->lock);
  announce (self);
  g_atomic_int_set (&self->verified, TRUE);
  webrtc_peer_release_inputs (self, NULL);
}

static void
log_state (WebrtcPeer *self, GstElement *webrtc)
{
  GstWebRTCICEConnectionState ice;
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "ice-connection-state", &ice, "connection-state",
      &state, NULL);
  if (ice == self->told_ice && state == self->told_connection)
    return;
  self->told_ice = ice;
  self->told_connection = state;
  g_autofree gchar *ice_name =
      g_enum_to_string (GST_TYPE_WEBRTC_ICE_CONNECTION_STATE, (gint) ice);
  g_autofree gchar *name =
      g_enum_to_string (GST_TYPE_WEBRTC_PEER_CONNECTION_STATE, (gint) state);
  GST_DEBUG_OBJECT (self->element, "%s: %s, %s", self->id, ice_name, name);
}

/* The state of the connection may have changed. */
void
webrtc_peer_connected (WebrtcPeer *self)
{
  GstWebRTCPeerConnectionState state;

  if (!self->id)
    return;
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  log_state (self, webrtc);
  if (self->state != PEER_ANSWERED && self->state != PEER_CONNECTED)
    return;
  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED ||
      state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED) {
    webrtc_peer_end (self, GST_VOICE_CALL_BY_NETWORK,
        "The connection to the browser was lost.");
  } else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED &&
      self->state == PEER_ANSWERED) {
    if (is_who_offered (self))
      begin_call (self);
    else
      webrtc_peer_fail (self, 403,
          "Whoever connected is not who made the offer: the DTLS certificate "
          "has another fingerprint.");
  }
}
