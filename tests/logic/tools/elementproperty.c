/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/lines/elementproperty.h"
#include "lib/logic/setting.h"

static GParamSpec *pspecs[8];

static void
make_pspecs (void)
{
  pspecs[0] =
      g_param_spec_uint ("latency", NULL, NULL, 0, 1000, 20, G_PARAM_READWRITE);
  pspecs[1] =
      g_param_spec_int ("shift", NULL, NULL, -5, 5, 0, G_PARAM_READWRITE);
  pspecs[2] =
      g_param_spec_uint64 ("offset", NULL, NULL, 0, 99, 0, G_PARAM_READWRITE);
  pspecs[3] =
      g_param_spec_double ("gain", NULL, NULL, 0.5, 2, 1, G_PARAM_READWRITE);
  pspecs[4] =
      g_param_spec_boolean ("mute", NULL, NULL, FALSE, G_PARAM_READWRITE);
  pspecs[5] = g_param_spec_enum ("wanted", NULL, NULL, GST_TYPE_STATE,
      GST_STATE_NULL, G_PARAM_READWRITE);
  pspecs[6] = g_param_spec_string ("name", NULL, NULL, "x", G_PARAM_READWRITE);
  pspecs[7] = g_param_spec_flags ("flags", NULL, NULL, GST_TYPE_OBJECT_FLAGS, 0,
      G_PARAM_READWRITE);
}

static void
test_parse (void)
{
  const struct
  {
    guint pspec;
    const gchar *text;
    gboolean good;
  } cases[] = {
    { 0, "1000", TRUE },
    { 0, "0", TRUE },
    { 0, "1001", FALSE },
    { 0, "99999999999", FALSE },
    { 0, "-1", FALSE },
    { 0, "abc", FALSE },
    { 0, "20 ms", FALSE },
    { 0, "", FALSE },
    { 1, "-5", TRUE },
    { 1, "6", FALSE },
    { 2, "99", TRUE },
    { 2, "100", FALSE },
    { 3, "0.5", TRUE },
    { 3, "0,5", FALSE },
    { 3, "3", FALSE },
    { 4, "true", TRUE },
    { 4, "no", TRUE },
    { 4, "perhaps", FALSE },
    { 5, "playing", TRUE },
    { 5, "GST_STATE_PAUSED", TRUE },
    { 5, "99", FALSE },
    { 5, "nonsense", FALSE },
    { 6, "", TRUE },
    { 6, "a b", TRUE },
    { 6, "gr\xc3\xbc\xc3\x9f", TRUE },
    { 7, "may-be-leaked", TRUE },
    { 7, "nonsense", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GValue) value = G_VALUE_INIT;
    g_test_message ("%s=%s", pspecs[cases[i].pspec]->name, cases[i].text);
    g_assert_cmpint (element_property_parse (pspecs[cases[i].pspec],
                         cases[i].text, &value),
        ==, cases[i].good);
    if (cases[i].pspec == 6)
      g_assert_cmpstr (g_value_get_string (&value), ==, cases[i].text);
  }
}

static void
test_describe (void)
{
  const gchar *const expected[] = { "a number from 0 to 1000",
    "a number from -5 to 5", "a number from 0 to 99", "a number from 0.5 to 2",
    "true or false", "one of void-pending, null, ready, paused, playing",
    "a text" };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree gchar *text = element_property_describe (pspecs[i]);
    g_assert_cmpstr (text, ==, expected[i]);
  }
}

/* Set on a pipeline, which is an element and has two properties of these kinds. */
static void
test_set (void)
{
  const struct
  {
    const gchar *name, *text, *error;
  } cases[] = {
    { "delay", "12", NULL },
    { "delay", "soon",
        "route r, property.pipeline.delay: it is \"soon\", but "
        "must be a number from 0 to 18446744073709551615." },
    { "message-forward", "",
        "route r, property.pipeline.message-forward: it "
        "is \"\", but must be true or false." },
    { "parent", "x",
        "route r, property.pipeline.parent: it is \"x\", but must "
        "be a GstObject." },
    { "color", "red",
        "route r, property.pipeline.color: pipeline has no such "
        "property." },
  };
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_bin_new (NULL));
  GstElement *inner = gst_pipeline_new (NULL);
  const LaunchRoute route = { .name = (gchar *) "r", .file = (gchar *) "f" };
  guint64 delay;

  gst_bin_add (GST_BIN (bin), inner);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const LaunchProperty property = { .factory = (gchar *) "pipeline",
      .name = (gchar *) cases[i].name };
    g_autoptr (GError) error = NULL;
    gboolean done = element_property_set (GST_BIN (bin), &route, &property,
        cases[i].text, &error);
    g_assert_cmpint (done, ==, cases[i].error == NULL);
    g_assert_cmpstr (error ? error->message : NULL, ==, cases[i].error);
  }
  g_object_get (inner, "delay", &delay, NULL);
  g_assert_cmpuint (delay, ==, 12);
  const LaunchProperty none = { .factory = (gchar *) "sipsrc",
    .name = (gchar *) "latency" };
  g_autoptr (GError) error = NULL;
  g_assert_false (
      element_property_set (GST_BIN (bin), &route, &none, "1", &error));
  g_assert_cmpstr (error->message, ==,
      "route r, property.sipsrc.latency: there is no sipsrc in f.");
}

/* What gst_parse_launch() only calls a property that could not be set. */
static void
test_find_fault (void)
{
  static const struct
  {
    const gchar *text, *fault;
  } cases[] = {
    { "bin ! pipeline name=a delay=7", NULL },
    { "sipsrc latency=soon ! bin color=red", NULL },
    { "pipeline delay=1 ! bin message-forward=\"not yet\" delay=soon",
        "bin.message-forward: it is \"not yet\", but must be true or false." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *fault = element_property_find_fault (cases[i].text);
    g_assert_cmpstr (fault, ==, cases[i].fault);
  }
}

static void
test_secret (void)
{
  g_assert_true (setting_is_secret ("api-key"));
  g_assert_true (setting_is_secret ("backend::password"));
  g_assert_true (setting_is_secret ("MY_TOKEN_2"));
  g_assert_true (setting_is_secret ("turn-server"));
  g_assert_false (setting_is_secret ("turn-detection"));
  g_assert_false (setting_is_secret ("token-file"));
  g_assert_false (setting_is_secret ("local-uri"));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  make_pspecs ();
  g_test_add_func ("/elementproperty/parse", test_parse);
  g_test_add_func ("/elementproperty/describe", test_describe);
  g_test_add_func ("/elementproperty/set", test_set);
  g_test_add_func ("/elementproperty/find-fault", test_find_fault);
  g_test_add_func ("/elementproperty/secret", test_secret);
  gint code = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (pspecs); i++)
    g_param_spec_unref (pspecs[i]);
  return code;
}
