/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <sofia-sip/msg.h>

G_BEGIN_DECLS

/* The library's scheme "Digest", calculated by us: its own has MD5 only. A process has
 * one. Whoever else uses the library gets the same. */

/* Once, before there is any agent. */
void sip_digest_install (void);

/* For NUTAG_AUTH; (transfer full), to be wiped. @realm as it was written. The library
 * would end a password at a colon: it gets a form of it that has none. */
gchar *sip_digest_credentials (const gchar *realm, const gchar *user,
    const gchar *password);

/* Value of a header as it was written; (transfer full). */
gchar *sip_digest_header_text (const msg_auth_t *header);

G_END_DECLS
