/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keys of SRTP (RFC 3711) as both ends of a call agree on them, however they did.
 * Whoever holds one clears it: no byte of a key stays behind in freed memory. */

/* In the order in which we offer them. */
typedef enum
{
  RTP_SUITE_AEAD_AES_128_GCM, /* RFC 7714 */
  RTP_SUITE_AES_CM_128_HMAC_SHA1_80, /* RFC 4568 6.2.1 */
  RTP_SUITE_AES_CM_128_HMAC_SHA1_32, /* RFC 4568 6.2.2 */
  RTP_N_SUITES,
} RtpSuite;

/* Its name in SDP; a literal. */
const gchar *rtp_suite_get_name (RtpSuite suite);
/* FALSE: none of ours. */
gboolean rtp_suite_find (const gchar *name, RtpSuite *suite);
/* Bytes of master key and salt. */
gsize rtp_suite_get_key_size (RtpSuite suite);

#define RTP_KEY_MAX_SIZE 30
#define RTP_KEY_MAX_MKI 32 /* as the example of RFC 4568 has it */

typedef struct
{
  RtpSuite suite;
  guint8 bytes[RTP_KEY_MAX_SIZE]; /* master key, then salt */
  guint8 mki[RTP_KEY_MAX_MKI]; /* RFC 3711 3.1, stands in each packet */
  guint mki_size; /* bytes, 0 = there is none */
} RtpKey;

gboolean rtp_key_equal (const RtpKey *a, const RtpKey *b);
void rtp_key_clear (RtpKey *self);

/* What an exchange of keys came to: with what is sent, and what comes. Never
 * changed once it is shared; any thread. */
typedef struct
{
  gint ref_count; /* atomic */
  const gchar *method; /* how they were exchanged, "sdes"; a literal */
  RtpKey send, receive;
} RtpKeys;

/* Copies both. */
RtpKeys *rtp_keys_new (const gchar *method, const RtpKey *send,
    const RtpKey *receive);
RtpKeys *rtp_keys_ref (RtpKeys *self);
void rtp_keys_unref (RtpKeys *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtpKeys, rtp_keys_unref)
/* NULL is no keys. */
gboolean rtp_keys_equal (const RtpKeys *a, const RtpKeys *b);

G_END_DECLS
