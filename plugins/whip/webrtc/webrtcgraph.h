/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcbranches.h"
#include "line/whipconfig.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The webrtcbin of a line and what is around it, out to where media are raw:
 * depayloaders and decoders behind it, payloaders and encoders before it. A
 * webrtcbin serves one call; the graph replaces it for the next one and restarts
 * those elements, and nothing of the raw side notices. */
typedef struct _WebrtcGraph WebrtcGraph;

typedef enum
{
  WEBRTC_REPLACED,
  WEBRTC_LET_GO, /* closed down before: nothing was done, the old one is there */
  WEBRTC_IRREPLACEABLE, /* a new one cannot be made */
} WebrtcReplacement;

/* From threads of webrtcbin and streaming threads, but as said. */
typedef struct
{
  /* Of the user, for whatever calls these; unref() under locks of pads, too. */
  GBoxedCopyFunc ref;
  GDestroyNotify unref;
  WebrtcValveEvent event;
  /* A packet came / a decoded buffer is about to go: see GstPadProbeCallback. */
  GstPadProbeCallback packet, raw;
  /* Something about @webrtc changed: connection, ICE or gathering state. */
  void (*changed) (GstElement *webrtc, gpointer user);
  /* A data channel is made, and opens later. */
  void (*new_channel) (GstElement *webrtc, GObject *channel, gpointer user);
  void (*channel) (GstElement *webrtc, GObject *channel, gpointer user);
  /* An error in webrtcbin, which does not reach the application; @sctp: the data
   * channel's. */
  void (*broken) (GstElement *webrtc, gboolean sctp, const gchar *why,
      gpointer user);
} WebrtcGraphListener;

/* NULL->READY of @element: finds the webrtcbin beside it. NULL with
 * GST_RESOURCE_ERROR_SETTINGS. @config belongs to @user. */
WebrtcGraph *webrtc_graph_new (GstElement *element, const WhipConfig *config,
    const WebrtcGraphListener *listener, gpointer user, GError **error);
/* READY->NULL: lets go of webrtcbin, takes off probes and fakesinks. The last
 * reference may be held by a signal being emitted, or by who reads counters. */
void webrtc_graph_close_down (WebrtcGraph *self);
WebrtcGraph *webrtc_graph_ref (WebrtcGraph *self);
void webrtc_graph_unref (WebrtcGraph *self);

/* NULL once closed down. */
GstElement *webrtc_graph_dup_webrtc (WebrtcGraph *self);
/* Fixed from webrtc_graph_new() on. */
const WebrtcBranches *webrtc_graph_get_branches (WebrtcGraph *self);
/* The valves of those who speak; a pusher into any other one would be blocked for
 * the whole session. Takes no lock but the valves' own. */
void webrtc_graph_open (WebrtcGraph *self);
void webrtc_graph_close (WebrtcGraph *self);
/* Closed: until no pusher is inside, at most @timeout ms. */
gboolean webrtc_graph_wait (WebrtcGraph *self, guint timeout);

/* Any thread that may wait some 20 ms; valves closed. */
WebrtcReplacement webrtc_graph_replace (WebrtcGraph *self);
/* @pad is the boundary of a receiver of the medium that hears of calls: audio, video if
 * there is none. */
gboolean webrtc_graph_is_voice (WebrtcGraph *self, GstPad *pad);
/* Any thread, no stream under way: an event to all (or the voice's) receivers, past
 * the decoders; takes @event. */
/* FALSE: nobody took it. */
gboolean webrtc_graph_send (WebrtcGraph *self, GstEvent *event,
    gboolean voice_only);
/* Any thread, before anything passes: @event to the voice's receivers, behind a
 * stream's first events, which are made up where the decoder has had nothing to say
 * yet. FALSE: after @timeout ms somebody still held them all; takes @event. */
gboolean webrtc_graph_announce (WebrtcGraph *self, GstEvent *event,
    guint timeout);

G_END_DECLS
