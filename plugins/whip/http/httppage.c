/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The call page: the one that is compiled in, or a folder of one's own. */
#include "httppage.h"

#include "httpmessage.h"

#include "common/base/gstvoiceresource.h"
#include "whipresources.h"

#include <string.h>

#define PREFIX "/gst-voice-agent/whip/"

static gboolean
is_line (const HttpSite *self, const gchar *name)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (self->lines, i);
    if (!g_strcmp0 (line->config->line, name))
      return TRUE;
  }
  return FALSE;
}

/* One file name: no folders, nothing hidden. */
static gboolean
is_file_name (const gchar *name)
{
  for (const gchar *c = name; *c; c++)
    if (!g_ascii_isalnum (*c) && !strchr ("-_.", *c))
      return FALSE;
  return *name && *name != '.';
}

static GBytes *
load (const HttpSite *self, const gchar *name)
{
  const gchar *page = self->page;
  g_autofree gchar *path = NULL;
  gchar *data;
  gsize size;

  if (!strcmp (page, "on")) {
    path = g_strconcat (PREFIX, name, NULL);
    return g_resource_lookup_data (gst_voice_resource_get (whip_get_resource),
        path, 0, NULL);
  }
  path = g_build_filename (page, name, NULL);
  if (!g_file_get_contents (path, &data, &size, NULL))
    return NULL;
  return g_bytes_new_take (data, size);
}

static const gchar *
type_of (const gchar *name)
{
  static const struct
  {
    const gchar *suffix, *type;
  } types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".wav", "audio/wav" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return "application/octet-stream";
}

static void
set_headers (SoupServerMessage *message, gboolean is_ours)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  /* What a page of somebody else's needs is not known. */
  if (is_ours)
    soup_message_headers_append (headers, "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'");
  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_append (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_append (headers, "Cache-Control", "no-cache");
}

gboolean
http_page_handle (const HttpSite *self, SoupServerMessage *message,
    const gchar *path)
{
  const gchar *method = soup_server_message_get_method (message);
  const gchar *name = *path == '/' ? path + 1 : path;

  if (!strcmp (self->page, "off"))
    return FALSE;
  if (!*name || is_line (self, name))
    name = "index.html";
  g_autoptr (GBytes) bytes = is_file_name (name) ? load (self, name) : NULL;
  if (!bytes)
    return FALSE;
  if (strcmp (method, "GET") && strcmp (method, "HEAD")) {
    soup_message_headers_append (soup_server_message_get_response_headers (
                                     message),
        "Allow", "GET, HEAD");
    http_respond_problem (message, 405, "A page can only be read.");
    return TRUE;
  }
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);
  set_headers (message, !strcmp (self->page, "on"));
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, type_of (name), SOUP_MEMORY_COPY,
      data, size);
  return TRUE;
}
