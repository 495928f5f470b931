/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/media/rtpstream.h"

G_BEGIN_DECLS

/* Offer and answer (RFC 3264) for one audio stream, as pure functions. (They use
 * GstSDPMessage: the one GStreamer type below the session layer.) */

/* What our side wants and has. */
typedef struct
{
  RtpCodecList codecs;
  const gchar *host; /* numeric address for o= and c= */
  guint16 port; /* of RTP; RTCP is the next one */
  guint64 id; /* o= session id */
  guint64 version; /* o= session version: one more for each change */
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
 * full), if that is not NULL) and directions as seen from here. */
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

/* An offer of all our codecs; @hold offers sendonly; (transfer full). */
gchar *sdp_offer (const SdpLocal *local);

G_END_DECLS
