/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the SIP library cannot say about the address that it listens at. */

/* In place of an address: all of this machine, IPv4 and IPv6. "0.0.0.0" and "::" are
 * all of one kind. */
#define SIP_PORT_ANY_HOST "*"

gboolean sip_port_is_wildcard (const gchar *host);
/* Of the addresses that can be reached from there; AF_UNSPEC: both. */
gint sip_port_get_family (const gchar *host);

/* A port that is free for UDP and TCP: the library cannot say which one the kernel
 * chose. 0: there is no such address. */
guint16 sip_port_choose (const gchar *host);

/* Why nothing could listen there, for a person; (transfer full). @tls_port: the one for
 * TLS; 0, either of them: there is none. */
gchar *sip_port_explain (const gchar *host, guint16 port, guint16 tls_port);

G_END_DECLS
