/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "httpsite.h"

void
http_site_init (HttpSite *self, const gchar *page)
{
  *self = (HttpSite){ .lines = g_ptr_array_new (), .page = g_strdup (page) };
}

void
http_site_clear (HttpSite *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self->page);
}

gboolean
http_site_is_draining (const HttpSite *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (self->lines, i);
    if (line->iface->is_draining (line->peer))
      return TRUE;
  }
  return FALSE;
}

static gboolean
takes_name (const WhipLine *line, const gchar *name)
{
  return !line->config->line || !g_strcmp0 (line->config->line, name);
}

GPtrArray *
http_site_find_lines (const HttpSite *self, const gchar *name, gboolean openai)
{
  const gboolean any = openai || http_site_is_draining (self);
  GPtrArray *lines = g_ptr_array_new ();

  for (guint i = 0; i < self->lines->len; i++) {
    WhipLine *line = g_ptr_array_index (self->lines, i);
    if (line->config->line ? any || takes_name (line, name) : FALSE)
      g_ptr_array_add (lines, line);
  }
  for (guint i = 0; i < self->lines->len; i++) {
    WhipLine *line = g_ptr_array_index (self->lines, i);
    if (!line->config->line)
      g_ptr_array_add (lines, line);
  }
  return lines;
}
