/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whoever is refused leaves a trace: on the bus, with who and why. */

#include "whiptest.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next "voice/call" of @state. */
static GstMessage *
wait_session (Line *line, const gchar *state)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (line->pipeline);
  GstMessage *message;

  while ((message = gst_bus_timed_pop_filtered (bus, SOON * GST_MSECOND,
              GST_MESSAGE_ELEMENT))) {
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "voice/call") &&
        !strcmp (gst_structure_get_string (s, "state"), state))
      return message;
    gst_message_unref (message);
  }
  g_error ("nothing %s", state);
}

static void
assert_refused (Line *line, guint status, const gchar *called,
    const gchar *cause)
{
  g_autoptr (GstMessage) message = wait_session (line, "refused");
  const GstStructure *s = gst_message_get_structure (message);
  guint said = 0;

  g_assert_true (GST_MESSAGE_SRC (message) == GST_OBJECT (line->server));
  g_assert_true (gst_structure_get_uint (s, "status", &said));
  g_assert_cmpuint (said, ==, status);
  g_assert_nonnull (strstr (gst_structure_get_string (s, "cause"), cause));
  g_assert_cmpstr (gst_structure_get_string (s, "line"), ==, called);
  g_assert_cmpstr (gst_structure_get_string (s, "from"), ==, "127.0.0.1");
  g_assert_true (
      g_str_has_prefix (gst_structure_get_string (s, "address"), "127.0.0.1:"));
  g_assert_cmpstr (gst_structure_get_string (s, "transport"), ==, "http");
  g_assert_cmpstr (gst_structure_get_string (s, "session"), ==, "");
  g_assert_cmpstr (gst_structure_get_string (s, "user-agent"), ==, "");
}

static void
post (Line *line, const gchar *path, const gchar *type, const gchar *body,
    guint status)
{
  ask (line->port, "POST", path, type, body, status);
}

static void
test_bad (void)
{
  g_autoptr (GRegex) opus = g_regex_new ("opus", G_REGEX_CASELESS, 0, NULL);
  g_autofree gchar *other =
      g_regex_replace_literal (opus, offer, -1, 0, "G729", 0, NULL);
  Line line;

  line_start (&line, WAITING " line=a");
  post (&line, "/whip/a", "text/plain", offer, 415);
  assert_refused (&line, 415, "a", "Content-Type");
  post (&line, "/whip/a", "application/sdp", "hello\r\n", 400);
  assert_refused (&line, 400, "a", "SDP");
  post (&line, "/whip/a", "application/sdp", other, 422);
  assert_refused (&line, 422, "a", "no format in common");
  post (&line, "/whip/b", "application/sdp", offer, 404);
  assert_refused (&line, 404, "b", "no such line");
  line_stop (&line);
}

static void
test_token (void)
{
  Line line;

  line_start (&line, WAITING " token=secret");
  post (&line, "/whip", "application/sdp", offer, 401);
  assert_refused (&line, 401, "", "token");
  line_stop (&line);
}

/* @text in a file that its owner reads. */
static gchar *
new_secret_file (const gchar *text, gint mode)
{
  g_autoptr (GError) error = NULL;
  gchar *path = NULL;
  const gint fd = g_file_open_tmp ("whip-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (fchmod (fd, (mode_t) mode), ==, 0);
  close (fd);
  return path;
}

static void
test_token_file (void)
{
  g_autofree gchar *path = new_secret_file ("secret\nmore\n", 0600);
  g_autofree gchar *settings = g_strdup_printf (WAITING " token-file=%s", path);
  Line line;

  line_start (&line, settings);
  post (&line, "/whip", "application/sdp", offer, 401);
  assert_refused (&line, 401, "", "token");
  line_stop (&line);
  g_remove (path);
}

static void
test_token_variable (gconstpointer name)
{
  Line line;

  g_setenv (name, "secret", TRUE);
  line_start (&line, WAITING);
  post (&line, "/whip", "application/sdp", offer, 401);
  assert_refused (&line, 401, "", "token");
  line_stop (&line);
  g_unsetenv (name);
}

/* What everybody can read is no secret, and what others write may be theirs: the line does
 * not begin without one. */
static void
test_token_open (gconstpointer mode)
{
  g_autofree gchar *path = new_secret_file ("secret\n", GPOINTER_TO_INT (mode));
  g_autoptr (GstElement) server =
      gst_object_ref_sink (gst_element_factory_make ("whipserver", NULL));
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (server, bus);
  g_object_set (server, "token-file", path, NULL);
  g_assert_cmpint (gst_element_set_state (server, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "token-file"));
  g_assert_null (strstr (error->message, "secret\n"));
  gst_element_set_state (server, GST_STATE_NULL);
  gst_element_set_bus (server, NULL);
  g_remove (path);
}

static void
test_busy (void)
{
  Line line;

  line_start (&line, WAITING);
  g_free (call_in (&line));
  post (&line, "/whip", "application/sdp", offer, 503);
  assert_refused (&line, 503, "", "All lines are busy");
  set_draining (&line, TRUE);
  post (&line, "/whip", "application/sdp", offer, 503);
  assert_refused (&line, 503, "", "No new calls");
  line_stop (&line);
}

/* Of an offer that was taken its session tells, and nobody else. */
static void
test_taken (void)
{
  Line line;

  line_start (&line, WAITING);
  g_autofree gchar *session = call_in (&line);
  hang_up (&line, session);
  g_autoptr (GstMessage) ended = wait_session (&line, "ended");
  const GstStructure *s = gst_message_get_structure (ended);
  g_assert_cmpstr (gst_structure_get_string (s, "call-id"), ==,
      gst_structure_get_string (s, "session"));
  g_assert_true (
      g_str_has_suffix (session, gst_structure_get_string (s, "session")));
  post (&line, "/whip", "application/sdp", "v=0\r\n", 400);
  assert_refused (&line, 400, "", "m= line");
  line_stop (&line);
}

/* How many messages; @n_refused: how many offers they tell of, and are silent about. */
static guint
count_refused (Line *line, guint *n_refused)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (line->pipeline);
  GstMessage *message;
  guint n = 0;

  *n_refused = 0;
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT))) {
    const GstStructure *s = gst_message_get_structure (message);
    if (!g_strcmp0 (gst_structure_get_string (s, "state"), "refused")) {
      guint untold = 0;
      g_assert_true (gst_structure_get_uint (s, "untold", &untold));
      n++;
      *n_refused += 1 + untold;
    }
    gst_message_unref (message);
  }
  return n;
}

/* A bus that nobody empties does not grow without end; the rest is counted. */
static void
test_flood (void)
{
  const gint64 began = g_get_monotonic_time ();
  guint n_refused;
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < 300; i++)
    post (&line, "/whip", "application/sdp", "hello\r\n", 400);
  g_usleep (1100 * 1000); /* one more may be told */
  post (&line, "/whip", "application/sdp", "hello\r\n", 400);
  guint told = count_refused (&line, &n_refused);
  const gint64 seconds = (g_get_monotonic_time () - began) / G_USEC_PER_SEC + 1;
  g_assert_cmpuint (n_refused, ==, 301);
  g_assert_cmpuint (told, >, 100);
  g_assert_cmpuint (told, <=, 100 + (guint) seconds);
  line_stop (&line);
}

/* What a stranger says of itself is told in part, in whole characters. */
static void
test_long (void)
{
  g_autofree gchar *much = g_strnfill (50000, '\1');
  g_autofree gchar *path = g_strconcat ("/whip/", much, NULL);
  g_autofree gchar *type =
      g_strdup_printf ("application/sdp\r\nUser-Agent: a\303\244%s", much);
  Line line;

  memset (path + 6, 'b', 8000);
  path[8006] = '\0';
  line_start (&line, WAITING " line=a");
  post (&line, path, type, offer, 404);
  g_autoptr (GstMessage) message = wait_session (&line, "refused");
  const GstStructure *s = gst_message_get_structure (message);
  const gchar *agent = gst_structure_get_string (s, "user-agent");
  g_assert_true (g_str_has_prefix (agent, "a\303\244\1"));
  g_assert_cmpuint (strlen (agent), ==, 256);
  g_assert_cmpuint (strlen (gst_structure_get_string (s, "line")), ==, 256);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_test_add_func ("/whiprefused/bad", test_bad);
  g_test_add_func ("/whiprefused/token", test_token);
  g_test_add_func ("/whiprefused/token/file", test_token_file);
  g_test_add_data_func ("/whiprefused/token/variable", "VOICE_WHIPSERVER_TOKEN",
      test_token_variable);
  g_test_add_data_func ("/whiprefused/token/old-variable", "WHIP_TOKEN",
      test_token_variable);
  g_test_add_data_func ("/whiprefused/token/open", GINT_TO_POINTER (0644),
      test_token_open);
  g_test_add_data_func ("/whiprefused/token/open-group", GINT_TO_POINTER (0660),
      test_token_open);
  g_test_add_func ("/whiprefused/busy", test_busy);
  g_test_add_func ("/whiprefused/taken", test_taken);
  g_test_add_func ("/whiprefused/flood", test_flood);
  g_test_add_func ("/whiprefused/long", test_long);
  return whip_test_run ();
}
