/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whoever is refused leaves a trace. HTTP loop only. */
#include "httpaccess.h"
#include "httprefused.h"

#define DETAIL "http-problem-detail"
#define FLOOD_TIME (10 * G_USEC_PER_SEC)
#define MOST_TOLD 100 /* in that time */

GST_DEBUG_CATEGORY_EXTERN (whip_debug);
#define GST_CAT_DEFAULT whip_debug

void
http_keep_detail (SoupServerMessage *message, const gchar *detail)
{
  g_object_set_data_full (G_OBJECT (message), DETAIL, g_strdup (detail),
      g_free);
}

const gchar *
http_get_detail (SoupServerMessage *message)
{
  const gchar *detail = g_object_get_data (G_OBJECT (message), DETAIL);

  return detail ? detail : "";
}

/* A bus that nobody empties must not grow with each of them. */
static gboolean
is_flood (HttpRefusals *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (now - self->since > FLOOD_TIME) {
    if (self->count > MOST_TOLD)
      GST_WARNING ("%u offers were refused without being told of",
          self->count - MOST_TOLD);
    *self = (HttpRefusals){ now, 0 };
  }
  return ++self->count > MOST_TOLD;
}

/* "192.0.2.1:4711", "[2001:db8::1]:4711" */
static gchar *
address_of (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return address && G_IS_INET_SOCKET_ADDRESS (address)
      ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address))
      : g_strdup ("");
}

static void
log_refused (const WebrtcSessionEvent *event)
{
  /* Who finds all lines busy does nothing wrong. */
  const GstDebugLevel level =
      event->http_status == 503 ? GST_LEVEL_INFO : GST_LEVEL_WARNING;

  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT, level, NULL,
      "an offer from %s by %s for line \"%s\", %s, is refused with %u: %s",
      event->address, event->transport, event->line ? event->line : "",
      event->user_agent ? event->user_agent : "no user agent",
      event->http_status, event->cause);
}

static WebrtcPeer *
find_teller (HttpEndpoint *endpoint, const gchar *name, gboolean openai)
{
  g_autoptr (GPtrArray) lines = http_find_lines (endpoint, name, openai);
  const GPtrArray *all = http_endpoint_get_lines (endpoint);
  const WhipLine *line = lines->len ? g_ptr_array_index (lines, 0)
      : all->len                    ? g_ptr_array_index (all, 0)
                                    : NULL;

  return line ? line->peer : NULL;
}

void
http_tell_refused (HttpEndpoint *endpoint, SoupServerMessage *message,
    const gchar *name, gboolean openai, guint status, const gchar *cause)
{
  if (is_flood (http_endpoint_get_refusals (endpoint)))
    return;
  WebrtcPeer *teller = find_teller (endpoint, name, openai);
  g_autofree gchar *address = address_of (message);
  const WebrtcSessionEvent event = { .state = WEBRTC_SESSION_REFUSED,
    .from = soup_server_message_get_remote_host (message),
    .user_agent = http_header (message, "User-Agent"),
    .cause = cause,
    .line = name,
    .address = address,
    .transport = g_uri_get_scheme (soup_server_message_get_uri (message)),
    .http_status = status };
  log_refused (&event);
  if (teller)
    webrtc_peer_tell_refused (teller, &event);
}
