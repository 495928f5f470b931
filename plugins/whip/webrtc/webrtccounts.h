/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What came of the RTP of a session, all its media together (RFC 3550 6.4). The RTP
 * session of webrtcbin forgets a source that said BYE or is silent for seconds, and
 * begins anew with one whose numbers jump: whoever wants to know at the end looks
 * every second. Late and double packets are received ones here, as in RTCP. */
typedef struct
{
  guint64 sent, received; /* packets */
  guint64 lost; /* packets that did not come, towards us */
  /* ns, when it was last known; of the medium where it is worst */
  guint64 jitter;
  guint64 round_trip; /* ns, by the last receiver reports; 0: there was none */
} WebrtcTotals;

/* One packet may make a source: later ones than these are not counted. */
#define WEBRTC_MOST_SOURCES 32

/* All zero at the begin of a session. One thread at a time. */
typedef struct
{
  struct
  {
    guint32 ssrc;
    guint64 sent, received, lost;
  } sources[WEBRTC_MOST_SOURCES];
  guint n_sources;
  WebrtcTotals gone; /* the packets of those that began anew */
  guint64 jitter, round_trip;
} WebrtcCounts;

/* Looks; nothing changes without media. */
void webrtc_counts_look (WebrtcCounts *counts, GstElement *webrtc);
/* The same, of the statistics of an RTPSession (application/x-rtp-session-stats). */
void webrtc_counts_take (WebrtcCounts *counts, const GstStructure *stats);
void webrtc_counts_get (const WebrtcCounts *counts, WebrtcTotals *totals);

/* Adds packets-sent, packets-received, packets-lost, jitter, round-trip (guint64),
 * which are named as in the statistics of a SIP call. */
void webrtc_totals_describe (const WebrtcTotals *totals,
    GstStructure *structure);

G_END_DECLS
