/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end's a=fmtp; whatever it says stays in its limits. */

#include "sip/logic/fmtp/rtpwishes.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  RtpWishes wishes;

  rtp_wishes_read_opus (&wishes, text);
  g_assert (wishes.max_rate == 0 ||
      (wishes.max_rate >= 8000 && wishes.max_rate <= 48000));
  g_assert (wishes.max_bit_rate == 0 ||
      (wishes.max_bit_rate >= 6000 && wishes.max_bit_rate <= 510000));
  g_assert (wishes.min_packet_time <= 120);
  return 0;
}
