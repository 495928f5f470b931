/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httprefused.h"

G_BEGIN_DECLS

/* Offers by POST: each goes to a free line. One for which none is free, while one may
 * become so, waits without an answer: in order of arrival, at most HTTP_QUEUE_MAX. All
 * on the HTTP loop only. */
typedef struct _HttpQueue HttpQueue;

#define HTTP_QUEUE_MAX 256

#define HTTP_SESSION "/whip/calls/"
#define HTTP_CALLS "/v1/realtime/calls"

/* Both outlive it. */
HttpQueue *http_queue_new (const HttpSite *site, HttpRefusals *refusals);
/* Before the server goes, and with it the connections of those that wait. */
void http_queue_free (HttpQueue *self);

/* FALSE: nobody waits. */
gboolean http_queue_refuse_all (HttpQueue *self);

/* POST to the line called @name (NULL: any): @message is answered, or will be. */
void http_queue_handle_post (HttpQueue *self, SoupServerMessage *message,
    const gchar *name, gboolean openai);
/* Something is free, or is to be refused: each that waits is looked at, soon and not
 * from here, so that whoever calls may first finish what it is at. */
void http_queue_wake (HttpQueue *self);

G_END_DECLS
