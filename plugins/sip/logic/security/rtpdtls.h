/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What SDP says of keys by DTLS (RFC 5763): whose certificate is to be seen in the
 * handshake, and who begins it. */

#define RTP_FINGERPRINT_SIZE 32 /* SHA-256 */

typedef enum
{
  RTP_DTLS_ACTIVE, /* sends the first message: DTLS client */
  RTP_DTLS_PASSIVE,
  RTP_DTLS_ACTPASS, /* of an offer: either */
} RtpDtlsSetup;

/* Agreed on by both ends. Never changed once it is shared; any thread. */
typedef struct
{
  gint ref_count; /* atomic */
  gboolean active; /* this side begins */
  guint8 fingerprint[RTP_FINGERPRINT_SIZE]; /* of the far end's certificate */
} RtpDtls;

RtpDtls *rtp_dtls_new (gboolean active, const guint8 *fingerprint);
RtpDtls *rtp_dtls_ref (RtpDtls *self);
void rtp_dtls_unref (RtpDtls *self);
/* NULL is none. */
gboolean rtp_dtls_equal (const RtpDtls *a, const RtpDtls *b);

/* Of the value of a=fingerprint (RFC 8122): FALSE: it is not one of SHA-256. */
gboolean rtp_dtls_parse_fingerprint (const gchar *value, guint8 *fingerprint);
/* (transfer full) */
gchar *rtp_dtls_format_fingerprint (const guint8 *fingerprint);
/* Of the value of a=setup (RFC 4145); FALSE: it is none of these. */
gboolean rtp_dtls_parse_setup (const gchar *value, RtpDtlsSetup *setup);
/* A literal. */
const gchar *rtp_dtls_get_setup_name (RtpDtlsSetup setup);

G_END_DECLS
