/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "wireaddress.h"

#include <gio/gio.h>
#include <string.h>

static gchar *
refuse (GError **error, const gchar *why)
{
  g_set_error_literal (error, G_URI_ERROR, G_URI_ERROR_FAILED, why);
  return NULL;
}

/* NULL: it is of no such kind. */
static const gchar *
find_scheme (const gchar *scheme)
{
  if (g_str_equal (scheme, "ws") || g_str_equal (scheme, "http"))
    return "ws";
  if (g_str_equal (scheme, "wss") || g_str_equal (scheme, "https"))
    return "wss";
  return NULL;
}

static gboolean
is_this_machine (const gchar *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address ? g_inet_address_get_is_loopback (address)
                 : g_ascii_strcasecmp (host, "localhost") == 0;
}

gboolean
wire_address_has_secret (const gchar *query)
{
  static const gchar *const names[] = { "key", "api-key", "api_key", "apikey",
    "token", "access_token", "password", NULL };
  g_auto (GStrv) parts = g_strsplit (query ? query : "", "&", -1);

  for (gchar **part = parts; *part; part++) {
    (*part)[strcspn (*part, "=")] = '\0';
    g_autofree gchar *plain = g_uri_unescape_string (*part, NULL);
    g_autofree gchar *name = g_ascii_strdown (plain ? plain : *part, -1);
    if (g_strv_contains (names, name))
      return TRUE;
  }
  return FALSE;
}

gchar *
wire_address_read (const gchar *uri, WireAddressUse use, GError **error)
{
  g_autoptr (GUri) parsed =
      uri ? g_uri_parse (uri, G_URI_FLAGS_ENCODED, NULL) : NULL;
  const gchar *scheme = parsed ? find_scheme (g_uri_get_scheme (parsed)) : NULL;
  const gchar *host = parsed ? g_uri_get_host (parsed) : NULL;

  if (!scheme || !host || !*host)
    return refuse (error, "it has to be ws://HOST or wss://HOST");
  if (g_uri_get_userinfo (parsed))
    return refuse (error, "user and password do not stand in an address");
  const gboolean secret = use == WIRE_ADDRESS_SECRET ||
      (use == WIRE_ADDRESS_OPEN &&
          wire_address_has_secret (g_uri_get_query (parsed)));
  if (secret && g_str_equal (scheme, "ws") && !is_this_machine (host))
    return refuse (error,
        "anybody on the way could read the secret: it has to be wss, or "
        "allow-insecure be set");
  const gchar *path = g_uri_get_path (parsed);
  return g_uri_join (G_URI_FLAGS_ENCODED, scheme, NULL, host,
      g_uri_get_port (parsed), *path ? path : "/", g_uri_get_query (parsed),
      NULL);
}
