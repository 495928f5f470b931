/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "tlsfiles.h"

#include "common/loop/ioloop.h"
#include "common/loop/packettransport.h"

G_BEGIN_DECLS

/* The encryption of one SIP agent: whom it believes, what it shows, and why a
 * connection failed. The SIP library makes the connections and does no more than
 * shake hands, by OpenSSL: it sends no chain, knows no address in a certificate, says
 * nothing of a failure, keeps what a connection had, and takes the failure of one
 * for that of the next. OpenSSL tells of each context and connection that is made:
 * they are set up here, before a byte goes out. All on the SIP loop. */

typedef struct _TlsPort TlsPort;

/* ms for a handshake, for connections from now on; for tests. */
extern guint tls_port_handshake;

/* NULL with @error, as tls_settings_check(). @loop: where all of it is. */
TlsPort *tls_port_new (IoLoop *loop, const TlsSettings *settings,
    GError **error);
/* When the library's agent is gone. */
void tls_port_free (TlsPort *self);
const TlsSettings *tls_port_get_settings (TlsPort *self);

/* What contexts the library makes between these are its. FALSE: it made none. */
void tls_port_begin (TlsPort *self);
gboolean tls_port_end (TlsPort *self);

/* Whether the message that came from @peer came by a connection of this. */
gboolean tls_port_has_peer (TlsPort *self, const PacketAddress *peer);

/* Somebody who is about to send to @peer, which is to be @name: it must prove that, or
 * nothing is sent. */
typedef struct _TlsWatch TlsWatch;

/* @why: "its certificate expired on 2026-11-30". */
typedef void (*TlsFailed) (const gchar *why, gpointer user);

/* NULL with *@why (transfer full): there is a connection to @peer, by which the library
 * would send, and it is somebody else's. @failed is called, never before this returns,
 * when there is no connection, which may be again and again. */
TlsWatch *tls_watch_new (TlsPort *port, const PacketAddress *peer,
    const gchar *name, TlsFailed failed, gpointer user, gchar **why);
/* What failed() is about to be told, NULL: nothing; borrowed. */
const gchar *tls_watch_get_failure (const TlsWatch *self);
void tls_watch_free (TlsWatch *self);

G_END_DECLS
