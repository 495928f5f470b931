/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipconfig.h"
#include "sdp/whipoffer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A line for browsers: one session at a time over the webrtcbin of a pipeline, one
 * after the other. */
typedef struct _WebrtcPeer WebrtcPeer;

typedef enum
{
  WEBRTC_SESSION_CONNECTING, /* an offer was accepted */
  WEBRTC_SESSION_CONNECTED, /* encrypted, the certificate is the offered one */
  WEBRTC_SESSION_ENDED,
  WEBRTC_SESSION_REFUSED, /* an offer never became a session: without an id */
} WebrtcSessionState;

typedef enum
{
  WEBRTC_BY_US,
  WEBRTC_BY_PEER,
  WEBRTC_BY_NETWORK,
} WebrtcBy;

typedef struct
{
  WebrtcSessionState state;
  const gchar *id, *from, *user_agent;
  WebrtcBy by; /* ENDED */
  const gchar *cause; /* ENDED, REFUSED; for a person */
  gboolean is_failure; /* ENDED: it never was a call */
  /* REFUSED: */
  const gchar *line; /* that was called, NULL: any */
  const gchar *address; /* "host:port" that it came from */
  const gchar *transport; /* "http", "https" */
  guint http_status;
  guint untold; /* others before it that were only counted */
} WebrtcSessionEvent;

/* HTTP loop or a worker, without locks. */
typedef struct
{
  void (*session) (GstElement *element, const WebrtcSessionEvent *event);
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
/* READY->PAUSED: a used webrtcbin is replaced. */
gboolean webrtc_peer_start (WebrtcPeer *self);
/* PAUSED->PLAYING and back. Back waits, at most 300 ms, until no pusher is in
 * webrtcbin any more: there, it would wait for ever. */
void webrtc_peer_set_playing (WebrtcPeer *self, gboolean playing);
/* PAUSED->READY: waits for a replacement under way. */
void webrtc_peer_stop (WebrtcPeer *self);
/* READY->NULL */
void webrtc_peer_detach (WebrtcPeer *self);

/* Any thread: the call is hung up. FALSE: there is none. */
gboolean webrtc_peer_hang_up (WebrtcPeer *self);
/* Any thread: the call is hung up, and then the stream ends. */
void webrtc_peer_end_stream (WebrtcPeer *self);

/* Any thread: whether new calls are refused, by the whole address (`draining`). */
void webrtc_peer_set_draining (WebrtcPeer *self, gboolean draining);
gboolean webrtc_peer_is_draining (WebrtcPeer *self);

/* application/x-whip-stats; (transfer full) */
GstStructure *webrtc_peer_get_stats (WebrtcPeer *self);

/* ---- HTTP loop */

/* It is free, or drains, or does not any more. NULL: nobody wants to know. */
typedef void (*WebrtcPeerChanged) (gpointer user);
void webrtc_peer_watch (WebrtcPeer *self, WebrtcPeerChanged changed,
    gpointer user);

gboolean webrtc_peer_is_free (WebrtcPeer *self);
/* TRUE: it will be free in a moment. */
gboolean webrtc_peer_is_resetting (WebrtcPeer *self);
/* NULL: no session. */
const gchar *webrtc_peer_get_id (WebrtcPeer *self);
/* Quoted, of the ICE session. */
const gchar *webrtc_peer_get_etag (WebrtcPeer *self);

/* What became of an offer: @answer, or @error with a WHIP_ERROR. Called once. */
typedef void (*WebrtcPeerAnswered) (const gchar *answer, const GError *error,
    gpointer user);

/* A free peer gets @offer. @from: address of the far end, may be NULL. */
void webrtc_peer_offer (WebrtcPeer *self, WhipOffer *offer, const gchar *from,
    const gchar *user_agent, WebrtcPeerAnswered answered, gpointer user);
/* A fragment of trickle ICE. FALSE with WHIP_ERROR. A restart of ICE gives the
 * fragment that answers it in @reply ((transfer full)), else NULL. */
gboolean webrtc_peer_patch (WebrtcPeer *self, const gchar *text, gsize size,
    gchar **reply, GError **error);
void webrtc_peer_end (WebrtcPeer *self, WebrtcBy by, const gchar *cause);
/* Whatever session there is: @event is told for the whole address. */
void webrtc_peer_tell_refused (WebrtcPeer *self,
    const WebrtcSessionEvent *event);

G_END_DECLS
