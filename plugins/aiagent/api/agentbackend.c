/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentbackend.h"

typedef struct
{
  /* An application may keep its backend longer than the session lives. */
  GWeakRef user;
  const AgentBackendHost *host; /* set before user, never changed then */

  GMutex lock; /* leaf; protects everything below */
  GPtrArray *set; /* GParamSpec: what was set from outside */
} AgentBackendPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AgentBackend, agent_backend, G_TYPE_OBJECT)

static void
agent_backend_finalize (GObject *object)
{
  AgentBackendPrivate *priv =
      agent_backend_get_instance_private (AGENT_BACKEND (object));

  g_weak_ref_clear (&priv->user);
  g_ptr_array_unref (priv->set);
  g_mutex_clear (&priv->lock);
  G_OBJECT_CLASS (agent_backend_parent_class)->finalize (object);
}

static void
agent_backend_init (AgentBackend *self)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  g_weak_ref_init (&priv->user, NULL);
  g_mutex_init (&priv->lock);
  priv->set = g_ptr_array_new ();
}

/* Its functions, and the session itself, alive; NULL if there is none. */
static const AgentBackendHost *
take_host (AgentBackend *self, GObject **user)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  *user = g_weak_ref_get (&priv->user);
  return *user ? priv->host : NULL;
}

/* Between prepare and close there is a host. */
static void
tell_late (AgentBackend *self, GParamSpec *pspec)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host =
      pspec->flags & GST_PARAM_MUTABLE_READY ? take_host (self, &user) : NULL;

  if (host && host->set_late)
    host->set_late (user, pspec);
}

static void
agent_backend_notify (GObject *object, GParamSpec *pspec)
{
  AgentBackendPrivate *priv =
      agent_backend_get_instance_private (AGENT_BACKEND (object));

  if (!(pspec->flags & G_PARAM_WRITABLE))
    return;
  g_mutex_lock (&priv->lock);
  if (!g_ptr_array_find (priv->set, pspec, NULL))
    g_ptr_array_add (priv->set, pspec);
  g_mutex_unlock (&priv->lock);
  tell_late (AGENT_BACKEND (object), pspec);
}

GPtrArray *
agent_backend_dup_set (AgentBackend *self)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  g_mutex_lock (&priv->lock);
  GPtrArray *set = g_ptr_array_copy (priv->set, NULL, NULL);
  g_mutex_unlock (&priv->lock);
  return set;
}

static void
agent_backend_class_init (AgentBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = agent_backend_finalize;
  G_OBJECT_CLASS (klass)->notify = agent_backend_notify;
}

void
agent_backend_set_host (AgentBackend *self, const AgentBackendHost *host,
    GObject *user)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  if (host)
    priv->host = host;
  g_weak_ref_set (&priv->user, user);
}

/* ---- To the session */

guint
agent_backend_begin (AgentBackend *self, gboolean interruptible)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host ? host->begin (user, interruptible) : 0;
}

gboolean
agent_backend_write (AgentBackend *self, guint answer, gconstpointer data,
    gsize size)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host && host->write (user, answer, data, size);
}

void
agent_backend_end (AgentBackend *self, guint answer)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->end (user, answer);
}

void
agent_backend_clause (AgentBackend *self, guint answer, const gchar *text)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->clause (user, answer, text);
}

gboolean
agent_backend_cut (AgentBackend *self)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host && host->cut (user);
}

gboolean
agent_backend_resume (AgentBackend *self, guint hold)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host && host->resume (user, hold);
}

void
agent_backend_drop (AgentBackend *self, guint hold)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->drop (user, hold);
}

GstClockTime
agent_backend_get_audible (AgentBackend *self)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host ? host->audible (user) : GST_CLOCK_TIME_NONE;
}

void
agent_backend_frame (AgentBackend *self, gconstpointer data, gsize size)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->frame (user, data, size);
}

void
agent_backend_control (AgentBackend *self, guint64 dialogue,
    const GstVoiceControl *control)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->control (user, dialogue, control);
}

guint64
agent_backend_get_dialogue (AgentBackend *self)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  return host ? host->dialogue (user) : 0;
}

void
agent_backend_transcript (AgentBackend *self, const AgentTranscript *transcript)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->transcript (user, transcript);
}

void
agent_backend_tool (AgentBackend *self, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->tool (user, name, id, arguments);
}

void
agent_backend_failed (AgentBackend *self, const GError *error)
{
  g_autoptr (GObject) user = NULL;
  const AgentBackendHost *host = take_host (self, &user);

  if (host)
    host->failed (user, error);
}

/* ---- To the subclass */

gboolean
agent_backend_prepare (AgentBackend *self, GstVoiceFormat *format,
    GError **error)
{
  *format = (GstVoiceFormat){ GST_VOICE_S16, 0 };
  return !AGENT_BACKEND_GET_CLASS (self)->prepare ||
      AGENT_BACKEND_GET_CLASS (self)->prepare (self, format, error);
}

void
agent_backend_open (AgentBackend *self, const GstVoiceCall *call, guint rate)
{
  if (AGENT_BACKEND_GET_CLASS (self)->open)
    AGENT_BACKEND_GET_CLASS (self)->open (self, call, rate);
}

void
agent_backend_send_audio (AgentBackend *self, const gint16 *samples,
    guint n_samples, gboolean speaking)
{
  if (AGENT_BACKEND_GET_CLASS (self)->send_audio)
    AGENT_BACKEND_GET_CLASS (self)->send_audio (self, samples, n_samples,
        speaking);
}

void
agent_backend_turn (AgentBackend *self, gboolean began, GstClockTime time)
{
  if (AGENT_BACKEND_GET_CLASS (self)->turn)
    AGENT_BACKEND_GET_CLASS (self)->turn (self, began, time);
}

void
agent_backend_interrupt (AgentBackend *self, guint answer, guint heard)
{
  if (AGENT_BACKEND_GET_CLASS (self)->interrupt)
    AGENT_BACKEND_GET_CLASS (self)->interrupt (self, answer, heard);
}

void
agent_backend_held (AgentBackend *self, guint hold, guint answer, guint heard,
    guint total)
{
  if (AGENT_BACKEND_GET_CLASS (self)->held)
    AGENT_BACKEND_GET_CLASS (self)->held (self, hold, answer, heard, total);
}

void
agent_backend_done (AgentBackend *self, guint answer)
{
  if (AGENT_BACKEND_GET_CLASS (self)->done)
    AGENT_BACKEND_GET_CLASS (self)->done (self, answer);
}

void
agent_backend_digit (AgentBackend *self, gchar digit)
{
  if (AGENT_BACKEND_GET_CLASS (self)->digit)
    AGENT_BACKEND_GET_CLASS (self)->digit (self, digit);
}

void
agent_backend_result (AgentBackend *self, const gchar *id, const gchar *result,
    const gchar *reason)
{
  if (AGENT_BACKEND_GET_CLASS (self)->result)
    AGENT_BACKEND_GET_CLASS (self)->result (self, id, result, reason);
}

gboolean
agent_backend_say (AgentBackend *self, const gchar *text)
{
  return AGENT_BACKEND_GET_CLASS (self)->say &&
      AGENT_BACKEND_GET_CLASS (self)->say (self, text);
}

gboolean
agent_backend_read (AgentBackend *self, const gchar *text)
{
  return AGENT_BACKEND_GET_CLASS (self)->read &&
      AGENT_BACKEND_GET_CLASS (self)->read (self, text);
}

gboolean
agent_backend_instruct (AgentBackend *self, const gchar *text)
{
  return AGENT_BACKEND_GET_CLASS (self)->instruct &&
      AGENT_BACKEND_GET_CLASS (self)->instruct (self, text);
}

void
agent_backend_tick (AgentBackend *self)
{
  if (AGENT_BACKEND_GET_CLASS (self)->tick)
    AGENT_BACKEND_GET_CLASS (self)->tick (self);
}

void
agent_backend_close (AgentBackend *self)
{
  if (AGENT_BACKEND_GET_CLASS (self)->close)
    AGENT_BACKEND_GET_CLASS (self)->close (self);
}

gboolean
agent_backend_is_immediate (AgentBackend *self)
{
  return AGENT_BACKEND_GET_CLASS (self)->is_immediate &&
      AGENT_BACKEND_GET_CLASS (self)->is_immediate (self);
}

gboolean
agent_backend_is_thinking (AgentBackend *self)
{
  return AGENT_BACKEND_GET_CLASS (self)->is_thinking &&
      AGENT_BACKEND_GET_CLASS (self)->is_thinking (self);
}

void
agent_backend_pause (AgentBackend *self, gboolean paused)
{
  if (AGENT_BACKEND_GET_CLASS (self)->pause)
    AGENT_BACKEND_GET_CLASS (self)->pause (self, paused);
}
