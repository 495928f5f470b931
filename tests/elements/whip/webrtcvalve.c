/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The valve on a src pad between two harnesses, without any webrtcbin. */

#include "whip/webrtc/webrtcvalve.h"

#include <gst/check/gstharness.h>

#define RAW "audio/x-raw,format=S16LE,rate=8000,channels=1,layout=interleaved"

typedef struct
{
  GstHarness *h; /* an identity: what passes the valve comes out at the end */
  GstPad *pad; /* of the element before the valve */
  WebrtcValve *valve;
  guint events, freed;
  guint caps, eos; /* events that came behind the valve */
} Fixture;

static void
on_event (WebrtcValve *valve, GstEvent *event, gpointer user)
{
  ((Fixture *) user)->events++;
}

static void
on_free (gpointer user)
{
  ((Fixture *) user)->freed++;
}

static GstPadProbeReturn
count_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Fixture *self = data;

  self->caps += GST_EVENT_TYPE (info->data) == GST_EVENT_CAPS;
  self->eos += GST_EVENT_TYPE (info->data) == GST_EVENT_EOS;
  return GST_PAD_PROBE_OK;
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->h =
      gst_harness_new_parse ("identity name=before ! identity name=after");
  g_autoptr (GstElement) before =
      gst_bin_get_by_name (GST_BIN (self->h->element), "before");
  self->pad = gst_element_get_static_pad (before, "src");
  self->valve = webrtc_valve_new (self->pad, on_event, self, on_free);
  g_autoptr (GstPad) peer = gst_pad_get_peer (self->pad);
  gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, count_event,
      self, NULL);
  gst_harness_set_src_caps_str (self->h, RAW);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  webrtc_valve_remove (self->valve);
  webrtc_valve_unref (self->valve);
  g_assert_cmpuint (self->freed, ==, 1);
  gst_object_unref (self->pad);
  gst_harness_teardown (self->h);
}

static GstFlowReturn
push (Fixture *self)
{
  return gst_harness_push (self->h, gst_harness_create_buffer (self->h, 320));
}

/* Closed it drops all of it, and says OK to whoever pushes. */
static void
test_closed (Fixture *self, gconstpointer unused)
{
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (push (self), ==, GST_FLOW_OK);
  g_assert_cmpuint (gst_harness_buffers_received (self->h), ==, 0);
  g_assert_cmpuint (self->caps, ==, 0);
}

/* Caps that came while it was closed go ahead of the first buffer, also when it opens
 * again, or is told to twice. The pad itself may send them once more. */
static void
test_replay (Fixture *self, gconstpointer unused)
{
  for (guint round = 1; round < 3; round++) {
    push (self);
    webrtc_valve_open (self->valve);
    self->caps = 0;
    push (self);
    g_assert_cmpuint (self->caps, ==, 1);
    push (self);
    self->caps = 0;
    webrtc_valve_open (self->valve);
    push (self);
    g_assert_cmpuint (self->caps, ==, 0);
    g_assert_cmpuint (gst_harness_buffers_received (self->h), ==, 3 * round);
    webrtc_valve_close (self->valve);
    g_assert_true (
        webrtc_valve_wait (self->valve, g_get_monotonic_time () + 1));
  }
}

static GstPadProbeReturn
refuse (GstPad *pad, GstPadProbeInfo *info, gpointer flow)
{
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GPOINTER_TO_INT (flow);
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_HANDLED;
}

/* Flow errors behind it stay there. */
static void
test_flow (Fixture *self, gconstpointer unused)
{
  static const GstFlowReturn flows[] = { GST_FLOW_FLUSHING, GST_FLOW_EOS,
    GST_FLOW_NOT_LINKED, GST_FLOW_ERROR };
  g_autoptr (GstPad) peer = gst_pad_get_peer (self->pad);
  guint passed = 0, refused = 0;

  webrtc_valve_open (self->valve);
  for (guint i = 0; i < G_N_ELEMENTS (flows); i++) {
    gulong probe = gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_BUFFER, refuse,
        GINT_TO_POINTER (flows[i]), NULL);
    g_assert_cmpint (push (self), ==, GST_FLOW_OK);
    gst_pad_remove_probe (peer, probe);
  }
  gst_pad_unlink (self->pad, peer);
  g_assert_cmpint (push (self), ==, GST_FLOW_OK);
  gst_pad_link (self->pad, peer);
  webrtc_valve_get_counts (self->valve, &passed, &refused);
  g_assert_cmpuint (passed, ==, 5);
  g_assert_cmpuint (refused, ==, 5);
}

/* EOS and custom events are told, open or closed; EOS never goes on. */
static void
test_events (Fixture *self, gconstpointer unused)
{
  gst_harness_push_event (self->h,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_new_empty ("voice-control")));
  g_assert_cmpuint (self->events, ==, 1);
  webrtc_valve_open (self->valve);
  push (self);
  gst_harness_push_event (self->h, gst_event_new_eos ());
  g_assert_cmpuint (self->events, ==, 2);
  g_assert_cmpuint (self->eos, ==, 0);
}

/* Its owner goes while somebody is inside. */
static GstPadProbeReturn
remove_valve (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Fixture *self = data;

  g_assert_false (
      webrtc_valve_wait (self->valve, g_get_monotonic_time () + 1000));
  webrtc_valve_remove (self->valve);
  webrtc_valve_unref (self->valve);
  g_assert_cmpuint (self->freed, ==, 0);
  return GST_PAD_PROBE_REMOVE;
}

static void
test_removed_inside (Fixture *self, gconstpointer unused)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (self->pad);

  webrtc_valve_open (self->valve);
  gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_BUFFER, remove_valve, self, NULL);
  g_assert_cmpint (push (self), ==, GST_FLOW_OK);
  g_assert_cmpuint (self->freed, ==, 1);
  self->freed = 0;
  self->valve = webrtc_valve_new (self->pad, on_event, self, on_free);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) \
  g_test_add ("/webrtcvalve/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("closed", test_closed);
  ADD ("replay", test_replay);
  ADD ("flow", test_flow);
  ADD ("events", test_events);
  ADD ("removed-inside", test_removed_inside);
  return g_test_run ();
}
