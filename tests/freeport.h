/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gio/gio.h>

#include <string.h>

static inline guint16
bind_port (GSocketType type, GSocketProtocol protocol, guint16 port)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, type, protocol, NULL);
  g_autoptr (GInetAddress) host =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (host, port);

  if (!g_socket_bind (socket, wanted, FALSE, NULL))
    return 0;
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

/* A port that nobody uses just now, neither for UDP nor for TCP. */
static inline guint16
free_port (void)
{
  for (guint i = 0; i < 100; i++) {
    guint16 port = bind_port (G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, 0);
    if (port && bind_port (G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, port))
      return port;
  }
  g_error ("no free port");
}

/* @text with one free port in place of every PORT; (transfer full). */
static inline gchar *
with_free_port (const gchar *text)
{
  g_autofree gchar *port = g_strdup_printf ("%u", free_port ());
  g_auto (GStrv) parts = g_strsplit (text, "PORT", -1);

  return g_strjoinv (port, parts);
}
