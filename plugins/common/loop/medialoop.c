/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors
 *
 * One iteration of a loop is one batch: functions invoked from other threads, the
 * sockets that epoll found readable, and timers due. All of a batch sees one
 * reading of the clock.
 *
 * An idle loop serves a packet the moment it comes. Under load (the last batch
 * had two sockets or more, or one and now another comes in the same slot) the
 * thread sleeps to the end of the slot first: a wake-up then serves many.
 *
 * The thread asks for a better nice value, which is refused quietly to most
 * users. Not for real-time scheduling: what is downstream of a source may be
 * heavy, and would then starve the machine.
 *
 * The thread is never joined. It belongs to the references: it ends by itself
 * once there are none and nothing invoked is left, and frees the loop. */
#include "medialoopprivate.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define LATE (5 * MEDIA_LOOP_SLOT)

struct _Invocation
{
  MediaLoopFunc func;
  gpointer data;
  GDestroyNotify destroy;
  Invocation *next;
};

struct _MediaWatch
{
  MediaLoop *loop;
  gint fd;
  MediaLoopFunc func;
  gpointer data;
};

/* Protects the table, each loop's name, and a count of references that goes
 * to 0: between acquire and the last unref there is no gap. */
static GMutex contexts_lock;
static GHashTable *contexts; /* name -> MediaLoop, owning neither loop */

static GPrivate current = G_PRIVATE_INIT (NULL);

static gint64
clock_now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

static struct timespec
to_timespec (gint64 time)
{
  return (struct timespec){ .tv_sec = time / G_GINT64_CONSTANT (1000000000),
    .tv_nsec = time % G_GINT64_CONSTANT (1000000000) };
}

static void
set_now (MediaLoop *self, gint64 now)
{
  __atomic_store_n (&self->now, now, __ATOMIC_RELAXED);
}

/* ---- Invocations */

static gboolean
has_invocations (MediaLoop *self)
{
  g_mutex_lock (&self->lock);
  const gboolean any = self->first != NULL;
  g_mutex_unlock (&self->lock);
  return any;
}

static void
run_invocations (MediaLoop *self)
{
  g_mutex_lock (&self->lock);
  Invocation *invocation = self->first;
  self->first = NULL;
  self->last = &self->first;
  g_mutex_unlock (&self->lock);

  while (invocation) {
    Invocation *next = invocation->next;

    invocation->func (invocation->data);
    if (invocation->destroy)
      invocation->destroy (invocation->data);
    g_free (invocation);
    invocation = next;
  }
}

void
media_loop_invoke (MediaLoop *self, MediaLoopFunc func, gpointer data,
    GDestroyNotify destroy)
{
  Invocation *invocation = g_new (Invocation, 1);

  *invocation = (Invocation){ .func = func, .data = data, .destroy = destroy };
  g_mutex_lock (&self->lock);
  const gboolean first = self->first == NULL;
  *self->last = invocation;
  self->last = &invocation->next;
  /* The loop looks at its queue before it sleeps. Under the lock, as @func may
   * drop the last reference. */
  if (first && !self->manual && g_private_get (&current) != self)
    eventfd_write (self->event_fd, 1);
  g_mutex_unlock (&self->lock);
}

/* ---- Timers */

static void
fire (MediaLoop *self, MediaTimer *timer)
{
  timer_wheel_remove (&self->wheel, timer);
  timer->due = -1;
  timer->func (self->now, timer->data);
}

static void
note_lateness (MediaLoop *self, gint64 lateness)
{
  if (lateness <= LATE)
    return;
  __atomic_add_fetch (&self->late, 1, __ATOMIC_RELAXED);
  if (lateness > self->worst)
    __atomic_store_n (&self->worst, lateness, __ATOMIC_RELAXED);
}

/* Slot by slot up to now, so that what is re-armed on the way is in order. */
static void
run_timers (MediaLoop *self)
{
  const gint64 target = self->now / MEDIA_LOOP_SLOT;
  gint64 slot = timer_wheel_next (&self->wheel);

  if (slot <= target)
    note_lateness (self, self->now - slot * MEDIA_LOOP_SLOT);
  for (; slot <= target; slot = timer_wheel_next (&self->wheel)) {
    timer_wheel_take (&self->wheel, slot, &self->firing);
    while (self->firing)
      fire (self, self->firing);
  }
  self->wheel.cursor = MAX (self->wheel.cursor, target);
}

/* ---- Sockets */

MediaWatch *
media_loop_add_fd (MediaLoop *self, gint fd, MediaLoopFunc func, gpointer data)
{
  MediaWatch *watch = g_new (MediaWatch, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

  *watch = (MediaWatch){ .loop = self, .fd = fd, .func = func, .data = data };
  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
    g_warning ("The media loop cannot watch a socket: %s", g_strerror (errno));
    g_free (watch);
    return NULL;
  }
  return watch;
}

void
media_watch_remove (MediaWatch *watch)
{
  MediaLoop *loop = watch->loop;

  epoll_ctl (loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
  for (gint i = loop->next_event; i < loop->n_events; i++)
    if (loop->events[i].data.ptr == watch)
      loop->events[i].data.ptr = NULL;
  g_free (watch);
}

/* Any of these may remove any watch, which clears its event. */
static void
run_sockets (MediaLoop *self)
{
  while (self->next_event < self->n_events) {
    MediaWatch *watch = self->events[self->next_event++].data.ptr;

    if (watch)
      watch->func (watch->data);
  }
}

/* @timeout: ns, -1 = for ever. */
static void
poll_sockets (MediaLoop *self, gint64 timeout)
{
  gint n = -1;

  if (timeout > 0 && !self->no_pwait2) {
    const struct timespec time = to_timespec (timeout);

    n = epoll_pwait2 (self->epoll_fd, self->events, MEDIA_LOOP_MAX_EVENTS,
        &time, NULL);
    self->no_pwait2 = n < 0 && (errno == ENOSYS || errno == EPERM);
  }
  if (timeout <= 0 || self->no_pwait2) {
    /* Whole ms, rounded up: late is allowed, early is not. */
    const gint ms = timeout <= 0
        ? (gint) timeout
        : (gint) MIN (timer_wheel_slot_of (timeout), G_MAXINT);

    n = epoll_wait (self->epoll_fd, self->events, MEDIA_LOOP_MAX_EVENTS, ms);
  }
  self->n_events = MAX (n, 0);
  self->next_event = 0;
}

/* ---- The thread */

static void
sleep_until (gint64 time)
{
  const struct timespec until = to_timespec (time);

  while (
      clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
    ;
}

/* Returns when there is a batch to work on; its sockets stand in ->events. */
static void
wait_for_batch (MediaLoop *self)
{
  const gint64 slot = timer_wheel_next (&self->wheel);
  const gint64 slot_end = (self->now / MEDIA_LOOP_SLOT + 1) * MEDIA_LOOP_SLOT;
  const gint served = self->n_events;
  gint64 timeout = -1;
  gint64 now = clock_now ();

  if (served == MEDIA_LOOP_MAX_EVENTS || g_atomic_int_get (&self->refs) == 0 ||
      has_invocations (self)) {
    poll_sockets (self, 0);
    return;
  }
  if (served > 1 && now < slot_end) {
    sleep_until (slot_end);
    now = slot_end;
  }
  if (slot != TIMER_WHEEL_NEVER)
    timeout = MAX (slot * MEDIA_LOOP_SLOT - now, 0);
  poll_sockets (self, timeout);
  if (served > 0 && self->n_events > 0 && clock_now () < slot_end) {
    sleep_until (slot_end);
    poll_sockets (self, 0);
  }
}

static void
media_loop_free (MediaLoop *self)
{
  close (self->epoll_fd);
  close (self->event_fd);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Nobody has a reference, and whoever dropped the last one is done with it. */
static gboolean
is_abandoned (MediaLoop *self)
{
  if (g_atomic_int_get (&self->refs) > 0)
    return FALSE;
  g_mutex_lock (&contexts_lock);
  const gboolean abandoned = g_atomic_int_get (&self->refs) == 0;
  g_mutex_unlock (&contexts_lock);
  return abandoned && !has_invocations (self);
}

static gpointer
media_loop_thread (gpointer data)
{
  MediaLoop *self = data;

  g_private_set (&current, self);
  setpriority (PRIO_PROCESS, 0, -10);
  do {
    wait_for_batch (self);
    set_now (self, clock_now ());
    run_invocations (self);
    /* Before the timers: after a stall what came in time is not missing. */
    run_sockets (self);
    run_timers (self);
  } while (!is_abandoned (self));
  media_loop_free (self);
  return NULL;
}

/* ---- Life */

static MediaLoop *
media_loop_new (gboolean manual, gint64 now)
{
  MediaLoop *self = g_new0 (MediaLoop, 1);
  /* Edge-triggered: every write wakes, and nobody has to read. */
  struct epoll_event event = { .events = EPOLLIN | EPOLLET };

  self->manual = manual;
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->event_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  /* As GLib does for a main context: there is no going on without. */
  if (self->epoll_fd < 0 || self->event_fd < 0 ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->event_fd, &event) < 0)
    g_error ("Cannot make a media loop: %s", g_strerror (errno));
  self->refs = 1;
  self->now = now;
  timer_wheel_init (&self->wheel,
      manual ? timer_wheel_slot_of (now) - 1 : now / MEDIA_LOOP_SLOT);
  g_mutex_init (&self->lock);
  self->last = &self->first;
  return self;
}

static MediaLoop *
media_loop_new_threaded (void)
{
  MediaLoop *self = media_loop_new (FALSE, clock_now ());

  g_thread_unref (g_thread_new ("voice-media", media_loop_thread, self));
  return self;
}

MediaLoop *
media_loop_new_manual (gint64 now)
{
  MediaLoop *self = media_loop_new (TRUE, now);

  self->owner = g_thread_self ();
  return self;
}

/* contexts_lock held. */
static void
add_context (const gchar *context, MediaLoop *self)
{
  if (!contexts)
    contexts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (contexts, g_strdup (context), self);
}

MediaLoop *
media_loop_new_manual_as (const gchar *context, gint64 now)
{
  MediaLoop *self = media_loop_new_manual (now);

  g_mutex_lock (&contexts_lock);
  add_context (context, self);
  g_mutex_unlock (&contexts_lock);
  return self;
}

MediaLoop *
media_loop_acquire (const gchar *context)
{
  if (!context || !*context)
    return media_loop_new_threaded ();

  g_mutex_lock (&contexts_lock);
  MediaLoop *self = contexts ? g_hash_table_lookup (contexts, context) : NULL;
  if (self) {
    media_loop_ref (self);
  } else {
    self = media_loop_new_threaded ();
    add_context (context, self);
  }
  g_mutex_unlock (&contexts_lock);
  return self;
}

MediaLoop *
media_loop_ref (MediaLoop *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

static gboolean
is_same (gpointer name, gpointer loop, gpointer self)
{
  return loop == self;
}

/* Under a reference of its own, as functions may take and drop some. */
static void
end_manual (MediaLoop *self)
{
  gpointer outer = g_private_get (&current);

  g_private_set (&current, self);
  do {
    media_loop_ref (self);
    run_invocations (self);
  } while (g_atomic_int_dec_and_test (&self->refs) && has_invocations (self));
  g_private_set (&current, outer);
  if (g_atomic_int_get (&self->refs) == 0)
    media_loop_free (self);
}

void
media_loop_unref (MediaLoop *self)
{
  for (gint refs = g_atomic_int_get (&self->refs); refs > 1;
       refs = g_atomic_int_get (&self->refs))
    if (g_atomic_int_compare_and_exchange (&self->refs, refs, refs - 1))
      return;

  /* The thread frees the loop, but not before this lock is released. */
  const gboolean manual = self->manual;
  g_mutex_lock (&contexts_lock);
  const gboolean last = g_atomic_int_dec_and_test (&self->refs);
  if (last && contexts)
    g_hash_table_foreach_remove (contexts, is_same, self);
  if (last && !manual)
    eventfd_write (self->event_fd, 1);
  g_mutex_unlock (&contexts_lock);
  if (last && manual)
    end_manual (self);
}

/* ---- Time and place */

gboolean
media_loop_is_manual (MediaLoop *self)
{
  return self->manual;
}

gboolean
media_loop_is_current (MediaLoop *self)
{
  if (self->manual)
    return g_atomic_pointer_get (&self->owner) == g_thread_self ();
  return g_private_get (&current) == self;
}

MediaLoop *
media_loop_get_current (void)
{
  return g_private_get (&current);
}

gint64
media_loop_now (MediaLoop *self)
{
  if (self->manual || g_private_get (&current) == self)
    return __atomic_load_n (&self->now, __ATOMIC_RELAXED);
  return clock_now ();
}

void
media_loop_get_lateness (MediaLoop *self, guint64 *late, gint64 *worst)
{
  *late = __atomic_load_n (&self->late, __ATOMIC_RELAXED);
  *worst = __atomic_load_n (&self->worst, __ATOMIC_RELAXED);
}

static void
run_all_invocations (MediaLoop *self)
{
  while (has_invocations (self))
    run_invocations (self);
}

void
media_loop_step (MediaLoop *self, gint64 now)
{
  gpointer outer = g_private_get (&current);
  MediaTimer *timer;

  g_return_if_fail (self->manual);
  media_loop_ref (self);
  g_atomic_pointer_set (&self->owner, g_thread_self ());
  g_private_set (&current, self);
  now = MAX (now, self->now);

  run_all_invocations (self);
  poll_sockets (self, 0);
  run_sockets (self);
  run_all_invocations (self);
  while ((timer = timer_wheel_first (&self->wheel, now))) {
    set_now (self, MAX (self->now, timer->due));
    /* After a stall a ticker arms what is past, too. */
    self->wheel.cursor = timer_wheel_slot_of (timer->due) - 1;
    fire (self, timer);
    run_all_invocations (self);
  }
  set_now (self, now);
  self->wheel.cursor = timer_wheel_slot_of (now) - 1;

  g_private_set (&current, outer);
  media_loop_unref (self);
}

void
media_loop_stall (MediaLoop *self, gint64 now)
{
  g_return_if_fail (self->manual);
  set_now (self, MAX (now, self->now));
}
