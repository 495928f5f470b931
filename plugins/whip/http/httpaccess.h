/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httpmessage.h"
#include "httpsite.h"

G_BEGIN_DECLS

/* Who may call which line, by what a request says of itself. HTTP loop only. */

gboolean http_may_call (const HttpSite *site, SoupServerMessage *message,
    const WhipLine *line);
gboolean http_has_token (SoupServerMessage *message, const WhipLine *line);
/* FALSE: answered. Several lines of one name may differ in what they allow. */
gboolean http_check_access (const HttpSite *site, SoupServerMessage *message,
    const GPtrArray *lines);

/* ICE servers. */
void http_add_links (SoupServerMessage *message, const WhipConfig *config,
    gboolean with_secrets);

G_END_DECLS
