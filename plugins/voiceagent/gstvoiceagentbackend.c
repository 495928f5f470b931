/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceagentbackendprivate.h"

typedef struct
{
  /* An application may keep its backend longer than the session lives. */
  GWeakRef user;
  const GstVoiceAgentHost *host; /* set before user; the same for each */

  GMutex lock; /* leaf; one at a time sets user; protects everything below */
  GPtrArray *set; /* GParamSpec: what was set from outside */
} GstVoiceAgentBackendPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GstVoiceAgentBackend,
    gst_voice_agent_backend, G_TYPE_OBJECT)

static void
gst_voice_agent_backend_finalize (GObject *object)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (
          GST_VOICE_AGENT_BACKEND (object));

  g_weak_ref_clear (&priv->user);
  g_ptr_array_unref (priv->set);
  g_mutex_clear (&priv->lock);
  G_OBJECT_CLASS (gst_voice_agent_backend_parent_class)->finalize (object);
}

static void
gst_voice_agent_backend_init (GstVoiceAgentBackend *self)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (self);

  g_weak_ref_init (&priv->user, NULL);
  g_mutex_init (&priv->lock);
  priv->set = g_ptr_array_new ();
}

/* Its functions, and the session itself, alive; NULL if there is none. */
static const GstVoiceAgentHost *
take_host (GstVoiceAgentBackend *self, GObject **user)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (self);

  *user = g_weak_ref_get (&priv->user);
  return *user ? priv->host : NULL;
}

/* Between prepare and close there is a host. */
static void
tell_late (GstVoiceAgentBackend *self, GParamSpec *pspec)
{
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      pspec->flags & GST_PARAM_MUTABLE_READY ? take_host (self, &user) : NULL;

  if (host && host->set_late)
    host->set_late (user, pspec);
}

static void
gst_voice_agent_backend_notify (GObject *object, GParamSpec *pspec)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (
          GST_VOICE_AGENT_BACKEND (object));

  if (!(pspec->flags & G_PARAM_WRITABLE))
    return;
  g_mutex_lock (&priv->lock);
  if (!g_ptr_array_find (priv->set, pspec, NULL))
    g_ptr_array_add (priv->set, pspec);
  g_mutex_unlock (&priv->lock);
  tell_late (GST_VOICE_AGENT_BACKEND (object), pspec);
}

GPtrArray *
gst_voice_agent_backend_dup_set (GstVoiceAgentBackend *self)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (self);

  g_mutex_lock (&priv->lock);
  GPtrArray *set = g_ptr_array_copy (priv->set, NULL, NULL);
  g_mutex_unlock (&priv->lock);
  return set;
}

static void
gst_voice_agent_backend_class_init (GstVoiceAgentBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_voice_agent_backend_finalize;
  G_OBJECT_CLASS (klass)->notify = gst_voice_agent_backend_notify;
}

/* ---- By the session */

gboolean
gst_voice_agent_backend_set_host (GstVoiceAgentBackend *self,
    const GstVoiceAgentHost *host, GObject *user)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (self);

  g_mutex_lock (&priv->lock);
  GObject *other = g_weak_ref_get (&priv->user);
  const gboolean free = !other || other == user;
  if (free) {
    priv->host = host;
    g_weak_ref_set (&priv->user, user);
  }
  g_mutex_unlock (&priv->lock);
  g_clear_object (&other); /* may be its last: without the lock */
  return free;
}

void
gst_voice_agent_backend_clear_host (GstVoiceAgentBackend *self, GObject *user)
{
  GstVoiceAgentBackendPrivate *priv =
      gst_voice_agent_backend_get_instance_private (self);

  g_mutex_lock (&priv->lock);
  GObject *now = g_weak_ref_get (&priv->user);
  if (now == user)
    g_weak_ref_set (&priv->user, NULL);
  g_mutex_unlock (&priv->lock);
  g_clear_object (&now);
}

/* ---- Answers */

/**
 * gst_voice_agent_backend_begin_answer:
 * @self: a backend
 * @dialogue: the one that it is for, 0 = whichever is on
 * @interruptible: %FALSE: the caller hears all of it
 *
 * A new answer, to be heard behind those before it. Any thread; never blocks.
 *
 * Returns: its number, which no other answer of the session has; 0 = that dialogue is
 *     over, or none is under way
 *
 * Since: 0.1
 */
guint
gst_voice_agent_backend_begin_answer (GstVoiceAgentBackend *self,
    guint64 dialogue, gboolean interruptible)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), 0);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host ? host->begin (user, dialogue, interruptible) : 0;
}

/**
 * gst_voice_agent_backend_write:
 * @self: a backend
 * @answer: its number
 * @data: samples
 * @size: of @data, in bytes: whole samples
 *
 * Audio of an answer, in the dialogue's format. It may come faster than it is heard;
 * it is copied, and waits. Any thread; never blocks.
 *
 * Returns: %FALSE if the answer was cut off, has ended, or never was: no more is needed
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_write (GstVoiceAgentBackend *self, guint answer,
    gconstpointer data, gsize size)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_return_val_if_fail (data || !size, FALSE);
  g_return_val_if_fail (size % sizeof (gint16) == 0, FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->write (user, answer, data, size);
}

/**
 * gst_voice_agent_backend_end_answer:
 * @self: a backend
 * @answer: its number
 *
 * All of the answer has been written. One that is not ended holds back those behind it.
 * Any thread; never blocks.
 *
 * Returns: %FALSE if the answer was cut off, has ended, or never was
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_end_answer (GstVoiceAgentBackend *self, guint answer)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->end (user, answer);
}

/**
 * gst_voice_agent_backend_begin_clause:
 * @self: a backend
 * @answer: its number
 * @text: a clause or sentence
 *
 * What is written from here to the next says @text. After a hold an answer begins again
 * with the clause that it was in; without any, from its start. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_begin_clause (GstVoiceAgentBackend *self, guint answer,
    const gchar *text)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (text);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->clause (user, answer, text);
}

/**
 * gst_voice_agent_backend_play_frame:
 * @self: a backend
 * @data: samples
 * @size: of @data, in bytes: whole samples
 *
 * Audio that is to be heard at once, in place of answers: a loop-back. Any thread; on
 * that of send_audio() it may be pushed downstream before this returns.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_play_frame (GstVoiceAgentBackend *self,
    gconstpointer data, gsize size)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (data || !size);
  g_return_if_fail (size % sizeof (gint16) == 0);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->frame (user, data, size);
}

/**
 * gst_voice_agent_backend_get_audible:
 * @self: a backend
 *
 * Any thread; never blocks.
 *
 * Returns: running time (ns) up to which the caller has heard the agent's voice;
 *     %GST_CLOCK_TIME_NONE: not yet
 *
 * Since: 0.1
 */
GstClockTime
gst_voice_agent_backend_get_audible (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), GST_CLOCK_TIME_NONE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host ? host->audible (user) : GST_CLOCK_TIME_NONE;
}

/* ---- Answers that are cut off */

/**
 * gst_voice_agent_backend_cut:
 * @self: a backend
 * @dialogue: the one that it is for, 0 = whichever is on
 *
 * Cuts off what is being said, as a caller who speaks does; interrupt() is called
 * before this returns. Any thread; never blocks.
 *
 * Returns: %FALSE if there was nothing that may be
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_cut (GstVoiceAgentBackend *self, guint64 dialogue)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->cut (user, dialogue);
}

/**
 * gst_voice_agent_backend_resume:
 * @self: a backend
 * @hold: as held() named it
 *
 * It was no interruption: on with what is held, from the sample at which it was cut. Any
 * thread; never blocks.
 *
 * Returns: %FALSE if nothing is held, or is for another turn since @hold
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_resume (GstVoiceAgentBackend *self, guint hold)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->resume (user, hold);
}

/**
 * gst_voice_agent_backend_drop:
 * @self: a backend
 * @hold: as held() named it
 *
 * It was an interruption: what was held by @hold, or before, is gone. Any thread; never
 * blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_drop (GstVoiceAgentBackend *self, guint hold)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->drop (user, hold);
}

/* ---- The caller's turns */

/**
 * gst_voice_agent_backend_begin_turn:
 * @self: a backend
 * @dialogue: the one that it is of, 0 = whichever is on
 * @time: running time (ns) of its first sound; %GST_CLOCK_TIME_NONE = now
 *
 * The caller begins to speak, as the backend finds: only with `turn-detection=backend`,
 * or `auto` where the class has finds_turns. With `barge-in=allow` what is being said is
 * cut off (interrupt(), or held()) before this returns, unless another thread is telling
 * of turns: then that does. Any thread; never blocks. From within open(), turn(),
 * pause() and close(), which are told in order, it is done behind them.
 *
 * Returns: %FALSE if the turns are not the backend's to find, the caller is in one
 *     already, or is not there (no such dialogue, not open yet, on hold)
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_begin_turn (GstVoiceAgentBackend *self,
    guint64 dialogue, GstClockTime time)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->turn (user, dialogue, TRUE, time);
}

/**
 * gst_voice_agent_backend_end_turn:
 * @self: a backend
 * @dialogue: the one that it is of, 0 = whichever is on
 * @time: running time (ns) of its last sound; %GST_CLOCK_TIME_NONE = now
 *
 * The caller has finished. What is answered from now on answers this turn, and the wait
 * for that is measured from @time. Any thread; never blocks.
 *
 * Returns: %FALSE if the caller is in no turn, or the turns are not the backend's to find
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_end_turn (GstVoiceAgentBackend *self, guint64 dialogue,
    GstClockTime time)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host && host->turn (user, dialogue, FALSE, time);
}

/* ---- What is to be done, and facts */

/**
 * gst_voice_agent_backend_control:
 * @self: a backend
 * @dialogue: the one that it is for, 0 = whichever is on
 * @control: what is to be done, valid until this returns
 *
 * Hang up, transfer, ...: behind all that was written so far. What becomes of it is told
 * by result(). Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_control (GstVoiceAgentBackend *self, guint64 dialogue,
    const GstVoiceControl *control)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (control);
  g_return_if_fail ((guint) control->action <= GST_VOICE_CONTROL_SEND_DTMF);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->control (user, dialogue, control);
}

/**
 * gst_voice_agent_backend_get_dialogue:
 * @self: a backend
 *
 * Any thread; never blocks.
 *
 * Returns: number of the last dialogue that the backend was told of: in open() that one;
 *     0 = there was none
 *
 * Since: 0.1
 */
guint64
gst_voice_agent_backend_get_dialogue (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), 0);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  return host ? host->dialogue (user) : 0;
}

/**
 * gst_voice_agent_backend_transcript:
 * @self: a backend
 * @dialogue: the one that it is of, which may be over but the last; 0 = that
 * @transcript: who said what, valid until this returns
 *
 * Posts `aiagent/transcript`. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_transcript (GstVoiceAgentBackend *self,
    guint64 dialogue, const GstVoiceAgentTranscript *transcript)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (transcript && transcript->text);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->transcript (user, dialogue, transcript);
}

/**
 * gst_voice_agent_backend_call_tool:
 * @self: a backend
 * @dialogue: the one that it is for, which may be over but the last; 0 = that
 * @name: of the tool
 * @id: names this call of it in its result
 * @arguments: (nullable): JSON
 *
 * Posts `aiagent/tool`: something that the application is to do. Its answer comes by
 * tool_result(). What is asked for and answered is logged. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_call_tool (GstVoiceAgentBackend *self, guint64 dialogue,
    const gchar *name, const gchar *id, const gchar *arguments)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (name && id);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->tool (user, dialogue, name, id, arguments);
}

/**
 * gst_voice_agent_backend_set_state:
 * @self: a backend
 * @state: how it stands
 * @reason: (nullable): why, for a person
 *
 * Posts `aiagent/backend`, and does nothing else: whoever cannot go on calls
 * gst_voice_agent_backend_fail(). Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_set_state (GstVoiceAgentBackend *self,
    GstVoiceAgentState state, const gchar *reason)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail ((guint) state <= GST_VOICE_AGENT_FAILED);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->state (user, state, reason);
}

/**
 * gst_voice_agent_backend_warn:
 * @self: a backend
 * @error: what is wrong, in domain %GST_RESOURCE_ERROR or another of GStreamer's
 *
 * Posts a warning. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_warn (GstVoiceAgentBackend *self, const GError *error)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (error);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->warn (user, error);
}

/**
 * gst_voice_agent_backend_fail:
 * @self: a backend
 * @error: why, in domain %GST_RESOURCE_ERROR or another of GStreamer's
 *
 * The dialogue cannot go on: posts `aiagent/backend` with state `failed`, then the
 * error, with which most pipelines end. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_fail (GstVoiceAgentBackend *self, const GError *error)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (error);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host = take_host (self, &user);

  if (host)
    host->failed (user, error);
}
