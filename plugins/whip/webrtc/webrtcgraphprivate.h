/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcgraph.h"

G_BEGIN_DECLS

/* What webrtcgraph.c (its life) and webrtcgraphevents.c share. */

struct _WebrtcGraph
{
  gint ref_count; /* atomic */

  /* Set when made, never changed. */
  GstElement *element; /* not owned */
  GWeakRef bin; /* which owns webrtcbin, whose handlers own us */
  const WhipConfig *config;
  WebrtcGraphListener listener;
  gpointer user;
  WebrtcBranches branches;

  GMutex lock; /* leaf; protects everything below */
  GstElement *webrtc; /* NULL once closed down */
  GPtrArray *fakesinks; /* on pads that nobody takes */
};

/* webrtcgraphevents.c; takes the stream's lock of @pad. FALSE: at @end (us, monotonic)
 * somebody still held it. */
gboolean webrtc_graph_hold (GstPad *pad, gint64 end);

G_END_DECLS
