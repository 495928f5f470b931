/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of an address is a trunk's. A number at the server of one of them is everybody's:
 * each has it at its own. Any other address is called where it says. What is called at a
 * server goes as the server's URI says, by TLS or TCP, too, unless it is a name that says
 * itself how. Servers are URIs of the form "sip:host[:port][;parameters]", or sips:. */

/* @uri is called at @server: its host and port, or no port, are those. */
gboolean trunk_target_is_at (const gchar *uri, const gchar *server);
/* The number that @uri calls, as E.164 has it where it can; NULL: it calls none; (transfer
 * full). */
gchar *trunk_target_dup_number (const gchar *uri);
/* @uri at @server, by the way of that, and no less encrypted than it says itself;
 * (transfer full). */
gchar *trunk_target_dup_at (const gchar *uri, const gchar *server);
/* "host[:port]" of @server; (transfer full). */
gchar *trunk_target_dup_place (const gchar *server);

G_END_DECLS
