/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcgraph.h"

G_BEGIN_DECLS

/* What webrtcfind.c (what stands around webrtcbin) and webrtcgraph.c (its life) share. */

struct _WebrtcGraph
{
  gint ref_count; /* atomic */

  /* Set when made, never changed. */
  GstElement *element; /* not owned */
  GWeakRef bin; /* which owns webrtcbin, whose handlers own us */
  const WhipConfig *config;
  WebrtcGraphListener listener;
  gpointer user;
  GPtrArray *senders, *receivers;
  GPtrArray *encoded; /* GstElement between webrtcbin and the raw side */

  GMutex lock; /* leaf; protects everything below */
  GstElement *webrtc; /* NULL once closed down */
  GPtrArray *fakesinks; /* on pads that nobody takes */
};

/* webrtcfind.c, all in NULL->READY: NULL or FALSE with GST_RESOURCE_ERROR_SETTINGS. */
GstElement *webrtc_find_webrtcbin (WebrtcGraph *self, GError **error);
gboolean webrtc_find_senders (WebrtcGraph *self, GError **error);
gboolean webrtc_find_receivers (WebrtcGraph *self, GError **error);
void webrtc_sender_free (gpointer sender);
void webrtc_receiver_free (gpointer receiver);
/* For the next session; before the payloader starts. */
void webrtc_sender_choose_ssrc (WebrtcSender *sender);
/* @sink of webrtcbin learns what comes from @sender. */
void webrtc_sender_tell_formats (const WebrtcSender *sender, GstPad *sink);

/* webrtcgraphevents.c; takes the stream's lock of @pad. FALSE: at @end (us, monotonic)
 * somebody still held it. */
gboolean webrtc_graph_hold (GstPad *pad, gint64 end);

G_END_DECLS
