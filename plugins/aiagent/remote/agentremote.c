/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Media threads and applications leave what they have as work for the agent loop, in order.
 * There a dialogue has a link, which is connected while its call rings, or when it
 * begins. */

#include "agentremoteprivate.h"

#include "aiagent/logic/remote/localuri.h"
#include "session/host/agentlog.h"
#include "common/base/gstvoicesecret.h"

#include <string.h>

#define DEFAULT_RESPONSE_TIMEOUT 8000 /* ms */
#define INBOX (10 * GST_SECOND) /* of audio, while the agent loop is busy */
#define LATE_TICKS 10 /* of 20 ms: audio that has not come by then does not */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AgentRemote, agent_remote,
    GST_TYPE_VOICE_AGENT_BACKEND)

AgentRemotePrivate *
agent_remote_get_priv (AgentRemote *self)
{
  return agent_remote_get_instance_private (self);
}

/* ---- The log */

void
agent_remote_log (AgentRemote *self, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, const gchar *format, ...)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  va_list arguments;

  if (!agent_log_shows (level))
    return;
  g_mutex_lock (&priv->lock);
  g_autofree gchar *id = g_strdup (priv->call_id ? priv->call_id : "");
  g_mutex_unlock (&priv->lock);
  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_log_write (id, level, file, function, line, text);
}

/* ---- What the session tells, any thread */

static gboolean
agent_remote_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  return agent_remote_load (AGENT_REMOTE (backend), error);
}

static void
agent_remote_ring (GstVoiceAgentBackend *backend, const GstVoiceCall *call)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_RING, 0);

  work->call = agent_remote_call_new (call);
  gst_voice_agent_backend_get_format (backend, &work->format);
  agent_remote_work_post (work);
}

static void
agent_remote_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_OPEN, 0);

  g_atomic_int_set (&agent_remote_get_priv (work->remote)->ticks, 0);
  work->dialogue = gst_voice_agent_backend_get_dialogue (backend);
  gst_voice_agent_backend_get_format (backend, &work->format);
  g_atomic_int_set (&agent_remote_get_priv (work->remote)->inbox_most,
      (gint) gst_util_uint64_scale (INBOX,
          work->format.rate * GST_VOICE_SAMPLE_SIZE (work->format.encoding),
          GST_SECOND));
  work->call = call ? agent_remote_call_new (call) : NULL;
  agent_remote_work_post (work);
}

static void
agent_remote_close (GstVoiceAgentBackend *backend)
{
  agent_remote_work_post (agent_remote_work_new (backend, WORK_CLOSE, 0));
}

static void
post_audio (GstVoiceAgentBackend *backend, gconstpointer data, gsize size,
    GstClockTime time, gboolean speaking)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (backend));

  g_atomic_int_set (&priv->ticks, 0);
  if (g_atomic_int_get (&priv->inbox) > g_atomic_int_get (&priv->inbox_most)) {
    g_atomic_int_inc (&priv->left_out);
    return;
  }
  g_atomic_int_add (&priv->inbox, (gint) size);
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_AUDIO, size);
  memcpy (work->data, data, size);
  work->time = time;
  work->flag = speaking;
  agent_remote_work_post (work);
}

/* A far side that finds turns waits for silence, which not every channel brings: a browser
 * that saves it, a file at its end. Then the ticks of the dialogue, which do not come on
 * hold, take the place of the audio, from its last sample on: the far side hears as
 * many seconds as pass. What comes late after all, all at once, is heard in addition. */
static void
agent_remote_tick (GstVoiceAgentBackend *backend)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (backend));
  const gint missing = g_atomic_int_add (&priv->ticks, 1) + 1;

  if (g_atomic_int_get (&priv->standing_in))
    agent_remote_work_post (agent_remote_work_new (backend, WORK_TICK, 0));
  if (missing < LATE_TICKS)
    return;
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_SILENCE, 0);
  work->answer = missing == LATE_TICKS ? LATE_TICKS - 1 : 1; /* one had come */
  agent_remote_work_post (work);
}

static void
agent_remote_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n_samples, GstClockTime time, gboolean speaking)
{
  post_audio (backend, samples, n_samples * sizeof *samples, time, speaking);
}

static void
agent_remote_send_encoded (GstVoiceAgentBackend *backend, const guint8 *data,
    gsize size, GstClockTime time, gboolean speaking)
{
  post_audio (backend, data, size, time, speaking);
}

static void
agent_remote_turn (GstVoiceAgentBackend *backend, gboolean began,
    GstClockTime time)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_TURN, 0);

  work->flag = began;
  work->time = time;
  agent_remote_work_post (work);
}

static void
post_answer (GstVoiceAgentBackend *backend, WorkType type, guint answer,
    guint heard, const gchar *words)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, type, 0);

  work->answer = answer;
  work->heard = heard;
  work->texts[0] = g_strdup (words);
  agent_remote_work_post (work);
}

/* A stand-in that cuts off what it says knows before that returns. */
static void
agent_remote_interrupt (GstVoiceAgentBackend *backend, guint answer,
    guint heard)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (backend));

  if (g_atomic_int_get (&priv->standing_in) &&
      io_loop_is_current (agent_net_get_loop ())) {
    const AgentRemoteWork work = { .type = WORK_INTERRUPT,
      .answer = answer,
      .heard = heard };
    agent_remote_leave_take (AGENT_REMOTE (backend), &work);
    return;
  }
  post_answer (backend, WORK_INTERRUPT, answer, heard, NULL);
}

static void
agent_remote_done (GstVoiceAgentBackend *backend, guint answer)
{
  post_answer (backend, WORK_DONE, answer, 0, NULL);
}

static void
agent_remote_heard (GstVoiceAgentBackend *backend, guint answer,
    const gchar *words, guint heard)
{
  post_answer (backend, WORK_HEARD, answer, heard, words);
}

static void
agent_remote_marked (GstVoiceAgentBackend *backend, guint mark)
{
  if (AGENT_REMOTE_GET_CLASS (backend)->marked)
    post_answer (backend, WORK_MARK, mark, 0, NULL);
}

static void
agent_remote_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_DIGIT, 0);

  work->digit = digit;
  agent_remote_work_post (work);
}

static gboolean
post_texts (GstVoiceAgentBackend *backend, WorkType type, const gchar *a,
    const gchar *b, const gchar *c)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, type, 0);

  work->texts[0] = g_strdup (a);
  work->texts[1] = g_strdup (b);
  work->texts[2] = g_strdup (c);
  agent_remote_work_post (work);
  return TRUE;
}

static gboolean
agent_remote_tool_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *json)
{
  return AGENT_REMOTE_GET_CLASS (backend)->tool_done &&
      post_texts (backend, WORK_TOOL_RESULT, id, json, NULL);
}

static void
agent_remote_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *result, const gchar *reason)
{
  post_texts (backend, WORK_RESULT, id, result, reason);
}

static gboolean
agent_remote_say (GstVoiceAgentBackend *backend, const gchar *text)
{
  return AGENT_REMOTE_GET_CLASS (backend)->speak &&
      post_texts (backend, WORK_SAY, text, NULL, NULL);
}

static gboolean
agent_remote_read (GstVoiceAgentBackend *backend, const gchar *text)
{
  return AGENT_REMOTE_GET_CLASS (backend)->wrote &&
      post_texts (backend, WORK_READ, text, NULL, NULL);
}

static gboolean
agent_remote_instruct (GstVoiceAgentBackend *backend, const gchar *text)
{
  return AGENT_REMOTE_GET_CLASS (backend)->instructed &&
      post_texts (backend, WORK_INSTRUCT, text, NULL, NULL);
}

static gboolean
agent_remote_is_thinking (GstVoiceAgentBackend *backend)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (backend));

  return g_atomic_int_get (&priv->thinking);
}

static void
agent_remote_pause (GstVoiceAgentBackend *backend, gboolean paused)
{
  AgentRemoteWork *work = agent_remote_work_new (backend, WORK_PAUSE, 0);

  work->flag = paused;
  agent_remote_work_post (work);
}

/* One that has a URI of its own, in place of this property, is elsewhere. */
static gboolean
agent_remote_costs (GstVoiceAgentBackend *backend)
{
  g_autofree gchar *uri = agent_remote_dup_uri (AGENT_REMOTE (backend));

  return !local_uri_check (uri);
}

/* ---- For subclasses */

gboolean
agent_remote_is_ready (AgentRemote *self)
{
  return agent_remote_get_priv (self)->state == AGENT_LINK_READY;
}

AgentSocket *
agent_remote_get_socket (AgentRemote *self)
{
  return agent_remote_get_priv (self)->socket;
}

guint64
agent_remote_get_dialogue (AgentRemote *self)
{
  return agent_remote_get_priv (self)->dialogue;
}

void
agent_remote_get_format (AgentRemote *self, GstVoiceFormat *format)
{
  *format = agent_remote_get_priv (self)->format;
}

const AgentRemoteCall *
agent_remote_get_call (AgentRemote *self)
{
  return agent_remote_get_priv (self)->call;
}

AgentHistory *
agent_remote_get_history (AgentRemote *self)
{
  return agent_remote_get_priv (self)->history;
}

/* ---- Class */

static void
agent_remote_finalize (GObject *object)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (AGENT_REMOTE (object));

  /* A link keeps it alive until it is stopped: no source of it is left. */
  g_clear_pointer (&priv->call, agent_remote_call_free);
  g_clear_pointer (&priv->secret, gst_voice_secret_free);
  agent_history_free (priv->history);
  g_array_unref (priv->open_answers);
  g_array_unref (priv->own_answers);
  agent_remote_settings_clear (&priv->set);
  agent_remote_settings_clear (&priv->settings);
  g_clear_pointer (&priv->music, agent_remote_music_unref);
  g_clear_object (&priv->mind);
  g_free (priv->call_id);
  g_mutex_clear (&priv->lock);
  G_OBJECT_CLASS (agent_remote_parent_class)->finalize (object);
}

static void
agent_remote_constructed (GObject *object)
{
  agent_remote_settings_init (&agent_remote_get_priv (AGENT_REMOTE (object))
                                   ->settings,
      AGENT_REMOTE_GET_CLASS (object));
  G_OBJECT_CLASS (agent_remote_parent_class)->constructed (object);
}

static void
agent_remote_init (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  g_mutex_init (&priv->lock);
  g_queue_init (&priv->waiting);
  priv->history = agent_history_new ();
  priv->open_answers = g_array_new (FALSE, FALSE, sizeof (guint));
  priv->own_answers = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
agent_remote_class_init (AgentRemoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  klass->response_timeout = DEFAULT_RESPONSE_TIMEOUT;
  object_class->constructed = agent_remote_constructed;
  object_class->set_property = agent_remote_set_property;
  object_class->get_property = agent_remote_get_property;
  object_class->finalize = agent_remote_finalize;
  backend_class->takes_laws = TRUE;
  backend_class->prepare = agent_remote_prepare;
  backend_class->ring = agent_remote_ring;
  backend_class->open = agent_remote_open;
  backend_class->close = agent_remote_close;
  backend_class->send_audio = agent_remote_send_audio;
  backend_class->send_encoded = agent_remote_send_encoded;
  backend_class->tick = agent_remote_tick;
  backend_class->turn = agent_remote_turn;
  backend_class->interrupt = agent_remote_interrupt;
  backend_class->done = agent_remote_done;
  backend_class->heard = agent_remote_heard;
  backend_class->marked = agent_remote_marked;
  backend_class->digit = agent_remote_digit;
  backend_class->tool_result = agent_remote_tool_result;
  backend_class->result = agent_remote_result;
  backend_class->say = agent_remote_say;
  backend_class->read = agent_remote_read;
  backend_class->instruct = agent_remote_instruct;
  backend_class->pause = agent_remote_pause;
  backend_class->costs = agent_remote_costs;
  backend_class->is_thinking = agent_remote_is_thinking;
  agent_remote_install_properties (object_class);
}
