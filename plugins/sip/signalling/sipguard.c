/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipguard.h"
#include "sip/logic/sipbody.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>
#include <string.h>

static gboolean
is_sip (const url_t *url)
{
  return (url->url_type == url_sip || url->url_type == url_sips) &&
      url->url_host && *url->url_host;
}

const gchar *
sip_guard_check_target (const sip_t *sip, gboolean needs_contact)
{
  if (needs_contact && !sip->sip_contact)
    return "Missing Contact";
  for (const sip_contact_t *c = sip->sip_contact; c; c = c->m_next)
    if (!is_sip (c->m_url))
      return "Unusable Contact";
  for (const sip_record_route_t *r = sip->sip_record_route; r; r = r->r_next)
    if (!is_sip (r->r_url))
      return "Unusable Record-Route";
  return NULL;
}

/* Octets; what is longer comes from nobody's phone, and would stand in each message,
 * record and line of the log of its call. */
#define MAX_CALL_ID 256
#define MAX_PARTY 1024

static gsize
get_length (const gchar *text)
{
  return text ? strlen (text) : 0;
}

static gboolean
is_long (const sip_addr_t *party)
{
  return get_length (party->a_display) + get_length (party->a_url->url_user) +
      get_length (party->a_url->url_host) +
      get_length (party->a_url->url_params) >
      MAX_PARTY;
}

const gchar *
sip_guard_check_names (const sip_t *sip)
{
  if (get_length (sip->sip_call_id->i_id) > MAX_CALL_ID)
    return "Call-ID Too Long";
  if (is_long (sip->sip_from))
    return "From Too Long";
  if (is_long (sip->sip_to))
    return "To Too Long";
  return NULL;
}

#define SDP_TYPE "application/sdp"

/* gzip and its kind are not undone here. */
static gboolean
is_encoded (const sip_t *sip)
{
  const sip_content_encoding_t *encoding = sip->sip_content_encoding;

  return encoding && encoding->k_items && encoding->k_items[0] &&
      g_ascii_strcasecmp (encoding->k_items[0], "identity");
}

/* The parser of SDP accepts anything: what is none must not come to it. */
gboolean
sip_guard_get_sdp (const sip_t *sip, const gchar **sdp, gsize *size)
{
  const sip_payload_t *body = sip->sip_payload;
  const sip_content_type_t *type = sip->sip_content_type;

  *sdp = NULL;
  *size = 0;
  if (!body || body->pl_len == 0)
    return TRUE;
  if (!type || !type->c_type || is_encoded (sip))
    return FALSE;
  if (!g_ascii_strncasecmp (type->c_type, "multipart/", strlen ("multipart/")))
    return sip_body_find_part (msg_params_find (type->c_params, "boundary="),
        body->pl_data, body->pl_len, SDP_TYPE, sdp, size);
  if (g_ascii_strcasecmp (type->c_type, SDP_TYPE))
    return FALSE;
  *sdp = body->pl_data;
  *size = body->pl_len;
  return TRUE;
}

gboolean
sip_guard_is_too_fast (const sip_t *sip, guint min)
{
  const sip_session_expires_t *expires = sip->sip_session_expires;

  return expires && expires->x_delta < min &&
      sip_has_feature (sip->sip_supported, "timer");
}
