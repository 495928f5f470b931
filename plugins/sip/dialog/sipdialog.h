/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/dial/transfer.h"
#include "sip/auth/sipauth.h"
#include "sip/media/rtpstream.h"
#include "sip/signalling/sdpanswer.h"
#include "sip/signalling/sipstate.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/sipincoming.h"
#include "sip/signalling/sipstun.h"

G_BEGIN_DECLS

/* One SIP dialog with its media, from the first INVITE to the end of the BYE. It
 * belongs to a line until the call is over for the line, then finishes alone. All
 * on the SIP loop only. */

typedef struct _SipDialog SipDialog;

/* What an account adds to a call. */
typedef struct
{
  gchar *from; /* our address, NULL: our name at this machine */
  gchar *display_name; /* ours, NULL = none */
  gchar *contact_user; /* NULL: our name */
  gchar *contact_address; /* "host:port", NULL: of this machine */
  const SipAgent *contact_agent; /* of which that is; compared only */
  SipTransport contact_transport; /* by which */
  gchar *route; /* value of Route of calls out, NULL = none */
  gchar *next_hop; /* URI that they go to, NULL: that which is called */
  SipAuth auth; /* for whoever asks who we are */
} SipDialogAccount;

typedef struct
{
  SdpLocal codecs; /* only its codecs */
  guint16 first_port, last_port;
  gchar *external_address; /* of each family, by commas; NULL: the route's */
  SipStun *stun; /* who is asked for it instead, NULL: nobody */
  gchar *user; /* our name in From and Contact */
  GstStructure *headers; /* for our INVITE and 200, may be NULL */
  SipDialogAccount account;
  SipSrtp srtp;
  SipSrtpKeys srtp_keys;
  TlsSettings tls; /* for calls out */
  SipDtmf dtmf;
  gboolean follows_refer;
  gboolean has_spare; /* somebody else can take a call out that fails */
} SipDialogSettings;

void sip_dialog_account_clear (SipDialogAccount *self);

void sip_dialog_settings_clear (SipDialogSettings *self);

/* A cause: our 200 was never confirmed. */
#define SIP_DIALOG_NO_ACK "The far end never confirmed the answer: no ACK came"

/* The same of our early media. */
#define SIP_DIALOG_NO_PRACK \
  "The far end never confirmed what it hears before the answer: no PRACK came"

/* How it ended. */
typedef struct
{
  SipCallBy by;
  guint status; /* 0 = none */
  const gchar *cause; /* for a person */
  GQuark domain; /* 0: no failure */
  gint code;
  guint retry_after; /* s, 0 = it does not say */
  const gchar *const
      *redirects; /* whom to call instead, NULL = it does not say */
} SipDialogEnd;

/* How a transfer goes on. */
typedef struct
{
  TransferState state;
  guint status; /* 0 = none */
  const gchar *cause; /* for a person; "" = it goes on, or is done */
} SipDialogTransfer;

/* Whom the far end asks us to call in its place. */
typedef struct
{
  const gchar *target; /* number or address, as it said; not tested */
  const gchar *replaces; /* value of Replaces for that call, NULL = none */
  const gchar *by; /* of Referred-By, NULL = it does not say */
} SipDialogReferral;

/* A target of a call that goes out: it is tried, or that has failed. */
typedef struct
{
  const gchar *address; /* "host:port" */
  SipTransport transport;
  guint number; /* from 1 on */
  gboolean failed;
  guint status; /* 0 = none; like what follows only if it has failed */
  const gchar *cause;
  guint avoided; /* s: other calls go elsewhere for so long */
} SipDialogTry;

/* ms that a target may say nothing while there is another; for tests. */
extern guint sip_dialog_try_wait;

/* ms that the line waits for an ACK, where no audio comes either; for tests. */
extern guint sip_dialog_ack_wait;

/* The same that a BYE has no answer before another one goes; for tests. */
extern guint sip_dialog_bye_wait;

typedef struct
{
  /* Makes the stream of the dialog, which then holds a reference. */
  RtpStream *(*new_stream) (PacketTransport *rtp, PacketTransport *rtcp,
      const gchar *cname, const gchar *call_id, gpointer owner);
  /* RINGING, EARLY, ANSWERED, CHANGED */
  void (*state) (SipCallState state, gpointer owner);
  /* A call out, before the answer. */
  void (*tried) (const SipDialogTry *attempt, gpointer owner);
  /* Once; the dialog forgets the owner then. */
  void (*ended) (const SipDialogEnd *end, gpointer owner);
  /* The call goes on, but a person should know. */
  void (*warning) (const gchar *text, gpointer owner);
  /* SIP INFO. */
  void (*digit) (gchar digit, guint duration, gpointer owner);
  void (*transfer) (const SipDialogTransfer *transfer, gpointer owner);
  /* What was asked by sip_dialog_hold() is @done, or was refused with @status, 0 = of none. */
  void (
      *hold_done) (gboolean hold, gboolean done, guint status, gpointer owner);
  /* 202: it is called, of which sip_dialog_tell_referrer() tells; else the status to refuse
   * with, and *@why for a person, (transfer full). */
  guint (*referred) (const SipDialogReferral *referral, gchar **why,
      gpointer owner);
  /* The line's own word is that @remote may be told secrets in clear. */
  gboolean (*trusts) (const PacketAddress *remote, gpointer owner);
} SipDialogOwner;

/* ms without a word of the far end, and all in all, after which a transfer has failed;
 * changed by tests only. */
extern guint sip_dialog_transfer_silence;
extern guint sip_dialog_transfer_longest;
/* ms that the far end has for its BYE once somebody else has its call; the same. */
extern guint sip_dialog_leave_wait;

/* Takes the handle, checks the offer, opens media ports. NULL: it was refused, with
 * *@status for what @error says. */
SipDialog *sip_dialog_new_incoming (SipAgent *agent, const SipIncoming *call,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user, guint *status, GError **error);
/* Resolves and calls @uri, from @agent or what calls for it
 * (sip_agent_get_caller()); a failure arrives at ended(), never before this
 * returns. @uri is good to call for sip_uri_check(). */
SipDialog *sip_dialog_new_outgoing (SipAgent *agent, const gchar *uri,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user);

/* The same call, which has ended(), at @uri: its far end has said so, or did not take it.
 * @agent is the line's: @other may have gone out by another one. */
SipDialog *sip_dialog_new_redirected (const SipDialog *other, SipAgent *agent,
    const gchar *uri, const SipDialogSettings *settings,
    const SipDialogOwner *owner, gpointer user);

void sip_dialog_ring (SipDialog *self); /* 180 */
/* 183 with our SDP, reliably (RFC 3262) where the far end can: EARLY is told, and audio
 * goes both ways. Without an offer it rings. */
void sip_dialog_speak_early (SipDialog *self);
void sip_dialog_answer (SipDialog *self); /* 200 */
void sip_dialog_reject (SipDialog *self, guint status);
/* BYE (once there was an ACK), CANCEL or a refusal, whatever fits. ended() is called
 * at once with @end. */
void sip_dialog_end (SipDialog *self, const SipDialogEnd *end);

/* Asks the far end to call @uri in place of us; transfer() says how that goes on, from here
 * on. FALSE: there is no call that is up, or it was asked already. */
gboolean sip_dialog_transfer (SipDialog *self, const gchar *uri);

/* Whom the far end has asked us to call answers with @status; from 200 on that is all. */
void sip_dialog_tell_referrer (SipDialog *self, guint status);
/* ... has answered, and the call is with another dialog: this one goes without its
 * owner. */
void sip_dialog_leave (SipDialog *self);
/* This is that one: it goes on for @owner as the call @call_id, which was that of @before,
 * NULL: that has ended. */
void sip_dialog_join (SipDialog *self, const SipDialog *before,
    const gchar *call_id, const SipDialogOwner *owner, gpointer user);

/* By INFO; what comes of it is only told where it is refused. */
void sip_dialog_send_key (SipDialog *self, gchar key, guint duration);
/* Puts the far end on hold, or takes it back; hold_done() says what came of it. FALSE: there
 * is no call that is up. */
gboolean sip_dialog_hold (SipDialog *self, gboolean hold, gboolean silently);
/* Whose hold it is, or was last: us or the peer. */
SipCallBy sip_dialog_get_held_by (SipDialog *self);
/* FALSE: the far end says that it takes no REFER. */
gboolean sip_dialog_may_refer (SipDialog *self);

/* What is to be told of the last target of a call out that has ended so, *@address (transfer
 * full); its address is "" if there was none. FALSE: it was, by tried(). */
gboolean sip_dialog_get_try (const SipDialog *self, const SipDialogEnd *end,
    SipDialogTry *attempt, gchar **address);

/* Facts for messages; strings live as long as the dialog. */
gboolean sip_dialog_is_outgoing (SipDialog *self);
gboolean sip_dialog_was_answered (SipDialog *self);
/* Somebody has rung, or spoken, or answered. */
gboolean sip_dialog_was_heard (const SipDialog *self);
/* From the INVITE to the 200; 0 before that. */
GstClockTime sip_dialog_get_setup_time (SipDialog *self);
/* Of the call that it goes on for, if it does. */
const gchar *sip_dialog_get_call_id (SipDialog *self);
/* Its Call-ID, which a stranger may have written, as a line of the log may have it. */
const gchar *sip_dialog_log_id (const SipDialog *self);
const gchar *sip_dialog_get_from (SipDialog *self);
const gchar *sip_dialog_get_to (SipDialog *self);
/* The far end's, NULL if unknown. */
const gchar *sip_dialog_get_display_name (SipDialog *self);
/* IP address that it came from, "" = it goes out. */
const gchar *sip_dialog_get_source (SipDialog *self);
SipTransport sip_dialog_get_transport (SipDialog *self);
const GstStructure *sip_dialog_get_headers (SipDialog *self);
/* What sip_origin_collect() has of its INVITE, NULL: nothing, or it goes out. */
const GstStructure *sip_dialog_get_origin (SipDialog *self);
const RtpStreamMedia *sip_dialog_get_media (SipDialog *self);
/* How the keys of the audio were exchanged: "sdes", "dtls"; "none": it is plain. A literal. */
const gchar *sip_dialog_get_encryption (SipDialog *self);

G_END_DECLS
