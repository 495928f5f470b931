/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpsealed.h"

#include "sip/codec/codectable.h"
#include "sip/logic/rtp/rtppacket.h"

G_BEGIN_DECLS

/* The payloads of a stream, each to audio in the form of the call's codec, in order,
 * as its decoder wants them. A far end that may send any codec of our offer
 * (RFC 3264 5.1) is understood as well, by the codecs' static numbers: what comes in
 * another one is brought to the call's by way of a telephone's band.
 * One thread. */

typedef struct
{
  const RtpCodec *codec; /* of the call, NULL: none yet */
  guint8 payload_type;
  gboolean any; /* payloads of any codec of the table may come */
  gpointer decoder;
  gboolean
      is_sealed; /* packets of the call's codec stay closed: see RtpSealed */
  RtpSealed sealed;

  const RtpCodec *other; /* NULL: none has come */
  gpointer other_decoder, other_encoder;

  GArray *samples, *narrow; /* gint16 */
  GByteArray *payload;
} RtpUnpacker;

void rtp_unpacker_set (RtpUnpacker *self, const RtpCodec *codec,
    guint8 payload_type, gboolean any);
void rtp_unpacker_seal (RtpUnpacker *self, gboolean sealed);
void rtp_unpacker_clear (RtpUnpacker *self);
/* Is @payload_type audio that can come? */
gboolean rtp_unpacker_knows (const RtpUnpacker *self, guint8 payload_type);
/* For RtpReceiverConfig. */
const guint8 *rtp_unpacker_unpack (const RtpPacket *packet, guint *n_ticks,
    gpointer user);
guint rtp_unpacker_get_clock (const RtpPacket *packet, gpointer user);
const guint8 *rtp_unpacker_mend (const RtpPacket *behind, guint n_ticks,
    gpointer user);

G_END_DECLS
