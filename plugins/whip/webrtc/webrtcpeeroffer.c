/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* From an offer to its answer. HTTP loop. */

#include "webrtcpeerprivate.h"

#include "webrtcformats.h"

#include "line/whiplog.h"
#include "logic/whipresource.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoicerefusals.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define WATCH 100 /* ms */

/* ---- The answer */

void
webrtc_peer_refuse_offer (WebrtcPeer *self, gint status, const gchar *why)
{
  WhipPeerAnswered answered = self->answered;
  g_autoptr (GError) error = g_error_new_literal (WHIP_ERROR, status, why);

  self->answered = NULL;
  if (!answered)
    return;
  self->refused_with = (guint) status;
  answered (NULL, error, self->answered_user);
}

/* Once each: bundled media share them. */
static gchar *
list_candidates (const gchar *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  GString *list = g_string_new (NULL);

  for (gchar **line = lines; *line; line++) {
    if (!g_str_has_prefix (*line, "a=candidate:") || strstr (list->str, *line))
      continue;
    g_string_append_printf (list, "%s\r\n", *line);
  }
  return g_string_free (list, FALSE);
}

static guint
count_lines (const gchar *text)
{
  guint n = 0;

  for (; *text; text++)
    n += *text == '\n';
  return n;
}

static void
on_negotiated (const gchar *answer, const GError *error, gpointer user)
{
  WebrtcPeer *self = user;
  WhipPeerAnswered answered = self->answered;

  g_clear_pointer (&self->negotiation, webrtc_negotiation_end);
  if (!answer) {
    webrtc_peer_fail (self, error->code, error->message);
    return;
  }
  self->state = PEER_ANSWERED;
  self->own_candidates = list_candidates (answer);
  g_mutex_lock (&self->lock);
  self->stats.answer_time = g_get_monotonic_time () - self->stats.offered_at;
  g_mutex_unlock (&self->lock);
  GST_DEBUG_OBJECT (self->element,
      "%s: answered after %" G_GINT64_FORMAT " ms, with %u candidates",
      self->id, (g_get_monotonic_time () - self->began) / 1000,
      count_lines (self->own_candidates));
  self->answered = NULL;
  answered (answer, NULL, self->answered_user);
  /* It may have been quicker than we. */
  webrtc_peer_connected (self);
}

/* ---- The offer */

static gchar *
new_id (void)
{
  guint8 bytes[16];
  GString *id = g_string_new (NULL);
  gssize n;

  do
    n = getrandom (bytes, sizeof (bytes), 0);
  while (n < 0 && errno == EINTR);
  if (n != sizeof (bytes))
    g_error ("The system has no random numbers: %s", g_strerror (errno));
  for (guint i = 0; i < sizeof (bytes); i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

static void
begin_session (WebrtcPeer *self, const gchar *from)
{
  self->id = new_id ();
  self->etag = g_strdup_printf ("\"%.8s-0\"", self->id);
  self->began = self->changed_at = self->counted_at = g_get_monotonic_time ();
  self->counts = (WebrtcCounts){ 0 };
  self->last_packets = (guint) g_atomic_int_get (&self->packets);
  self->first_packets = self->last_packets;
  self->state = PEER_NEGOTIATING;
  g_mutex_lock (&self->lock);
  g_free (self->call_id);
  self->call_id = g_strdup (self->id);
  self->ended_by = GST_VOICE_CALL_BY_NOBODY;
  g_clear_pointer (&self->end_cause, g_free);
  g_free (self->from);
  self->from = g_strdup (from);
  g_free (self->call_agent);
  self->call_agent = g_strdup (self->user_agent);
  self->stats.sessions++;
  self->used = self->in_session = TRUE;
  self->stats.offered_at = self->began;
  self->stats.answer_time = self->stats.connect_time = self->stats.first_audio =
      0;
  self->stats.totals = (WebrtcTotals){ 0 };
  g_mutex_unlock (&self->lock);
  webrtc_peer_begin_telling (self);
  self->watch =
      io_loop_add_timeout (self->loop, WATCH, webrtc_peer_watch_session, self);
}

void
webrtc_peer_offer (gpointer peer, WhipOffer *offer, const gchar *from,
    const gchar *user_agent, WhipPeerAnswered answered, gpointer user)
{
  WebrtcPeer *self = peer;
  g_autoptr (GError) error = NULL;

  self->offer = whip_offer_ref (offer);
  if (!webrtc_formats_choose (webrtc_graph_get_branches (self->graph), offer,
          &error)) {
    g_clear_pointer (&self->offer, whip_offer_unref);
    gst_voice_refusals_count (GST_VOICE_WEBRTC, (guint) error->code);
    answered (NULL, error, user);
    return;
  }
  self->user_agent = gst_voice_refusals_bound (g_strdup (user_agent));
  self->answered = answered;
  self->answered_user = user;
  self->refused_with = 0;
  begin_session (self, from);
  g_autofree gchar *described = whip_offer_describe (self->offer);
  g_autofree gchar *formats = gst_voice_log_text (described);
  g_autofree gchar *agent = gst_voice_log_text (user_agent);
  GST_DEBUG_OBJECT (self->element, "%s: offer from %s, %s: %s", self->id,
      from ? from : "?", *agent ? agent : "no user agent", formats);
  webrtc_peer_tell (self,
      (WhipSessionEvent){ .state = GST_VOICE_CALL_RINGING });
  self->negotiation = webrtc_negotiation_begin (self->graph, self->offer,
      self->config.external_address, self->id, on_negotiated, self);
}
