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

static gboolean
read_place (const gchar *uri, gchar **host, guint16 *port)
{
  gboolean secure;
  g_autofree gchar *place = dup_place (uri, &secure);

  if (!dial_target_read_host (place, host, port))
    return FALSE;
  if (!*port)
    *port = secure ? 5061 : 5060;
  return TRUE;
}

gboolean
trunk_target_is_at (const gchar *uri, const gchar *server)
{
  g_autofree gchar *host = NULL, *other = NULL;
  guint16 port, other_port;

  return read_place (uri, &host, &port) &&
      read_place (server, &other, &other_port) && port == other_port &&
      g_str_equal (host, other);
}

gchar *
trunk_target_dup_number (const gchar *uri)
{
  g_autoptr (DialTarget) target = dial_target_new (uri);

  return target && target->is_number ? g_strdup (target->user) : NULL;
}

gchar *
trunk_target_dup_at (const gchar *uri, const gchar *server)
{
  g_autoptr (DialTarget) target = dial_target_new (uri);
  gboolean secure;
  const gchar *place = skip_scheme (server, &secure);

  if (!target || trunk_target_is_at (uri, server))
    return g_strdup (uri);
  return g_strdup_printf ("%s:%s@%s%s",
      secure || target->secure ? "sips" : "sip", target->user, place,
      target->phone ? ";user=phone" : "");
}

gchar *
trunk_target_dup_place (const gchar *server)
{
  gboolean secure;

  return dup_place (server, &secure);
}
