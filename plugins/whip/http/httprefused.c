/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whoever is refused leaves a trace. HTTP loop only. */
#include "httprefused.h"

#include "line/whiplog.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoicerefusals.h"

#define RATE 1.0 /* a second that are told, in the long run */
#define BURST 100.0 /* at once */

/* A bus that nobody empties, and a record that is kept, must not grow with each. */
static gboolean
is_flood (HttpRefusals *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (!self->filled)
    self->credit = BURST;
  else
    self->credit = MIN (BURST,
        self->credit + (gdouble) (now - self->filled) / G_USEC_PER_SEC * RATE);
  self->filled = now;
  if (self->credit < 1)
    return TRUE;
  self->credit -= 1;
  return FALSE;
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
log_refused (const WhipSessionEvent *event)
{
  /* Who finds all lines busy does nothing wrong. */
  const GstDebugLevel level =
      event->status == 503 ? GST_LEVEL_INFO : GST_LEVEL_WARNING;
  g_autofree gchar *line = gst_voice_log_text (event->line);
  g_autofree gchar *agent = gst_voice_log_text (event->user_agent);
  g_autofree gchar *cause = gst_voice_log_text (event->cause);

  if (event->untold)
    GST_WARNING ("%u offers were refused without being told of", event->untold);
  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT, level, NULL,
      "an offer from %s by %s for line \"%s\", %s, is refused with %u: %s",
      event->address, event->transport, line, *agent ? agent : "no user agent",
      event->status, cause);
}

static const WhipLine *
find_teller (const HttpSite *site, const gchar *name, gboolean openai)
{
  g_autoptr (GPtrArray) lines = http_site_find_lines (site, name, openai);

  return lines->len      ? g_ptr_array_index (lines, 0)
      : site->lines->len ? g_ptr_array_index (site->lines, 0)
                         : NULL;
}

void
http_tell_refused (HttpRefusals *self, SoupServerMessage *message,
    const gchar *name, gboolean openai, guint status, const gchar *cause)
{
  if (is_flood (self)) {
    self->untold++;
    return;
  }
  const WhipLine *teller = find_teller (self->site, name, openai);
  g_autofree gchar *address = address_of (message);
  g_autofree gchar *line = gst_voice_refusals_bound (g_strdup (name));
  g_autofree gchar *agent =
      gst_voice_refusals_bound (g_strdup (http_header (message, "User-Agent")));
  g_autofree gchar *why = gst_voice_refusals_bound (g_strdup (cause));
  const WhipSessionEvent event = { .state = GST_VOICE_CALL_REFUSED,
    .from = soup_server_message_get_remote_host (message),
    .user_agent = agent,
    .by = GST_VOICE_CALL_BY_US,
    .cause = why,
    .line = line,
    .address = address,
    .transport = g_uri_get_scheme (soup_server_message_get_uri (message)),
    .status = status,
    .untold = self->untold };
  self->untold = 0;
  log_refused (&event);
  if (teller)
    teller->refused (teller->element, &event);
}
