/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a server of the Realtime API is: the vendor's, Azure's, or another one's that
 * speaks like it. */

#define OPENAI_DEFAULT_URI "wss://api.openai.com/v1/realtime"

typedef struct
{
  gchar *uri; /* ws or wss, with path and query */
  gboolean azure; /* the key goes into `api-key` */
  gboolean vendor; /* a host of openai.com */
  gboolean secure; /* by TLS */
  gboolean loopback; /* this machine */
  gboolean secret; /* there is one in its query */
} OpenaiAddress;

/* @uri: ws, wss, http or https; NULL or "" = the vendor's. Without a path, or with one that
 * ends in /v1, the usual one is added; @model where the query says nothing of it, nor of
 * a call or deployment. G_URI_ERROR. */
gboolean openai_address_read (OpenaiAddress *self, const gchar *uri,
    const gchar *model, GError **error);
void openai_address_clear (OpenaiAddress *self);

G_END_DECLS
