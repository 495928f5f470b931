/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What came of the RTP of a webrtcbin, all media together (RFC 3550 6.4). */
typedef struct
{
  guint64 sent, received, lost; /* packets; lost: towards us */
  guint64 jitter; /* ns, as it is now, of the medium where it is worst */
  guint64 round_trip; /* ns, of the last receiver report; 0: none yet */
} WebrtcCounts;

/* Any thread; all zero before there were media. */
void webrtc_counts_read (GstElement *webrtc, WebrtcCounts *counts);
/* Adds packets-sent, packets-received, packets-lost, jitter, round-trip (guint64),
 * which are named as in the statistics of a SIP call. */
void webrtc_counts_describe (const WebrtcCounts *counts,
    GstStructure *structure);

G_END_DECLS
