/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Timers hang in a wheel of 1024 slots of 1 ms; a timer further away than one
 * turn stays in its slot and is passed over once a turn. A bitmap of the slots in
 * use finds the next wake-up.
 *
 * Batching: the thread serves what is there and, if it served anything less than
 * one slot ago, sleeps to the next slot boundary before it looks at its sockets
 * again. A lone packet is so served at once, and a busy loop wakes 1000 times a
 * second however many calls it has.
 *
 * Locks: lock (the invoke queue) and loops_lock (the table and the reference
 * counts) are leaves; no function of a client runs under either. */

#include "medialoop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 1024
#define PHASES 20
#define BATCH 128
#define LATE (5 * MEDIA_LOOP_SLOT)
#define STALL (200 * MEDIA_LOOP_SLOT)

typedef struct _Invocation Invocation;

struct _Invocation
{
  Invocation *next;
  MediaLoopFunc func;
  gpointer data;
  GDestroyNotify destroy;
};

struct _MediaWatch
{
  MediaLoop *loop;
  gint fd; /* -1: removed, freed after the batch */
  MediaLoopFunc func;
  gpointer data;
  MediaWatch *next; /* among the removed */
};

struct _MediaLoop
{
  /* Set when made, never changed: read freely. */
  gchar *context; /* NULL: not shared */
  gboolean manual;
  GThread *thread;
  gint epoll_fd;
  gint event_fd;

  /* Loop thread only: no lock. */
  MediaTimer *slots[SLOTS];
  guint64 used[SLOTS / 64];
  gint64 slot; /* ms: the next one to serve */
  guint phases[PHASES];
  MediaWatch *removed;
  gboolean quit;

  gint64 now; /* ns; atomic, written by the loop thread */
  guint64 late; /* atomic, likewise */
  gint64 worst; /* ns; atomic, likewise */

  GMutex lock; /* protects everything below */
  Invocation *queue, **queue_end;

  gint ref_count; /* under loops_lock */
};

static GMutex loops_lock; /* leaf; protects the table and every ref_count */
static GHashTable *loops; /* context -> MediaLoop, borrowed */
static GPrivate current = G_PRIVATE_INIT (NULL);

static gint64
clock_now (void)
{
  struct timespec ts;

  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * G_GINT64_CONSTANT (1000000000) + ts.tv_nsec;
}

/* ---- The timer wheel */

static guint
slot_index (gint64 slot)
{
  return (guint) (slot & (SLOTS - 1));
}

/* Rounded up: never early. */
static gint64
slot_of (gint64 due)
{
  return (due + MEDIA_LOOP_SLOT - 1) / MEDIA_LOOP_SLOT;
}

void
media_timer_init (MediaTimer *timer, MediaLoop *loop, MediaTimerFunc func,
    gpointer data)
{
  *timer = (MediaTimer){ .loop = loop, .func = func, .data = data, .due = -1 };
}

void
media_timer_cancel (MediaTimer *timer)
{
  if (timer->due < 0)
    return;
  timer->due = -1;
  *timer->prev_next = timer->next;
  if (timer->next)
    timer->next->prev_next = timer->prev_next;
  timer->next = NULL;
  timer->prev_next = NULL;
}

void
media_timer_arm (MediaTimer *timer, gint64 due)
{
  MediaLoop *self = timer->loop;

  media_timer_cancel (timer);
  timer->due = MAX (due, 0);
  guint i = slot_index (MAX (slot_of (timer->due), self->slot));
  timer->next = self->slots[i];
  if (timer->next)
    timer->next->prev_next = &timer->next;
  timer->prev_next = &self->slots[i];
  self->slots[i] = timer;
  self->used[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
}

/* The first slot from self->slot on that holds a timer, -1 if none does. */
static gint64
next_slot (MediaLoop *self)
{
  guint start = slot_index (self->slot);

  for (guint step = 0; step <= SLOTS; step += 64 - (start + step) % 64) {
    guint i = (start + step) % SLOTS;
    guint64 word = self->used[i / 64] >> (i % 64);
    if (!word)
      continue;
    guint ahead = step + (guint) __builtin_ctzll (word);
    if (ahead < SLOTS)
      return self->slot + ahead;
  }
  return -1;
}

/* Fires what is due in the slot at self->slot, then moves on to the next one. A
 * timer armed by a timer of this slot goes to a later slot, so this ends. */
static void
serve_slot (MediaLoop *self)
{
  guint i = slot_index (self->slot);
  gint64 end = self->slot * MEDIA_LOOP_SLOT;
  MediaTimer *due = NULL;

  self->slot++;
  self->used[i / 64] &= ~(G_GUINT64_CONSTANT (1) << (i % 64));
  MediaTimer *timer = self->slots[i];
  self->slots[i] = NULL;
  while (timer) {
    MediaTimer *next = timer->next;
    MediaTimer **head = timer->due <= end ? &due : &self->slots[i];
    timer->next = *head;
    if (timer->next)
      timer->next->prev_next = &timer->next;
    timer->prev_next = head;
    *head = timer;
    timer = next;
  }
  if (self->slots[i])
    self->used[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
  while (due) {
    timer = due;
    media_timer_cancel (timer);
    timer->func (media_loop_now (self), timer->data);
  }
}

/* ---- The frame clock */

static void
ticker_fire (gint64 now, gpointer data)
{
  MediaTicker *ticker = data;
  gint64 due = ticker->due;

  if (now - due > STALL)
    due += (now - due) / MEDIA_LOOP_FRAME * MEDIA_LOOP_FRAME;
  ticker->due = due + MEDIA_LOOP_FRAME;
  media_timer_arm (&ticker->timer, ticker->due);
  ticker->func (due, ticker->data);
}

void
media_ticker_start (MediaTicker *ticker, MediaLoop *loop, MediaTimerFunc func,
    gpointer data)
{
  gint phase = 0;

  for (gint i = 1; i < PHASES; i++)
    if (loop->phases[i] < loop->phases[phase])
      phase = i;
  loop->phases[phase]++;

  gint64 frame = loop->slot / PHASES;
  gint64 slot = frame * PHASES + phase;
  if (slot < loop->slot)
    slot += PHASES;
  ticker->func = func;
  ticker->data = data;
  ticker->phase = phase;
  ticker->due = slot * MEDIA_LOOP_SLOT;
  media_timer_init (&ticker->timer, loop, ticker_fire, ticker);
  media_timer_arm (&ticker->timer, ticker->due);
}

void
media_ticker_stop (MediaTicker *ticker)
{
  if (!ticker->func || ticker->phase < 0)
    return;
  ticker->timer.loop->phases[ticker->phase]--;
  ticker->phase = -1;
  media_timer_cancel (&ticker->timer);
}

/* ---- File descriptors */

MediaWatch *
media_loop_add_fd (MediaLoop *self, gint fd, MediaLoopFunc func, gpointer data)
{
  MediaWatch *watch = g_new0 (MediaWatch, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

  *watch = (MediaWatch){ .loop = self, .fd = fd, .func = func, .data = data };
  if (!self->manual && epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event))
    g_warning ("Could not watch a socket: %s", g_strerror (errno));
  return watch;
}

void
media_watch_remove (MediaWatch *watch)
{
  MediaLoop *self = watch->loop;

  if (!self->manual)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
  /* An event of the batch in work may still point here. */
  watch->fd = -1;
  watch->next = self->removed;
  self->removed = watch;
}

static void
free_removed (MediaLoop *self)
{
  while (self->removed) {
    MediaWatch *watch = self->removed;
    self->removed = watch->next;
    g_free (watch);
  }
}

/* ---- Calls from other threads */

static void
wake (MediaLoop *self)
{
  guint64 one = 1;

  if (!self->manual && write (self->event_fd, &one, sizeof one) < 0)
    g_warning ("Could not wake a media loop: %s", g_strerror (errno));
}

void
media_loop_invoke (MediaLoop *self, MediaLoopFunc func, gpointer data,
    GDestroyNotify destroy)
{
  Invocation *invocation = g_new (Invocation, 1);

  *invocation = (Invocation){ NULL, func, data, destroy };
  g_mutex_lock (&self->lock);
  gboolean first = !self->queue;
  *self->queue_end = invocation;
  self->queue_end = &invocation->next;
  /* Under the lock: once the loop has the queue it may end and close this. */
  if (first)
    wake (self);
  g_mutex_unlock (&self->lock);
}

/* One batch of the queue; @run FALSE: only the destroy functions. TRUE if there
 * was one. */
static gboolean
serve_queue (MediaLoop *self, gboolean run)
{
  g_mutex_lock (&self->lock);
  Invocation *queue = self->queue;
  self->queue = NULL;
  self->queue_end = &self->queue;
  g_mutex_unlock (&self->lock);

  gboolean any = queue != NULL;
  while (queue) {
    Invocation *next = queue->next;
    if (run)
      queue->func (queue->data);
    if (queue->destroy)
      queue->destroy (queue->data);
    g_free (queue);
    queue = next;
  }
  return any;
}

/* ---- The thread */

static void
set_now (MediaLoop *self, gint64 now)
{
  __atomic_store_n (&self->now, now, __ATOMIC_RELAXED);
}

/* Serves every slot up to @now that holds a timer. */
static void
serve_slots (MediaLoop *self, gint64 now)
{
  for (;;) {
    gint64 slot = next_slot (self);
    if (slot < 0 || slot * MEDIA_LOOP_SLOT > now)
      break;
    gint64 lateness = now - slot * MEDIA_LOOP_SLOT;
    if (lateness > LATE)
      __atomic_store_n (&self->late, self->late + 1, __ATOMIC_RELAXED);
    if (lateness > self->worst)
      __atomic_store_n (&self->worst, lateness, __ATOMIC_RELAXED);
    self->slot = slot;
    if (self->manual)
      set_now (self, MAX (self->now, slot * MEDIA_LOOP_SLOT));
    serve_slot (self);
    if (self->manual)
      while (serve_queue (self, TRUE))
        ;
  }
  self->slot = MAX (self->slot, now / MEDIA_LOOP_SLOT + 1);
}

/* Waits for sockets until the next timer; returns the number of events. */
static gint
wait_events (MediaLoop *self, struct epoll_event *events)
{
  gint64 slot = next_slot (self);
  struct timespec timeout = { 0, 0 };

  if (slot >= 0) {
    gint64 wait = slot * MEDIA_LOOP_SLOT - clock_now ();
    if (wait > 0) {
      timeout.tv_sec = wait / G_GINT64_CONSTANT (1000000000);
      timeout.tv_nsec = wait % G_GINT64_CONSTANT (1000000000);
    }
  }
  gint n = epoll_pwait2 (self->epoll_fd, events, BATCH,
      slot >= 0 ? &timeout : NULL, NULL);
  if (n < 0 && errno == ENOSYS) { /* Linux before 5.11: whole ms, rounded up */
    gint64 wait = timeout.tv_sec * 1000 + (timeout.tv_nsec + 999999) / 1000000;
    n = epoll_wait (self->epoll_fd, events, BATCH,
        slot >= 0 ? (gint) wait : -1);
  }
  return MAX (n, 0);
}

static void
serve_events (MediaLoop *self, struct epoll_event *events, gint n)
{
  for (gint i = 0; i < n; i++) {
    MediaWatch *watch = events[i].data.ptr;
    guint64 count;

    if (watch) {
      if (watch->fd >= 0)
        watch->func (watch->data);
    } else if (read (self->event_fd, &count, sizeof count) > 0) {
      serve_queue (self, TRUE);
    }
  }
  free_removed (self);
}

static void
sleep_to_next_slot (MediaLoop *self)
{
  gint64 due = (self->now / MEDIA_LOOP_SLOT + 1) * MEDIA_LOOP_SLOT;
  struct timespec ts = { due / G_GINT64_CONSTANT (1000000000),
    due % G_GINT64_CONSTANT (1000000000) };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void
media_loop_free (MediaLoop *self)
{
  while (serve_queue (self, FALSE))
    ;
  free_removed (self);
  if (!self->manual) {
    close (self->epoll_fd);
    close (self->event_fd);
  }
  g_mutex_clear (&self->lock);
  g_free (self->context);
  g_free (self);
}

static gpointer
media_loop_run (gpointer data)
{
  MediaLoop *self = data;
  struct epoll_event events[BATCH];
  gint64 busy_slot = 0;
  gint in_slot = 0; /* events served in it */

  g_private_set (&current, self);
  while (!self->quit) {
    gint n = wait_events (self, events);
    gint64 now = clock_now ();
    set_now (self, now);
    if (now / MEDIA_LOOP_SLOT != busy_slot) {
      busy_slot = now / MEDIA_LOOP_SLOT;
      in_slot = 0;
    }
    in_slot += n;
    serve_events (self, events, n);
    serve_slots (self, now);
    if (in_slot > 1 && n < BATCH)
      sleep_to_next_slot (self);
  }
  media_loop_free (self);
  g_private_set (&current, NULL);
  return NULL;
}

/* ---- Life */

static MediaLoop *
media_loop_new (const gchar *context, gboolean manual, gint64 now)
{
  MediaLoop *self = g_new0 (MediaLoop, 1);

  self->context = g_strdup (context);
  self->manual = manual;
  self->ref_count = 1;
  self->now = now;
  self->slot = now / MEDIA_LOOP_SLOT + 1;
  self->queue_end = &self->queue;
  g_mutex_init (&self->lock);
  return self;
}

static MediaLoop *
media_loop_new_threaded (const gchar *context)
{
  MediaLoop *self = media_loop_new (context, FALSE, clock_now ());
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->event_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->epoll_fd < 0 || self->event_fd < 0 ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->event_fd, &event))
    g_error ("Could not make a media loop: %s", g_strerror (errno));
  self->thread = g_thread_new ("voice-media", media_loop_run, self);
  return self;
}

MediaLoop *
media_loop_new_manual (gint64 now)
{
  return media_loop_new (NULL, TRUE, now);
}

MediaLoop *
media_loop_acquire (const gchar *context)
{
  if (!context || !*context)
    return media_loop_new_threaded (NULL);

  g_mutex_lock (&loops_lock);
  if (!loops)
    loops = g_hash_table_new (g_str_hash, g_str_equal);
  MediaLoop *self = g_hash_table_lookup (loops, context);
  if (self) {
    self->ref_count++;
  } else {
    self = media_loop_new_threaded (context);
    g_hash_table_insert (loops, self->context, self);
  }
  g_mutex_unlock (&loops_lock);
  return self;
}

MediaLoop *
media_loop_ref (MediaLoop *self)
{
  g_mutex_lock (&loops_lock);
  self->ref_count++;
  g_mutex_unlock (&loops_lock);
  return self;
}

static void
quit (gpointer data)
{
  MediaLoop *self = data;

  self->quit = TRUE;
}

void
media_loop_unref (MediaLoop *self)
{
  g_mutex_lock (&loops_lock);
  gboolean last = --self->ref_count == 0;
  if (last && self->context)
    g_hash_table_remove (loops, self->context);
  g_mutex_unlock (&loops_lock);
  if (!last)
    return;

  if (self->manual) {
    media_loop_free (self);
    return;
  }
  /* Never joined: the thread may be inside a push that only the caller's state
   * change ends. It frees the struct itself. */
  g_thread_unref (self->thread);
  media_loop_invoke (self, quit, self, NULL);
}

gboolean
media_loop_is_manual (MediaLoop *self)
{
  return self->manual;
}

gboolean
media_loop_is_current (MediaLoop *self)
{
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
  if (!self->manual && !media_loop_is_current (self))
    return clock_now ();
  return __atomic_load_n (&self->now, __ATOMIC_RELAXED);
}

void
media_loop_step (MediaLoop *self, gint64 now)
{
  gpointer before = g_private_get (&current);

  g_private_set (&current, self);
  while (serve_queue (self, TRUE))
    ;
  serve_slots (self, now);
  set_now (self, MAX (self->now, now));
  while (serve_queue (self, TRUE))
    ;
  free_removed (self);
  g_private_set (&current, before);
}

void
media_loop_get_lateness (MediaLoop *self, guint64 *late, gint64 *worst)
{
  *late = __atomic_load_n (&self->late, __ATOMIC_RELAXED);
  *worst = __atomic_load_n (&self->worst, __ATOMIC_RELAXED);
}
