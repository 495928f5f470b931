/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/dialog/sipdialog.h"

G_BEGIN_DECLS

/* The call that a line makes because its far end asked for it (REFER): beside the call that
 * is up, until it is answered and takes the place of that, or comes to nothing. Belongs to
 * the line. SIP loop only. */

typedef struct _SipReferral SipReferral;

typedef struct
{
  /* As of a SipDialogOwner; the stream is not the line's yet. */
  RtpStream *(*new_stream) (PacketTransport *rtp, PacketTransport *rtcp,
      const gchar *cname, const gchar *call_id, gpointer owner);
  gboolean (*trusts) (const PacketAddress *remote, gpointer owner);
  /* It rings. */
  void (*rings) (gpointer owner);
  /* It is up, and waits for sip_referral_take(). */
  void (*answered) (gpointer owner);
  /* It has failed, or was ended: the referral is gone. @dialog lives till this
   * returns. */
  void (*failed) (SipDialog *dialog, const SipDialogEnd *end, gpointer owner);
} SipReferralOwner;

/* ms that who is called may ring; for tests. */
extern guint sip_referral_longest;

/* Calls @uri, which may be called, from @agent. What @referral says goes into its INVITE
 * beside the header fields of @settings. Nothing is told before this returns. */
SipReferral *sip_referral_new (SipAgent *agent, const gchar *uri,
    const SipDialogReferral *referral, const SipDialogSettings *settings,
    const SipReferralOwner *owner, gpointer user);
/* The call that has been answered, whose owner is to be set now; @self is gone. */
SipDialog *sip_referral_take (SipReferral *self);
/* Ends the call, which failed() tells at once, with @end. */
void sip_referral_end (SipReferral *self, const SipDialogEnd *end);
/* The same; nothing is told. */
void sip_referral_free (SipReferral *self);

G_END_DECLS
