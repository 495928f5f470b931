/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whiplog.h"

GST_DEBUG_CATEGORY (whip_debug);

void
whip_log_init (void)
{
  GST_DEBUG_CATEGORY_INIT (whip_debug, "whip", 0, "WebRTC sessions over HTTP");
}
