/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipdialog.h"
#include "sip/signalling/sipresolver.h"
#include "sip/target/siptargets.h"

G_BEGIN_DECLS

#define SIP_DIALOG_NAMES 4 /* that a far end may have looked up in a call */

/* A name out of SDP, and what it stands for. */
typedef struct
{
  gchar *host;
  PacketAddress address; /* port 0; unset: not found, or not yet */
} SipDialogName;

/* What a BYE needs that does not go by the stack's own knowledge of the dialog. */
typedef struct
{
  SipHandle handle; /* of that BYE */
  nua_handle_t *nh; /* NULL: there is none */
  gchar *own,
      *peer; /* values of From and To, with their tags; NULL: not known yet */
  gchar *target; /* URI of the far end */
  gchar *route; /* value of Route, NULL = none */
  gchar *proxy; /* URI that it goes to instead, NULL: to those */
  GSource *
      timer; /* until the stack's BYE has waited for long enough, NULL = none */
} SipDialogWay;

typedef enum
{
  SIP_OFFER_NONE,
  SIP_OFFER_OURS, /* sent, an answer is awaited */
  SIP_OFFER_THEIRS, /* received, to be answered in a 200 */
} SipOffer;

typedef struct _SipDialogQuestion SipDialogQuestion;

struct _SipDialog
{
  SipHandle handle; /* first */
  SipAgent *agent;
  nua_handle_t *nh; /* NULL before the name of the callee is resolved */
  const SipDialogOwner *owner; /* NULL: the line is done with it */
  gpointer user;
  SipDialogSettings settings;

  gboolean outgoing;
  gboolean invited; /* our INVITE is out, or the peer's came in */
  gint64 invited_at; /* monotonic, us */
  GstClockTime setup_time;
  guint32 confirmed_number; /* RSeq of the far end, of our last PRACK */
  gboolean can_prack; /* the caller knows 100rel */
  gboolean speaks_early; /* our SDP is out before the 200 */
  gboolean unconfirmed; /* reliably, and no PRACK has come */
  gboolean answer_due; /* when it has */
  gboolean answered; /* 200 sent or received */
  gboolean confirmed; /* ACK sent or received */
  gboolean
      may_be_forged; /* where it came from: by UDP, of nobody who is known */
  GSource *ack_timer; /* until the line waits for that no more */
  gboolean established; /* ANSWERED was told */
  gboolean bye_due; /* when it is confirmed */
  guint open_requests; /* of ours, which the stack's BYE would wait for */
  SipDialogWay way;
  gchar *reason; /* of our BYE, header value or NULL */
  gboolean ended; /* nothing more to tell */
  gboolean lingering; /* its end has no answer yet */
  gboolean warned_of_info; /* one that cannot be read */
  gboolean takes_info; /* its Allow says so */
  gboolean warned_of_keys; /* which it refuses */
  guint refusals; /* of our refresh of the session, one after another */
  SipTargets *targets; /* of a call out */
  guint tries; /* of them */
  guint tries_before; /* of the call, at whom it went to before */
  GSource *try_timer; /* until the next one's turn, NULL: it has answered */
  gboolean try_failed; /* of the last of them that was told */
  gchar *try_cause; /* why the last one failed, NULL: none did */
  guint try_status;
  PacketAddress remote; /* of the signalling */
  gchar *source; /* host of the INVITE, NULL: it was ours */
  SipTransport transport;
  gboolean secure; /* the far end is a sips: address, so we are, too */
  TlsWatch *watch; /* of a call out by TLS: who is there */
  GError *unusable; /* why there can be no call out */
  gchar *contact; /* header value */
  gboolean has_route; /* Record-Route set it for good */
  gchar *call_id, *from, *to, *uri;
  gchar *log_id; /* call_id for the log, NULL: there was no INVITE yet */
  gchar *display_name; /* of the far end */
  GstStructure *headers;
  GstStructure *origin;

  gboolean takes_no_refer; /* by its Allow */
  gboolean wants_hold; /* was asked for last */
  gboolean on_hold; /* by us: the far end has agreed to it */
  gboolean changing; /* our re-INVITE for that is out */
  gboolean
      inviting; /* any of ours is, also one that the library refreshes with */
  guint hold_tries;
  GSource *hold_timer; /* of the next, NULL = none */
  SipCallBy held_by; /* of the hold that is, or was last */
  Transfer transfer;
  GSource *transfer_timer; /* NULL = none is under way */
  gboolean asks_for_transfer; /* has: NOTIFYs come */

  gchar *referral; /* Event of a REFER that came, NULL = none is under way */
  gboolean refers_silently; /* and wants no NOTIFY */
  GSource *leave_timer; /* until our BYE, NULL = it is not awaited */
  gchar *told_id; /* Call-ID of the call that it goes on for, NULL: its own */

  /* Media */
  SdpLocal local; /* host is media_host */
  SdpSecurity security; /* unless srtp=off */
  gchar *host; /* ours, for the signalling */
  gchar *media_host; /* and for RTP, as SDP has it */
  gchar *outside_host; /* as STUN has it, NULL: it was not asked, or not yet */
  SipDialogQuestion *question; /* to that, NULL = none */
  gboolean waits_outside; /* for its answer, with what it would say next: */
  gboolean
      speaks_when_seen; /* a 183, and then maybe answer_due; or an INVITE */
  gchar *inner_host; /* the same inside of a NAT, NULL: it is no other */
  PacketAddress media_peer; /* whose family our ports have */
  SdpName media_name; /* in place of the peer's address; host is owned here */
  SipDialogName names[SIP_DIALOG_NAMES]; /* looked up in this call */
  guint n_names;
  SipNameLookup *media_lookup; /* of the last of them, NULL: it has ended */
  gboolean warned_of_address; /* that cannot be found */
  gchar *offer; /* of the peer, while SIP_OFFER_THEIRS */
  SipOffer offer_state;
  gchar *description; /* what we said last: sent again when asked nothing new */
  PacketTransport *rtp, *rtcp; /* until the stream takes them */
  RtpStream *stream;
  RtpStreamMedia media;
  gboolean has_media;
  SipCallState progress; /* CALLING, RINGING or EARLY was told last */
  gboolean held; /* HELD was told last */
};

/* ---- sipdialog.c */

SipDialog *sip_dialog_new (SipAgent *agent, const SipDialogSettings *settings,
    const SipDialogOwner *owner, gpointer user);
void sip_dialog_free (SipDialog *self);
/* The 200 is sent or received. */
void sip_dialog_set_answered (SipDialog *self);
void sip_dialog_tell_state (SipDialog *self, SipCallState state);
/* The same for RINGING and EARLY, if it is not what was told last. */
void sip_dialog_tell_progress (SipDialog *self, SipCallState state);
/* Something that the call goes on with, for a person. */
void sip_dialog_warn (SipDialog *self, const gchar *text);
/* A BYE is under way, or will be. */
void sip_dialog_await_bye (SipDialog *self);
/* The call is over for the line. */
void sip_dialog_tell_end (SipDialog *self, const SipDialogEnd *end);
/* Where the far end wants to be reached is nowhere: the call ends, in a way that the stack
 * survives. An answer to an INVITE is confirmed before. */
void sip_dialog_ack_unusable (SipDialog *self);
void sip_dialog_end_unusable (SipDialog *self, const SipDialogEnd *end);

/* ---- Its BYE: sipdialogbye.c */

/* From and To of the dialog as it is now: ours, and the far end's, headers of sofia. */
void sip_dialog_note_names (SipDialog *self, const void *own, const void *peer);
/* @sip may have another Contact. */
void sip_dialog_note_target (SipDialog *self, const sip_t *sip);
/* @sip has set where its requests go; @proxy: see sip_dialog_set_next_hop(). */
void sip_dialog_note_way (SipDialog *self, const sip_t *sip,
    const gchar *proxy);
/* An INFO, REFER, NOTIFY or PRACK of ours goes out; and what comes of it. */
void sip_dialog_count_request (SipDialog *self);
void sip_dialog_note_answered (SipDialog *self, const SipEvent *event);
/* At once, whatever else is open. */
void sip_dialog_send_bye (SipDialog *self);
/* The stack does not know that the call is over. */
gboolean sip_dialog_is_left (const SipDialog *self);
void sip_dialog_clear_way (SipDialog *self);

/* ---- A call that comes in: sipdialoganswer.c */

void sip_dialog_refuse (SipDialog *self, gint status, const gchar *phrase);
/* It may answer an offer of ours. */
void sip_dialog_handle_ack (SipDialog *self, const sip_t *sip);

/* ---- A call that goes out: sipdialoginvite.c */

/* A response to our INVITE. */
void sip_dialog_handle_answer (SipDialog *self, gint status,
    const gchar *phrase, const sip_t *sip);

/* Whom a response says to call instead, the best first: sipdialogredirect.c; (transfer
 * full). */
gchar **sip_dialog_dup_redirects (gint status, const sip_t *sip);

/* ---- Where it goes: sipdialogtry.c */

/* Our port is as far known as it will be: to the target that is tried. */
void sip_dialog_invite (SipDialog *self);
/* Looks for @uri, and tries what is found. */
void sip_dialog_find_targets (SipDialog *self, const gchar *uri, gint family);
/* The target that is tried did not take the call: the next one, or that is its end. Then
 * @self may be gone. */
void sip_dialog_end_try (SipDialog *self, const SipDialogEnd *end);
/* It has said something. */
void sip_dialog_heard_target (SipDialog *self);
void sip_dialog_stop_try (SipDialog *self);
/* FALSE: as far as encryption is concerned it can be reached. */
gboolean sip_dialog_tell_no_connection (SipDialog *self);

/* ---- A call that is up: sipdialogchange.c */

/* A request within the dialog. */
void sip_dialog_handle_request (SipDialog *self, nua_event_t event, gint status,
    const sip_t *sip);
/* How our side refreshes the session timer (RFC 4028), as @sip of the far end
 * allows. */
void sip_dialog_set_refresh (SipDialog *self, const sip_t *sip);
/* The answer to our refresh. */
void sip_dialog_handle_refresh (SipDialog *self, gint status);
/* The same to a re-INVITE of ours, if it was accepted: the ACK answers its offer. */
void sip_dialog_handle_refreshed (SipDialog *self, const sip_t *sip);

/* ---- A call that is given away: sipdialogtransfer.c */

/* The answer to our REFER. */
void sip_dialog_handle_referred (SipDialog *self, gint status);
/* A NOTIFY, which the stack has answered, or, @sip NULL, that none has come. */
void sip_dialog_handle_notify (SipDialog *self, const sip_t *sip);
/* The call is over: so is what was under way. */
void sip_dialog_end_transfer (SipDialog *self);

/* ---- A call that the far end gives away: sipdialogreferred.c */

/* A REFER. */
void sip_dialog_handle_refer (SipDialog *self, const SipEvent *event);
void sip_dialog_stop_leaving (SipDialog *self);
/* What our side of the call takes, for its messages to say. */
void sip_dialog_set_allow (SipDialog *self);

/* ---- An account: sipdialogaccount.c */

void sip_dialog_copy_account (SipDialogAccount *to,
    const SipDialogAccount *from);
/* Answers a far end that asks who we are; TRUE: nothing else has to. */
gboolean sip_dialog_authorize (SipDialog *self, const SipEvent *event);
/* From of a call out, the header's value and the address in it; (transfer full). */
gchar *sip_dialog_from_header (SipDialog *self);
gchar *sip_dialog_from_address (SipDialog *self);

/* ---- A call that we hold: sipdialoghold.c */

/* The answer to our re-INVITE. */
void sip_dialog_handle_hold (SipDialog *self, gint status, const sip_t *sip);
void sip_dialog_end_hold (SipDialog *self);
/* Whether the call is on hold, if that is not what was told last. */
void sip_dialog_tell_hold (SipDialog *self);

/* ---- Media: sipdialogmedia.c. FALSE with G_IO_ERROR codes of sdpanswer.h, or
 * G_IO_ERROR_ADDRESS_IN_USE when there is no port. */

/* Ports on the address that @remote sees; the stream exists from here on. */
gboolean sip_dialog_open_media (SipDialog *self, GError **error);
void sip_dialog_close_media (SipDialog *self, const gchar *reason);
/* As the far end is to know them now. */
void sip_dialog_set_media_hosts (SipDialog *self);
void sip_dialog_free_names (SipDialog *self);
/* Looks at an offer without applying it: takes a copy for the answer. */
gboolean sip_dialog_take_offer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error);
/* What goes into our 200: the answer to their offer (applied now), or an offer;
 * borrowed. NULL with @error. */
const gchar *sip_dialog_describe (SipDialog *self, GError **error);
/* Their answer to our offer, applied now. */
gboolean sip_dialog_take_answer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error);
/* What an answer before the 200 said holds for the call. */
void sip_dialog_confirm_media (SipDialog *self);

/* ---- How it is seen from outside: sipdialogoutside.c */

/* The stream is there, and has no media: has the server asked, if there is one.
 * self->waits_outside says whether it has to be waited for. */
void sip_dialog_ask_outside (SipDialog *self);
void sip_dialog_forget_outside (SipDialog *self);

/* ---- Encryption: sipdialogsecurity.c */

/* Makes the keys that this call sends with. */
void sip_dialog_init_security (SipDialog *self);
/* Before each offer, and before each answer to one: whether keys may be told to the far end,
 * or taken from it, on the way of the call. */
gboolean sip_dialog_check_secrecy (SipDialog *self, GError **error);
/* The request that is handled now may have come by another. */
gboolean sip_dialog_check_request_secrecy (SipDialog *self, GError **error);
/* It answers an offer of ours, and may do what that could, at most. */
gboolean sip_dialog_check_answer_secrecy (SipDialog *self, GError **error);

/* ---- Keys: sipdialogkeys.c */

/* What the far end says of itself in @sip, which may be NULL. */
void sip_dialog_note_allow (SipDialog *self, const sip_t *sip);
/* Completes @media, in which all else is fixed. */
void sip_dialog_set_keys (SipDialog *self, RtpStreamMedia *media);
/* The answer to an INFO of ours. */
void sip_dialog_handle_key_sent (SipDialog *self, gint status);

/* ---- Addresses: sipdialogaddress.c */

/* Our address as the far end at @remote is to know it; (transfer full). */
gchar *sip_dialog_dup_local_host (SipDialog *self, const PacketAddress *remote);
/* What media ports are bound to: the address that SDP announces, so that RTP leaves
 * from there, or, if that is not one of this machine, where it arrives. */
void sip_dialog_get_media_bind (SipDialog *self, PacketAddress *address);
/* Sets host and contact from the route to self->remote. */
void sip_dialog_set_route (SipDialog *self);
/* Where our requests within the dialog go, after @sip (an INVITE or its 200, or a
 * change) has set the target: by the stack to the Contact or route it names, or
 * to self->remote when that is a name, which only we can look up. */
void sip_dialog_set_next_hop (SipDialog *self, const sip_t *sip);
/* The URI of self->remote; (transfer full). */
gchar *sip_dialog_remote_uri (SipDialog *self);

G_END_DECLS
