/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaiaddress.h"

#include "aiagent/logic/remote/wireaddress.h"

#include <string.h>

void
openai_address_clear (OpenaiAddress *self)
{
  g_free (self->uri);
  *self = (OpenaiAddress){ 0 };
}

/* NULL: no WebSocket is there. */
static const gchar *
get_scheme (const gchar *scheme)
{
  if (g_str_equal (scheme, "wss") || g_str_equal (scheme, "https"))
    return "wss";
  return g_str_equal (scheme, "ws") || g_str_equal (scheme, "http") ? "ws"
                                                                    : NULL;
}

static gchar *
dup_path (const gchar *path)
{
  if (!*path || g_str_equal (path, "/"))
    return g_strdup ("/v1/realtime");
  if (g_str_has_suffix (path, "/v1"))
    return g_strconcat (path, "/realtime", NULL);
  if (g_str_has_suffix (path, "/v1/"))
    return g_strconcat (path, "realtime", NULL);
  return g_strdup (path);
}

/* A parameter of that name; of Azure and others, in any order. */
static gboolean
has_parameter (const gchar *query, const gchar *name)
{
  g_auto (GStrv) parts = g_strsplit (query, "&", -1);
  const gsize length = strlen (name);

  for (gchar **part = parts; *part; part++)
    if (!strncmp (*part, name, length) && (*part)[length] == '=')
      return TRUE;
  return FALSE;
}

static gchar *
dup_query (const OpenaiAddress *self, const gchar *query, const gchar *model)
{
  if (self->azure || !model || !*model || has_parameter (query, "model") ||
      has_parameter (query, "call_id"))
    return *query ? g_strdup (query) : NULL;
  g_autofree gchar *escaped = g_uri_escape_string (model, NULL, FALSE);
  return g_strconcat (query, *query ? "&" : "", "model=", escaped, NULL);
}

static gboolean
is_loopback (const gchar *host)
{
  g_autofree gchar *lower = g_ascii_strdown (host, -1);

  return g_str_equal (lower, "localhost") || g_str_equal (lower, "::1") ||
      (g_str_has_prefix (lower, "127.") && g_hostname_is_ip_address (lower));
}

static void
read_host (OpenaiAddress *self, const gchar *host, const gchar *query)
{
  g_autofree gchar *lower = g_ascii_strdown (host, -1);

  self->vendor = g_str_equal (lower, "openai.com") ||
      g_str_has_suffix (lower, ".openai.com");
  self->azure = g_str_has_suffix (lower, ".openai.azure.com") ||
      has_parameter (query, "api-version") ||
      has_parameter (query, "deployment");
  self->loopback = is_loopback (host);
}

gboolean
openai_address_read (OpenaiAddress *self, const gchar *uri, const gchar *model,
    GError **error)
{
  const GUriFlags flags = G_URI_FLAGS_ENCODED;
  g_autoptr (GUri) parsed =
      g_uri_parse (uri && *uri ? uri : OPENAI_DEFAULT_URI, flags, error);

  *self = (OpenaiAddress){ 0 };
  if (!parsed)
    return FALSE;
  const gchar *scheme = get_scheme (g_uri_get_scheme (parsed));
  const gchar *host = g_uri_get_host (parsed);
  const gchar *query = g_uri_get_query (parsed);
  if (!scheme || !host || !*host || strpbrk (uri ? uri : "", " \t\r\n") ||
      g_uri_get_userinfo (parsed)) {
    g_set_error_literal (error, G_URI_ERROR, G_URI_ERROR_FAILED,
        "It has to be ws, wss, http or https, with a host and without a name "
        "or password");
    return FALSE;
  }
  read_host (self, host, query ? query : "");
  self->secret = wire_address_has_secret (query);
  self->secure = g_str_equal (scheme, "wss");
  g_autofree gchar *path = dup_path (g_uri_get_path (parsed));
  g_autofree gchar *asked = dup_query (self, query ? query : "", model);
  self->uri = g_uri_join (flags, scheme, NULL, host, g_uri_get_port (parsed),
      path, asked, NULL);
  return TRUE;
}
