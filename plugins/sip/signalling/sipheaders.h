/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Headers of the application, which SIP itself does not know. */

/* SIP loop only. The unknown (X-) headers of @sip, which @stranger sent from there (NULL: it
 * is known who did): of one whose names are always others some are left out; (transfer full),
 * NULL if none. */
GstStructure *sip_headers_collect (const sip_t *sip, const gchar *stranger);
/* "Name: value" lines of @headers, which may be NULL; (transfer full), NULL if
 * none. */
gchar *sip_headers_lines (const GstStructure *headers);

G_END_DECLS
