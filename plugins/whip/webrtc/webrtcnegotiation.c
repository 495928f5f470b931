/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* webrtcbin works in a thread of its own and says by promise when it is done; each
 * step comes back to the HTTP loop, and is dropped if all is over by then. */

#define GST_USE_UNSTABLE_API
#include "webrtcnegotiation.h"

#include "line/whiplog.h"
#include "line/whiploop.h"
#include "logic/whipresource.h"
#include "sdp/whipanswer.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

struct _WebrtcNegotiation
{
  gint ref_count; /* atomic */

  /* Set when made, never changed. */
  WebrtcGraph *graph;
  WhipOffer *offer;
  gchar *external_address, *id;
  gpointer user;

  /* HTTP loop only: no lock. */
  WebrtcNegotiated done; /* NULL: it is over */
  gboolean has_local; /* the local description is set */
};

typedef void (*Step) (WebrtcNegotiation *self, const GstStructure *reply);

typedef struct
{
  WebrtcNegotiation *negotiation;
  Step step;
  GstPromise *promise; /* replied */
} Promise;

static void
unref (WebrtcNegotiation *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  webrtc_graph_unref (self->graph);
  whip_offer_unref (self->offer);
  g_free (self->external_address);
  g_free (self->id);
  g_free (self);
}

static void
tell (WebrtcNegotiation *self, const gchar *answer, const GError *error)
{
  WebrtcNegotiated done = self->done;

  self->done = NULL;
  done (answer, error, self->user);
}

static void
fail (WebrtcNegotiation *self)
{
  g_autoptr (GError) error =
      g_error_new (WHIP_ERROR, 422, "The offer cannot be answered.");

  tell (self, NULL, error);
}

/* ---- Promises */

static void
promise_free (gpointer data)
{
  Promise *self = data;

  gst_promise_unref (self->promise);
  unref (self->negotiation);
  g_free (self);
}

/* A closed webrtcbin does not reply, or says so in "error". */
static void
run_step (gpointer data)
{
  Promise *self = data;
  WebrtcNegotiation *negotiation = self->negotiation;
  g_autoptr (GError) error = NULL;

  if (!negotiation->done)
    return;
  const GstStructure *reply =
      gst_promise_wait (self->promise) == GST_PROMISE_RESULT_REPLIED
      ? gst_promise_get_reply (self->promise)
      : NULL;
  if (reply && gst_structure_has_field (reply, "error"))
    gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
  if (error) {
    g_autoptr (GstElement) webrtc =
        webrtc_graph_dup_webrtc (negotiation->graph);
    GST_WARNING_OBJECT (webrtc, "%s: webrtcbin: %s", negotiation->id,
        error->message);
    fail (negotiation);
    return;
  }
  self->step (negotiation, reply);
}

/* webrtcbin's thread. */
static void
on_promise (GstPromise *promise, gpointer data)
{
  Promise *self = data;

  self->promise = promise;
  io_loop_invoke (whip_loop_get (), run_step, self, promise_free);
}

static GstPromise *
promise_new (WebrtcNegotiation *negotiation, Step step)
{
  Promise *self = g_new0 (Promise, 1);

  g_atomic_int_inc (&negotiation->ref_count);
  self->negotiation = negotiation;
  self->step = step;
  return gst_promise_new_with_change_func (on_promise, self, NULL);
}

/* ---- The answer is complete */

/* The first @media section that we would speak in, and do not. */
static gboolean
is_silent (WebrtcNegotiation *self, const GstSDPMessage *answer,
    const gchar *media)
{
  const GPtrArray *senders = webrtc_graph_get_branches (self->graph)->senders;

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
silence_unwanted (WebrtcNegotiation *self, const GstSDPMessage *answer)
{
  const GPtrArray *senders = webrtc_graph_get_branches (self->graph)->senders;

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    sender->speaks &= whip_offer_receives (self->offer, sender->media) &&
        whip_answer_sends (answer, sender->media);
  }
}

static gchar *
write_answer (WebrtcNegotiation *self, const GstSDPMessage *answer,
    GError **error)
{
  const GPtrArray *senders = webrtc_graph_get_branches (self->graph)->senders;
  g_autofree WhipStream *streams = g_new0 (WhipStream, senders->len);
  guint n = 0;

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    if (sender->speaks && sender->ssrc)
      streams[n++] = (WhipStream){ sender->media, sender->ssrc };
  }
  const WhipOwn own = { self->external_address, streams, n,
    webrtc_branches_read_fec (webrtc_graph_get_branches (self->graph)) };
  return whip_offer_write_answer (self->offer, answer, &own, error);
}

static void
finish (WebrtcNegotiation *self, const GstSDPMessage *answer)
{
  g_autoptr (GError) error = NULL;

  silence_unwanted (self, answer);
  g_autofree gchar *text = write_answer (self, answer, &error);
  if (text && is_silent (self, answer, "audio")) {
    g_clear_pointer (&text, g_free);
    g_set_error (&error, WHIP_ERROR, 422,
        "The offer's audio cannot be answered both ways.");
  }
  tell (self, text, error);
}

void
webrtc_negotiation_look (WebrtcNegotiation *self, gboolean late)
{
  GstWebRTCSessionDescription *local = NULL;
  GstWebRTCICEGatheringState gathering;

  if (!self->done || !self->has_local)
    return;
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  g_object_get (webrtc, "ice-gathering-state", &gathering, NULL);
  if (gathering != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE && !late)
    return;
  g_object_get (webrtc, "local-description", &local, NULL);
  if (!local)
    return;
  finish (self, local->sdp);
  gst_webrtc_session_description_free (local);
}

/* ---- Steps */

static void
on_local (WebrtcNegotiation *self, const GstStructure *unused)
{
  self->has_local = TRUE;
  webrtc_negotiation_look (self, FALSE);
}

static void
on_answer (WebrtcNegotiation *self, const GstStructure *reply)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);
  GstWebRTCSessionDescription *answer = NULL;

  if (reply)
    gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
        &answer, NULL);
  if (!answer) {
    fail (self);
    return;
  }
  g_signal_emit_by_name (webrtc, "set-local-description", answer,
      promise_new (self, on_local));
  gst_webrtc_session_description_free (answer);
}

static void
on_remote (WebrtcNegotiation *self, const GstStructure *unused)
{
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);

  g_signal_emit_by_name (webrtc, "create-answer", NULL,
      promise_new (self, on_answer));
}

static void
begin (WebrtcNegotiation *self)
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

/* ---- Life */

WebrtcNegotiation *
webrtc_negotiation_begin (WebrtcGraph *graph, WhipOffer *offer,
    const gchar *external_address, const gchar *id, WebrtcNegotiated done,
    gpointer user)
{
  WebrtcNegotiation *self = g_new0 (WebrtcNegotiation, 1);

  self->ref_count = 1;
  self->graph = webrtc_graph_ref (graph);
  self->offer = whip_offer_ref (offer);
  self->external_address = g_strdup (external_address);
  self->id = g_strdup (id);
  self->done = done;
  self->user = user;
  begin (self);
  return self;
}

void
webrtc_negotiation_end (WebrtcNegotiation *self)
{
  self->done = NULL;
  unref (self);
}
