/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/hearing/vad.h"

G_BEGIN_DECLS

/* The detector of speech of this process: Silero's network if its weights are in the file
 * that the variable GST_VOICE_SILERO names (or, unset, where they are installed), else
 * WebRTC's. The first call reads the file; any thread. */

const AgentVad *agent_vads_get (void);
/* Why it is WebRTC's although a file is there or was named, for a person; NULL: it is
 * not, or none was. */
const gchar *agent_vads_get_trouble (void);

G_END_DECLS
