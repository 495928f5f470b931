/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

#include <sofia-sip/nua.h>

G_BEGIN_DECLS

/* An INVITE outside of a dialog, checked and not yet answered. */
typedef struct
{
  nua_handle_t *nh;
  const sip_t *sip;
  PacketAddress from;
  gint64 arrived; /* monotonic, us */
} SipIncoming;

G_END_DECLS
