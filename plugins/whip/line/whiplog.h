/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* "whip": what happens to calls. */
GST_DEBUG_CATEGORY_EXTERN (whip_debug);
#define GST_CAT_DEFAULT whip_debug

/* When the plugin is loaded. */
void whip_log_init (void);

G_END_DECLS
