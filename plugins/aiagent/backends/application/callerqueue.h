/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The caller's audio on its way to somebody who may be slow: buffers go in on a media
 * thread, which never waits, and out on one that may, in order and one at a time. What
 * waits longer than it may is dropped, the oldest first.
 *
 * The threads are of a pool for all: one that nobody keeps busy serves the next. */

/* On a thread of the pool. */
typedef void (*CallerQueueFunc) (GObject *owner, GstBuffer *buffer,
    gboolean speaking, guint64 dialogue);

typedef struct
{
  /* Set when made, never changed: read freely. */
  GObject
      *owner; /* that this is a part of; kept alive while a thread is at it */
  CallerQueueFunc deliver;

  GMutex lock; /* leaf; protects everything below */
  GQueue waiting; /* CallerPiece */
  GstClockTime duration; /* of those */
  gboolean busy; /* a thread is at it */
  gboolean gap; /* the next buffer does not follow the last one */
  guint64 delivered, dropped; /* buffers, ever */
} CallerQueue;

void caller_queue_init (CallerQueue *self, GObject *owner,
    CallerQueueFunc deliver);
void caller_queue_clear (CallerQueue *self);

/* ---- Any thread; never wait */

/* Takes @buffer, which has a duration. What waits is @limit at most; TRUE: something was
 * dropped for that. */
gboolean caller_queue_push (CallerQueue *self, GstBuffer *buffer,
    gboolean speaking, guint64 dialogue, GstClockTime limit);
/* What has not been delivered is not; nor is it counted. */
void caller_queue_flush (CallerQueue *self);
/* Something waits, or is being delivered. */
gboolean caller_queue_is_busy (CallerQueue *self);
void caller_queue_get_counts (CallerQueue *self, guint64 *delivered,
    guint64 *dropped, GstClockTime *waiting);

G_END_DECLS
