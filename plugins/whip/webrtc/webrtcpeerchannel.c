/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The data channel "oai-events" of a session: facts of the agent go out, requests
 * come in and travel downstream as voice-input. HTTP loop but as said. */

#define GST_USE_UNSTABLE_API
#include "webrtcpeerprivate.h"

#include "line/whiplog.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#define LABEL "oai-events"
#define MAX_CHANNELS 8
#define MAX_EARLY 64 /* events that wait for the channel */
#define MAX_WAITING 32 /* requests that wait for the call */

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
  GstWebRTCDataChannel *channel = (GstWebRTCDataChannel *) self->data.channel;
  g_autoptr (GError) error = NULL;

  if (!channel && self->data.early->len < MAX_EARLY)
    g_ptr_array_add (self->data.early, g_strdup (json));
  /* It may be closing: what does not arrive is of no use any more. */
  else if (channel && is_open (self->data.channel))
    gst_webrtc_data_channel_send_string_full (channel, json, &error);
}

void
webrtc_peer_begin_telling (WebrtcPeer *self)
{
  self->data.early = g_ptr_array_new_with_free_func (g_free);
  self->data.oai = oai_events_new (send_json, self);
}

/* ---- In */

/* What came on a channel: JSON, or "" for what cannot be any. */
typedef struct
{
  GObject *channel;
  gchar *json;
} Input;

static Input *
input_new (GObject *channel, const gchar *json)
{
  Input *self = g_new (Input, 1);

  *self = (Input){ g_object_ref (channel), g_strdup (json) };
  return self;
}

static void
input_free (gpointer data)
{
  Input *self = data;

  g_object_unref (self->channel);
  g_free (self->json);
  g_free (self);
}

static void
send_input (WebrtcPeer *self, const OaiRequest *request)
{
  static const GstVoiceInputType types[] = {
    [OAI_TEXT] = GST_VOICE_INPUT_TEXT,
    [OAI_CANCEL] = GST_VOICE_INPUT_INTERRUPT,
    [OAI_INSTRUCTIONS] = GST_VOICE_INPUT_INSTRUCTIONS,
  };
  const GstVoiceInputType type = types[request->type];

  GST_DEBUG_OBJECT (self->element, "%s: the page asks for %s", self->id,
      gst_voice_input_type_to_string (type));
  oai_events_asked (self->data.oai, request);
  if (!webrtc_graph_send (self->graph,
          gst_voice_input_event_new (type, request->text), TRUE))
    oai_events_decided (self->data.oai, request->type,
        "Nobody here takes what is not spoken.");
}

static void
refuse_input (WebrtcPeer *self, const gchar *why, const gchar *event_id)
{
  GST_WARNING_OBJECT (self->element, "%s: an event of the page is refused: %s",
      self->id, why);
  oai_events_error (self->data.oai, "invalid_request_error", why, event_id);
}

static void
handle_input (WebrtcPeer *self, const Input *input)
{
  g_autoptr (GError) error = NULL;
  OaiRequest request;

  if (!oai_request_parse (input->json, -1, &request, &error))
    refuse_input (self, error->message, request.event_id);
  else if (request.type != OAI_NOTHING)
    send_input (self, &request);
  oai_request_clear (&request);
}

/* Before the call is up nobody is there to get it. */
static gboolean
can_pass (WebrtcPeer *self)
{
  return self->state == PEER_CONNECTED && self->data.channel &&
      g_atomic_int_get (&self->announced);
}

static void
take_input (WebrtcPeer *self, gpointer data)
{
  const Input *input = data;

  if (!self->data.oai ||
      (self->data.channel && self->data.channel != input->channel))
    return;
  if (can_pass (self))
    handle_input (self, input);
  else if (self->data.inputs.length < MAX_WAITING)
    g_queue_push_tail (&self->data.inputs,
        input_new (input->channel, input->json));
  else
    refuse_input (self, "Too many events before the call was up.", NULL);
}

void
webrtc_peer_release_inputs (WebrtcPeer *self, gpointer unused)
{
  Input *input;

  while (can_pass (self) && (input = g_queue_pop_head (&self->data.inputs))) {
    if (input->channel == self->data.channel)
      handle_input (self, input);
    input_free (input);
  }
}

/* webrtcbin's thread. */
static void
on_message (GObject *channel, const gchar *json, gpointer user)
{
  gboolean fits = json && strlen (json) <= OAI_MAX_MESSAGE;

  webrtc_peer_invoke (user, take_input, input_new (channel, fits ? json : ""),
      input_free);
}

/* webrtcbin's thread. */
static void
on_data (GObject *channel, GBytes *data, gpointer user)
{
  on_message (channel, NULL, user);
}

static void
end_closed (WebrtcPeer *self, gpointer channel)
{
  if (self->data.channel == channel)
    webrtc_peer_end (self, GST_VOICE_CALL_BY_PEER,
        "The browser closed the call.");
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
webrtc_peer_prepare_channel (WebrtcPeer *self, GObject *channel)
{
  g_signal_connect_data (channel, "on-message-string", G_CALLBACK (on_message),
      webrtc_peer_ref (self), unref_peer, 0);
  g_signal_connect_data (channel, "on-message-data", G_CALLBACK (on_data),
      webrtc_peer_ref (self), unref_peer, 0);
}

void
webrtc_peer_take_channel (WebrtcPeer *self, GObject *channel)
{
  g_autofree gchar *label = NULL;

  /* Each costs threads, whatever it is called. */
  if (++self->data.channels > MAX_CHANNELS)
    webrtc_peer_end (self, GST_VOICE_CALL_BY_PEER,
        "The browser opened too many data channels.");
  g_object_get (channel, "label", &label, NULL);
  if (self->data.channel || g_strcmp0 (label, LABEL) ||
      self->state == PEER_OFF || self->state == PEER_FREE ||
      self->state == PEER_RESETTING)
    return;
  self->data.channel = g_object_ref (channel);
  self->data.close_handler = g_signal_connect_data (channel, "on-close",
      G_CALLBACK (on_close), webrtc_peer_ref (self), unref_peer, 0);
  GST_DEBUG_OBJECT (self->element, "%s: the page opened \"" LABEL "\"",
      self->id);
  oai_events_opened (self->data.oai, self->id);
  for (guint i = 0; i < self->data.early->len; i++)
    send_json (g_ptr_array_index (self->data.early, i), self);
  g_ptr_array_set_size (self->data.early, 0);
  webrtc_peer_release_inputs (self, NULL);
}

void
webrtc_peer_drop_channel (WebrtcPeer *self)
{
  if (self->data.channel) {
    g_signal_handler_disconnect (self->data.channel, self->data.close_handler);
    g_signal_handlers_disconnect_by_data (self->data.channel, self);
  }
  g_queue_clear_full (&self->data.inputs, input_free);
  g_clear_object (&self->data.channel);
  g_clear_pointer (&self->data.oai, oai_events_free);
  g_clear_pointer (&self->data.early, g_ptr_array_unref);
}

/* ---- Out */

static guint64
get_number (const GstStructure *s, const gchar *name)
{
  guint64 number = 0;

  gst_structure_get_uint64 (s, name, &number);
  return number;
}

/* A caller's words count once they are final. */
static void
tell_transcript (WebrtcPeer *self, const GstStructure *s)
{
  const gchar *text = gst_structure_get_string (s, "text");
  const guint64 turn = get_number (s, "turn-id");
  gboolean final = TRUE;

  gst_structure_get_boolean (s, "final", &final);
  if (g_strcmp0 (gst_structure_get_string (s, "role"), "agent")) {
    if (final)
      oai_events_caller_said (self->data.oai, text,
          gst_structure_get_string (s, "rejected"));
  } else if (final) {
    oai_events_agent_said (self->data.oai, text, turn);
  } else {
    oai_events_agent_says (self->data.oai, text, turn);
  }
}

static void
tell_tool (WebrtcPeer *self, const GstStructure *s)
{
  if (!g_strcmp0 (gst_structure_get_string (s, "state"), "called"))
    oai_events_tool (self->data.oai, gst_structure_get_string (s, "id"),
        gst_structure_get_string (s, "name"),
        gst_structure_get_string (s, "arguments"));
}

static void
tell_input (WebrtcPeer *self, const GstStructure *s)
{
  const gchar *name = gst_structure_get_string (s, "type");
  gboolean refused =
      !g_strcmp0 (gst_structure_get_string (s, "state"), "refused");
  OaiRequestType type = !g_strcmp0 (name, "text") ? OAI_TEXT
      : !g_strcmp0 (name, "interrupt")            ? OAI_CANCEL
                                                  : OAI_INSTRUCTIONS;

  oai_events_decided (self->data.oai, type,
      refused ? gst_structure_get_string (s, "reason") : NULL);
}

static void
tell_turn (WebrtcPeer *self, const GstStructure *s)
{
  const OaiTurn turn = {
    .speech_start = get_number (s, "speech-start"),
    .speech_end = get_number (s, "speech-end"),
    .decision = get_number (s, "decision"),
    .first_in = get_number (s, "first-audio-in"),
    .turn_around = get_number (s, "turn-around"),
  };

  oai_events_turn (self->data.oai, gst_structure_get_string (s, "state"),
      &turn);
}

void
webrtc_peer_tell_channel (WebrtcPeer *self, const GstStructure *s)
{
  if (!self->data.oai)
    return;
  if (gst_structure_has_name (s, "aiagent/turn"))
    tell_turn (self, s);
  else if (gst_structure_has_name (s, "aiagent/transcript"))
    tell_transcript (self, s);
  else if (gst_structure_has_name (s, "aiagent/tool"))
    tell_tool (self, s);
  else if (gst_structure_has_name (s, "aiagent/input"))
    tell_input (self, s);
}
