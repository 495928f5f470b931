/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siplog.h"

GST_DEBUG_CATEGORY (gst_sip_debug);

void
sip_log_init (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done)) {
    GST_DEBUG_CATEGORY_INIT (gst_sip_debug, "sip", 0, "SIP calls");
    g_once_init_leave (&done, 1);
  }
}
