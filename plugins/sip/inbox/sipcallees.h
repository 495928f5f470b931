/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/signalling/siphandle.h"
#include "sip/signalling/sipincoming.h"

#include "sip/auth/sipgate.h"
#include "sip/logic/addresslist.h"
#include "sip/logic/dialplan.h"

G_BEGIN_DECLS

/* A call that was refused before anybody had it. */
typedef struct
{
  const gchar *call_id, *from, *to, *display_name;
  const gchar *line; /* name that was called */
  const gchar *address; /* "host:port" that it came from */
  const gchar *transport; /* "udp", "tcp", "tls" */
  const gchar *user_agent;
  const gchar *cause; /* for a person */
  guint status;
  guint untold; /* others before it that were only counted */
} SipRefusal;

/* What an incoming call can go to. Lives in its owner. */
typedef struct
{
  const gchar *user; /* called name, "" = any */
  const gchar *const
      *account_users; /* those of its accounts, too; NULL = it has none */
  gboolean busy;
  gboolean draining; /* nobody of the inbox takes a new call */
  guint busy_wait; /* ms that a call waits for it */
  const AddressList *allow_from; /* who may call it, NULL = anybody */
  SipUsers *users; /* of whom a call must be, NULL = anybody's */
  gpointer owner;
  /* Whether @call needs no password: its registrar has sent it. */
  gboolean (*trusts) (gpointer owner, const SipIncoming *call);
  /* Whether the call of @handle, which is up, is its. */
  gboolean (*has) (gpointer owner, const SipHandle *handle);
  /* A new call for it: takes its handle. */
  void (*incoming) (gpointer owner, const SipIncoming *call);
  /* It could have had this one, or stands in for a name that nobody has. */
  void (*refused) (gpointer owner, const SipRefusal *refusal);
} SipCallee;

/* Its allow_from, if there is one, has @from. */
gboolean sip_callee_lets_in (const SipCallee *self, const PacketAddress *from);

/* What all those of an inbox (SipCallee) say together of a new call. */

/* The one for @user and who makes @call, else NULL and *@result says why. */
SipCallee *sip_callees_choose (GPtrArray *all, const gchar *user,
    const SipIncoming *call, DialplanResult *result);
/* What @call shows to those which it could go to, and which want to know who it is; it is
 * noted in it. *@asks: the first of them, NULL = nobody does. */
AuthVerdict sip_callees_verify (GPtrArray *all, const gchar *user,
    SipIncoming *call, SipUsers **asks);
/* One of them drains: nobody takes it. */
gboolean sip_callees_are_draining (GPtrArray *all);
/* The longest that one which this call could have gone to lets callers wait, ms. */
guint sip_callees_get_busy_wait (GPtrArray *all, const gchar *user,
    const SipIncoming *call);
/* Who tells of a call for @user that nobody had: one that could have had it, or, if
 * none has such a name, any. NULL: there is none. */
SipCallee *sip_callees_find_teller (GPtrArray *all, const gchar *user);

G_END_DECLS
