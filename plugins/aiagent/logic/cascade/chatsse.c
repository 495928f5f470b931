/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatsse.h"

#include <string.h>

struct _ChatSse
{
  GString *line;
  GString *data; /* lines of it, each with its end */
  gboolean any; /* a line of data has come in this event */
  gboolean after_cr; /* a line feed belongs to the return before it */
  gboolean begun; /* no byte order mark is to come any more */
  gboolean too_long;
  GQueue events; /* GString */
};

static void
free_string (gpointer string)
{
  g_string_free (string, TRUE);
}

ChatSse *
chat_sse_new (void)
{
  ChatSse *self = g_new0 (ChatSse, 1);

  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);
  g_queue_init (&self->events);
  return self;
}

void
chat_sse_free (ChatSse *self)
{
  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_queue_clear_full (&self->events, free_string);
  g_free (self);
}

static void
end_event (ChatSse *self)
{
  if (self->any) {
    g_string_truncate (self->data, self->data->len - 1);
    g_queue_push_tail (&self->events, self->data);
    self->data = g_string_new (NULL);
  }
  self->any = FALSE;
}

static void
skip_mark (ChatSse *self)
{
  if (!self->begun && self->line->len >= 3 &&
      !memcmp (self->line->str, "\xef\xbb\xbf", 3))
    g_string_erase (self->line, 0, 3);
  self->begun = TRUE;
}

static void
take_field (ChatSse *self)
{
  const gchar *line = self->line->str;
  const gsize size = self->line->len;
  const gchar *colon = memchr (line, ':', size);
  const gsize name = colon ? (gsize) (colon - line) : size;

  if (name != 4 || memcmp (line, "data", 4))
    return; /* a comment, or a field that nobody wants */
  gsize at = colon ? name + 1 : size;
  if (at < size && line[at] == ' ')
    at++;
  g_string_append_len (self->data, line + at, (gssize) (size - at));
  g_string_append_c (self->data, '\n');
  self->any = TRUE;
}

static void
end_line (ChatSse *self)
{
  skip_mark (self);
  if (self->line->len)
    take_field (self);
  else
    end_event (self);
  g_string_truncate (self->line, 0);
}

/* Up to the end of a line; how much that was. */
static gsize
push_some (ChatSse *self, const gchar *data, gsize size)
{
  gsize n = 0;

  while (n < size && data[n] != '\n' && data[n] != '\r')
    n++;
  g_string_append_len (self->line, data, (gssize) n);
  if (n == size)
    return n;
  self->after_cr = data[n] == '\r';
  end_line (self);
  return n + 1;
}

gboolean
chat_sse_push (ChatSse *self, gconstpointer data, gsize size)
{
  const gchar *at = data, *end = at + size;

  while (at < end && !self->too_long) {
    const gboolean rest_of_end = self->after_cr && *at == '\n';
    self->after_cr = FALSE;
    at += rest_of_end ? 1 : push_some (self, at, (gsize) (end - at));
    self->too_long = self->line->len + self->data->len > CHAT_SSE_MAX;
  }
  return !self->too_long;
}

void
chat_sse_finish (ChatSse *self)
{
  if (self->too_long)
    return;
  if (self->line->len)
    end_line (self);
  end_event (self);
}

GString *
chat_sse_next (ChatSse *self)
{
  return g_queue_pop_head (&self->events);
}
