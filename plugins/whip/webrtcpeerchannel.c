/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The data channel "oai-events" of a session: facts of the agent go out, requests
 * come in and travel downstream as voice-input. HTTP loop but as said. */

#define GST_USE_UNSTABLE_API
#include "webrtcpeerprivate.h"

#include "common/gstvoiceevents.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#define LABEL "oai-events"
#define MAX_CHANNELS 8
#define MAX_EARLY 64 /* events that wait for the channel */

static gboolean
is_open (GObject *channel)
{
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED;

  g_object_get (channel, "ready-state", &state, NULL);
  return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
}

/* The greeting may be told before the channel is open. */
static void
send_json (const gchar *json, gpointer user)
{
  WebrtcPeer *self = user;
  GstWebRTCDataChannel *channel = (GstWebRTCDataChannel *) self->channel;
  g_autoptr (GError) error = NULL;

  if (!channel && self->early->len < MAX_EARLY)
    g_ptr_array_add (self->early, g_strdup (json));
  /* It may be closing: what does not arrive is of no use any more. */
  else if (channel && is_open (self->channel))
    gst_webrtc_data_channel_send_string_full (channel, json, &error);
}

void
webrtc_peer_begin_telling (WebrtcPeer *self)
{
  self->early = g_ptr_array_new_with_free_func (g_free);
  self->oai = oai_events_new (send_json, self);
}

/* ---- In */

static void
send_input (WebrtcPeer *self, GstVoiceInputType type, const gchar *text)
{
  webrtc_graph_send (self->graph, gst_voice_input_event_new (type, text), TRUE);
}

static void
take_message (WebrtcPeer *self, gpointer json)
{
  g_autoptr (GError) error = NULL;
  OaiRequest request;

  if (self->state != PEER_CONNECTED || !self->oai)
    return;
  if (!oai_request_parse (json, -1, &request, &error)) {
    oai_events_error (self->oai, "invalid_request_error", error->message);
    return;
  }
  if (request.type == OAI_TEXT)
    send_input (self, GST_VOICE_INPUT_TEXT, request.text);
  else if (request.type == OAI_CANCEL)
    send_input (self, GST_VOICE_INPUT_INTERRUPT, NULL);
  else if (request.type == OAI_INSTRUCTIONS)
    send_input (self, GST_VOICE_INPUT_INSTRUCTIONS, request.text);
  oai_request_clear (&request);
}

/* webrtcbin's thread. */
static void
on_message (GObject *channel, const gchar *json, gpointer user)
{
  if (json && strlen (json) <= OAI_MAX_MESSAGE)
    webrtc_peer_invoke (user, take_message, g_strdup (json), g_free);
}

static void
end_closed (WebrtcPeer *self, gpointer channel)
{
  if (self->channel == channel)
    webrtc_peer_end (self, WEBRTC_BY_PEER, "The browser closed the call.");
}

/* webrtcbin's thread. */
static void
on_close (GObject *channel, gpointer user)
{
  webrtc_peer_invoke (user, end_closed, g_object_ref (channel), g_object_unref);
}

static void
unref_peer (gpointer peer, GClosure *closure)
{
  webrtc_peer_unref (peer);
}

void
webrtc_peer_take_channel (WebrtcPeer *self, GObject *channel)
{
  g_autofree gchar *label = NULL;

  /* Each costs threads, whatever it is called. */
  if (++self->channels > MAX_CHANNELS)
    webrtc_peer_end (self, WEBRTC_BY_PEER,
        "The browser opened too many data channels.");
  g_object_get (channel, "label", &label, NULL);
  if (self->channel || g_strcmp0 (label, LABEL) || self->state == PEER_OFF ||
      self->state == PEER_FREE || self->state == PEER_RESETTING)
    return;
  self->channel = g_object_ref (channel);
  self->channel_handlers[0] =
      g_signal_connect_data (channel, "on-message-string",
          G_CALLBACK (on_message), webrtc_peer_ref (self), unref_peer, 0);
  self->channel_handlers[1] = g_signal_connect_data (channel, "on-close",
      G_CALLBACK (on_close), webrtc_peer_ref (self), unref_peer, 0);
  oai_events_opened (self->oai, self->id);
  for (guint i = 0; i < self->early->len; i++)
    send_json (g_ptr_array_index (self->early, i), self);
  g_ptr_array_set_size (self->early, 0);
}

void
webrtc_peer_drop_channel (WebrtcPeer *self)
{
  for (guint i = 0; self->channel && i < 2; i++)
    g_signal_handler_disconnect (self->channel, self->channel_handlers[i]);
  g_clear_object (&self->channel);
  g_clear_pointer (&self->oai, oai_events_free);
  g_clear_pointer (&self->early, g_ptr_array_unref);
}

/* ---- Out */

static guint64
get_time (const GstStructure *s, const gchar *name)
{
  guint64 time = 0;

  gst_structure_get_uint64 (s, name, &time);
  return time;
}

static void
tell_transcript (WebrtcPeer *self, const GstStructure *s)
{
  const gchar *text = gst_structure_get_string (s, "text");
  gboolean final = TRUE;

  gst_structure_get_boolean (s, "final", &final);
  if (!final)
    return;
  if (!g_strcmp0 (gst_structure_get_string (s, "role"), "agent"))
    oai_events_agent_said (self->oai, text);
  else
    oai_events_caller_said (self->oai, text,
        gst_structure_get_string (s, "rejected"));
}

static void
tell_tool (WebrtcPeer *self, const GstStructure *s)
{
  if (!g_strcmp0 (gst_structure_get_string (s, "state"), "called"))
    oai_events_tool (self->oai, gst_structure_get_string (s, "id"),
        gst_structure_get_string (s, "name"),
        gst_structure_get_string (s, "arguments"));
}

void
webrtc_peer_tell_channel (WebrtcPeer *self, const GstStructure *s)
{
  if (!self->oai)
    return;
  if (gst_structure_has_name (s, "aiagent/turn"))
    oai_events_turn (self->oai, gst_structure_get_string (s, "state"),
        get_time (s, "speech-start"), get_time (s, "speech-end"),
        get_time (s, "turn-around"));
  else if (gst_structure_has_name (s, "aiagent/transcript"))
    tell_transcript (self, s);
  else if (gst_structure_has_name (s, "aiagent/tool"))
    tell_tool (self, s);
  else if (gst_structure_has_name (s, "aiagent/input") &&
      !g_strcmp0 (gst_structure_get_string (s, "state"), "refused"))
    oai_events_error (self->oai, "unsupported",
        gst_structure_get_string (s, "reason"));
}
