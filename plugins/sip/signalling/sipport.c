/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipport.h"
#include "siproute.h"

#include <gio/gio.h>
#include <string.h>

#define CHOICES 64

gboolean
sip_port_is_wildcard (const gchar *host)
{
  return g_str_equal (host, "0.0.0.0") || g_str_equal (host, "::") ||
      g_str_equal (host, SIP_PORT_ANY_HOST);
}

gint
sip_port_get_family (const gchar *host)
{
  if (g_str_equal (host, SIP_PORT_ANY_HOST))
    return AF_UNSPEC;
  return strchr (host, ':') ? AF_INET6 : AF_INET;
}

static PacketTransport *
probe (const gchar *host, guint16 port, GError **error)
{
  PacketAddress address;

  if (g_str_equal (host, SIP_PORT_ANY_HOST))
    host = sip_route_has_family (AF_INET) ? "0.0.0.0" : "::";
  if (!packet_address_parse (&address, host, port))
    return NULL;
  return packet_transport_new_udp (&address, error);
}

/* The kernel gives UDP a port that a connection of somebody else's may come from. */
static gboolean
is_free_for_tcp (const PacketAddress *local)
{
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) &local->any, sizeof *local);
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
          G_SOCKET_PROTOCOL_TCP, NULL);

  return socket && g_socket_bind (socket, address, FALSE, NULL);
}

guint16
sip_port_choose (const gchar *host)
{
  guint16 port = 0;

  for (guint i = 0; i < CHOICES && !port; i++) {
    PacketTransport *transport = probe (host, 0, NULL);
    if (!transport)
      return 0;
    if (is_free_for_tcp (&transport->local))
      port = packet_address_get_port (&transport->local);
    packet_transport_free (transport);
  }
  return port;
}

static gboolean
has_address (const gchar *host)
{
  gboolean v4 = sip_route_has_family (AF_INET);
  gboolean v6 = sip_route_has_family (AF_INET6);

  if (g_str_equal (host, SIP_PORT_ANY_HOST))
    return v4 || v6;
  if (sip_port_is_wildcard (host))
    return strchr (host, ':') ? v6 : v4;
  return sip_route_is_here (host);
}

static gchar *
explain_absence (const gchar *host, guint16 port)
{
  if (g_str_equal (host, SIP_PORT_ANY_HOST))
    return g_strdup ("This machine has no network address to be called at.");
  g_autofree gchar *what = sip_port_is_wildcard (host)
      ? g_strdup_printf ("has no %s address",
            strchr (host, ':') ? "IPv6" : "IPv4")
      : g_strdup_printf ("does not have the address %s", host);
  return g_strdup_printf (
      "This machine %s (local-uri, port %u); sip:*:%u takes "
      "calls on all of its addresses.",
      what, port, port);
}

static gboolean
is_free (const gchar *host, guint16 port, GError **error)
{
  PacketTransport *transport = probe (host, port, error);

  if (transport)
    packet_transport_free (transport);
  return transport != NULL;
}

gchar *
sip_port_explain (const gchar *host, guint16 port, guint16 tls_port)
{
  g_autoptr (GError) error = NULL;
  gboolean v6 = strchr (host, ':') != NULL;

  if (!port || (tls_port && has_address (host) && is_free (host, port, NULL)))
    port = tls_port;
  if (!has_address (host))
    return explain_absence (host, port);
  is_free (host, port, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup_printf (
        "Port %u may not be used for SIP by this user; 5060 may.", port);
  return g_strdup_printf (
      "SIP port %u is used by another program, or by a line with another "
      "local-uri; set another one, as in local-uri=sip:%s%s%s:%u.",
      port, v6 ? "[" : "", host, v6 ? "]" : "",
      port == 65535 ? 5060 : port + 1);
}
