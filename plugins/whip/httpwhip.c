/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Sessions over HTTP: RFC 9725 (WHIP), with audio both ways, and the call endpoint
 * of OpenAI's Realtime API, which has the same shape.
 *
 *   POST   /whip, /whip/LINE, /v1/realtime/calls   offer -> 201 answer
 *   PATCH  /whip/session/ID                        trickle ICE, ICE restart
 *   DELETE /whip/session/ID                        hang up
 *   OPTIONS on all of them                         CORS
 */
#include "httpendpoint.h"

#include "logic/whipresource.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (whip_debug);
#define GST_CAT_DEFAULT whip_debug

#define WHIP "/whip"
#define SESSION "/whip/session/"
#define CALLS "/v1/realtime/calls"
#define RETRY 20 /* ms */
#define MAX_RETRIES 25
#define RETRY_AFTER "5" /* s */

/* An offer that waits for its answer, or for a line. */
typedef struct
{
  HttpEndpoint *endpoint;
  SoupServerMessage *message; /* NULL: the client is gone */
  gulong handler;
  WhipOffer *offer;
  gchar *name; /* of the line, NULL = any */
  gboolean openai;
  WhipLine *line; /* not owned; answers */
  guint retries;
  GSource *timer;
} HttpPost;

static const gchar *
header (SoupServerMessage *message, const gchar *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (
                                           message),
      name);
}

static void
set_header (SoupServerMessage *message, const gchar *name, const gchar *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      name, value);
}

/* ---- Who may */

static gboolean
is_local_name (const gchar *host)
{
  const gboolean is_ipv6 = *host == '[';
  const gchar *name = host + is_ipv6;
  const gchar *end = name + strcspn (name, is_ipv6 ? "]" : ":");
  g_autofree gchar *copy = g_strndup (name, (gsize) (end - name));
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (copy);

  end += is_ipv6 && *end;
  if (*end && *end != ':')
    return FALSE;
  return address ? g_inet_address_get_is_loopback (address)
                 : !g_ascii_strcasecmp (copy, "localhost");
}

/* "scheme://host" of this server as the client sees it. A server that only this
 * machine reaches has local names only: any other one was made to point here, by a
 * page that wants to pass for ours (DNS rebinding). */
static gchar *
own_origin (HttpEndpoint *endpoint, SoupServerMessage *message)
{
  const gchar *host = header (message, "Host");
  GUri *uri = soup_server_message_get_uri (message);

  if (!host || (http_endpoint_is_loopback (endpoint) && !is_local_name (host)))
    return NULL;
  return g_strdup_printf ("%s://%s", g_uri_get_scheme (uri), host);
}

static gboolean
may_call (HttpEndpoint *endpoint, SoupServerMessage *message,
    const WhipLine *line)
{
  g_autofree gchar *own = own_origin (endpoint, message);

  return whip_origin_is_allowed (header (message, "Origin"), own,
      line->config->allowed_origins);
}

static gboolean
has_token (SoupServerMessage *message, const WhipLine *line)
{
  const gchar *token = line->config->token;

  return !token || !*token ||
      whip_token_matches (header (message, "Authorization"), token);
}

static void
allow_origin (SoupServerMessage *message)
{
  const gchar *origin = header (message, "Origin");

  if (!origin)
    return;
  set_header (message, "Access-Control-Allow-Origin", origin);
  set_header (message, "Vary", "Origin");
  set_header (message, "Access-Control-Expose-Headers", "Location, ETag, Link");
}

/* FALSE: answered. Several lines of one name may differ in what they allow. */
static gboolean
check_access (HttpEndpoint *endpoint, SoupServerMessage *message,
    const GPtrArray *lines)
{
  gboolean any_origin = FALSE, any_token = FALSE;

  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    gboolean origin = may_call (endpoint, message, line);
    any_origin |= origin;
    any_token |= origin && has_token (message, line);
  }
  if (!lines->len) {
    http_respond_problem (message, 404, "There is no such line.");
  } else if (!any_origin) {
    http_respond_problem (message, 403,
        "Pages of this origin may not call: allowed-origins lacks it.");
  } else {
    allow_origin (message);
    if (any_token)
      return TRUE;
    set_header (message, "WWW-Authenticate", "Bearer");
    http_respond_problem (message, 401, "The token is missing or wrong.");
  }
  return FALSE;
}

/* ---- Lines */

static gboolean
takes_name (const WhipLine *line, const gchar *name)
{
  return !line->config->line || !g_strcmp0 (line->config->line, name);
}

/* Lines that take calls for @name (NULL: no name was said); those that have it come
 * first. */
static GPtrArray *
find_lines (HttpEndpoint *endpoint, const gchar *name, gboolean openai)
{
  const GPtrArray *all = http_endpoint_get_lines (endpoint);
  GPtrArray *lines = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++) {
    WhipLine *line = g_ptr_array_index (all, i);
    if (line->config->line ? openai || takes_name (line, name) : FALSE)
      g_ptr_array_add (lines, line);
  }
  for (guint i = 0; i < all->len; i++) {
    WhipLine *line = g_ptr_array_index (all, i);
    if (!line->config->line)
      g_ptr_array_add (lines, line);
  }
  return lines;
}

static WhipLine *
find_session (HttpEndpoint *endpoint, const gchar *id)
{
  const GPtrArray *lines = http_endpoint_get_lines (endpoint);

  for (guint i = 0; i < lines->len; i++) {
    WhipLine *line = g_ptr_array_index (lines, i);
    if (*id && !g_strcmp0 (webrtc_peer_get_id (line->peer), id))
      return line;
  }
  return NULL;
}

/* ---- POST */

static void
on_finished (SoupServerMessage *message, gpointer user)
{
  HttpPost *post = user;

  if (!post->message)
    return;
  g_signal_handler_disconnect (post->message, post->handler);
  g_clear_object (&post->message);
}

static void
stop_waiting (HttpPost *self)
{
  if (!self->timer)
    return;
  g_ptr_array_remove (http_endpoint_get_waiting (self->endpoint), self);
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
post_free (HttpPost *self)
{
  if (self->message)
    g_signal_handler_disconnect (self->message, self->handler);
  g_clear_object (&self->message);
  stop_waiting (self);
  whip_offer_unref (self->offer);
  g_free (self->name);
  g_free (self);
}

static void
add_links (SoupServerMessage *message, const WhipConfig *config,
    gboolean with_secrets)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  g_autofree gchar *stun = whip_link_new (config->stun_server);
  g_autofree gchar *turn =
      with_secrets ? whip_link_new (config->turn_server) : NULL;

  if (stun)
    soup_message_headers_append (headers, "Link", stun);
  if (turn)
    soup_message_headers_append (headers, "Link", turn);
}

static void
respond_answer (HttpPost *post, const gchar *answer)
{
  SoupServerMessage *message = post->message;
  g_autofree gchar *location = g_strconcat (post->openai ? CALLS "/" : SESSION,
      webrtc_peer_get_id (post->line->peer), NULL);

  set_header (message, "Location", location);
  set_header (message, "ETag", webrtc_peer_get_etag (post->line->peer));
  set_header (message, "Cache-Control", "no-store");
  set_header (message, "Accept-Patch", WHIP_TYPE_FRAGMENT);
  add_links (message, post->line->config, TRUE);
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, WHIP_TYPE_SDP, SOUP_MEMORY_COPY,
      answer, strlen (answer));
}

static void
respond_busy (SoupServerMessage *message, const gchar *detail)
{
  set_header (message, "Retry-After", RETRY_AFTER);
  http_respond_problem (message, 503, detail);
}

static void
on_answered (const gchar *answer, const GError *error, gpointer user)
{
  HttpPost *post = user;

  if (!post->message) {
    if (answer)
      webrtc_peer_end (post->line->peer, WEBRTC_BY_NETWORK,
          "Whoever offered went away before the answer.");
  } else {
    if (answer)
      respond_answer (post, answer);
    else if (error->code == 503)
      respond_busy (post->message, error->message);
    else
      http_respond_problem (post->message, (guint) error->code, error->message);
    soup_server_message_unpause (post->message);
  }
  post_free (post);
}

static void
refuse_busy (HttpPost *post)
{
  respond_busy (post->message,
      "All lines are busy. Please try again in a moment.");
  soup_server_message_unpause (post->message);
}

/* FALSE: @post waits for a line. */
static gboolean
give_to_line (HttpPost *post)
{
  g_autoptr (GPtrArray) lines =
      find_lines (post->endpoint, post->name, post->openai);
  gboolean soon = FALSE;

  for (guint i = 0; i < lines->len; i++) {
    WhipLine *line = g_ptr_array_index (lines, i);
    if (!may_call (post->endpoint, post->message, line) ||
        !has_token (post->message, line))
      continue;
    soon |= webrtc_peer_is_resetting (line->peer);
    if (!webrtc_peer_is_free (line->peer))
      continue;
    stop_waiting (post);
    post->line = line;
    webrtc_peer_offer (line->peer, post->offer,
        soup_server_message_get_remote_host (post->message),
        header (post->message, "User-Agent"), on_answered, post);
    return TRUE;
  }
  if (soon && post->retries++ < MAX_RETRIES)
    return FALSE;
  refuse_busy (post);
  post_free (post);
  return TRUE;
}

static gboolean
on_retry (gpointer data)
{
  HttpPost *post = data;

  if (!post->message)
    post_free (post);
  else if (!give_to_line (post))
    return G_SOURCE_CONTINUE;
  return G_SOURCE_REMOVE;
}

/* FALSE: answered. */
static gboolean
check_types (SoupServerMessage *message)
{
  if (!whip_content_type_is (header (message, "Content-Type"), WHIP_TYPE_SDP))
    http_respond_problem (message, 415,
        "An offer has the Content-Type " WHIP_TYPE_SDP ".");
  else if (!whip_accepts (header (message, "Accept"), WHIP_TYPE_SDP))
    http_respond_problem (message, 406,
        "The answer is " WHIP_TYPE_SDP ", which is not accepted.");
  else
    return TRUE;
  return FALSE;
}

static void
handle_post (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *name, gboolean openai)
{
  g_autoptr (GPtrArray) lines = find_lines (endpoint, name, openai);
  g_autoptr (GError) error = NULL;

  if (!check_access (endpoint, message, lines) || !check_types (message))
    return;
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize size;
  const gchar *text = g_bytes_get_data (body, &size);
  WhipOffer *offer = whip_offer_parse (text, size, &error);
  if (!offer) {
    http_respond_problem (message, (guint) error->code, error->message);
    return;
  }
  HttpPost *post = g_new0 (HttpPost, 1);
  post->endpoint = endpoint;
  post->message = g_object_ref (message);
  post->handler =
      g_signal_connect (message, "finished", G_CALLBACK (on_finished), post);
  post->offer = offer;
  post->name = g_strdup (name);
  post->openai = openai;
  soup_server_message_pause (message);
  if (give_to_line (post))
    return;
  post->timer = io_loop_add_timeout (whip_loop_get (), RETRY, on_retry, post);
  g_ptr_array_add (http_endpoint_get_waiting (endpoint), post);
}

void
http_whip_refuse_waiting (HttpEndpoint *endpoint)
{
  const GPtrArray *waiting = http_endpoint_get_waiting (endpoint);

  while (waiting->len) {
    HttpPost *post = g_ptr_array_index (waiting, 0);
    if (post->message)
      refuse_busy (post);
    post_free (post);
  }
}

/* ---- PATCH, DELETE */

static void
handle_patch (SoupServerMessage *message, WebrtcPeer *peer)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reply = NULL;
  gsize size;

  if (!whip_content_type_is (header (message, "Content-Type"),
          WHIP_TYPE_FRAGMENT)) {
    http_respond_problem (message, 415,
        "A fragment has the Content-Type " WHIP_TYPE_FRAGMENT ".");
    return;
  }
  if (!whip_etag_matches (header (message, "If-Match"),
          webrtc_peer_get_etag (peer))) {
    http_respond_problem (message, 412,
        "If-Match names another ICE session than the one there is.");
    return;
  }
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  const gchar *text = g_bytes_get_data (body, &size);
  if (!webrtc_peer_patch (peer, text ? text : "", size, &reply, &error)) {
    http_respond_problem (message, (guint) error->code, error->message);
    return;
  }
  set_header (message, "ETag", webrtc_peer_get_etag (peer));
  soup_server_message_set_status (message, reply ? 200 : 204, NULL);
  if (reply)
    soup_server_message_set_response (message, WHIP_TYPE_FRAGMENT,
        SOUP_MEMORY_COPY, reply, strlen (reply));
}

static void
handle_session (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *id)
{
  const gchar *method = soup_server_message_get_method (message);
  WhipLine *line = find_session (endpoint, id);
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();

  if (line)
    g_ptr_array_add (lines, line);
  if (!line) {
    allow_origin (message);
    http_respond_problem (message, 404, "There is no such session.");
  } else if (!check_access (endpoint, message, lines)) {
    return;
  } else if (!strcmp (method, "PATCH")) {
    handle_patch (message, line->peer);
  } else if (!strcmp (method, "DELETE")) {
    webrtc_peer_end (line->peer, WEBRTC_BY_PEER, "The browser hung up.");
    soup_server_message_set_status (message, 200, NULL);
  } else {
    set_header (message, "Allow", "PATCH, DELETE, OPTIONS");
    http_respond_problem (message, 405,
        "A session can be patched and deleted.");
  }
}

/* ---- OPTIONS */

static void
handle_options (HttpEndpoint *endpoint, SoupServerMessage *message,
    const GPtrArray *lines, gboolean session)
{
  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    if (!may_call (endpoint, message, line))
      continue;
    allow_origin (message);
    set_header (message, "Access-Control-Allow-Methods",
        "POST, PATCH, DELETE, OPTIONS");
    set_header (message, "Access-Control-Allow-Headers",
        "Authorization, Content-Type, If-Match");
    set_header (message, "Access-Control-Max-Age", "600");
    if (header (message, "Access-Control-Request-Private-Network"))
      set_header (message, "Access-Control-Allow-Private-Network", "true");
    set_header (message, "Allow",
        session ? "PATCH, DELETE, OPTIONS" : "POST, OPTIONS");
    if (!session)
      set_header (message, "Accept-Post", WHIP_TYPE_SDP);
    /* A password only for whoever may call. */
    add_links (message, line->config,
        line->config->token && has_token (message, line));
    soup_server_message_set_status (message, 204, NULL);
    return;
  }
  http_respond_problem (message, lines->len ? 403 : 404,
      lines->len ? "Pages of this origin may not call."
                 : "There is no such line.");
}

/* ---- Routes */

static void
handle_endpoint (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *name, gboolean openai)
{
  const gchar *method = soup_server_message_get_method (message);
  g_autoptr (GPtrArray) lines = find_lines (endpoint, name, openai);

  if (!strcmp (method, "POST")) {
    handle_post (endpoint, message, name, openai);
  } else if (!strcmp (method, "OPTIONS")) {
    handle_options (endpoint, message, lines, FALSE);
  } else {
    set_header (message, "Allow", "POST, OPTIONS");
    http_respond_problem (message, 405, "A call begins with POST.");
  }
}

gboolean
http_whip_handle (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *path)
{
  const gchar *id = g_str_has_prefix (path, SESSION) ? path + strlen (SESSION)
      : g_str_has_prefix (path, CALLS "/")           ? path + strlen (CALLS "/")
                                                     : NULL;

  if (id) {
    if (!strcmp (soup_server_message_get_method (message), "OPTIONS"))
      handle_options (endpoint, message, http_endpoint_get_lines (endpoint),
          TRUE);
    else
      handle_session (endpoint, message, id);
  } else if (!strcmp (path, CALLS)) {
    handle_endpoint (endpoint, message, NULL, TRUE);
  } else if (!strcmp (path, WHIP) || !strcmp (path, WHIP "/")) {
    handle_endpoint (endpoint, message, NULL, FALSE);
  } else if (g_str_has_prefix (path, WHIP "/")) {
    handle_endpoint (endpoint, message, path + strlen (WHIP "/"), FALSE);
  } else {
    return FALSE;
  }
  return TRUE;
}
