/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixlog.h"

GST_DEBUG_CATEGORY (voicemixer_debug);

void
mix_log_init (void)
{
  GST_DEBUG_CATEGORY_INIT (voicemixer_debug, "voicemixer", 0,
      "conference bridge");
}
