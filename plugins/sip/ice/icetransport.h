/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/ice/rtpice.h"

G_BEGIN_DECLS

/* The checks of ICE on one port of a call: they are told by their first byte and cookie
 * (RFC 7983), answered, and kept here; all else goes through, but for DTLS from where no
 * good check came. Without ICE so do they.
 * Loop thread, as the transport. */

typedef struct _IceTransport IceTransport;

/* The far end has chosen @remote for @component (1: RTP, 2: RTCP), and proved that it is
 * there. */
typedef void (*IceTransportChosen) (guint component,
    const PacketAddress *remote, gpointer user);

/* Puts itself in place of @transport, which nobody receives from, and belongs to it. */
IceTransport *ice_transport_new (PacketTransport **transport, guint component,
    IceTransportChosen chosen, gpointer user);
/* From now on; NULL: no ICE. */
void ice_transport_set (IceTransport *self, RtpIce *ice);

G_END_DECLS
