/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* Lines with a whipserver, and requests to them over loop-back, whose offers come
 * from nobody who would connect. */

#include "freeport.h"
#include "ownnetwork.h"

#include <gio/gio.h>
#include <gst/gst.h>

#define SOON 20000 /* ms: more than anything here needs */
#define MOMENT 150 /* ms: whoever is to be answered at once was */
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

/* @rest: what stands beside "whipserver name=s". */
static inline void
line_launch (Line *line, guint port, const gchar *settings, const gchar *rest)
{
  g_autofree gchar *text =
      g_strdup_printf ("%s whipserver name=s port=%u %s", rest, port, settings);
  g_autoptr (GError) error = NULL;

  line->port = port;
  line->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  line->server = gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gst_element_set_state (line->pipeline, GST_STATE_PLAYING);
}

static inline void
line_start_on (Line *line, guint port, const gchar *settings)
{
  line_launch (line, port, settings,
      "webrtcbin name=web audiotestsrc is-live=true ! opusenc ! rtpopuspay ! "
      "web.");
}

static inline void
line_stop (Line *line)
{
  gst_element_set_state (line->pipeline, GST_STATE_NULL);
  g_clear_object (&line->server);
  g_clear_object (&line->pipeline);
}

static inline void
set_draining (Line *line, gboolean draining)
{
  gboolean done = FALSE;

  g_signal_emit_by_name (line->server, "drain", draining, &done);
  g_assert_true (done);
}

static inline guint
get_count (Line *line, const gchar *field)
{
  g_autoptr (GstStructure) stats = NULL;
  guint count = 0;

  g_object_get (line->server, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint (stats, field, &count));
  return count;
}

/* ---- Requests: the server closes the connection behind each */

static inline GSocketConnection *
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
static inline gchar *
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

static inline gchar *
assert_answer (GSocketConnection *connection, guint status)
{
  g_autofree gchar *start = g_strdup_printf ("HTTP/1.1 %u ", status);
  gchar *answer = read_answer (connection, SOON);

  g_assert_nonnull (answer);
  if (!g_str_has_prefix (answer, start))
    g_error ("not %u: %s", status, answer);
  return answer;
}

static inline void
skip_answer (GSocketConnection *connection, guint status)
{
  g_free (assert_answer (connection, status));
}

static inline void
skip_busy (GSocketConnection *connection, const gchar *detail)
{
  g_autofree gchar *answer = assert_answer (connection, 503);

  g_assert_nonnull (strstr (answer, "Retry-After: "));
  g_assert_nonnull (strstr (answer, detail));
}

static inline void
assert_silent (GSocketConnection *connection)
{
  g_autofree gchar *answer = read_answer (connection, MOMENT);

  g_assert_null (answer);
}

static inline void
ask (guint port, const gchar *method, const gchar *path, const gchar *type,
    const gchar *body, guint status)
{
  g_autoptr (GSocketConnection) connection =
      request (port, method, path, type, body);

  skip_answer (connection, status);
}

/* Returns when there is a line: its loop may have had other things to do. A server
 * may be there before, and from the line before. */
static inline void
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

static inline void
line_start (Line *line, const gchar *settings)
{
  line_start_on (line, free_port (), settings);
  line_wait (line);
}

/* The server has read what was sent before: it accepts in order. */
static inline void
settle (guint port)
{
  for (guint i = 0; i < 2; i++)
    ask (port, "OPTIONS", "/whip", "text/plain", "", 204);
}

static inline GSocketConnection *
call_name (Line *line, const gchar *path)
{
  GSocketConnection *connection =
      request (line->port, "POST", path, "application/sdp", offer);

  settle (line->port);
  return connection;
}

static inline GSocketConnection *
call (Line *line)
{
  return call_name (line, "/whip");
}

static inline gchar *
session_of (const gchar *answer)
{
  const gchar *start = strstr (answer, "Location: ");

  g_assert_nonnull (start);
  start += strlen ("Location: ");
  return g_strndup (start, strcspn (start, "\r"));
}

/* Where the session of a call that is answered now is. */
static inline gchar *
assert_answered (GSocketConnection *connection)
{
  g_autofree gchar *answer = assert_answer (connection, 201);

  return session_of (answer);
}

/* A machine that is busy with other things may miss the line's own deadline. */
static inline gchar *
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

static inline void
hang_up (Line *line, const gchar *session)
{
  ask (line->port, "DELETE", session, "text/plain", "", 200);
}

/* ---- Begin and end */

/* The first session of a process loads and makes what the later ones find. */
static inline void
warm_up (void)
{
  Line line;

  line_start (&line, WAITING);
  g_autoptr (GSocketConnection) first = call (&line);
  g_free (read_answer (first, SOON));
  line_stop (&line);
}

/* Without candidates: nobody is looked for. */
static inline gchar *
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

static inline void
whip_test_begin (int *argc, char ***argv)
{
  have_own_network ();
  gst_init (argc, argv);
  g_test_init (argc, argv, NULL);
  offer = read_offer ();
  warm_up ();
}

static inline int
whip_test_run (void)
{
  int result = g_test_run ();

  g_free (offer);
  return result;
}
