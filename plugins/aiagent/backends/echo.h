/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* An GstVoiceAgentBackend that says what it hears. */

#define AGENT_TYPE_ECHO (agent_echo_get_type ())
GType agent_echo_get_type (void);
#define AGENT_TYPE_ECHO_MODE (agent_echo_mode_get_type ())
GType agent_echo_mode_get_type (void);

G_END_DECLS
