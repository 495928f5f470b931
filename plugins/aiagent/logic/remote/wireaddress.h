/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the WebSocket of somebody's agent is. */

typedef enum
{
  WIRE_ADDRESS_OPEN, /* there is no secret */
  WIRE_ADDRESS_SECRET, /* one goes there: not in clear over a network */
  WIRE_ADDRESS_INSECURE, /* ... which may go so all the same */
} WireAddressUse;

/* Whether @query has a parameter that is by its name a secret: key, token, password and the
 * like. */
gboolean wire_address_has_secret (const gchar *query);

/* A secret in its query is one, whatever @use says, but with INSECURE.
 * @uri: ws or wss, or http or https, which are taken as those. (transfer full): ws or wss;
 * NULL, with @error (G_URI_ERROR), for a person: it is none. */
gchar *wire_address_read (const gchar *uri, WireAddressUse use, GError **error);

G_END_DECLS
