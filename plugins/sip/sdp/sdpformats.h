/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/codec/codectable.h"

#include <gst/sdp/gstsdpmessage.h>

G_BEGIN_DECLS

/* Codecs, and the keys beside them, in an m-line of audio. Pure functions. */

/* The first of the peer's formats that is one of @codecs: what it names first it sends
 * best, in an offer as well as in an answer (RFC 3264 6.1). NULL: there is none. */
const RtpCodec *sdp_formats_choose (const GstSDPMedia *media,
    const RtpCodecList *codecs, guint8 *payload_type);
/* The payload type of keys beside @codec, -1: there is none; @clock: theirs. */
gint sdp_formats_find_events (const GstSDPMedia *media, const RtpCodec *codec,
    guint *clock);
/* What stands behind @type in its a=fmtp; NULL: it has none. */
const gchar *sdp_formats_get_parameters (const GstSDPMedia *media, gint type);

void sdp_formats_add (GstSDPMedia *media, guint type, const RtpCodec *codec);
/* @type -1: none. */
void sdp_formats_add_events (GstSDPMedia *media, gint type, guint clock);
/* Those of each clock, once, as the codecs stand. */
void sdp_formats_add_all_events (GstSDPMedia *media, const RtpCodecList *list);

G_END_DECLS
