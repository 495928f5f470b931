/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What requests say of themselves, and how they are answered. */

/* Of the request; NULL: there is none. */
const gchar *http_header (SoupServerMessage *message, const gchar *name);
/* Of the response. */
void http_set_header (SoupServerMessage *message, const gchar *name,
    const gchar *value);
/* The page that asks may read the response. */
void http_allow_origin (SoupServerMessage *message);

/* A problem body; @detail for a person. */
void http_respond_problem (SoupServerMessage *message, guint status,
    const gchar *detail);
/* That detail; "" if there is none. */
const gchar *http_get_detail (SoupServerMessage *message);

G_END_DECLS
