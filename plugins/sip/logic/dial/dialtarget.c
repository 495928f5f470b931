/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dialtarget.h"

#include <string.h>

#define ALNUM \
  "abcdefghijklmnopqrstuvwxyz" \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define DIGITS "0123456789"
#define SEPARATORS "-.()"
#define USER ALNUM "-_.!~()+&=$"

#define LONGEST_E164 15 /* digits */
#define LONGEST_LOCAL 32

/* ---- Numbers */

static gchar *
dup_digits (const gchar *text, gsize length, gboolean spaces)
{
  GString *digits = g_string_new (NULL);

  for (gsize i = 0; i < length; i++) {
    const gboolean plus = text[i] == '+' && !digits->len;
    if (plus || (text[i] && strchr (DIGITS, text[i])))
      g_string_append_c (digits, text[i]);
    else if (!text[i] ||
        !strchr (spaces ? SEPARATORS " " : SEPARATORS, text[i]))
      return g_string_free (digits, TRUE);
  }
  if (g_str_has_prefix (digits->str, "00")) {
    g_string_erase (digits, 0, 1);
    digits->str[0] = '+';
  }
  return g_string_free (digits, FALSE);
}

/* No country has a code that begins with 0: an exchange that drops the "+" would take
 * it for a prefix. */
static gboolean
is_number (const gchar *digits, gboolean prefix)
{
  const gsize length = strlen (digits);

  if (*digits != '+')
    return length >= 1 && length <= LONGEST_LOCAL;
  return digits[1] != '0' && length - 1 <= LONGEST_E164 &&
      (prefix || length > 2);
}

gchar *
dial_target_dup_number (const gchar *text, gsize length, gboolean spaces,
    gboolean prefix)
{
  g_autofree gchar *digits = dup_digits (text, length, spaces);

  return digits && is_number (digits, prefix) ? g_steal_pointer (&digits)
                                              : NULL;
}

/* ---- Parts of addresses */

gchar *
dial_target_dup_user (const gchar *text, gsize length)
{
  g_autofree gchar *escaped = g_strndup (text, length);
  g_autofree gchar *user = g_uri_unescape_string (escaped, NULL);

  return user && !user[strspn (user, USER)] && strlen (escaped) == length
      ? g_steal_pointer (&user)
      : NULL;
}

/* 0: it is none. */
static gsize
host_length (const gchar *text)
{
  if (*text != '[')
    return strspn (text, ALNUM "-._");
  const gsize inner = strspn (text + 1, "abcdefABCDEF" DIGITS ":.");
  return inner && text[inner + 1] == ']' ? inner + 2 : 0;
}

gboolean
dial_target_read_host (const gchar *text, gchar **host, guint16 *port)
{
  gsize length = host_length (text);
  const gchar *rest = text + length;
  guint64 value = 0;

  if (!length ||
      (*rest &&
          (*rest != ':' ||
              !g_ascii_string_to_unsigned (rest + 1, 10, 1, G_MAXUINT16, &value,
                  NULL))))
    return FALSE;
  if (length > 1 && text[length - 1] == '.') /* of the root */
    length--;
  *host = g_ascii_strdown (text, (gssize) length);
  *port = (guint16) value;
  return TRUE;
}

static gboolean
take_transport (DialTarget *self, const gchar *name)
{
  static const gchar *const transports[] = { "udp", "tcp", "tls" };

  for (guint i = 0; i < G_N_ELEMENTS (transports) && !self->transport; i++)
    if (!g_ascii_strcasecmp (name, transports[i]))
      self->transport = g_strdup (transports[i]);
  return self->transport && !g_ascii_strcasecmp (name, self->transport);
}

static gboolean
take_parameter (DialTarget *self, const gchar *parameter)
{
  if (!g_ascii_strcasecmp (parameter, "user=phone")) {
    self->phone = TRUE;
    return TRUE;
  }
  if (!g_ascii_strncasecmp (parameter, "transport=", 10))
    return take_transport (self, parameter + 10);
  return !g_ascii_strcasecmp (parameter, "user=ip");
}

/* ---- Targets */

/* "+" says that it is one, and so does user=phone. */
static gboolean
check_user (DialTarget *self)
{
  g_autofree gchar *number =
      dial_target_dup_number (self->user, strlen (self->user), FALSE, FALSE);

  if (!number)
    return *self->user != '+' && !self->phone &&
        (!*self->user || self->user[strspn (self->user, DIGITS SEPARATORS)]);
  self->is_number = TRUE;
  g_free (self->user);
  self->user = g_steal_pointer (&number);
  return TRUE;
}

/* Behind the scheme. */
static gboolean
read_address (DialTarget *self, const gchar *text)
{
  const gchar *at = strchr (text, '@');
  g_auto (GStrv) parts = g_strsplit (at ? at + 1 : text, ";", -1);

  if (at == text)
    return FALSE;
  self->user =
      at ? dial_target_dup_user (text, (gsize) (at - text)) : g_strdup ("");
  if (!self->user || !parts[0] ||
      !dial_target_read_host (parts[0], &self->host, &self->port))
    return FALSE;
  for (gchar **part = parts + 1; *part; part++)
    if (!take_parameter (self, *part))
      return FALSE;
  return check_user (self);
}

static gboolean
read_number (DialTarget *self, const gchar *text, gboolean spaces)
{
  self->is_number = TRUE;
  self->user = dial_target_dup_number (text, strlen (text), spaces, FALSE);
  return self->user != NULL;
}

static gboolean
read_target (DialTarget *self, const gchar *text)
{
  if (!g_ascii_strncasecmp (text, "tel:", 4))
    return read_number (self, text + 4, FALSE);
  self->secure = !g_ascii_strncasecmp (text, "sips:", 5);
  if (self->secure || !g_ascii_strncasecmp (text, "sip:", 4))
    return read_address (self, text + (self->secure ? 5 : 4));
  return read_number (self, text, TRUE);
}

DialTarget *
dial_target_new (const gchar *text)
{
  g_autoptr (DialTarget) self = g_new0 (DialTarget, 1);

  return text && strlen (text) <= DIAL_TARGET_LONGEST &&
          read_target (self, text)
      ? g_steal_pointer (&self)
      : NULL;
}

void
dial_target_free (DialTarget *self)
{
  g_free (self->user);
  g_free (self->host);
  g_free (self->transport);
  g_free (self);
}

gboolean
dial_target_place (DialTarget *self, const gchar *place)
{
  self->phone = TRUE;
  return place && dial_target_read_host (place, &self->host, &self->port);
}

gchar *
dial_target_to_uri (const DialTarget *self)
{
  GString *uri = g_string_new (self->secure ? "sips:" : "sip:");

  g_string_append_printf (uri, "%s%s%s", self->user, *self->user ? "@" : "",
      self->host);
  if (self->port)
    g_string_append_printf (uri, ":%u", self->port);
  if (self->transport)
    g_string_append_printf (uri, ";transport=%s", self->transport);
  if (self->phone)
    g_string_append (uri, ";user=phone");
  return g_string_free (uri, FALSE);
}
