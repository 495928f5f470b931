/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Sessions over HTTP: RFC 9725 (WHIP), with audio both ways, and the call endpoint
 * of OpenAI's Realtime API, which has the same shape.
 *
 *   POST   /whip, /whip/LINE, /v1/realtime/calls   offer -> 201 answer
 *   PATCH  /whip/calls/ID                          trickle ICE, ICE restart
 *   DELETE /whip/calls/ID                          hang up
 *   OPTIONS on all of them                         CORS
 */
#include "httpwhip.h"

#include "httpaccess.h"

#include "logic/whipresource.h"

#include <string.h>

#define WHIP "/whip"

/* ---- PATCH, DELETE */

static WhipLine *
find_session (const HttpSite *site, const gchar *id)
{
  const GPtrArray *lines = site->lines;

  for (guint i = 0; i < lines->len; i++) {
    WhipLine *line = g_ptr_array_index (lines, i);
    if (*id && !g_strcmp0 (line->iface->get_id (line->peer), id))
      return line;
  }
  return NULL;
}

static void
handle_patch (SoupServerMessage *message, const WhipLine *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reply = NULL;
  gsize size;

  if (!whip_content_type_is (http_header (message, "Content-Type"),
          WHIP_TYPE_FRAGMENT)) {
    http_respond_problem (message, 415,
        "A fragment has the Content-Type " WHIP_TYPE_FRAGMENT ".");
    return;
  }
  if (!whip_etag_matches (http_header (message, "If-Match"),
          line->iface->get_etag (line->peer))) {
    http_respond_problem (message, 412,
        "If-Match names another ICE session than the one there is.");
    return;
  }
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  const gchar *text = g_bytes_get_data (body, &size);
  if (!line->iface->patch (line->peer, text ? text : "", size, &reply,
          &error)) {
    http_respond_problem (message, (guint) error->code, error->message);
    return;
  }
  http_set_header (message, "ETag", line->iface->get_etag (line->peer));
  soup_server_message_set_status (message, reply ? 200 : 204, NULL);
  if (reply)
    soup_server_message_set_response (message, WHIP_TYPE_FRAGMENT,
        SOUP_MEMORY_COPY, reply, strlen (reply));
}

static void
handle_session (const HttpSite *site, SoupServerMessage *message,
    const gchar *id)
{
  const gchar *method = soup_server_message_get_method (message);
  WhipLine *line = find_session (site, id);
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();

  if (line)
    g_ptr_array_add (lines, line);
  if (!line) {
    http_allow_origin (message);
    http_respond_problem (message, 404, "There is no such session.");
  } else if (!http_check_access (site, message, lines)) {
    return;
  } else if (!strcmp (method, "PATCH")) {
    handle_patch (message, line);
  } else if (!strcmp (method, "DELETE")) {
    line->iface->end (line->peer, GST_VOICE_CALL_BY_PEER,
        "The browser hung up.");
    soup_server_message_set_status (message, 200, NULL);
  } else {
    http_set_header (message, "Allow", "PATCH, DELETE, OPTIONS");
    http_respond_problem (message, 405,
        "A session can be patched and deleted.");
  }
}

/* ---- OPTIONS */

static void
handle_options (const HttpSite *site, SoupServerMessage *message,
    const GPtrArray *lines, gboolean session)
{
  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    if (!http_may_call (site, message, line))
      continue;
    http_allow_origin (message);
    http_set_header (message, "Access-Control-Allow-Methods",
        "POST, PATCH, DELETE, OPTIONS");
    http_set_header (message, "Access-Control-Allow-Headers",
        "Authorization, Content-Type, If-Match");
    http_set_header (message, "Access-Control-Max-Age", "600");
    if (http_header (message, "Access-Control-Request-Private-Network"))
      http_set_header (message, "Access-Control-Allow-Private-Network", "true");
    http_set_header (message, "Allow",
        session ? "PATCH, DELETE, OPTIONS" : "POST, OPTIONS");
    if (!session)
      http_set_header (message, "Accept-Post", WHIP_TYPE_SDP);
    /* A password only for whoever may call: without a token that is anybody. */
    http_add_links (message, line->config, http_has_token (message, line));
    soup_server_message_set_status (message, 204, NULL);
    return;
  }
  http_respond_problem (message, lines->len ? 403 : 404,
      lines->len ? "Pages of this origin may not call."
                 : "There is no such line.");
}

/* ---- Routes */

static void
handle_endpoint (const HttpSite *site, HttpQueue *queue,
    SoupServerMessage *message, const gchar *name, gboolean openai)
{
  const gchar *method = soup_server_message_get_method (message);
  g_autoptr (GPtrArray) lines = http_site_find_lines (site, name, openai);

  if (!strcmp (method, "POST")) {
    http_queue_handle_post (queue, message, name, openai);
  } else if (!strcmp (method, "OPTIONS")) {
    handle_options (site, message, lines, FALSE);
  } else {
    http_set_header (message, "Allow", "POST, OPTIONS");
    http_respond_problem (message, 405, "A call begins with POST.");
  }
}

gboolean
http_whip_handle (const HttpSite *site, HttpQueue *queue,
    SoupServerMessage *message, const gchar *path)
{
  const gchar *id = g_str_has_prefix (path, HTTP_SESSION)
      ? path + strlen (HTTP_SESSION)
      : g_str_has_prefix (path, HTTP_CALLS "/") ? path + strlen (HTTP_CALLS "/")
                                                : NULL;

  if (id) {
    if (!strcmp (soup_server_message_get_method (message), "OPTIONS"))
      handle_options (site, message, site->lines, TRUE);
    else
      handle_session (site, message, id);
  } else if (!strcmp (path, HTTP_CALLS)) {
    handle_endpoint (site, queue, message, NULL, TRUE);
  } else if (!strcmp (path, WHIP) || !strcmp (path, WHIP "/")) {
    handle_endpoint (site, queue, message, NULL, FALSE);
  } else if (g_str_has_prefix (path, WHIP "/")) {
    handle_endpoint (site, queue, message, path + strlen (WHIP "/"), FALSE);
  } else {
    return FALSE;
  }
  return TRUE;
}
