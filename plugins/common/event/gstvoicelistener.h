/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* "voice-listener", a custom query downstream: who hears what a pad gives? Where nobody
 * answers it is a person, or a recorder. */

/* Any thread, without a lock that elements may want. Whether it is an agent. */
gboolean gst_voice_pad_leads_to_agent (GstPad *src);

/* From the query function of an agent's sink pad: answers @query, FALSE if it is any
 * other. */
gboolean gst_voice_listener_query_answer_agent (GstQuery *query);

VOICE_API_END
G_END_DECLS
