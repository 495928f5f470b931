/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Every element goes up and down, repeatedly, alone and in the lines they are made
 * for, whatever the moment; and leaves nothing behind. */

#include "freeport.h"

#include <gst/gst.h>

#include <string.h>

#define ROUNDS 20

static const gchar *const lines[] = {
  "sipsrc local-uri=sip:127.0.0.1:PORT ! fakesink",
  "sipsrc local-uri=sip:127.0.0.1:PORT ! sipsink",
  "audiotestsrc is-live=true ! sipsink local-uri=sip:127.0.0.1:PORT",
  "audiotestsrc num-buffers=1000 ! sipsink local-uri=sip:127.0.0.1:PORT",
  "sipsrc local-uri=sip:127.0.0.1:PORT session=a context=c ! sipsink session=a "
  "sipsrc local-uri=sip:127.0.0.1:PORT session=b context=c ! sipsink session=b",
  "sipsrc local-uri=sip:127.0.0.1:PORT ! aiagentsink backend=echo "
  "aiagentsrc ! sipsink",
  "webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink backend=echo "
  "aiagentsrc ! opusenc ! rtpopuspay ! web. whipserver port=PORT",
  "voicemixer name=room audiotestsrc is-live=true ! room.sink_0 "
  "audiotestsrc ! room.sink_1 room.minus_0 ! fakesink async=false "
  "room.minus_1 ! fakesink async=false room.src ! fakesink async=false",
  "voicemixer name=room context=c sipsrc local-uri=sip:127.0.0.1:PORT context=c ! "
  "room.sink_0 room.minus_0 ! sipsink aiagentsrc context=c ! room.sink_7 "
  "room.minus_7 ! aiagentsink backend=echo",
};

static gboolean
has_elements (const gchar *line)
{
  g_autoptr (GstElementFactory) agent = gst_element_factory_find ("aiagentsrc");
  g_autoptr (GstElementFactory) web = gst_element_factory_find ("webrtcbin");

  return (agent != NULL || strstr (line, "aiagent") == NULL) &&
      (web != NULL || strstr (line, "webrtcbin") == NULL);
}

static GstElement *
parse (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = with_free_port (line);
  GstElement *pipeline = gst_parse_launch (text, &error);

  g_assert_no_error (error);
  return gst_object_ref_sink (pipeline);
}

static void
set_state (GstElement *element, GstState state)
{
  g_assert_cmpint (gst_element_set_state (element, state), !=,
      GST_STATE_CHANGE_FAILURE);
}

static void
assert_no_error (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  if (message != NULL) {
    g_autoptr (GError) error = NULL;
    gst_message_parse_error (message, &error, NULL);
    g_error ("%s", error->message);
  }
}

/* No state change waits for a network; the margin is for a busy machine. */
static void
assert_quick (gint64 since)
{
  g_assert_cmpint (g_get_monotonic_time () - since, <, 10 * G_USEC_PER_SEC);
}

static void
test_line (gconstpointer line)
{
  const GstState walk[] = { GST_STATE_READY, GST_STATE_PAUSED,
    GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_READY,
    GST_STATE_PLAYING, GST_STATE_NULL };

  if (!has_elements (line)) {
    g_test_skip ("an element is missing");
    return;
  }
  g_autoptr (GstElement) pipeline = parse (line);
  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (walk); i++) {
      gint64 start = g_get_monotonic_time ();
      set_state (pipeline, walk[i]);
      assert_quick (start);
      assert_no_error (pipeline);
    }
  GstElement *gone = pipeline;
  g_object_add_weak_pointer (G_OBJECT (gone), (gpointer *) &gone);
  g_clear_object (&pipeline);
  g_assert_null (gone);
}

/* The rest of the line plays on, and takes the next sipsrc as the other half. */
static void
test_half_is_removed (void)
{
  g_autoptr (GstElement) pipeline = parse (
      "sipsrc local-uri=sip:127.0.0.1:PORT name=src ! sipsink name=sink");
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  set_state (pipeline, GST_STATE_PLAYING);
  for (guint round = 0; round < ROUNDS; round++) {
    g_autoptr (GstElement) old =
        gst_bin_get_by_name (GST_BIN (pipeline), "src");
    g_autofree gchar *uri = NULL;
    g_object_get (old, "local-uri", &uri, NULL);
    g_assert_true (gst_bin_remove (GST_BIN (pipeline), old));
    set_state (old, GST_STATE_NULL);
    GstElement *fresh = gst_element_factory_make ("sipsrc", "src");
    g_object_set (fresh, "local-uri", uri, NULL);
    g_assert_true (gst_bin_add (GST_BIN (pipeline), fresh));
    g_assert_true (gst_element_link (fresh, sink));
    g_assert_true (gst_element_sync_state_with_parent (fresh));
    assert_no_error (pipeline);
  }
  set_state (pipeline, GST_STATE_NULL);
}

/* The second sipsrc of a session is told so. */
static void
test_role_is_taken (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (
      gst_parse_launch ("sipsrc ! fakesink sipsrc ! fakesink", NULL));
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
test_halves_disagree (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (
      gst_parse_launch ("sipsrc on-hangup=wait ! sipsink on-hangup=eos", NULL));
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "on-hangup"));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *path = g_strdup_printf ("/states/line-%u", i);
    g_test_add_data_func (path, lines[i], test_line);
  }
  g_test_add_func ("/states/removed", test_half_is_removed);
  g_test_add_func ("/states/role-taken", test_role_is_taken);
  g_test_add_func ("/states/disagree", test_halves_disagree);
  return g_test_run ();
}
