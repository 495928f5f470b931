/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/frame/gstframesrc.h"

G_BEGIN_DECLS

/* The caller's frames that go back at once, on their way from the sink's thread to the
 * source's media loop, and the end behind them. Sinks play before sources, and a file has
 * no pace: what comes before the source plays waits for it. Lives in the source. */

/* Media loop thread. */
typedef void (*GstAiAgentLoopBackPush) (GstFrameSrc *src, gconstpointer data,
    gsize size, gint64 now);

typedef struct
{
  GstFrameSrc *src;
  GstAiAgentLoopBackPush push;

  GMutex
      lock; /* protects everything below; before those of the media loop's queue */
  gboolean playing;
  GByteArray *held;
  gboolean ended; /* behind what is held */
} GstAiAgentLoopBack;

void gst_aiagent_loop_back_init (GstAiAgentLoopBack *self, GstFrameSrc *src,
    GstAiAgentLoopBackPush push);
void gst_aiagent_loop_back_clear (GstAiAgentLoopBack *self);

/* All of these any thread. @live: it comes in its own time, and is lost if nobody plays. */
void gst_aiagent_loop_back_give (GstAiAgentLoopBack *self, gconstpointer data,
    gsize size, gboolean live);
void gst_aiagent_loop_back_end (GstAiAgentLoopBack *self);
void gst_aiagent_loop_back_set_playing (GstAiAgentLoopBack *self,
    gboolean playing);
/* What waits is given up. */
void gst_aiagent_loop_back_drop (GstAiAgentLoopBack *self);

G_END_DECLS
