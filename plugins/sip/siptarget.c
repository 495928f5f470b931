/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who and where: URIs, names, the addresses that go into messages. */

#include "sipdialogprivate.h"
#include "sipport.h"
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
  gchar *host;
  guint16 port;
  gint family;
  SipTargetResolved resolved;
  gpointer user;
} Lookup;

static void
lookup_free (Lookup *self)
{
  g_free (self->host);
  g_free (self);
}

/* Whether @from may be called: it goes to @address. */
static gboolean
is_allowed (const Lookup *self, GInetAddress *from, PacketAddress *address)
{
  g_autofree gchar *text = g_inet_address_to_string (from);

  return packet_address_parse (address, text, self->port) &&
      (!self->family || address->any.sa_family == self->family);
}

/* IPv4 first, which most telephones have alone, but not where there is no way to it.
 * FALSE: none is allowed. */
static gboolean
choose_address (const Lookup *self, GList *addresses, PacketAddress *address,
    GError **error)
{
  PacketAddress found;
  guint best = 0;

  for (GList *l = addresses; l; l = l->next) {
    if (!is_allowed (self, l->data, &found))
      continue;
    guint worth = !sip_route_exists (&found) ? 1
        : found.any.sa_family == AF_INET6    ? 2
                                             : 3;
    if (worth > best)
      *address = found;
    best = MAX (best, worth);
  }
  if (best == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
        "%s has no %s address, and no other can be used here", self->host,
        self->family == AF_INET6 ? "IPv6" : "IPv4");
  return best > 0;
}

static void
lookup_done (GObject *resolver, GAsyncResult *result, gpointer data)
{
  Lookup *self = data;
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  PacketAddress address;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    gboolean found =
        !error && choose_address (self, addresses, &address, &error);
    self->resolved (found ? &address : NULL, error, self->user);
  }
  g_resolver_free_addresses (addresses);
  lookup_free (self);
}

void
sip_host_resolve (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipTargetResolved resolved, gpointer user)
{
  Lookup *lookup = g_new (Lookup, 1);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  *lookup = (Lookup){ g_strdup (host), port, family, resolved, user };
  g_resolver_lookup_by_name_async (resolver, host, cancellable, lookup_done,
      lookup);
}

/* AF_UNSPEC if the endpoint takes both. */
static gint
get_family (SipEndpoint *endpoint)
{
  const gchar *bound = sip_endpoint_get_host (endpoint);

  if (!strcmp (bound, SIP_PORT_ANY_HOST))
    return AF_UNSPEC;
  return strchr (bound, ':') ? AF_INET6 : AF_INET;
}

void
sip_target_resolve (const gchar *uri, SipEndpoint *endpoint,
    GCancellable *cancellable, SipTargetResolved resolved, gpointer user)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = parse_uri (home, uri);
  g_autofree gchar *host = bare_host (url->url_host);
  gulong port = url->url_port ? strtoul (url->url_port, NULL, 10) : SIP_PORT;

  su_home_deinit (home);
  sip_host_resolve (host, (guint16) port, get_family (endpoint), cancellable,
      resolved, user);
}

gchar *
sip_dialog_text (const gchar *text)
{
  return g_utf8_make_valid (text ? text : "", -1);
}

gchar *
sip_dialog_unquoted (const gchar *text)
{
  gsize length = text ? strlen (text) : 0;

  if (length < 2 || *text != '"' || text[length - 1] != '"')
    return sip_dialog_text (text);
  GString *plain = g_string_new (NULL);
  for (const gchar *c = text + 1; c < text + length - 1; c++) {
    if (*c == '\\' && c + 1 < text + length - 1)
      c++;
    g_string_append_c (plain, *c);
  }
  g_autofree gchar *bytes = g_string_free (plain, FALSE);
  return sip_dialog_text (bytes);
}

gchar *
sip_dialog_address_text (const url_t *url)
{
  const gchar *user = url->url_user ? url->url_user : "";
  g_autofree gchar *text = NULL;

  if (url->url_type == url_tel)
    text = g_strconcat ("tel:", user, NULL);
  else if (url->url_host)
    text = g_strconcat ("sip:", user, *user ? "@" : "", url->url_host, NULL);
  return sip_dialog_text (text);
}

gchar *
sip_dialog_warning (const GError *error)
{
  g_autofree gchar *text =
      g_strdelimit (g_strdup (error->message), "\"\\", '\'');

  return g_strdup_printf ("399 gst-voice-agent \"%s\"", text);
}

/* ---- What we say of ourselves */

/* Whether @host can stand where @remote is: one of the two kinds of addresses. */
static gboolean
is_usable_for (const gchar *host, const PacketAddress *remote)
{
  return host && *host && !sip_port_is_wildcard (host) &&
      (strchr (host, ':') != NULL) == (remote->any.sa_family == AF_INET6);
}

gchar *
sip_dialog_dup_local_host (SipDialog *self, const PacketAddress *remote)
{
  const gchar *external = self->settings.external_address;
  const gchar *bound = sip_endpoint_get_host (self->endpoint);
  PacketAddress local;

  if (is_usable_for (external, remote))
    return g_strdup (external);
  if (is_usable_for (bound, remote))
    return g_strdup (bound);
  sip_route_local (remote, &local);
  return packet_address_host_to_string (&local);
}

static gboolean
is_loopback (const gchar *host)
{
  return g_str_has_prefix (host, "127.") || !strcmp (host, "::1");
}

/* From there nothing goes to other machines: a proxy beside us says who calls. */
static gboolean
is_loopback_for_others (SipDialog *self, const gchar *host)
{
  g_autofree gchar *peer = packet_address_host_to_string (&self->media_peer);

  return is_loopback (host) && !is_loopback (peer);
}

void
sip_dialog_get_media_bind (SipDialog *self, PacketAddress *address)
{
  const gchar *bound = sip_endpoint_get_host (self->endpoint);
  const gchar *host = self->local.host;

  /* NAT has it: what comes there comes to where signalling comes. */
  if (!sip_route_is_here (host))
    host = is_usable_for (bound, &self->media_peer) ? bound : NULL;
  if (!host || is_loopback_for_others (self, host))
    host = self->media_peer.any.sa_family == AF_INET6 ? "::" : "0.0.0.0";
  packet_address_parse (address, host, 0);
}

void
sip_dialog_set_route (SipDialog *self)
{
  g_free (self->host);
  self->host = sip_dialog_dup_local_host (self, &self->remote);
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
    /* RFC 3261 7.3.1: several of a name are one with commas. */
    const gchar *before = gst_structure_get_string (headers, u->un_name);
    g_autofree gchar *all =
        before ? g_strconcat (before, ", ", u->un_value, NULL) : NULL;
    gst_structure_set (headers, u->un_name, G_TYPE_STRING,
        all ? all : u->un_value, NULL);
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
