/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* All that a backend needs: #include <gst/voiceagent/voiceagent.h>, with the flags of
 * `pkg-config gst-voice-agent-1.0`. */
#include "gstvoiceagentbackend.h"
#include "gstvoiceagentcall.h"
#include "gstvoiceagentformat.h"
