/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* The certificate by which this process is known in handshakes of DTLS: it signs itself, is
 * made once, and its fingerprint stands in SDP. */

/* Any thread; the first call takes some ms. NULL: it could not be made. Settings of
 * both roles with SRTP (RFC 5764). */
SSL_CTX *dtls_certificate_get_context (void);
/* SHA-256; NULL: see above. */
const guint8 *dtls_certificate_get_fingerprint (void);
/* Of the certificate that the far end of @ssl has shown; FALSE: none. */
gboolean dtls_certificate_digest (SSL *ssl, guint8 *fingerprint);

G_END_DECLS
