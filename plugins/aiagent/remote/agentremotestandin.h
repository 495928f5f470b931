/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* Another mind that goes on with the dialogue of a backend: it is told what that is told,
 * and speaks through it, in S16 at the rate of the dialogue whatever its encoding is.
 *
 * All functions run on one thread. */
typedef struct _AgentStandIn AgentStandIn;

/* @mind: prepared. The dialogue that @parent is in goes on; the other arguments are as in
 * its open(). */
AgentStandIn *agent_stand_in_new (GstVoiceAgentBackend *parent,
    GstVoiceAgentBackend *mind, guint64 dialogue, const GstVoiceFormat *format,
    const GstVoiceCall *call);
/* The dialogue is over. */
void agent_stand_in_free (AgentStandIn *self);

GstVoiceAgentBackend *agent_stand_in_get_mind (AgentStandIn *self);
/* At most 20 ms in the dialogue's format. Turns are found here where nobody else
 * does. */
void agent_stand_in_hear (AgentStandIn *self, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking);

G_END_DECLS
