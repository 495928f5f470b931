/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"
#include "sip/logic/ice/stunmessage.h"

G_BEGIN_DECLS

/* An address as STUN has it, and as a socket has it. Any thread. */

StunAddress stun_place_from_packet (const PacketAddress *address);
/* Unset, if @place is none. */
PacketAddress stun_place_to_packet (const StunAddress *place);

G_END_DECLS
