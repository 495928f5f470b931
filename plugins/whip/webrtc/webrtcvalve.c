/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Why not a valve element or a blocking probe: a blocked pusher stops a room, and
 * caps that reached webrtcbin before the offer's payload type was known would stay
 * with it (its answer would be recvonly). So caps stop here, stay on the pad as
 * sticky events, and are sent when the valve opens. */
#include "webrtcvalve.h"

struct _WebrtcValve
{
  gint ref_count; /* atomic; the owner's, and the probe's */

  /* Set when made, never changed. */
  GstPad *pad;
  gulong probe;
  WebrtcValveEvent event;
  gpointer user;
  GDestroyNotify free;

  GMutex lock; /* leaf; protects everything below */
  GCond left;
  gboolean is_open;
  gboolean replay; /* sticky events are still to be sent */
  guint inside;
  guint passed, refused;
};

static gboolean
send_sticky (GstPad *pad, GstEvent **event, gpointer peer)
{
  if (GST_EVENT_TYPE (*event) != GST_EVENT_EOS)
    gst_pad_send_event (peer, gst_event_ref (*event));
  return TRUE;
}

/* TRUE: the buffer may go on, and the caller is counted as inside. */
static gboolean
enter (WebrtcValve *self, gboolean *replay)
{
  g_mutex_lock (&self->lock);
  gboolean is_open = self->is_open;
  *replay = self->replay;
  self->replay &= !is_open;
  self->inside += is_open;
  self->passed += is_open;
  g_mutex_unlock (&self->lock);
  return is_open;
}

static void
leave (WebrtcValve *self, GstFlowReturn flow)
{
  g_mutex_lock (&self->lock);
  self->refused += flow != GST_FLOW_OK;
  if (--self->inside == 0)
    g_cond_broadcast (&self->left);
  g_mutex_unlock (&self->lock);
}

static GstPadProbeReturn
handle_media (WebrtcValve *self, GstPad *pad, GstPadProbeInfo *info)
{
  gboolean replay;

  if (!enter (self, &replay))
    return GST_PAD_PROBE_DROP;
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  GstFlowReturn flow = GST_FLOW_NOT_LINKED;
  if (peer && replay)
    gst_pad_sticky_events_foreach (pad, send_sticky, peer);
  if (!peer)
    gst_mini_object_unref (GST_MINI_OBJECT (info->data));
  else if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    flow = gst_pad_chain_list (peer, GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  else
    flow = gst_pad_chain (peer, GST_PAD_PROBE_INFO_BUFFER (info));
  leave (self, flow);
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_OK;
  return GST_PAD_PROBE_HANDLED;
}

static GstPadProbeReturn
handle_event (WebrtcValve *self, GstEvent *event)
{
  const GstEventType type = GST_EVENT_TYPE (event);

  if (type == GST_EVENT_EOS || type == GST_EVENT_CUSTOM_DOWNSTREAM ||
      type == GST_EVENT_CUSTOM_DOWNSTREAM_OOB)
    self->event (self, event, self->user);
  /* webrtcbin would say BYE and go on; whoever owns it ends the call. */
  if (type == GST_EVENT_EOS)
    return GST_PAD_PROBE_DROP;
  g_mutex_lock (&self->lock);
  gboolean pass = self->is_open && !self->replay;
  g_mutex_unlock (&self->lock);
  return pass ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn
on_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    return handle_event (data, GST_PAD_PROBE_INFO_EVENT (info));
  return handle_media (data, pad, info);
}

WebrtcValve *
webrtc_valve_new (GstPad *pad, WebrtcValveEvent event, gpointer user,
    GDestroyNotify free)
{
  WebrtcValve *self = g_new0 (WebrtcValve, 1);

  self->ref_count = 2;
  g_mutex_init (&self->lock);
  g_cond_init (&self->left);
  self->free = free;
  self->pad = gst_object_ref (pad);
  self->event = event;
  self->user = user;
  self->probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
          GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      on_probe, self, webrtc_valve_unref);
  return self;
}

void
webrtc_valve_remove (WebrtcValve *self)
{
  webrtc_valve_close (self);
  gst_pad_remove_probe (self->pad, self->probe);
}

/* Perhaps by the probe, under the pad's object lock. */
void
webrtc_valve_unref (gpointer valve)
{
  WebrtcValve *self = valve;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  if (self->free)
    self->free (self->user);
  gst_object_unref (self->pad);
  g_cond_clear (&self->left);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GstPad *
webrtc_valve_get_pad (WebrtcValve *self)
{
  return self->pad;
}

void
webrtc_valve_open (WebrtcValve *self)
{
  g_mutex_lock (&self->lock);
  self->replay |= !self->is_open;
  self->is_open = TRUE;
  g_mutex_unlock (&self->lock);
}

void
webrtc_valve_close (WebrtcValve *self)
{
  g_mutex_lock (&self->lock);
  self->is_open = FALSE;
  g_mutex_unlock (&self->lock);
}

gboolean
webrtc_valve_wait (WebrtcValve *self, gint64 end)
{
  g_mutex_lock (&self->lock);
  while (self->inside && g_cond_wait_until (&self->left, &self->lock, end))
    ;
  gboolean empty = !self->inside;
  g_mutex_unlock (&self->lock);
  return empty;
}

void
webrtc_valve_get_counts (WebrtcValve *self, guint *passed, guint *refused)
{
  g_mutex_lock (&self->lock);
  *passed += self->passed;
  *refused += self->refused;
  g_mutex_unlock (&self->lock);
}
