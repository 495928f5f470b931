/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipstate.h"

#include <glib.h>
#include <sofia-sip/url.h>

G_BEGIN_DECLS

/* What stands in messages, as the rest of the plugin has it. */

/* What the far end wrote, as UTF-8 whatever it is (GstStructure takes nothing
 * else); (transfer full), "" for NULL. */
gchar *sip_text_utf8 (const gchar *text);
/* The same without the quotes that are around it. */
gchar *sip_text_unquoted (const gchar *text);
/* "sip:user@host" or "tel:number" of an address header. */
gchar *sip_text_address (const url_t *url);
/* Value of a Warning header with the words of @error; (transfer full). */
gchar *sip_text_warning (const GError *error);

/* NULL: @uri is no SIP address with a host. */
url_t *sip_text_parse_uri (su_home_t *home, const gchar *uri);
/* @uri as it may be shown; (transfer full). */
gchar *sip_text_without_password (const gchar *uri);
/* What @uri says by its scheme or its `transport` parameter, UDP if it says nothing. */
SipTransport sip_text_transport (const gchar *uri);
/* "udp", "tcp", "tls". */
const gchar *sip_text_transport_name (SipTransport transport);
/* The host of a URI without the brackets of IPv6; (transfer full). */
gchar *sip_text_bare_host (const gchar *host);

G_END_DECLS
