/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* GST_TRACERS=voiceturns: what the callers of any pipeline waited for, as a table on
 * standard error when GStreamer ends. It reads the messages `aiagent/turn` as they are
 * posted, so that nobody has to watch a bus. */

gboolean gst_voice_turns_tracer_register (GstPlugin *plugin);

G_END_DECLS
