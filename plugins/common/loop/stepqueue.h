/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <glib.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* What several threads decide, done in the order in which they decided it.
 *
 * A decision (something begins, something ends) is taken under the lock of its owner; what
 * follows from it calls others, and so is done without. In between another thread may
 * decide the opposite, and do that first. So whoever decides leaves a step here before it
 * gives up the lock, and calls step_queue_run() then: one thread at a time works off the
 * steps, one after the other, under no lock. Who finds another one at it leaves its steps
 * there; a step that is queued from within a step is done behind it, not inside. */
typedef struct _StepQueue StepQueue;

/* One step; no lock. */
typedef void (*StepFunc) (gpointer step, gpointer owner);

struct _StepQueue
{
  /* Set when made, never changed: read freely. */
  GMutex *lock; /* the owner's, not owned */
  StepFunc run;
  GDestroyNotify free; /* of a step; no lock */
  gpointer owner;

  /* The owner's lock protects everything below. */
  GQueue steps; /* still to be done */
  GThread *runner; /* who is at it, NULL = nobody */
  guint64 added, done; /* steps */
  guint n_waiting; /* for `progress` */
  GCond progress; /* a step was done */
};

void step_queue_init (StepQueue *self, GMutex *lock, StepFunc run,
    GDestroyNotify free, gpointer owner);
/* What is still to be done is dropped: nobody is at it or will be. */
void step_queue_clear (StepQueue *self);

/* ---- Lock held */

/* Takes @step; to be followed by step_queue_run() without the lock. */
void step_queue_add_unlocked (StepQueue *self, gpointer step);
gboolean step_queue_is_empty_unlocked (const StepQueue *self);

/* ---- Any thread, no lock */

/* Does all steps, or leaves them to the thread that is at it already. The owner must be
 * kept alive meanwhile. */
void step_queue_run (StepQueue *self);
/* The same, and waits at most @timeout ms until what was queued before is done. FALSE:
 * some of it is not; from within a step at once, which cannot wait for itself. */
gboolean step_queue_finish (StepQueue *self, guint timeout);

VOICE_API_END
G_END_DECLS
