/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipbody.h"

#include <string.h>

#define MAX_BOUNDARY 70 /* RFC 2046 5.1.1 */

typedef struct
{
  const gchar *at, *end; /* what was not looked at */
  gchar *delimiter; /* "--boundary" */
  gboolean closed; /* the last delimiter was seen */
} Reader;

static gchar *
make_delimiter (const gchar *boundary)
{
  GString *text = g_string_new ("--");
  gboolean quoted = boundary && *boundary == '"';

  for (const gchar *c = boundary ? boundary + quoted : ""; *c; c++) {
    if (quoted && *c == '"')
      break;
    if (quoted && *c == '\\' && c[1])
      c++;
    g_string_append_c (text, *c);
  }
  gboolean good = text->len > 2 && text->len <= MAX_BOUNDARY + 2;
  return g_string_free (text, !good);
}

/* The end of the line that begins at @line: its LF, or the end of all. */
static const gchar *
line_end (const gchar *line, const gchar *end)
{
  const gchar *found = memchr (line, '\n', (gsize) (end - line));

  return found ? found : end;
}

static gboolean
is_delimiter (Reader *self, const gchar *line, const gchar *stop)
{
  gsize length = strlen (self->delimiter);

  if ((gsize) (stop - line) < length || memcmp (line, self->delimiter, length))
    return FALSE;
  line += length;
  if (stop - line >= 2 && line[0] == '-' && line[1] == '-') {
    self->closed = TRUE;
    return TRUE;
  }
  while (line < stop && (*line == ' ' || *line == '\t' || *line == '\r'))
    line++;
  return line == stop;
}

/* Goes behind the next delimiter. @before is the end of what stands before it: the
 * line end belongs to the delimiter. FALSE: there is none, @before is the end. */
static gboolean
skip_delimiter (Reader *self, const gchar **before)
{
  const gchar *start = self->at;

  for (const gchar *line = self->at; line < self->end;) {
    const gchar *stop = line_end (line, self->end);
    if (is_delimiter (self, line, stop)) {
      *before = line;
      if (*before > start && (*before)[-1] == '\n')
        (*before)--;
      if (*before > start && (*before)[-1] == '\r')
        (*before)--;
      self->at = MIN (stop + 1, self->end);
      return TRUE;
    }
    line = stop + 1;
  }
  *before = self->at = self->end;
  return FALSE;
}

/* @line of @size bytes is a header named @name: its value, trimmed; else NULL. */
static gchar *
header_value (const gchar *line, gsize size, const gchar *name)
{
  gsize length = strlen (name);

  if (size <= length || g_ascii_strncasecmp (line, name, length))
    return NULL;
  const gchar *end = line + size;
  line += length;
  while (line < end && (*line == ' ' || *line == '\t'))
    line++;
  if (line == end || *line != ':')
    return NULL;
  return g_strstrip (g_strndup (line + 1, (gsize) (end - line - 1)));
}

/* "text/plain; charset=x" is of type "text/plain". */
static gboolean
is_value (const gchar *value, const gchar *wanted)
{
  gsize length = strcspn (value, "; \t\r");

  return length == strlen (wanted) &&
      !g_ascii_strncasecmp (value, wanted, length);
}

/* Looks at one header of a part. */
static void
check_header (const gchar *line, gsize size, const gchar *type,
    gboolean *is_type, gboolean *is_plain)
{
  g_autofree gchar *encoding =
      header_value (line, size, "Content-Transfer-Encoding");
  g_autofree gchar *value = header_value (line, size, "Content-Type");

  if (!value)
    value = header_value (line, size, "c"); /* RFC 3261 7.3.3 */
  if (value)
    *is_type = is_value (value, type);
  if (encoding && !is_value (encoding, "binary") &&
      !is_value (encoding, "8bit") && !is_value (encoding, "7bit"))
    *is_plain = FALSE;
}

/* Goes behind the headers at *@at; TRUE if they are those of a readable @type. */
static gboolean
read_headers (const gchar **at, const gchar *end, const gchar *type)
{
  gboolean is_type = FALSE, is_plain = TRUE;

  while (*at < end) {
    const gchar *line = *at, *stop = line_end (line, end);
    gsize size = (gsize) (stop - line);
    *at = MIN (stop + 1, end);
    if (size == 0 || (size == 1 && *line == '\r'))
      break;
    check_header (line, size, type, &is_type, &is_plain);
  }
  return is_type && is_plain;
}

gboolean
sip_body_find_part (const gchar *boundary, const gchar *body, gsize size,
    const gchar *type, const gchar **part, gsize *part_size)
{
  g_autofree gchar *delimiter = make_delimiter (boundary);
  Reader reader = { body, body + size, delimiter, FALSE };
  const gchar *end;

  *part = NULL;
  *part_size = 0;
  if (!delimiter || !skip_delimiter (&reader, &end)) /* the preamble */
    return FALSE;
  while (!reader.closed && reader.at < reader.end) {
    const gchar *start = reader.at;
    skip_delimiter (&reader, &end); /* the last one is sometimes forgotten */
    if (!read_headers (&start, end, type))
      continue;
    *part = start;
    *part_size = (gsize) (end - start);
    break;
  }
  return TRUE;
}
