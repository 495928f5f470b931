/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/rtp/rtppacket.h"

#include <gst/sdp/gstsdpmessage.h>

G_BEGIN_DECLS

/* Streams that share a port (RFC 9143), of which this side takes one: what answers say of
 * it. A stream that can only be had with another's port has 0 for its own, so it is not
 * taken. Pure functions. */

/* Gives @media the a=mid of @named, if that has one. */
void sdp_bundle_copy_name (GstSDPMedia *media, const GstSDPMedia *named);
/* @message answers @offer, or offers again what that had; its @media takes @accepted: the
 * group that @accepted was in holds nothing else any more. */
void sdp_bundle_accept (GstSDPMessage *message, GstSDPMedia *media,
    const GstSDPMessage *offer, const GstSDPMedia *accepted);
/* How packets of ours for @media of @message are to say which stream they are of; its id is
 * 0 where nobody wants that. */
RtpName sdp_bundle_read_name (const GstSDPMessage *message,
    const GstSDPMedia *media);

G_END_DECLS
