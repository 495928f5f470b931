/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstvoicelog.h"

#include <string.h>

/* Controls, turned directions of writing, ends of lines. */
static gboolean
is_seen (gunichar c)
{
  switch (g_unichar_type (c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
  }
}

/* Writes what stands for the character at @text; where the next one is. */
static const gchar *
escape (const gchar *text, gchar piece[12])
{
  gunichar c = g_utf8_get_char_validated (text, -1);

  if (c == (gunichar) -1 || c == (gunichar) -2) {
    g_snprintf (piece, 12, "\\x%02x", (guchar) *text);
    return text + 1;
  }
  if (c == '\\')
    g_strlcpy (piece, "\\\\", 12);
  else if (is_seen (c))
    piece[g_unichar_to_utf8 (c, piece)] = '\0';
  else
    g_snprintf (piece, 12,
        c < 0x100         ? "\\x%02x"
            : c < 0x10000 ? "\\u%04x"
                          : "\\U%08x",
        c);
  return g_utf8_next_char (text);
}

/* How much at the beginning of @text stands for itself. */
static gsize
count_plain (const gchar *text, gsize limit)
{
  gsize n = 0;

  while (n < limit && text[n] >= ' ' && text[n] < 0x7f && text[n] != '\\')
    n++;
  return n;
}

gchar *
gst_voice_log_text (const gchar *text)
{
  const gsize plain = text ? count_plain (text, GST_VOICE_LOG_TEXT_SIZE) : 0;
  GString *line = g_string_new_len (text, (gssize) plain);
  gchar piece[12];

  text = text ? text + plain : NULL;
  while (text && *text) {
    text = escape (text, piece);
    if (line->len + strlen (piece) > GST_VOICE_LOG_TEXT_SIZE)
      break;
    g_string_append (line, piece);
  }
  return g_string_free (line, FALSE);
}
