/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which SIP addresses (RFC 3261 19.1) may be given to this plugin, as a property
 * or to be called: what passes can stand in a request as it is. */

typedef enum
{
  SIP_URI_GOOD,
  SIP_URI_BAD,
} SipUriVerdict;

/* "sip:[user[:password]@]host[:port][;parameters][?headers]", or "sips:". @to_call: port 0
 * will not do, nor the host "*", which is every address of this machine. */
SipUriVerdict sip_uri_check (const gchar *uri, gboolean to_call);

/* Whether a good one is to be reached by TLS alone: sips:, or transport=tls. */
gboolean sip_uri_is_secure (const gchar *uri);

/* The host of a good one, of IPv6 without its brackets; (transfer full). */
gchar *sip_uri_dup_host (const gchar *uri);

/* Whether both, sip:, sips: or tel:, call the same user, wherever that is: a proxy writes
 * another host, port and parameters. Any text may be given. */
gboolean sip_uri_is_same_callee (const gchar *uri, const gchar *other);

/* The name of a parameter that nothing here or in RFC 3261 19.1.1 has, or "headers"; (transfer
 * full), NULL: there is none. A mistyped transport would leave a line without TLS. */
gchar *sip_uri_dup_strange (const gchar *uri);

/* @number of a tel: URI without its visual separators (RFC 3966 5.1.1); (transfer
 * full). */
gchar *sip_uri_dup_number (const gchar *number);

G_END_DECLS
