/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* GST_TRACERS=voiceturns, in a process of its own, as it is there from the start. */

#include <gst/gst.h>

static void
post (GstElement *element, const gchar *state, guint64 turn)
{
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element),
          gst_structure_new ("aiagent/turn", "session", G_TYPE_STRING, "desk",
              "state", G_TYPE_STRING, state, "turn-id", G_TYPE_UINT64, turn,
              "first-audio-out", G_TYPE_UINT64, 2 * GST_SECOND, "turn-around",
              G_TYPE_UINT64, 712 * GST_MSECOND, "detection", G_TYPE_UINT64,
              312 * GST_MSECOND, "backend", G_TYPE_UINT64, 400 * GST_MSECOND,
              NULL)));
}

static void
run_traced (gboolean answered)
{
  g_setenv ("GST_TRACERS", "voiceturns", TRUE);
  gst_init (NULL, NULL);
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *element = gst_element_factory_make ("aiagentsrc", NULL);
  g_assert_true (gst_bin_add (GST_BIN (pipeline), element));
  post (element, "speech-stopped", 1);
  if (answered)
    post (element, "response-started", 1);
  post (element, "response-started", 0); /* nobody asked */
  gst_object_unref (pipeline);
  gst_deinit ();
}

static void
test_table (void)
{
  if (g_test_subprocess ()) {
    run_traced (TRUE);
    return;
  }
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*session*turn*detection*backend*\n"
                             "*2.000 desk* 1 *312 *400 *712*p50*712*");
}

static void
test_nothing (void)
{
  if (g_test_subprocess ()) {
    run_traced (FALSE);
    return;
  }
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*No caller waited for an answer.*");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voiceturns/table", test_table);
  g_test_add_func ("/voiceturns/nothing", test_nothing);
  return g_test_run ();
}
