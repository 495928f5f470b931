/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Headers of the application, which SIP itself does not know. */

/* The unknown (X-) headers of @sip; (transfer full), NULL if none. */
GstStructure *sip_headers_collect (const sip_t *sip);
/* "Name: value" lines of @headers, which may be NULL; (transfer full), NULL if
 * none. */
gchar *sip_headers_lines (const GstStructure *headers);

G_END_DECLS
