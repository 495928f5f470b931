/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What RFC 9725 (WHIP), RFC 9457 (problems), RFC 8840 (trickle fragments) and
 * the Fetch standard (CORS) say about headers and bodies, as pure functions. */

/* Codes of this domain are HTTP status codes; the message is for a person. */
#define WHIP_ERROR (whip_error_quark ())
GQuark whip_error_quark (void);

#define WHIP_TYPE_SDP "application/sdp"
#define WHIP_TYPE_FRAGMENT "application/trickle-ice-sdpfrag"
#define WHIP_MAX_BODY (64 * 1024)
#define WHIP_MAX_CANDIDATES 64 /* of one session */

/* Whether a Content-Type header, with or without parameters, is @type. */
gboolean whip_content_type_is (const gchar *content_type, const gchar *type);
/* Whether an Accept header (NULL: none) takes @type; q=0 means no. */
gboolean whip_accepts (const gchar *accept, const gchar *type);

/* Whether a page of @origin may call: it comes from us (@own is "scheme://host"
 * of this request), it is listed in @allowed (separated by commas; "*" is
 * anybody), or there is no origin, so it is no page. */
gboolean whip_origin_is_allowed (const gchar *origin, const gchar *own,
    const gchar *allowed);
/* Whether an Authorization header has @token; takes as long for any wrong one. */
gboolean whip_token_matches (const gchar *authorization, const gchar *token);
/* Whether If-Match (NULL: absent) names @etag (with its quotes). */
gboolean whip_etag_matches (const gchar *if_match, const gchar *etag);

/* RFC 9457: a JSON object with type, title, status and detail. */
gchar *whip_problem_new (guint status, const gchar *detail);

/* The value of a Link header for an ICE server written as webrtcbin has it,
 * stun://host:port or turn(s)://user:password@host:port?transport=udp; NULL if
 * @server is not like that. */
gchar *whip_link_new (const gchar *server);

/* A fragment that a PATCH brings. */
typedef struct
{
  gchar *mid; /* of its media, NULL = the first */
  gchar *candidate; /* "candidate:...", without "a=" */
} WhipCandidate;

typedef struct
{
  gchar *ufrag, *password; /* NULL: not given */
  GPtrArray *candidates; /* WhipCandidate */
  gboolean end; /* end-of-candidates */
} WhipFragment;

/* NULL with WHIP_ERROR 400. */
WhipFragment *whip_fragment_parse (const gchar *text, gsize size,
    GError **error);
void whip_fragment_free (WhipFragment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhipFragment, whip_fragment_free)

/* Whether both are there, as long as RFC 8839 5.4 has them, of its characters. */
gboolean whip_fragment_has_credentials (const WhipFragment *self);

/* Whether @candidate reads as RFC 8839 has it: foundation, component, transport,
 * priority, address, port, "typ", type. An address may be an mDNS name. */
gboolean whip_candidate_is_valid (const gchar *candidate);

/* Splits "first-last" into ports, first < last, first > 0. */
gboolean whip_port_range_parse (const gchar *range, guint *first, guint *last);

G_END_DECLS
