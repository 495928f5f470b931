/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httpendpoint.h"

G_BEGIN_DECLS

/* Who may call which line, by what a request says of itself. HTTP loop only. */

/* Of the request; NULL: there is none. */
const gchar *http_header (SoupServerMessage *message, const gchar *name);
/* Of the response. */
void http_set_header (SoupServerMessage *message, const gchar *name,
    const gchar *value);

gboolean http_may_call (HttpEndpoint *endpoint, SoupServerMessage *message,
    const WhipLine *line);
gboolean http_has_token (SoupServerMessage *message, const WhipLine *line);
void http_allow_origin (SoupServerMessage *message);
/* FALSE: answered. Several lines of one name may differ in what they allow. */
gboolean http_check_access (HttpEndpoint *endpoint, SoupServerMessage *message,
    const GPtrArray *lines);

/* Lines that take calls for @name (NULL: no name was said), (transfer container);
 * those that have it come first. Of an endpoint that drains all: any can say so. */
GPtrArray *http_find_lines (HttpEndpoint *endpoint, const gchar *name,
    gboolean openai);

/* ICE servers. */
void http_add_links (SoupServerMessage *message, const WhipConfig *config,
    gboolean with_secrets);

G_END_DECLS
