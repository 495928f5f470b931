/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A webrtcbin is replaced where it stands. */

#include "whip/webrtc/webrtcgraph.h"

#include <gst/gst.h>

#define LINE \
  "identity name=line webrtcbin name=web " \
  "audiotestsrc ! opusenc ! rtpopuspay ! web."

typedef struct
{
  GstElement *pipeline, *line;
  WhipConfig config;
  WebrtcGraph *graph;
  gboolean closed;
} Fixture;

static gpointer
ref (gpointer user)
{
  return user;
}

static void
unref (gpointer user)
{
}

static void
on_event (WebrtcValve *valve, GstEvent *event, gpointer user)
{
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  static const WebrtcGraphListener listener = { .ref = ref,
    .unref = unref,
    .event = on_event };
  g_autoptr (GError) error = NULL;

  self->pipeline = gst_parse_launch (LINE, &error);
  g_assert_no_error (error);
  self->line = gst_bin_get_by_name (GST_BIN (self->pipeline), "line");
  self->graph =
      webrtc_graph_new (self->line, &self->config, &listener, self, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  if (!self->closed)
    webrtc_graph_close_down (self->graph);
  webrtc_graph_unref (self->graph);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->line);
  gst_object_unref (self->pipeline);
}

static GstElement *
get_webrtc (Fixture *self)
{
  return gst_bin_get_by_name (GST_BIN (self->pipeline), "web");
}

static void
test_replaced (Fixture *self, gconstpointer unused)
{
  g_autoptr (GstElement) old = get_webrtc (self);

  g_assert_cmpint (webrtc_graph_replace (self->graph), ==, WEBRTC_REPLACED);
  g_autoptr (GstElement) fresh = get_webrtc (self);
  g_assert_nonnull (fresh);
  g_assert_true (fresh != old);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (fresh, "sink_0");
  g_assert_true (gst_pad_is_linked (pad));
}

/* A line that stops does not wait for a late worker for ever: what that finds closed
 * down it has not replaced, and the line's next start has to. */
static void
test_let_go (Fixture *self, gconstpointer unused)
{
  g_autoptr (GstElement) old = get_webrtc (self);

  webrtc_graph_close_down (self->graph);
  self->closed = TRUE;
  g_assert_cmpint (webrtc_graph_replace (self->graph), ==, WEBRTC_LET_GO);
  g_autoptr (GstElement) same = get_webrtc (self);
  g_assert_true (same == old);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/webrtcgraph/replaced", Fixture, NULL, set_up, test_replaced,
      tear_down);
  g_test_add ("/webrtcgraph/let-go", Fixture, NULL, set_up, test_let_go,
      tear_down);
  return g_test_run ();
}
