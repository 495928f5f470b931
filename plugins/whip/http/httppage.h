/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httpsite.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The call page of @site. TRUE: @message is answered. HTTP loop only. */
gboolean http_page_handle (const HttpSite *site, SoupServerMessage *message,
    const gchar *path);

G_END_DECLS
