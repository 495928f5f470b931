/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "foreignthread.h"

struct _ForeignThread
{
  GThread *thread;
  GAsyncQueue *orders; /* the thread itself, for each thing to do */
  GFunc func; /* NULL: the end */
  gpointer data;
  gboolean (*waits) (gpointer data);
  gint busy; /* atomic */
};

static gpointer
run (gpointer data)
{
  ForeignThread *self = data;
  for (;;) {
    g_async_queue_pop (self->orders);
    if (!self->func)
      return NULL;
    self->func (self->data, self);
    g_atomic_int_set (&self->busy, FALSE);
  }
}

ForeignThread *
foreign_thread_new (void)
{
  ForeignThread *self = g_new0 (ForeignThread, 1);
  self->orders = g_async_queue_new ();
  self->thread = g_thread_new ("foreign", run, self);
  return self;
}

void
foreign_thread_free (ForeignThread *self)
{
  g_assert_false (g_atomic_int_get (&self->busy));
  self->func = NULL;
  g_async_queue_push (self->orders, self);
  g_thread_join (self->thread);
  g_async_queue_unref (self->orders);
  g_free (self);
}

gboolean
foreign_thread_settle (ForeignThread *self)
{
  while (g_atomic_int_get (&self->busy)) {
    if (self->waits && self->waits (self->data))
      return !g_atomic_int_get (&self->busy);
    g_thread_yield ();
  }
  return TRUE;
}

gboolean
foreign_thread_do (ForeignThread *self, GFunc func, gpointer data,
    gboolean (*waits) (gpointer data))
{
  g_assert_false (g_atomic_int_get (&self->busy));
  self->func = func;
  self->data = data;
  self->waits = waits;
  g_atomic_int_set (&self->busy, TRUE);
  g_async_queue_push (self->orders, self);
  return foreign_thread_settle (self);
}
