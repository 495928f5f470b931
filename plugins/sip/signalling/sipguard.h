/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Messages that must not reach the stack's dialog code: a Contact or Record-Route
 * with another scheme than sip or sips becomes the target of our own requests,
 * which then fail at once and recurse without end inside the stack. Held against
 * every message that can set or refresh a target. */

/* NULL when @sip may be used, else what is wrong with it, for a reason phrase. */
const gchar *sip_guard_check_target (const sip_t *sip, gboolean needs_contact);

/* The same for what names a call and its parties: how long they are. */
const gchar *sip_guard_check_names (const sip_t *sip);

/* For Accept. */
#define SIP_GUARD_BODY_TYPES \
  "application/sdp, multipart/mixed, multipart/alternative"

/* The SDP of the body, be it the whole or a part of it; NULL if there is none. FALSE:
 * the body is something else, or its SDP cannot be read: answer 415. */
gboolean sip_guard_get_sdp (const sip_t *sip, const gchar **sdp, gsize *size);

/* Whether @sip asks for a session timer (RFC 4028) below @min s. The stack would
 * refuse it without a word. */
gboolean sip_guard_is_too_fast (const sip_t *sip, guint min);

G_END_DECLS
