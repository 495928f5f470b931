/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Browsers for which no line is free, and lines that take nobody any more: requests
 * over loop-back, whose offers come from nobody who would connect. */

#include "freeport.h"

#include <gio/gio.h>
#include <gst/gst.h>

#define SOON 20000 /* ms: more than anything here needs */
#define MOMENT 150 /* ms: whoever is to be answered at once was */
#define MAX_WAITING 256
#define WAITING "on-hangup=wait"
#define LONG WAITING " busy-wait=30000"
#define SHORT WAITING " busy-wait=200"

typedef struct
{
  GstElement *pipeline, *server;
  guint port;
} Line;

static gchar *offer;

/* ---- Lines */

static void
line_start_on (Line *line, guint port, const gchar *settings)
{
  g_autofree gchar *text =
      g_strdup_printf ("webrtcbin name=web audiotestsrc is-live=true ! opusenc "
                       "! rtpopuspay ! web. whipserver name=s port=%u %s",
          port, settings);
  g_autoptr (GError) error = NULL;

  line->port = port;
  line->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  line->server = gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gst_element_set_state (line->pipeline, GST_STATE_PLAYING);
}

static void
line_stop (Line *line)
{
  gst_element_set_state (line->pipeline, GST_STATE_NULL);
  g_clear_object (&line->server);
  g_clear_object (&line->pipeline);
}

static void
set_draining (Line *line, gboolean draining)
{
  g_object_set (line->server, "draining", draining, NULL);
}

/* ---- Requests: the server closes the connection behind each */

static GSocketConnection *
request (guint port, const gchar *method, const gchar *path, const gchar *type,
    const gchar *body)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autofree gchar *text = g_strdup_printf ("%s %s HTTP/1.1\r\n"
                                            "Host: 127.0.0.1\r\n"
                                            "Content-Type: %s\r\n"
                                            "Content-Length: %zu\r\n\r\n%s",
      method, path, type, strlen (body), body);
  GSocketConnection *connection = g_socket_client_connect_to_host (client,
      "127.0.0.1", (guint16) port, NULL, &error);

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (
                                 G_IO_STREAM (connection)),
      text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* What comes in @timeout ms, headers and body; NULL: nothing. */
static gchar *
read_answer (GSocketConnection *connection, gint64 timeout)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  GString *text = g_string_new (NULL);
  gchar piece[4096];
  gssize n = 0;

  if (!g_socket_condition_timed_wait (socket, G_IO_IN, timeout * 1000, NULL,
          NULL))
    return g_string_free (text, TRUE);
  while ((n = g_socket_receive (socket, piece, sizeof (piece), NULL, NULL)) > 0)
    g_string_append_len (text, piece, n);
  return g_string_free (text, FALSE);
}

static gchar *
assert_answer (GSocketConnection *connection, guint status)
{
  g_autofree gchar *start = g_strdup_printf ("HTTP/1.1 %u ", status);
  gchar *answer = read_answer (connection, SOON);

  g_assert_nonnull (answer);
  if (!g_str_has_prefix (answer, start))
    g_error ("not %u: %s", status, answer);
  return answer;
}

static void
skip_answer (GSocketConnection *connection, guint status)
{
  g_free (assert_answer (connection, status));
}

static void
skip_busy (GSocketConnection *connection, const gchar *detail)
{
  g_autofree gchar *answer = assert_answer (connection, 503);

  g_assert_nonnull (strstr (answer, "Retry-After: "));
  g_assert_nonnull (strstr (answer, detail));
}

static void
assert_silent (GSocketConnection *connection)
{
  g_autofree gchar *answer = read_answer (connection, MOMENT);

  g_assert_null (answer);
}

static void
ask (guint port, const gchar *method, const gchar *path, const gchar *type,
    const gchar *body, guint status)
{
  g_autoptr (GSocketConnection) connection =
      request (port, method, path, type, body);

  skip_answer (connection, status);
}

/* Returns when there is a line: its loop may have had other things to do. A server
 * may be there before, and from the line before. */
static void
line_wait (Line *line)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  gboolean there = FALSE;

  for (guint i = 0; !there && i < 500; i++) {
    g_autoptr (GSocketConnection) probe =
        g_socket_client_connect_to_host (client, "127.0.0.1",
            (guint16) line->port, NULL, NULL);
    g_autoptr (GSocketConnection) connection = probe
        ? request (line->port, "OPTIONS", "/v1/realtime/calls", "text/plain",
              "")
        : NULL;
    g_autofree gchar *answer =
        connection ? read_answer (connection, SOON) : NULL;
    there = answer && g_str_has_prefix (answer, "HTTP/1.1 204 ");
    if (!there)
      g_usleep (10000);
  }
  g_assert_true (there);
}

static void
line_start (Line *line, const gchar *settings)
{
  line_start_on (line, free_port (), settings);
  line_wait (line);
}

/* The server has read what was sent before: it accepts in order. */
static void
settle (guint port)
{
  for (guint i = 0; i < 2; i++)
    ask (port, "OPTIONS", "/whip", "text/plain", "", 204);
}

static GSocketConnection *
call_name (Line *line, const gchar *path)
{
  GSocketConnection *connection =
      request (line->port, "POST", path, "application/sdp", offer);

  settle (line->port);
  return connection;
}

static GSocketConnection *
call (Line *line)
{
  return call_name (line, "/whip");
}

static gchar *
session_of (const gchar *answer)
{
  const gchar *start = strstr (answer, "Location: ");

  g_assert_nonnull (start);
  start += strlen ("Location: ");
  return g_strndup (start, strcspn (start, "\r"));
}

/* Where the session of a call that is answered now is. */
static gchar *
assert_answered (GSocketConnection *connection)
{
  g_autofree gchar *answer = assert_answer (connection, 201);

  return session_of (answer);
}

/* A machine that is busy with other things may miss the line's own deadline. */
static gchar *
call_in (Line *line)
{
  for (guint i = 0; i < 5; i++) {
    g_autoptr (GSocketConnection) connection = call (line);
    g_autofree gchar *answer = read_answer (connection, SOON);
    if (answer && !strstr (answer, "not be answered in time"))
      return session_of (answer);
  }
  g_error ("no call is answered");
}

static void
hang_up (Line *line, const gchar *session)
{
  ask (line->port, "DELETE", session, "text/plain", "", 200);
}

/* ---- busy-wait */

static void
test_freed_line (void)
{
  Line line;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  hang_up (&line, first);
  g_autofree gchar *session = assert_answered (second);
  g_assert_cmpstr (session, !=, first);
  hang_up (&line, session);
  line_stop (&line);
}

static void
test_new_line (void)
{
  Line line, fresh;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_start_on (&fresh, line.port, LONG);
  skip_answer (second, 201);
  line_stop (&fresh);
  line_stop (&line);
}

static void
test_order (void)
{
  Line line;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  g_autoptr (GSocketConnection) third = call (&line);
  hang_up (&line, first);
  g_autoptr (GSocketConnection) fourth = call (&line);
  g_autofree gchar *session = assert_answered (second);
  assert_silent (third);
  hang_up (&line, session);
  g_free (session);
  session = assert_answered (third);
  assert_silent (fourth);
  hang_up (&line, session);
  skip_answer (fourth, 201);
  line_stop (&line);
}

/* A line with another name is none for this caller; the longest wait that a line
 * of its own name has counts. */
static void
test_other_name (void)
{
  Line line, other;

  line_start (&line, SHORT);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call_name (&line, "/whip/support");
  line_start_on (&other, line.port, "line=sales " LONG);
  skip_busy (second, "All lines are busy");
  g_autoptr (GSocketConnection) third = call_name (&line, "/whip/sales");
  skip_answer (third, 201);
  g_autoptr (GSocketConnection) fourth = call_name (&line, "/whip/sales");
  g_autofree gchar *answer = read_answer (fourth, 600);
  g_assert_null (answer);
  line_stop (&other);
  line_stop (&line);
}

static void
test_nobody_comes (void)
{
  Line line;

  line_start (&line, SHORT);
  g_free (call_in (&line));
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GSocketConnection) second = call (&line);
  skip_busy (second, "All lines are busy");
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 200000);
  line_stop (&line);
}

static void
test_not_at_all (void)
{
  Line line;

  line_start (&line, WAITING);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  g_autofree gchar *answer = read_answer (second, MOMENT);
  g_assert_true (answer && g_str_has_prefix (answer, "HTTP/1.1 503 "));
  line_stop (&line);
}

/* Whoever goes away while waiting does not get the line that becomes free. */
static void
test_gone (void)
{
  Line line;
  guint sessions;

  line_start (&line, LONG);
  g_autofree gchar *first = call_in (&line);
  g_autoptr (GSocketConnection) second = call (&line);
  g_autoptr (GSocketConnection) third = call (&line);
  g_io_stream_close (G_IO_STREAM (second), NULL, NULL);
  settle (line.port);
  hang_up (&line, first);
  skip_answer (third, 201);
  g_autoptr (GstStructure) stats = NULL;
  g_object_get (line.server, "stats", &stats, NULL);
  gst_structure_get_uint (stats, "sessions", &sessions);
  g_assert_cmpuint (sessions, ==, 2);
  line_stop (&line);
}

static void
test_too_many (void)
{
  g_autoptr (GPtrArray) waiting =
      g_ptr_array_new_with_free_func (g_object_unref);
  Line line;

  line_start (&line, LONG);
  /* It takes nobody before it plays, however long this takes. */
  gst_element_set_state (line.pipeline, GST_STATE_PAUSED);
  for (guint i = 0; i < MAX_WAITING; i++) {
    g_ptr_array_add (waiting,
        request (line.port, "POST", "/whip", "application/sdp", offer));
    /* No more at once than the server's backlog holds. */
    if (i % 8 == 7)
      settle (line.port);
  }
  g_autoptr (GSocketConnection) last = call (&line);
  skip_busy (last, "All lines are busy");
  assert_silent (g_ptr_array_index (waiting, MAX_WAITING - 1));
  line_stop (&line);
}

/* ---- the server stays for a moment behind its last line */

/* Nobody comes: who waits is told so. */
static void
test_stop (void)
{
  Line line;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_stop (&line);
  g_autoptr (GSocketConnection) third =
      request (line.port, "POST", "/whip", "application/sdp", offer);
  skip_busy (third, "All lines are busy");
  skip_busy (second, "All lines are busy");
}

/* As in a gateway of one line. */
static void
test_next_line (void)
{
  Line line, fresh;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  line_stop (&line);
  line_start_on (&fresh, line.port, LONG);
  skip_answer (second, 201);
  line_stop (&fresh);
}

static void
test_other_settings (void)
{
  static const gchar *const settings[] = { "page=off", "host=0.0.0.0",
    "page=off", "line=a" };
  guint port = free_port ();

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    Line line;
    line_start_on (&line, port, settings[i]);
    line_wait (&line);
    ask (port, "GET", "/", "text/plain", "",
        g_str_equal (settings[i], "page=off") ? 404 : 200);
    line_stop (&line);
  }
}

/* ---- draining */

static void
test_drain (void)
{
  Line line, free_line;

  line_start (&line, LONG);
  line_start_on (&free_line, line.port, "line=sales " LONG);
  g_autofree gchar *first = call_in (&line);
  set_draining (&line, TRUE);
  static const gchar *const paths[] = { "/whip", "/whip/sales",
    "/v1/realtime/calls" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GSocketConnection) second = call_name (&line, paths[i]);
    skip_busy (second, "No new calls are taken");
  }
  /* A page elsewhere may read that only if it may ask. */
  ask (line.port, "OPTIONS", "/whip/sales", "text/plain", "", 204);

  /* The call that is up goes on. */
  ask (line.port, "PATCH", first, "application/trickle-ice-sdpfrag",
      "a=end-of-candidates\r\n", 204);
  hang_up (&line, first);

  set_draining (&line, FALSE);
  g_autofree gchar *third = call_in (&line);
  hang_up (&line, third);
  line_stop (&free_line);
  line_stop (&line);
}

/* It may be set before the line plays. */
static void
test_drain_early (void)
{
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_NULL);
  set_draining (&line, TRUE);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  g_autoptr (GSocketConnection) first = call (&line);
  skip_busy (first, "No new calls are taken");
  line_stop (&line);
}

/* Whoever waits for a line hears it, too. */
static void
test_drain_waiting (void)
{
  Line line;

  line_start (&line, LONG);
  g_free (call_in (&line));
  g_autoptr (GSocketConnection) second = call (&line);
  assert_silent (second);
  set_draining (&line, TRUE);
  skip_busy (second, "No new calls are taken");
  line_stop (&line);
}

/* ---- webrtcbin in READY: it is there, and the line has nothing to do with it */

static void
test_changes_in_ready (void)
{
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_autoptr (GstElement) webrtc =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "web");
  g_object_notify (G_OBJECT (webrtc), "ice-gathering-state");
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  line_wait (&line);
  g_autofree gchar *session = call_in (&line);
  hang_up (&line, session);
  line_stop (&line);
}

/* ---- what is told before a call */

static void
assert_turn (guint port, gboolean told)
{
  g_autoptr (GSocketConnection) connection =
      request (port, "OPTIONS", "/whip", "text/plain", "");
  g_autofree gchar *answer = assert_answer (connection, 204);

  g_assert_true ((strstr (answer, "<turn:127.0.0.1:9") != NULL) == told);
}

static void
test_turn (void)
{
  Line line;

  line_start (&line, "turn-server=turn://user:word@127.0.0.1:9");
  assert_turn (line.port, TRUE);
  line_stop (&line);
  line_start (&line, "turn-server=turn://user:word@127.0.0.1:9 token=secret");
  assert_turn (line.port, FALSE);
  line_stop (&line);
}

/* The first session of a process loads and makes what the later ones find. */
static void
warm_up (void)
{
  Line line;

  line_start (&line, WAITING);
  g_autoptr (GSocketConnection) first = call (&line);
  g_free (read_answer (first, SOON));
  line_stop (&line);
}

/* Without candidates: nobody is looked for. */
static gchar *
read_offer (void)
{
  g_autofree gchar *path = g_build_filename (TEST_DATA_DIR, "..", "fuzz",
      "corpus", "whipoffer", "firefox.sdp", NULL);
  g_autoptr (GRegex) candidates =
      g_regex_new ("a=candidate:[^\n]*\n", 0, 0, NULL);
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("no %s", path);
  return g_regex_replace (candidates, text, -1, 0, "", 0, NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  offer = read_offer ();
  warm_up ();
  g_test_add_func ("/whipbusy/wait/freed-line", test_freed_line);
  g_test_add_func ("/whipbusy/wait/new-line", test_new_line);
  g_test_add_func ("/whipbusy/wait/order", test_order);
  g_test_add_func ("/whipbusy/wait/other-name", test_other_name);
  g_test_add_func ("/whipbusy/wait/nobody-comes", test_nobody_comes);
  g_test_add_func ("/whipbusy/wait/not-at-all", test_not_at_all);
  g_test_add_func ("/whipbusy/wait/gone", test_gone);
  g_test_add_func ("/whipbusy/wait/too-many", test_too_many);
  g_test_add_func ("/whipbusy/linger/stop", test_stop);
  g_test_add_func ("/whipbusy/linger/next-line", test_next_line);
  g_test_add_func ("/whipbusy/linger/other-settings", test_other_settings);
  g_test_add_func ("/whipbusy/drain/line", test_drain);
  g_test_add_func ("/whipbusy/drain/early", test_drain_early);
  g_test_add_func ("/whipbusy/drain/waiting", test_drain_waiting);
  g_test_add_func ("/whipbusy/changes-in-ready", test_changes_in_ready);
  g_test_add_func ("/whipbusy/turn", test_turn);
  gint result = g_test_run ();
  g_free (offer);
  return result;
}
