/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The element around the room: its pads, their properties, streams through it. What
 * the room does with audio and events is the matter of mixroom.c. */

#include "common/event/gstvoiceevents.h"

#include <gst/check/gstharness.h>

#include <string.h>

static GstElement *
mixer_new (void)
{
  GstElement *mixer = gst_element_factory_make ("voicemixer", NULL);

  g_assert_nonnull (mixer);
  return gst_object_ref_sink (mixer);
}

static GstPad *
request (GstElement *mixer, const gchar *name)
{
  return gst_element_request_pad_simple (mixer, name);
}

static void
release (GstElement *mixer, GstPad *pad)
{
  gst_element_release_request_pad (mixer, pad);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (pad), ==, 1);
  gst_object_unref (pad);
}

static gboolean
has_pad (GstElement *mixer, const gchar *name)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (mixer, name);

  return pad != NULL;
}

static void
test_pads (void)
{
  GstElement *mixer = mixer_new ();
  GstPad *first = request (mixer, "sink_%u");
  GstPad *fifth = request (mixer, "sink_5");
  GstPad *next = request (mixer, "sink_%u");

  g_assert_cmpstr (GST_OBJECT_NAME (first), ==, "sink_0");
  g_assert_cmpstr (GST_OBJECT_NAME (fifth), ==, "sink_5");
  g_assert_cmpstr (GST_OBJECT_NAME (next), ==, "sink_6");
  g_assert_true (has_pad (mixer, "minus_0"));
  g_assert_true (has_pad (mixer, "minus_5"));
  g_assert_true (has_pad (mixer, "src"));
  release (mixer, fifth);
  g_assert_false (has_pad (mixer, "sink_5"));
  g_assert_false (has_pad (mixer, "minus_5"));
  fifth = request (mixer, "sink_5");
  g_assert_nonnull (fifth);
  release (mixer, first);
  release (mixer, next);
  release (mixer, fifth);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (mixer), ==, 1);
  gst_object_unref (mixer);
}

static void
test_properties (void)
{
  GstElement *mixer = mixer_new ();
  GstPad *pad = request (mixer, "sink_3");
  g_autofree gchar *hears = NULL, *heard_by = NULL;
  g_autoptr (GstStructure) stats = NULL;
  gdouble volume;
  gboolean mute;

  gst_child_proxy_set (GST_CHILD_PROXY (mixer), "sink_3::volume", 0.25,
      "sink_3::mute", TRUE, "sink_3::hears", "0,2", NULL);
  gst_child_proxy_get (GST_CHILD_PROXY (mixer), "sink_3::volume", &volume,
      "sink_3::mute", &mute, "sink_3::hears", &hears, "sink_3::heard-by",
      &heard_by, "sink_3::stats", &stats, NULL);
  g_assert_cmpfloat (volume, ==, 0.25);
  g_assert_true (mute);
  g_assert_cmpstr (hears, ==, "0,2");
  g_assert_cmpstr (heard_by, ==, "all");
  g_assert_true (gst_structure_has_field (stats, "underruns"));
  /* A room in which nobody can tell who hears whom does not open. */
  g_autoptr (GstBus) bus = gst_bus_new ();
  gst_element_set_bus (mixer, bus);
  gst_child_proxy_set (GST_CHILD_PROXY (mixer), "sink_3::hears", "two", NULL);
  g_assert_cmpint (gst_element_set_state (mixer, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_child_proxy_set (GST_CHILD_PROXY (mixer), "sink_3::hears", "none", NULL);
  g_assert_cmpint (gst_element_set_state (mixer, GST_STATE_PLAYING), !=,
      GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (mixer, GST_STATE_NULL);
  gst_element_set_bus (mixer, NULL);
  release (mixer, pad);
  gst_object_unref (mixer);
}

#define RAW_8K \
  "audio/x-raw,format=S16LE,rate=8000,channels=1,layout=interleaved"

/* Caps of a law, silence by GAP events, an end: each output has a stream of its own. */
static void
test_stream (void)
{
  GstElement *mixer = mixer_new ();
  GstHarness *a = gst_harness_new_with_element (mixer, "sink_0", NULL);
  GstHarness *b = gst_harness_new_with_element (mixer, "sink_1", "minus_1");
  GstQuery *query = gst_query_new_latency ();
  GstClockTime min;
  gboolean live;

  gst_harness_use_systemclock (b);
  gst_harness_play (b);
  gst_harness_set_src_caps_str (a, "audio/x-mulaw,rate=8000,channels=1");
  gst_harness_set_src_caps_str (b, RAW_8K);
  for (guint i = 0; i < 10; i++) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, 160, NULL);
    gst_buffer_memset (buffer, 0, 0x00, 160); /* the loudest */
    g_assert_cmpint (gst_harness_push (a, buffer), ==, GST_FLOW_OK);
  }
  GstBuffer *heard = gst_harness_pull (b);
  g_assert_nonnull (heard);
  g_assert_cmpuint (gst_buffer_get_size (heard), ==, 320);
  g_assert_cmpuint (GST_BUFFER_DURATION (heard), ==, 20 * GST_MSECOND);
  gst_buffer_unref (heard);
  g_assert_true (gst_pad_peer_query (b->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, NULL);
  g_assert_true (live);
  g_assert_cmpuint (min, ==, 20 * GST_MSECOND);
  gst_query_unref (query);
  gst_harness_push_event (a, gst_event_new_gap (0, 20 * GST_MSECOND));
  gst_harness_push_event (a, gst_event_new_eos ());
  gboolean ended = FALSE;
  while (!ended) {
    GstEvent *event = gst_harness_pull_event (b);
    g_assert_nonnull (event);
    ended = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
  }
  gst_harness_teardown (a);
  gst_harness_teardown (b);
  gst_object_unref (mixer);
}

/* ---- A caller who hears nothing */

static void
push_call (GstHarness *harness, GstVoiceCallState state)
{
  const GstVoiceCall call = {
    .state = state,
    .call_id = "1",
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d",
  };

  g_assert_true (
      gst_harness_push_event (harness, gst_voice_call_event_new (&call)));
}

/* How many warnings name sink_0 and minus_0. */
static guint
take_warnings (GstBus *bus)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING))) {
    g_autoptr (GError) error = NULL;
    gst_message_parse_warning (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, "sink_0"));
    g_assert_nonnull (strstr (error->message, "minus_0"));
    gst_message_unref (message);
    n++;
  }
  return n;
}

/* Warnings while a call goes through sink_0. */
static guint
warnings_of_call (const gchar *minus, const gchar *hears)
{
  GstElement *mixer = mixer_new ();
  GstHarness *harness = gst_harness_new_with_element (mixer, "sink_0", minus);
  g_autoptr (GstBus) bus = gst_bus_new ();

  gst_element_set_bus (mixer, bus);
  gst_child_proxy_set (GST_CHILD_PROXY (mixer), "sink_0::hears", hears, NULL);
  gst_harness_use_systemclock (harness);
  gst_harness_play (harness);
  gst_harness_set_src_caps_str (harness, RAW_8K);
  push_call (harness, GST_VOICE_CALL_RINGING);
  g_assert_cmpuint (take_warnings (bus), ==, 0);
  push_call (harness, GST_VOICE_CALL_ANSWERED);
  push_call (harness, GST_VOICE_CALL_HELD);
  push_call (harness, GST_VOICE_CALL_RESUMED);
  push_call (harness, GST_VOICE_CALL_ENDED);
  push_call (harness, GST_VOICE_CALL_ANSWERED);
  gst_element_set_bus (mixer, NULL);
  gst_harness_teardown (harness);
  gst_object_unref (mixer);
  return take_warnings (bus);
}

/* It is told once; not if somebody is at the other end, or nobody is meant to be. */
static void
test_deaf_caller (void)
{
  g_assert_cmpuint (warnings_of_call (NULL, "all"), ==, 1);
  g_assert_cmpuint (warnings_of_call ("minus_0", "all"), ==, 0);
  g_assert_cmpuint (warnings_of_call (NULL, "none"), ==, 0);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voicemixer/pads", test_pads);
  g_test_add_func ("/voicemixer/properties", test_properties);
  g_test_add_func ("/voicemixer/stream", test_stream);
  g_test_add_func ("/voicemixer/deaf-caller", test_deaf_caller);
  return g_test_run ();
}
