/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipusers.h"

#include <sofia-sip/nua.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Asks callers who they are (RFC 3261 22.2). SIP loop only. */

/* What @sip, an INVITE, shows to @users. Once for each: a nonce counts its requests. */
AuthVerdict sip_gate_verify (SipUsers *users, const sip_t *sip);
/* 401 to the INVITE of @nh. */
void sip_gate_ask (SipUsers *users, nua_handle_t *nh, gboolean stale);

G_END_DECLS
