/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/rtp/rtppacket.h"

G_BEGIN_DECLS

/* Symmetric RTP: where packets are taken from and sent to.
 *
 * - The address of SDP is believed at once. After three consecutive packets
 *   from it, or from the address taken in its place, nothing moves it until SDP
 *   does (rtp_latch_arm()).
 * - Another source is taken (the peer is behind a NAT) after three consecutive
 *   well-formed packets of one SSRC and a negotiated payload type, while the
 *   address of SDP has been silent for half a second or has never spoken.
 * - That is soon enough for the host of SDP and for the one that signals. Any
 *   other waits until half a second after SDP named the address, so that who
 *   sends already when the call begins does not go before the phone; and until
 *   no report (RTCP) of those two hosts has come for 15 seconds: a muted phone
 *   is there.
 * - Both hosts take the call back from a third one at once, the address of SDP from the
 *   other host after half a second of its silence; three consecutive packets as well.
 * - A phone whose NAT gives it another port in the middle of the call is followed
 *   there: the same host and SSRC, three consecutive packets whose numbers go on
 *   where those of the old port ended, and that one silent for half a second. Who
 *   only copies them is refused while the old port speaks. Packets of another
 *   SSRC that come from the old port change nothing about that, unless they took
 *   the place of the first for two seconds.
 * - However many ports a stranger sends from, those hosts are counted apart.
 * - Packets of any other source are dropped: they never move anything.
 * - Where ICE has found the far end (rtp_latch_settle()) all of this is over: it is there,
 *   and nowhere else. */

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
  PacketAddress signalling; /* may be unset */
  guint clock; /* of timestamps, Hz */
  gint64 armed;
  PacketAddress active; /* where we send to, and hear */
  gboolean own; /* active is sdp, or where that moved to */
  gboolean fixed;
  gboolean settled;
  gint64 heard; /* active's last packet, -1 = none since SDP named it */
  gint64 reported; /* the last RTCP of an expected host, 0 = none */
  RtpCandidate known; /* active itself */
  RtpCandidate newer; /* another SSRC of it */
  RtpPacket last; /* of active's audio, without its payload */
  RtpCandidate expected[4]; /* of the hosts of sdp and signalling */
  RtpCandidate others[4];
} RtpLatch;

typedef enum
{
  RTP_LATCH_DROP,
  RTP_LATCH_ACCEPT,
  RTP_LATCH_MOVED, /* accept; active is another address now */
} RtpLatchResult;

/* SDP named @sdp in a message from the host of @signalling, and a codec whose timestamps
 * count @clock, Hz. If @sdp is what it said before, who was heard until now stays, until
 * another one speaks after half a second of silence. */
void rtp_latch_arm (RtpLatch *self, const PacketAddress *sdp,
    const PacketAddress *signalling, guint clock, gint64 now);
/* The peer has proved that it is at @active, until rtp_latch_arm(). */
void rtp_latch_settle (RtpLatch *self, const PacketAddress *active);
RtpLatchResult rtp_latch_check (RtpLatch *self, const PacketAddress *from,
    const RtpPacket *packet, gint64 now);
/* A well-formed RTCP packet of the peer's, not a good-bye. */
void rtp_latch_report (RtpLatch *self, const PacketAddress *from, gint64 now);

G_END_DECLS
