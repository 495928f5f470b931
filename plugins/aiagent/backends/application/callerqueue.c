/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "callerqueue.h"

typedef struct
{
  GstBuffer *buffer;
  gboolean speaking;
  guint64 dialogue; /* that it is of */
} CallerPiece;

static void
piece_free (CallerPiece *piece)
{
  gst_buffer_unref (piece->buffer);
  g_free (piece);
}

void
caller_queue_init (CallerQueue *self, GObject *owner, CallerQueueFunc deliver)
{
  *self = (CallerQueue){ .owner = owner, .deliver = deliver, .gap = TRUE };
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
}

void
caller_queue_clear (CallerQueue *self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) piece_free);
  g_mutex_clear (&self->lock);
}

/* ---- Out */

/* NULL: there is none, and this thread is no longer at it. */
static CallerPiece *
pop (CallerQueue *self)
{
  g_mutex_lock (&self->lock);
  CallerPiece *piece = g_queue_pop_head (&self->waiting);
  if (piece) {
    self->duration -= GST_BUFFER_DURATION (piece->buffer);
    self->delivered++;
    if (self->gap)
      GST_BUFFER_FLAG_SET (piece->buffer, GST_BUFFER_FLAG_DISCONT);
    self->gap = FALSE;
  }
  self->busy = piece != NULL;
  g_mutex_unlock (&self->lock);
  return piece;
}

static void
deliver_all (gpointer data, gpointer unused)
{
  CallerQueue *self = data;
  g_autoptr (GObject) owner = self->owner; /* the reference of start() */
  CallerPiece *piece;

  while ((piece = pop (self))) {
    self->deliver (owner, piece->buffer, piece->speaking, piece->dialogue);
    piece_free (piece);
  }
}

/* As many threads as there are slow owners: none waits for another. */
static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool = NULL;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool,
        g_thread_pool_new (deliver_all, NULL, -1, FALSE, NULL));
  return pool;
}

static void
start (CallerQueue *self)
{
  g_object_ref (self->owner);
  g_thread_pool_push (get_pool (), self, NULL);
}

/* ---- In */

static void
drop_oldest_unlocked (CallerQueue *self)
{
  CallerPiece *piece = g_queue_pop_head (&self->waiting);

  self->duration -= GST_BUFFER_DURATION (piece->buffer);
  self->dropped++;
  self->gap = TRUE;
  piece_free (piece);
}

gboolean
caller_queue_push (CallerQueue *self, GstBuffer *buffer, gboolean speaking,
    guint64 dialogue, GstClockTime limit)
{
  CallerPiece *piece = g_new (CallerPiece, 1);
  gboolean full = FALSE;

  *piece = (CallerPiece){ buffer, speaking, dialogue };
  g_mutex_lock (&self->lock);
  self->duration += GST_BUFFER_DURATION (buffer);
  g_queue_push_tail (&self->waiting, piece);
  while (self->duration > limit && self->waiting.length > 1) {
    drop_oldest_unlocked (self);
    full = TRUE;
  }
  const gboolean idle = !self->busy;
  self->busy = TRUE;
  g_mutex_unlock (&self->lock);
  if (idle)
    start (self);
  return full;
}

void
caller_queue_flush (CallerQueue *self)
{
  GQueue left = G_QUEUE_INIT;

  g_mutex_lock (&self->lock);
  left = self->waiting;
  g_queue_init (&self->waiting);
  self->duration = 0;
  self->gap = TRUE;
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&left, (GDestroyNotify) piece_free);
}

gboolean
caller_queue_is_busy (CallerQueue *self)
{
  g_mutex_lock (&self->lock);
  const gboolean busy = self->busy;
  g_mutex_unlock (&self->lock);
  return busy;
}

void
caller_queue_get_counts (CallerQueue *self, guint64 *delivered,
    guint64 *dropped, GstClockTime *waiting)
{
  g_mutex_lock (&self->lock);
  *delivered = self->delivered;
  *dropped = self->dropped;
  *waiting = self->duration;
  g_mutex_unlock (&self->lock);
}
