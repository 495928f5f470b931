/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A SIP peer that says exactly what a test wants, right or wrong, over a raw
 * socket on loopback. It holds one dialog at a time and retransmits nothing. */

typedef struct _SipPeer SipPeer;

SipPeer *sip_peer_new (gboolean tcp);
/* At another address of loopback than 127.0.0.1, which is also where it calls. */
SipPeer *sip_peer_new_at (const gchar *host, gboolean tcp);
/* Where it calls. */
void sip_peer_set_callee (SipPeer *self, const gchar *host);
/* Its dialog goes on from there, with UDP: another address of this machine, and the same port. */
void sip_peer_move (SipPeer *self, const gchar *host);
void sip_peer_free (SipPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SipPeer, sip_peer_free)

guint sip_peer_get_port (SipPeer *self);
/* A body that offers or answers PCMU (0) or PCMA (8) audio with @direction;
 * borrowed till the next call. */
const gchar *sip_peer_sdp (SipPeer *self, guint codec, const gchar *direction);
/* Values of From and To, and the URI, of the next INVITE; NULL: as they were. */
void sip_peer_set_parties (SipPeer *self, const gchar *from, const gchar *to,
    const gchar *uri);
/* What goes into Contact; NULL: this peer. Also the Record-Route of it all. */
void sip_peer_set_target (SipPeer *self, const gchar *contact,
    const gchar *record_route);

/* A new dialog with @user at our side's @port. */
void sip_peer_begin (SipPeer *self, const gchar *user, guint port);
/* Sends a request of the dialog: INVITE, ACK, CANCEL, BYE... @headers: whole
 * lines or NULL; @body: SDP or what @headers says it is, or NULL. */
void sip_peer_request (SipPeer *self, const gchar *method, const gchar *headers,
    const gchar *body);
/* Answers @request, which came in. */
void sip_peer_respond (SipPeer *self, const gchar *request, const gchar *status,
    const gchar *headers, const gchar *body);
void sip_peer_send_raw (SipPeer *self, const gchar *text, gsize size);

/* The next message, at most @timeout ms later; NULL if none; (transfer full). */
gchar *sip_peer_receive (SipPeer *self, guint timeout);
/* The next message that begins with @start ("BYE ", "SIP/2.0 200"); others are
 * skipped. NULL: none within @timeout ms. (transfer full) */
gchar *sip_peer_wait (SipPeer *self, const gchar *start, guint timeout);
/* With TCP: what comes next are these bytes. */
gboolean sip_peer_wait_bytes (SipPeer *self, const gchar *bytes, guint timeout);
/* Value of @name in @message; (transfer full), NULL if absent. */
gchar *sip_peer_header (const gchar *message, const gchar *name);

G_END_DECLS
