/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An SDP of @size bytes as a strict reader wants it, from one as careless senders
 * write it: every line "x=value" with CRLF behind it, in it single blanks and none
 * at its ends, attribute names in small letters, nothing else between the lines.
 * (transfer full); NULL if that is no SDP. */
gchar *sdp_text_tidy (const gchar *text, gsize size);

/* Whether @host is a name to be looked up, and no address nor nonsense. */
gboolean sdp_text_is_host_name (const gchar *host);

G_END_DECLS
