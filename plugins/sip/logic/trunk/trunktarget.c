/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "trunktarget.h"

#include "sip/logic/dial/dialtarget.h"

#include <string.h>

static const gchar *
skip_scheme (const gchar *uri, gboolean *secure)
{
  *secure = !g_ascii_strncasecmp (uri, "sips:", 5);
  return uri + (*secure ? 5 : 4);
}

/* Behind scheme and user, of which "@" is the end. */
static gchar *
dup_place (const gchar *uri, gboolean *secure)
{
  const gchar *rest = skip_scheme (uri, secure);
  const gchar *at = strchr (rest, '@');
  const gchar *host = at ? at + 1 : rest;

  return g_strndup (host, strcspn (host, ";?"));
}

/* By TLS. */
static gboolean
is_secure (const gchar *uri)
{
  gboolean secure;
  const gchar *rest = skip_scheme (uri, &secure);
  const gchar *at = strchr (rest, '@');
  g_autofree gchar *plain =
      g_strndup (at ? at : rest, strcspn (at ? at : rest, "?"));
  g_auto (GStrv) parts = g_strsplit (plain, ";", -1);

  for (guint i = 1; *plain && parts[i]; i++)
    secure = secure || !g_ascii_strcasecmp (parts[i], "transport=tls");
  return secure;
}

/* @standard: the port of one that names none. */
static gboolean
read_place (const gchar *uri, guint16 standard, gchar **host, guint16 *port)
{
  gboolean secure;
  g_autofree gchar *place = dup_place (uri, &secure);

  if (!dial_target_read_host (place, host, port))
    return FALSE;
  if (!*port)
    *port = standard;
  return TRUE;
}

/* Whoever names no port means that of the server, but never one in clear where it says
 * that it is to be encrypted. */
gboolean
trunk_target_is_at (const gchar *uri, const gchar *server)
{
  g_autofree gchar *host = NULL, *other = NULL;
  const gboolean secure = is_secure (server);
  const guint16 standard = secure ? 5061 : 5060;
  guint16 port, other_port;

  return read_place (uri, is_secure (uri) ? 5061 : standard, &host, &port) &&
      read_place (server, standard, &other, &other_port) &&
      port == other_port && g_str_equal (host, other);
}

gchar *
trunk_target_dup_number (const gchar *uri)
{
  g_autoptr (DialTarget) target = dial_target_new (uri);

  return target && target->is_number ? g_strdup (target->user) : NULL;
}

static gchar *
dup_written_user (const gchar *uri)
{
  gboolean secure;
  const gchar *rest = skip_scheme (uri, &secure);

  return g_strndup (rest, strchr (rest, '@') ? strcspn (rest, "@") : 0);
}

/* How @server is reached is that of numbers there, and of whatever says nothing else. */
static gboolean
keeps_way (const DialTarget *target, const gchar *server)
{
  gboolean secure;
  const gchar *place = skip_scheme (server, &secure);

  return (!secure && !strchr (place, ';')) ||
      (target->transport && !target->is_number);
}

gchar *
trunk_target_dup_at (const gchar *uri, const gchar *server)
{
  g_autoptr (DialTarget) target = dial_target_new (uri);
  const gboolean here = trunk_target_is_at (uri, server);
  gboolean secure;
  const gchar *place = skip_scheme (server, &secure);

  if (!target || (here && keeps_way (target, server)))
    return g_strdup (uri);
  g_autofree gchar *user =
      here ? dup_written_user (uri) : g_strdup (target->user);
  g_autofree gchar *bare = trunk_target_dup_place (server);
  const gboolean by_tls =
      is_secure (uri) && !target->secure && !is_secure (server);
  return g_strdup_printf ("%s:%s%s%s%s%s",
      secure || target->secure ? "sips" : "sip", user, *user ? "@" : "",
      by_tls ? bare : place, by_tls ? ";transport=tls" : "",
      target->phone ? ";user=phone" : "");
}

gchar *
trunk_target_dup_place (const gchar *server)
{
  gboolean secure;

  return dup_place (server, &secure);
}
