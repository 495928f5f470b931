/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The agent does not come back: what happens to who is talking to it. A line that says
 * nothing for ever is the worst of all ends. */

#include "agentremoteprivate.h"

#include "session/host/agentbackend.h"
#include "aiagent/session/agenttools.h"
#include "common/event/gstvoiceevents.h"

static void
clear_promise (AgentRemotePrivate *priv)
{
  if (!priv->promise)
    return;
  g_source_destroy (priv->promise);
  g_clear_pointer (&priv->promise, g_source_unref);
}

static void
say_goodbye (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  agent_remote_speak (self,
      priv->set.fallback_text ? priv->set.fallback_text : "", TRUE);
}

static gboolean
on_promise_over (gpointer data)
{
  AgentRemote *self = data;

  clear_promise (agent_remote_get_priv (self));
  AGENT_REMOTE_LOG (self, GST_LEVEL_INFO, "nobody transfers the call");
  say_goodbye (self);
  return G_SOURCE_REMOVE;
}

static void
transfer (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_TRANSFER,
    .id = AGENT_REMOTE_CONTROL,
    .target = priv->set.fallback_target };

  priv->promise = io_loop_add_timeout (agent_net_get_loop (),
      AGENT_TOOLS_TRANSFERRED_WITHIN, on_promise_over, self);
  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self),
      priv->dialogue, &control);
}

/* FALSE: there is nobody. */
static gboolean
stand_in (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const AgentRemoteCall *call = priv->call;

  g_mutex_lock (&priv->lock);
  g_autoptr (GstVoiceAgentBackend) mind =
      priv->mind ? g_object_ref (priv->mind) : NULL;
  g_mutex_unlock (&priv->lock);
  if (!mind)
    return FALSE;
  const GstVoiceCall known = { .state = GST_VOICE_CALL_ANSWERED,
    .call_id = call ? call->call_id : NULL,
    .channel = call ? call->channel : NULL,
    .from = call ? call->from : NULL,
    .to = call ? call->to : NULL };
  priv->stand_in = agent_stand_in_new (GST_VOICE_AGENT_BACKEND (self), mind,
      priv->dialogue, &priv->format, call ? &known : NULL);
  g_atomic_int_set (&priv->standing_in, TRUE);
  return TRUE;
}

gboolean
agent_remote_leave_take (AgentRemote *self, const AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!priv->stand_in)
    return FALSE;
  GstVoiceAgentBackend *mind = agent_stand_in_get_mind (priv->stand_in);
  if (work->type == WORK_AUDIO)
    agent_stand_in_hear (priv->stand_in, work->data, work->size, work->time,
        work->flag);
  else if (work->type == WORK_TICK)
    agent_backend_tick (mind);
  else if (work->type == WORK_TURN)
    agent_backend_turn (mind, work->flag, work->time);
  else if (work->type == WORK_INTERRUPT)
    agent_backend_interrupt (mind, work->answer, work->heard);
  else if (work->type == WORK_DONE)
    agent_backend_done (mind, work->answer);
  else if (work->type == WORK_DIGIT)
    agent_backend_digit (mind, work->digit);
  else if (work->type == WORK_RESULT)
    agent_backend_result (mind, work->texts[0], work->texts[1], work->texts[2]);
  else if (work->type == WORK_SAY)
    agent_backend_say (mind, work->texts[0]);
  else if (work->type == WORK_READ)
    agent_backend_read (mind, work->texts[0]);
  else if (work->type == WORK_PAUSE)
    agent_backend_pause (mind, work->flag);
  return TRUE;
}

void
agent_remote_leave (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!priv->dialogue || priv->leaving)
    return;
  priv->leaving = TRUE;
  agent_remote_hush (self);
  if (priv->set.fallback == AGENT_FALLBACK_NONE)
    return;
  AGENT_REMOTE_LOG (self, GST_LEVEL_INFO,
      "the agent does not come back: the call goes on without it");
  if (priv->set.fallback == AGENT_FALLBACK_DIALOGUE && stand_in (self))
    return;
  if (priv->set.fallback == AGENT_FALLBACK_TRANSFER)
    transfer (self);
  else
    say_goodbye (self);
}

gboolean
agent_remote_leave_result (AgentRemote *self, const gchar *id,
    const gchar *result)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (g_strcmp0 (id, AGENT_REMOTE_CONTROL))
    return FALSE;
  if (!priv->promise || !gst_voice_control_result_is_final (result))
    return TRUE;
  clear_promise (priv);
  if (g_strcmp0 (result, "accepted"))
    say_goodbye (self);
  return TRUE;
}

void
agent_remote_leave_over (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  clear_promise (priv);
  g_atomic_int_set (&priv->standing_in, FALSE);
  g_clear_pointer (&priv->stand_in, agent_stand_in_free);
  priv->leaving = FALSE;
}
