/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "securecontext.h"

#include "logic/rtp/rtppacket.h"

#include <srtp2/srtp.h>
#include <string.h>

/* Packets back in which each is known to have come or not: 2.5 s of 20 ms. */
#define WINDOW 128
#define KNOWN (1u << RTP_N_SUITES)
#define INDEX_SIZE 4 /* RFC 3711 3.4: E flag and index of SRTCP */

G_STATIC_ASSERT (
    SECURE_CONTEXT_OVERHEAD >= SRTP_MAX_TAG_LEN + RTP_KEY_MAX_MKI + INDEX_SIZE);

struct _SecureContext
{
  RtpKey key;
  srtp_t srtp;
  guint32 sources[SECURE_CONTEXT_MAX_SOURCES];
  guint n_sources, last_source;
};

/* RFC 4568 6.2.2: SRTCP has the long tag even where SRTP has the short one. */
static void
set_suite (srtp_policy_t *policy, RtpSuite suite)
{
  switch (suite) {
    case RTP_SUITE_AEAD_AES_128_GCM:
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy->rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy->rtcp);
      break;
    case RTP_SUITE_AES_CM_128_HMAC_SHA1_32:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32 (&policy->rtp);
      srtp_crypto_policy_set_rtcp_default (&policy->rtcp);
      break;
    default:
      srtp_crypto_policy_set_rtp_default (&policy->rtp);
      srtp_crypto_policy_set_rtcp_default (&policy->rtcp);
      break;
  }
}

static srtp_policy_t
make_policy (RtpKey *key, srtp_ssrc_t ssrc)
{
  srtp_policy_t policy = { .ssrc = ssrc,
    .key = key->bytes, /* of which the library makes its own */
    .window_size = WINDOW };

  set_suite (&policy, key->suite);
  return policy;
}

static gboolean
works (RtpSuite suite)
{
  RtpKey key = { .suite = suite };
  const srtp_policy_t policy =
      make_policy (&key, (srtp_ssrc_t){ ssrc_any_outbound });
  srtp_t srtp;

  if (srtp_create (&srtp, &policy) != srtp_err_status_ok)
    return FALSE;
  srtp_dealloc (srtp);
  return TRUE;
}

/* The library says of its second initialization that it has failed: the first may have been
 * webrtcbin's. What counts is what works. */
static guint
find_suites (void)
{
  guint suites = 0;

  srtp_init ();
  for (guint i = 0; i < RTP_N_SUITES; i++)
    suites |= works ((RtpSuite) i) ? 1u << i : 0;
  return suites;
}

guint
secure_context_get_suites (void)
{
  static gsize suites = 0;

  if (g_once_init_enter (&suites))
    g_once_init_leave (&suites, KNOWN | find_suites ());
  return (guint) suites & ~KNOWN;
}

SecureContext *
secure_context_new (const RtpKey *key, gboolean outbound)
{
  SecureContext *self = g_new0 (SecureContext, 1);
  const srtp_ssrc_t any = { outbound ? ssrc_any_outbound : ssrc_any_inbound };

  self->key = *key;
  const srtp_policy_t policy = make_policy (&self->key, any);
  if (secure_context_get_suites () &&
      srtp_create (&self->srtp, &policy) == srtp_err_status_ok)
    return self;
  secure_context_free (self);
  return NULL;
}

void
secure_context_free (SecureContext *self)
{
  if (self->srtp)
    srtp_dealloc (self->srtp);
  rtp_key_clear (&self->key);
  g_free (self);
}

const RtpKey *
secure_context_get_key (const SecureContext *self)
{
  return &self->key;
}

static gboolean
has_source (const SecureContext *self, guint32 ssrc)
{
  for (guint i = 0; i < self->n_sources; i++)
    if (self->sources[i] == ssrc)
      return TRUE;
  return FALSE;
}

static void
note_source (SecureContext *self, guint32 ssrc)
{
  self->last_source = ssrc;
  if (!has_source (self, ssrc))
    self->sources[self->n_sources++] = ssrc;
}

/* One that was forgotten could be played again. */
static gboolean
may_take (const SecureContext *self, guint32 ssrc)
{
  return self->n_sources < SECURE_CONTEXT_MAX_SOURCES ||
      has_source (self, ssrc);
}

gboolean
secure_context_expect (SecureContext *self, guint32 ssrc, guint32 roc)
{
  const srtp_policy_t policy =
      make_policy (&self->key, (srtp_ssrc_t){ ssrc_specific, ssrc });

  if (srtp_add_stream (self->srtp, &policy) != srtp_err_status_ok)
    return FALSE;
  self->sources[self->n_sources++] = ssrc;
  return srtp_set_stream_roc (self->srtp, ssrc, roc) == srtp_err_status_ok;
}

void
secure_context_go_on (SecureContext *self, guint32 ssrc, guint32 roc)
{
  guint32 own;

  if (has_source (self, ssrc) && roc > 0 &&
      srtp_get_stream_roc (self->srtp, ssrc, &own) == srtp_err_status_ok &&
      own <= roc)
    srtp_set_stream_roc (self->srtp, ssrc, roc);
}

gboolean
secure_context_get_last (const SecureContext *self, guint32 *ssrc, guint32 *roc)
{
  *ssrc = self->last_source;
  return self->n_sources > 0 &&
      srtp_get_stream_roc (self->srtp, *ssrc, roc) == srtp_err_status_ok;
}

static gsize
get_tag_size (RtpSuite suite, gboolean rtcp)
{
  if (suite == RTP_SUITE_AEAD_AES_128_GCM)
    return 16;
  return rtcp || suite != RTP_SUITE_AES_CM_128_HMAC_SHA1_32 ? 10 : 4;
}

/* ---- The MKI stands in front of the tag (RFC 3711 3.1), of GCM, whose tag is within
 * what is encrypted, at the end (RFC 7714 8, 9). The library takes the tag of SRTP for
 * that of SRTCP where it looks for one, so that this is done here. */

/* Bytes of a packet that stand behind its MKI. */
static gsize
get_behind_mki (const SecureContext *self, gboolean rtcp)
{
  const RtpSuite suite = self->key.suite;

  return suite == RTP_SUITE_AEAD_AES_128_GCM ? 0 : get_tag_size (suite, rtcp);
}

static void
insert_mki (const SecureContext *self, guint8 *data, gsize *size, gboolean rtcp)
{
  const gsize n = self->key.mki_size, behind = get_behind_mki (self, rtcp);
  guint8 *place = data + *size - behind;

  memmove (place + n, place, behind);
  memcpy (place, self->key.mki, n);
  *size += n;
}

/* FALSE: it has another one. */
static gboolean
remove_mki (const SecureContext *self, guint8 *data, gsize *size, gboolean rtcp)
{
  const gsize n = self->key.mki_size, behind = get_behind_mki (self, rtcp);
  guint8 *place = data + *size - behind - n;

  if (memcmp (place, self->key.mki, n))
    return FALSE;
  memmove (place, place + n, behind);
  *size -= n;
  return TRUE;
}

/* ---- Packets */

gboolean
secure_context_protect (SecureContext *self, guint8 *data, gsize *size)
{
  const gboolean rtcp = rtp_packet_is_rtcp (data, *size);
  int length = (int) *size;
  srtp_err_status_t status = rtcp
      ? srtp_protect_rtcp (self->srtp, data, &length)
      : srtp_protect (self->srtp, data, &length);

  *size = (gsize) length;
  if (status == srtp_err_status_ok && self->key.mki_size)
    insert_mki (self, data, size, rtcp);
  return status == srtp_err_status_ok;
}

/* Whatever is shorter the library is not given. */
static gsize
get_least_size (const SecureContext *self, gboolean rtcp)
{
  return (rtcp ? 8 + INDEX_SIZE : RTP_HEADER_SIZE) +
      get_tag_size (self->key.suite, rtcp) + self->key.mki_size;
}

SecureResult
secure_context_unprotect (SecureContext *self, guint8 *data, gsize *size)
{
  const gboolean rtcp = rtp_packet_is_rtcp (data, *size);

  if (*size < get_least_size (self, rtcp) || data[0] >> 6 != 2)
    return SECURE_RESULT_FORGED;
  if (self->key.mki_size && !remove_mki (self, data, size, rtcp))
    return SECURE_RESULT_FORGED;
  const guint32 ssrc = rtp_read_uint32 (data + (rtcp ? 4 : 8));
  if (!may_take (self, ssrc))
    return SECURE_RESULT_FORGED;
  int length = (int) *size;
  switch (rtcp ? srtp_unprotect_rtcp (self->srtp, data, &length)
               : srtp_unprotect (self->srtp, data, &length)) {
    case srtp_err_status_ok:
      *size = (gsize) length;
      note_source (self, ssrc);
      return SECURE_RESULT_GOOD;
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old:
      return SECURE_RESULT_REPLAYED;
    default:
      return SECURE_RESULT_FORGED;
  }
}
