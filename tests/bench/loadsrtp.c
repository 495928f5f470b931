/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "loadsrtp.h"

#include <srtp2/srtp.h>
#include <string.h>

struct _LoadSrtp
{
  const gchar *suite;
  gboolean gcm;
  srtp_t out, in;
};

/* A bench keeps no secrets. */
static guint8 our_key[30] = "a key that everybody may know";

static srtp_t
new_context (const LoadSrtp *self, guint8 *key, srtp_ssrc_type_t type)
{
  srtp_policy_t policy = { .ssrc = { type }, .key = key, .window_size = 128 };
  srtp_t context = NULL;

  if (self->gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtcp);
  } else {
    srtp_crypto_policy_set_rtp_default (&policy.rtp);
    srtp_crypto_policy_set_rtcp_default (&policy.rtcp);
  }
  srtp_create (&context, &policy);
  return context;
}

LoadSrtp *
load_srtp_new (const gchar *suite)
{
  static const gchar *const suites[] = { "AES_CM_128_HMAC_SHA1_80",
    "AEAD_AES_128_GCM" };

  srtp_init ();
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    if (!g_str_equal (suite, suites[i]))
      continue;
    LoadSrtp *self = g_new0 (LoadSrtp, 1);
    self->suite = suites[i];
    self->gcm = i == 1;
    self->out = new_context (self, our_key, ssrc_any_outbound);
    self->in = new_context (self, our_key, ssrc_any_inbound);
    return self;
  }
  return NULL;
}

void
load_srtp_free (LoadSrtp *self)
{
  srtp_dealloc (self->out);
  srtp_dealloc (self->in);
  g_free (self);
}

gchar *
load_srtp_offer (const LoadSrtp *self, const gchar *sdp)
{
  g_auto (GStrv) parts = g_strsplit (sdp, "RTP/AVP", 2);
  g_autofree gchar *key = g_base64_encode (our_key, self->gcm ? 28 : 30);

  return g_strdup_printf ("%sRTP/SAVP%sa=crypto:1 %s inline:%s\r\n", parts[0],
      parts[1], self->suite, key);
}

gboolean
load_srtp_answered (LoadSrtp *self, const gchar *message)
{
  g_autofree gchar *start =
      g_strdup_printf ("a=crypto:1 %s inline:", self->suite);
  const gchar *found = strstr (message, start);
  g_autofree gchar *text =
      found ? g_strndup (found + strlen (start), 40) : NULL;
  gsize size = 0;
  g_autofree guint8 *key = text ? g_base64_decode (text, &size) : NULL;

  if (size != (self->gcm ? 28 : 30))
    return FALSE;
  srtp_dealloc (self->in);
  self->in = new_context (self, key, ssrc_any_inbound);
  return self->in != NULL;
}

gsize
load_srtp_protect (LoadSrtp *self, guint8 *packet, gsize size)
{
  int length = (int) size;

  return srtp_protect (self->out, packet, &length) == srtp_err_status_ok
      ? (gsize) length
      : 0;
}

gsize
load_srtp_unprotect (LoadSrtp *self, guint8 *packet, gsize size)
{
  int length = (int) size;

  return srtp_unprotect (self->in, packet, &length) == srtp_err_status_ok
      ? (gsize) length
      : 0;
}
