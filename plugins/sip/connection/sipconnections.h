/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes from the SIP library the connections (TCP and TLS) that it would keep until they
 * were idle for long: it reads no more where nonsense came, and does not see that the
 * peer has gone; and it takes as many as come, until calls find no socket. What is
 * taken from it is shut: it hears of that, and closes. SIP loop only. */

/* Connections that there may be, 0: half of what the process may open; for tests. More
 * than that, and whoever has most has fewer, those that never said anything first: one
 * host (of IPv6: one network of 64 bits), or many that have one each. */
extern guint sip_connections_most;

/* It looks while anybody wants it to: once for each agent. */
void sip_connections_watch (GMainContext *context);
void sip_connections_unwatch (void);

G_END_DECLS
