/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/security/rtpdtls.h"
#include "sip/logic/security/rtpkey.h"

G_BEGIN_DECLS

/* A handshake of DTLS (RFC 5764) on the way of a call's RTP: its messages, told by their
 * first byte (RFC 7983), are kept here, all else goes through. It ends in keys of SRTP.
 * Loop thread, as the transport. */

typedef struct _DtlsTransport DtlsTransport;

typedef struct
{
  void (*keys) (RtpKeys *keys, gpointer user); /* transfer none */
  /* It failed for good: why, for a person; a literal. */
  void (*failed) (const gchar *why, gpointer user);
} DtlsTransportCallbacks;

/* Puts itself in place of @transport, which nobody receives from, and belongs to it. */
DtlsTransport *dtls_transport_new (PacketTransport **transport, MediaLoop *loop,
    const DtlsTransportCallbacks *callbacks, gpointer user);
/* Begins, or goes on where @dtls is the same as before (FALSE): only @to may have changed,
 * where the far end is by SDP. If that is set, its messages come from that host or that of
 * @signalling: behind a NAT SDP has another address than the network. @waits: ICE will say
 * where it is; nothing is sent before dtls_transport_follow() (RFC 8842 5.1). */
gboolean dtls_transport_start (DtlsTransport *self, const RtpDtls *dtls,
    const PacketAddress *to, const PacketAddress *signalling, gboolean waits);
/* The far end has proved that it is at @to: its messages come from there, and no other
 * host. */
void dtls_transport_follow (DtlsTransport *self, const PacketAddress *to);

G_END_DECLS
