/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What ThreadSanitizer does not see: GLib and GStreamer are not built with it, and GLib
 * locks by futexes of its own. Preloaded before them, this tells it who waited for whom:
 *
 * - whoever gets a lock comes behind all who gave it up;
 * - whoever takes something out of a queue, a bus, a pool or a main context comes behind
 *   all who put something in;
 * - whoever drops a reference comes behind all who dropped one before: the last one frees.
 *
 * That is more order than there is (a queue orders all its users): a race may be missed,
 * what is reported is one. */

#include <dlfcn.h>
#include <gio/gio.h>
#include <gst/gst.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Here stand definitions of functions that headers have as macros, too. */
#undef g_once_init_enter
#undef g_once_init_leave
#undef gst_mini_object_ref
#undef gst_mini_object_unref
#undef g_object_ref

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wmissing-declarations"

/* Every function that is defined here begins with the one behind it. */
#define REAL(name) \
  static __typeof__ (name) *found; \
  __typeof__ (name) *real = __atomic_load_n (&found, __ATOMIC_ACQUIRE); \
  if (G_UNLIKELY (!real)) { \
    real = (__typeof__ (name) *) dlsym (RTLD_NEXT, #name); \
    __atomic_store_n (&found, real, __ATOMIC_RELEASE); \
  } \
  G_STMT_START \
  { \
  } \
  G_STMT_END

#define EXPORT __attribute__ ((visibility ("default")))

static void
pass (gpointer address)
{
  __tsan_release (address);
  __tsan_acquire (address);
}

/* ---- Locks */

#define TAKES(name, Type) \
  EXPORT void name (Type *lock) \
  { \
    REAL (name); \
    real (lock); \
    __tsan_acquire (lock); \
  }
#define TRIES(name, Type) \
  EXPORT gboolean name (Type *lock) \
  { \
    REAL (name); \
    gboolean taken = real (lock); \
    if (taken) \
      __tsan_acquire (lock); \
    return taken; \
  }
#define GIVES(name, Type) \
  EXPORT void name (Type *lock) \
  { \
    REAL (name); \
    __tsan_release (lock); \
    real (lock); \
  }

TAKES (g_mutex_lock, GMutex)
TRIES (g_mutex_trylock, GMutex)
GIVES (g_mutex_unlock, GMutex)
TAKES (g_rec_mutex_lock, GRecMutex)
TRIES (g_rec_mutex_trylock, GRecMutex)
GIVES (g_rec_mutex_unlock, GRecMutex)
TAKES (g_rw_lock_writer_lock, GRWLock)
TRIES (g_rw_lock_writer_trylock, GRWLock)
GIVES (g_rw_lock_writer_unlock, GRWLock)
TAKES (g_rw_lock_reader_lock, GRWLock)
TRIES (g_rw_lock_reader_trylock, GRWLock)
GIVES (g_rw_lock_reader_unlock, GRWLock)

EXPORT void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

EXPORT gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  REAL (g_cond_wait_until);
  __tsan_release (mutex);
  gboolean woken = real (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return woken;
}

EXPORT
gboolean (g_once_init_enter) (volatile void *location)
{
  REAL (g_once_init_enter);
  gboolean first = real (location);
  if (!first)
    __tsan_acquire ((gpointer) location);
  return first;
}

/* The fast way in is a load in the caller's code: there has to be a store that it sees. */
EXPORT void (g_once_init_leave) (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((gpointer) location);
  __atomic_store_n ((volatile gsize *) location, result, __ATOMIC_SEQ_CST);
  __atomic_store_n ((volatile gsize *) location, 0, __ATOMIC_RELAXED);
  real (location, result);
}

typedef struct
{
  GOnce *once;
  GThreadFunc function;
  gpointer argument;
} Once;

static gpointer
run_once (gpointer data)
{
  const Once *self = data;
  gpointer result = self->function (self->argument);

  __tsan_release (self->once);
  return result;
}

/* Its fast way in is one in the caller's code, too: a load of the first member. */
EXPORT gpointer
g_once_impl (GOnce *once, GThreadFunc function, gpointer argument)
{
  REAL (g_once_impl);
  Once call = { once, function, argument };
  gpointer result = real (once, run_once, &call);
  __tsan_acquire (once);
  return result;
}

/* ---- References */

#define DROPS(name, Type) \
  EXPORT void name (Type *object) \
  { \
    REAL (name); \
    pass (object); \
    real (object); \
  }

/* Here the order has to hold up to the moment at which the last one drops it. (No toggle
 * references: nobody here has any.) */
static gboolean
drop (gint *count)
{
  gint n = __atomic_load_n (count, __ATOMIC_ACQUIRE);

  while (n > 1)
    if (__atomic_compare_exchange_n (count, &n, n - 1, FALSE, __ATOMIC_ACQ_REL,
            __ATOMIC_ACQUIRE))
      return TRUE;
  return FALSE;
}

EXPORT void
g_object_unref (gpointer object)
{
  REAL (g_object_unref);
  if (!drop ((gint *) &((GObject *) object)->ref_count))
    real (object);
}

EXPORT void (gst_mini_object_unref) (GstMiniObject *object)
{
  REAL (gst_mini_object_unref);
  if (!drop (&object->refcount))
    real (object);
}

DROPS (g_bytes_unref, GBytes)
DROPS (g_byte_array_unref, GByteArray)
DROPS (g_ptr_array_unref, GPtrArray)
DROPS (g_hash_table_unref, GHashTable)
DROPS (g_source_unref, GSource)
DROPS (g_main_context_unref, GMainContext)
DROPS (g_closure_unref, GClosure)

/* ---- Queues */

EXPORT void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  REAL (g_async_queue_push);
  __tsan_release (queue);
  real (queue, data);
}

#define POPS(name) \
  EXPORT gpointer name (GAsyncQueue *queue) \
  { \
    REAL (name); \
    gpointer data = real (queue); \
    __tsan_acquire (queue); \
    return data; \
  }

POPS (g_async_queue_pop)
POPS (g_async_queue_try_pop)

EXPORT gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  REAL (g_async_queue_timeout_pop);
  gpointer data = real (queue, timeout);
  __tsan_acquire (queue);
  return data;
}

EXPORT gboolean
gst_bus_post (GstBus *bus, GstMessage *message)
{
  REAL (gst_bus_post);
  __tsan_release (bus);
  return real (bus, message);
}

EXPORT GstMessage *
gst_bus_timed_pop_filtered (GstBus *bus, GstClockTime timeout,
    GstMessageType types)
{
  REAL (gst_bus_timed_pop_filtered);
  GstMessage *message = real (bus, timeout, types);
  __tsan_acquire (bus);
  return message;
}

#define POPS_MESSAGE(name) \
  EXPORT GstMessage *name (GstBus *bus) \
  { \
    REAL (name); \
    GstMessage *message = real (bus); \
    __tsan_acquire (bus); \
    return message; \
  }

POPS_MESSAGE (gst_bus_pop)
POPS_MESSAGE (gst_bus_peek)

EXPORT GstMessage *
gst_bus_timed_pop (GstBus *bus, GstClockTime timeout)
{
  REAL (gst_bus_timed_pop);
  GstMessage *message = real (bus, timeout);
  __tsan_acquire (bus);
  return message;
}

EXPORT GstMessage *
gst_bus_pop_filtered (GstBus *bus, GstMessageType types)
{
  REAL (gst_bus_pop_filtered);
  GstMessage *message = real (bus, types);
  __tsan_acquire (bus);
  return message;
}

/* ---- What another thread calls: it comes behind who asked for it */

typedef struct
{
  GSourceFunc function;
  gpointer data;
  GDestroyNotify notify;
} Call;

static Call *
call_new (GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  Call *self = g_new (Call, 1);

  *self = (Call){ function, data, notify };
  __tsan_release (self);
  return self;
}

static gboolean
call_run (gpointer data)
{
  Call *self = data;

  __tsan_acquire (self);
  gboolean again = self->function (self->data);
  __tsan_release (self);
  return again;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  __tsan_acquire (self);
  if (self->notify)
    self->notify (self->data);
  g_free (self);
}

EXPORT void
g_main_context_invoke_full (GMainContext *context, gint priority,
    GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  REAL (g_main_context_invoke_full);
  real (context, priority, call_run, call_new (function, data, notify),
      call_free);
}

EXPORT void
g_main_context_invoke (GMainContext *context, GSourceFunc function,
    gpointer data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, function, data,
      NULL);
}

/* Sources that call something else than a GSourceFunc do so on the thread that made
 * them, or under a lock. */
EXPORT void
g_source_set_callback (GSource *source, GSourceFunc function, gpointer data,
    GDestroyNotify notify)
{
  REAL (g_source_set_callback);
  if (function &&
      (source->source_funcs == &g_idle_funcs ||
          source->source_funcs == &g_timeout_funcs))
    real (source, call_run, call_new (function, data, notify), call_free);
  else
    real (source, function, data, notify);
}

EXPORT guint
g_idle_add_full (gint priority, GSourceFunc function, gpointer data,
    GDestroyNotify notify)
{
  REAL (g_idle_add_full);
  return real (priority, call_run, call_new (function, data, notify),
      call_free);
}

EXPORT guint
g_source_attach (GSource *source, GMainContext *context)
{
  REAL (g_source_attach);
  __tsan_release (source);
  return real (source, context);
}

EXPORT void
g_main_loop_run (GMainLoop *loop)
{
  REAL (g_main_loop_run);
  real (loop);
  __tsan_acquire (loop);
}

EXPORT void
g_main_loop_quit (GMainLoop *loop)
{
  REAL (g_main_loop_quit);
  __tsan_release (loop);
  real (loop);
}

typedef struct
{
  GFunc function;
  gpointer data;
  GCompareDataFunc compare; /* what waits */
  gpointer compare_data;
} Pool;

static void
pool_run (gpointer item, gpointer data)
{
  Pool *self = data;

  __tsan_acquire (self);
  self->function (item, self->data);
}

static GMutex pools_lock;
static GHashTable *pools; /* GThreadPool -> Pool, kept: workers may live on */

EXPORT GThreadPool *
g_thread_pool_new (GFunc function, gpointer data, gint max_threads,
    gboolean exclusive, GError **error)
{
  REAL (g_thread_pool_new);
  Pool *self = g_new (Pool, 1);

  *self = (Pool){ function, data };
  GThreadPool *pool = real (pool_run, self, max_threads, exclusive, error);
  g_mutex_lock (&pools_lock);
  if (!pools)
    pools = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (pools, pool, self);
  g_mutex_unlock (&pools_lock);
  return pool;
}

static Pool *
find_pool (GThreadPool *pool)
{
  g_mutex_lock (&pools_lock);
  Pool *self = pools ? g_hash_table_lookup (pools, pool) : NULL;
  g_mutex_unlock (&pools_lock);
  return self;
}

/* Under the lock of the pool's queue. */
static gint
pool_compare (gconstpointer a, gconstpointer b, gpointer data)
{
  Pool *self = data;

  __tsan_acquire (self);
  return self->compare (a, b, self->compare_data);
}

EXPORT void
g_thread_pool_set_sort_function (GThreadPool *pool, GCompareDataFunc compare,
    gpointer data)
{
  REAL (g_thread_pool_set_sort_function);
  Pool *self = find_pool (pool);

  if (self) {
    self->compare = compare;
    self->compare_data = data;
    real (pool, pool_compare, self);
  } else {
    real (pool, compare, data);
  }
}

EXPORT gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  REAL (g_thread_pool_push);
  Pool *self = find_pool (pool);
  if (self)
    __tsan_release (self);
  return real (pool, data, error);
}
