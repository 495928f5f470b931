/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What each HTTP server here does about clients that stall, send too much, stay for
 * ever or take the last file descriptor. All in the thread whose default context the
 * server has. */

/* Before anything else is added. A body of more than @max_body octets is not read:
 * @refuse answers it. */
void http_guard_add (SoupServer *server, gsize max_body,
    void (*refuse) (SoupServerMessage *message));
/* Handlers ask this first: TRUE, what was read of the body is not all, answer 413. */
gboolean http_guard_is_too_long (SoupServerMessage *message);

/* Listens, and goes on when the process had no file descriptor for a moment: libsoup
 * 3.2 accepts nobody any more after that. */
gboolean http_guard_listen (SoupServer *server, GSocketAddress *address,
    SoupServerListenOptions options, GError **error);

G_END_DECLS
