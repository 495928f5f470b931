/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "localuri.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean
is_local_ipv4 (const guint8 *bytes)
{
  return bytes[0] == 127 || bytes[0] == 10 ||
      (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) ||
      (bytes[0] == 192 && bytes[1] == 168) ||
      (bytes[0] == 169 && bytes[1] == 254);
}

static gboolean
is_local_ipv6 (const guint8 *bytes)
{
  static const guint8 loopback[16] = { [15] = 1 };
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };

  if (!memcmp (bytes, mapped, sizeof mapped))
    return is_local_ipv4 (bytes + sizeof mapped);
  return !memcmp (bytes, loopback, sizeof loopback) ||
      (bytes[0] & 0xfe) == 0xfc ||
      (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
}

static gboolean
is_local_name (const gchar *host)
{
  static const gchar *const ends[] = { ".localhost", ".local", ".internal" };
  g_autofree gchar *name = g_ascii_strdown (host, -1);

  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (name, ends[i]))
      return TRUE;
  return g_str_equal (name, "localhost");
}

gboolean
local_uri_check (const gchar *uri)
{
  g_autofree gchar *host = NULL;
  guint8 bytes[16];

  if (!uri ||
      !g_uri_split (uri, G_URI_FLAGS_NONE, NULL, NULL, &host, NULL, NULL, NULL,
          NULL, NULL) ||
      !host || !*host)
    return FALSE;
  host[strcspn (host, "%")] = '\0'; /* an IPv6 scope */
  if (inet_pton (AF_INET, host, bytes) == 1)
    return is_local_ipv4 (bytes);
  if (inet_pton (AF_INET6, host, bytes) == 1)
    return is_local_ipv6 (bytes);
  return is_local_name (host);
}
