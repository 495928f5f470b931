/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentserver.h"

#include <libsoup/soup.h>
#include <string.h>

#define PATIENCE 60000 /* ms */

struct _AgentServer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  gchar *uri;
  GAsyncQueue *events;
  GMutex ice; /* held while it is frozen */

  /* Its thread only: no lock. */
  SoupServer *server;
  GPtrArray
      *connections; /* SoupWebsocketConnection, NULL = gone; by number - 1 */
  guint refusal;
  gint retry_after;
  gboolean stalls;
  GPtrArray *stalled; /* SoupServerMessage */
};

void
agent_server_event_free (AgentServerEvent *self)
{
  g_free (self->text);
  g_free (self->headers);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static AgentServerEvent *
add_event (AgentServer *self, AgentServerEventType type, guint connection)
{
  AgentServerEvent *event = g_new0 (AgentServerEvent, 1);

  event->type = type;
  event->connection = connection;
  event->time = g_get_monotonic_time ();
  return event;
}

static guint
number_of (AgentServer *self, SoupWebsocketConnection *connection)
{
  guint index = 0;

  g_assert_true (g_ptr_array_find (self->connections, connection, &index));
  return index + 1;
}

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *bytes,
    gpointer data)
{
  AgentServer *self = data;
  const gboolean text = type == SOUP_WEBSOCKET_DATA_TEXT;
  AgentServerEvent *event =
      add_event (self, text ? AGENT_SERVER_TEXT : AGENT_SERVER_BINARY,
          number_of (self, connection));

  if (text)
    event->text =
        g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  else
    event->data = g_bytes_ref (bytes);
  g_async_queue_push (self->events, event);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  AgentServer *self = data;
  AgentServerEvent *event =
      add_event (self, AGENT_SERVER_CLOSED, number_of (self, connection));

  event->code = soup_websocket_connection_get_close_code (connection);
  self->connections->pdata[event->connection - 1] = NULL;
  g_signal_handlers_disconnect_by_data (connection, self);
  g_object_unref (connection);
  g_async_queue_push (self->events, event);
}

static void
on_websocket (SoupServer *server, SoupServerMessage *message, const gchar *path,
    SoupWebsocketConnection *connection, gpointer data)
{
  AgentServer *self = data;

  g_ptr_array_add (self->connections, g_object_ref (connection));
  soup_websocket_connection_set_max_incoming_payload_size (connection, 1 << 24);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  g_async_queue_push (self->events,
      add_event (self, AGENT_SERVER_OPENED, self->connections->len));
}

static void
append_header (const gchar *name, const gchar *value, gpointer headers)
{
  g_string_append_printf (headers, "%s: %s\n", name, value);
}

static void
point_elsewhere (AgentServer *self, SoupServerMessage *message)
{
  g_autofree gchar *elsewhere =
      g_strdup_printf ("http%s/elsewhere", self->uri + strlen ("ws"));

  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Location", elsewhere);
}

static void
on_asked (SoupServer *server, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  AgentServer *self = data;
  AgentServerEvent *event = add_event (self, AGENT_SERVER_ASKED, 0);
  GString *headers = g_string_new (NULL);
  GUri *uri = soup_server_message_get_uri (message);

  soup_message_headers_foreach (soup_server_message_get_request_headers (
                                    message),
      append_header, headers);
  event->headers = g_string_free (headers, FALSE);
  event->text = g_uri_get_query (uri)
      ? g_strdup_printf ("%s?%s", path, g_uri_get_query (uri))
      : g_strdup (path);
  g_async_queue_push (self->events, event);
  if (self->stalls) {
    soup_server_message_pause (message);
    g_ptr_array_add (self->stalled, g_object_ref (message));
  } else if (self->refusal) {
    soup_server_message_set_status (message, self->refusal, NULL);
    if (self->refusal / 100 == 3)
      point_elsewhere (self, message);
    if (self->retry_after >= 0) {
      g_autofree gchar *value = g_strdup_printf ("%d", self->retry_after);
      soup_message_headers_replace (soup_server_message_get_response_headers (
                                        message),
          "Retry-After", value);
    }
  }
}

/* ---- Commands */

typedef struct
{
  AgentServer *server;
  guint connection, code;
  gint number;
  gchar *text;
  GBytes *data;
} Command;

static void
command_free (gpointer data)
{
  Command *self = data;

  g_free (self->text);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static void
invoke (AgentServer *self, GSourceFunc func, Command command)
{
  Command *copy = g_memdup2 (&command, sizeof command);

  copy->server = self;
  /* Before a client that came later is read. */
  g_main_context_invoke_full (self->context, G_PRIORITY_HIGH, func, copy,
      command_free);
}

/* NULL: it is gone. */
static SoupWebsocketConnection *
get_connection (const Command *command)
{
  SoupWebsocketConnection *connection =
      g_ptr_array_index (command->server->connections, command->connection - 1);

  return connection &&
          soup_websocket_connection_get_state (connection) ==
              SOUP_WEBSOCKET_STATE_OPEN
      ? connection
      : NULL;
}

static gboolean
run_send (gpointer data)
{
  const Command *command = data;
  SoupWebsocketConnection *connection = get_connection (command);

  if (connection && command->text)
    soup_websocket_connection_send_text (connection, command->text);
  else if (connection)
    soup_websocket_connection_send_message (connection,
        SOUP_WEBSOCKET_DATA_BINARY, command->data);
  return G_SOURCE_REMOVE;
}

static gboolean
run_close (gpointer data)
{
  const Command *command = data;
  SoupWebsocketConnection *connection = get_connection (command);

  if (connection)
    soup_websocket_connection_close (connection, (gushort) command->code,
        command->text);
  return G_SOURCE_REMOVE;
}

static gboolean
run_cut (gpointer data)
{
  SoupWebsocketConnection *connection = get_connection (data);

  if (connection)
    g_io_stream_close (soup_websocket_connection_get_io_stream (connection),
        NULL, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
run_refuse (gpointer data)
{
  const Command *command = data;

  command->server->refusal = command->code;
  command->server->retry_after = command->number;
  return G_SOURCE_REMOVE;
}

static gboolean
run_stall (gpointer data)
{
  const Command *command = data;

  command->server->stalls = command->number;
  return G_SOURCE_REMOVE;
}

void
agent_server_send (AgentServer *self, guint connection, const gchar *text)
{
  invoke (self, run_send,
      (Command){ .connection = connection, .text = g_strdup (text) });
}

void
agent_server_send_binary (AgentServer *self, guint connection,
    gconstpointer data, gsize size)
{
  invoke (self, run_send,
      (Command){ .connection = connection, .data = g_bytes_new (data, size) });
}

void
agent_server_close (AgentServer *self, guint connection, guint code,
    const gchar *reason)
{
  invoke (self, run_close,
      (Command){ .connection = connection,
          .code = code,
          .text = g_strdup (reason) });
}

void
agent_server_cut (AgentServer *self, guint connection)
{
  invoke (self, run_cut, (Command){ .connection = connection });
}

void
agent_server_refuse (AgentServer *self, guint status, gint retry_after)
{
  invoke (self, run_refuse, (Command){ .code = status, .number = retry_after });
}

void
agent_server_stall (AgentServer *self, gboolean stall)
{
  invoke (self, run_stall, (Command){ .number = stall });
}

static gboolean
run_freeze (gpointer data)
{
  const Command *command = data;

  g_mutex_lock (&command->server->ice);
  g_mutex_unlock (&command->server->ice);
  return G_SOURCE_REMOVE;
}

void
agent_server_freeze (AgentServer *self, gboolean freeze)
{
  if (freeze) {
    g_mutex_lock (&self->ice);
    invoke (self, run_freeze, (Command){ 0 });
  } else {
    g_mutex_unlock (&self->ice);
  }
}

/* ---- Events */

AgentServerEvent *
agent_server_pop (AgentServer *self, guint timeout)
{
  return g_async_queue_timeout_pop (self->events, timeout * 1000ull);
}

static AgentServerEvent *
wait_for (AgentServer *self, AgentServerEventType type, const gchar *part)
{
  AgentServerEvent *event;

  while ((event = agent_server_pop (self, PATIENCE))) {
    if (event->type == type && (!part || strstr (event->text, part)))
      return event;
    agent_server_event_free (event);
  }
  g_error ("the agent's server waits in vain for event %u, \"%s\"", type,
      part ? part : "");
}

AgentServerEvent *
agent_server_wait (AgentServer *self, AgentServerEventType type)
{
  return wait_for (self, type, NULL);
}

AgentServerEvent *
agent_server_wait_text (AgentServer *self, const gchar *part)
{
  return wait_for (self, AGENT_SERVER_TEXT, part);
}

/* ---- Life */

static gpointer
run (gpointer data)
{
  AgentServer *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
listen_on_any (AgentServer *self, const gchar *protocol)
{
  const gchar *protocols[] = { protocol, NULL };
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_early_handler (self->server, NULL, on_asked, self, NULL);
  soup_server_add_websocket_handler (self->server, NULL, NULL,
      protocol ? (gchar **) protocols : NULL, on_websocket, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY,
      &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (self->server);
  self->uri =
      g_strdup_printf ("ws://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_context_pop_thread_default (self->context);
}

/* The library warns of a client that is gone before it looks who that was: no fault, and
 * no line of TAP. */
static void
on_warning (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer unused)
{
  g_printerr ("%s: %s\n", domain, message);
}

static gboolean
is_fatal (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer unused)
{
  return g_strcmp0 (domain, "libsoup") ||
      !strstr (message, "could not get remote address");
}

AgentServer *
agent_server_new (const gchar *protocol)
{
  AgentServer *self = g_new0 (AgentServer, 1);

  if (g_test_initialized ()) {
    g_log_set_handler ("libsoup", G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL,
        on_warning, NULL);
    g_test_log_set_fatal_handler (is_fatal, NULL);
  }
  g_mutex_init (&self->ice);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->events =
      g_async_queue_new_full ((GDestroyNotify) agent_server_event_free);
  self->connections = g_ptr_array_new ();
  self->stalled = g_ptr_array_new_with_free_func (g_object_unref);
  self->retry_after = -1;
  listen_on_any (self, protocol);
  self->thread = g_thread_new ("agent-server", run, self);
  return self;
}

static gboolean
run_quit (gpointer data)
{
  AgentServer *self = ((Command *) data)->server;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

void
agent_server_free (AgentServer *self)
{
  invoke (self, run_quit, (Command){ 0 });
  g_thread_join (self->thread);
  for (guint i = 0; i < self->connections->len; i++)
    if (self->connections->pdata[i]) {
      g_signal_handlers_disconnect_by_data (self->connections->pdata[i], self);
      g_object_unref (self->connections->pdata[i]);
    }
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->stalled);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_async_queue_unref (self->events);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->uri);
  g_mutex_clear (&self->ice);
  g_free (self);
}

const gchar *
agent_server_get_uri (const AgentServer *self)
{
  return self->uri;
}
