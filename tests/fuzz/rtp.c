/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/rtppacket.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtpPacket packet;

  if (rtp_packet_parse (&packet, data, size)) {
    g_assert (packet.payload >= data + RTP_HEADER_SIZE);
    g_assert (packet.payload + packet.payload_size <= data + size);
  }
  rtp_packet_is_rtcp (data, size);
  return 0;
}
