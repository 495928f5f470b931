/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/security/rtpkey.h"

G_BEGIN_DECLS

/* One key of SRTP at work, in one direction: libsrtp2's context. Of one thread. */

typedef struct _SecureContext SecureContext;

typedef enum
{
  SECURE_RESULT_GOOD,
  SECURE_RESULT_FORGED, /* not made with this key, or damaged, or no SRTP at all */
  SECURE_RESULT_REPLAYED, /* it was here before, or is too old to say */
} SecureResult;

/* What a protected packet is longer than its plain one, at most. */
#define SECURE_CONTEXT_OVERHEAD 64

/* Sources of one key that are let in: a call has one, or two with its digits, and another
 * one whenever the far end begins anew. What comes of more is FORGED. */
#define SECURE_CONTEXT_MAX_SOURCES 128

/* Any thread: the suites that the library has, as bits `1 << RtpSuite`; 0: it cannot work. It may
 * be built without GCM. Readies it, which takes some ms the first time; whoever shares it
 * (webrtcbin) is not disturbed, and it is never shut down. */
guint secure_context_get_suites (void);

/* NULL: the library has no such suite, or no memory. */
SecureContext *secure_context_new (const RtpKey *key, gboolean outbound);
void secure_context_free (SecureContext *self);
const RtpKey *secure_context_get_key (const SecureContext *self);
/* Inbound: what comes from @ssrc goes on where the source was in another context,
 * whose rollover counter is @roc. Before anything came. */
gboolean secure_context_expect (SecureContext *self, guint32 ssrc, guint32 roc);
/* Inbound: @ssrc has counted on meanwhile, up to @roc, under another key. */
void secure_context_go_on (SecureContext *self, guint32 ssrc, guint32 roc);
/* Of the source that was heard last; FALSE: none was. */
gboolean secure_context_get_last (const SecureContext *self, guint32 *ssrc,
    guint32 *roc);

/* In place; @data is aligned to 4 bytes and has room for the overhead. FALSE: the
 * packet must not go out. */
gboolean secure_context_protect (SecureContext *self, guint8 *data,
    gsize *size);
/* In place, aligned; what is not GOOD may be destroyed. RTP, or RTCP by its type. */
SecureResult secure_context_unprotect (SecureContext *self, guint8 *data,
    gsize *size);

G_END_DECLS
