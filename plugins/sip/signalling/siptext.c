/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siptext.h"

#include <string.h>

gchar *
sip_text_utf8 (const gchar *text)
{
  return g_utf8_make_valid (text ? text : "", -1);
}

gchar *
sip_text_unquoted (const gchar *text)
{
  gsize length = text ? strlen (text) : 0;

  if (length < 2 || *text != '"' || text[length - 1] != '"')
    return sip_text_utf8 (text);
  GString *plain = g_string_new (NULL);
  for (const gchar *c = text + 1; c < text + length - 1; c++) {
    if (*c == '\\' && c + 1 < text + length - 1)
      c++;
    g_string_append_c (plain, *c);
  }
  g_autofree gchar *bytes = g_string_free (plain, FALSE);
  return sip_text_utf8 (bytes);
}

gchar *
sip_text_address (const url_t *url)
{
  const gchar *user = url->url_user ? url->url_user : "";
  g_autofree gchar *text = NULL;

  if (url->url_type == url_tel)
    text = g_strconcat ("tel:", user, NULL);
  else if (url->url_host)
    text = g_strconcat ("sip:", user, *user ? "@" : "", url->url_host, NULL);
  return sip_text_utf8 (text);
}

gchar *
sip_text_warning (const GError *error)
{
  g_autofree gchar *text =
      g_strdelimit (g_strdup (error->message), "\"\\", '\'');

  return g_strdup_printf ("399 gst-voice-agent \"%s\"", text);
}

/* ---- URIs */

url_t *
sip_text_parse_uri (su_home_t *home, const gchar *uri)
{
  url_t *url = uri ? url_make (home, uri) : NULL;

  if (!url || (url->url_type != url_sip && url->url_type != url_sips) ||
      !url->url_host || !*url->url_host)
    return NULL;
  return url;
}

gchar *
sip_text_without_password (const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  url_t *url = sip_text_parse_uri (home, uri);
  gchar *text = NULL;

  if (url) {
    url->url_password = NULL;
    text = g_strdup (url_as_string (home, url));
  }
  su_home_deinit (home);
  return text ? text : g_strdup ("");
}

SipTransport
sip_text_transport (const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = sip_text_parse_uri (home, uri);
  gchar transport[8] = "";

  const gboolean secure = url && url->url_type == url_sips;
  if (url)
    url_param (url->url_params, "transport", transport, sizeof transport);
  su_home_deinit (home);
  /* RFC 3261 26.2.2: what sips: has for a transport is below TLS. */
  if (secure || !g_ascii_strcasecmp (transport, "tls"))
    return SIP_TRANSPORT_TLS;
  return g_ascii_strcasecmp (transport, "tcp") ? SIP_TRANSPORT_UDP
                                               : SIP_TRANSPORT_TCP;
}

const gchar *
sip_text_transport_name (SipTransport transport)
{
  static const gchar *const names[] = {
    [SIP_TRANSPORT_UDP] = "udp",
    [SIP_TRANSPORT_TCP] = "tcp",
    [SIP_TRANSPORT_TLS] = "tls",
  };

  return names[transport];
}

gchar *
sip_text_bare_host (const gchar *host)
{
  gsize length = strlen (host);

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    return g_strndup (host + 1, length - 2);
  return g_strdup (host);
}
