/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* An GstVoiceAgentBackend that understands and speaks by itself, after a dialogue file. */

#define AGENT_TYPE_LOCAL (agent_local_get_type ())
GType agent_local_get_type (void);

G_END_DECLS
