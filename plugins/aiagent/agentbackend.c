/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentbackend.h"

typedef struct
{
  /* Set before the first dialogue, then read freely. */
  const AgentBackendHost *host;
  gpointer user;
} AgentBackendPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AgentBackend, agent_backend, G_TYPE_OBJECT)

static void
agent_backend_init (AgentBackend *self)
{
}

static void
agent_backend_class_init (AgentBackendClass *klass)
{
}

void
agent_backend_set_host (AgentBackend *self, const AgentBackendHost *host,
    gpointer user)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  priv->host = host;
  priv->user = user;
}

const AgentBackendHost *
agent_backend_get_host (AgentBackend *self, gpointer *user)
{
  AgentBackendPrivate *priv = agent_backend_get_instance_private (self);

  *user = priv->user;
  return priv->host;
}

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
agent_backend_turn (AgentBackend *self, gboolean began)
{
  if (AGENT_BACKEND_GET_CLASS (self)->turn)
    AGENT_BACKEND_GET_CLASS (self)->turn (self, began);
}

void
agent_backend_interrupt (AgentBackend *self, guint answer, guint heard)
{
  if (AGENT_BACKEND_GET_CLASS (self)->interrupt)
    AGENT_BACKEND_GET_CLASS (self)->interrupt (self, answer, heard);
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
