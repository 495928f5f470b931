/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which lines of the gateway may share a media loop. */

#include "lib/lines/contextwalk.h"

static void
assert_safe (const gchar *launch, const gchar *name, gboolean expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (launch, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (pipeline), name);

  g_assert_nonnull (element);
  if (context_walk_is_safe (element) != expected)
    g_error ("%s: %s is %ssafe", launch, name, expected ? "not " : "");
}

static void
test_safe (void)
{
  const gchar *const texts[] = {
    "sipsrc name=x ! aiagentsink aiagentsrc ! sipsink",
    "sipsrc ! aiagentsink aiagentsrc name=x ! sipsink",
    "sipsrc name=x ! audio/x-mulaw ! identity ! aiagentsink",
    "sipsrc name=x ! tee name=t ! aiagentsink "
    "t. ! queue leaky=downstream ! filesink location=/dev/null",
    "sipsrc ! voicemixer name=x x.minus_0 ! sipsink x.src ! queue leaky=2 ! "
    "fakesink",
    "sipsrc name=x aiagentsink", /* leads nowhere */
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_safe (texts[i], "x", TRUE);
}

static void
test_unsafe (void)
{
  const gchar *const texts[] = {
    "sipsrc name=x ! fakesink",
    "sipsrc name=x ! queue ! fakesink", /* full, it waits */
    "sipsrc name=x ! tee name=t ! aiagentsink t. ! fakesink",
    "sipsrc name=x ! identity sleep-time=1000 ! aiagentsink",
    "sipsrc name=x ! identity sync=true ! aiagentsink",
    "sipsrc name=x ! audioconvert ! aiagentsink", /* not known */
    "sipsrc name=x ! ( identity ! fakesink )",
    "sipsrc ! voicemixer name=x x.minus_0 ! sipsink x.src ! fakesink",
    /* minus_0 comes when the pad of the demultiplexer does */
    "voicemixer name=x  filesrc ! rtpptdemux ! x.sink_0  x.minus_0 ! fakesink",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_safe (texts[i], "x", FALSE);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contextwalk/safe", test_safe);
  g_test_add_func ("/contextwalk/unsafe", test_unsafe);
  return g_test_run ();
}
