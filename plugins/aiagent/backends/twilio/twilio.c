/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - Bots find turns themselves and say `clear`; no event tells when one begins. So the
 *   class finds turns, and with turn-detection=auto nothing is cut off but by the bot. With
 *   turn-detection=element the caller's voice cuts off what waits to be heard;
 *   the bot sees its marks come back, as behind a `clear`.
 * - Twilio goes on with its own script when a bot closes the stream. There is none here: a
 *   bot that closes in order hangs up, behind what was said (AgentStream).
 * - Twilio speaks mu-law whatever the call has; Telnyx the law of the call, and mu-law
 *   where that has none.
 * - The stream begins with the dialogue; the socket may be there before, while it rings.
 * - Who the caller is stands in the custom parameters, as from, to, direction, channel and
 *   callerName; `parameters` of the same name go before.
 * - Time stamps go by running time, so that what was not sent leaves a gap. */

#include "twilio.h"

#include "aiagent/logic/twilio/twiliowire.h"
#include "aiagent/remote/agentstream.h"
#include "aiagent/remote/agentstreamjson.h"
#include "common/base/gstvoicesecret.h"
#include "common/frame/gstvoiceformat.h"

#define RATE 8000
#define LONGEST GST_VOICE_FRAME_SAMPLES (RATE)

#define AGENT_TWILIO(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_TWILIO, AgentTwilio))
#define AGENT_TWILIO_GET_CLASS(o) \
  (G_TYPE_INSTANCE_GET_CLASS ((o), AGENT_TYPE_TWILIO, AgentTwilioClass))

typedef struct
{
  AgentStream parent;

  /* The agent loop only: no lock. */
  TwilioStream stream;
  guint connections; /* of the process */
  gboolean told_wrong;
} AgentTwilio;

typedef struct
{
  AgentStreamClass parent_class;

  TwilioDialect dialect;
} AgentTwilioClass;

typedef AgentTwilio AgentTelnyx;
typedef AgentTwilioClass AgentTelnyxClass;

G_DEFINE_TYPE (AgentTwilio, agent_twilio, AGENT_TYPE_STREAM)
G_DEFINE_TYPE (AgentTelnyx, agent_telnyx, AGENT_TYPE_TWILIO)

/* Takes @text. */
static void
send_text (gpointer self, gchar *text)
{
  AgentSocket *socket = agent_remote_get_socket (AGENT_REMOTE (self));

  if (socket)
    agent_socket_send_text (socket, text);
  g_free (text);
}

static TwilioDialect
get_dialect (gpointer self)
{
  return AGENT_TWILIO_GET_CLASS (self)->dialect;
}

static GstVoiceEncoding
get_encoding (gpointer self)
{
  GstVoiceFormat format;

  agent_remote_get_format (AGENT_REMOTE (self), &format);
  return format.encoding;
}

/* ---- The connection */

static gboolean
agent_twilio_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  format->rate = RATE;
  if (get_dialect (backend) == TWILIO_DIALECT_TWILIO)
    format->encoding = GST_VOICE_MULAW;
  return GST_VOICE_AGENT_BACKEND_CLASS (agent_twilio_parent_class)
      ->prepare (backend, format, error);
}

static gboolean
agent_twilio_get_address (AgentRemote *remote, AgentRemoteAddress *address,
    GError **error)
{
  AgentStreamSettings *settings =
      agent_stream_get_settings (AGENT_STREAM (remote));
  gchar *token = agent_stream_settings_dup_secret (settings);

  address->uri = agent_stream_settings_dup_uri (settings);
  if (token && get_dialect (remote) == TWILIO_DIALECT_TWILIO) {
    g_autofree gchar *signature = twilio_sign (address->uri, token);
    agent_remote_address_header (address, "X-Twilio-Signature", signature);
  } else if (token) {
    gchar *header = g_strconcat ("Bearer ", token, NULL);
    agent_remote_address_header (address, "Authorization", header);
    gst_voice_secret_free (header);
  }
  address->secret = token;
  return TRUE;
}

static void
agent_twilio_connected (AgentRemote *remote, const gchar *protocol)
{
  send_text (remote, twilio_write_connected (get_dialect (remote)));
  agent_remote_set_ready (remote);
}

static GstStructure *
dup_facts (AgentTwilio *self, const AgentRemoteCall *call)
{
  GstStructure *facts = gst_structure_new_empty ("parameters");
  g_autoptr (GstStructure) parameters = agent_stream_settings_dup_parameters (
      agent_stream_get_settings (AGENT_STREAM (self)));
  const gint n = parameters ? gst_structure_n_fields (parameters) : 0;

  if (call)
    gst_structure_set (facts, "from", G_TYPE_STRING, call->from, "to",
        G_TYPE_STRING, call->to, "direction", G_TYPE_STRING,
        call->outgoing ? "outbound" : "inbound", "channel", G_TYPE_STRING,
        call->channel, "callerName", G_TYPE_STRING, call->display_name, NULL);
  for (gint i = 0; i < n; i++) {
    const gchar *name = gst_structure_nth_field_name (parameters, (guint) i);
    gst_structure_set_value (facts, name,
        gst_structure_get_value (parameters, name));
  }
  return facts;
}

static void
agent_twilio_begun (AgentRemote *remote)
{
  AgentTwilio *self = AGENT_TWILIO (remote);
  const AgentRemoteCall *call = agent_remote_get_call (remote);
  g_autoptr (GstStructure) facts = dup_facts (self, call);
  g_autofree gchar *parameters = agent_stream_json_dup_object (facts);
  g_autofree gchar *nobody = g_strdup_printf ("%" G_GUINT64_FORMAT,
      agent_remote_get_dialogue (remote));

  twilio_stream_clear (&self->stream);
  twilio_stream_init (&self->stream, get_dialect (self),
      call ? call->call_id : nobody, ++self->connections);
  self->told_wrong = FALSE;
  send_text (self,
      twilio_write_start (&self->stream, call ? call->from : NULL,
          call ? call->to : NULL, get_encoding (self) == GST_VOICE_ALAW,
          parameters));
}

static void
agent_twilio_ending (AgentRemote *remote)
{
  send_text (remote, twilio_write_stop (&AGENT_TWILIO (remote)->stream));
}

/* ---- What it says */

static void
play (AgentTwilio *self, GBytes *audio)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (audio, &size);

  if (get_encoding (self) != GST_VOICE_S16) {
    agent_stream_write (AGENT_STREAM (self), data, size);
    return;
  }
  g_autofree gint16 *samples = g_new (gint16, size);
  gst_voice_law_decode (GST_VOICE_MULAW, data, samples, size);
  agent_stream_write (AGENT_STREAM (self), samples, size * sizeof *samples);
}

static void
tell_wrong (AgentTwilio *self, const gchar *what)
{
  if (self->told_wrong)
    return;
  self->told_wrong = TRUE;
  AGENT_REMOTE_LOG (self, GST_LEVEL_WARNING,
      "passed over what the bot says: %s", what);
}

static void
obey (AgentTwilio *self, const TwilioCommand *command)
{
  AgentStream *stream = AGENT_STREAM (self);

  switch (command->type) {
    case TWILIO_MEDIA:
      play (self, command->audio);
      break;
    case TWILIO_MARK:
      agent_stream_mark (stream, command->name);
      break;
    case TWILIO_CLEAR:
      agent_stream_clear (stream);
      break;
    case TWILIO_OTHER:
      tell_wrong (self, "of an event that is not known");
      break;
  }
}

static void
agent_twilio_text (AgentRemote *remote, const gchar *text, gsize size)
{
  AgentTwilio *self = AGENT_TWILIO (remote);
  g_auto (TwilioCommand) command;
  g_autoptr (GError) error = NULL;

  if (twilio_command_read (&command, text, size, &error))
    obey (self, &command);
  else
    tell_wrong (self, error->message);
}

static void
agent_twilio_binary (AgentRemote *remote, const guint8 *data, gsize size)
{
  tell_wrong (AGENT_TWILIO (remote), "a binary frame");
}

/* ---- What it is told */

static void
agent_twilio_audio (AgentRemote *remote, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking)
{
  AgentTwilio *self = AGENT_TWILIO (remote);
  const gint64 ms = (gint64) (time / GST_MSECOND);
  guint8 law[LONGEST];

  if (get_encoding (self) == GST_VOICE_S16) {
    size = MIN (size / 2, sizeof law);
    gst_voice_law_encode (GST_VOICE_MULAW,
        (const gint16 *) (gconstpointer) data, law, size);
    data = law;
  }
  g_autofree gchar *text = twilio_write_media (&self->stream, data, size, ms);
  agent_socket_send_audio_text (agent_remote_get_socket (remote), text);
}

static void
agent_twilio_key (AgentRemote *remote, gchar key)
{
  send_text (remote, twilio_write_key (&AGENT_TWILIO (remote)->stream, key));
}

static void
agent_twilio_mark (AgentStream *stream, const gchar *name, gboolean cleared)
{
  send_text (stream, twilio_write_mark (&AGENT_TWILIO (stream)->stream, name));
}

/* ---- Class */

static void
agent_twilio_finalize (GObject *object)
{
  twilio_stream_clear (&AGENT_TWILIO (object)->stream);
  G_OBJECT_CLASS (agent_twilio_parent_class)->finalize (object);
}

static void
agent_twilio_init (AgentTwilio *self)
{
}

/**
 * AgentTwilio:auth-token:
 *
 * Of the account; the connection is signed with it (X-Twilio-Signature), and it does not
 * leave the machine. Write only; else the first line of #AgentTwilio:auth-token-file, else
 * the variable VOICE_TWILIO_AUTH_TOKEN, else TWILIO_AUTH_TOKEN. Default: NULL, not signed.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentTwilio:auth-token-file:
 *
 * File whose first line is the auth token, or the name of a credential of the service.
 * Default: NULL. Changeable in READY.
 *
 * Since: 0.1
 */

static void
agent_twilio_class_init (AgentTwilioClass *klass)
{
  static const gchar *const variables[] = { "VOICE_TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN", NULL };
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);
  AgentRemoteClass *remote_class = AGENT_REMOTE_CLASS (klass);
  AgentStreamClass *stream_class = AGENT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = agent_twilio_finalize;
  backend_class->finds_turns = TRUE;
  backend_class->prepare = agent_twilio_prepare;
  remote_class->get_address = agent_twilio_get_address;
  remote_class->connected = agent_twilio_connected;
  remote_class->begun = agent_twilio_begun;
  remote_class->ending = agent_twilio_ending;
  remote_class->text = agent_twilio_text;
  remote_class->binary = agent_twilio_binary;
  remote_class->audio = agent_twilio_audio;
  remote_class->key = agent_twilio_key;
  stream_class->mark = agent_twilio_mark;
  stream_class->secret =
      (AgentStreamSecret){ "auth-token", variables, .stays_here = TRUE };
  klass->dialect = TWILIO_DIALECT_TWILIO;
  agent_stream_class_install_secret (stream_class,
      g_param_spec_string ("auth-token", "Auth token",
          "Of the account, to sign the connection with", NULL,
          AGENT_STREAM_SECRET_FLAGS),
      g_param_spec_string ("auth-token-file", "Auth token file",
          "File whose first line is the auth token, or the name of a "
          "credential of the service",
          NULL, AGENT_STREAM_SECRET_FILE_FLAGS));
}

static void
agent_telnyx_init (AgentTelnyx *self)
{
}

/**
 * AgentTelnyx:auth-token:
 *
 * Goes to the bot as `Authorization: Bearer`. Write only; else the first line of
 * #AgentTelnyx:auth-token-file, else the variable VOICE_TELNYX_AUTH_TOKEN. Default: NULL.
 * Changeable in READY.
 *
 * Since: 0.1
 */

static void
agent_telnyx_class_init (AgentTelnyxClass *klass)
{
  static const gchar *const variables[] = { "VOICE_TELNYX_AUTH_TOKEN", NULL };

  AGENT_STREAM_CLASS (klass)->secret =
      (AgentStreamSecret){ "auth-token", variables };
  klass->dialect = TWILIO_DIALECT_TELNYX;
}
