/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "siphandle.h"

#include "common/loop/packettransport.h"

G_BEGIN_DECLS

/* One SIP user agent on one local address, UDP and TCP, shared by everybody in the
 * process who names that address. It sends and receives, and gives what comes to
 * whoever has the handle: what that is for it does not know. All of this on the SIP
 * loop only. */

typedef struct _SipAgent SipAgent;

/* T1x64 of RFC 3261 in ms, for agents opened from now on; 0 = the standard's
 * 32 s. For tests, which cannot wait so long. */
extern guint sip_agent_timeout;

/* RFC 4028: how long a session lives unless it is refreshed, in seconds: what we
 * propose, and the least that we take (90; less for tests only, for agents opened
 * from now on). */
#define SIP_AGENT_SESSION 1800
extern guint sip_agent_min_session;

typedef void (
    *SipAgentReady) (SipAgent *agent, const GError *error, gpointer user);

/* The agent at @host (or SIP_PORT_ANY_HOST) and @port (0: the kernel chooses).
 * @ready is called, maybe before this returns, with the agent or
 * GST_RESOURCE_ERROR_BUSY. An address that is just being left is waited for. */
void sip_agent_open (const gchar *host, guint16 port, SipAgentReady ready,
    gpointer user);
/* Gives back what @ready got. */
void sip_agent_close (SipAgent *self);

/* Who gets what comes for no handle that is held; @destroy is called with it when
 * the agent goes. It lets go (nua_handle_destroy()) of what it does not want. */
void sip_agent_set_inbox (SipAgent *self, SipHandle *inbox,
    GDestroyNotify destroy);
/* NULL: nobody yet. */
SipHandle *sip_agent_get_inbox (SipAgent *self);
/* Nothing new is begun any more. */
gboolean sip_agent_is_closing (SipAgent *self);

/* Where the message came from that is handled now; FALSE: the stack made it. */
gboolean sip_agent_get_source (SipAgent *self, PacketAddress *from);
nua_t *sip_agent_get_nua (SipAgent *self);
guint16 sip_agent_get_port (SipAgent *self);
/* What it is bound to; a wildcard says nothing. */
const gchar *sip_agent_get_host (SipAgent *self);

/* A call keeps the agent alive until it is forgotten; it counts as one until it is
 * over: a BYE may wait 32 s for its answer. */
void sip_agent_begin_call (SipAgent *self);
void sip_agent_end_call (SipAgent *self);
void sip_agent_forget_call (SipAgent *self);
guint sip_agent_count_calls (SipAgent *self);

G_END_DECLS
