/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/remote/history.h"
#include "aiagent/logic/remote/wirejson.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Facts of a call as JSON. */

/* Its fields as texts, as members of the object that is open. NULL = none. */
void agent_stream_json_add_fields (JsonBuilder *json,
    const GstStructure *structure);
/* The same as an object; NULL = it has no fields; (transfer full). */
gchar *agent_stream_json_dup_object (const GstStructure *structure);
/* [{"role","text"}]; NULL: nothing was said; (transfer full). */
gchar *agent_stream_json_dup_history (const AgentHistory *history);

G_END_DECLS
