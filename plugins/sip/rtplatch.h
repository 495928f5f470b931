/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/packettransport.h"
#include "logic/rtppacket.h"

G_BEGIN_DECLS

/* Symmetric RTP: where packets are taken from and sent to.
 *
 * - The address of SDP is believed at once. After three consecutive packets
 *   from it, or from the address taken in its place, nothing moves it until SDP
 *   does (rtp_latch_arm()).
 * - Another source is taken (the peer is behind a NAT) after three consecutive
 *   well-formed packets of one SSRC and a negotiated payload type, while the
 *   address of SDP has been silent for half a second or has never spoken. A
 *   source on the host of SDP goes before one on another host.
 * - Packets of any other source are dropped: they never move anything. */

typedef struct
{
  PacketAddress from;
  guint32 ssrc;
  guint16 next;
  guint n; /* consecutive packets */
  gint64 last;
} RtpCandidate;

typedef struct
{
  PacketAddress sdp; /* may be unset */
  PacketAddress active; /* where we send to, and hear */
  gboolean fixed;
  gint64 heard; /* active's last packet, -1 = none since SDP named it */
  RtpCandidate known; /* active itself */
  RtpCandidate others[4];
} RtpLatch;

typedef enum
{
  RTP_LATCH_DROP,
  RTP_LATCH_ACCEPT,
  RTP_LATCH_MOVED, /* accept; active is another address now */
} RtpLatchResult;

/* SDP named @sdp. If that is what it said before, who was heard until now
 * stays, until another one speaks after half a second of silence. */
void rtp_latch_arm (RtpLatch *self, const PacketAddress *sdp);
RtpLatchResult rtp_latch_check (RtpLatch *self, const PacketAddress *from,
    const RtpPacket *packet, gint64 now);

G_END_DECLS
