/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the line is told past the decoders. */
#include "webrtcgraphprivate.h"

#include <string.h>

/* The medium whose receivers hear of calls: video if there is no audio. */
static const gchar *
get_voice (WebrtcGraph *self)
{
  for (guint i = 0; i < self->branches.receivers->len; i++) {
    const WebrtcReceiver *receiver =
        g_ptr_array_index (self->branches.receivers, i);
    if (!strcmp (receiver->media, "audio"))
      return "audio";
  }
  return "video";
}

gboolean
webrtc_graph_is_voice (WebrtcGraph *self, GstPad *pad)
{
  const gchar *voice = get_voice (self);

  for (guint i = 0; i < self->branches.receivers->len; i++) {
    const WebrtcReceiver *receiver =
        g_ptr_array_index (self->branches.receivers, i);
    if (receiver->boundary == pad)
      return !strcmp (receiver->media, voice);
  }
  return FALSE;
}

gboolean
webrtc_graph_send (WebrtcGraph *self, GstEvent *event, gboolean voice_only)
{
  const gchar *voice = get_voice (self);
  gboolean taken = FALSE;

  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    g_autoptr (GstPad) peer = gst_pad_get_peer (receiver->boundary);
    if (peer && (!voice_only || !strcmp (receiver->media, voice)))
      taken |= gst_pad_send_event (peer, gst_event_ref (event));
  }
  gst_event_unref (event);
  return taken;
}

/* Each packet passes in less than a millisecond, so a stream that is never free for
 * longer is held by somebody downstream. */
gboolean
webrtc_graph_hold (GstPad *pad, gint64 end)
{
  while (!GST_PAD_STREAM_TRYLOCK (pad)) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    g_usleep (500);
  }
  return TRUE;
}

/* ---- A stream that has not begun */

static gboolean
has_sticky (GstPad *pad, GstEventType type)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, type, 0);

  return event != NULL;
}

static void
begin_stream (GstPad *peer)
{
  g_autofree gchar *id = g_strdup_printf ("webrtc-%08x", g_random_int ());
  GstEvent *start = gst_event_new_stream_start (id);

  gst_event_set_group_id (start, gst_util_group_id_next ());
  gst_pad_send_event (peer, start);
}

/* As the decoder will choose: its own best that downstream takes. */
static void
tell_format (GstPad *boundary, GstPad *peer)
{
  GstCaps *caps = gst_pad_get_allowed_caps (boundary);
  GstSegment segment;

  if (!caps || gst_caps_is_any (caps) || gst_caps_is_empty (caps)) {
    gst_clear_caps (&caps);
    return;
  }
  caps = gst_caps_fixate (caps);
  gst_pad_send_event (peer, gst_event_new_caps (caps));
  gst_caps_unref (caps);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_send_event (peer, gst_event_new_segment (&segment));
}

static void
announce (WebrtcReceiver *receiver, GstPad *peer, GstEvent *event)
{
  const gboolean audio = !strcmp (receiver->media, "audio");

  if (audio && !has_sticky (peer, GST_EVENT_STREAM_START))
    begin_stream (peer);
  if (audio && !has_sticky (peer, GST_EVENT_CAPS))
    tell_format (receiver->boundary, peer);
  gst_pad_send_event (peer, gst_event_ref (event));
}

/* The stream's lock is held so that the decoder does not tell the same meanwhile. */
gboolean
webrtc_graph_announce (WebrtcGraph *self, GstEvent *event, guint timeout)
{
  const gint64 end = g_get_monotonic_time () + timeout * (gint64) 1000;
  const gchar *voice = get_voice (self);
  guint told = 0, held = 0;

  for (guint i = 0; i < self->branches.receivers->len; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (self->branches.receivers, i);
    g_autoptr (GstPad) peer = gst_pad_get_peer (receiver->boundary);
    if (!peer || strcmp (receiver->media, voice))
      continue;
    if (!webrtc_graph_hold (peer, end)) {
      held++;
      continue;
    }
    announce (receiver, peer, event);
    GST_PAD_STREAM_UNLOCK (peer);
    told++;
  }
  gst_event_unref (event);
  return told || !held;
}
