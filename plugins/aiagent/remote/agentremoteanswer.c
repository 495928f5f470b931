/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentremoteprivate.h"

#define MOST_OPEN 8 /* answers of one far side at once */
#define MOST_OWN 32 /* of ours that somebody may still tell us of */

/* ---- Our own */

void
agent_remote_note_own (AgentRemote *self, guint answer)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (priv->own_answers->len == MOST_OWN)
    g_array_remove_index (priv->own_answers, 0);
  g_array_append_val (priv->own_answers, answer);
}

gboolean
agent_remote_is_own (AgentRemote *self, guint answer)
{
  const GArray *own = agent_remote_get_priv (self)->own_answers;

  for (guint i = 0; answer && i < own->len; i++)
    if (g_array_index (own, guint, i) == answer)
      return TRUE;
  return FALSE;
}

/* ---- The far side's */

static void
forget_open (AgentRemotePrivate *priv, guint answer)
{
  for (guint i = 0; i < priv->open_answers->len; i++)
    if (g_array_index (priv->open_answers, guint, i) == answer) {
      g_array_remove_index (priv->open_answers, i);
      return;
    }
}

/* Left open they would hold back what is said next. */
gboolean
agent_remote_end_open_answers (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  gboolean any = FALSE;

  for (guint i = 0; i < priv->open_answers->len; i++)
    any |= gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self),
        g_array_index (priv->open_answers, guint, i));
  g_array_set_size (priv->open_answers, 0);
  return any;
}

guint
agent_remote_begin_answer (AgentRemote *self, gboolean interruptible)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!priv->dialogue || priv->leaving)
    return 0;
  const guint answer =
      gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self),
          priv->dialogue, interruptible);
  if (!answer)
    return 0;
  if (priv->open_answers->len == MOST_OPEN)
    agent_remote_end_answer (self,
        g_array_index (priv->open_answers, guint, 0));
  g_array_append_val (priv->open_answers, answer);
  return answer;
}

static gint64
length_of (const GstVoiceFormat *format, gsize size)
{
  return (gint64) gst_util_uint64_scale (size, G_USEC_PER_SEC,
      MAX (format->rate, 8000) * GST_VOICE_SAMPLE_SIZE (format->encoding));
}

gboolean
agent_remote_write (AgentRemote *self, guint answer, gconstpointer data,
    gsize size)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!answer)
    return FALSE;
  if (size)
    agent_remote_hush (self);
  if (!gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (self), answer,
          data, size)) {
    forget_open (priv, answer);
    return FALSE;
  }
  const gboolean bounded = !size ||
      vigil_written (&priv->vigil, agent_remote_now (),
          length_of (&priv->format, size));
  agent_remote_watch (self);
  if (!bounded)
    agent_remote_give_up (self, TRUE,
        "it said over ten minutes more than was heard");
  return bounded;
}

gboolean
agent_remote_end_answer (AgentRemote *self, guint answer)
{
  forget_open (agent_remote_get_priv (self), answer);
  return answer &&
      gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self),
          answer);
}

/* ---- ... and whether one is due */

void
agent_remote_expect_answer (AgentRemote *self)
{
  vigil_expect (&agent_remote_get_priv (self)->vigil, agent_remote_now ());
  agent_remote_watch (self);
}

void
agent_remote_answered (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  /* What a protocol says of a link that is gone is not what the caller heard. */
  if (priv->state != AGENT_LINK_OPEN && priv->state != AGENT_LINK_READY)
    return;
  vigil_answered (&priv->vigil);
  agent_remote_hush (self);
  agent_remote_watch (self);
}

gboolean
agent_remote_owes_answer (AgentRemote *self)
{
  return agent_remote_get_priv (self)->vigil.owed;
}
