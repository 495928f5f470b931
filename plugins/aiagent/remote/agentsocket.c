/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentsocket.h"

#include "agentnet.h"

#include <string.h>

#define KEEP_ALIVE 15 /* s between pings: a NAT forgets after 30 */
#define REASON_MAX 256 /* bytes of what a stranger says why */
#define FAREWELL 2000 /* ms for the far side to close, too */

typedef struct
{
  SoupWebsocketDataType type;
  gboolean audio;
  GBytes *bytes;
} Message;

struct _AgentSocket
{
  gint refs; /* the user's, and that of what is pending */
  const AgentSocketEvents *events; /* NULL: freed */
  gpointer user;
  GCancellable *cancellable;
  GSource *timer; /* NULL: open, or over */
  gboolean late;
  SoupMessage *request;
  GSocket *socket; /* below the HTTP and TLS; NULL: not known */
  SoupWebsocketConnection *connection; /* NULL: not open */
  guint patience; /* ms; 0 = for ever */
  GSource
      *pulse; /* due as pings are; NULL: not open, or there is no patience */
  guint unanswered; /* times that it was since the last sign of life */
  gboolean over;
  guint sending; /* calls of the library's that have not returned */
  AgentSocketFailure put_off; /* an end that waits for the loop; text: ours */

  GQueue waiting; /* Message: the kernel's buffer is full */
  gsize queued; /* bytes of them */
  GSource *writable; /* NULL: nothing waits */
  guint64 dropped;
};

static void
message_free (Message *self)
{
  g_bytes_unref (self->bytes);
  g_free (self);
}

static void
clear_source (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
drop_waiting (AgentSocket *self)
{
  clear_source (&self->writable);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) message_free);
  self->queued = 0;
}

static void
socket_unref (AgentSocket *self)
{
  if (--self->refs)
    return;
  g_clear_object (&self->connection);
  g_clear_object (&self->request);
  g_clear_object (&self->socket);
  g_object_unref (self->cancellable);
  g_free ((gchar *) self->put_off.text);
  g_free (self);
}

/* ---- The end */

static gboolean
on_put_off (gpointer data)
{
  AgentSocket *self = data;

  if (self->events)
    self->events->ended (self->user, &self->put_off);
  socket_unref (self);
  return G_SOURCE_REMOVE;
}

/* Who sends is in the middle of something, and hears of it when that is done. */
static void
put_off (AgentSocket *self, const AgentSocketFailure *failure)
{
  self->put_off = *failure;
  self->put_off.text = g_strdup (failure->text);
  self->refs++;
  g_source_unref (
      io_loop_add_timeout (agent_net_get_loop (), 0, on_put_off, self));
}

static void
end (AgentSocket *self, const AgentSocketFailure *failure)
{
  if (self->over)
    return;
  self->over = TRUE;
  clear_source (&self->timer);
  clear_source (&self->pulse);
  drop_waiting (self);
  if (self->sending)
    put_off (self, failure);
  else if (self->events)
    self->events->ended (self->user, failure);
}

/* What a stranger says goes into messages and logs. */
static gchar *
dup_reason (const gchar *said)
{
  g_autofree gchar *text = g_utf8_make_valid (said ? said : "", -1);

  if (strlen (text) > REASON_MAX)
    *g_utf8_find_prev_char (text, text + REASON_MAX) = '\0';
  for (gchar *c = text; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_steal_pointer (&text);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  AgentSocket *self = data;
  const gushort code = soup_websocket_connection_get_close_code (connection);
  g_autofree gchar *reason =
      dup_reason (soup_websocket_connection_get_close_data (connection));

  self->refs++;
  if (code)
    end (self, &(AgentSocketFailure){ AGENT_SOCKET_CLOSED, code, -1, reason });
  else
    end (self,
        &(AgentSocketFailure){ AGENT_SOCKET_LOST, 0, -1,
            "the connection was lost" });
  socket_unref (self);
}

static void
on_error (SoupWebsocketConnection *connection, GError *error, gpointer data)
{
  AgentSocket *self = data;

  self->refs++;
  end (self, &(AgentSocketFailure){ AGENT_SOCKET_LOST, 0, -1, error->message });
  socket_unref (self);
}

/* ---- In */

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *bytes,
    gpointer data)
{
  AgentSocket *self = data;
  gsize size;
  const guint8 *content = g_bytes_get_data (bytes, &size);

  self->unanswered = 0;
  if (self->over || !self->events)
    return;
  self->refs++;
  /* libsoup ends texts with a zero that does not count. */
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    self->events->text (self->user, size ? (const gchar *) content : "", size);
  else
    self->events->binary (self->user, content, size);
  socket_unref (self);
}

/* ---- Out */

static gboolean
is_writable (const AgentSocket *self)
{
  return !self->socket ||
      g_socket_condition_check (self->socket, G_IO_OUT) & G_IO_OUT;
}

/* The library writes at once, and may say before it returns that this has failed. */
static void
hand_over (AgentSocket *self, const Message *message)
{
  self->sending++;
  soup_websocket_connection_send_message (self->connection, message->type,
      message->bytes);
  self->sending--;
}

static gboolean
on_writable (GSocket *socket, GIOCondition condition, gpointer data)
{
  AgentSocket *self = data;
  Message *message;

  self->refs++;
  /* One at a time: what the kernel has no room for waits in the library without a
   * bound. */
  if ((message = g_queue_pop_head (&self->waiting))) {
    self->queued -= g_bytes_get_size (message->bytes);
    hand_over (self, message);
    message_free (message);
  }
  const gboolean more = !g_queue_is_empty (&self->waiting);
  if (!more)
    g_clear_pointer (&self->writable, g_source_unref);
  socket_unref (self);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
wait_writable (AgentSocket *self)
{
  if (self->writable)
    return;
  self->writable = g_socket_create_source (self->socket, G_IO_OUT, NULL);
  g_source_set_callback (self->writable, G_SOURCE_FUNC (on_writable), self,
      NULL);
  g_source_attach (self->writable, io_loop_get_context (agent_net_get_loop ()));
}

static void
drop_oldest_audio (AgentSocket *self)
{
  for (GList *link = self->waiting.head; link;) {
    GList *next = link->next;
    Message *message = link->data;
    if (self->queued <= AGENT_SOCKET_MAX_QUEUED)
      return;
    if (message->audio) {
      self->queued -= g_bytes_get_size (message->bytes);
      self->dropped++;
      message_free (message);
      g_queue_delete_link (&self->waiting, link);
    }
    link = next;
  }
}

static void
hold_back (AgentSocket *self, const Message *message)
{
  Message *kept = g_memdup2 (message, sizeof *message);

  g_bytes_ref (kept->bytes);
  g_queue_push_tail (&self->waiting, kept);
  self->queued += g_bytes_get_size (kept->bytes);
  wait_writable (self);
  drop_oldest_audio (self);
  if (self->queued <= AGENT_SOCKET_MAX_QUEUED)
    return;
  self->sending++;
  end (self,
      &(AgentSocketFailure){ AGENT_SOCKET_SLOW, 0, -1,
          "it does not read what it is sent" });
  self->sending--;
}

static void
send_message (AgentSocket *self, SoupWebsocketDataType type, gconstpointer data,
    gsize size, gboolean audio)
{
  if (self->over || !self->connection ||
      soup_websocket_connection_get_state (self->connection) !=
          SOUP_WEBSOCKET_STATE_OPEN)
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  const Message message = { type, audio, bytes };
  if (g_queue_is_empty (&self->waiting) && is_writable (self))
    hand_over (self, &message);
  else
    hold_back (self, &message);
}

void
agent_socket_send_text (AgentSocket *self, const gchar *text)
{
  send_message (self, SOUP_WEBSOCKET_DATA_TEXT, text, strlen (text), FALSE);
}

void
agent_socket_send_audio_text (AgentSocket *self, const gchar *text)
{
  send_message (self, SOUP_WEBSOCKET_DATA_TEXT, text, strlen (text), TRUE);
}

void
agent_socket_send_audio (AgentSocket *self, const guint8 *data, gsize size)
{
  send_message (self, SOUP_WEBSOCKET_DATA_BINARY, data, size, TRUE);
}

guint64
agent_socket_get_dropped (const AgentSocket *self)
{
  return self->dropped;
}

/* ---- Whether it is alive */

/* Seconds between pings. */
static guint
get_interval (const AgentSocket *self)
{
  return self->patience ? CLAMP (self->patience / 4000, 1, KEEP_ALIVE)
                        : KEEP_ALIVE;
}

static void
on_pong (SoupWebsocketConnection *connection, GBytes *bytes, gpointer data)
{
  ((AgentSocket *) data)->unanswered = 0;
}

/* What counts is how often this was due, not a clock: where our loop was busy, the pings are
 * late, too, and the answer is there, unread. The first ping may have been answered just
 * before it froze. */
static gboolean
on_pulse (gpointer data)
{
  AgentSocket *self = data;

  if (self->unanswered++ * get_interval (self) * 1000 < self->patience)
    return G_SOURCE_CONTINUE;
  self->refs++;
  end (self,
      &(AgentSocketFailure){ AGENT_SOCKET_SILENT, 0, -1,
          "it gives no sign of life" });
  socket_unref (self);
  return G_SOURCE_REMOVE;
}

void
agent_socket_set_patience (AgentSocket *self, guint patience)
{
  self->patience = patience;
}

/* ---- The beginning */

static void
watch (AgentSocket *self, SoupWebsocketConnection *connection)
{
  self->connection = connection;
  soup_websocket_connection_set_max_incoming_payload_size (connection,
      AGENT_SOCKET_MAX_MESSAGE);
  soup_websocket_connection_set_keepalive_interval (connection,
      get_interval (self));
  if (self->patience)
    self->pulse = io_loop_add_timeout (agent_net_get_loop (),
        get_interval (self) * 1000, on_pulse, self);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "error", G_CALLBACK (on_error), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
}

static gint
get_retry_after (SoupMessage *request)
{
  const gchar *value =
      soup_message_headers_get_one (soup_message_get_response_headers (request),
          "Retry-After");
  guint64 seconds;

  if (value && g_ascii_string_to_unsigned (value, 10, 0, 86400, &seconds, NULL))
    return (gint) seconds;
  return -1;
}

static void
end_unopened (AgentSocket *self, const GError *error)
{
  const guint status = soup_message_get_status (self->request);
  g_autofree gchar *refusal = NULL;

  if (self->late) {
    end (self,
        &(AgentSocketFailure){ AGENT_SOCKET_UNREACHABLE, 0, -1,
            "no answer in time" });
  } else if (status >= 200) {
    g_autofree gchar *phrase =
        dup_reason (soup_message_get_reason_phrase (self->request));
    refusal = g_strdup_printf ("HTTP %u %s", status, phrase);
    end (self,
        &(AgentSocketFailure){ AGENT_SOCKET_REFUSED, status,
            get_retry_after (self->request), refusal });
  } else {
    end (self,
        &(AgentSocketFailure){ AGENT_SOCKET_UNREACHABLE, 0, -1,
            error->message });
  }
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  AgentSocket *self = data;
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result,
          &error);

  if (connection && (self->over || !self->events)) {
    soup_websocket_connection_close (connection,
        SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    g_object_unref (connection);
  } else if (connection) {
    const gchar *protocol = soup_websocket_connection_get_protocol (connection);
    clear_source (&self->timer);
    watch (self, connection);
    self->events->opened (self->user, protocol ? protocol : "");
  } else if (self->events) {
    end_unopened (self, error);
  }
  socket_unref (self);
}

static gboolean
on_late (gpointer data)
{
  AgentSocket *self = data;

  self->late = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* Whether the far side reads shows at the socket, below HTTP and TLS. */
static void
on_network_event (SoupMessage *request, GSocketClientEvent event,
    GIOStream *stream, gpointer data)
{
  AgentSocket *self = data;

  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    g_set_object (&self->socket,
        g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
}

static gboolean
fail_soon (gpointer data)
{
  AgentSocket *self = data;

  end (self,
      &(AgentSocketFailure){ AGENT_SOCKET_UNREACHABLE, 0, -1,
          "this is no address of a WebSocket" });
  socket_unref (self);
  return G_SOURCE_REMOVE;
}

static void
connect_request (AgentSocket *self, const gchar *const *headers,
    const gchar *const *protocols, guint timeout)
{
  for (guint i = 0; headers && headers[i] && headers[i + 1]; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (
                                      self->request),
        headers[i], headers[i + 1]);
  /* It would go on with the key, to whom nobody has named. */
  soup_message_add_flags (self->request, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (self->request, "network-event",
      G_CALLBACK (on_network_event), self);
  self->timer =
      io_loop_add_timeout (agent_net_get_loop (), timeout, on_late, self);
  soup_session_websocket_connect_async (agent_net_get_socket_session (),
      self->request, NULL, (gchar **) protocols, G_PRIORITY_DEFAULT,
      self->cancellable, on_connected, self);
}

AgentSocket *
agent_socket_open (const gchar *uri, const gchar *const *headers,
    const gchar *const *protocols, guint timeout,
    const AgentSocketEvents *events, gpointer user)
{
  AgentSocket *self = g_new0 (AgentSocket, 1);

  self->refs = 2;
  self->events = events;
  self->user = user;
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->waiting);
  self->request = soup_message_new (SOUP_METHOD_GET, uri);
  if (self->request)
    connect_request (self, headers, protocols, timeout);
  else
    g_source_unref (
        io_loop_add_timeout (agent_net_get_loop (), 0, fail_soon, self));
  return self;
}

/* ---- The farewell: nobody has the socket any more */

static void
farewell_over (AgentSocket *self)
{
  clear_source (&self->timer);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  socket_unref (self);
}

static gboolean
on_farewell_late (gpointer data)
{
  farewell_over (data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_open (AgentSocket *self)
{
  return soup_websocket_connection_get_state (self->connection) ==
      SOUP_WEBSOCKET_STATE_OPEN;
}

/* The texts that wait are sent; the library keeps them, in front of the close. */
static void
say_farewell (AgentSocket *self, guint code)
{
  Message *message;

  self->refs++;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_signal_connect_swapped (self->connection, "closed",
      G_CALLBACK (farewell_over), self);
  self->timer = io_loop_add_timeout (agent_net_get_loop (), FAREWELL,
      on_farewell_late, self);
  while (is_open (self) && (message = g_queue_pop_head (&self->waiting))) {
    if (!message->audio)
      hand_over (self, message);
    message_free (message);
  }
  if (is_open (self))
    soup_websocket_connection_close (self->connection, (gushort) code, NULL);
}

void
agent_socket_free (AgentSocket *self, guint code)
{
  self->events = NULL;
  self->over = TRUE;
  clear_source (&self->timer);
  clear_source (&self->pulse);
  if (self->request)
    g_signal_handlers_disconnect_by_data (self->request, self);
  if (!self->connection)
    g_cancellable_cancel (self->cancellable);
  else if (soup_websocket_connection_get_state (self->connection) !=
      SOUP_WEBSOCKET_STATE_CLOSED)
    say_farewell (self, code);
  else
    g_signal_handlers_disconnect_by_data (self->connection, self);
  drop_waiting (self);
  socket_unref (self);
}
