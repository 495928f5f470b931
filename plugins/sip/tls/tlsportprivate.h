/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "tlsport.h"

G_BEGIN_DECLS

struct _TlsPort
{
  IoLoop *loop;
  TlsFiles *files;
  GPtrArray *contexts; /* SSL_CTX */
  GQueue links; /* TlsLink: connections */
  GQueue watches; /* TlsWatch */
};

struct _TlsWatch
{
  TlsPort *port;
  PacketAddress peer;
  gchar *name;
  TlsFailed failed;
  gpointer user;
  gchar *why; /* to be told */
  GSource *telling;
};

/* ---- tlsportlink.c: its connections */

/* The library has made @context. */
void tls_port_set_up (TlsPort *self, SSL_CTX *context);
/* It is gone, whatever still has @context. */
void tls_port_let_go (TlsPort *self, SSL_CTX *context);
/* Whether there is a connection to @peer that was proved, but not for @name; NULL,
 * or (transfer full) why. */
gchar *tls_port_find_other (TlsPort *self, const PacketAddress *peer,
    const gchar *name);
/* The index of our data in an SSL_CTX. */
void tls_port_init_links (void);

/* ---- tlsport.c */

/* Whoever watches @peer hears @why. */
void tls_port_tell (TlsPort *self, const PacketAddress *peer, const gchar *why);

G_END_DECLS
