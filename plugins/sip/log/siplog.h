/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* One debug category for the sessions of this plugin: "sip". Elements have their own. */

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);

/* Any thread, once or more: makes the category. */
void sip_log_init (void);

G_END_DECLS
