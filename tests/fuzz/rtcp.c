/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/rtcp.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtcpSummary summary;

  if (!rtcp_parse (&summary, data, size, 0x01020304))
    return 0;
  g_assert (g_utf8_validate (summary.bye_reason, -1, NULL));
  if (summary.has_block) {
    gint64 trip = rtcp_get_round_trip (&summary.block, summary.ntp);
    g_assert (trip >= -1 && trip <= G_GINT64_CONSTANT (60000000000));
  }
  return 0;
}
