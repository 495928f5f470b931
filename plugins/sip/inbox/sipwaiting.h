/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/signalling/sipincoming.h"

G_BEGIN_DECLS

/* Incoming calls for which no callee is free, while one may become so: they have got
 * the stack's 100 and nothing else. In order of arrival, at most SIP_WAITING_MAX. All on the
 * SIP loop only. */

#define SIP_WAITING_MAX 256

typedef struct _SipWaiting SipWaiting;

/* TRUE: @call has gone to a callee, or was refused: it waits no more. */
typedef gboolean (*SipWaitingOffer) (const SipIncoming *call, gpointer user);
/* Nothing became free: @call wants its refusal, or, if it @left, has its answer. */
typedef void (
    *SipWaitingGiveUp) (const SipIncoming *call, gboolean left, gpointer user);

SipWaiting *sip_waiting_new (SipWaitingOffer offer, SipWaitingGiveUp give_up,
    gpointer user);
/* Those that wait are forgotten; the stack ends their transactions. */
void sip_waiting_free (SipWaiting *self);

/* Takes @call, whose INVITE is the request that @nua works on, for @timeout ms. FALSE:
 * there is no room. */
gboolean sip_waiting_add (SipWaiting *self, nua_t *nua, const SipIncoming *call,
    guint timeout);
/* Something is free, or is to be refused: each is offered, soon and not from here,
 * so that whoever calls may first finish what it is at. */
void sip_waiting_wake (SipWaiting *self);
/* An event of a handle that waits; FALSE: @nh is none of these. */
gboolean sip_waiting_handle (SipWaiting *self, nua_handle_t *nh,
    nua_event_t event, tagi_t *tags);

G_END_DECLS
