/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentloopback.h"

GST_DEBUG_CATEGORY_EXTERN (aiagentsrc_debug);
#define GST_CAT_DEFAULT aiagentsrc_debug

/* A minute at 8 kHz: changing state takes a part of a second. */
#define MAX_HELD (1 << 20)

void
gst_aiagent_loop_back_init (GstAiAgentLoopBack *self, GstFrameSrc *src,
    GstAiAgentLoopBackPush push)
{
  g_mutex_init (&self->lock);
  self->src = src;
  self->push = push;
  self->held = g_byte_array_new ();
}

void
gst_aiagent_loop_back_clear (GstAiAgentLoopBack *self)
{
  g_byte_array_unref (self->held);
  g_mutex_clear (&self->lock);
}

/* ---- To the media loop */

typedef struct
{
  GstAiAgentLoopBack *self; /* kept by its source */
  GBytes *frame; /* NULL: the end */
} Step;

static void
step_run (gpointer data)
{
  Step *step = data;
  GstFrameSrc *src = step->self->src;
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (src);
  gsize size;

  if (!step->frame) {
    gst_frame_src_queue_event (src, gst_event_new_eos ());
  } else if (loop) {
    gconstpointer bytes = g_bytes_get_data (step->frame, &size);
    step->self->push (src, bytes, size, media_loop_now (loop));
  }
}

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_pointer (&step->frame, g_bytes_unref);
  gst_object_unref (step->self->src);
  g_free (step);
}

/* Takes @frame. */
static void
invoke (GstAiAgentLoopBack *self, MediaLoop *loop, GBytes *frame)
{
  Step *step = g_new (Step, 1);

  gst_object_ref (self->src);
  *step = (Step){ self, frame };
  media_loop_invoke (loop, step_run, step, step_free);
}

/* ---- What comes */

static void
hold_unlocked (GstAiAgentLoopBack *self, gconstpointer data, gsize size)
{
  if (self->held->len + size <= MAX_HELD)
    g_byte_array_append (self->held, data, (guint) size);
  else
    GST_WARNING_OBJECT (self->src, "a frame comes long before this plays");
}

void
gst_aiagent_loop_back_give (GstAiAgentLoopBack *self, gconstpointer data,
    gsize size, gboolean live)
{
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (self->src);

  g_mutex_lock (&self->lock);
  const gboolean now = self->playing && loop && media_loop_is_current (loop);
  if (self->playing && loop && !now)
    invoke (self, loop, g_bytes_new (data, size));
  else if (!self->playing && !live)
    hold_unlocked (self, data, size);
  g_mutex_unlock (&self->lock);
  if (now)
    self->push (self->src, data, size, media_loop_now (loop));
}

void
gst_aiagent_loop_back_end (GstAiAgentLoopBack *self)
{
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (self->src);

  g_mutex_lock (&self->lock);
  self->ended = self->held->len > 0;
  const gboolean now = !self->ended && (!loop || media_loop_is_current (loop));
  if (!self->ended && !now)
    invoke (self, loop, NULL);
  g_mutex_unlock (&self->lock);
  if (now)
    gst_frame_src_queue_event (self->src, gst_event_new_eos ());
}

/* Under the lock: what comes next comes behind. */
static void
release_unlocked (GstAiAgentLoopBack *self, MediaLoop *loop)
{
  invoke (self, loop, g_bytes_new (self->held->data, self->held->len));
  g_byte_array_set_size (self->held, 0);
  if (self->ended)
    invoke (self, loop, NULL);
  self->ended = FALSE;
}

void
gst_aiagent_loop_back_set_playing (GstAiAgentLoopBack *self, gboolean playing)
{
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (self->src);

  g_mutex_lock (&self->lock);
  self->playing = playing;
  if (playing && loop && self->held->len > 0)
    release_unlocked (self, loop);
  g_mutex_unlock (&self->lock);
}

void
gst_aiagent_loop_back_drop (GstAiAgentLoopBack *self)
{
  g_mutex_lock (&self->lock);
  g_byte_array_set_size (self->held, 0);
  self->ended = FALSE;
  g_mutex_unlock (&self->lock);
}
