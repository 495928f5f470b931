/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "metricsserver.h"
#include "whip/http/httpguard.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_BODY 4096 /* octets; nobody needs one */

struct _MetricsServer
{
  const MetricsServerTexts *texts;
  gpointer user;
  SoupServer *server;
};

static void
respond (SoupServerMessage *message, guint status, const gchar *type,
    const gchar *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text,
      strlen (text));
}

static void
refuse_body (SoupServerMessage *message)
{
  respond (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "text/plain",
      "no bodies\n");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user)
{
  MetricsServer *self = user;
  const gchar *method = soup_server_message_get_method (message);

  if (http_guard_is_too_long (message)) {
    refuse_body (message);
  } else if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD")) {
    respond (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain",
        "only GET\n");
  } else if (g_str_equal (path, "/metrics")) {
    g_autofree gchar *text = self->texts->metrics (self->user);
    respond (message, SOUP_STATUS_OK,
        "text/plain; version=0.0.4; charset=utf-8", text);
  } else if (g_str_equal (path, "/health")) {
    gboolean good;
    const gchar *text = self->texts->health (self->user, &good);
    respond (message, good ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
        "text/plain", text);
  } else {
    respond (message, SOUP_STATUS_NOT_FOUND, "text/plain",
        "/metrics or /health\n");
  }
}

/* FALSE with @error: the address cannot be used. */
static gboolean
listen_at (MetricsServer *self, const gchar *host, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (
      g_str_equal (host, "localhost") ? "127.0.0.1" : host);

  if (!address) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "metrics: \"%s\" is no IP address.", host);
    return FALSE;
  }
  g_autoptr (GSocketAddress) socket_address =
      g_inet_socket_address_new (address, port);
  if (http_guard_listen (self->server, socket_address, 0, error))
    return TRUE;
  g_prefix_error (error, "metrics, %s port %u: ", host, port);
  return FALSE;
}

MetricsServer *
metrics_server_new (const gchar *host, guint16 port,
    const MetricsServerTexts *texts, gpointer user, GError **error)
{
  MetricsServer *self = g_new0 (MetricsServer, 1);
  g_autofree gchar *name = g_strconcat (g_get_prgname (), " ", NULL);

  self->texts = texts;
  self->user = user;
  self->server = soup_server_new ("server-header", name, NULL);
  http_guard_add (self->server, MAX_BODY, refuse_body);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (listen_at (self, host, port, error))
    return self;
  metrics_server_free (self);
  return NULL;
}

void
metrics_server_free (MetricsServer *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self);
}
