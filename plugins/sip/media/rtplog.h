/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/log/siplog.h"
#include "sip/logic/rtp/rtppacket.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a stream says in the log, each line with its Call-ID: what is new at level
 * DEBUG (or WARNING, where the peer misbehaves), the rest of its kind at LOG. Loop
 * thread only. */

typedef struct
{
  gchar *call_id; /* owned by the stream */
  gboolean has_received, has_sent, has_report, has_key_flood;
  gboolean has_garbage, has_stranger, has_rejected;
} RtpLog;

void rtp_log_received (RtpLog *self, const RtpPacket *packet,
    const PacketAddress *from);
/* @data is a whole RTP packet. */
void rtp_log_sent (RtpLog *self, const guint8 *data, gsize size,
    const PacketAddress *to);
void rtp_log_garbage (RtpLog *self, const PacketAddress *from, gsize size);
/* SRTP does not let it through. */
void rtp_log_rejected (RtpLog *self, const PacketAddress *from, gsize size);
/* RTP of somebody who is not the peer, or, if @may_be, not yet known as it. */
void rtp_log_stranger (RtpLog *self, const PacketAddress *from,
    gboolean may_be);
/* The peer's RTP comes from another address than before. */
void rtp_log_latched (RtpLog *self, const PacketAddress *from);
/* ICE has found the peer there. */
void rtp_log_chosen (RtpLog *self, const PacketAddress *remote);
/* RTCP of the peer; @round_trip in ns, 0 = not known. */
void rtp_log_report (RtpLog *self, const PacketAddress *from, gint64 round_trip,
    gdouble fraction_lost);
/* A key began (@duration 0) or ended (ms); which one is nobody's business. */
void rtp_log_key (RtpLog *self, guint duration);
/* Too many of them: once in a call. */
void rtp_log_key_flood (RtpLog *self);

G_END_DECLS
