/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A peer's SDP; whatever is accepted can be answered. */

#include "sip/signalling/sdpanswer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SdpLocal local = { .host = "127.0.0.1", .port = 4000 };
  const gchar *text = (const gchar *) data;
  RtpStreamMedia media;
  SdpName name;

  codec_table_parse ("PCMU,PCMA,G722", &local.codecs, NULL);
  sdp_parse_answer (text, size, &local, &media, NULL, NULL);
  gboolean ok = sdp_parse (text, size, &local, &media, &name, NULL);
  g_free (name.host);
  if (!ok)
    return 0;
  g_assert (media.packet_time >= 5 && media.packet_time <= 20);
  gchar *answer = sdp_answer (text, size, &local, &media, NULL);
  g_assert (answer != NULL);
  g_free (answer);
  return 0;
}
