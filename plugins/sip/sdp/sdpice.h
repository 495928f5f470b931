/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/ice/rtpice.h"

#include <gst/sdp/gstsdpmessage.h>

G_BEGIN_DECLS

/* ICE in offers and answers (RFC 8839), where this side is a lite one. Pure functions. */

/* (transfer full), without names of ours; NULL: the far end has none, or it cannot be
 * used. */
RtpIce *sdp_ice_read (const GstSDPMessage *message, const GstSDPMedia *media);
/* Somebody between the ends has changed where @media goes to, and knew no ICE: it is done
 * without (RFC 8839 4.2.5). */
gboolean sdp_ice_is_mismatch (const GstSDPMessage *message,
    const GstSDPMedia *media);
/* Where this side is reached. */
typedef struct
{
  const gchar *address; /* NULL: nowhere */
  guint16 ports[2]; /* of RTP and RTCP */
} SdpIceHost;

/* Candidates are at @hosts. */
void sdp_ice_write (GstSDPMessage *message, GstSDPMedia *media,
    const RtpIce *ice, const SdpIceHost *hosts, guint n_hosts);

G_END_DECLS
