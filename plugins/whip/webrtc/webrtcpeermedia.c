/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What passes between webrtcbin and the raw side, on streaming threads and threads
 * of webrtcbin. */

#include "webrtcpeerprivate.h"

#include "line/whiplog.h"

#include <string.h>

/* ---- Towards the line */

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  WebrtcPeer *self = data;

  g_atomic_int_inc (&self->packets);
  return GST_PAD_PROBE_OK;
}

/* Where its end will be heard, too: not among pictures beside a voice. */
static gboolean
hears_of_calls (WebrtcPeer *self, GstPad *pad)
{
  WebrtcGraph *graph = webrtc_peer_dup_graph (self);
  gboolean hears = graph && webrtc_graph_is_voice (graph, pad);

  g_clear_pointer (&graph, webrtc_graph_unref);
  return hears;
}

static void
announce (WebrtcPeer *self, GstPad *pad)
{
  gst_pad_push_event (pad,
      webrtc_peer_make_call_event (self, GST_VOICE_CALL_ANSWERED));
  webrtc_peer_invoke (self, webrtc_peer_release_inputs, NULL, NULL);
}

/* Nothing passes before the certificate was compared; the call goes ahead of its
 * first sound. */
static GstPadProbeReturn
on_raw (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  WebrtcPeer *self = data;

  if (!g_atomic_int_get (&self->verified))
    return GST_PAD_PROBE_DROP;
  g_mutex_lock (&self->lock);
  self->stats.frames_in++;
  if (!self->stats.first_audio)
    self->stats.first_audio = g_get_monotonic_time () - self->stats.offered_at;
  g_mutex_unlock (&self->lock);
  if (!g_atomic_int_get (&self->announced) && hears_of_calls (self, pad) &&
      g_atomic_int_compare_and_exchange (&self->announced, FALSE, TRUE))
    announce (self, pad);
  return GST_PAD_PROBE_OK;
}

/* ---- From the line */

/* Meanwhile it may be the next call. */
static void
hang_up (WebrtcPeer *self, gpointer call_id)
{
  if (!g_strcmp0 (self->id, call_id))
    webrtc_peer_hang_up_after (self, self->config.hang_up_delay,
        "The agent hung up.");
}

static void
answer_control (WebrtcValve *valve, const GstVoiceControl *control,
    const gchar *result, const gchar *reason)
{
  const GstVoiceControlResult answer = { control->action, control->id, result,
    reason };

  gst_pad_send_event (webrtc_valve_get_pad (valve),
      gst_voice_control_result_event_new (&answer));
}

static void
handle_control (WebrtcPeer *self, WebrtcValve *valve,
    const GstVoiceControl *control)
{
  g_autofree gchar *call_id = webrtc_peer_dup_call_id (self);
  g_mutex_lock (&self->lock);
  gboolean up = self->is_connected;
  g_mutex_unlock (&self->lock);
  gboolean mine = !control->to || !g_strcmp0 (control->to, call_id);
  GST_DEBUG_OBJECT (self->element, "%s: the line asks for %s%s", call_id,
      gst_voice_control_action_to_string (control->action),
      mine ? "" : " of another call");
  if (!mine)
    return;
  if (control->action != GST_VOICE_CONTROL_HANG_UP) {
    answer_control (valve, control, "unsupported",
        "A browser cannot do that: it has no line to transfer, to hold or to "
        "dial on.");
    return;
  }
  answer_control (valve, control, up ? "accepted" : "failed",
      up ? NULL : "There is no call.");
  if (up)
    webrtc_peer_invoke (self, hang_up, g_steal_pointer (&call_id), g_free);
}

static void
tell_channel (WebrtcPeer *self, gpointer facts)
{
  webrtc_peer_tell_channel (self, facts);
}

/* A line that forks, for a picture say, brings the same event by each branch. */
static gboolean
is_told (WebrtcPeer *self, guint32 seqnum)
{
  gboolean told = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < MIN (self->n_told, WEBRTC_MOST_TOLD) && !told; i++)
    told = self->told[i] == seqnum;
  if (!told)
    self->told[self->n_told++ % WEBRTC_MOST_TOLD] = seqnum;
  g_mutex_unlock (&self->lock);
  return told;
}

static void
on_event (WebrtcValve *valve, GstEvent *event, gpointer user)
{
  WebrtcPeer *self = user;
  const GstStructure *facts;
  GstVoiceControl control;

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    webrtc_peer_end_stream (self);
  else if (is_told (self, gst_event_get_seqnum (event)))
    return;
  else if (gst_voice_control_event_parse (event, &control))
    handle_control (self, valve, &control);
  else if (gst_voice_event_parse (event, &facts))
    webrtc_peer_invoke (self, tell_channel, gst_structure_copy (facts),
        (GDestroyNotify) gst_structure_free);
}

/* ---- From webrtcbin */

/* Not one that was replaced, or is being. */
static gboolean
is_current (WebrtcPeer *self, gpointer webrtc)
{
  WebrtcGraph *graph = webrtc_peer_dup_graph (self);

  if (!graph)
    return FALSE;
  g_autoptr (GstElement) current = webrtc_graph_dup_webrtc (graph);
  webrtc_graph_unref (graph);
  return current == webrtc;
}

/* webrtcbin changes in READY, too, when there is no graph here any more. */
static void
look (WebrtcPeer *self, gpointer webrtc)
{
  if (!self->graph || !is_current (self, webrtc))
    return;
  if (self->negotiation)
    webrtc_negotiation_look (self->negotiation, FALSE);
  webrtc_peer_connected (self);
}

static void
on_changed (GstElement *webrtc, gpointer user)
{
  webrtc_peer_invoke (user, look, gst_object_ref (webrtc), gst_object_unref);
}

typedef struct
{
  GstElement *webrtc;
  GObject *channel;
} NewChannel;

static void
new_channel_free (gpointer data)
{
  NewChannel *self = data;

  gst_object_unref (self->webrtc);
  g_object_unref (self->channel);
  g_free (self);
}

static void
take_channel (WebrtcPeer *self, gpointer data)
{
  NewChannel *new = data;

  if (is_current (self, new->webrtc))
    webrtc_peer_take_channel (self, new->channel);
}

static void
on_channel (GstElement *webrtc, GObject *channel, gpointer user)
{
  NewChannel *new = g_new (NewChannel, 1);

  *new = (NewChannel){ gst_object_ref (webrtc), g_object_ref (channel) };
  webrtc_peer_invoke (user, take_channel, new, new_channel_free);
}

static void
on_new_channel (GstElement *webrtc, GObject *channel, gpointer user)
{
  webrtc_peer_prepare_channel (user, channel);
}

static void
end_closed (WebrtcPeer *self, gpointer webrtc)
{
  if (is_current (self, webrtc))
    webrtc_peer_end (self, GST_VOICE_CALL_BY_PEER,
        "The browser closed the call.");
}

static void
end_broken (WebrtcPeer *self, gpointer webrtc)
{
  if (is_current (self, webrtc))
    webrtc_peer_end (self, GST_VOICE_CALL_BY_NETWORK,
        "The connection to the browser broke.");
}

static void
on_broken (GstElement *webrtc, gboolean sctp, const gchar *why, gpointer user)
{
  g_autofree gchar *id = webrtc_peer_dup_call_id (user);

  GST_DEBUG_OBJECT (webrtc, "%s: %s", id, why);
  webrtc_peer_invoke (user, sctp ? end_closed : end_broken,
      gst_object_ref (webrtc), gst_object_unref);
}

const WebrtcGraphListener webrtc_peer_graph_listener = {
  .ref = (GBoxedCopyFunc) webrtc_peer_ref,
  .unref = (GDestroyNotify) webrtc_peer_unref,
  .event = on_event,
  .packet = on_packet,
  .raw = on_raw,
  .changed = on_changed,
  .new_channel = on_new_channel,
  .channel = on_channel,
  .broken = on_broken,
};
