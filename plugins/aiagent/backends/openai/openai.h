/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A GstVoiceAgentBackend that is a model behind OpenAI's Realtime API, or another server
 * that speaks like it. */

#define AGENT_TYPE_OPENAI (agent_openai_get_type ())
GType agent_openai_get_type (void);
#define AGENT_TYPE_OPENAI_TURNS (agent_openai_turns_get_type ())
GType agent_openai_turns_get_type (void);
#define AGENT_TYPE_OPENAI_NOISE (agent_openai_noise_get_type ())
GType agent_openai_noise_get_type (void);

G_END_DECLS
