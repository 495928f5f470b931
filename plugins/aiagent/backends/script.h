/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* An GstVoiceAgentBackend that says what a file tells it. */

#define AGENT_TYPE_SCRIPT (agent_scripted_get_type ())
GType agent_scripted_get_type (void);

G_END_DECLS
