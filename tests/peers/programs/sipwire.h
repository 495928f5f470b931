/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <netinet/in.h>

/* A SIP user agent reduced to what the tests need: text in, text out, one
 * socket. It is written apart from the plugin on purpose, so that a mistake in
 * one is not repeated in the other. */

/* ---- messages ---- */

/* Value of the first header @name (long form; the compact one is found too), or
 * NULL. */
gchar *sip_header (const gchar *message, const gchar *name);
/* Status code of a response, 0 for a request. */
guint sip_status (const gchar *message);
gboolean sip_is_request (const gchar *message, const gchar *method);
/* "INVITE" of "CSeq: 1 INVITE". */
gchar *sip_cseq_method (const gchar *message);
/* Body of the message ("" if none); belongs to @message. */
const gchar *sip_body (const gchar *message);
/* An answer to @request; @contact, @extra (whole lines with CRLF) and @body (SDP)
 * may be NULL. */
gchar *sip_reply (const gchar *request, guint code, const gchar *reason,
    const gchar *to_tag, const gchar *contact, const gchar *extra,
    const gchar *body);

/* ---- SDP ---- */

/* A G.711 description; @direction "sendrecv" etc., @payload_type 0 or 8. */
gchar *sip_sdp (const gchar *ip, guint port, guint payload_type,
    const gchar *direction, guint version);
/* The same with video at its port (RFC 9143), and RTCP; takes @sdp, (transfer full). */
gchar *sip_sdp_bundle (gchar *sdp);
/* @message answers that, and takes the audio only. */
gboolean sip_sdp_is_bundle (const gchar *message);
/* Where the media of @message's description goes. */
gboolean sip_sdp_target (const gchar *message, struct sockaddr_in *address);
/* "sendrecv", "recvonly"...; never NULL. */
const gchar *sip_sdp_direction (const gchar *message);

/* ---- one dialog, our side of it ---- */

typedef struct
{
  gchar *target; /* Request-URI: the called URI, then the peer's Contact */
  gchar *local; /* From with tag */
  gchar *remote; /* To, with tag once known */
  gchar *call_id;
  gchar *contact; /* our own URI */
  gchar *via; /* "UDP 127.0.0.1:26000" */
  gchar *routes; /* whole Route lines, "" = none: RFC 3261 12.1 */
  guint cseq;
  guint invite_cseq;
  gchar *branch;
} SipDialog;

void sip_dialog_init (SipDialog *dialog, const gchar *uri, const gchar *user,
    const gchar *transport, const gchar *ip, guint port);
/* The dialog that an incoming INVITE makes. */
void sip_dialog_init_incoming (SipDialog *dialog, const gchar *invite,
    const gchar *tag, const gchar *transport, const gchar *ip, guint port);
void sip_dialog_clear (SipDialog *dialog);
/* A request within it. ACK and CANCEL take the INVITE's CSeq; CANCEL (and the
 * ACK of a failure) its branch too. */
gchar *sip_dialog_request (SipDialog *dialog, const gchar *method,
    const gchar *extra, const gchar *body);
gchar *sip_dialog_ack_failure (SipDialog *dialog);
/* Learns tag, target and route set from a response to the INVITE. */
void sip_dialog_learn (SipDialog *dialog, const gchar *response);

/* ---- a socket ---- */

typedef struct
{
  int fd;
  gboolean tcp;
  gchar *ip; /* ours */
  guint port;
  struct sockaddr_in peer; /* default destination; learnt from requests too */
  GString *pending; /* TCP: bytes not yet a message */
} SipLink;

/* Binds @port (0: any) on the loopback address and, for TCP, connects. FALSE:
 * could not (errno). */
gboolean sip_link_open (SipLink *link, gboolean tcp, guint local_port,
    const gchar *host, guint port);
void sip_link_close (SipLink *link);
gboolean sip_link_send (SipLink *link, const gchar *data, gssize size);
/* Next message, NUL terminated, or NULL after @timeout ms. With @follow, later
 * messages go to where this one came from. */
gchar *sip_link_receive (SipLink *link, gint timeout, gboolean follow);

/* "sip:user@127.0.0.1:26000" -> address; FALSE if it is not numeric. */
gboolean sip_uri_split (const gchar *uri, gchar **host, guint *port);

gint64 sip_now (void); /* us, monotonic */
