/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors
 *
 * The thread is never joined: it ends by itself once there is no reference and
 * nothing invoked is left, and frees the loop. */
#include "ioloop.h"

struct _IoLoop
{
  /* Set when made, never changed: read freely. */
  GMainContext *context;

  /* Atomic. */
  gint refs;
  gint pending; /* invoked and not yet run */
};

typedef struct
{
  IoLoop *loop; /* not owned: it waits for ->pending */
  GSourceOnceFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Invocation;

/* Held by the waiting caller and by the loop. */
typedef struct
{
  gint refs; /* atomic */
  GSourceOnceFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GMutex lock; /* protects everything below */
  GCond cond;
  gboolean done;
} Wait;

/* Protects the table, and a count of references that goes to 0. */
static GMutex loops_lock;
static GHashTable *loops; /* name -> IoLoop, not owned */

static gboolean
is_abandoned (IoLoop *self)
{
  if (g_atomic_int_get (&self->refs) > 0 ||
      g_atomic_int_get (&self->pending) > 0)
    return FALSE;
  /* Whoever dropped the last reference is done when it gives up the lock. */
  g_mutex_lock (&loops_lock);
  const gboolean abandoned = g_atomic_int_get (&self->refs) == 0;
  g_mutex_unlock (&loops_lock);
  return abandoned;
}

static gpointer
io_loop_thread (gpointer data)
{
  IoLoop *self = data;

  g_main_context_push_thread_default (self->context);
  while (!is_abandoned (self))
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
  return NULL;
}

static IoLoop *
io_loop_new (const gchar *name)
{
  IoLoop *self = g_new0 (IoLoop, 1);
  g_autofree gchar *thread_name = g_strconcat ("voice-", name, NULL);

  self->context = g_main_context_new ();
  self->refs = 1;
  g_thread_unref (g_thread_new (thread_name, io_loop_thread, self));
  return self;
}

IoLoop *
io_loop_acquire (const gchar *name)
{
  g_mutex_lock (&loops_lock);
  if (!loops)
    loops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  IoLoop *self = g_hash_table_lookup (loops, name);
  if (self) {
    io_loop_ref (self);
  } else {
    self = io_loop_new (name);
    g_hash_table_insert (loops, g_strdup (name), self);
  }
  g_mutex_unlock (&loops_lock);
  return self;
}

IoLoop *
io_loop_ref (IoLoop *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

static gboolean
is_same (gpointer name, gpointer loop, gpointer self)
{
  return loop == self;
}

void
io_loop_unref (IoLoop *self)
{
  g_mutex_lock (&loops_lock);
  if (g_atomic_int_dec_and_test (&self->refs)) {
    g_hash_table_foreach_remove (loops, is_same, self);
    g_main_context_wakeup (self->context);
  }
  g_mutex_unlock (&loops_lock);
}

GMainContext *
io_loop_get_context (IoLoop *self)
{
  return self->context;
}

gboolean
io_loop_is_current (IoLoop *self)
{
  return g_main_context_is_owner (self->context);
}

static gboolean
run_invocation (gpointer data)
{
  Invocation *invocation = data;

  invocation->func (invocation->data);
  return G_SOURCE_REMOVE;
}

static void
free_invocation (gpointer data)
{
  Invocation *invocation = data;

  if (invocation->destroy)
    invocation->destroy (invocation->data);
  g_atomic_int_add (&invocation->loop->pending, -1);
  g_free (invocation);
}

void
io_loop_invoke (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Invocation *invocation = g_new (Invocation, 1);

  *invocation = (Invocation){ self, func, data, destroy };
  g_atomic_int_inc (&self->pending);
  /* Of one priority, so that they run in order. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, run_invocation, invocation, free_invocation);
  g_source_attach (source, self->context);
}

static void
wait_unref (Wait *wait)
{
  if (!g_atomic_int_dec_and_test (&wait->refs))
    return;
  g_mutex_clear (&wait->lock);
  g_cond_clear (&wait->cond);
  g_free (wait);
}

static void
run_waited (gpointer data)
{
  Wait *wait = data;

  wait->func (wait->data);
  if (wait->destroy)
    wait->destroy (wait->data);
  g_mutex_lock (&wait->lock);
  wait->done = TRUE;
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->lock);
}

gboolean
io_loop_invoke_wait (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy, guint timeout)
{
  if (io_loop_is_current (self)) {
    func (data);
    if (destroy)
      destroy (data);
    return TRUE;
  }

  const gint64 until = g_get_monotonic_time () + timeout * 1000ll;
  Wait *wait = g_new0 (Wait, 1);
  wait->refs = 2;
  wait->func = func;
  wait->data = data;
  wait->destroy = destroy;
  g_mutex_init (&wait->lock);
  g_cond_init (&wait->cond);
  io_loop_invoke (self, run_waited, wait, (GDestroyNotify) wait_unref);

  g_mutex_lock (&wait->lock);
  while (!wait->done && g_cond_wait_until (&wait->cond, &wait->lock, until))
    ;
  const gboolean done = wait->done;
  g_mutex_unlock (&wait->lock);
  wait_unref (wait);
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

void
io_loop_clear_timeout (GSource **timeout)
{
  if (!*timeout)
    return;
  g_source_destroy (*timeout);
  g_clear_pointer (timeout, g_source_unref);
}
