/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcgraph.h"

#include "sdp/whipoffer.h"

G_BEGIN_DECLS

/* From an offer to its answer: what webrtcbin is asked to do, step by step. All on the
 * HTTP loop. */
typedef struct _WebrtcNegotiation WebrtcNegotiation;

/* Once: @answer, with all candidates, or @error with WHIP_ERROR. */
typedef void (*WebrtcNegotiated) (const gchar *answer, const GError *error,
    gpointer user);

/* @external_address: see WhipOwn; @id: of the session, for the log. */
WebrtcNegotiation *webrtc_negotiation_begin (WebrtcGraph *graph,
    WhipOffer *offer, const gchar *external_address, const gchar *id,
    WebrtcNegotiated done, gpointer user);
/* The state of webrtcbin changed. WHIP has no trickle from the server: the answer has
 * all candidates. Gathering never ends when ports run out, so it may be @late. */
void webrtc_negotiation_look (WebrtcNegotiation *self, gboolean late);
/* It is over: nothing is told any more. */
void webrtc_negotiation_end (WebrtcNegotiation *self);

G_END_DECLS
