/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* Why there is no encrypted connection, in words for a person. */

/* Whether @certificate is one of @name, a host name or an IP address: RFC 5922 7.2, and
 * wildcards, which trunks have although 7.2 does not want them. */
gboolean tls_cause_is_name (X509 *certificate, const gchar *name);

/* The far end was called as @name and showed @certificate (may be NULL), which is not to be
 * believed for @code (X509_V_ERR_..); (transfer full). */
gchar *tls_cause_of_certificate (X509 *certificate, gint code,
    const gchar *name);
/* The far end sent a fatal alert (RFC 8446 6.2). */
const gchar *tls_cause_of_alert (gint alert);
/* What OpenSSL's error @code (ERR_peek_error()) is about; 0: the connection ended. */
const gchar *tls_cause_of_error (gulong code);

G_END_DECLS
