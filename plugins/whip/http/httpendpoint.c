/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "httpendpoint.h"
#include "httpguard.h"
#include "httppage.h"
#include "httpwhip.h"

#include "line/whiploop.h"
#include "logic/whipresource.h"

#include <string.h>

/* A line that is made again, in a moment, finds its server, and its callers do not
 * lose their connections; who waited to no avail is told so. */
#define LINGER 2000 /* ms */
#define TELL_TIME 200 /* ms; for answers that were just given */

struct _HttpEndpoint
{
  guint users;
  GSource *linger; /* without users */
  gchar *host, *certificate;
  guint port;
  SoupServer *server;
  HttpSite site;
  HttpRefusals refusals;
  HttpQueue *queue;
};

static GPtrArray *endpoints; /* HTTP loop */

static void
on_line_changed (gpointer user)
{
  HttpEndpoint *self = user;

  http_queue_wake (self->queue);
}

void
http_endpoint_add_line (HttpEndpoint *self, WhipLine *line)
{
  g_ptr_array_add (self->site.lines, line);
  line->iface->watch (line->peer, on_line_changed, self);
  http_queue_wake (self->queue);
}

void
http_endpoint_remove_line (HttpEndpoint *self, WhipLine *line)
{
  line->iface->watch (line->peer, NULL, NULL);
  g_ptr_array_remove (self->site.lines, line);
  http_queue_wake (self->queue);
}

/* ---- Requests */

static void
refuse_body (SoupServerMessage *message)
{
  http_respond_problem (message, 413, "The body is too long.");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user)
{
  HttpEndpoint *self = user;

  if (http_guard_is_too_long (message))
    refuse_body (message);
  else if (!http_whip_handle (&self->site, self->queue, message, path) &&
      !http_page_handle (&self->site, message, path))
    http_respond_problem (message, 404, "There is nothing here.");
}

/* ---- Life */

static gboolean
set_certificate (HttpEndpoint *self, const WhipConfig *config, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!config->tls_certificate)
    return TRUE;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_files (config->tls_certificate,
          config->tls_key, &wrong);
  if (!certificate) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "The TLS certificate %s and its key %s cannot be used: %s",
        config->tls_certificate, config->tls_key, wrong->message);
    return FALSE;
  }
  soup_server_set_tls_certificate (self->server, certificate);
  return TRUE;
}

static gboolean
listen_at (HttpEndpoint *self, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  const gchar *host =
      strcmp (self->host, "localhost") ? self->host : "127.0.0.1";
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (host, self->port);
  const SoupServerListenOptions options =
      self->certificate ? SOUP_SERVER_LISTEN_HTTPS : 0;

  self->site.is_loopback = g_inet_address_get_is_loopback (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  if (http_guard_listen (self->server, address, options, &wrong))
    return TRUE;
  gboolean busy =
      g_error_matches (wrong, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_set_error (error, GST_RESOURCE_ERROR,
      busy ? GST_RESOURCE_ERROR_BUSY : GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      busy ? "Port %u of %s is in use by another program; choose another one "
             "with the property port.%.0s"
           : "No HTTP server can be opened at port %u of %s: %s",
      self->port, self->host, wrong->message);
  return FALSE;
}

static void
stop_linger (HttpEndpoint *self)
{
  if (!self->linger)
    return;
  g_source_destroy (self->linger);
  g_clear_pointer (&self->linger, g_source_unref);
}

static void
endpoint_free (HttpEndpoint *self)
{
  stop_linger (self);
  http_queue_free (self->queue);
  if (self->server)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  http_site_clear (&self->site);
  g_free (self->certificate);
  g_free (self->host);
  g_free (self);
}

static HttpEndpoint *
endpoint_new (const WhipConfig *config, GError **error)
{
  HttpEndpoint *self = g_new0 (HttpEndpoint, 1);

  self->users = 1;
  http_site_init (&self->site, config->page);
  self->refusals.site = &self->site;
  self->queue = http_queue_new (&self->site, &self->refusals);
  self->host = g_strdup (config->host);
  self->port = config->port;
  self->certificate = g_strdup (config->tls_certificate);
  self->server = soup_server_new ("server-header", "gst-voice-agent", NULL);
  http_guard_add (self->server, WHIP_MAX_BODY, refuse_body);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (set_certificate (self, config, error) && listen_at (self, error))
    return self;
  endpoint_free (self);
  return NULL;
}

static gboolean
agrees (const HttpEndpoint *self, const WhipConfig *config, GError **error)
{
  const gchar *property = g_strcmp0 (self->site.page, config->page) ? "page"
      : g_strcmp0 (self->certificate, config->tls_certificate)
      ? "tls-certificate"
      : NULL;

  if (!property)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "Another whipserver at port %u of %s has another %s; lines that share an "
      "address share it.",
      self->port, self->host, property);
  return FALSE;
}

/* Nobody uses @self. */
static void
drop (HttpEndpoint *self)
{
  g_ptr_array_remove (endpoints, self);
  endpoint_free (self);
}

static gboolean
on_linger (gpointer data)
{
  HttpEndpoint *self = data;

  stop_linger (self);
  if (http_queue_refuse_all (self->queue))
    self->linger =
        io_loop_add_timeout (whip_loop_get (), TELL_TIME, on_linger, self);
  else
    drop (self);
  return G_SOURCE_REMOVE;
}

/* One that lingers has no say: its port is given away, also by another address. */
static HttpEndpoint *
find (const WhipConfig *config)
{
  for (guint i = endpoints->len; i-- > 0;) {
    HttpEndpoint *self = g_ptr_array_index (endpoints, i);
    if (self->port != config->port)
      continue;
    gboolean same = !strcmp (self->host, config->host);
    if (self->linger && !(same && agrees (self, config, NULL)))
      drop (self);
    else if (same)
      return self;
  }
  return NULL;
}

HttpEndpoint *
http_endpoint_open (const WhipConfig *config, GError **error)
{
  if (!endpoints)
    endpoints = g_ptr_array_new ();
  HttpEndpoint *self = find (config);
  if (self) {
    if (!agrees (self, config, error))
      return NULL;
    stop_linger (self);
    self->users++;
    return self;
  }
  self = endpoint_new (config, error);
  if (self)
    g_ptr_array_add (endpoints, self);
  return self;
}

void
http_endpoint_close (HttpEndpoint *self)
{
  if (--self->users == 0)
    self->linger =
        io_loop_add_timeout (whip_loop_get (), LINGER, on_linger, self);
}
