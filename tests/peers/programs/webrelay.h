/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gio/gio.h>

/* A bad network between a phone and one UDP address of this machine: datagrams both ways are lost
 * with a chance of @loss in a hundred, the others come 0 to @jitter ms late, and so
 * out of order. Always the same ones. Works on the default main context. */
typedef struct _WebRelay WebRelay;

WebRelay *web_relay_new (const gchar *host, guint16 port, gint loss,
    gint jitter);
/* Where the phone is to send, at @host. */
guint16 web_relay_get_port (WebRelay *self);
void web_relay_free (WebRelay *self);
