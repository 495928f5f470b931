/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the protocol (logic/openai/openaisession.h) has to do with the session and the
 * connection. All of it on the agent loop, but properties and prepare().
 *
 * A line greets, as a phone is answered: when a dialogue begins the model is asked for a
 * first answer, which `greeting` words, or, empty, leaves to the caller.
 *
 * turn-detection=auto leaves the turns to the service: what it hears decides when it
 * answers, and it interrupts itself soonest. With `element` they are ours: shorter ways when
 * somebody interrupts, and nothing is sent, or paid for, between turns. barge-in=ignore
 * wants `element`: the service would interrupt itself.
 *
 * A key of the telephone is told once a pause of KEYS_PAUSE, or #, ends what is entered, as
 * words of the caller's, and interrupts as words do. */

#include "openai.h"
#include "openaisettings.h"

#include "aiagent/remote/agentnet.h"
#include "aiagent/remote/agentremote.h"
#include "common/base/gstvoicesecret.h"

#define KEYS_PAUSE 1500 /* ms */
#define MAX_KEYS 64
#define SESSION_LENGTH \
  (58 * 60 * 1000) /* ms; the service ends it behind 60 minutes */

#define AGENT_OPENAI(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_OPENAI, AgentOpenai))

typedef struct
{
  AgentRemote parent;

  OpenaiSettings settings; /* has a lock of its own */

  /* The agent loop only: no lock. */
  OpenaiSession *session;
  OpenaiConfig config; /* of the connection */
  GString *keys;
  GSource *keys_pause;
} AgentOpenai;

typedef struct
{
  AgentRemoteClass parent_class;
} AgentOpenaiClass;

G_DEFINE_TYPE (AgentOpenai, agent_openai, AGENT_TYPE_REMOTE)

static gint64
get_now (void)
{
  return g_get_monotonic_time () / 1000;
}

/* ---- What the protocol wants done */

static void
on_send (gpointer user, const gchar *json)
{
  AgentSocket *socket = agent_remote_get_socket (user);

  if (socket)
    agent_socket_send_text (socket, json);
}

static void
on_send_audio (gpointer user, const gchar *json)
{
  AgentSocket *socket = agent_remote_get_socket (user);

  if (socket)
    agent_socket_send_audio_text (socket, json);
}

static void
on_ready (gpointer user)
{
  agent_remote_set_ready (user);
}

static void
on_ended (gpointer user, gboolean again, const gchar *reason)
{
  g_autofree gchar *text =
      openai_settings_hide (&AGENT_OPENAI (user)->settings, reason);

  agent_remote_give_up (user, again, text);
}

static void
on_warn (gpointer user, const gchar *code, const gchar *message)
{
  g_autofree gchar *text =
      openai_settings_hide (&AGENT_OPENAI (user)->settings, message);
  g_autofree gchar *said =
      openai_settings_hide (&AGENT_OPENAI (user)->settings, code);
  g_autoptr (GError) error = g_error_new (GST_RESOURCE_ERROR,
      g_str_has_prefix (code, "rate_limit") ? GST_RESOURCE_ERROR_BUSY
                                            : GST_RESOURCE_ERROR_READ,
      "The agent's service says: %s (%s).", text, *said ? said : "no code");

  gst_voice_agent_backend_warn (user, error);
}

static guint
on_begin_answer (gpointer user)
{
  return agent_remote_begin_answer (user, TRUE);
}

static void
on_write (gpointer user, guint answer, gconstpointer data, gsize size)
{
  agent_remote_write (user, answer, data, size);
}

static void
on_end_answer (gpointer user, guint answer)
{
  agent_remote_end_answer (user, answer);
}

static void
on_due (gpointer user, gboolean due)
{
  if (due)
    agent_remote_expect_answer (user);
  else
    agent_remote_answered (user);
}

static void
on_turn (gpointer user, gboolean began, guint64 time)
{
  const guint64 dialogue = agent_remote_get_dialogue (user);

  if (!dialogue)
    return;
  if (began)
    gst_voice_agent_backend_begin_turn (user, dialogue, time);
  else
    gst_voice_agent_backend_end_turn (user, dialogue, time);
}

static void
on_agent_said (gpointer user, guint answer, const gchar *all)
{
  const guint64 dialogue = agent_remote_get_dialogue (user);
  const GstVoiceAgentTranscript said = {
    .agent = TRUE,
    .text = all,
    .final = !answer,
    .start = answer ? 0 : GST_CLOCK_TIME_NONE,
    .end = answer ? 0 : GST_CLOCK_TIME_NONE,
    .confidence = -1,
    .answer = answer,
  };

  if (dialogue)
    gst_voice_agent_backend_transcript (user, dialogue, &said);
}

static void
on_caller_said (gpointer user, const OpenaiSpeech *speech, const gchar *text,
    gboolean final)
{
  const guint64 dialogue = agent_remote_get_dialogue (user);
  const gboolean known =
      speech->start != OPENAI_NO_TIME && speech->end != OPENAI_NO_TIME;
  const GstVoiceAgentTranscript said = {
    .text = text,
    .final = final,
    .start = known ? speech->start : 0,
    .end = known ? speech->end : 0,
    .confidence = -1,
  };

  if (dialogue)
    gst_voice_agent_backend_transcript (user, dialogue, &said);
}

static void
on_call_tool (gpointer user, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  const guint64 dialogue = agent_remote_get_dialogue (user);

  AGENT_REMOTE_LOG (user, GST_LEVEL_DEBUG, "the model calls %s", name);
  if (dialogue)
    gst_voice_agent_backend_call_tool (user, dialogue, name, id, arguments);
}

static void
on_used (gpointer user, guint64 input_tokens, guint64 output_tokens)
{
  const guint64 dialogue = agent_remote_get_dialogue (user);

  if (dialogue)
    gst_voice_agent_backend_add_usage (user, dialogue, input_tokens,
        output_tokens);
}

static const OpenaiActions actions = {
  .send = on_send,
  .send_audio = on_send_audio,
  .ready = on_ready,
  .ended = on_ended,
  .warn = on_warn,
  .begin_answer = on_begin_answer,
  .write = on_write,
  .end_answer = on_end_answer,
  .due = on_due,
  .turn = on_turn,
  .agent_said = on_agent_said,
  .caller_said = on_caller_said,
  .call_tool = on_call_tool,
  .used = on_used,
};

/* ---- The connection */

static gboolean
add_header (GQuark field, const GValue *value, gpointer address)
{
  if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value))
    agent_remote_address_header (address, g_quark_to_string (field),
        g_value_get_string (value));
  return TRUE;
}

static gboolean
agent_openai_get_address (AgentRemote *remote, AgentRemoteAddress *address,
    GError **error)
{
  OpenaiSettings *settings = &AGENT_OPENAI (remote)->settings;

  g_mutex_lock (&settings->lock);
  address->uri = g_strdup (settings->address.uri);
  address->secret = g_strdup (settings->secret);
  if (settings->secret && settings->address.azure) {
    agent_remote_address_header (address, "api-key", settings->secret);
  } else if (settings->secret) {
    gchar *value = g_strconcat ("Bearer ", settings->secret, NULL);
    agent_remote_address_header (address, "Authorization", value);
    gst_voice_secret_free (value);
  }
  if (settings->headers)
    gst_structure_foreach (settings->headers, add_header, address);
  g_mutex_unlock (&settings->lock);
  return TRUE;
}

static OpenaiFormat
get_format (AgentRemote *remote)
{
  GstVoiceFormat format;

  agent_remote_get_format (remote, &format);
  return format.encoding == GST_VOICE_MULAW ? OPENAI_PCMU
      : format.encoding == GST_VOICE_ALAW   ? OPENAI_PCMA
                                            : OPENAI_PCM;
}

static void
agent_openai_connected (AgentRemote *remote, const gchar *protocol)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_config_clear (&self->config);
  openai_settings_fill (&self->settings, &self->config);
  self->config.tools =
      gst_voice_agent_backend_dup_tools (GST_VOICE_AGENT_BACKEND (remote));
  if (!gst_voice_agent_backend_finds_turns (GST_VOICE_AGENT_BACKEND (remote)))
    self->config.turns = OPENAI_TURNS_OURS;
  openai_session_connect (self->session, &self->config, get_format (remote),
      agent_remote_get_dialogue (remote));
}

static void
forget_keys (AgentOpenai *self)
{
  g_string_truncate (self->keys, 0);
  if (!self->keys_pause)
    return;
  g_source_destroy (self->keys_pause);
  g_clear_pointer (&self->keys_pause, g_source_unref);
}

static void
agent_openai_disconnected (AgentRemote *remote)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_session_disconnected (self->session);
  forget_keys (self);
}

static void
agent_openai_text (AgentRemote *remote, const gchar *text, gsize size)
{
  AgentOpenai *self = AGENT_OPENAI (remote);
  const guint garbage = openai_session_get_garbage (self->session);

  openai_session_receive (self->session, text, size, get_now ());
  if (openai_session_get_garbage (self->session) != garbage && !garbage)
    AGENT_REMOTE_LOG (self, GST_LEVEL_WARNING,
        "the service sends what is no event");
}

static void
agent_openai_begun (AgentRemote *remote)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_session_begin (self->session, get_format (remote),
      agent_remote_get_dialogue (remote), agent_remote_owes_answer (remote),
      get_now ());
}

/* ---- In a dialogue */

static void
agent_openai_audio (AgentRemote *remote, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking)
{
  openai_session_audio (AGENT_OPENAI (remote)->session, data, size, time);
}

static void
agent_openai_turn_changed (AgentRemote *remote, gboolean began,
    GstClockTime time)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_session_turn (self->session, began, time, get_now ());
}

static void
agent_openai_interrupted (AgentRemote *remote, guint answer, guint heard)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  AGENT_REMOTE_LOG (self, GST_LEVEL_DEBUG,
      "interrupted, answer %u was heard for %u ms", answer, heard);
  openai_session_interrupt (self->session, answer, heard);
}

static void
agent_openai_played (AgentRemote *remote, guint answer)
{
  openai_session_played (AGENT_OPENAI (remote)->session, answer);
}

static void
agent_openai_tool_done (AgentRemote *remote, const gchar *id, const gchar *json)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  if (!openai_session_tool_result (self->session, id, json, get_now ()))
    AGENT_REMOTE_LOG (self, GST_LEVEL_DEBUG,
        "the result of a tool that nobody called");
}

static void
agent_openai_speak (AgentRemote *remote, const gchar *text)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_session_say (self->session, text, get_now ());
}

static void
agent_openai_wrote (AgentRemote *remote, const gchar *text)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  openai_session_read (self->session, text, get_now ());
}

static void
agent_openai_instructed (AgentRemote *remote, const gchar *text)
{
  openai_session_instruct (AGENT_OPENAI (remote)->session, text);
}

/* ---- Keys */

/* The interruption is work of the loop: what is read comes behind it the same way. */
static void
tell_keys (AgentOpenai *self)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autofree gchar *text =
      g_strdup_printf ("(The caller pressed keys of the telephone: %s)",
          self->keys->str);

  forget_keys (self);
  gst_voice_agent_backend_cut (backend,
      agent_remote_get_dialogue (AGENT_REMOTE (self)));
  GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->read (backend, text);
}

static gboolean
on_keys_over (gpointer data)
{
  tell_keys (data);
  return G_SOURCE_REMOVE;
}

static void
agent_openai_key (AgentRemote *remote, gchar digit)
{
  AgentOpenai *self = AGENT_OPENAI (remote);

  if (self->keys_pause) {
    g_source_destroy (self->keys_pause);
    g_clear_pointer (&self->keys_pause, g_source_unref);
  }
  g_string_append_c (self->keys, digit);
  if (digit == '#' || self->keys->len >= MAX_KEYS)
    tell_keys (self);
  else
    self->keys_pause = io_loop_add_timeout (agent_net_get_loop (), KEYS_PAUSE,
        on_keys_over, self);
}

/* ---- The session */

static gboolean
agent_openai_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  AgentOpenai *self = AGENT_OPENAI (backend);
  g_autofree gchar *uri = agent_remote_dup_uri (AGENT_REMOTE (self));

  if (!GST_VOICE_AGENT_BACKEND_CLASS (agent_openai_parent_class)
           ->prepare (backend, format, error))
    return FALSE;
  format->rate = openai_format_get_rate (OPENAI_PCM);
  return openai_settings_prepare (&self->settings, uri, error);
}

/* ---- Class */

#define FIRST_SETTING 1

static void
agent_openai_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  openai_settings_set (&AGENT_OPENAI (object)->settings,
      (OpenaiSetting) (id - FIRST_SETTING), value);
}

static void
agent_openai_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  openai_settings_get (&AGENT_OPENAI (object)->settings,
      (OpenaiSetting) (id - FIRST_SETTING), value);
}

static void
agent_openai_finalize (GObject *object)
{
  AgentOpenai *self = AGENT_OPENAI (object);

  forget_keys (self);
  g_string_free (self->keys, TRUE);
  openai_session_free (self->session);
  openai_config_clear (&self->config);
  openai_settings_clear (&self->settings);
  G_OBJECT_CLASS (agent_openai_parent_class)->finalize (object);
}

static void
agent_openai_init (AgentOpenai *self)
{
  openai_settings_init (&self->settings);
  self->keys = g_string_new (NULL);
  self->session = openai_session_new (&actions, self,
      agent_remote_get_history (AGENT_REMOTE (self)));
}

static void
agent_openai_class_init (AgentOpenaiClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);
  AgentRemoteClass *remote_class = (AgentRemoteClass *) klass;

  object_class->set_property = agent_openai_set_property;
  object_class->get_property = agent_openai_get_property;
  object_class->finalize = agent_openai_finalize;
  openai_settings_install (object_class, FIRST_SETTING);
  backend_class->finds_turns = TRUE;
  backend_class->prepare = agent_openai_prepare;
  remote_class->session_length = SESSION_LENGTH;
  remote_class->get_address = agent_openai_get_address;
  remote_class->connected = agent_openai_connected;
  remote_class->disconnected = agent_openai_disconnected;
  remote_class->text = agent_openai_text;
  remote_class->begun = agent_openai_begun;
  remote_class->audio = agent_openai_audio;
  remote_class->turn_changed = agent_openai_turn_changed;
  remote_class->interrupted = agent_openai_interrupted;
  remote_class->played = agent_openai_played;
  remote_class->tool_done = agent_openai_tool_done;
  remote_class->speak = agent_openai_speak;
  remote_class->wrote = agent_openai_wrote;
  remote_class->instructed = agent_openai_instructed;
  remote_class->key = agent_openai_key;
}
