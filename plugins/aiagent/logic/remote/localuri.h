/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether what is at @uri is of one's own house, so that nobody is paid for it: its host is
 * this machine, or an address that the internet does not have (RFC 1918, RFC 4193,
 * RFC 3927, RFC 4291 2.5.6), or a name of such (localhost, RFC 6761; .local, RFC 6762;
 * .internal). FALSE for anything else, also for what is no URI: whoever is not known to be
 * free costs. */
gboolean local_uri_check (const gchar *uri);

G_END_DECLS
