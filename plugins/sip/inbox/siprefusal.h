/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipcallees.h"

#include "sip/logic/rate/tokenbucket.h"

G_BEGIN_DECLS

/* Callers who were refused before anybody had them: each is counted, logged, and
 * told by a callee that could have had it; of a flood only so many. SIP loop only. */

/* Of one inbox; zeroed in the beginning. */
typedef struct
{
  TokenBucket bucket;
  guint untold; /* since the last one that was told */
  gint64 flood_told; /* monotonic us, 0 = never */
} SipRefusals;

/* @status was answered, for @cause. One of @callees tells. */
void sip_refusals_note (SipRefusals *self, GPtrArray *callees,
    const SipIncoming *call, guint status, const gchar *cause);
/* A source began more calls than one may: a line in the log now and then. */
void sip_refusals_note_flood (SipRefusals *self, const SipIncoming *call);

G_END_DECLS
