/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

#define AGENT_TYPE_CASCADE (agent_cascade_get_type ())
G_DECLARE_FINAL_TYPE (AgentCascade, agent_cascade, AGENT, CASCADE,
    GstVoiceAgentBackend)

G_END_DECLS
