/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gio/gio.h>

#include <string.h>

/* A port that nobody uses for UDP just now. */
static inline guint16
free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GInetAddress) host =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (host, 0);

  if (!g_socket_bind (socket, any, FALSE, NULL))
    g_error ("no free port");
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

/* @text with one free port in place of every PORT; (transfer full). */
static inline gchar *
with_free_port (const gchar *text)
{
  g_autofree gchar *port = g_strdup_printf ("%u", free_port ());
  g_auto (GStrv) parts = g_strsplit (text, "PORT", -1);

  return g_strjoinv (port, parts);
}
