/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/media/rtpstream.h"
#include "sip/sdp/sdpsecurity.h"

G_BEGIN_DECLS

/* Offer and answer (RFC 3264) for one audio stream, as pure functions. (They use
 * GstSDPMessage: the one GStreamer type below the session layer.) */

/* What our side wants and has. */
typedef struct
{
  RtpCodecList codecs;
  const SdpSecurity *security; /* NULL: plain RTP only */
  const RtpIce *ice; /* that holds, borrowed, NULL: none */
  const gchar *before; /* what we said last, borrowed, NULL: nothing yet */
  const gchar *host; /* numeric address for o= and c= */
  const gchar *inner_host; /* the same inside of a NAT, NULL: there is none */
  guint16 port; /* of RTP */
  guint16 rtcp_port; /* 0: the next one */
  guint16
      inner_port; /* of RTP at inner_host; RTCP is the next one; 0: the same */
  guint64 id; /* o= session id */
  guint64 version; /* o= session version: one more for each change */
  gboolean hold; /* we take no audio */
  gboolean silent; /* nor send any then */
} SdpLocal;

/* G_IO_ERROR_INVALID_DATA: not SDP, answer 400. _NOT_SUPPORTED: nothing in common,
 * answer 488. */

/* A name in place of the peer's address, to be looked up. */
typedef struct
{
  gchar *host; /* NULL: there was an address */
  guint16 rtp_port, rtcp_port;
} SdpName;

/* Reads an offer of the peer: of what it lists the first codec that we know is taken
 * (RFC 3264 6.1). @media gets payload types, addresses (what the
 * peer wants us to send to; unset when it says a name, which goes to @name, (transfer
 * full), if that is not NULL), directions as seen from here, and keys, which
 * rtp_stream_media_clear() gives up. An m-line that comes to SRTP is taken rather than one
 * of plain RTP. */
gboolean sdp_parse (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error);
/* The same for the peer's answer to our offer. */
gboolean sdp_parse_answer (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error);

/* Our answer to the offer @text, whose outcome is @media; (transfer full). Every
 * m-line of the offer is answered in its place, those we do not take with port
 * 0. */
gchar *sdp_answer (const gchar *text, gsize size, const SdpLocal *local,
    const RtpStreamMedia *media, GError **error);

/* An offer of all our codecs, with every m-line that there was before; (transfer full). */
gchar *sdp_offer (const SdpLocal *local);

G_END_DECLS
