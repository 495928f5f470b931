/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "stepqueue.h"

void
step_queue_init (StepQueue *self, GMutex *lock, StepFunc run,
    GDestroyNotify free, gpointer owner)
{
  *self = (StepQueue){ .lock = lock, .run = run, .free = free, .owner = owner };
  g_queue_init (&self->steps);
  g_cond_init (&self->progress);
}

void
step_queue_clear (StepQueue *self)
{
  g_queue_clear_full (&self->steps, self->free);
  g_cond_clear (&self->progress);
}

void
step_queue_add_unlocked (StepQueue *self, gpointer step)
{
  self->added++;
  g_queue_push_tail (&self->steps, step);
}

gboolean
step_queue_is_empty_unlocked (const StepQueue *self)
{
  return self->steps.length == 0;
}

static void
note_done_unlocked (StepQueue *self)
{
  self->done++;
  if (self->n_waiting)
    g_cond_broadcast (&self->progress);
}

static void
run_all_unlocked (StepQueue *self)
{
  gpointer step;

  self->runner = g_thread_self ();
  while ((step = g_queue_pop_head (&self->steps))) {
    g_mutex_unlock (self->lock);
    self->run (step, self->owner);
    self->free (step);
    g_mutex_lock (self->lock);
    note_done_unlocked (self);
  }
  self->runner = NULL;
}

void
step_queue_run (StepQueue *self)
{
  g_mutex_lock (self->lock);
  if (!self->runner)
    run_all_unlocked (self);
  g_mutex_unlock (self->lock);
}

gboolean
step_queue_finish (StepQueue *self, guint timeout)
{
  const gint64 until =
      g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (self->lock);
  const guint64 added = self->added;
  if (!self->runner)
    run_all_unlocked (self);
  self->n_waiting++;
  while (self->done < added && self->runner != g_thread_self () &&
      g_cond_wait_until (&self->progress, self->lock, until))
    ;
  self->n_waiting--;
  const gboolean done = self->done >= added;
  g_mutex_unlock (self->lock);
  return done;
}
