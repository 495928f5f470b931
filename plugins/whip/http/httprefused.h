/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "httpendpoint.h"

G_BEGIN_DECLS

/* What a problem body says of @message; "" if it has none. */
void http_keep_detail (SoupServerMessage *message, const gchar *detail);
const gchar *http_get_detail (SoupServerMessage *message);

/* An offer for the line @name (NULL: any) was refused: logged, and told on the bus by a
 * line that it might have gone to, or if there is none by any. A flood is not told in
 * full. */
void http_tell_refused (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *name, gboolean openai, guint status, const gchar *cause);

G_END_DECLS
