/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions; README.md of this folder has the protocol itself.
 * - The subprotocol is offered; a server that agrees on none is taken, too.
 * - Turns are ours to find, and told: the simplest agent has no voice activity detection.
 *   Who has one sets turn-detection=none.
 * - The connection is made while the phone rings; the first text comes with the answer, so
 *   that whoever greets the moment it is connected is heard.
 * - What is asked for in an unknown way is told in the log, once a call, and passed over. */

#include "websocket.h"

#include "aiagent/logic/websocket/websocketwire.h"
#include "aiagent/remote/agentstream.h"
#include "aiagent/remote/agentstreamjson.h"
#include "common/base/gstvoiceenum.h"
#include "common/base/gstvoicesecret.h"
#include "common/frame/gstvoiceformat.h"

#define DEFAULT_PROTOCOL "audio.drachtio.org"
#define DEFAULT_RATE 16000
#define MAX_TRANSCRIPT 4096 /* bytes; what is behind them is passed over */

#define AGENT_WEBSOCKET(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_WEBSOCKET, AgentWebsocket))

typedef struct
{
  AgentStream parent;

  /* The agent loop only: no lock. */
  WebsocketSamples samples; /* of binary frames */
  GByteArray *whole; /* scratch */
  GstClockTime first; /* running time of the first audio; NONE */
  GstClockTime sent; /* ns of audio */
  guint tools; /* that were asked for without an id */
  gboolean told_wrong;

  GMutex lock; /* a leaf; protects everything below */
  gchar *protocol;
  guint rate;
} AgentWebsocket;

typedef struct
{
  AgentStreamClass parent_class;
} AgentWebsocketClass;

G_DEFINE_TYPE (AgentWebsocket, agent_websocket, AGENT_TYPE_STREAM)

enum
{
  PROP_PROTOCOL = 1,
  PROP_RATE,
};

/* Takes @text. */
static void
send_text (gpointer self, gchar *text)
{
  AgentSocket *socket = agent_remote_get_socket (AGENT_REMOTE (self));

  if (socket)
    agent_socket_send_text (socket, text);
  g_free (text);
}

static guint
get_rate (AgentWebsocket *self)
{
  g_mutex_lock (&self->lock);
  const guint rate = self->rate;
  g_mutex_unlock (&self->lock);
  return rate;
}

/* ---- The connection */

static gboolean
agent_websocket_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  format->rate = get_rate (AGENT_WEBSOCKET (backend));
  return GST_VOICE_AGENT_BACKEND_CLASS (agent_websocket_parent_class)
      ->prepare (backend, format, error);
}

static gboolean
agent_websocket_get_address (AgentRemote *remote, AgentRemoteAddress *address,
    GError **error)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);
  AgentStreamSettings *settings =
      agent_stream_get_settings (AGENT_STREAM (remote));
  gchar *token = agent_stream_settings_dup_secret (settings);

  address->uri = agent_stream_settings_dup_uri (settings);
  g_mutex_lock (&self->lock);
  if (self->protocol && *self->protocol)
    g_ptr_array_add (address->protocols, g_strdup (self->protocol));
  g_mutex_unlock (&self->lock);
  if (token) {
    gchar *header = g_strconcat ("Bearer ", token, NULL);
    agent_remote_address_header (address, "Authorization", header);
    gst_voice_secret_free (header);
  }
  address->secret = token;
  return TRUE;
}

static void
agent_websocket_connected (AgentRemote *remote, const gchar *protocol)
{
  agent_remote_set_ready (remote);
}

static GstStructure *
dup_headers (AgentWebsocket *self, const AgentRemoteCall *call)
{
  GstStructure *all = call && call->headers
      ? gst_structure_copy (call->headers)
      : gst_structure_new_empty ("headers");
  g_autoptr (GstStructure) parameters = agent_stream_settings_dup_parameters (
      agent_stream_get_settings (AGENT_STREAM (self)));
  const gint n = parameters ? gst_structure_n_fields (parameters) : 0;

  for (gint i = 0; i < n; i++) {
    const gchar *name = gst_structure_nth_field_name (parameters, (guint) i);
    gst_structure_set_value (all, name,
        gst_structure_get_value (parameters, name));
  }
  return all;
}

static void
agent_websocket_begun (AgentRemote *remote)
{
  static const AgentRemoteCall nobody = { NULL };
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);
  const AgentRemoteCall *known = agent_remote_get_call (remote);
  const AgentRemoteCall *call = known ? known : &nobody;
  g_autoptr (GstStructure) fields = dup_headers (self, known);
  g_autofree gchar *headers = agent_stream_json_dup_object (fields);
  g_autofree gchar *origin = agent_stream_json_dup_object (call->origin);
  g_autofree gchar *history =
      agent_stream_json_dup_history (agent_remote_get_history (remote));
  g_autofree gchar *tools =
      gst_voice_agent_backend_dup_tools (GST_VOICE_AGENT_BACKEND (remote));
  const WebsocketStart start = { call->call_id, call->channel, call->session,
    call->line, call->from, call->to, call->display_name, call->outgoing,
    headers, origin, history, tools, get_rate (self) };

  self->samples = (WebsocketSamples){ FALSE };
  self->first = GST_CLOCK_TIME_NONE;
  self->sent = 0;
  self->told_wrong = FALSE;
  send_text (self, websocket_write_start (&start));
}

/* ---- What it says */

/* What comes back when it was heard: a mark of the agent's, or the end of a playAudio. The
 * first letter says which. */
#define IS_MARK 'm'
#define IS_PLAYED 'p' /* without an id */
#define IS_PLAYED_ID 'i'

static void
add_mark (AgentWebsocket *self, gchar kind, const gchar *name)
{
  g_autofree gchar *text = g_strdup_printf ("%c%s", kind, name ? name : "");

  agent_stream_mark (AGENT_STREAM (self), text);
}

static void
play (AgentWebsocket *self, const WebsocketCommand *command)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (command->audio, &size);
  GstVoiceFormat to;

  agent_remote_get_format (AGENT_REMOTE (self), &to);
  const GstVoiceFormat from = { GST_VOICE_S16,
    command->rate ? command->rate : to.rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  if (size > 1)
    gst_voice_converter_process (converter, data, size & ~(gsize) 1, out);
  agent_stream_write (AGENT_STREAM (self), out->data, out->len);
  add_mark (self, command->id ? IS_PLAYED_ID : IS_PLAYED, command->id);
}

static void
say_transcript (AgentWebsocket *self, const WebsocketCommand *command)
{
  AgentRemote *remote = AGENT_REMOTE (self);
  const guint answer =
      command->agent ? agent_stream_take_answer (AGENT_STREAM (self)) : 0;
  g_autofree gchar *text = g_strndup (command->text,
      agent_history_fit (command->text, MAX_TRANSCRIPT));
  const GstVoiceAgentTranscript transcript = {
    .agent = command->agent,
    .text = text,
    .final = command->final,
    .confidence = -1,
    .answer = answer,
  };

  if (command->agent && answer)
    agent_history_add_agent (agent_remote_get_history (remote), answer, text);
  else if (!command->agent && command->final)
    agent_history_add_caller (agent_remote_get_history (remote), text);
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self),
      agent_remote_get_dialogue (remote), &transcript);
}

static void
call_tool (AgentWebsocket *self, const WebsocketCommand *command)
{
  g_autofree gchar *id = command->id
      ? g_strdup (command->id)
      : g_strdup_printf ("tool-%u", ++self->tools);

  gst_voice_agent_backend_call_tool (GST_VOICE_AGENT_BACKEND (self),
      agent_remote_get_dialogue (AGENT_REMOTE (self)), command->name, id,
      command->arguments);
}

static void
tell_wrong (AgentWebsocket *self, const gchar *what)
{
  if (self->told_wrong)
    return;
  self->told_wrong = TRUE;
  AGENT_REMOTE_LOG (self, GST_LEVEL_WARNING,
      "passed over what the agent says: %s", what);
}

static void
obey (AgentWebsocket *self, const WebsocketCommand *command)
{
  AgentStream *stream = AGENT_STREAM (self);

  switch (command->type) {
    case WEBSOCKET_MARK:
      add_mark (self, IS_MARK, command->name);
      break;
    case WEBSOCKET_CLEAR_MARKS:
      agent_stream_clear_marks (stream);
      break;
    case WEBSOCKET_KILL_AUDIO:
      self->samples = (WebsocketSamples){ FALSE };
      agent_stream_clear (stream);
      break;
    case WEBSOCKET_PLAY_AUDIO:
      play (self, command);
      break;
    case WEBSOCKET_DISCONNECT:
      agent_stream_hang_up (stream);
      break;
    case WEBSOCKET_TOOL:
      call_tool (self, command);
      break;
    case WEBSOCKET_TRANSCRIPT:
      say_transcript (self, command);
      break;
    case WEBSOCKET_OTHER:
      tell_wrong (self, "of a type that is not known");
      break;
  }
}

static void
agent_websocket_text (AgentRemote *remote, const gchar *text, gsize size)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);
  g_auto (WebsocketCommand) command;
  g_autoptr (GError) error = NULL;

  if (websocket_command_read (&command, text, size, &error))
    obey (self, &command);
  else
    tell_wrong (self, error->message);
}

static void
agent_websocket_binary (AgentRemote *remote, const guint8 *data, gsize size)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);

  websocket_samples_take (&self->samples, data, size, self->whole);
  agent_stream_write (AGENT_STREAM (self), self->whole->data, self->whole->len);
}

/* ---- What it is told */

static void
agent_websocket_audio (AgentRemote *remote, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);

  /* What stands in for a channel that brings nothing yet counts from 0. */
  if (!GST_CLOCK_TIME_IS_VALID (self->first) ||
      (self->first == 0 && time > self->sent + GST_SECOND))
    self->first = time - self->sent;
  self->sent += gst_util_uint64_scale (size / 2, GST_SECOND, get_rate (self));
  agent_socket_send_audio (agent_remote_get_socket (remote), data, size);
}

static void
agent_websocket_turn (AgentRemote *remote, gboolean began, GstClockTime time)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (remote);
  const GstClockTime since = GST_CLOCK_TIME_IS_VALID (self->first) &&
          GST_CLOCK_TIME_IS_VALID (time) && time > self->first
      ? time - self->first
      : 0;

  AGENT_REMOTE_CLASS (agent_websocket_parent_class)
      ->turn_changed (remote, began, time);
  send_text (self, websocket_write_turn (began, since / GST_MSECOND));
}

static void
agent_websocket_mark (AgentStream *stream, const gchar *name, gboolean cleared)
{
  if (name[0] == IS_MARK)
    send_text (stream, websocket_write_mark (name + 1, cleared));
  else
    send_text (stream,
        websocket_write_play_done (name[0] == IS_PLAYED_ID ? name + 1 : NULL));
}

static void
agent_websocket_key (AgentRemote *remote, gchar key)
{
  send_text (remote, websocket_write_key (key));
}

static void
agent_websocket_on_hold (AgentRemote *remote, gboolean held)
{
  send_text (remote, websocket_write_hold (held));
}

static void
agent_websocket_speak (AgentRemote *remote, const gchar *text)
{
  send_text (remote, websocket_write_text ("say", text));
}

static void
agent_websocket_wrote (AgentRemote *remote, const gchar *text)
{
  agent_history_add_caller (agent_remote_get_history (remote), text);
  send_text (remote, websocket_write_text ("text", text));
}

static void
agent_websocket_instructed (AgentRemote *remote, const gchar *text)
{
  send_text (remote, websocket_write_text ("instructions", text));
}

static void
agent_websocket_tool_done (AgentRemote *remote, const gchar *id,
    const gchar *json)
{
  send_text (remote, websocket_write_tool_result (id, json));
}

static void
agent_websocket_control_done (AgentRemote *remote, const gchar *id,
    const gchar *result, const gchar *reason)
{
  send_text (remote, websocket_write_control_result (id, result, reason));
}

/* ---- Class */

static void
agent_websocket_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (object);

  if (id > PROP_RATE) {
    G_OBJECT_CLASS (agent_websocket_parent_class)
        ->set_property (object, id, value, pspec);
    return;
  }
  g_mutex_lock (&self->lock);
  if (id == PROP_PROTOCOL) {
    g_free (self->protocol);
    self->protocol = g_value_dup_string (value);
  } else {
    self->rate = (guint) g_value_get_enum (value);
  }
  g_mutex_unlock (&self->lock);
}

static void
agent_websocket_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (object);

  if (id > PROP_RATE) {
    G_OBJECT_CLASS (agent_websocket_parent_class)
        ->get_property (object, id, value, pspec);
    return;
  }
  g_mutex_lock (&self->lock);
  if (id == PROP_PROTOCOL)
    g_value_set_string (value, self->protocol);
  else
    g_value_set_enum (value, (gint) self->rate);
  g_mutex_unlock (&self->lock);
}

static void
agent_websocket_finalize (GObject *object)
{
  AgentWebsocket *self = AGENT_WEBSOCKET (object);

  g_byte_array_unref (self->whole);
  g_free (self->protocol);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_websocket_parent_class)->finalize (object);
}

static void
agent_websocket_init (AgentWebsocket *self)
{
  g_mutex_init (&self->lock);
  self->whole = g_byte_array_new ();
  self->protocol = g_strdup (DEFAULT_PROTOCOL);
  self->rate = DEFAULT_RATE;
}

static GType
get_rate_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { 8000, "8 kHz, as most phones have it", "8000" },
    { 16000, "16 kHz, as most recognizers want it", "16000" },
    { 24000, "24 kHz", "24000" },
    { 48000, "48 kHz", "48000" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type)) {
    const GType made =
        g_enum_register_static ("GstAiAgentWebsocketRate", values);
    gst_type_mark_as_plugin_api (made, 0);
    g_once_init_leave (&type, made);
  }
  return type;
}

/**
 * AgentWebsocket:protocol:
 *
 * Subprotocol that is offered to the server, which may agree on none; "" offers none.
 * Default: "audio.drachtio.org". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentWebsocket:rate:
 *
 * Hz of the audio, both ways: 8000, 16000, 24000 or 48000. Default: 16000. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * AgentWebsocket:token:
 *
 * Goes to the server as `Authorization: Bearer`. Write only; else the first line of
 * #AgentWebsocket:token-file, else the variable VOICE_WEBSOCKET_TOKEN. Default: NULL.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentWebsocket:token-file:
 *
 * File whose first line is the token, or the name of a credential of the service.
 * Default: NULL. Changeable in READY.
 *
 * Since: 0.1
 */

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (klass, PROP_PROTOCOL,
      g_param_spec_string ("protocol", "Protocol",
          "Subprotocol that is offered to the server, which may agree on none",
          DEFAULT_PROTOCOL, flags));
  g_object_class_install_property (klass, PROP_RATE,
      g_param_spec_enum ("rate", "Rate", "Rate of the audio, both ways (Hz)",
          get_rate_type (), DEFAULT_RATE, flags));
  agent_stream_class_install_secret ((AgentStreamClass *) klass,
      g_param_spec_string ("token", "Token",
          "Goes to the server as Authorization: Bearer", NULL,
          AGENT_STREAM_SECRET_FLAGS),
      g_param_spec_string ("token-file", "Token file",
          "File whose first line is the token, or the name of a credential of "
          "the service",
          NULL, AGENT_STREAM_SECRET_FILE_FLAGS));
}

static void
set_remote_functions (AgentRemoteClass *remote_class)
{
  remote_class->get_address = agent_websocket_get_address;
  remote_class->connected = agent_websocket_connected;
  remote_class->begun = agent_websocket_begun;
  remote_class->text = agent_websocket_text;
  remote_class->binary = agent_websocket_binary;
  remote_class->audio = agent_websocket_audio;
  remote_class->turn_changed = agent_websocket_turn;
  remote_class->key = agent_websocket_key;
  remote_class->on_hold = agent_websocket_on_hold;
  remote_class->speak = agent_websocket_speak;
  remote_class->wrote = agent_websocket_wrote;
  remote_class->instructed = agent_websocket_instructed;
  remote_class->tool_done = agent_websocket_tool_done;
  remote_class->control_done = agent_websocket_control_done;
}

static void
agent_websocket_class_init (AgentWebsocketClass *klass)
{
  static const gchar *const variables[] = { "VOICE_WEBSOCKET_TOKEN", NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);
  AgentStreamClass *stream_class = AGENT_STREAM_CLASS (klass);

  object_class->set_property = agent_websocket_set_property;
  object_class->get_property = agent_websocket_get_property;
  object_class->finalize = agent_websocket_finalize;
  backend_class->takes_laws = FALSE;
  backend_class->prepare = agent_websocket_prepare;
  stream_class->mark = agent_websocket_mark;
  stream_class->secret = (AgentStreamSecret){ "token", variables };
  set_remote_functions (AGENT_REMOTE_CLASS (klass));
  install_properties (object_class);
}
