/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentcalls.h"

void
agent_calls_clear (AgentCalls *self)
{
  g_free (self->call_id);
  g_free (self->last_call_id);
  *self = (AgentCalls){ 0 };
}

static void
follow (AgentCalls *self, AgentRole role, const gchar *call_id)
{
  g_free (self->last_call_id);
  self->last_call_id = self->call_id;
  self->last_leader = self->leader;
  self->call_id = g_strdup (call_id);
  self->leader = role;
  self->sink_waits = FALSE;
}

/* FALSE: it is behind, or another one tells of this call. */
static gboolean
leads (AgentCalls *self, AgentRole role, const GstVoiceCall *call,
    gboolean in_call, const gboolean there[AGENT_N_ROLES])
{
  if (!g_strcmp0 (self->call_id, call->call_id)) {
    if (!there[self->leader])
      self->leader = role;
    return role == self->leader;
  }
  if (call->state == GST_VOICE_CALL_ENDED)
    return !in_call;
  if ((call->state == GST_VOICE_CALL_CALLING ||
          call->state == GST_VOICE_CALL_RINGING) &&
      in_call)
    return FALSE; /* that call is up until it has ended, or the next is */
  if (!g_strcmp0 (self->last_call_id, call->call_id) &&
      role != self->last_leader)
    return FALSE;
  follow (self, role, call->call_id);
  return TRUE;
}

gboolean
agent_calls_take (AgentCalls *self, AgentRole role, const GstVoiceCall *call,
    gboolean in_call, const gboolean there[AGENT_N_ROLES], gboolean *other)
{
  *other =
      in_call && self->call_id && g_strcmp0 (self->call_id, call->call_id) != 0;
  self->known = TRUE;
  const gboolean believed = leads (self, role, call, in_call, there);
  if (role == AGENT_SINK && !g_strcmp0 (self->call_id, call->call_id))
    self->sink_waits = !call->speak_early &&
        (call->state == GST_VOICE_CALL_EARLY ||
            call->state == GST_VOICE_CALL_HELD);
  return believed;
}
