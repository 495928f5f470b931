/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "siphandle.h"
#include "sipstate.h"

#include "common/loop/packettransport.h"
#include "sip/tls/tlsport.h"

G_BEGIN_DECLS

/* What a request may be that comes in; of a dialog that transfers, NOTIFY, too, and REFER
 * of one that is transferred. */
#define SIP_AGENT_ALLOW "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO"

/* One SIP user agent on one local address, UDP and TCP, TLS, or all of them, shared by
 * everybody in the process who names that address. It sends and receives, and gives what
 * comes to whoever has the handle: what that is for it does not know. All of this on the
 * SIP loop only. */

typedef struct _SipAgent SipAgent;

typedef struct
{
  gchar *host; /* or SIP_PORT_ANY_HOST */
  guint16 port; /* 0: the kernel chooses */
  gboolean
      secure; /* TLS and nothing else; else, with a certificate, TLS at the next
                      port, beside UDP and TCP */
  TlsSettings tls;
} SipAgentAddress;

void sip_agent_address_clear (SipAgentAddress *self);

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

/* The agent at @address. @ready is called, maybe before this returns, with the agent or
 * GST_RESOURCE_ERROR: _BUSY, _SETTINGS (whoever came first has other settings of
 * TLS), or what is wrong with their files. An address that is just being left is
 * waited for. */
void sip_agent_open (const SipAgentAddress *address, SipAgentReady ready,
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
/* How that came. */
SipTransport sip_agent_get_transport (SipAgent *self);
nua_t *sip_agent_get_nua (SipAgent *self);
/* Of its TLS, if there is nothing else. */
guint16 sip_agent_get_port (SipAgent *self);
/* 0: it does not listen by @transport. */
guint16 sip_agent_get_port_of (SipAgent *self, SipTransport transport);
/* NULL: it has no TLS. */
TlsPort *sip_agent_get_tls (SipAgent *self);
/* Who calls out from there by @transport: itself, or one of its own at another port, at
 * which nobody can be called, which goes with it. NULL with @error. */
SipAgent *sip_agent_get_caller (SipAgent *self, SipTransport transport,
    const TlsSettings *tls, GError **error);
/* What it is bound to; a wildcard says nothing. */
const gchar *sip_agent_get_host (SipAgent *self);

/* Keeps the agent alive until it is released: a handle that is no call. */
void sip_agent_hold (SipAgent *self);
void sip_agent_release (SipAgent *self);

G_END_DECLS
