/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Read from the RTP sessions themselves and not by webrtcbin's get-stats, which
 * answers later, from a thread that is gone when a call has just ended. */

#include "webrtccounts.h"

/* The session says only in this type what it knows. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
add_own (WebrtcCounts *counts, const GstStructure *source)
{
  guint64 sent = 0;

  gst_structure_get_uint64 (source, "packets-sent", &sent);
  counts->sent += sent;
}

static void
add_remote (WebrtcCounts *counts, const GstStructure *source)
{
  guint64 received = 0;
  gint lost = 0, rate = 0; /* duplicates make less than nothing lost */
  guint jitter = 0; /* RFC 3550 6.4.1: units of the RTP clock */
  guint round_trip = 0; /* RFC 3550 4: 1/65536 s */

  gst_structure_get_uint64 (source, "packets-received", &received);
  gst_structure_get_int (source, "packets-lost", &lost);
  gst_structure_get_uint (source, "jitter", &jitter);
  gst_structure_get_uint (source, "rb-round-trip", &round_trip);
  counts->received += received;
  counts->lost += MAX (lost, 0);
  if (gst_structure_get_int (source, "clock-rate", &rate) && rate > 0)
    counts->jitter =
        MAX (counts->jitter, gst_util_uint64_scale (jitter, GST_SECOND, rate));
  counts->round_trip = MAX (counts->round_trip,
      gst_util_uint64_scale (round_trip, GST_SECOND, 65536));
}

static void
add_session (WebrtcCounts *counts, GObject *session)
{
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (session, "stats", &stats, NULL);
  const GValue *value = gst_structure_get_value (stats, "source-stats");
  const GValueArray *sources = value ? g_value_get_boxed (value) : NULL;
  for (guint i = 0; sources && i < sources->n_values; i++) {
    const GstStructure *source =
        g_value_get_boxed (g_value_array_get_nth ((GValueArray *) sources, i));
    gboolean own = FALSE;
    gst_structure_get_boolean (source, "internal", &own);
    if (own)
      add_own (counts, source);
    else
      add_remote (counts, source);
  }
}

G_GNUC_END_IGNORE_DEPRECATIONS

void
webrtc_counts_read (GstElement *webrtc, WebrtcCounts *counts)
{
  g_autoptr (GstElement) rtpbin =
      gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  GObject *session = NULL;

  *counts = (WebrtcCounts){ 0 };
  /* one of all that is bundled, else one for each medium */
  for (guint id = 0; rtpbin; id++) {
    g_signal_emit_by_name (rtpbin, "get-internal-session", id, &session);
    if (!session)
      return;
    add_session (counts, session);
    g_clear_object (&session);
  }
}

void
webrtc_counts_describe (const WebrtcCounts *counts, GstStructure *structure)
{
  gst_structure_set (structure, "packets-sent", G_TYPE_UINT64, counts->sent,
      "packets-received", G_TYPE_UINT64, counts->received, "packets-lost",
      G_TYPE_UINT64, counts->lost, "jitter", G_TYPE_UINT64, counts->jitter,
      "round-trip", G_TYPE_UINT64, counts->round_trip, NULL);
}
