/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdptext.h"

#include <string.h>

#define MAX_HOST_NAME 253

/* Each run of blanks in @line becomes one, in place. */
static void
collapse_blanks (gchar *line)
{
  gchar *to = line;

  for (const gchar *c = line; *c; c++) {
    gboolean blank = *c == ' ' || *c == '\t';
    if (!blank || to == line || to[-1] != ' ')
      *to++ = blank ? ' ' : *c;
  }
  *to = '\0';
}

static void
append_attribute (GString *out, gchar *text)
{
  gchar *colon = strchr (text, ':');

  if (colon)
    *colon = '\0';
  g_string_append (out, "a=");
  for (const gchar *c = g_strchomp (text); *c; c++)
    g_string_append_c (out, g_ascii_tolower (*c));
  if (colon)
    g_string_append_c (out, ':');
  if (colon)
    g_string_append (out, g_strchug (colon + 1));
}

/* What is no "x=value" is left out. */
static void
append_line (GString *out, const gchar *start, gsize size)
{
  g_autofree gchar *copy = g_strndup (start, size);
  gchar *line = g_strstrip (copy);

  if (!*line || line[1] != '=')
    return;
  collapse_blanks (line);
  gchar *value = g_strchug (line + 2);
  if (*line == 'a') {
    append_attribute (out, value);
  } else {
    g_string_append_c (out, *line);
    g_string_append_c (out, '=');
    g_string_append (out, value);
  }
  g_string_append (out, "\r\n");
}

gchar *
sdp_text_tidy (const gchar *text, gsize size)
{
  /* Some count the NUL of their string. */
  while (size > 0 && text[size - 1] == '\0')
    size--;
  if (size == 0 || memchr (text, 0, size))
    return NULL;
  const gchar *end = text + size;
  GString *out = g_string_sized_new (size + 64);

  while (text < end) {
    const gchar *stop = text;
    while (stop < end && *stop != '\r' && *stop != '\n')
      stop++;
    append_line (out, text, (gsize) (stop - text));
    text = stop + 1;
  }
  gboolean is_sdp = g_str_has_prefix (out->str, "v=0\r\n");
  return g_string_free (out, !is_sdp);
}

gboolean
sdp_text_is_host_name (const gchar *host)
{
  gsize length = host ? strlen (host) : 0;

  if (length == 0 || length > MAX_HOST_NAME ||
      strspn (host,
          "abcdefghijklmnopqrstuvwxyz"
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") != length ||
      *host == '.' || *host == '-' || strstr (host, ".."))
    return FALSE;
  /* RFC 1123 2.1: what ends in a number is an address, if perhaps a wrong one. */
  gsize end = host[length - 1] == '.' ? length - 1 : length, start = end;
  while (start > 0 && host[start - 1] != '.')
    start--;
  return strspn (host + start, "0123456789") < end - start;
}
