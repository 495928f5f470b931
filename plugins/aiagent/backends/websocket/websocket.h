/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* An agent in any language: raw PCM and JSON by WebSocket. README.md has the protocol. */

#define AGENT_TYPE_WEBSOCKET (agent_websocket_get_type ())
GType agent_websocket_get_type (void);

G_END_DECLS
