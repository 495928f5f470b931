/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipguard.h"

#include <sofia-sip/url.h>

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

gboolean
sip_guard_get_sdp (const sip_t *sip, const gchar **sdp, gsize *size)
{
  *sdp = NULL;
  *size = 0;
  if (!sip->sip_payload || sip->sip_payload->pl_len == 0)
    return TRUE;
  /* Also keeps multipart bodies out of the SDP parser, which accepts anything. */
  if (!sip->sip_content_type || !sip->sip_content_type->c_type ||
      g_ascii_strcasecmp (sip->sip_content_type->c_type, "application/sdp"))
    return FALSE;
  *sdp = sip->sip_payload->pl_data;
  *size = sip->sip_payload->pl_len;
  return TRUE;
}
