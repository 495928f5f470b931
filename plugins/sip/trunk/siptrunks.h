/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/account/sipaccount.h"
#include "sip/dialog/sipdialog.h"
#include "sip/logic/trunk/trunkchoice.h"
#include "sip/signalling/sipincoming.h"

G_BEGIN_DECLS

/* The accounts of a line, each a trunk for its calls out (siptrunkcall.h): registered, or
 * asked whether they are there, while the line waits. Knows no line. SIP loop only. */

typedef struct _SipTrunks SipTrunks;

/* ms that calls out wait for one that is about to register, where another one could have
 * them; for tests. */
extern guint sip_trunks_wait;

typedef struct
{
  GPtrArray *accounts; /* SipAccountSettings, at least one; held */
  const gchar *external_address; /* NULL: what the registrar sees */
  const TlsSettings *tls; /* of calls out */
  gboolean registers; /* FALSE: none does, whatever is set */
  SipAccountTold told;
  void (*ready) (gpointer user); /* sip_trunks_may_call() may say so now */
} SipTrunksUse;

/* told() and ready() are never called before this returns. */
SipTrunks *sip_trunks_open (SipAgent *agent, const SipTrunksUse *use,
    gpointer user);
void sip_trunks_close (SipTrunks *self);

/* Names that calls to them are for, NULL at the end; as long as they are open. */
const gchar *const *sip_trunks_get_contact_users (const SipTrunks *self);
/* Of each it is known whether it is registered, or has been waited for. */
gboolean sip_trunks_may_call (const SipTrunks *self);

/* One of them. */
typedef struct
{
  SipTrunks *trunks;
  const SipAccountSettings *settings;
  SipAccount *account;
  TrunkState *state; /* of the process: of all lines that have it; for ever */
  gboolean known; /* whether it is registered, or cannot be */
  gboolean refused;
} SipTrunk;

/* Of them, SipTrunk. */
const GArray *sip_trunks_get_all (const SipTrunks *self);
/* The one whose registrar has sent @call; NULL: none. */
const SipTrunk *sip_trunks_find_sender (const SipTrunks *self,
    const SipIncoming *call);

/* What it makes of a call in, or, @uri, of one out; account.route and so on are the
 * caller's to clear. */
void sip_trunk_fill_media (const SipTrunk *self, SipDialogSettings *settings);
void sip_trunk_fill_incoming (const SipTrunk *self,
    SipDialogSettings *settings);
void sip_trunk_fill_outgoing (const SipTrunk *self, const gchar *uri,
    SipDialogSettings *settings);

G_END_DECLS
