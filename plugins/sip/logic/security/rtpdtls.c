/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpdtls.h"

#include <string.h>

#define HASH "sha-256 "

RtpDtls *
rtp_dtls_new (gboolean active, const guint8 *fingerprint)
{
  RtpDtls *self = g_new0 (RtpDtls, 1);

  self->ref_count = 1;
  self->active = active;
  memcpy (self->fingerprint, fingerprint, RTP_FINGERPRINT_SIZE);
  return self;
}

RtpDtls *
rtp_dtls_ref (RtpDtls *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rtp_dtls_unref (RtpDtls *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

gboolean
rtp_dtls_equal (const RtpDtls *a, const RtpDtls *b)
{
  if (!a || !b)
    return a == b;
  return a->active == b->active &&
      !memcmp (a->fingerprint, b->fingerprint, RTP_FINGERPRINT_SIZE);
}

gboolean
rtp_dtls_parse_fingerprint (const gchar *value, guint8 *fingerprint)
{
  if (g_ascii_strncasecmp (value, HASH, strlen (HASH)))
    return FALSE;
  const gchar *at = value + strlen (HASH);
  for (guint i = 0; i < RTP_FINGERPRINT_SIZE; i++, at += 2) {
    if (i > 0 && *at++ != ':')
      return FALSE;
    if (!g_ascii_isxdigit (at[0]) || !g_ascii_isxdigit (at[1]))
      return FALSE;
    fingerprint[i] = (guint8) (g_ascii_xdigit_value (at[0]) << 4 |
        g_ascii_xdigit_value (at[1]));
  }
  return *at == '\0' || *at == ' ';
}

gchar *
rtp_dtls_format_fingerprint (const guint8 *fingerprint)
{
  GString *text = g_string_new (HASH);

  for (guint i = 0; i < RTP_FINGERPRINT_SIZE; i++)
    g_string_append_printf (text, i ? ":%02X" : "%02X", fingerprint[i]);
  return g_string_free (text, FALSE);
}

static const gchar *const setups[] = {
  [RTP_DTLS_ACTIVE] = "active",
  [RTP_DTLS_PASSIVE] = "passive",
  [RTP_DTLS_ACTPASS] = "actpass",
};

gboolean
rtp_dtls_parse_setup (const gchar *value, RtpDtlsSetup *setup)
{
  for (guint i = 0; i < G_N_ELEMENTS (setups); i++)
    if (!g_ascii_strcasecmp (value, setups[i])) {
      *setup = (RtpDtlsSetup) i;
      return TRUE;
    }
  return FALSE;
}

const gchar *
rtp_dtls_get_setup_name (RtpDtlsSetup setup)
{
  return setups[setup];
}
