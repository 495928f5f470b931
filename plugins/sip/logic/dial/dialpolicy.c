/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dialpolicy.h"
#include "dialtarget.h"

#include <string.h>

#define MOST 256 /* patterns */
#define PORT 5060

typedef struct
{
  gchar *user; /* or number: as a target has it */
  gboolean begins; /* that is its beginning */
  gchar *host; /* NULL: a number; "*": any; ".example.org": what ends so */
  gboolean secure;
  gboolean any_port;
  guint16 port; /* 0 = none */
} Pattern;

struct _DialPolicy
{
  GPtrArray *patterns;
};

G_DEFINE_QUARK (dial - policy, dial_policy_error)

static void
pattern_free (gpointer data)
{
  Pattern *self = data;

  g_free (self->user);
  g_free (self->host);
  g_free (self);
}

/* ---- Reading */

/* The user of an address, or its beginning: what may be one of a number is one, as it is in
 * a target. */
static gboolean
read_user (Pattern *self, const gchar *text, gsize length)
{
  self->begins = length > 0 && text[length - 1] == '*';
  length -= self->begins;
  self->user = dial_target_dup_number (text, length, FALSE, self->begins);
  if (!self->user)
    self->user = dial_target_dup_user (text, length);
  return self->user && (length || self->begins);
}

static gboolean
read_any_host (Pattern *self, const gchar *text)
{
  g_autofree gchar *rest = NULL;

  if (*text != '*')
    return dial_target_read_host (text, &self->host, &self->port);
  if (text[1] == '.') {
    if (!dial_target_read_host (text + 2, &rest, &self->port))
      return FALSE;
    self->host = g_strconcat (".", rest, NULL);
    return TRUE;
  }
  self->host = g_strdup ("*");
  g_autofree gchar *named = g_strconcat ("x", text + 1, NULL);
  return (!text[1] || text[1] == ':') &&
      dial_target_read_host (named, &rest, &self->port);
}

static gboolean
read_host (Pattern *self, const gchar *text)
{
  const gsize length = strlen (text);

  self->any_port = g_str_has_suffix (text, ":*");
  g_autofree gchar *host =
      g_strndup (text, self->any_port ? length - 2 : length);
  return read_any_host (self, host);
}

static gboolean
read_address (Pattern *self, const gchar *text)
{
  const gchar *at = strchr (text, '@');

  if (at)
    return read_user (self, text, (gsize) (at - text)) &&
        read_host (self, at + 1);
  self->user = g_strdup ("");
  return read_host (self, text);
}

static gboolean
read_number (Pattern *self, const gchar *text)
{
  gsize length = strlen (text);

  self->begins = length > 0 && text[length - 1] == '*';
  length -= self->begins;
  self->user = dial_target_dup_number (text, length, FALSE, self->begins);
  return self->user != NULL;
}

static gboolean
read_pattern (Pattern *self, const gchar *text)
{
  self->secure = !g_ascii_strncasecmp (text, "sips:", 5);
  if (self->secure || !g_ascii_strncasecmp (text, "sip:", 4))
    return read_address (self, text + (self->secure ? 5 : 4));
  return read_number (self, text);
}

static gboolean
refuse (GError **error, const gchar *what, const gchar *pattern)
{
  g_autofree gchar *shown = g_utf8_make_valid (pattern, -1);

  g_set_error (error, DIAL_POLICY_ERROR, 0, "\"%s\" %s", shown, what);
  return FALSE;
}

static gboolean
add (DialPolicy *self, const gchar *text, GError **error)
{
  Pattern *pattern = g_new0 (Pattern, 1);

  g_ptr_array_add (self->patterns, pattern);
  if (self->patterns->len > MOST)
    return refuse (error, "is one entry too many.", text);
  if (!read_pattern (pattern, text))
    return refuse (error,
        "is neither a number or its beginning, such as +4930*, nor an address "
        "such as sip:*@pbx.example.",
        text);
  return TRUE;
}

DialPolicy *
dial_policy_new (const gchar *text, GError **error)
{
  g_autoptr (DialPolicy) self = g_new0 (DialPolicy, 1);
  g_auto (GStrv) parts = g_strsplit (text ? text : "", ",", MOST + 2);

  self->patterns = g_ptr_array_new_with_free_func (pattern_free);
  for (gchar **part = parts; *part; part++)
    if (!add (self, g_strstrip (*part), error))
      return NULL;
  return g_steal_pointer (&self);
}

void
dial_policy_free (DialPolicy *self)
{
  g_ptr_array_unref (self->patterns);
  g_free (self);
}

gboolean
dial_policy_is_empty (const DialPolicy *self)
{
  return !self->patterns->len;
}

/* ---- Testing */

static gboolean
has_user (const Pattern *self, const gchar *user)
{
  return self->begins ? g_str_has_prefix (user, self->user)
                      : g_str_equal (user, self->user);
}

static gboolean
has_host (const Pattern *self, const gchar *host)
{
  return g_str_equal (self->host, "*") || g_str_equal (self->host, host) ||
      (*self->host == '.' && g_str_has_suffix (host, self->host));
}

static gboolean
has_port (const Pattern *self, guint16 port)
{
  return self->any_port ||
      (self->port ? self->port : PORT) == (port ? port : PORT);
}

/* @bare: it came without a host. */
static gboolean
has (const Pattern *self, const DialTarget *target, gboolean bare)
{
  if (!has_user (self, target->user))
    return FALSE;
  if (!self->host)
    return bare;
  return self->secure == target->secure && has_host (self, target->host) &&
      has_port (self, target->port);
}

DialVerdict
dial_policy_check (const DialPolicy *self, const gchar *target,
    const gchar *host, gchar **uri)
{
  g_autoptr (DialTarget) read = dial_target_new (target);
  const gboolean bare = read && !read->host;

  if (!read || (bare && !dial_target_place (read, host)))
    return DIAL_UNREADABLE;
  for (guint i = 0; i < self->patterns->len; i++)
    if (has (g_ptr_array_index (self->patterns, i), read, bare)) {
      *uri = dial_target_to_uri (read);
      return DIAL_ALLOWED;
    }
  return DIAL_FORBIDDEN;
}
