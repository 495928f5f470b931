/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "host/agentreport.h"

#include "common/event/gstvoiceevents.h"

G_BEGIN_DECLS

/* Whom to believe of what a channel says of its calls.
 *
 * Both elements of a channel say it, and one may be behind by what waits in a queue
 * between: the first to name a call is believed in all that concerns it, as long as
 * it is there. The other one counts in one thing: what comes into the aiagentsink
 * while that was told of early media or hold is not the caller.
 *
 * No lock of its own. */

typedef struct
{
  gboolean known; /* a channel speaks of calls: no dialogue without one */
  gchar *call_id; /* of the last call told of, NULL = none yet */
  AgentRole leader; /* who told of it first */
  gchar *last_call_id; /* of the one before */
  AgentRole last_leader;
  gboolean sink_waits; /* the sink was told of early media or hold */
} AgentCalls;

void agent_calls_clear (AgentCalls *self);
/* @role is told of @call. @in_call: a dialogue by call is under way. @there: which roles
 * are. FALSE: that says nothing; else @other: a call that nobody said has ended was
 * under way. */
gboolean agent_calls_take (AgentCalls *self, AgentRole role,
    const GstVoiceCall *call, gboolean in_call,
    const gboolean there[AGENT_N_ROLES], gboolean *other);

G_END_DECLS
