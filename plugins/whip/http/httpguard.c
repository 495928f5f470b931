/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "httpguard.h"

#define SLOWEST 15 /* s without an octet from a client */
#define MAX_WASTE (1024 * 1024) /* octets of a body that is too long */
#define BACKLOG 128
#define CHECK_TIME 3 /* s */
#define TOO_LONG "http-guard-too-long"

typedef struct
{
  SoupServer *server; /* whose data this is */
  gsize max_body;
  void (*refuse) (SoupServerMessage *message);
  GSocketAddress *address;
  SoupServerListenOptions options;
  GSource *check;
  gboolean stuck; /* somebody waited when it was checked last */
  gboolean lost; /* it stopped listening for that, and cannot begin again yet */
  guint requests; /* since then */
} HttpGuard;

static HttpGuard *
guard_of (SoupServer *server)
{
  return g_object_get_data (G_OBJECT (server), "http-guard");
}

static void
guard_free (gpointer data)
{
  HttpGuard *self = data;

  if (self->check)
    g_source_destroy (self->check);
  g_clear_pointer (&self->check, g_source_unref);
  g_clear_object (&self->address);
  g_free (self);
}

/* ---- Requests */

gboolean
http_guard_is_too_long (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), TOO_LONG) != NULL;
}

/* A body of no announced length: what is too much is dropped as it comes. */
static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user)
{
  const HttpGuard *self = user;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  gsize waste =
      GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), TOO_LONG));

  if ((gsize) body->length <= self->max_body && !waste)
    return;
  soup_message_body_truncate (body);
  soup_message_body_set_accumulate (body, FALSE);
  waste += g_bytes_get_size (chunk);
  g_object_set_data (G_OBJECT (message), TOO_LONG, GSIZE_TO_POINTER (waste));
  GSocket *socket = soup_server_message_get_socket (message);
  if (waste > MAX_WASTE && socket)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* Headers are there, the body is not. */
static void
on_early (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user)
{
  HttpGuard *self = user;
  SoupMessageHeaders *headers =
      soup_server_message_get_request_headers (message);

  /* libsoup 3.2 never closes a connection that a client kept alive and left. */
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Connection", "close");
  if (soup_message_headers_get_content_length (headers) >
      (goffset) self->max_body)
    self->refuse (message);
  else
    g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), self);
}

/* A client that stalls is dropped. */
static void
on_started (SoupServer *server, SoupServerMessage *message, gpointer user)
{
  HttpGuard *self = user;
  GSocket *socket = soup_server_message_get_socket (message);

  self->requests++;
  if (socket)
    g_socket_set_timeout (socket, SLOWEST);
}

void
http_guard_add (SoupServer *server, gsize max_body,
    void (*refuse) (SoupServerMessage *message))
{
  HttpGuard *self = g_new0 (HttpGuard, 1);

  self->server = server;
  self->max_body = max_body;
  self->refuse = refuse;
  g_object_set_data_full (G_OBJECT (server), "http-guard", self, guard_free);
  soup_server_add_early_handler (server, NULL, on_early, self, NULL);
  g_signal_connect (server, "request-started", G_CALLBACK (on_started), self);
}

/* ---- Listening */

static gboolean
listen_at (HttpGuard *self, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (self->address),
          G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (!socket)
    return FALSE;
  g_socket_set_listen_backlog (socket, BACKLOG);
  return g_socket_bind (socket, self->address, TRUE, error) &&
      g_socket_listen (socket, error) &&
      soup_server_listen_socket (self->server, socket, self->options, error);
}

static gboolean
somebody_waits (SoupServer *server)
{
  g_autoptr (GSList) sockets = soup_server_get_listeners (server);
  gboolean waits = FALSE;

  for (GSList *link = sockets; link; link = link->next)
    waits = waits || g_socket_condition_check (link->data, G_IO_IN);
  return waits;
}

static gboolean
on_check (gpointer data)
{
  HttpGuard *self = data;
  gboolean stuck = somebody_waits (self->server);

  if (self->lost || (stuck && self->stuck && !self->requests)) {
    soup_server_disconnect (self->server);
    self->lost = !listen_at (self, NULL);
  }
  self->stuck = stuck;
  self->requests = 0;
  return G_SOURCE_CONTINUE;
}

gboolean
http_guard_listen (SoupServer *server, GSocketAddress *address,
    SoupServerListenOptions options, GError **error)
{
  HttpGuard *self = guard_of (server);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->address = g_object_ref (address);
  self->options = options;
  if (!listen_at (self, error))
    return FALSE;
  self->check = g_timeout_source_new_seconds (CHECK_TIME);
  g_source_set_callback (self->check, on_check, self, NULL);
  g_source_attach (self->check, context);
  return TRUE;
}
