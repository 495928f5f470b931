/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIP_FRAG_TYPE "message/sipfrag"

/* The status in the body of a NOTIFY that tells how a transfer goes on (RFC 3515 2.4.5): of
 * the status line that it begins with. 0: it has none. */
guint sip_frag_read_status (const gchar *data, gsize size);
/* Such a body, of @status (100 to 699) and one line of words; (transfer full). */
gchar *sip_frag_write (guint status, const gchar *phrase);

G_END_DECLS
