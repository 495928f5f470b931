/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httppost.h"

G_BEGIN_DECLS

/* Sessions. TRUE: @message is answered, or will be. HTTP loop only. */
gboolean http_whip_handle (const HttpSite *site, HttpQueue *queue,
    SoupServerMessage *message, const gchar *path);

G_END_DECLS
