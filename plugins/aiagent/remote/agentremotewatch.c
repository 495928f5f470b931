/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One source for all that may become late in a dialogue; it sleeps until the next of it
 * is. */

#include "agentremoteprivate.h"

gint64
agent_remote_now (void)
{
  return g_get_monotonic_time () / 1000;
}

void
agent_remote_watch (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  gint64 due = G_MAXINT64;
  VigilAct act = VIGIL_NOTHING;

  g_atomic_int_set (&priv->thinking,
      (priv->vigil.owed && priv->set.response_timeout && !priv->leaving) ||
          priv->voice.answer > 0);
  if (!priv->watch || priv->leaving)
    return;
  do {
    act = vigil_look (&priv->vigil, agent_remote_now (), &due);
    if (act == VIGIL_BRIDGE)
      agent_remote_bridge (self);
  } while (act == VIGIL_BRIDGE);
  if (priv->watch)
    g_source_set_ready_time (priv->watch,
        due == G_MAXINT64 ? -1 : (due + 1) * 1000);
  if (act == VIGIL_STALLED)
    agent_remote_link_stalled (self);
  else if (act == VIGIL_RENEW)
    agent_remote_link_replace (self);
}

static gboolean
on_due (gpointer data)
{
  AgentRemote *self = g_object_ref (data);
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  g_source_set_ready_time (priv->watch, -1);
  agent_remote_watch (self);
  g_object_unref (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  return func (data);
}

static GSourceFuncs watch_funcs = { .dispatch = dispatch };

void
agent_remote_watch_start (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (priv->watch)
    return;
  priv->watch = g_source_new (&watch_funcs, sizeof (GSource));
  g_source_set_static_name (priv->watch, "agent-watch");
  g_source_set_callback (priv->watch, on_due, self, NULL);
  g_source_attach (priv->watch, io_loop_get_context (agent_net_get_loop ()));
}

void
agent_remote_watch_stop (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!priv->watch)
    return;
  g_source_destroy (priv->watch);
  g_clear_pointer (&priv->watch, g_source_unref);
}

void
agent_remote_renew (AgentRemote *self)
{
  agent_remote_get_priv (self)->vigil.renewing = TRUE;
  agent_remote_watch (self);
}
