/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentremoteprivate.h"

#include "aiagent/backends/local/local.h"
#include "aiagent/logic/agentscript.h"
#include "session/host/agentbackend.h"

#define DEFAULT_RETRIES 6 /* 16 s: a bot that is started anew is back by then */
#define DEFAULT_CONNECT_TIMEOUT 5000 /* ms */
#define DEFAULT_RESPONSE_TIMEOUT 8000 /* ms */
#define DEFAULT_PHRASE "One moment, please."
#define DEFAULT_GOODBYE \
  "I am sorry, I have trouble hearing my colleagues. Please call again later."
#define MUSIC_MAX (64 * 1024 * 1024) /* bytes: ten minutes of 48 kHz */

enum
{
  PROP_URI = 1,
  PROP_RETRIES,
  PROP_CONNECT_TIMEOUT,
  PROP_RESPONSE_TIMEOUT,
  PROP_SESSION_LENGTH,
  PROP_BRIDGE,
  PROP_BRIDGE_PHRASE,
  PROP_BRIDGE_MUSIC,
  PROP_FALLBACK,
  PROP_FALLBACK_TEXT,
  PROP_FALLBACK_TARGET,
  PROP_FALLBACK_FILE,
};

static GType
get_bridge_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AGENT_BRIDGE_SILENCE, "Nothing is heard", "silence" },
    { AGENT_BRIDGE_PHRASE, "The bridge-phrase is said once", "phrase" },
    { AGENT_BRIDGE_MUSIC, "The bridge-music is played", "music" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type)) {
    const GType made = g_enum_register_static ("AgentRemoteBridge", values);
    gst_type_mark_as_plugin_api (made, 0);
    g_once_init_leave (&type, made);
  }
  return type;
}

static GType
get_fallback_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AGENT_FALLBACK_NONE, "The line stays, and is silent", "none" },
    { AGENT_FALLBACK_GOODBYE, "The fallback-text is said, then it hangs up",
        "goodbye" },
    { AGENT_FALLBACK_TRANSFER, "The call goes to the fallback-target",
        "transfer" },
    { AGENT_FALLBACK_DIALOGUE,
        "The built-in agent goes on, after the fallback-file", "dialogue" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type)) {
    const GType made = g_enum_register_static ("AgentRemoteFallback", values);
    gst_type_mark_as_plugin_api (made, 0);
    g_once_init_leave (&type, made);
  }
  return type;
}

/* ---- Values */

void
agent_remote_settings_init (AgentRemoteSettings *self,
    const AgentRemoteClass *klass)
{
  *self = (AgentRemoteSettings){
    .retries = DEFAULT_RETRIES,
    .connect_timeout = DEFAULT_CONNECT_TIMEOUT,
    .response_timeout = klass->response_timeout,
    .session_length = klass->session_length,
    .bridge = AGENT_BRIDGE_PHRASE,
    .bridge_phrase = g_strdup (DEFAULT_PHRASE),
    .fallback = AGENT_FALLBACK_GOODBYE,
    .fallback_text = g_strdup (DEFAULT_GOODBYE),
  };
}

void
agent_remote_settings_clear (AgentRemoteSettings *self)
{
  g_free (self->uri);
  g_free (self->bridge_phrase);
  g_free (self->bridge_music);
  g_free (self->fallback_text);
  g_free (self->fallback_target);
  g_free (self->fallback_file);
  *self = (AgentRemoteSettings){ 0 };
}

void
agent_remote_settings_copy (const AgentRemoteSettings *self,
    AgentRemoteSettings *copy)
{
  *copy = *self;
  copy->uri = g_strdup (self->uri);
  copy->bridge_phrase = g_strdup (self->bridge_phrase);
  copy->bridge_music = g_strdup (self->bridge_music);
  copy->fallback_text = g_strdup (self->fallback_text);
  copy->fallback_target = g_strdup (self->fallback_target);
  copy->fallback_file = g_strdup (self->fallback_file);
}

/* ---- Files */

static AgentRemoteMusic *
read_music (const gchar *path, GError **error)
{
  g_autofree gchar *data = NULL;
  g_autoptr (GByteArray) samples = g_byte_array_new ();
  gsize size;
  guint rate;

  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  if (size > MUSIC_MAX) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "more than %d MB", MUSIC_MAX >> 20);
    return NULL;
  }
  if (!agent_script_read_wav ((const guint8 *) data, size, &rate, samples,
          error))
    return NULL;
  if (samples->len < 2) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "there is no sound in it");
    return NULL;
  }
  AgentRemoteMusic *music = g_atomic_rc_box_new0 (AgentRemoteMusic);
  music->rate = rate;
  music->samples = g_steal_pointer (&samples);
  return music;
}

static gboolean
load_music (AgentRemote *self, const AgentRemoteSettings *set, GError **error)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  g_autoptr (GError) why = NULL;
  AgentRemoteMusic *music = NULL;

  if (set->bridge == AGENT_BRIDGE_MUSIC) {
    music = set->bridge_music ? read_music (set->bridge_music, &why) : NULL;
    if (!music) {
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
          "bridge=music cannot play bridge-music \"%s\": %s.",
          set->bridge_music ? set->bridge_music : "",
          why ? why->message : "it is not set");
      return FALSE;
    }
  }
  g_mutex_lock (&priv->lock);
  AgentRemoteMusic *last = priv->music;
  priv->music = music;
  g_mutex_unlock (&priv->lock);
  g_clear_pointer (&last, agent_remote_music_unref);
  return TRUE;
}

/* Nobody knows when it is needed: then it is there. */
static gboolean
load_mind (AgentRemote *self, const AgentRemoteSettings *set, GError **error)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  g_autoptr (GstVoiceAgentBackend) mind = NULL;
  GstVoiceFormat format;

  if (set->fallback == AGENT_FALLBACK_DIALOGUE) {
    mind =
        g_object_new (AGENT_TYPE_LOCAL, "agent-file", set->fallback_file, NULL);
    if (!agent_backend_prepare (mind, &format, error)) {
      g_prefix_error (error, "fallback=dialogue: ");
      return FALSE;
    }
  }
  g_mutex_lock (&priv->lock);
  GstVoiceAgentBackend *last = priv->mind;
  priv->mind = g_steal_pointer (&mind);
  g_mutex_unlock (&priv->lock);
  g_clear_object (&last);
  return TRUE;
}

gboolean
agent_remote_load (AgentRemote *self, GError **error)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteSettings set;

  g_mutex_lock (&priv->lock);
  agent_remote_settings_copy (&priv->settings, &set);
  g_mutex_unlock (&priv->lock);
  gboolean loaded =
      load_music (self, &set, error) && load_mind (self, &set, error);
  if (loaded && set.fallback == AGENT_FALLBACK_TRANSFER &&
      (!set.fallback_target || !*set.fallback_target)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "fallback=transfer needs to know where to: set fallback-target.");
    loaded = FALSE;
  }
  agent_remote_settings_clear (&set);
  return loaded;
}

gchar *
agent_remote_dup_uri (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  g_mutex_lock (&priv->lock);
  gchar *uri = g_strdup (priv->settings.uri);
  g_mutex_unlock (&priv->lock);
  return uri;
}

/* ---- Properties */

/* What property @id is kept in, by its kind; NULL: it is of another one. */
static gchar **
get_text (AgentRemoteSettings *set, guint id)
{
  return id == PROP_URI            ? &set->uri
      : id == PROP_BRIDGE_PHRASE   ? &set->bridge_phrase
      : id == PROP_BRIDGE_MUSIC    ? &set->bridge_music
      : id == PROP_FALLBACK_TEXT   ? &set->fallback_text
      : id == PROP_FALLBACK_TARGET ? &set->fallback_target
      : id == PROP_FALLBACK_FILE   ? &set->fallback_file
                                   : NULL;
}

static guint *
get_number (AgentRemoteSettings *set, guint id)
{
  return id == PROP_RETRIES         ? &set->retries
      : id == PROP_CONNECT_TIMEOUT  ? &set->connect_timeout
      : id == PROP_RESPONSE_TIMEOUT ? &set->response_timeout
      : id == PROP_SESSION_LENGTH   ? &set->session_length
                                    : NULL;
}

void
agent_remote_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (object));
  AgentRemoteSettings *set = &priv->settings;

  g_mutex_lock (&priv->lock);
  gchar **text = get_text (set, id);
  guint *number = get_number (set, id);
  if (text) {
    g_free (*text);
    *text = g_value_dup_string (value);
  } else if (number) {
    *number = g_value_get_uint (value);
  } else if (id == PROP_BRIDGE) {
    set->bridge = (AgentRemoteBridge) g_value_get_enum (value);
  } else {
    set->fallback = (AgentRemoteFallback) g_value_get_enum (value);
  }
  g_mutex_unlock (&priv->lock);
}

void
agent_remote_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (object));
  AgentRemoteSettings *set = &priv->settings;

  g_mutex_lock (&priv->lock);
  gchar **text = get_text (set, id);
  guint *number = get_number (set, id);
  if (text)
    g_value_set_string (value, *text);
  else if (number)
    g_value_set_uint (value, *number);
  else
    g_value_set_enum (value,
        id == PROP_BRIDGE ? (gint) set->bridge : (gint) set->fallback);
  g_mutex_unlock (&priv->lock);
}

/**
 * AgentRemote:uri:
 *
 * Where the agent is. Default: unset; a protocol may have one of its own. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:retries:
 *
 * How often in a row a connection that is refused or lost is tried again, with pauses
 * from 250 ms on that double up to 8 s. A connection that has been ready for 5 s begins to
 * count anew. Default: 6. As all below: what is set counts from the next call on.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:connect-timeout:
 *
 * How long a connection may take to be open, in ms. Default: 5000.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:response-timeout:
 *
 * How long the agent may take for the first audio of its answer, in ms, once the caller has
 * finished. One that takes longer is taken to be lost: another connection is made, which
 * is to answer. So is one that gives no sign of life for so long, which may not have heard
 * that the caller spoke: it answers no ping of the WebSocket. 0: for ever. Default: 8000; a
 * protocol may have another.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:session-length:
 *
 * How old a connection may become, in ms. Another one takes its place in the last
 * tenth of that time (at most the last minute), when nobody speaks and no answer is due;
 * at the latest when it is over. 0: it may be of any age. Default: 0; a protocol may
 * have another.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:bridge:
 *
 * What the caller hears who waits because the agent is away: behind 600 ms without it, while
 * nothing else is to be heard and the caller does not speak. It ends with the first audio
 * of the agent. Default: phrase.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:bridge-phrase:
 *
 * What bridge=phrase says, once each time that the agent is away. Default: "One moment,
 * please."
 *
 * Since: 0.1
 */

/**
 * AgentRemote:bridge-music:
 *
 * The file that bridge=music plays, over and over: WAV, 16-bit PCM, any rate, of at most
 * 64 MB. Default: unset. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:fallback:
 *
 * What becomes of a call whose agent does not come back, or refuses. Default: goodbye.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:fallback-text:
 *
 * What fallback=goodbye says, and fallback=transfer where the channel does not transfer.
 * Default: "I am sorry, I have trouble hearing my colleagues. Please call again later."
 *
 * Since: 0.1
 */

/**
 * AgentRemote:fallback-target:
 *
 * Where fallback=transfer sends the call: an address or number. Default: unset, with which
 * that does not start.
 *
 * Since: 0.1
 */

/**
 * AgentRemote:fallback-file:
 *
 * The dialogue file after which fallback=dialogue goes on. Default: unset, the
 * receptionist that is built in. Changeable in READY.
 *
 * Since: 0.1
 */

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)

static void
install_link (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_URI,
      g_param_spec_string ("uri", "URI", "Where the agent is", NULL,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_RETRIES,
      g_param_spec_uint ("retries", "Retries",
          "How often in a row a connection that is refused or lost is tried "
          "again",
          0, 100, DEFAULT_RETRIES, FLAGS));
  g_object_class_install_property (klass, PROP_CONNECT_TIMEOUT,
      g_param_spec_uint ("connect-timeout", "Connect timeout",
          "How long a connection may take to be open (ms)", 100, 60000,
          DEFAULT_CONNECT_TIMEOUT, FLAGS));
  g_object_class_install_property (klass, PROP_RESPONSE_TIMEOUT,
      g_param_spec_uint ("response-timeout", "Response timeout",
          "How long the agent may take to answer before it is taken to be "
          "lost (ms, 0 = for ever)",
          0, 600000, DEFAULT_RESPONSE_TIMEOUT, FLAGS));
  g_object_class_install_property (klass, PROP_SESSION_LENGTH,
      g_param_spec_uint ("session-length", "Session length",
          "How old a connection may become before another one takes its place "
          "(ms, 0 = of any age)",
          0, 86400000, 0, FLAGS));
}

static void
install_absence (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_BRIDGE,
      g_param_spec_enum ("bridge", "Bridge",
          "What the caller hears while the agent is away", get_bridge_type (),
          AGENT_BRIDGE_PHRASE, FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_BRIDGE_PHRASE,
      g_param_spec_string ("bridge-phrase", "Bridge phrase",
          "What is said when the agent is away", DEFAULT_PHRASE, FLAGS));
  g_object_class_install_property (klass, PROP_BRIDGE_MUSIC,
      g_param_spec_string ("bridge-music", "Bridge music",
          "WAV file that is played while the agent is away", NULL,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_FALLBACK,
      g_param_spec_enum ("fallback", "Fallback",
          "What becomes of a call whose agent does not come back",
          get_fallback_type (), AGENT_FALLBACK_GOODBYE,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_FALLBACK_TEXT,
      g_param_spec_string ("fallback-text", "Fallback text",
          "What is said when the agent does not come back", DEFAULT_GOODBYE,
          FLAGS));
  g_object_class_install_property (klass, PROP_FALLBACK_TARGET,
      g_param_spec_string ("fallback-target", "Fallback target",
          "Where a call is transferred whose agent does not come back", NULL,
          FLAGS | GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_FALLBACK_FILE,
      g_param_spec_string ("fallback-file", "Fallback file",
          "Dialogue file of who goes on when the agent does not come back "
          "(unset = the built-in receptionist)",
          NULL, FLAGS | GST_PARAM_MUTABLE_READY));
}

void
agent_remote_install_properties (GObjectClass *klass)
{
  install_link (klass);
  install_absence (klass);
}
