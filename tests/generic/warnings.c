/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Mistakes with which a line plays, and is silent or does something else than was
 * meant: each is told on the bus, once; what is no mistake is not. */

#include "freeport.h"

#include <gst/gst.h>

#include <string.h>

#define SIP "local-uri=sip:127.0.0.1:PORT"

static gboolean
has_elements (const gchar *text)
{
  g_autoptr (GstElementFactory) agent = gst_element_factory_find ("aiagentsrc");
  g_autoptr (GstElementFactory) web = gst_element_factory_find ("webrtcbin");

  return (agent || !strstr (text, "aiagent")) &&
      (web || !strstr (text, "webrtcbin"));
}

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

/* How many warnings came; @parts are what each says of, in its sentence or the detail.
 * That the machine had no time is no mistake of the line's. */
static guint
take_warnings (GstElement *pipeline, const gchar *const *parts)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING))) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *debug = NULL;
    gst_message_parse_warning (message, &error, &debug);
    g_autofree gchar *all = g_strconcat (error->message, "\n", debug, NULL);
    g_test_message ("%s", all);
    gst_message_unref (message);
    if (strstr (all, "the machine had no time"))
      continue;
    for (guint i = 0; parts[i]; i++)
      if (!strstr (all, parts[i]))
        g_error ("\"%s\" does not say \"%s\"", all, parts[i]);
    n++;
  }
  return n;
}

/* ---- Lines */

static const struct
{
  const gchar *name, *line;
  guint warnings;
  const gchar *parts[4];
} lines[] = {
  { "session-of-sipsrc", "sipsrc session=a " SIP " ! sipsink", 1,
      { "sipsrc", "sipsink", "session=a", "session=default" } },
  { "session-of-aiagentsink",
      "audiotestsrc is-live=true ! aiagentsink session=a aiagentsrc ! fakesink",
      1, { "aiagentsrc", "aiagentsink", "session=a", "session=default" } },
  { "two-pairs",
      "sipsrc session=a " SIP " ! aiagentsink session=a "
      "aiagentsrc session=a ! sipsink session=a "
      "sipsrc session=b " SIP " ! aiagentsink session=b "
      "aiagentsrc session=b ! sipsink session=b",
      0, { NULL } },
  { "pair-and-pair",
      "sipsrc session=a " SIP " ! aiagentsink "
      "aiagentsrc ! sipsink session=a",
      0, { NULL } },
  { "minus-without-sink",
      "voicemixer name=room audiotestsrc is-live=true ! room.sink_0 "
      "room.minus_3 ! fakesink name=lost async=false",
      1, { "room", "minus_3", "lost" } },
  { "minus-before-its-sink",
      "voicemixer name=room room.minus_3 ! fakesink async=false "
      "audiotestsrc is-live=true ! room.sink_3",
      0, { NULL } },
  { "sinks-that-hear-nothing",
      "voicemixer name=room audiotestsrc is-live=true ! room.sink_0 "
      "audiotestsrc is-live=true ! room.sink_1 room. ! fakesink async=false",
      0, { NULL } },
  { "half-a-pair", "sipsrc session=a " SIP " ! aiagentsink", 0, { NULL } },
};

static void
test_line (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  if (!has_elements (lines[i].line)) {
    g_test_skip ("not built");
    return;
  }
  GstElement *pipeline = play (lines[i].line);
  const gchar *const parts[] = { lines[i].parts[0], lines[i].parts[1],
    lines[i].parts[2], lines[i].parts[3], NULL };
  g_assert_cmpuint (take_warnings (pipeline, parts), ==, lines[i].warnings);
  end (pipeline);
}

/* ---- Settings that count from the next start */

static const struct
{
  const gchar *line, *element, *property, *value;
} late[] = {
  { "sipsrc name=x " SIP " ! fakesink", "x", "latency", "60" },
  { "sipsrc name=x " SIP " ! fakesink", "x", "headers",
      "headers,X-A=(string)b" },
  { "audiotestsrc is-live=true ! sipsink name=x " SIP, "x", "on-hangup",
      "wait" },
  { "aiagentsrc name=x ! fakesink", "x", "backend", "echo" },
  { "audiotestsrc is-live=true ! aiagentsink name=x", "x", "min-speech", "40" },
  { "aiagentsrc name=x ! fakesink", "x", "backend::agent-file", "other.ini" },
  { "voicemixer name=x audiotestsrc is-live=true ! x.sink_0 x. ! "
    "fakesink async=false",
      "x", "context", "c" },
  { "webrtcbin ! fakesink async=false whipserver port=PORT name=x", "x",
      "token", "a" },
  { "webrtcbin ! fakesink async=false whipserver port=PORT name=x", "x",
      "on-hangup", "wait" },
};

static void
set (GstElement *pipeline, const gchar *name, const gchar *property,
    const gchar *value)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (pipeline), name);

  GParamSpec *pspec;
  g_autoptr (GObject) target = NULL;

  if (!strstr (property, "::"))
    gst_util_set_object_arg (G_OBJECT (element), property, value);
  else if (gst_child_proxy_lookup (GST_CHILD_PROXY (element), property, &target,
               &pspec))
    gst_util_set_object_arg (target, pspec->name, value);
}

/* What nobody can read, and children who are not asked, may be the same or not. */
static gboolean
is_compared (const gchar *property)
{
  return !g_str_equal (property, "token") && !strstr (property, "::");
}

/* In READY it counts, and nothing is said; nor if nothing is changed. */
static void
test_late (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const gchar *const none[] = { NULL };
  const gchar *const parts[] = { late[i].property, " x ", "next start", NULL };

  if (!has_elements (late[i].line)) {
    g_test_skip ("not built");
    return;
  }
  GstElement *pipeline = play (late[i].line);
  g_assert_cmpuint (take_warnings (pipeline, none), ==, 0);
  set (pipeline, late[i].element, late[i].property, late[i].value);
  g_assert_cmpuint (take_warnings (pipeline, parts), ==, 1);
  if (is_compared (late[i].property))
    set (pipeline, late[i].element, late[i].property, late[i].value);
  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, late[i].element, late[i].property, late[i].value);
  g_assert_cmpuint (take_warnings (pipeline, none), ==, 0);
  end (pipeline);
}

/* What a pair has agreed on when it left NULL. */
static const struct
{
  const gchar *line, *property;
} kept[] = {
  { "sipsrc name=x " SIP " ! fakesink", "session" },
  { "sipsrc name=x " SIP " ! fakesink", "context" },
  { "audiotestsrc is-live=true ! sipsink name=x " SIP, "session" },
  { "audiotestsrc is-live=true ! sipsink name=x " SIP, "context" },
  { "aiagentsrc name=x ! fakesink", "session" },
  { "aiagentsrc name=x ! fakesink", "context" },
  { "audiotestsrc is-live=true ! aiagentsink name=x", "session" },
  { "audiotestsrc is-live=true ! aiagentsink name=x", "context" },
};

/* It does not count in READY, which is said there too; in NULL it does. */
static void
test_kept (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const gchar *const none[] = { NULL };
  const gchar *const parts[] = { kept[i].property, " x ", "next start", "NULL",
    NULL };

  if (!has_elements (kept[i].line)) {
    g_test_skip ("not built");
    return;
  }
  GstElement *pipeline = play (kept[i].line);
  set (pipeline, "x", kept[i].property, "a");
  g_assert_cmpuint (take_warnings (pipeline, parts), ==, 1);
  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, "x", kept[i].property, "a");
  g_assert_cmpuint (take_warnings (pipeline, none), ==, 0);
  set (pipeline, "x", kept[i].property, "b");
  g_assert_cmpuint (take_warnings (pipeline, parts), ==, 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  set (pipeline, "x", kept[i].property, "c");
  g_assert_cmpuint (take_warnings (pipeline, none), ==, 0);
  end (pipeline);
}

/* ---- Values that are none */

static const gchar *const elements[] = { "sipsrc", "sipsink", "aiagentsrc",
  "aiagentsink", "whipserver", "voicemixer" };

static void
expect_names (GEnumClass *modes)
{
  g_autoptr (GString) pattern =
      g_string_new ("\"nonsense\" is no *; known are ");

  for (guint i = 0; i < modes->n_values; i++)
    g_string_append_printf (pattern, "%s%s", i ? ", " : "",
        modes->values[i].value_nick);
  g_string_append_c (pattern, '.');
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, pattern->str);
}

/* By name, by number, as it was before. */
static void
check_names (GObject *element, GParamSpec *pspec)
{
  GEnumClass *modes = G_PARAM_SPEC_ENUM (pspec)->enum_class;
  gint value;

  for (guint i = 0; i < modes->n_values; i++) {
    g_autofree gchar *number = g_strdup_printf ("%d", modes->values[i].value);
    gst_util_set_object_arg (element, pspec->name, modes->values[i].value_nick);
    g_object_get (element, pspec->name, &value, NULL);
    g_assert_cmpint (value, ==, modes->values[i].value);
    gst_util_set_object_arg (element, pspec->name, modes->values[0].value_nick);
    gst_util_set_object_arg (element, pspec->name, number);
    g_object_get (element, pspec->name, &value, NULL);
    g_assert_cmpint (value, ==, modes->values[i].value);
  }
}

static void
check_modes (GObject *element)
{
  guint n;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++) {
    if (!G_IS_PARAM_SPEC_ENUM (specs[i]))
      continue;
    check_names (element, specs[i]);
    expect_names (G_PARAM_SPEC_ENUM (specs[i])->enum_class);
    gst_util_set_object_arg (element, specs[i]->name, "nonsense");
    g_test_assert_expected_messages ();
  }
}

/* gst-launch-1.0 says no more than that it could not set a property. */
static void
test_no_such_mode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *element = gst_element_factory_make (elements[i], NULL);
    if (!element)
      continue;
    check_modes (G_OBJECT (element));
    gst_object_unref (element);
  }
}

static void
test_no_such_mode_in_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElementFactory) agent = gst_element_factory_find ("aiagentsrc");

  if (!agent) {
    g_test_skip ("not built");
    return;
  }
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING,
      "\"nonsense\" is no *; known are local, echo, script*");
  GstElement *pipeline =
      gst_parse_launch_full ("sipsrc ! aiagentsink backend=nonsense", NULL,
          GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_test_assert_expected_messages ();
  g_assert_null (pipeline);
  g_assert_error (error, GST_PARSE_ERROR,
      GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY);
}

/* ---- What can be changed */

static GstClockTime
get_latency (GstElement *pipeline)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "end");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime latency;

  g_assert_true (gst_pad_peer_query (pad, query));
  gst_query_parse_latency (query, NULL, &latency, NULL);
  return latency;
}

/* What is set of a telephone line in READY counts when it goes on, and is looked at
 * as at its start. */
static void
test_ready_counts (void)
{
  GstElement *pipeline =
      play ("sipsrc name=x latency=40 " SIP " ! fakesink name=end");

  g_assert_cmpuint (get_latency (pipeline), ==, 60 * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, "x", "latency", "100");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (get_latency (pipeline), ==, 120 * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, "x", "codecs", "nonsense");
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  end (pipeline);
}

/* On both halves: neither is measured by what the other had before. */
static void
test_ready_counts_on_both (void)
{
  GstElement *pipeline =
      play ("sipsrc name=x latency=40 " SIP
            " ! fakesink name=end  audiotestsrc is-live=true ! "
            "sipsink name=y latency=40");

  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, "x", "latency", "100");
  set (pipeline, "y", "latency", "100");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (get_latency (pipeline), ==, 120 * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_READY);
  set (pipeline, "y", "latency", "40");
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), ==,
      GST_STATE_CHANGE_FAILURE);
  end (pipeline);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *path = g_strconcat ("/warnings/", lines[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_line);
  }
  for (guint i = 0; i < G_N_ELEMENTS (late); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/warnings/late-%u-%s", i, late[i].property);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_late);
  }
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/warnings/kept-%u-%s", i, kept[i].property);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kept);
  }
  g_test_add_func ("/warnings/no-such-mode", test_no_such_mode);
  g_test_add_func ("/warnings/no-such-mode-in-text", test_no_such_mode_in_text);
  g_test_add_func ("/warnings/ready-counts", test_ready_counts);
  g_test_add_func ("/warnings/ready-counts-on-both", test_ready_counts_on_both);
  return g_test_run ();
}
