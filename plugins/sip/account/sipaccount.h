/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipaccountevent.h"
#include "sipaccountsettings.h"

#include "sip/logic/auth/authrealms.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/sipstate.h"

G_BEGIN_DECLS

/* A registration (RFC 3261 10) at one agent, for all lines that have the same account:
 * it is renewed while anybody uses it, and taken back when nobody does any more. Knows
 * no line. SIP loop only. */

typedef struct _SipAccount SipAccount;

/* ms between two OPTIONS that keep a NAT's mapping open; for tests. */
extern guint sip_account_ping_interval;

typedef void (*SipAccountTold) (const SipAccountEvent *event, gpointer user);

/* What a line says of itself to it. */
typedef struct
{
  const SipAccountSettings *settings;
  const gchar *external_address; /* NULL: what the registrar sees */
  const TlsSettings *tls; /* of calls out, where the agent has none */
} SipAccountUse;

/* @told is called with what happens, and with what happened last, never before this
 * returns, until the account is closed by @user. It closes none. */
SipAccount *sip_account_open (SipAgent *agent, const SipAccountUse *use,
    SipAccountTold told, gpointer user);
void sip_account_close (SipAccount *self, gpointer user);

/* Name in its Contact: what calls to it are for. No other account of the agent has it. */
const gchar *sip_account_get_contact_user (SipAccount *self);
/* "host:port" at which the registrar reaches us, where that is not how we see it; else
 * NULL. */
const gchar *sip_account_get_public_address (SipAccount *self);
/* Of what that is, once there is one. */
const SipAgent *sip_account_get_agent (const SipAccount *self);
SipTransport sip_account_get_transport (const SipAccount *self);
/* Why no call out takes it, if there is another: it registers, and is not registered, or
 * its servers were asked, and none is there; a literal. NULL: it is up, as far as is known. */
const gchar *sip_account_explain_down (const SipAccount *self);
/* A call that came from @from, for @user, is the registrar's. Others may have written
 * that name: they are not told who we are. */
gboolean sip_account_has_sent (SipAccount *self, const PacketAddress *from,
    const gchar *user);
/* For whom its password is; of the account. */
AuthRealms *sip_account_get_realms (SipAccount *self);
/* It is ours to say who we are to whoever takes calls for @uri. */
gboolean sip_account_is_for (SipAccount *self, const gchar *uri);
/* For calls out, (transfer full). Value of Route, NULL = none: an outbound proxy, and
 * what the registrar said (RFC 3608). */
gchar *sip_account_dup_route (SipAccount *self);
/* URI of where they go to, NULL = where they are for. */
gchar *sip_account_dup_next_hop (SipAccount *self);

G_END_DECLS
