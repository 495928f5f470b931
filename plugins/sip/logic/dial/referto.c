/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "referto.h"

#include <string.h>

#define ALNUM \
  "abcdefghijklmnopqrstuvwxyz" \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define TOKEN ALNUM "-.!%*_+`'~" /* RFC 3261 25.1 */
#define CALL_ID TOKEN "()<>:\\/\"[]?{}@"

/* ---- Replaces */

static gboolean
is_made_of (const gchar *text, const gchar *characters)
{
  return *text && !text[strspn (text, characters)];
}

/* Each once; what is not known is left out. */
static gboolean
take_parameter (const gchar *text, gchar **to_tag, gchar **from_tag,
    gboolean *early)
{
  const struct
  {
    const gchar *name;
    gchar **value;
  } tags[] = { { "to-tag=", to_tag }, { "from-tag=", from_tag } };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    const gsize length = strlen (tags[i].name);
    if (g_ascii_strncasecmp (text, tags[i].name, length))
      continue;
    if (*tags[i].value || !is_made_of (text + length, TOKEN))
      return FALSE;
    *tags[i].value = g_strdup (text + length);
  }
  *early |= !g_ascii_strcasecmp (text, "early-only");
  return TRUE;
}

/* RFC 3891 6.1, anew from its parts; NULL: it is none. */
static gchar *
dup_replaces (const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  g_autofree gchar *to_tag = NULL, *from_tag = NULL;
  gboolean early = FALSE;

  if (!parts[0] || !is_made_of (g_strstrip (parts[0]), CALL_ID))
    return NULL;
  for (gchar **part = parts + 1; *part; part++)
    if (!take_parameter (g_strstrip (*part), &to_tag, &from_tag, &early))
      return NULL;
  return to_tag && from_tag
      ? g_strdup_printf ("%s;to-tag=%s;from-tag=%s%s", parts[0], to_tag,
            from_tag, early ? ";early-only" : "")
      : NULL;
}

/* Behind the "?". */
static gboolean
take_headers (ReferTo *self, const gchar *text)
{
  g_auto (GStrv) fields = g_strsplit (text, "&", -1);

  for (gchar **field = fields; *field; field++) {
    const gchar *equals = strchr (*field, '=');
    if (!equals || equals - *field != strlen ("Replaces") ||
        g_ascii_strncasecmp (*field, "Replaces", strlen ("Replaces")))
      continue;
    g_autofree gchar *value = g_uri_unescape_string (equals + 1, NULL);
    if (self->replaces || !value || !(self->replaces = dup_replaces (value)))
      return FALSE;
  }
  return TRUE;
}

/* ---- The address */

/* Parameters stand behind the host: a user may have semicolons, too. */
static ReferToVerdict
take_target (ReferTo *self, const gchar *text)
{
  const gchar *at = strchr (text, '@');
  g_auto (GStrv) parts = g_strsplit (at ? at : text, ";", -1);
  GString *target = g_string_new_len (text, at ? at - text : 0);

  for (gchar **part = parts; *part; part++) {
    if (part == parts)
      g_string_append (target, *part);
    else if (g_ascii_strncasecmp (*part, "method=", 7))
      g_string_append_printf (target, ";%s", *part);
    else if (g_ascii_strcasecmp (*part + 7, "INVITE")) {
      g_string_free (target, TRUE);
      return REFER_TO_OTHER_METHOD;
    }
  }
  self->target = g_string_free (target, FALSE);
  return *self->target ? REFER_TO_READ : REFER_TO_UNREADABLE;
}

static gboolean
is_plain (const gchar *text)
{
  for (const gchar *c = text; *c; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return strlen (text) <= REFER_TO_LONGEST;
}

ReferToVerdict
refer_to_read (ReferTo *self, const gchar *uri)
{
  g_auto (ReferTo) read = { NULL, NULL };

  if (!uri || !is_plain (uri))
    return REFER_TO_UNREADABLE;
  const gsize length = strcspn (uri, "?");
  g_autofree gchar *address = g_strndup (uri, length);
  const ReferToVerdict verdict = take_target (&read, address);
  if (verdict != REFER_TO_READ)
    return verdict;
  if (uri[length] && !take_headers (&read, uri + length + 1))
    return REFER_TO_UNREADABLE;
  *self = read;
  read = (ReferTo){ NULL, NULL };
  return REFER_TO_READ;
}

void
refer_to_clear (ReferTo *self)
{
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->replaces, g_free);
}
