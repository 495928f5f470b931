/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties of encrypted audio. */

#include "gstsip.h"
#include "gstsipproperties.h"
#include "sdp/sdpsecurity.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:srtp:
 *
 * Whether the audio is encrypted (SRTP, RFC 3711) by AES_CM_128_HMAC_SHA1_80 or _32, or
 * AEAD_AES_128_GCM. Default: off, and who wants it gets 488. optional: calls out offer it
 * beside plain audio (RFC 8643), and it is taken wherever it is offered. required: nothing
 * else, both ways. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:srtp-keys:
 *
 * How the keys of #GstSipSrc:srtp are exchanged. Default: sdes, in SDP (a=crypto, RFC 4568):
 * whoever reads the signalling hears the call, and with srtp=required such calls come and go
 * by TLS only, on this machine, or from and to addresses that #GstSipSrc:allow-from names.
 * dtls, by a handshake on the way of the audio (RFC 5763), which needs rtcp-mux; both, as a
 * caller offers, and calls out offer dtls. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_srtp (GParamSpec **specs)
{
  specs[GST_SIP_PROP_SRTP] = g_param_spec_enum ("srtp", "SRTP",
      "Whether the audio of calls is encrypted", GST_TYPE_SIP_SRTP,
      SIP_SRTP_OFF, FLAGS_READY);
  specs[GST_SIP_PROP_SRTP_KEYS] = g_param_spec_enum ("srtp-keys", "SRTP keys",
      "How the keys of encrypted audio are exchanged", GST_TYPE_SIP_SRTP_KEYS,
      SIP_SRTP_KEYS_SDES, FLAGS_READY);
}
