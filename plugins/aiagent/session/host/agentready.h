/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentreport.h"

G_BEGIN_DECLS

/* Who waits for the agent: a call that rings, whose line answers when the agent can begin.
 * It is told once, through the aiagentsink: when the backend says that it is ready, or
 * failed, which will not get better while it rings; at once where the backend needs
 * nobody else. */

/* Of a host, under its lock; zeroed in the beginning. */
typedef struct
{
  gchar *call_id; /* that rings, NULL = none does */
} AgentReady;

void agent_ready_clear (AgentReady *self);
/* What a call that is believed has become. */
void agent_ready_follow_unlocked (AgentReady *self, const GstVoiceCall *call);
/* Any thread, no lock: the one that rings, if any, is told. @asked, NULL = whichever that
 * is: only if it is this one, which the same lock protects; what a backend says may be
 * late, and of the one before. */
void agent_ready_tell (AgentReady *self, AgentReport *report,
    gchar *const *asked);

G_END_DECLS
