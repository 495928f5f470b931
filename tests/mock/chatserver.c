/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatserver.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define PATIENCE (60 * G_TIME_SPAN_SECOND)
#define SOUND_RATE 24000
#define STREAM "text/event-stream"

typedef struct
{
  gchar *path, *type;
  guint status, delay, interval;
  GPtrArray *pieces; /* GBytes */
  ChatServerEnd end;
} Answer;

struct _ChatServer
{
  GSocketListener *listener;
  GThread *thread; /* accepts */
  GCancellable *over;
  gchar *uri;

  GMutex lock; /* protects everything below */
  GCond changed;
  GQueue answers; /* Answer */
  GQueue events; /* ChatServerEvent */
  guint connections; /* ever */
  guint alive;
};

void
chat_server_event_free (ChatServerEvent *self)
{
  g_free (self->path);
  g_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_free (self->path);
  g_free (self->type);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

static GPtrArray *
new_pieces (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
add_piece (GPtrArray *pieces, gchar *text)
{
  g_ptr_array_add (pieces, g_bytes_new_take (text, strlen (text)));
}

/* ---- Answers */

void
chat_server_answer (ChatServer *self, const gchar *path, guint status,
    const gchar *type, GPtrArray *pieces, guint delay, guint interval,
    ChatServerEnd end)
{
  Answer *answer = g_new0 (Answer, 1);

  *answer = (Answer){ g_strdup (path), g_strdup (type), status, delay, interval,
    g_ptr_array_ref (pieces), end };
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->answers, answer);
  g_mutex_unlock (&self->lock);
}

void
chat_server_answer_body (ChatServer *self, const gchar *path, guint status,
    const gchar *type, const gchar *body)
{
  g_autoptr (GPtrArray) pieces = new_pieces ();

  add_piece (pieces, g_strdup (body));
  chat_server_answer (self, path, status, type, pieces, 0, 0, CHAT_SERVER_ENDS);
}

static gchar *
quote (const gchar *text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return json_to_string (node, FALSE);
}

static void
add_words (GPtrArray *pieces, const gchar *text)
{
  while (*text) {
    const gsize n = 1 + strcspn (text + 1, " ");
    g_autofree gchar *word = g_strndup (text, n);
    g_autofree gchar *quoted = quote (word);
    add_piece (pieces,
        g_strdup_printf ("data: {\"object\":\"chat.completion.chunk\","
                         "\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},"
                         "\"finish_reason\":null}]}\n\n",
            quoted));
    text += n;
  }
}

static void
add_finish (GPtrArray *pieces, const gchar *reason)
{
  add_piece (pieces,
      g_strdup_printf ("data: {\"choices\":[{\"index\":0,\"delta\":{},"
                       "\"finish_reason\":\"%s\"}]}\n\n",
          reason));
  add_piece (pieces, g_strdup ("data: [DONE]\n\n"));
}

void
chat_server_answer_words (ChatServer *self, const gchar *text, guint delay,
    guint interval, ChatServerEnd end)
{
  g_autoptr (GPtrArray) pieces = new_pieces ();

  add_words (pieces, text);
  if (end == CHAT_SERVER_ENDS)
    add_finish (pieces, "stop");
  chat_server_answer (self, "/chat/completions", 200, STREAM, pieces, delay,
      interval, end);
}

void
chat_server_answer_tool (ChatServer *self, const gchar *text, const gchar *id,
    const gchar *name, const gchar *arguments)
{
  g_autoptr (GPtrArray) pieces = new_pieces ();
  g_autofree gchar *quoted = quote (arguments);

  add_words (pieces, text);
  add_piece (pieces,
      g_strdup_printf (
          "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
          "\"index\":0,\"id\":\"%s\",\"type\":\"function\","
          "\"function\":{\"name\":\"%s\",\"arguments\":\"\"}}]}}]}\n\n",
          id, name));
  add_piece (pieces,
      g_strdup_printf ("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
                       "\"index\":0,\"function\":{\"arguments\":%s}}]}}]}\n\n",
          quoted));
  add_finish (pieces, "tool_calls");
  chat_server_answer (self, "/chat/completions", 200, STREAM, pieces, 0, 0,
      CHAT_SERVER_ENDS);
}

void
chat_server_answer_transcript (ChatServer *self, const gchar *text)
{
  g_autofree gchar *quoted = quote (text);
  g_autofree gchar *body = g_strdup_printf ("{\"text\":%s}", quoted);

  chat_server_answer_body (self, "/audio/transcriptions", 200,
      "application/json", body);
}

static GPtrArray *
new_sound (guint ms)
{
  GPtrArray *pieces = new_pieces ();
  const guint n = SOUND_RATE / 1000 * ms;
  gint16 *samples = g_new (gint16, n);

  for (guint i = 0; i < n; i++)
    samples[i] =
        GINT16_TO_LE ((gint16) (8000 * sin (2 * G_PI * 440 * i / SOUND_RATE)));
  g_autoptr (GBytes) all = g_bytes_new_take (samples, n * sizeof *samples);
  /* Odd pieces: a sample may be cut in two. */
  for (gsize at = 0; at < n * 2; at += 4097)
    g_ptr_array_add (pieces,
        g_bytes_new_from_bytes (all, at, MIN (4097, n * 2 - at)));
  return pieces;
}

void
chat_server_answer_sound (ChatServer *self, guint ms)
{
  g_autoptr (GPtrArray) pieces = new_sound (ms);

  chat_server_answer (self, "/audio/speech", 200, "audio/pcm", pieces, 0, 0,
      CHAT_SERVER_ENDS);
}

/* What a path is answered without the test saying so. */
static Answer *
new_usual (const gchar *path)
{
  Answer *answer = g_new0 (Answer, 1);

  *answer = (Answer){ g_strdup (path), g_strdup ("application/json"), 200, 0, 0,
    new_pieces (), CHAT_SERVER_ENDS };
  if (!strcmp (path, "/models")) {
    add_piece (answer->pieces,
        g_strdup ("{\"object\":\"list\",\"data\":[{\"id\":\"small\"}]}"));
  } else if (!strcmp (path, "/audio/transcriptions")) {
    add_piece (answer->pieces, g_strdup ("{\"text\":\"hello there\"}"));
  } else if (!strcmp (path, "/chat/completions")) {
    add_words (answer->pieces, "Yes, of course.");
    add_finish (answer->pieces, "stop");
    g_free (answer->type);
    answer->type = g_strdup (STREAM);
  } else if (!strcmp (path, "/audio/speech")) {
    g_ptr_array_unref (answer->pieces);
    answer->pieces = new_sound (500);
    g_free (answer->type);
    answer->type = g_strdup ("audio/pcm");
  } else {
    answer->status = 404;
  }
  return answer;
}

static Answer *
take_answer (ChatServer *self, const gchar *path)
{
  Answer *found = NULL;

  g_mutex_lock (&self->lock);
  for (GList *link = self->answers.head; link && !found; link = link->next)
    if (!strcmp (((Answer *) link->data)->path, path))
      found = link->data;
  if (found)
    g_queue_remove (&self->answers, found);
  g_mutex_unlock (&self->lock);
  return found ? found : new_usual (path);
}

/* ---- Events */

static void
add_event (ChatServer *self, ChatServerEvent event)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->events, g_memdup2 (&event, sizeof event));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static ChatServerEvent *
find_unlocked (ChatServer *self, ChatServerEventType type, const gchar *path)
{
  GList *link = self->events.head;

  while (link &&
      (((ChatServerEvent *) link->data)->type != type ||
          (path && strcmp (((ChatServerEvent *) link->data)->path, path))))
    link = link->next;
  if (!link)
    return NULL;
  ChatServerEvent *event = link->data, *before;
  while ((before = g_queue_pop_head (&self->events)) != event)
    chat_server_event_free (before);
  return event;
}

ChatServerEvent *
chat_server_wait (ChatServer *self, ChatServerEventType type, const gchar *path)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE;
  ChatServerEvent *event;

  g_mutex_lock (&self->lock);
  while (!(event = find_unlocked (self, type, path)))
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      g_error ("the chat server waits in vain for event %u at %s", type,
          path ? path : "any path");
  g_mutex_unlock (&self->lock);
  return event;
}

ChatServerEvent *
chat_server_pop (ChatServer *self, ChatServerEventType type, const gchar *path)
{
  g_mutex_lock (&self->lock);
  ChatServerEvent *event = find_unlocked (self, type, path);
  g_mutex_unlock (&self->lock);
  return event;
}

/* ---- A connection, on its own thread */

typedef struct
{
  ChatServer *server;
  GSocketConnection *connection;
  GDataInputStream *in;
  GOutputStream *out;
  guint number;
} Client;

/* FALSE: there is none any more. */
static gboolean
read_request (Client *self, gchar **path, gchar **headers, GBytes **body)
{
  GString *text = g_string_new (NULL);
  gsize length = 0;

  for (;;) {
    g_autofree gchar *line = g_data_input_stream_read_line (self->in, NULL,
        self->server->over, NULL);
    if (!line || !*line)
      break;
    g_string_append_printf (text, "%s\n", line);
    if (!g_ascii_strncasecmp (line, "content-length:", 15))
      length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
  }
  g_auto (GStrv) words = g_strsplit (text->str, " ", 3);
  *headers = g_string_free (text, FALSE);
  if (g_strv_length (words) < 3)
    return FALSE;
  *path =
      g_strdup (g_str_has_prefix (words[1], "/v1") ? words[1] + 3 : words[1]);
  guint8 *data = g_malloc (length + 1);
  gsize n = 0;
  g_input_stream_read_all (G_INPUT_STREAM (self->in), data, length, &n,
      self->server->over, NULL);
  *body = g_bytes_new_take (data, n);
  return n == length;
}

static gboolean
write_bytes (Client *self, gconstpointer data, gsize size)
{
  return g_output_stream_write_all (self->out, data, size, NULL,
      self->server->over, NULL);
}

/* In the chunked coding. */
static gboolean
write_piece (Client *self, GBytes *piece)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (piece, &size);
  g_autoptr (GString) chunk = g_string_new (NULL);

  g_string_printf (chunk, "%" G_GSIZE_MODIFIER "x\r\n", size);
  g_string_append_len (chunk, data, (gssize) size);
  g_string_append (chunk, "\r\n");
  return !size || write_bytes (self, chunk->str, chunk->len);
}

/* @ms pass, < 0: for ever; FALSE: the client or the test goes meanwhile. */
static gboolean
rest (Client *self, gint64 ms)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  if (ms == 0)
    return TRUE;
  const gboolean came = g_socket_condition_timed_wait (socket, G_IO_IN,
      ms < 0 ? -1 : ms * 1000, self->server->over, NULL);
  return !came && !g_cancellable_is_cancelled (self->server->over);
}

static gboolean
write_answer (Client *self, const Answer *answer, guint *pieces)
{
  g_autofree gchar *head =
      g_strdup_printf ("HTTP/1.1 %u Said\r\n"
                       "Content-Type: %s\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n",
          answer->status, answer->type);
  const guint n = answer->pieces->len;

  if (!rest (self, answer->delay) || !write_bytes (self, head, strlen (head)))
    return FALSE;
  for (*pieces = 0; *pieces < n || answer->end == CHAT_SERVER_REPEATS;
       (*pieces)++)
    if ((*pieces && !rest (self, answer->interval)) ||
        !write_piece (self, answer->pieces->pdata[MIN (*pieces, n - 1)]))
      return FALSE;
  if (answer->end == CHAT_SERVER_STALLS)
    return rest (self, -1);
  return answer->end == CHAT_SERVER_ENDS && write_bytes (self, "0\r\n\r\n", 5);
}

/* FALSE: nothing more comes by this connection. */
static gboolean
serve (Client *self)
{
  g_autofree gchar *path = NULL, *headers = NULL;
  g_autoptr (GBytes) body = NULL;
  guint pieces = 0;

  if (!read_request (self, &path, &headers, &body))
    return FALSE;
  Answer *answer = take_answer (self->server, path);
  add_event (self->server,
      (ChatServerEvent){ CHAT_SERVER_ASKED, g_strdup (path),
          g_steal_pointer (&headers), g_bytes_ref (body), self->number });
  const gboolean ok = write_answer (self, answer, &pieces);
  add_event (self->server,
      (ChatServerEvent){ ok || answer->end == CHAT_SERVER_CUTS
              ? CHAT_SERVER_ANSWERED
              : CHAT_SERVER_GONE,
          g_strdup (path), .connection = self->number, .pieces = pieces });
  answer_free (answer);
  return ok;
}

static gpointer
run_client (gpointer data)
{
  Client *self = data;
  ChatServer *server = self->server;

  while (serve (self))
    ;
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_object_unref (self->in);
  g_object_unref (self->connection);
  g_free (self);
  g_mutex_lock (&server->lock);
  server->alive--;
  g_cond_broadcast (&server->changed);
  g_mutex_unlock (&server->lock);
  return NULL;
}

static void
begin_client (ChatServer *self, GSocketConnection *connection)
{
  GIOStream *stream = G_IO_STREAM (connection);
  Client *client = g_new0 (Client, 1);

  *client = (Client){ self, connection,
    g_data_input_stream_new (g_io_stream_get_input_stream (stream)),
    g_io_stream_get_output_stream (stream) };
  g_data_input_stream_set_newline_type (client->in,
      G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_mutex_lock (&self->lock);
  client->number = ++self->connections;
  self->alive++;
  g_mutex_unlock (&self->lock);
  g_thread_unref (g_thread_new ("chat-client", run_client, client));
}

static gpointer
run (gpointer data)
{
  ChatServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL,
              self->over, NULL)))
    begin_client (self, connection);
  return NULL;
}

/* ---- Life */

ChatServer *
chat_server_new (void)
{
  ChatServer *self = g_new0 (ChatServer, 1);
  g_autoptr (GInetAddress) host =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (host, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->over = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (self->listener, address,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  self->uri = g_strdup_printf ("http://127.0.0.1:%u/v1",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  self->thread = g_thread_new ("chat-server", run, self);
  return self;
}

void
chat_server_free (ChatServer *self)
{
  g_cancellable_cancel (self->over);
  g_thread_join (self->thread);
  g_mutex_lock (&self->lock);
  while (self->alive)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_object_unref (self->over);
  g_queue_clear_full (&self->answers, answer_free);
  g_queue_clear_full (&self->events, (GDestroyNotify) chat_server_event_free);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self->uri);
  g_free (self);
}

const gchar *
chat_server_get_uri (const ChatServer *self)
{
  return self->uri;
}
