/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipline.h"

G_BEGIN_DECLS

/* What an address has. HTTP loop only. */
typedef struct
{
  GPtrArray *lines; /* WhipLine, not owned, in the order in which they came */
  gchar *page; /* "on", "off", or a folder */
  gboolean is_loopback; /* nobody else can reach it: bound to that interface */
} HttpSite;

void http_site_init (HttpSite *self, const gchar *page);
void http_site_clear (HttpSite *self);

/* One of its lines drains: nobody takes a new call. */
gboolean http_site_is_draining (const HttpSite *self);
/* Lines that take calls for @name (NULL: no name was said), (transfer container);
 * those that have it come first. Where one drains all: any can say so. */
GPtrArray *http_site_find_lines (const HttpSite *self, const gchar *name,
    gboolean openai);

G_END_DECLS
