/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtccounts.h"
#include "webrtcgraph.h"
#include "webrtcnegotiation.h"
#include "webrtcpeer.h"

#include "line/whiploop.h"
#include "logic/oaievents.h"

#include "common/event/gstvoiceevents.h"

G_BEGIN_DECLS

typedef enum
{
  PEER_OFF, /* not in PAUSED or above, or the stream has ended */
  PEER_FREE,
  PEER_NEGOTIATING,
  PEER_ANSWERED, /* not connected yet */
  PEER_CONNECTED,
  PEER_RESETTING, /* a worker replaces webrtcbin */
} PeerState;

/* More than any branch of the line lags behind another one, in events. */
#define WEBRTC_MOST_TOLD 64

/* The data channel "oai-events" of a session. */
typedef struct
{
  OaiEvents *oai;
  GPtrArray *early; /* JSON told before there was a channel */
  GObject *channel; /* GstWebRTCDataChannel */
  gulong close_handler;
  GQueue inputs; /* Input, which came before the call was up */
  guint channels; /* that were opened, of any name */
} WebrtcPeerData;

/* Of the line, and of this session or the last one. */
typedef struct
{
  guint sessions, failures;
  gint64 offered_at; /* us */
  gint64 answer_time, connect_time, first_audio; /* us after the offer */
  guint frames_in;
  WebrtcTotals totals; /* a second ago */
} WebrtcPeerStats;

struct _WebrtcPeer
{
  gint ref_count; /* atomic */

  /* Set when made, never changed. */
  GstElement *element; /* not owned; there from attach to detach */
  WebrtcPeerListener listener;
  IoLoop *loop;

  /* Set in NULL->READY, never changed before READY->NULL. */
  WhipConfig config;

  /* HTTP loop only: no lock. */
  PeerState state;
  WebrtcGraph *graph; /* a reference, in states other than PEER_OFF */
  guint resets; /* the number of the last one */
  gchar *id, *etag, *user_agent;
  guint restarts;
  gchar *remote_ufrag; /* since a restart of ICE; NULL: the offer's */
  gchar *own_candidates; /* lines of the answer */
  WhipOffer *offer;
  WebrtcNegotiation *negotiation; /* in PEER_NEGOTIATING */
  guint candidates; /* taken by PATCH */
  WhipPeerAnswered answered;
  gpointer answered_user;
  guint
      refused_with; /* HTTP status of the session's offer, 0: it was accepted */
  GSource *watch;
  gint64 began, changed_at; /* us, monotonic; of session and of last packet */
  guint first_packets, last_packets;
  guint told_ice, told_connection; /* states that were logged */
  WebrtcCounts counts;
  gint64 counted_at; /* us */
  WebrtcPeerData data;
  gint64 hang_up_at; /* us, 0 = not asked for */
  const gchar *hang_up_cause;
  gboolean hang_up_told;
  gboolean end_after, line_ended; /* the stream is to end / does */
  WhipPeerChanged changed; /* may be NULL */
  gpointer changed_user;

  /* Atomic. */
  gint verified; /* media may pass */
  gint announced; /* voice-call went out */
  gint packets; /* RTP that came */
  gint draining;

  /* Held while the RTP session is looked at; before @lock. */
  GMutex looking;

  /* Protects everything below; a leaf but for the valves' locks, which may be taken
   * under it. Who alone writes something reads it without: state changes `attached`,
   * the HTTP loop `from`. */
  GMutex lock;
  GCond idle;
  WebrtcGraph *attached; /* from NULL->READY to READY->NULL */
  gboolean stopping, used, working; /* the last: webrtcbin is being replaced */
  guint telling; /* workers that tell the line of an end */
  guint starts; /* how often it began */
  gboolean playing;
  gchar *call_id, *from,
      *call_agent; /* of the session, for streaming threads */
  GstVoiceCallBy ended_by; /* nobody: it is not over */
  gchar *end_cause; /* NULL: it is not over */
  WebrtcPeerStats stats;
  gboolean in_session, is_connected;
  guint32 told[WEBRTC_MOST_TOLD]; /* seqnums of events from the line, a ring */
  guint n_told;
};

/* webrtcpeeroffer.c; HTTP loop. */
/* Where nobody has answered yet. */
void webrtc_peer_refuse_offer (WebrtcPeer *self, gint status, const gchar *why);
/* webrtcpeer.c; HTTP loop. Of the source that looks at a session now and then. */
gboolean webrtc_peer_watch_session (gpointer peer);
/* webrtcpeer.c, webrtcpeeroffer.c, webrtcpeerpatch.c, webrtcpeerstate.c; HTTP loop. As
 * WhipPeerInterface has them. */
void webrtc_peer_offer (gpointer peer, WhipOffer *offer, const gchar *from,
    const gchar *user_agent, WhipPeerAnswered answered, gpointer user);
void webrtc_peer_end (gpointer peer, GstVoiceCallBy by, const gchar *cause);
gboolean webrtc_peer_patch (gpointer peer, const gchar *text, gsize size,
    gchar **reply, GError **error);
void webrtc_peer_watch (gpointer peer, WhipPeerChanged changed, gpointer user);
/* webrtcpeerchannel.c; HTTP loop. */
void webrtc_peer_begin_telling (WebrtcPeer *self);
void webrtc_peer_take_channel (WebrtcPeer *self, GObject *channel);
void webrtc_peer_drop_channel (WebrtcPeer *self);
/* webrtcbin's thread: what comes on @channel is kept from the first event on. */
void webrtc_peer_prepare_channel (WebrtcPeer *self, GObject *channel);
/* The call may be up by now, and with it who is to get them. */
void webrtc_peer_release_inputs (WebrtcPeer *self, gpointer unused);
void webrtc_peer_tell_channel (WebrtcPeer *self, const GstStructure *facts);

/* webrtcpeermedia.c; streaming threads. */
extern const WebrtcGraphListener webrtc_peer_graph_listener;

/* webrtcpeer.c; any thread. A function for the HTTP loop that holds a reference. */
typedef void (*WebrtcPeerFunc) (WebrtcPeer *self, gpointer data);
void webrtc_peer_invoke (WebrtcPeer *self, WebrtcPeerFunc func, gpointer data,
    GDestroyNotify destroy);
/* webrtcpeercall.c; HTTP loop. */
void webrtc_peer_connected (WebrtcPeer *self);
/* webrtcpeercall.c; any thread. */
GstEvent *webrtc_peer_make_call_event (WebrtcPeer *self,
    GstVoiceCallState state);
/* Of this session or the last one; "" before the first. */
gchar *webrtc_peer_dup_call_id (WebrtcPeer *self);
/* webrtcpeer.c; HTTP loop. */
void webrtc_peer_tell (WebrtcPeer *self, WhipSessionEvent event);
void webrtc_peer_end_session (WebrtcPeer *self, GstVoiceCallBy by,
    const gchar *cause, gboolean failure);
/* A worker makes the line ready again; @replace FALSE: webrtcbin was not used. */
void webrtc_peer_begin_reset (WebrtcPeer *self, gboolean replace);
/* A worker, or in a state change: the next webrtcbin. FALSE: there is none; that none
 * can be made is posted. */
gboolean webrtc_peer_replace (WebrtcPeer *self, WebrtcGraph *graph);
/* A worker: voice-call, if it was announced. */
void webrtc_peer_tell_ended (WebrtcPeer *self, WebrtcGraph *graph);
void webrtc_peer_fail (WebrtcPeer *self, gint status, const gchar *why);
/* In @delay ms, after the far end was told. */
void webrtc_peer_hang_up_after (WebrtcPeer *self, guint delay,
    const gchar *cause);
/* webrtcpeerstate.c; HTTP loop. */
void webrtc_peer_tell_changed (WebrtcPeer *self, gpointer unused);
/* webrtcpeerstate.c; any thread. */
WebrtcGraph *webrtc_peer_dup_graph (WebrtcPeer *self);
/* The lock held since @playing or @is_connected was written: whoever writes last
 * decides, so that no valve opens after the state change that closed it. */
void webrtc_peer_set_valves_unlocked (WebrtcPeer *self);
G_END_DECLS
