/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* When an agent begins by itself: where nobody will ever call, and nobody speaks but
 * agents, which would wait for each other. */

#include "aiagenttest.h"
#include "../../freeport.h"

static GstElement *
play (const gchar *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = with_free_port (line);
  GstElement *pipeline = gst_parse_launch (text, &error);

  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), !=,
      GST_STATE_CHANGE_FAILURE);
  return pipeline;
}

static void
end (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static guint64
get_dialogues (GstElement *pipeline, const gchar *name)
{
  g_autoptr (GstElement) src = gst_bin_get_by_name (GST_BIN (pipeline), name);

  return element_counter (src, "dialogues");
}

#define AGENT "aiagentsrc backend=echo "
#define CAPS RAW_8K

static const struct
{
  const gchar *name, *line;
  guint64 dialogues; /* of the aiagentsrc "a", at the end of the start */
} lines[] = {
  { "alone", AGENT "name=a ! fakesink async=false", 1 },
  { "itself", AGENT "name=a ! queue ! aiagentsink", 1 },
  { "each-other",
      AGENT "session=b ! queue ! aiagentsink session=a " AGENT
            "session=a name=a ! queue ! aiagentsink session=b",
      1 },
  { "room-of-agents",
      "voicemixer name=room " AGENT "session=a name=a ! room.sink_0 "
      "room.minus_0 ! aiagentsink session=a " AGENT "session=b ! room.sink_1 "
      "room.minus_1 ! aiagentsink session=b",
      1 },
  { "room-with-a-silent-guest",
      "voicemixer name=room " AGENT "name=a ! room.sink_0 "
      "room.minus_0 ! aiagentsink appsrc is-live=true ! " CAPS " ! room.sink_1",
      0 },
  { "somebody-may-speak",
      "appsrc is-live=true ! " CAPS " ! aiagentsink " AGENT
      "name=a ! fakesink async=false",
      0 },
  { "linked-later", "aiagentsink " AGENT "name=a ! fakesink async=false", 0 },
  { "call-by-sipsink", AGENT "name=a ! sipsink local-uri=sip:127.0.0.1:PORT",
      0 },
  { "call-elsewhere",
      "bin.( " AGENT "name=a ! fakesink async=false ) "
      "sipsrc local-uri=sip:127.0.0.1:PORT ! fakesink async=false",
      0 },
};

static void
test_line (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  GstElement *pipeline = play (lines[i].line);

  g_assert_cmpuint (get_dialogues (pipeline, "a"), ==, lines[i].dialogues);
  end (pipeline);
}

/* It speaks, and once: not again after a pause, but after a new start. */
static void
test_once (void)
{
  g_autofree gchar *line =
      g_strdup_printf ("aiagentsrc name=a backend=script backend::agent-file="
                       "%s/../../pipelines/agents/scripted.ini ! fakesink "
                       "async=false",
          TEST_DATA_DIR);
  GstElement *pipeline = play (line);
  AgentHalfTest half = { .bus = gst_element_get_bus (pipeline) };

  gst_message_unref (wait_fact (&half, "aiagent/transcript", NULL));
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (get_dialogues (pipeline, "a"), ==, 1);
  gst_element_set_state (pipeline, GST_STATE_READY);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (get_dialogues (pipeline, "a"), ==, 2);
  gst_object_unref (half.bus);
  end (pipeline);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *path = g_strconcat ("/agentbegin/", lines[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_line);
  }
  g_test_add_func ("/agentbegin/once", test_once);
  return g_test_run ();
}
