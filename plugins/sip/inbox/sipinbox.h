/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/signalling/sipagent.h"
#include "sipcallees.h"
#include "sip/signalling/sipincoming.h"

G_BEGIN_DECLS

/* What comes to an agent outside of all calls. A new call is checked, and goes to a
 * callee, waits for one, or is refused. One inbox for each agent, opened and closed
 * with it. SIP loop only. */

typedef struct _SipInbox SipInbox;

typedef void (
    *SipInboxReady) (SipInbox *inbox, const GError *error, gpointer user);

/* See sip_agent_open(). */
void sip_inbox_open (const SipAgentAddress *address, SipInboxReady ready,
    gpointer user);
/* Gives back what @ready got. */
void sip_inbox_close (SipInbox *self);
SipAgent *sip_inbox_get_agent (SipInbox *self);

void sip_inbox_add (SipInbox *self, SipCallee *callee);
void sip_inbox_remove (SipInbox *self, SipCallee *callee);
/* A callee is busy or draining no more, or now. */
void sip_inbox_callee_changed (SipInbox *self);
/* @call, which came to a callee, was refused by it. */
void sip_inbox_note_refused (SipInbox *self, const SipIncoming *call,
    guint status, const gchar *cause);

G_END_DECLS
