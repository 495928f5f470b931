/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of an address is a trunk's. A number at the server of one of them is everybody's:
 * each has it at its own. Any other address is called where it says. Servers are URIs of
 * the form "sip:host[:port][;parameters]". */

/* @uri is called at @server. */
gboolean trunk_target_is_at (const gchar *uri, const gchar *server);
/* The number that @uri calls, as E.164 has it where it can; NULL: it calls none; (transfer
 * full). */
gchar *trunk_target_dup_number (const gchar *uri);
/* @uri with its number at @server, no less encrypted; (transfer full). */
gchar *trunk_target_dup_at (const gchar *uri, const gchar *server);
/* "host[:port]" of @server; (transfer full). */
gchar *trunk_target_dup_place (const gchar *server);

G_END_DECLS
