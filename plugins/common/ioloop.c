/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The thread runs the context until its last reference is gone. A reference
 * held by nobody else than the thread itself does not exist: the thread is told
 * to quit by the last unref, and frees the struct when its main loop returned, so
 * that the last reference may be dropped on the thread too. */

#include "ioloop.h"

struct _IoLoop
{
  /* Set when made, never changed: read freely. */
  gchar *name;
  GMainContext *context;
  GMainLoop *main_loop;
  GThread *thread;

  gint ref_count; /* under loops_lock */
};

static GMutex loops_lock; /* leaf; protects the table and every ref_count */
static GHashTable *loops; /* name -> IoLoop, borrowed */

static void
io_loop_free (IoLoop *self)
{
  g_main_loop_unref (self->main_loop);
  g_main_context_unref (self->context);
  g_free (self->name);
  g_free (self);
}

static gpointer
io_loop_run (gpointer data)
{
  IoLoop *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->main_loop);
  /* What was invoked before the end still runs. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  io_loop_free (self);
  return NULL;
}

static IoLoop *
io_loop_new_unlocked (const gchar *name)
{
  IoLoop *self = g_new0 (IoLoop, 1);

  self->name = g_strdup (name);
  self->ref_count = 1;
  self->context = g_main_context_new ();
  self->main_loop = g_main_loop_new (self->context, FALSE);
  g_autofree gchar *thread_name = g_strdup_printf ("voice-%s", name);
  self->thread = g_thread_new (thread_name, io_loop_run, self);
  g_hash_table_insert (loops, self->name, self);
  return self;
}

IoLoop *
io_loop_acquire (const gchar *name)
{
  g_mutex_lock (&loops_lock);
  if (!loops)
    loops = g_hash_table_new (g_str_hash, g_str_equal);
  IoLoop *self = g_hash_table_lookup (loops, name);
  if (self)
    self->ref_count++;
  else
    self = io_loop_new_unlocked (name);
  g_mutex_unlock (&loops_lock);
  return self;
}

IoLoop *
io_loop_ref (IoLoop *self)
{
  g_mutex_lock (&loops_lock);
  self->ref_count++;
  g_mutex_unlock (&loops_lock);
  return self;
}

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
io_loop_unref (IoLoop *self)
{
  g_mutex_lock (&loops_lock);
  gboolean last = --self->ref_count == 0;
  if (last)
    g_hash_table_remove (loops, self->name);
  g_mutex_unlock (&loops_lock);
  if (!last)
    return;

  gboolean own = io_loop_is_current (self);
  GThread *thread = self->thread;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_callback (source, quit, self->main_loop, NULL);
  g_source_attach (source, self->context);
  if (own)
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}

GMainContext *
io_loop_get_context (IoLoop *self)
{
  return self->context;
}

gboolean
io_loop_is_current (IoLoop *self)
{
  return g_thread_self () == self->thread;
}

/* ---- Calls from other threads */

typedef struct
{
  GSourceOnceFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Invocation;

static gboolean
invocation_run (gpointer data)
{
  Invocation *invocation = data;

  invocation->func (invocation->data);
  return G_SOURCE_REMOVE;
}

static void
invocation_free (gpointer data)
{
  Invocation *invocation = data;

  if (invocation->destroy)
    invocation->destroy (invocation->data);
  g_free (invocation);
}

void
io_loop_invoke (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy)
{
  Invocation *invocation = g_new (Invocation, 1);

  *invocation = (Invocation){ func, data, destroy };
  /* Not g_main_context_invoke(): that one may run @func at once. */
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, invocation_run, invocation, invocation_free);
  g_source_attach (source, self->context);
}

typedef struct
{
  gint ref_count;
  GSourceOnceFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GMutex lock; /* protects done */
  GCond cond;
  gboolean done;
} Waiting;

static void
waiting_unref (gpointer data)
{
  Waiting *waiting = data;

  if (!g_atomic_int_dec_and_test (&waiting->ref_count))
    return;
  g_mutex_clear (&waiting->lock);
  g_cond_clear (&waiting->cond);
  g_free (waiting);
}

static void
waiting_run (gpointer data)
{
  Waiting *waiting = data;

  waiting->func (waiting->data);
  if (waiting->destroy)
    waiting->destroy (waiting->data);
  g_mutex_lock (&waiting->lock);
  waiting->done = TRUE;
  g_cond_signal (&waiting->cond);
  g_mutex_unlock (&waiting->lock);
}

gboolean
io_loop_invoke_wait (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy, guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  if (io_loop_is_current (self)) {
    func (data);
    if (destroy)
      destroy (data);
    return TRUE;
  }

  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->ref_count = 2; /* the loop's and ours */
  waiting->func = func;
  waiting->data = data;
  waiting->destroy = destroy;
  g_mutex_init (&waiting->lock);
  g_cond_init (&waiting->cond);
  io_loop_invoke (self, waiting_run, waiting, waiting_unref);

  g_mutex_lock (&waiting->lock);
  while (!waiting->done)
    if (!g_cond_wait_until (&waiting->cond, &waiting->lock, end))
      break;
  gboolean done = waiting->done;
  g_mutex_unlock (&waiting->lock);
  waiting_unref (waiting);
  return done;
}

GSource *
io_loop_add_timeout (IoLoop *self, guint interval, GSourceFunc func,
    gpointer data)
{
  GSource *source = g_timeout_source_new (interval);

  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  return source;
}
