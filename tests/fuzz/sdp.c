/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A peer's SDP; whatever is accepted can be answered. */

#include "sip/signalling/sdpanswer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint8 random[RTP_N_SUITES * RTP_KEY_MAX_SIZE] = { 0 };
  SdpSecurity security;
  SdpLocal local = { .host = "127.0.0.1", .port = 4000 };
  const gchar *text = (const gchar *) data;
  RtpStreamMedia media;
  SdpName name;

  codec_table_parse ("PCMU,PCMA,G722,opus", &local.codecs, NULL);
  sdp_security_init (&security,
      size % 2 ? SIP_SRTP_OPTIONAL : SIP_SRTP_REQUIRED, random);
  security.fingerprint = size % 5 ? random : NULL;
  local.security = size % 3 ? &security : NULL;
  sdp_parse_answer (text, size, &local, &media, NULL, NULL);
  rtp_stream_media_clear (&media);
  gboolean ok = sdp_parse (text, size, &local, &media, &name, NULL);
  g_free (name.host);
  if (!ok)
    return 0;
  g_assert (media.packet_time >= 5 && media.packet_time <= 60);
  gchar *answer = sdp_answer (text, size, &local, &media, NULL);
  g_assert (answer != NULL);
  g_free (answer);
  rtp_stream_media_clear (&media);
  return 0;
}
