/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipdialog.h"
#include "sip/signalling/sipresolver.h"

G_BEGIN_DECLS

#define SIP_DIALOG_NAMES 4 /* that a far end may have looked up in a call */

/* A name out of SDP, and what it stands for. */
typedef struct
{
  gchar *host;
  PacketAddress address; /* port 0; unset: not found, or not yet */
} SipDialogName;

typedef enum
{
  SIP_OFFER_NONE,
  SIP_OFFER_OURS, /* sent, an answer is awaited */
  SIP_OFFER_THEIRS, /* received, to be answered in a 200 */
} SipOffer;

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
  gboolean answered; /* 200 sent or received */
  gboolean confirmed; /* ACK sent or received */
  gboolean established; /* ANSWERED was told */
  gboolean bye_due; /* when it is confirmed */
  gchar *reason; /* of our BYE, header value or NULL */
  gboolean ended; /* nothing more to tell */
  gboolean lingering; /* counted as unanswered */
  gboolean warned_of_info; /* one that cannot be read */
  guint refusals; /* of our refresh of the session, one after another */
  GCancellable *cancellable; /* of the resolver */
  PacketAddress remote; /* of the signalling */
  gchar *transport; /* "udp", "tcp" */
  gchar *contact; /* header value */
  gboolean has_route; /* Record-Route set it for good */
  gchar *call_id, *from, *to, *uri;
  gchar *log_id; /* call_id for the log, NULL: there was no INVITE yet */
  gchar *display_name; /* of the far end */
  GstStructure *headers;

  /* Media */
  SdpLocal local; /* host is media_host */
  gchar *host; /* ours, for the signalling */
  gchar *media_host; /* and for RTP, as SDP has it */
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
/* The call is over for the line. */
void sip_dialog_tell_end (SipDialog *self, const SipDialogEnd *end);

/* ---- A call that comes in: sipdialoganswer.c */

void sip_dialog_refuse (SipDialog *self, gint status, const gchar *phrase);
/* It may answer an offer of ours. */
void sip_dialog_handle_ack (SipDialog *self, const sip_t *sip);

/* ---- A call that goes out: sipdialoginvite.c */

/* A response to our INVITE. */
void sip_dialog_handle_answer (SipDialog *self, gint status,
    const gchar *phrase, const sip_t *sip);

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

/* ---- Media: sipdialogmedia.c. FALSE with G_IO_ERROR codes of sdpanswer.h, or
 * G_IO_ERROR_ADDRESS_IN_USE when there is no port. */

/* Ports on the address that @remote sees; the stream exists from here on. */
gboolean sip_dialog_open_media (SipDialog *self, GError **error);
void sip_dialog_close_media (SipDialog *self, const gchar *reason);
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
/* Whether the call is on hold, if that is not what was told last. */
void sip_dialog_tell_hold (SipDialog *self);
/* What an answer before the 200 said holds for the call. */
void sip_dialog_confirm_media (SipDialog *self);

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
