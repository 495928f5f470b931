/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagenthalf.h"

#include "gstaiagent.h"
#include "gstaiagenttoolspecs.h"
#include "gstaiagentlimits.h"
#include "gstaiagentturnspecs.h"

#include "backends/application/application.h"
#include "backends/cascade/cascade.h"
#include "backends/echo.h"
#include "backends/local/local.h"
#include "backends/openai/openai.h"
#include "backends/script.h"
#include "backends/twilio/twilio.h"
#include "backends/websocket/websocket.h"

#include "common/pair/gstsessiontable.h"

enum
{
  PROP_SESSION = 1,
  PROP_CONTEXT,
  PROP_BACKEND,
  PROP_BACKEND_OBJECT,
  PROP_TURNS, /* GST_AIAGENT_N_TURN_SPECS of them */
  PROP_LAST_TURNS = PROP_TURNS + GST_AIAGENT_N_TURN_SPECS - 1,
  PROP_LIMITS, /* GST_AIAGENT_N_LIMITS of them */
  PROP_LAST_LIMIT = PROP_LIMITS + GST_AIAGENT_N_LIMITS - 1,
  PROP_STATS,
  PROP_SESSION_OBJECT,
  PROP_TOOLS,
  N_PROPS = PROP_TOOLS + GST_AIAGENT_N_TOOL_SPECS,
};

#define FLAGS_READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)
#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

AgentSession *
gst_aiagent_half_dup_session (GstAiAgentHalf *self)
{
  return gst_pair_half_dup_session (&self->pair);
}

AgentSession *
gst_aiagent_half_get_session (const GstAiAgentHalf *self)
{
  return gst_pair_half_get_session (&self->pair);
}

/* ---- The backend */

/* Of static strings. */
static const gchar *
name_of (gint which)
{
  GEnumClass *klass = g_type_class_ref (GST_TYPE_AIAGENT_BACKEND);
  const gchar *name = g_enum_get_value (klass, which)->value_nick;

  g_type_class_unref (klass);
  return name;
}

static GstVoiceAgentBackend *
new_backend (gint which)
{
  const GType types[] = { [GST_AIAGENT_BACKEND_LOCAL] = AGENT_TYPE_LOCAL,
    [GST_AIAGENT_BACKEND_ECHO] = AGENT_TYPE_ECHO,
    [GST_AIAGENT_BACKEND_SCRIPT] = AGENT_TYPE_SCRIPT,
    [GST_AIAGENT_BACKEND_APPLICATION] = AGENT_TYPE_APPLICATION,
    [GST_AIAGENT_BACKEND_OPENAI] = AGENT_TYPE_OPENAI,
    [GST_AIAGENT_BACKEND_CASCADE] = AGENT_TYPE_CASCADE,
    [GST_AIAGENT_BACKEND_WEBSOCKET] = AGENT_TYPE_WEBSOCKET,
    [GST_AIAGENT_BACKEND_TWILIO] = AGENT_TYPE_TWILIO,
    [GST_AIAGENT_BACKEND_TELNYX] = AGENT_TYPE_TELNYX };

  GstVoiceAgentBackend *backend = g_object_new (types[which], NULL);

  agent_choice_set_name (backend, name_of (which));
  return backend;
}

/* @kept: a reference to its backend. */
static AgentChoice
dup_choice (GstAiAgentHalf *self, GstVoiceAgentBackend **kept)
{
  GST_OBJECT_LOCK (self->pair.element);
  const AgentChoice choice = self->choice;
  *kept = choice.backend ? g_object_ref (choice.backend) : NULL;
  GST_OBJECT_UNLOCK (self->pair.element);
  return choice;
}

/* A session that we are in learns it for its next start. */
static void
tell_session (GstAiAgentHalf *self)
{
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (self);
  GstVoiceAgentBackend *kept = NULL;
  const AgentChoice choice = dup_choice (self, &kept);
  GstPairSettings *settings =
      session ? gst_pair_half_dup_settings (&self->pair) : NULL;

  if (session)
    agent_session_change (session, self->role, settings, &choice);
  g_clear_object (&kept);
}

/* Made at once, so that its own properties can be set on the same line. */
static void
set_backend (GstAiAgentHalf *self, GstVoiceAgentBackend *backend,
    AgentChosen how)
{
  GST_OBJECT_LOCK (self->pair.element);
  GstVoiceAgentBackend *old = self->choice.backend;
  self->choice = (AgentChoice){ backend, how };
  GST_OBJECT_UNLOCK (self->pair.element);
  if (old) {
    gst_child_proxy_child_removed (GST_CHILD_PROXY (self->pair.element),
        G_OBJECT (old), "backend");
    g_object_unref (old);
  }
  if (backend)
    gst_child_proxy_child_added (GST_CHILD_PROXY (self->pair.element),
        G_OBJECT (backend), "backend");
  tell_session (self);
}

/* One that is of this kind already keeps what was set of it. */
static void
choose_kind (GstAiAgentHalf *self, GstVoiceAgentBackend *backend)
{
  GST_OBJECT_LOCK (self->pair.element);
  GstVoiceAgentBackend *old = self->choice.backend;
  gboolean same =
      backend && old && G_OBJECT_TYPE (old) == G_OBJECT_TYPE (backend);
  if (same)
    self->choice.how = AGENT_CHOSEN_BY_KIND;
  GST_OBJECT_UNLOCK (self->pair.element);
  if (same) {
    g_object_unref (backend);
    tell_session (self);
  } else {
    set_backend (self, backend, AGENT_CHOSEN_BY_KIND);
  }
}

/* The one at work, which may be the other half's. Before that our own: to ask for
 * it is not to choose it. */
static GObject *
get_child (GstChildProxy *proxy)
{
  GstAiAgentHalf *self = gst_pair_half_of (proxy);
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (self);
  GstVoiceAgentBackend *running =
      session ? agent_session_dup_backend (session) : NULL;

  if (running)
    return G_OBJECT (running);
  GST_OBJECT_LOCK (self->pair.element);
  gboolean missing = !self->choice.backend;
  GST_OBJECT_UNLOCK (self->pair.element);
  if (missing)
    set_backend (self, new_backend (GST_AIAGENT_BACKEND_LOCAL),
        AGENT_CHOSEN_BY_DEFAULT);
  GST_OBJECT_LOCK (self->pair.element);
  GObject *child = g_object_ref (G_OBJECT (self->choice.backend));
  GST_OBJECT_UNLOCK (self->pair.element);
  return child;
}

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  return index == 0 ? get_child (proxy) : NULL;
}

static GObject *
get_child_by_name (GstChildProxy *proxy, const gchar *name)
{
  return g_str_equal (name, "backend") ? get_child (proxy) : NULL;
}

static guint
get_children_count (GstChildProxy *proxy)
{
  return 1;
}

void
gst_aiagent_half_child_proxy_init (gpointer iface, gpointer data)
{
  GstChildProxyInterface *proxy = iface;

  proxy->get_child_by_index = get_child_by_index;
  proxy->get_child_by_name = get_child_by_name;
  proxy->get_children_count = get_children_count;
}

/* ---- Properties */

static void
keep_setting (GstAiAgentHalf *self, const GValue *value, GParamSpec *pspec)
{
  gst_pair_half_set (&self->pair, value, pspec);
  tell_session (self);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstAiAgentHalf *self = gst_pair_half_of (object);

  gst_pair_half_check_late (&self->pair, value, pspec);
  switch (id) {
    case PROP_SESSION:
      gst_pair_half_set (&self->pair, value, pspec);
      break;
    case PROP_BACKEND:
      keep_setting (self, value, pspec);
      choose_kind (self, new_backend (g_value_get_enum (value)));
      break;
    case PROP_BACKEND_OBJECT:
      set_backend (self, g_value_dup_object (value), AGENT_CHOSEN_AS_OBJECT);
      break;
    default:
      keep_setting (self, value, pspec);
      break;
  }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstAiAgentHalf *self = gst_pair_half_of (object);
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (self);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, agent_session_get_stats (session));
    return;
  }
  if (id != PROP_BACKEND_OBJECT) {
    gst_pair_half_get (&self->pair, value, pspec);
    return;
  }
  GST_OBJECT_LOCK (self->pair.element);
  g_value_set_object (value, self->choice.backend);
  GST_OBJECT_UNLOCK (self->pair.element);
}

/* What #GstAiAgentSrc has #GstAiAgentSink has, too: each is set on either half. */

/**
 * GstAiAgentSrc:session:
 *
 * Name of the conversation: a #GstAiAgentSrc and a #GstAiAgentSink of one pipeline
 * that have the same are its two halves. Default: "default". Kept from NULL to NULL.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:context:
 *
 * Name of a media thread. Elements that name the same share it, and promise that
 * nothing behind them blocks. Default: unset, a thread of its own. Changeable in
 * READY; kept from the first PAUSED to NULL.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:backend:
 *
 * Which agent listens and answers. It is made when this is set, so that its own
 * properties can be set as `backend::NAME` behind it. Default: local. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:backend-object:
 *
 * An agent of the application, in place of #GstAiAgentSrc:backend. Default: NULL.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:stats:
 *
 * GstStructure application/x-aiagent-stats. Its fields: backend (string: which agent is
 * at work, as #GstAiAgentSrc:backend has it, of an application's own its type; "" = none
 * was yet), model (string: its property, "" = it has none), vad (string: what tells
 * speech from noise, silero or webrtc, "" below READY); in-dialogue, speaking,
 * listening, on-hold (gboolean); dialogues, turns, answers, interruptions, frames-in,
 * frames-out, frames-spoken (guint64, frames of 20 ms); heard, pending,
 * turn-around-last, turn-around-p50, turn-around-p95, turn-around-p99 (guint64, ns).
 * Read only; any thread.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:session-object:
 *
 * The object that both halves share. Read only; Default: NULL, below READY.
 *
 * Since: 0.1
 */

static void
make_names (GParamSpec **specs)
{
  specs[PROP_SESSION] = g_param_spec_string ("session", "Session",
      "Name that makes an aiagentsink and an aiagentsrc of one pipeline the two "
      "halves of one conversation, kept from NULL to NULL",
      GST_AIAGENT_DEFAULT_SESSION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  specs[PROP_CONTEXT] = g_param_spec_string ("context", "Context",
      "Elements that name the same context share one media thread and promise "
      "that nothing behind them blocks; unset gives a thread of its own",
      NULL, FLAGS_READY);
  specs[PROP_BACKEND] = g_param_spec_enum ("backend", "Backend",
      "Which agent listens and answers; its own properties are set as "
      "backend::name",
      GST_TYPE_AIAGENT_BACKEND, GST_AIAGENT_BACKEND_LOCAL, FLAGS_READY);
  specs[PROP_BACKEND_OBJECT] =
      g_param_spec_object ("backend-object", "Backend object",
          "An agent of the application's own, in place of backend",
          GST_TYPE_VOICE_AGENT_BACKEND, FLAGS_READY);
  specs[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counters of the conversation and how long callers wait for answers, "
      "times in ns",
      GST_TYPE_STRUCTURE, FLAGS_READ);
  specs[PROP_SESSION_OBJECT] =
      g_param_spec_object ("session-object", "Session object",
          "The conversation that both halves share, from READY upwards",
          G_TYPE_OBJECT, FLAGS_READ);
}

/* ---- Actions */

static gboolean
action_interrupt (GstElement *element)
{
  g_autoptr (AgentSession) session =
      gst_aiagent_half_dup_session (gst_pair_half_of (element));

  return session && agent_session_interrupt (session);
}

static gboolean
action_say (GstElement *element, const gchar *text)
{
  g_autoptr (AgentSession) session =
      gst_aiagent_half_dup_session (gst_pair_half_of (element));

  return session && text && agent_session_say (session, text);
}

static gboolean
action_tool_result (GstElement *element, const gchar *id, const gchar *json)
{
  g_autoptr (AgentSession) session =
      gst_aiagent_half_dup_session (gst_pair_half_of (element));

  return session && id && json && agent_session_tool_result (session, id, json);
}

/* #GstAiAgentSink has the same. */

/**
 * GstAiAgentSrc::interrupt:
 *
 * Cuts off what the agent says.
 *
 * Returns: FALSE if it said nothing that may be. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc::say:
 *
 * @text: what the agent is to say
 *
 * Returns: FALSE if there is no conversation, or the backend does not speak. Action;
 * any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc::tool-result:
 *
 * @id: of the tool, as `aiagent/tool` has called it
 * @json: what came of it
 *
 * Answers the agent, who has asked for a tool of the application's. The first 4096 bytes
 * of it are in the `aiagent/tool` that follows, and so in the log.
 *
 * Returns: FALSE if there is no conversation, @json is none (with a warning), or the
 * backend has not asked. Action; any thread, never waits.
 *
 * Since: 0.1
 */

void
gst_aiagent_half_class_init (GstElementClass *klass)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *specs[N_PROPS] = { NULL };

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  make_names (specs);
  gst_aiagent_turn_specs_make (specs + PROP_TURNS);
  gst_aiagent_tool_specs_make (specs + PROP_TOOLS);
  gst_aiagent_limits_make (specs + PROP_LIMITS);
  g_object_class_install_properties (object_class, N_PROPS, specs);
  g_signal_new_class_handler ("interrupt", G_TYPE_FROM_CLASS (klass), flags,
      G_CALLBACK (action_interrupt), NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("say", G_TYPE_FROM_CLASS (klass), flags,
      G_CALLBACK (action_say), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_STRING);
  g_signal_new_class_handler ("tool-result", G_TYPE_FROM_CLASS (klass), flags,
      G_CALLBACK (action_tool_result), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_STRING, G_TYPE_STRING);
}

void
gst_aiagent_half_init (GstAiAgentHalf *self, GstElement *element,
    AgentRole role)
{
  self->role = role;
  gst_pair_half_init (&self->pair, element);
}

void
gst_aiagent_half_clear (GstAiAgentHalf *self)
{
  g_clear_object (&self->choice.backend);
  gst_pair_half_clear (&self->pair);
}

/* ---- Membership */

void
gst_aiagent_half_post_error (GstAiAgentHalf *self, const GError *error)
{
  gboolean ours = error->domain == GST_RESOURCE_ERROR ||
      error->domain == GST_STREAM_ERROR || error->domain == GST_CORE_ERROR ||
      error->domain == GST_LIBRARY_ERROR;
  g_autoptr (GError) settings = ours
      ? NULL
      : g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
            error->message);

  gst_element_post_message (self->pair.element,
      gst_message_new_error (GST_OBJECT (self->pair.element),
          settings ? settings : (GError *) error, NULL));
}

static GObject *
new_session (const gchar *name)
{
  return G_OBJECT (agent_session_new (name));
}

gboolean
gst_aiagent_half_join (GstAiAgentHalf *self, const AgentListener *listener)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPairSettings) settings =
      gst_pair_half_dup_settings (&self->pair);
  g_autofree gchar *name = gst_pair_half_dup_name (&self->pair);
  GstVoiceAgentBackend *kept = NULL;
  const AgentChoice choice = dup_choice (self, &kept);

  g_autoptr (AgentSession) session = gst_session_table_join (self->pair.element,
      AGENT_TYPE_SESSION, name, new_session);
  gboolean attached = agent_session_attach (session, self->role,
      self->pair.element, settings, &choice, listener, &error);
  g_clear_object (&kept);
  if (!attached) {
    gst_aiagent_half_post_error (self, error);
    return FALSE;
  }
  gst_pair_half_enter (&self->pair, g_steal_pointer (&session), name);
  return TRUE;
}

gboolean
gst_aiagent_half_prepare (GstAiAgentHalf *self)
{
  AgentSession *session = gst_aiagent_half_get_session (self);
  g_autoptr (GError) error = NULL;

  gst_session_table_check (self->pair.element, session);
  if (agent_session_prepare (session, self->role, &error)) {
    gst_pair_half_start (&self->pair);
    return TRUE;
  }
  gst_aiagent_half_post_error (self, error);
  return FALSE;
}

void
gst_aiagent_half_leave (GstAiAgentHalf *self)
{
  g_autoptr (AgentSession) session = gst_pair_half_leave (&self->pair);

  if (session)
    agent_session_detach (session, self->role);
}
