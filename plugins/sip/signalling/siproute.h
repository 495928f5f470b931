/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

G_BEGIN_DECLS

/* The address of this machine that @remote sees: that of the route towards it.
 * No packet is sent. Loopback when there is no route. Port 0. */
void sip_route_local (const PacketAddress *remote, PacketAddress *local);

/* Whether there is any. */
gboolean sip_route_exists (const PacketAddress *remote);

/* Whether @host, numeric, is an address of this machine. */
gboolean sip_route_is_here (const gchar *host);
/* Whether this machine has an address of @family, be it that of loopback. */
gboolean sip_route_has_family (gint family);

G_END_DECLS
