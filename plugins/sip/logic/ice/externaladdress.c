/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "externaladdress.h"

#include <arpa/inet.h>
#include <string.h>

#define SCHEME "stun:"
#define HOST_CHARACTERS \
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

static gboolean
read_port (ExternalAddress *self, const gchar *text)
{
  guint64 port;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  self->port = (guint16) port;
  return TRUE;
}

static gboolean
is_ipv6 (const gchar *text)
{
  guint8 bytes[16];

  return inet_pton (AF_INET6, text, bytes) == 1;
}

/* "[2001:db8::1]", with a port behind it or not. */
static gboolean
read_brackets (ExternalAddress *self, const gchar *text)
{
  const gchar *end = strchr (text, ']');

  if (!end)
    return FALSE;
  self->server = g_strndup (text + 1, (gsize) (end - text - 1));
  return is_ipv6 (self->server) &&
      (end[1] == '\0' || (end[1] == ':' && read_port (self, end + 2)));
}

static gboolean
read_server (ExternalAddress *self, const gchar *text)
{
  const gsize length = strspn (text, HOST_CHARACTERS);

  if (self->server)
    return FALSE;
  self->port = STUN_PORT;
  if (*text == '[')
    return read_brackets (self, text);
  self->server = g_strndup (text, length);
  return length > 0 && length < 254 &&
      (text[length] == '\0' ||
          (text[length] == ':' && read_port (self, text + length + 1)));
}

/* @seen: bits of the families that were there. */
static gboolean
read_address (ExternalAddress *self, const gchar *text, guint *seen)
{
  guint8 bytes[16];
  const guint family = is_ipv6 (text) ? 2 : 1;

  if ((family == 1 && inet_pton (AF_INET, text, bytes) != 1) ||
      (*seen & family))
    return FALSE;
  *seen |= family;
  gchar *before = self->addresses;
  self->addresses =
      before ? g_strconcat (before, ",", text, NULL) : g_strdup (text);
  g_free (before);
  return TRUE;
}

gboolean
external_address_parse (ExternalAddress *self, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  guint seen = 0;
  gboolean good = TRUE;

  *self = (ExternalAddress){ 0 };
  for (guint i = 0; parts[i] && good; i++) {
    const gchar *part = g_strstrip (parts[i]);
    good = g_ascii_strncasecmp (part, SCHEME, strlen (SCHEME)) == 0
        ? read_server (self, part + strlen (SCHEME))
        : read_address (self, part, &seen);
  }
  if (good && !(self->server && seen == 3)) /* nobody is left to be asked for */
    return TRUE;
  external_address_clear (self);
  return FALSE;
}

void
external_address_clear (ExternalAddress *self)
{
  g_clear_pointer (&self->addresses, g_free);
  g_clear_pointer (&self->server, g_free);
}
