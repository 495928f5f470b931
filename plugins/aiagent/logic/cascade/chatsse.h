/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Server-sent events (WHATWG HTML 9.2), of which only their data is wanted: bytes in, cut
 * anywhere, data of events out. */

#define CHAT_SSE_MAX (1024 * 1024) /* bytes of an event */

typedef struct _ChatSse ChatSse;

ChatSse *chat_sse_new (void);
void chat_sse_free (ChatSse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatSse, chat_sse_free)

/* FALSE: an event is too long, here or before. */
gboolean chat_sse_push (ChatSse *self, gconstpointer data, gsize size);
/* Nothing more comes. The event under way counts, which many servers do not end. */
void chat_sse_finish (ChatSse *self);
/* Data of the next event; NULL: none is complete. It may hold zeroes. */
GString *chat_sse_next (ChatSse *self);

G_END_DECLS
