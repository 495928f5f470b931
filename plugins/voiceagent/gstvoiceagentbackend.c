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

const GstVoiceAgentHost *
gst_voice_agent_backend_take_host (GstVoiceAgentBackend *self, GObject **user)
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
      gst_voice_agent_backend_take_host (self, &user);

  if (host && host->set_late && pspec->flags & GST_PARAM_MUTABLE_READY)
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

/* Bytes of a law are whole samples. */
static gboolean
is_whole (const GstVoiceAgentHost *host, GObject *user, gsize size)
{
  GstVoiceFormat format = { GST_VOICE_S16, 8000 };

  if (size % sizeof (gint16) == 0)
    return TRUE;
  host->format (user, &format);
  return format.encoding != GST_VOICE_S16;
}

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (!host)
    return FALSE;
  g_return_val_if_fail (is_whole (host, user, size), FALSE);
  return host->write (user, answer, data, size);
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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->clause (user, answer, text);
}

/**
 * gst_voice_agent_backend_mark:
 * @self: a backend
 * @answer: its number
 * @mark: a number of the backend's own, not 0, higher than those before it
 *
 * Sets a mark behind what was written of an answer so far. marked() tells when the caller
 * has heard that, to one frame (20 ms). Of marks in an answer that is cut off nothing
 * is told. Any thread; never blocks.
 *
 * Returns: %FALSE if the answer was cut off, has been heard, or never was
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_mark (GstVoiceAgentBackend *self, guint answer,
    guint mark)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_return_val_if_fail (mark, FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host && host->mark (user, answer, mark);
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
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (!host)
    return;
  g_return_if_fail (is_whole (host, user, size));
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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host ? host->audible (user) : GST_CLOCK_TIME_NONE;
}

/**
 * gst_voice_agent_backend_set_stages:
 * @self: a backend
 * @answer: its number
 * @transcriber: ns from the end of the caller's turn, as the backend was told of it, to
 *     its words; 0 = not known, as the others
 * @model: ns from there to the first words of the answer
 * @voice: ns from there to its first sound
 *
 * What the caller waits for, by stages: `aiagent/turn` has it with the answer. Said before
 * the answer's first sound is written; of one answer at a time. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_set_stages (GstVoiceAgentBackend *self, guint answer,
    GstClockTime transcriber, GstClockTime model, GstClockTime voice)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->stages (user, answer, transcriber, model, voice);
}

/**
 * gst_voice_agent_backend_get_respond_by:
 * @self: a backend
 *
 * What the property `latency-budget` of the elements leaves it, from when it is told of the
 * end of a turn: what it cannot say in full by then it may begin, or say shorter. Any
 * thread; never blocks.
 *
 * Returns: running time (ns) at which the caller is to hear the first sound of the answer;
 *     %GST_CLOCK_TIME_NONE: there is no budget, or nobody waits for an answer
 *
 * Since: 0.1
 */
GstClockTime
gst_voice_agent_backend_get_respond_by (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), GST_CLOCK_TIME_NONE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host ? host->respond_by (user) : GST_CLOCK_TIME_NONE;
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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

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
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host && host->turn (user, dialogue, FALSE, time);
}

/**
 * gst_voice_agent_backend_finds_turns:
 * @self: a backend
 *
 * Whether it has to tell of the caller's turns: with `turn-detection=backend`, or `auto`
 * where the class has finds_turns. From prepare() on; any thread; never blocks.
 *
 * Returns: %FALSE if the caller's turns are found for it, told by turn(), or there are none
 *
 * Since: 0.1
 */
gboolean
gst_voice_agent_backend_finds_turns (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), FALSE);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host && host->finds_turns (user);
}
