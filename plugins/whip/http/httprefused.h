/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httpmessage.h"
#include "httpsite.h"

G_BEGIN_DECLS

/* Offers that were refused lately at @site. HTTP loop only. */
typedef struct
{
  const HttpSite *site;
  gint64 filled; /* us, monotonic; when credit was last counted, 0 = never */
  gdouble credit; /* so many more may be told */
  guint untold; /* since the last one that was */
} HttpRefusals;

/* An offer for the line @name (NULL: any) was refused: logged, and told on the bus by a
 * line that it might have gone to, or if there is none by any. A flood is not told in
 * full. */
void http_tell_refused (HttpRefusals *self, SoupServerMessage *message,
    const gchar *name, gboolean openai, guint status, const gchar *cause);

G_END_DECLS
