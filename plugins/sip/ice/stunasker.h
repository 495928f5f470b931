/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/ice/stunquestion.h"

G_BEGIN_DECLS

/* Asks a server of STUN how it sees a port that has no media yet, from that very port. Then it
 * asks again and again, which also keeps what NAT has made for the port. What else comes
 * there meanwhile is thrown away. Loop thread. */

typedef struct _StunAsker StunAsker;

/* What came of the first question; later only another address. @mapped: NULL unless @state is
 * _ANSWERED. */
typedef void (*StunAskerTold) (StunQuestionState state,
    const PacketAddress *mapped, gpointer user);

/* Nobody else receives from @transport until it is freed. */
StunAsker *stun_asker_new (PacketTransport *transport, MediaLoop *loop,
    const PacketAddress *server, StunAskerTold told, gpointer user);
void stun_asker_free (StunAsker *self);

G_END_DECLS
