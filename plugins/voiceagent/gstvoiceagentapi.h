/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

/* What libgstvoiceagent-1.0 exports; all else of it is hidden. */
#define GST_VOICE_AGENT_API extern __attribute__ ((visibility ("default")))
