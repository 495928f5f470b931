/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpkey.h"

#include <string.h>

static const struct
{
  const gchar *name;
  gsize key_size;
} suites[RTP_N_SUITES] = {
  [RTP_SUITE_AEAD_AES_128_GCM] = { "AEAD_AES_128_GCM", 16 + 12 },
  [RTP_SUITE_AES_CM_128_HMAC_SHA1_80] = { "AES_CM_128_HMAC_SHA1_80", 16 + 14 },
  [RTP_SUITE_AES_CM_128_HMAC_SHA1_32] = { "AES_CM_128_HMAC_SHA1_32", 16 + 14 },
};

const gchar *
rtp_suite_get_name (RtpSuite suite)
{
  return suites[suite].name;
}

gsize
rtp_suite_get_key_size (RtpSuite suite)
{
  return suites[suite].key_size;
}

gboolean
rtp_suite_find (const gchar *name, RtpSuite *suite)
{
  for (guint i = 0; i < RTP_N_SUITES; i++)
    if (!g_ascii_strcasecmp (name, suites[i].name)) {
      *suite = (RtpSuite) i;
      return TRUE;
    }
  return FALSE;
}

gboolean
rtp_key_equal (const RtpKey *a, const RtpKey *b)
{
  return a->suite == b->suite && a->mki_size == b->mki_size &&
      !memcmp (a->mki, b->mki, a->mki_size) &&
      !memcmp (a->bytes, b->bytes, rtp_suite_get_key_size (a->suite));
}

void
rtp_key_clear (RtpKey *self)
{
  explicit_bzero (self, sizeof *self);
}

RtpKeys *
rtp_keys_new (const gchar *method, const RtpKey *send, const RtpKey *receive)
{
  RtpKeys *self = g_new0 (RtpKeys, 1);

  self->ref_count = 1;
  self->method = method;
  self->send = *send;
  self->receive = *receive;
  return self;
}

RtpKeys *
rtp_keys_ref (RtpKeys *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rtp_keys_unref (RtpKeys *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  rtp_key_clear (&self->send);
  rtp_key_clear (&self->receive);
  g_free (self);
}

gboolean
rtp_keys_equal (const RtpKeys *a, const RtpKeys *b)
{
  if (!a || !b)
    return a == b;
  return rtp_key_equal (&a->send, &b->send) &&
      rtp_key_equal (&a->receive, &b->receive);
}
