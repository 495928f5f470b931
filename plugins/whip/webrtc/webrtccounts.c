/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Read from the RTP session and not by webrtcbin's get-stats, which answers later, by
 * a promise: what is told of an ended call is needed before webrtcbin goes. */

#include "webrtccounts.h"

static void
add (WebrtcTotals *totals, const WebrtcCounts *counts, guint i)
{
  totals->sent += counts->sources[i].sent;
  totals->received += counts->sources[i].received;
  totals->lost += counts->sources[i].lost;
}

static void
take_packets (WebrtcCounts *counts, guint32 ssrc, guint64 sent,
    guint64 received, guint64 lost)
{
  guint i = 0;

  while (i < counts->n_sources && counts->sources[i].ssrc != ssrc)
    i++;
  if (i == WEBRTC_MOST_SOURCES)
    return;
  if (i == counts->n_sources)
    counts->n_sources++;
  else if (received < counts->sources[i].received ||
      sent < counts->sources[i].sent)
    add (&counts->gone, counts, i);
  counts->sources[i].ssrc = ssrc;
  counts->sources[i].sent = sent;
  counts->sources[i].received = received;
  counts->sources[i].lost = lost;
}

static void
take_source (WebrtcCounts *counts, const GstStructure *s)
{
  gboolean own;
  guint ssrc;
  guint64 sent, received;
  gint lost, rate; /* duplicates make less than nothing lost */
  guint jitter; /* RFC 3550 6.4.1: units of the RTP clock */
  guint round_trip; /* RFC 3550 4: 1/65536 s */

  if (!gst_structure_get (s, "internal", G_TYPE_BOOLEAN, &own, "ssrc",
          G_TYPE_UINT, &ssrc, "packets-sent", G_TYPE_UINT64, &sent,
          "packets-received", G_TYPE_UINT64, &received, "packets-lost",
          G_TYPE_INT, &lost, "jitter", G_TYPE_UINT, &jitter, "clock-rate",
          G_TYPE_INT, &rate, NULL))
    return;
  if (own) { /* says of what it sent that it received it, too */
    take_packets (counts, ssrc, sent, 0, 0);
    return;
  }
  take_packets (counts, ssrc, 0, received, (guint64) MAX (lost, 0));
  if (rate > 0 && received)
    counts->jitter = MAX (counts->jitter,
        gst_util_uint64_scale (jitter, GST_SECOND, (guint64) rate));
  if (gst_structure_get_uint (s, "rb-round-trip", &round_trip))
    counts->round_trip = MAX (counts->round_trip,
        gst_util_uint64_scale (round_trip, GST_SECOND, 65536));
}

/* RTPSession gives its sources as a GValueArray, which GLib has deprecated. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
void
webrtc_counts_take (WebrtcCounts *counts, const GstStructure *stats)
{
  const GValue *value = gst_structure_get_value (stats, "source-stats");
  GValueArray *sources = value ? g_value_get_boxed (value) : NULL;
  guint64 jitter = counts->jitter, round_trip = counts->round_trip;

  counts->jitter = counts->round_trip = 0;
  for (guint i = 0; sources && i < sources->n_values; i++)
    take_source (counts,
        gst_value_get_structure (g_value_array_get_nth (sources, i)));
  if (!counts->jitter)
    counts->jitter = jitter;
  if (!counts->round_trip)
    counts->round_trip = round_trip;
}
G_GNUC_END_IGNORE_DEPRECATIONS

/* All media are bundled, in the first session of webrtcbin's child "rtpbin". */
void
webrtc_counts_look (WebrtcCounts *counts, GstElement *webrtc)
{
  g_autoptr (GstElement) rtpbin =
      gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  g_autoptr (GstStructure) stats = NULL;

  if (rtpbin)
    g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  if (!session)
    return;
  g_object_get (session, "stats", &stats, NULL);
  webrtc_counts_take (counts, stats);
}

void
webrtc_counts_get (const WebrtcCounts *counts, WebrtcTotals *totals)
{
  *totals = counts->gone;
  for (guint i = 0; i < counts->n_sources; i++)
    add (totals, counts, i);
  totals->jitter = counts->jitter;
  totals->round_trip = counts->round_trip;
}

void
webrtc_totals_describe (const WebrtcTotals *totals, GstStructure *structure)
{
  gst_structure_set (structure, "packets-sent", G_TYPE_UINT64, totals->sent,
      "packets-received", G_TYPE_UINT64, totals->received, "packets-lost",
      G_TYPE_UINT64, totals->lost, "jitter", G_TYPE_UINT64, totals->jitter,
      "round-trip", G_TYPE_UINT64, totals->round_trip, NULL);
}
