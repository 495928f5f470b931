/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipbody.h"

#include <string.h>

#define MAX_BOUNDARY 70 /* RFC 2046 5.1.1 */
#define MAX_NESTED 1 /* levels of multipart within a multipart */

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
  gsize length = strcspn (value, "; \t\r\n");

  return length == strlen (wanted) &&
      !g_ascii_strncasecmp (value, wanted, length);
}

/* The parameter of a Content-Type, with its quotes; (transfer full), or NULL. */
static gchar *
dup_boundary (const gchar *value)
{
  static const gchar name[] = "boundary=";
  gboolean quoted = FALSE;

  for (const gchar *c = value; *c; c++) {
    if (*c == '"')
      quoted = !quoted;
    else if (*c == '\\' && quoted && c[1])
      c++;
    if (*c != ';' || quoted)
      continue;
    const gchar *at = c + 1;
    while (g_ascii_isspace (*at))
      at++;
    if (g_ascii_strncasecmp (at, name, strlen (name)))
      continue;
    at += strlen (name);
    return g_strndup (at, *at == '"' ? strlen (at) : strcspn (at, "; \t\r\n"));
  }
  return NULL;
}

/* What the headers of a part say. */
typedef struct
{
  gboolean is_wanted; /* of the type that is looked for */
  gboolean is_multipart;
  gboolean is_encoded; /* it would have to be decoded first */
  gchar *boundary; /* of a multipart, may be NULL */
} Headers;

static void
check_type (Headers *self, const gchar *value, const gchar *type)
{
  self->is_wanted = is_value (value, type);
  self->is_multipart =
      !g_ascii_strncasecmp (value, "multipart/", strlen ("multipart/"));
  g_free (self->boundary);
  self->boundary = self->is_multipart ? dup_boundary (value) : NULL;
}

/* Looks at one header of a part; the short names are those of RFC 3261 7.3.3. */
static void
check_header (Headers *self, const gchar *line, gsize size, const gchar *type)
{
  g_autofree gchar *transfer =
      header_value (line, size, "Content-Transfer-Encoding");
  g_autofree gchar *encoding = header_value (line, size, "Content-Encoding");
  g_autofree gchar *value = header_value (line, size, "Content-Type");

  if (!value)
    value = header_value (line, size, "c");
  if (!encoding)
    encoding = header_value (line, size, "e");
  if (value)
    check_type (self, value, type);
  if (transfer && !is_value (transfer, "binary") &&
      !is_value (transfer, "8bit") && !is_value (transfer, "7bit"))
    self->is_encoded = TRUE;
  if (encoding && !is_value (encoding, "identity"))
    self->is_encoded = TRUE;
}

/* The end of the header that begins at @line, with what is folded into it. */
static const gchar *
header_end (const gchar *line, const gchar *end)
{
  const gchar *stop = line_end (line, end);

  while (end - stop >= 2 && (stop[1] == ' ' || stop[1] == '\t'))
    stop = line_end (stop + 1, end);
  return stop;
}

/* Goes behind the headers at *@at. */
static void
read_headers (Headers *self, const gchar **at, const gchar *end,
    const gchar *type)
{
  *self = (Headers){ .boundary = NULL };
  while (*at < end) {
    const gchar *line = *at;
    gboolean is_last =
        *line == '\n' || (*line == '\r' && end - line >= 2 && line[1] == '\n');
    const gchar *stop = is_last ? line_end (line, end) : header_end (line, end);
    *at = MIN (stop + 1, end);
    if (is_last)
      break;
    check_header (self, line, (gsize) (stop - line), type);
  }
}

typedef enum
{
  PART_ABSENT,
  PART_UNREADABLE, /* it is there, or may be */
  PART_FOUND,
} Found;

static Found find_part (const gchar *boundary, const gchar *body, gsize size,
    const gchar *type, guint depth, const gchar **part, gsize *part_size);

/* Looks at the part from @start to @end. */
static Found
check_part (const gchar *start, const gchar *end, const gchar *type,
    guint depth, const gchar **part, gsize *part_size)
{
  Headers headers;

  read_headers (&headers, &start, end, type);
  g_autofree gchar *boundary = headers.boundary;
  if (!headers.is_wanted && !headers.is_multipart)
    return PART_ABSENT;
  if (headers.is_encoded || (headers.is_multipart && depth == 0))
    return PART_UNREADABLE;
  if (headers.is_multipart)
    return find_part (boundary, start, (gsize) (end - start), type, depth - 1,
        part, part_size);
  *part = start;
  *part_size = (gsize) (end - start);
  return PART_FOUND;
}

/* @depth: how many levels below this one are looked into. */
static Found
find_part (const gchar *boundary, const gchar *body, gsize size,
    const gchar *type, guint depth, const gchar **part, gsize *part_size)
{
  g_autofree gchar *delimiter = make_delimiter (boundary);
  Reader reader = { body, body + size, delimiter, FALSE };
  Found best = PART_ABSENT;
  const gchar *end;

  if (!delimiter || !skip_delimiter (&reader, &end)) /* the preamble */
    return PART_UNREADABLE;
  while (best != PART_FOUND && !reader.closed && reader.at < reader.end) {
    const gchar *start = reader.at;
    skip_delimiter (&reader, &end); /* the last one is sometimes forgotten */
    Found found = check_part (start, end, type, depth, part, part_size);
    best = MAX (best, found);
  }
  return best;
}

gboolean
sip_body_find_part (const gchar *boundary, const gchar *body, gsize size,
    const gchar *type, const gchar **part, gsize *part_size)
{
  *part = NULL;
  *part_size = 0;
  return find_part (boundary, body, size, type, MAX_NESTED, part, part_size) !=
      PART_UNREADABLE;
}
