/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Stands where raw media enter the encoded part of a line. Closed it drops, and
 * never blocks whoever pushes (a mixer, a media loop); open it passes on, and hides
 * flow errors of a webrtcbin that is being replaced from its pusher, who would stop
 * at them. */
typedef struct _WebrtcValve WebrtcValve;

/* Streaming thread; custom events and EOS, open or closed. */
typedef void (
    *WebrtcValveEvent) (WebrtcValve *valve, GstEvent *event, gpointer user);

/* On the src pad @pad. Takes @user; @free, which may be NULL, must not take the lock
 * of a pad. */
WebrtcValve *webrtc_valve_new (GstPad *pad, WebrtcValveEvent event,
    gpointer user, GDestroyNotify free);
/* From its pad, once: media pass freely then. Somebody may still be inside, who keeps
 * the valve. */
void webrtc_valve_remove (WebrtcValve *self);
void webrtc_valve_unref (gpointer valve);

GstPad *webrtc_valve_get_pad (WebrtcValve *self);
void webrtc_valve_open (WebrtcValve *self);
void webrtc_valve_close (WebrtcValve *self);
/* Closed: until nobody is inside any more, until @end (us, monotonic) at most. */
gboolean webrtc_valve_wait (WebrtcValve *self, gint64 end);
/* Buffers passed on since it was made, and how many of them were refused. */
void webrtc_valve_get_counts (WebrtcValve *self, guint *passed, guint *refused);

G_END_DECLS
