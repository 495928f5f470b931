/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "httpaccess.h"

#include "logic/whipresource.h"

#include <string.h>

static gboolean
is_local_name (const gchar *host)
{
  const gboolean is_ipv6 = *host == '[';
  const gchar *name = host + is_ipv6;
  const gchar *end = name + strcspn (name, is_ipv6 ? "]" : ":");
  g_autofree gchar *copy = g_strndup (name, (gsize) (end - name));
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (copy);

  end += is_ipv6 && *end;
  if (*end && *end != ':')
    return FALSE;
  return address ? g_inet_address_get_is_loopback (address)
                 : !g_ascii_strcasecmp (copy, "localhost");
}

/* "scheme://host" of this server as the client sees it. A server that only this
 * machine reaches has local names only: any other one was made to point here, by a
 * page that wants to pass for ours (DNS rebinding). */
static gchar *
own_origin (const HttpSite *site, SoupServerMessage *message)
{
  const gchar *host = http_header (message, "Host");
  GUri *uri = soup_server_message_get_uri (message);

  if (!host || (site->is_loopback && !is_local_name (host)))
    return NULL;
  return g_strdup_printf ("%s://%s", g_uri_get_scheme (uri), host);
}

gboolean
http_may_call (const HttpSite *site, SoupServerMessage *message,
    const WhipLine *line)
{
  g_autofree gchar *own = own_origin (site, message);

  return whip_origin_is_allowed (http_header (message, "Origin"), own,
      line->config->allowed_origins);
}

gboolean
http_has_token (SoupServerMessage *message, const WhipLine *line)
{
  const gchar *token = line->config->token;

  return !token || !*token ||
      whip_token_matches (http_header (message, "Authorization"), token);
}

gboolean
http_check_access (const HttpSite *site, SoupServerMessage *message,
    const GPtrArray *lines)
{
  gboolean any_origin = FALSE, any_token = FALSE;

  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    gboolean origin = http_may_call (site, message, line);
    any_origin |= origin;
    any_token |= origin && http_has_token (message, line);
  }
  if (!lines->len) {
    http_respond_problem (message, 404, "There is no such line.");
  } else if (!any_origin) {
    http_respond_problem (message, 403,
        "Pages of this origin may not call: allowed-origins lacks it.");
  } else {
    http_allow_origin (message);
    if (any_token)
      return TRUE;
    http_set_header (message, "WWW-Authenticate", "Bearer");
    http_respond_problem (message, 401, "The token is missing or wrong.");
  }
  return FALSE;
}

void
http_add_links (SoupServerMessage *message, const WhipConfig *config,
    gboolean with_secrets)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  g_autofree gchar *stun = whip_link_new (config->stun_server);
  g_autofree gchar *turn =
      with_secrets ? whip_link_new (config->turn_server) : NULL;

  if (stun)
    soup_message_headers_append (headers, "Link", stun);
  if (turn)
    soup_message_headers_append (headers, "Link", turn);
}
