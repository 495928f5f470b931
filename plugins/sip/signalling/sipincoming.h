/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipstate.h"

#include "common/loop/packettransport.h"

#include <sofia-sip/nua.h>

G_BEGIN_DECLS

/* An INVITE outside of a dialog, checked and not yet answered. */
typedef struct
{
  nua_handle_t *nh;
  const sip_t *sip;
  PacketAddress from;
  SipTransport transport;
  guint
      known_to; /* id of the SipUsers that it has shown its password to, 0 = none */
  gint64 arrived; /* monotonic, us */
  gboolean
      replaces; /* it is to have the place of the callee's call (RFC 3891) */
  gboolean
      trusted; /* who sent it is known, so what it says of the caller counts */
} SipIncoming;

G_END_DECLS
