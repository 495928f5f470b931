/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

G_BEGIN_DECLS

/* What we are called by. */

/* Our address as @remote is to know it; (transfer full): of @external, which has one or
 * more with commas between them, or is NULL, else what we are @bound to, else that of
 * the route. Each only if it is usable. */
gchar *sip_host_dup (const gchar *external, const gchar *bound,
    const PacketAddress *remote);

/* Whether @host can stand where @remote is: it is of the same family, and no
 * wildcard. */
gboolean sip_host_is_usable (const gchar *host, const PacketAddress *remote);

/* Whether @external names an address of @remote's family. */
gboolean sip_host_is_given (const gchar *external, const PacketAddress *remote);
/* Only who is on this machine reaches it. */
gboolean sip_host_is_loopback (const gchar *host);

G_END_DECLS
