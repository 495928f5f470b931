/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtc/webrtcpeer.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One HTTP server per local address and port, shared by all lines of the process
 * that name it. All of this on the HTTP loop only. */
typedef struct _HttpEndpoint HttpEndpoint;
typedef struct _HttpQueue HttpQueue;

/* Offers that were refused lately; zeroed in the beginning. */
typedef struct
{
  gint64 filled; /* us, monotonic; when credit was last counted, 0 = never */
  gdouble credit; /* so many more may be told */
  guint untold; /* since the last one that was */
} HttpRefusals;

/* What a request can go to. Lives in its owner. */
typedef struct
{
  WebrtcPeer *peer;
  const WhipConfig *config;
} WhipLine;

/* The endpoint that @config names; what it says of TLS and page holds for all
 * lines. It lingers for some seconds after its last user, with its port, unless other
 * settings want that; files of TLS are read when it is made. NULL with
 * GST_RESOURCE_ERROR: BUSY, SETTINGS, NOT_FOUND (a file). */
HttpEndpoint *http_endpoint_open (const WhipConfig *config, GError **error);
void http_endpoint_close (HttpEndpoint *self);

void http_endpoint_add_line (HttpEndpoint *self, WhipLine *line);
void http_endpoint_remove_line (HttpEndpoint *self, WhipLine *line);
/* WhipLine, in the order in which they came. */
const GPtrArray *http_endpoint_get_lines (HttpEndpoint *self);
/* "on", "off", or a folder. */
const gchar *http_endpoint_get_page (HttpEndpoint *self);
/* Nobody else can reach it: bound to the loop-back interface. */
gboolean http_endpoint_is_loopback (HttpEndpoint *self);

/* One of its lines drains: nobody takes a new call. */
gboolean http_endpoint_is_draining (HttpEndpoint *self);
/* Offers that wait for a line. */
HttpQueue *http_endpoint_get_queue (HttpEndpoint *self);
HttpRefusals *http_endpoint_get_refusals (HttpEndpoint *self);

/* httpwhip.c: sessions. TRUE: @message is answered, or will be. */
gboolean http_whip_handle (HttpEndpoint *self, SoupServerMessage *message,
    const gchar *path);
/* httppage.c */
gboolean http_page_handle (HttpEndpoint *self, SoupServerMessage *message,
    const gchar *path);

/* A problem body; @detail for a person. */
void http_respond_problem (SoupServerMessage *message, guint status,
    const gchar *detail);

G_END_DECLS
