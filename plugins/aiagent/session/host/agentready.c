/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentready.h"

void
agent_ready_clear (AgentReady *self)
{
  g_clear_pointer (&self->call_id, g_free);
}

void
agent_ready_follow_unlocked (AgentReady *self, const GstVoiceCall *call)
{
  agent_ready_clear (self);
  if (call->state == GST_VOICE_CALL_RINGING && !call->outgoing)
    self->call_id = g_strdup (call->call_id);
}

void
agent_ready_tell (AgentReady *self, AgentReport *report, gchar *const *asked)
{
  AgentListener listener;

  g_mutex_lock (report->lock);
  g_autofree gchar *call_id = !asked || !g_strcmp0 (*asked, self->call_id)
      ? g_steal_pointer (&self->call_id)
      : NULL;
  g_mutex_unlock (report->lock);
  GstElement *element =
      call_id ? agent_report_dup_element (report, AGENT_SINK, &listener) : NULL;
  if (!element)
    return;
  AGENT_LOG_CALL (report, call_id, GST_LEVEL_DEBUG,
      "nobody has to wait for the agent any longer");
  if (listener.ready)
    listener.ready (element, call_id);
  gst_object_unref (element);
}
