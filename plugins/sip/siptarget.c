/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who and where: URIs, names, the addresses that go into messages. */

#include "sipdialogprivate.h"
#include "siproute.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/url.h>
#include <stdlib.h>
#include <string.h>

#define SIP_PORT 5060
#define MAX_HEADER_NAME 64
#define MAX_HEADER_NAMES 1000 /* different ones, in the life of the process */

void
sip_dialog_settings_clear (SipDialogSettings *self)
{
  g_clear_pointer (&self->external_address, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->headers, gst_structure_free);
}

/* ---- URIs */

static url_t *
parse_uri (su_home_t *home, const gchar *uri)
{
  url_t *url = uri ? url_make (home, uri) : NULL;

  if (!url || (url->url_type != url_sip && url->url_type != url_sips) ||
      !url->url_host || !*url->url_host)
    return NULL;
  return url;
}

gchar *
sip_uri_without_password (const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  url_t *url = parse_uri (home, uri);
  gchar *text = NULL;

  if (url) {
    url->url_password = NULL;
    text = g_strdup (url_as_string (home, url));
  }
  su_home_deinit (home);
  return text ? text : g_strdup ("");
}

SipTransport
sip_uri_get_transport (const gchar *uri, SipTransport other)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = parse_uri (home, uri);
  gchar transport[8] = "";

  if (url)
    url_param (url->url_params, "transport", transport, sizeof transport);
  su_home_deinit (home);
  if (!g_ascii_strcasecmp (transport, "tcp"))
    return SIP_TRANSPORT_TCP;
  if (!g_ascii_strcasecmp (transport, "udp"))
    return SIP_TRANSPORT_UDP;
  return other;
}

/* The host of a URI without the brackets of IPv6. */
static gchar *
bare_host (const gchar *host)
{
  gsize length = strlen (host);

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    return g_strndup (host + 1, length - 2);
  return g_strdup (host);
}

typedef struct
{
  guint16 port;
  SipTargetResolved resolved;
  gpointer user;
} Lookup;

static void
lookup_done (GObject *resolver, GAsyncResult *result, gpointer data)
{
  g_autofree Lookup *lookup = data;
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  PacketAddress address;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error) {
    lookup->resolved (NULL, error, lookup->user);
    return;
  }
  /* IPv4 first: the usual local-uri is an IPv4 wildcard. */
  GInetAddress *chosen = addresses->data;
  for (GList *l = addresses; l; l = l->next)
    if (g_inet_address_get_family (l->data) == G_SOCKET_FAMILY_IPV4) {
      chosen = l->data;
      break;
    }
  g_autofree gchar *text = g_inet_address_to_string (chosen);
  packet_address_parse (&address, text, lookup->port);
  g_resolver_free_addresses (addresses);
  lookup->resolved (&address, NULL, lookup->user);
}

void
sip_target_resolve (const gchar *uri, GCancellable *cancellable,
    SipTargetResolved resolved, gpointer user)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = parse_uri (home, uri);
  g_autofree gchar *host = bare_host (url->url_host);
  gulong port = url->url_port ? strtoul (url->url_port, NULL, 10) : SIP_PORT;
  Lookup *lookup = g_new (Lookup, 1);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  su_home_deinit (home);
  *lookup = (Lookup){ (guint16) port, resolved, user };
  g_resolver_lookup_by_name_async (resolver, host, cancellable, lookup_done,
      lookup);
}

gchar *
sip_dialog_text (const gchar *text)
{
  return g_utf8_make_valid (text ? text : "", -1);
}

gchar *
sip_dialog_address_text (const url_t *url)
{
  const gchar *user = url->url_user ? url->url_user : "";
  g_autofree gchar *text = url->url_host
      ? g_strconcat ("sip:", user, *user ? "@" : "", url->url_host, NULL)
      : NULL;

  return sip_dialog_text (text);
}

/* ---- What we say of ourselves */

static gboolean
is_wildcard (const gchar *host)
{
  return !strcmp (host, "0.0.0.0") || !strcmp (host, "::");
}

void
sip_dialog_set_route (SipDialog *self)
{
  const gchar *bound = sip_endpoint_get_host (self->endpoint);
  PacketAddress local;

  g_free (self->host);
  if (self->settings.external_address && *self->settings.external_address) {
    self->host = g_strdup (self->settings.external_address);
  } else if (!is_wildcard (bound)) {
    self->host = g_strdup (bound);
  } else {
    sip_route_local (&self->remote, &local);
    self->host = packet_address_host_to_string (&local);
  }
  gboolean v6 = strchr (self->host, ':') != NULL;
  g_free (self->contact);
  self->contact = g_strdup_printf ("<sip:%s@%s%s%s:%u;transport=%s>",
      self->settings.user, v6 ? "[" : "", self->host, v6 ? "]" : "",
      sip_endpoint_get_port (self->endpoint), self->transport);
}

gchar *
sip_dialog_remote_uri (SipDialog *self)
{
  g_autofree gchar *address = packet_address_to_string (&self->remote);

  return g_strdup_printf ("sip:%s;transport=%s", address, self->transport);
}

/* The first hop of the route, seen from here, else the Contact. */
static const url_t *
next_hop (SipDialog *self, const sip_t *sip)
{
  const sip_record_route_t *route = sip->sip_record_route;

  while (route && self->outgoing && route->r_next)
    route = route->r_next;
  if (route)
    return route->r_url;
  return sip->sip_contact ? sip->sip_contact->m_url : NULL;
}

/* @url without what only Route headers have. */
static gchar *
hop_uri (const url_t *url)
{
  gchar transport[8] = "";

  url_param (url->url_params, "transport", transport, sizeof transport);
  return g_strconcat ("sip:", url->url_host, url->url_port ? ":" : "",
      url->url_port ? url->url_port : "", *transport ? ";transport=" : "",
      transport, NULL);
}

void
sip_dialog_set_next_hop (SipDialog *self, const sip_t *sip)
{
  const url_t *url = next_hop (self, sip);
  PacketAddress address;
  g_autofree gchar *remote = NULL;

  if (!url || self->has_route)
    return;
  self->has_route = sip->sip_record_route != NULL;
  g_autofree gchar *host = bare_host (url->url_host);
  /* Where there is a NUTAG_PROXY, be it NULL, the library sends no request to the
   * first of its Route headers. */
  if (!packet_address_parse (&address, host, 0))
    remote = sip_dialog_remote_uri (self);
  else if (self->has_route)
    remote = hop_uri (url);
  nua_set_hparams (self->nh, NUTAG_PROXY (remote), TAG_END ());
}

/* ---- Headers of the application */

/* Names of fields stay in memory for ever: strangers may add only so many. */
static gboolean
is_name_affordable (const gchar *name)
{
  static gint n_names = 0; /* atomic */

  if (strlen (name) > MAX_HEADER_NAME)
    return FALSE;
  return g_quark_try_string (name) ||
      g_atomic_int_add (&n_names, 1) < MAX_HEADER_NAMES;
}

GstStructure *
sip_dialog_collect_headers (const sip_t *sip)
{
  GstStructure *headers = NULL;
  guint n = 0;

  for (const sip_unknown_t *u = sip->sip_unknown; u && n < 64; u = u->un_next) {
    if (!u->un_name || !u->un_value ||
        !g_utf8_validate (u->un_value, -1, NULL) ||
        strspn (u->un_name,
            "abcdefghijklmnopqrstuvwxyz"
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != strlen (u->un_name) ||
        !g_ascii_isalpha (*u->un_name) || !is_name_affordable (u->un_name))
      continue;
    if (!headers)
      headers = gst_structure_new_empty ("headers");
    gst_structure_set (headers, u->un_name, G_TYPE_STRING, u->un_value, NULL);
    n++;
  }
  return headers;
}

static gboolean
append_line (GQuark field, const GValue *value, gpointer lines)
{
  if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value))
    g_string_append_printf (lines, "%s: %s\r\n", g_quark_to_string (field),
        g_value_get_string (value));
  return TRUE;
}

gchar *
sip_dialog_header_lines (SipDialog *self)
{
  GString *lines = g_string_new (NULL);

  if (self->settings.headers)
    gst_structure_foreach (self->settings.headers, append_line, lines);
  if (lines->len)
    g_string_truncate (lines, lines->len - 2);
  gboolean any = lines->len > 0;
  return g_string_free (lines, !any);
}
