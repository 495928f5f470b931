/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "infodigit.h"

#include <string.h>

#define MAX_BODY 256
#define MAX_DURATION 8000 /* ms */

static const struct
{
  const gchar *name;
  gchar digit;
} names[] = {
  /* The event numbers of RFC 4733 3.2 */
  { "10", '*' },
  { "11", '#' },
  { "12", 'A' },
  { "13", 'B' },
  { "14", 'C' },
  { "15", 'D' },
  { "star", '*' },
  { "asterisk", '*' },
  { "pound", '#' },
  { "hash", '#' },
  { "sharp", '#' },
  { "numbersign", '#' },
};

/* The key that all of @text means; NUL if it means none. */
static gchar
read_key (const gchar *text)
{
  if (strlen (text) == 1) {
    gchar key = g_ascii_toupper (*text);
    return strchr ("0123456789*#ABCD", key) ? key : '\0';
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!g_ascii_strcasecmp (names[i].name, text))
      return names[i].digit;
  return '\0';
}

/* Without blanks and quotes around it, in place. */
static gchar *
trim (gchar *text)
{
  text = g_strstrip (text);
  gsize length = strlen (text);
  if (length >= 2 && *text == '"' && text[length - 1] == '"') {
    text[length - 1] = '\0';
    text = g_strstrip (text + 1);
  }
  return text;
}

static void
read_duration (const gchar *text, guint *duration)
{
  guint64 value = 0;

  if (g_ascii_isdigit (*text))
    value = g_ascii_strtoull (text, NULL, 10);
  *duration = (guint) MIN (value, MAX_DURATION);
}

/* A key in @line, which may also say something else. FALSE: there are two. */
static gboolean
read_line (gchar *line, gchar *digit, guint *duration)
{
  gchar *equals = strpbrk (line, "=:");
  gchar *value = trim (equals ? equals + 1 : line);
  gchar key = '\0';

  if (equals)
    *equals = '\0';
  const gchar *name = equals ? trim (line) : "signal";
  if (!*value && !equals) /* an empty line */
    return TRUE;
  if (!g_ascii_strcasecmp (name, "duration"))
    read_duration (value, duration);
  if (g_ascii_strcasecmp (name, "signal"))
    return TRUE;
  key = read_key (value);
  if (!key || *digit)
    return FALSE;
  *digit = key;
  return TRUE;
}

InfoDigitResult
info_digit_read (const gchar *type, const gchar *body, gsize size, gchar *digit,
    guint *duration)
{
  *digit = '\0';
  *duration = 0;
  if (!type ||
      (g_ascii_strcasecmp (type, "application/dtmf-relay") &&
          g_ascii_strcasecmp (type, "application/dtmf")))
    return INFO_DIGIT_OTHER;
  while (size > 0 && body[size - 1] == '\0')
    size--;
  if (size == 0 || size > MAX_BODY || memchr (body, 0, size))
    return INFO_DIGIT_UNREADABLE;
  g_autofree gchar *text = g_strndup (body, size);
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  for (gchar **line = lines; *line; line++)
    if (!read_line (*line, digit, duration))
      return INFO_DIGIT_UNREADABLE;
  return *digit ? INFO_DIGIT_READ : INFO_DIGIT_UNREADABLE;
}
