/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipuri.h"

#include <string.h>

#define ALNUM \
  "abcdefghijklmnopqrstuvwxyz" \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Only @chars, and escapes of two hexadecimal digits. */
static gboolean
consists_of (const gchar *text, gsize length, const gchar *chars)
{
  const gchar *end = text + length;

  for (; text < end; text++) {
    if (*text == '%' && end - text > 2 && g_ascii_isxdigit (text[1]) &&
        g_ascii_isxdigit (text[2]) && memcmp (text + 1, "00", 2) != 0)
      text += 2;
    else if (!strchr (chars, *text))
      return FALSE;
  }
  return TRUE;
}

/* Digits only: strtoul would take "-1", " 5" and "5x". */
static gboolean
check_port (const gchar *text, gsize length, gboolean to_call)
{
  g_autofree gchar *digits = g_strndup (text, length);
  guint64 value;

  return g_ascii_string_to_unsigned (digits, 10, to_call ? 1 : 0, G_MAXUINT16,
      &value, NULL);
}

/* Of a host, or of an IPv6 address with its brackets; 0 if it is none. */
static gsize
host_length (const gchar *text, gsize length)
{
  if (*text == '*') /* any address of this machine */
    return 1;
  if (*text != '[')
    return MIN (strspn (text, ALNUM "-._"), length);
  gsize inner = strspn (text + 1, "abcdefABCDEF0123456789:.");
  return inner > 0 && inner + 2 <= length && text[inner + 1] == ']' ? inner + 2
                                                                    : 0;
}

static gboolean
check_host_port (const gchar *text, gsize length, gboolean to_call)
{
  gsize host = host_length (text, length);

  if (to_call && *text == '*')
    return FALSE;
  if (host == 0 || host == length)
    return host > 0;
  return text[host] == ':' &&
      check_port (text + host + 1, length - host - 1, to_call);
}

static gboolean
check_user (const gchar *text, gsize length)
{
  const gchar *colon = memchr (text, ':', length);
  gsize user = colon ? (gsize) (colon - text) : length;

  return user > 0 && consists_of (text, user, ALNUM "-_.!~*'()&=+$,;?/") &&
      (!colon ||
          consists_of (colon + 1, length - user - 1, ALNUM "-_.!~*'()&=+$,"));
}

/* Of "sip:" or "sips:", 0 of others. */
static gsize
scheme_length (const gchar *uri)
{
  if (uri && g_ascii_strncasecmp (uri, "sips:", 5) == 0)
    return 5;
  return uri && g_ascii_strncasecmp (uri, "sip:", 4) == 0 ? 4 : 0;
}

SipUriVerdict
sip_uri_check (const gchar *uri, gboolean to_call)
{
  const gsize scheme = scheme_length (uri);

  if (!scheme)
    return SIP_URI_BAD;
  const gchar *host = uri + scheme, *at = strchr (host, '@');
  if (at) {
    if (!check_user (host, (gsize) (at - host)))
      return SIP_URI_BAD;
    host = at + 1;
  }
  const gchar *rest = host + strcspn (host, ";?");
  if (!check_host_port (host, rest - host, to_call) ||
      !consists_of (rest, strlen (rest), ALNUM "-_.!~*'()[]/:&+$=;?"))
    return SIP_URI_BAD;
  return SIP_URI_GOOD;
}

gboolean
sip_uri_is_secure (const gchar *uri)
{
  static const gchar parameter[] = ";transport=tls";
  const gsize length = strlen (parameter);
  const gchar *at = strchr (uri, '@');

  if (scheme_length (uri) == 5)
    return TRUE;
  for (const gchar *c = at ? at : uri; *c && *c != '?'; c++)
    if (!g_ascii_strncasecmp (c, parameter, length) &&
        strchr (";?", c[length])) /* the end, too */
      return TRUE;
  return FALSE;
}

gchar *
sip_uri_dup_host (const gchar *uri)
{
  const gchar *at = strchr (uri, '@');
  const gchar *host = at ? at + 1 : uri + scheme_length (uri);
  gsize length = host_length (host, strlen (host));

  return *host == '[' ? g_strndup (host + 1, length - 2)
                      : g_strndup (host, length);
}

gchar *
sip_uri_dup_number (const gchar *number)
{
  GString *plain = g_string_new (NULL);

  for (; *number; number++)
    if (!strchr ("-.()", *number))
      g_string_append_c (plain, *number);
  return g_string_free (plain, FALSE);
}

/* Whom it calls: without a password, unescaped, of tel: without separators; "" = nobody. */
static gchar *
dup_callee (const gchar *uri)
{
  const gsize scheme = scheme_length (uri);
  const gboolean is_number = !g_ascii_strncasecmp (uri, "tel:", 4);
  const gchar *begin = uri + (is_number ? 4 : scheme), *at;

  if (is_number) {
    g_autofree gchar *number = g_strndup (begin, strcspn (begin, ";"));
    return sip_uri_dup_number (number);
  }
  at = scheme ? strchr (begin, '@') : NULL;
  if (!at)
    return g_strdup ("");
  const gchar *colon = memchr (begin, ':', (gsize) (at - begin));
  gchar *user = g_uri_unescape_segment (begin, colon ? colon : at, NULL);
  return user ? user : g_strndup (begin, (gsize) (at - begin));
}

gboolean
sip_uri_is_same_callee (const gchar *uri, const gchar *other)
{
  g_autofree gchar *a = dup_callee (uri);
  g_autofree gchar *b = dup_callee (other);

  return g_str_equal (a, b);
}

gchar *
sip_uri_dup_strange (const gchar *uri)
{
  static const gchar *const known[] = { "transport", "user", "method", "ttl",
    "maddr", "lr", "ob", NULL };
  const gchar *at = strrchr (uri, '@');
  const gchar *rest = strpbrk (at ? at : uri, ";?");

  for (; rest && *rest == ';'; rest = strpbrk (rest + 1, ";?")) {
    g_autofree gchar *name = g_strndup (rest + 1, strcspn (rest + 1, "=;?"));
    g_autofree gchar *lower = g_ascii_strdown (name, -1);
    if (!g_strv_contains (known, lower))
      return g_steal_pointer (&name);
  }
  return rest ? g_strdup ("headers") : NULL;
}
