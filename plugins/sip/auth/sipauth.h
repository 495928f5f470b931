/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/auth/authrealms.h"

#include <sofia-sip/nua.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Shows the far end of a handle who we are, when it asks with 401 or 407. SIP loop
 * only.
 *
 * Every later request of the handle carries the answer to the last challenge, and a
 * nonce that has become too old is the library's matter: nobody hears of it. */

/* Has the library calculate digests as we do (SHA-256 besides MD5). Once, before there
 * is any agent. */
void sip_auth_init (void);

/* Who asks. */
typedef enum
{
  SIP_AUTH_ANYBODY, /* in the realms that are known */
  SIP_AUTH_SERVER, /* of the account: in the first one, where none is known */
  SIP_AUTH_REGISTRAR, /* in its own ones */
} SipAuthAsker;

typedef struct
{
  gchar *name; /* of the account, for a person */
  gchar *user, *password; /* NULL: there is no account */
  AuthRealms *realms; /* of the account, held */
  SipAuthAsker asker;
  GPtrArray *answered; /* "status realm" that has our answer */
} SipAuth;

void sip_auth_clear (SipAuth *self);
/* Without what has happened to @from. */
void sip_auth_copy (SipAuth *self, const SipAuth *from);

typedef enum
{
  SIP_AUTH_ANSWERED, /* the request goes out again */
  SIP_AUTH_NOBODY, /* there is no account, or no password */
  SIP_AUTH_REFUSED, /* it knows us, and not our password */
  SIP_AUTH_STRANGE, /* it asks for what is not done here */
  SIP_AUTH_FOREIGN, /* it asks as no server of the account does */
} SipAuthOutcome;

/* @sip: a response of @status to a request of @nh. */
SipAuthOutcome sip_auth_answer (SipAuth *self, nua_handle_t *nh, gint status,
    const sip_t *sip);
/* Another handle has answered nothing yet. */
void sip_auth_begin (SipAuth *self);
/* What @outcome means to a person; (transfer full). */
gchar *sip_auth_explain (const SipAuth *self, SipAuthOutcome outcome);

static inline gboolean
sip_auth_is_asked (gint status)
{
  return status == 401 || status == 407;
}

G_END_DECLS
