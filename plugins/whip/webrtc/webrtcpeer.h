/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipline.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A line for browsers: one session at a time over the webrtcbin of a pipeline, one
 * after the other. */
typedef struct _WebrtcPeer WebrtcPeer;

/* HTTP loop or a worker, without locks. */
typedef struct
{
  void (*session) (GstElement *element, const WhipSessionEvent *event);
  void (*failed) (GstElement *element, const GError *error);
} WebrtcPeerListener;

WebrtcPeer *webrtc_peer_new (GstElement *element,
    const WebrtcPeerListener *listener);
WebrtcPeer *webrtc_peer_ref (WebrtcPeer *self);
void webrtc_peer_unref (WebrtcPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebrtcPeer, webrtc_peer_unref)

/* ---- State changes of the element */

/* NULL->READY */
gboolean webrtc_peer_attach (WebrtcPeer *self, const WhipConfig *config,
    GError **error);
/* READY->PAUSED: a used webrtcbin is replaced, which may take a second. */
gboolean webrtc_peer_start (WebrtcPeer *self);
/* PAUSED->PLAYING and back. Back waits, at most 300 ms, until no pusher is in
 * webrtcbin any more: there, it would wait for ever. */
void webrtc_peer_set_playing (WebrtcPeer *self, gboolean playing);
/* PAUSED->READY: waits for a replacement under way, at most 3 s, 300 ms for the
 * line to hear of an end, and a second for the HTTP loop. */
void webrtc_peer_stop (WebrtcPeer *self);
/* READY->NULL */
void webrtc_peer_detach (WebrtcPeer *self);

/* Any thread: the call is hung up. FALSE: there is none. */
gboolean webrtc_peer_hang_up (WebrtcPeer *self);
/* Any thread: the call is hung up, and then the stream ends. */
void webrtc_peer_end_stream (WebrtcPeer *self);

/* Any thread: whether new calls are refused, by the whole address. */
void webrtc_peer_set_draining (WebrtcPeer *self, gboolean draining);
gboolean webrtc_peer_is_draining (gpointer self);

/* application/x-whip-stats; (transfer full) */
GstStructure *webrtc_peer_get_stats (WebrtcPeer *self);

/* Of a WebrtcPeer. */
extern const WhipPeerInterface webrtc_peer_interface;

G_END_DECLS
