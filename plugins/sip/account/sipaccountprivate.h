/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipaccount.h"

#include "sip/auth/sipauth.h"
#include "sip/signalling/siphandle.h"
#include "sip/target/sipprobe.h"
#include "sip/target/siptargets.h"

#include "common/loop/packettransport.h"

#include <gio/gio.h>

G_BEGIN_DECLS

struct _SipAccount
{
  SipHandle handle; /* first: of its REGISTER requests */
  SipHandle ping; /* of its OPTIONS */
  SipAgent *agent; /* held */
  SipAccountSettings *settings;
  gchar *external_address; /* NULL: the registrar says it */
  gchar *contact_user;
  GSList *users; /* of sipaccount.c */

  nua_handle_t *nh; /* NULL: none since the last failure */
  SipAuth auth;
  SipTargets *targets; /* its servers, NULL: not looked for yet */
  gboolean finding; /* one of them */
  GSource *try_timer; /* until another one's turn, NULL: there is none */
  PacketAddress remote; /* where REGISTER goes */
  SipTransport by; /* how */
  const gchar *transport_name;
  TlsWatch *watch; /* by TLS: who is there */
  gchar *address; /* "host:port" in our Contact */
  gchar *old_address; /* that was, and is to be taken back; or NULL */
  gchar *route; /* what the registrar said for calls out; or NULL */
  gboolean is_public; /* the address is what the registrar sees, not we */
  guint moves; /* of the address, since it last stayed */

  gboolean asked; /* a REGISTER has no answer yet */
  gboolean bound; /* the registrar may have us */
  gboolean was_registered; /* once */
  gboolean ending; /* nobody uses it */
  gboolean taken_back; /* what was asked last */
  guint failures; /* in a row */
  GSource *timer; /* of the next REGISTER, or of the end */
  SipProbe *probe; /* of its servers, NULL: not asked for */
  GSource *ping_timer;
  nua_handle_t *ping_nh;

  SipAccountState state; /* what was told last, with: */
  gboolean told;
  guint expires, retry, status;
  gchar *cause;
  GError *error;
};

/* ---- sipaccount.c */

/* Tells all users, and who comes later. @error, (transfer full), may be NULL. */
void sip_account_tell (SipAccount *self, SipAccountState state, guint status,
    const gchar *cause, GError *error);
/* The same of its servers: of a SipProbe of the account @data. */
void sip_account_tell_servers (gboolean down, gpointer data);
/* Its end has come: the registrar knows that it is gone, or does not listen. */
void sip_account_finish (SipAccount *self);

/* ---- sipaccountregister.c: what is said to the registrar */

/* Asks its servers for their state, if the account says so. */
void sip_account_begin_probe (SipAccount *self, const TlsSettings *tls);

/* Finds the registrar, and asks it. */
void sip_account_begin (SipAccount *self);
/* Nothing of that goes on. */
void sip_account_stop (SipAccount *self);
/* REGISTER, if the registrar may have us, to be there no longer; FALSE: it has not. */
gboolean sip_account_take_back (SipAccount *self);
void sip_account_handle_event (SipHandle *handle, const SipEvent *event);

/* ---- sipaccountnat.c: a NAT between us and the registrar */

/* @sip came back to a request of ours: TRUE if it says that we are reached at another
 * address than we said, which is ours from now on. */
gboolean sip_account_learn_address (SipAccount *self, const sip_t *sip);
/* The mapping of a NAT stays open while something goes through it. */
void sip_account_keep_alive (SipAccount *self);
void sip_account_stop_pings (SipAccount *self);
void sip_account_handle_pong (SipHandle *handle, const SipEvent *event);

G_END_DECLS
