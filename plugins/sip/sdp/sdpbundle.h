/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/sdp/gstsdpmessage.h>

G_BEGIN_DECLS

/* Streams that share a port (RFC 9143), of which this side takes one: what answers say of
 * it. A stream that can only be had with another's port has 0 for its own, so it is not
 * taken. Pure functions. */

/* Gives @media the a=mid of @named, if that has one. */
void sdp_bundle_copy_name (GstSDPMedia *media, const GstSDPMedia *named);
/* @message answers @offer, or offers again what that had; it takes @accepted: the group
 * that @accepted was in holds nothing else any more. */
void sdp_bundle_accept (GstSDPMessage *message, const GstSDPMessage *offer,
    const GstSDPMedia *accepted);

G_END_DECLS
