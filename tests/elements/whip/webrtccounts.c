/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Statistics as RTPSession writes them, of sources that come, go and begin anew. */

#include "whip/webrtc/webrtccounts.h"

#include <gst/gst.h>

typedef struct
{
  guint ssrc;
  gboolean own;
  guint64 packets;
  gint lost;
  guint jitter; /* of 48000 */
  guint round_trip; /* of 65536 */
} Source;

G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static void
take (WebrtcCounts *counts, const Source *sources, guint n)
{
  g_autoptr (GstStructure) stats =
      gst_structure_new_empty ("application/x-rtp-session-stats");
  GValueArray *array = g_value_array_new (n);
  GValue value = G_VALUE_INIT;

  for (guint i = 0; i < n; i++) {
    const Source *of = &sources[i];
    g_autoptr (GstStructure) s =
        gst_structure_new ("application/x-rtp-source-stats", "ssrc",
            G_TYPE_UINT, of->ssrc, "internal", G_TYPE_BOOLEAN, of->own,
            "clock-rate", G_TYPE_INT, 48000, "packets-sent", G_TYPE_UINT64,
            of->own ? of->packets : (guint64) 0, "packets-received",
            G_TYPE_UINT64, of->packets, "packets-lost", G_TYPE_INT, of->lost,
            "jitter", G_TYPE_UINT, of->jitter, NULL);
    if (of->round_trip)
      gst_structure_set (s, "rb-round-trip", G_TYPE_UINT, of->round_trip, NULL);
    g_value_array_append (array, NULL);
    g_value_init (g_value_array_get_nth (array, i), GST_TYPE_STRUCTURE);
    g_value_set_boxed (g_value_array_get_nth (array, i), s);
  }
  g_value_init (&value, g_value_array_get_type ());
  g_value_take_boxed (&value, array);
  gst_structure_take_value (stats, "source-stats", &value);
  webrtc_counts_take (counts, stats);
}
G_GNUC_END_IGNORE_DEPRECATIONS

static void
assert_totals (const WebrtcCounts *counts, guint64 sent, guint64 received,
    guint64 lost)
{
  WebrtcTotals totals;

  webrtc_counts_get (counts, &totals);
  g_assert_cmpuint (totals.sent, ==, sent);
  g_assert_cmpuint (totals.received, ==, received);
  g_assert_cmpuint (totals.lost, ==, lost);
}

static void
test_sums (void)
{
  WebrtcCounts counts = { 0 };
  WebrtcTotals totals;
  const Source sources[] = { { 1, TRUE, 100, 0, 0, 0 },
    { 2, FALSE, 90, 10, 48, 32768 }, { 3, TRUE, 20, 0, 0, 0 },
    { 4, FALSE, 40, -3, 480, 0 }, { 5, FALSE, 0, 0, 0, 0 } };

  assert_totals (&counts, 0, 0, 0);
  take (&counts, sources, G_N_ELEMENTS (sources));
  assert_totals (&counts, 120, 130, 10);
  webrtc_counts_get (&counts, &totals);
  g_assert_cmpuint (totals.jitter, ==, 10 * GST_MSECOND);
  g_assert_cmpuint (totals.round_trip, ==, GST_SECOND / 2);
}

/* Who was heard stays counted, and what was last known of him stays said. */
static void
test_forgotten (void)
{
  WebrtcCounts counts = { 0 };
  WebrtcTotals totals;
  const Source before[] = { { 1, TRUE, 100, 0, 0, 0 },
    { 2, FALSE, 90, 10, 48, 65536 } };
  const Source after[] = { { 1, TRUE, 150, 0, 0, 0 } };

  take (&counts, before, 2);
  take (&counts, after, 1);
  assert_totals (&counts, 150, 90, 10);
  webrtc_counts_get (&counts, &totals);
  g_assert_cmpuint (totals.jitter, ==, GST_MSECOND);
  g_assert_cmpuint (totals.round_trip, ==, GST_SECOND);
}

static void
test_begins_anew (void)
{
  WebrtcCounts counts = { 0 };
  const Source before = { 2, FALSE, 90, 10, 0, 0 };
  const Source after = { 2, FALSE, 5, 1, 0, 0 };

  take (&counts, &before, 1);
  take (&counts, &after, 1);
  take (&counts, &after, 1);
  assert_totals (&counts, 0, 95, 11);
}

/* A thousand sources at once: those that fit are counted, each once. */
static void
test_many (void)
{
  WebrtcCounts counts = { 0 };
  Source sources[1000];

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    sources[i] = (Source){ 1000 + i, FALSE, 1, 0, 0, 0 };
  for (guint i = 0; i < 3; i++)
    take (&counts, sources, G_N_ELEMENTS (sources));
  assert_totals (&counts, 0, WEBRTC_MOST_SOURCES, 0);
}

static void
test_without_media (void)
{
  WebrtcCounts counts = { 0 };
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_bin_new (NULL));

  webrtc_counts_look (&counts, bin);
  take (&counts, NULL, 0);
  assert_totals (&counts, 0, 0, 0);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webrtccounts/sums", test_sums);
  g_test_add_func ("/webrtccounts/forgotten", test_forgotten);
  g_test_add_func ("/webrtccounts/begins-anew", test_begins_anew);
  g_test_add_func ("/webrtccounts/many", test_many);
  g_test_add_func ("/webrtccounts/without-media", test_without_media);
  return g_test_run ();
}
