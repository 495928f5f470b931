/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* From offer to answer. webrtcbin works in a thread of its own and says by promise
 * when it is done; each step comes back to the HTTP loop, and is dropped if the
 * session is another one by then. All on the HTTP loop but as said. */

#define GST_USE_UNSTABLE_API
#include "webrtcpeerprivate.h"

#include "line/whiplog.h"
#include "logic/whipresource.h"
#include "sdp/whipanswer.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

typedef void (*Step) (WebrtcPeer *self, const GstStructure *reply);

typedef struct
{
  WebrtcPeer *peer;
  guint generation;
  Step step;
  GstPromise *promise; /* replied */
} Promise;

static void
promise_free (gpointer data)
{
  Promise *self = data;

  gst_promise_unref (self->promise);
  webrtc_peer_unref (self->peer);
  g_free (self);
}

/* A closed webrtcbin does not reply, or says so in "error". */
static void
run_step (gpointer data)
{
  Promise *self = data;
  g_autoptr (GError) error = NULL;

  if (self->generation != self->peer->generation)
    return;
  const GstStructure *reply =
      gst_promise_wait (self->promise) == GST_PROMISE_RESULT_REPLIED
      ? gst_promise_get_reply (self->promise)
      : NULL;
  if (reply && gst_structure_has_field (reply, "error"))
    gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
  if (error) {
    GST_WARNING_OBJECT (self->peer->element, "%s: webrtcbin: %s",
        self->peer->id, error->message);
    webrtc_peer_fail (self->peer, 422, "The offer cannot be answered.");
    return;
  }
  self->step (self->peer, reply);
}

/* webrtcbin's thread. */
static void
on_promise (GstPromise *promise, gpointer data)
{
  Promise *self = data;

  self->promise = promise;
  io_loop_invoke (self->peer->loop, run_step, self, promise_free);
}

static GstPromise *
promise_new (WebrtcPeer *peer, Step step)
{
  Promise *self = g_new0 (Promise, 1);

  self->peer = webrtc_peer_ref (peer);
  self->generation = peer->generation;
  self->step = step;
  return gst_promise_new_with_change_func (on_promise, self, NULL);
}

/* ---- The answer is complete */

/* The first @media section that we would speak in, and do not. */
static gboolean
is_silent (WebrtcPeer *self, const GstSDPMessage *answer, const gchar *media)
{
  const GPtrArray *senders = webrtc_graph_get_senders (self->graph);

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    if (!strcmp (sender->media, media))
      return whip_offer_receives (self->offer, media) &&
          !whip_answer_sends (answer, media);
  }
  return FALSE;
}

/* What the far end does not want to hear, or webrtcbin did not agree to send, webrtcbin
 * blocks. */
static void
silence_unwanted (WebrtcPeer *self, const GstSDPMessage *answer)
{
  const GPtrArray *senders = webrtc_graph_get_senders (self->graph);

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    sender->speaks &= whip_offer_receives (self->offer, sender->media) &&
        whip_answer_sends (answer, sender->media);
  }
}

static gchar *
write_answer (WebrtcPeer *self, const GstSDPMessage *answer, GError **error)
{
  const GPtrArray *senders = webrtc_graph_get_senders (self->graph);
  g_autofree WhipStream *streams = g_new0 (WhipStream, senders->len);
  guint n = 0;

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    if (sender->speaks && sender->ssrc)
      streams[n++] = (WhipStream){ sender->media, sender->ssrc };
  }
  const WhipOwn own = { self->config.external_address, streams, n,
    webrtc_graph_reads_fec (self->graph) };
  return whip_offer_write_answer (self->offer, answer, &own, error);
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
reply (WebrtcPeer *self, const GstSDPMessage *answer)
{
  g_autoptr (GError) error = NULL;

  silence_unwanted (self, answer);
  g_autofree gchar *text = write_answer (self, answer, &error);
  WhipPeerAnswered answered = self->answered;

  if (text && is_silent (self, answer, "audio")) {
    g_clear_pointer (&text, g_free);
    g_set_error (&error, WHIP_ERROR, 422,
        "The offer's audio cannot be answered both ways.");
  }
  if (!text) {
    webrtc_peer_fail (self, error->code, error->message);
    return;
  }
  self->state = PEER_ANSWERED;
  self->own_candidates = list_candidates (text);
  g_mutex_lock (&self->lock);
  self->answer_time = g_get_monotonic_time () - self->offered_at;
  g_mutex_unlock (&self->lock);
  GST_DEBUG_OBJECT (self->element,
      "%s: answered after %" G_GINT64_FORMAT " ms, with %u candidates",
      self->id, (g_get_monotonic_time () - self->began) / 1000,
      count_lines (self->own_candidates));
  self->answered = NULL;
  answered (text, NULL, self->answered_user);
  /* It may have been quicker than we. */
  webrtc_peer_connected (self);
}

/* WHIP has no trickle from the server: the answer has all candidates. Gathering
 * never ends when ports run out, so it may be @late. */
void
webrtc_peer_check_gathering (WebrtcPeer *self, gboolean late)
{
  GstWebRTCSessionDescription *local = NULL;
  GstWebRTCICEGatheringState gathering;

  if (self->state != PEER_NEGOTIATING || !self->has_local)
    return;
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  g_object_get (webrtc, "ice-gathering-state", &gathering, NULL);
  if (gathering != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE && !late)
    return;
  g_object_get (webrtc, "local-description", &local, NULL);
  if (!local)
    return;
  reply (self, local->sdp);
  gst_webrtc_session_description_free (local);
}

/* ---- Steps */

static void
on_local (WebrtcPeer *self, const GstStructure *unused)
{
  self->has_local = TRUE;
  webrtc_peer_check_gathering (self, FALSE);
}

static void
on_answer (WebrtcPeer *self, const GstStructure *reply)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  GstWebRTCSessionDescription *answer = NULL;

  if (reply)
    gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
        &answer, NULL);
  if (!answer) {
    webrtc_peer_fail (self, 422, "The offer cannot be answered.");
    return;
  }
  g_signal_emit_by_name (webrtc, "set-local-description", answer,
      promise_new (self, on_local));
  gst_webrtc_session_description_free (answer);
}

static void
on_remote (WebrtcPeer *self, const GstStructure *unused)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);

  g_signal_emit_by_name (webrtc, "create-answer", NULL,
      promise_new (self, on_answer));
}

void
webrtc_peer_negotiate (WebrtcPeer *self)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  GstSDPMessage *sdp;

  gst_sdp_message_copy (whip_offer_get_message (self->offer), &sdp);
  GstWebRTCSessionDescription *offer =
      gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, sdp);
  g_signal_emit_by_name (webrtc, "set-remote-description", offer,
      promise_new (self, on_remote));
  gst_webrtc_session_description_free (offer);
}

/* ---- Formats: what line and offer have in common */

static gint
find_payload (WebrtcPeer *self, const gchar *media, GStrv encodings)
{
  for (guint i = 0; encodings[i]; i++) {
    gint payload = whip_offer_find_payload (self->offer, media, encodings[i]);
    if (payload >= 0)
      return payload;
  }
  return -1;
}

/* The payload type that the line will send, -1: none. The first sender that can
 * speaks, all others are silent. */
static gint
choose_speech (WebrtcPeer *self, const gchar *media)
{
  const GPtrArray *senders = webrtc_graph_get_senders (self->graph);
  gint spoken = -1;

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    if (strcmp (sender->media, media))
      continue;
    g_auto (GStrv) encodings = webrtc_sender_dup_encodings (sender);
    gint payload = spoken < 0 ? find_payload (self, media, encodings) : -1;
    sender->speaks = payload >= 0;
    if (!sender->speaks)
      continue;
    g_object_set (sender->payloader, "pt", (guint) payload, NULL);
    spoken = payload;
  }
  return spoken;
}

static gint
choose_hearing (WebrtcPeer *self, const gchar *media)
{
  const GPtrArray *receivers = webrtc_graph_get_receivers (self->graph);
  gint payload = -1;

  for (guint i = 0; i < receivers->len && payload < 0; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (receivers, i);
    g_auto (GStrv) encodings = webrtc_receiver_dup_encodings (receiver);
    if (!strcmp (receiver->media, media))
      payload = find_payload (self, media, encodings);
  }
  return payload;
}

/* FALSE: offer and line have nothing in common. */
static gboolean
choose_formats (WebrtcPeer *self)
{
  static const gchar *const kinds[] = { "audio", "video" };
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    gint heard = choose_hearing (self, kinds[i]);
    gint spoken = choose_speech (self, kinds[i]);
    whip_offer_restrict (self->offer, kinds[i], heard, spoken);
    any |= whip_offer_sends (self->offer, kinds[i]) ||
        whip_offer_receives (self->offer, kinds[i]);
  }
  return any;
}

static gchar *
describe_line (WebrtcPeer *self)
{
  const GPtrArray *senders = webrtc_graph_get_senders (self->graph);
  const GPtrArray *receivers = webrtc_graph_get_receivers (self->graph);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < senders->len; i++) {
    g_auto (GStrv) encodings =
        webrtc_sender_dup_encodings (g_ptr_array_index (senders, i));
    if (encodings[0])
      g_strv_builder_add (names, encodings[0]);
  }
  for (guint i = 0; !senders->len && i < receivers->len; i++) {
    g_auto (GStrv) encodings =
        webrtc_receiver_dup_encodings (g_ptr_array_index (receivers, i));
    if (encodings[0])
      g_strv_builder_add (names, encodings[0]);
  }
  g_auto (GStrv) list = g_strv_builder_end (names);
  return g_strjoinv (", ", list);
}

gboolean
webrtc_peer_check_formats (WebrtcPeer *self, GError **error)
{
  if (choose_formats (self))
    return TRUE;
  g_autofree gchar *formats = describe_line (self);
  g_set_error (error, WHIP_ERROR, 422,
      "The offer has no format in common with this line, which has: %s.",
      formats);
  return FALSE;
}
