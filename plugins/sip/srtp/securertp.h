/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/security/rtpkey.h"

G_BEGIN_DECLS

/* SRTP and SRTCP (RFC 3711) around the two transports of a call: whoever has them
 * sends and receives plain RTP and RTCP, the network sees protected packets, and what
 * is not protected by the far end's key comes no further. It knows nothing of how keys
 * are agreed on. Loop thread, as the transports. */

typedef struct _SecureRtp SecureRtp;

typedef struct
{
  guint64 forged; /* not from who has the key, or damaged, or plain */
  guint64 replayed; /* came before, or too late to say */
} SecureRtpCounters;

/* A packet came that is not let through. */
typedef void (
    *SecureRtpRejected) (const PacketAddress *from, gsize size, gpointer user);

/* Puts itself in place of both transports, which nobody receives from; it belongs to
 * them, and goes when the second of them is freed. Plain until it has keys. */
SecureRtp *secure_rtp_new (PacketTransport **rtp, PacketTransport **rtcp,
    SecureRtpRejected rejected, gpointer user);

/* @keys hold from now on; NULL: plain RTP. Those that hold already go on, with
 * their counters and what has come (RFC 3711 3.3.1). Under a new key of the far end
 * its source may go on counting or begin anew, and what is still under way with the last
 * one is taken for a while. TRUE: the key that we send with is another one, and wants a
 * source (SSRC) of its own. */
gboolean secure_rtp_set_keys (SecureRtp *self, const RtpKeys *keys, gint64 now);
/* Nothing goes out or comes through but by keys that hold already: others follow. */
void secure_rtp_wait (SecureRtp *self);
const SecureRtpCounters *secure_rtp_get_counters (const SecureRtp *self);

G_END_DECLS
