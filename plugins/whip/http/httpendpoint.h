/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipline.h"

G_BEGIN_DECLS

/* One HTTP server per local address and port, shared by all lines of the process
 * that name it. All of this on the HTTP loop only. */
typedef struct _HttpEndpoint HttpEndpoint;

/* The endpoint that @config names; what it says of TLS and page holds for all
 * lines. It lingers for some seconds after its last user, with its port, unless other
 * settings want that; files of TLS are read when it is made. NULL with
 * GST_RESOURCE_ERROR: BUSY, SETTINGS, NOT_FOUND (a file). */
HttpEndpoint *http_endpoint_open (const WhipConfig *config, GError **error);
void http_endpoint_close (HttpEndpoint *self);

void http_endpoint_add_line (HttpEndpoint *self, WhipLine *line);
void http_endpoint_remove_line (HttpEndpoint *self, WhipLine *line);

G_END_DECLS
