/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a channel says of its calls.
 *
 * Both elements of a channel say it, and one may be behind by what waits in a queue
 * between: the first to name a call is believed in all that concerns it, as long as
 * it is there. The other one counts in one thing: what comes into the aiagentsink
 * while that was told of early media or hold is not the caller. */

#include "agentsessionprivate.h"

/* ---- Whom to believe; lock held */

static void
follow_call_unlocked (AgentSession *self, AgentRole role, const gchar *call_id)
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
leads_unlocked (AgentSession *self, AgentRole role, const GstVoiceCall *call)
{
  if (!g_strcmp0 (self->call_id, call->call_id)) {
    if (!self->halves[self->leader].active)
      self->leader = role;
    return role == self->leader;
  }
  if (call->state == GST_VOICE_CALL_ENDED)
    return !self->by_call;
  if (call->state == GST_VOICE_CALL_RINGING && self->by_call)
    return FALSE; /* that call is up until it has ended, or the next is */
  if (!g_strcmp0 (self->last_call_id, call->call_id) &&
      role != self->last_leader)
    return FALSE;
  follow_call_unlocked (self, role, call->call_id);
  return TRUE;
}

/* ---- What follows; lock held */

static void
take_early_unlocked (AgentSession *self, const GstVoiceCall *call)
{
  if (call->speak_early)
    agent_session_begin_unlocked (self, call);
  else
    agent_session_end_unlocked (self); /* what began is not this call's */
}

/* @other: a call that nobody said has ended. */
static void
take_state_unlocked (AgentSession *self, const GstVoiceCall *call,
    gboolean other)
{
  if (other)
    agent_session_end_unlocked (self);
  switch (call->state) {
    case GST_VOICE_CALL_RINGING:
      break;
    case GST_VOICE_CALL_EARLY:
      take_early_unlocked (self, call);
      break;
    case GST_VOICE_CALL_ANSWERED:
    case GST_VOICE_CALL_RESUMED:
      agent_session_begin_unlocked (self, call);
      agent_session_resume_call_unlocked (self);
      break;
    case GST_VOICE_CALL_HELD:
      /* Without a dialogue: it begins when the caller is back. */
      agent_session_hold_call_unlocked (self);
      break;
    case GST_VOICE_CALL_ENDED:
      agent_session_end_unlocked (self);
      break;
  }
}

static void
take_call_unlocked (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  g_autofree gchar *dialogue = g_strdup (self->by_call ? self->call_id : NULL);

  self->knows_calls = TRUE;
  if (leads_unlocked (self, role, call))
    take_state_unlocked (self, call,
        dialogue && g_strcmp0 (dialogue, call->call_id) != 0);
  if (role == AGENT_SINK && !g_strcmp0 (self->call_id, call->call_id))
    self->sink_waits = !call->speak_early &&
        (call->state == GST_VOICE_CALL_EARLY ||
            call->state == GST_VOICE_CALL_HELD);
}

void
agent_session_call (AgentSession *self, AgentRole role,
    const GstVoiceCall *call)
{
  g_mutex_lock (&self->lock);
  take_call_unlocked (self, role, call);
  g_mutex_unlock (&self->lock);
  AGENT_LOG_CALL (self, call->call_id, GST_LEVEL_DEBUG,
      "%s is told that call %s is %s",
      role == AGENT_SRC ? "aiagentsrc" : "aiagentsink", call->call_id,
      gst_voice_call_state_to_string (call->state));
  agent_session_run_steps (self);
}

gboolean
agent_session_is_in_call (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  gboolean in_call = self->open && self->by_call;
  g_mutex_unlock (&self->lock);
  return in_call;
}
