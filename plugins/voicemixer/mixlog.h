/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The plugin's debug category, "voicemixer". */
GST_DEBUG_CATEGORY_EXTERN (voicemixer_debug);

void mix_log_init (void);

G_END_DECLS
