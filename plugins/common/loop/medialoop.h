/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "mediatimer.h"

#include <glib.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* A media loop: one thread that reads sockets and pushes audio frames for any
 * number of calls.
 *
 * Time is CLOCK_MONOTONIC in ns (manual loops: whatever media_loop_step() is
 * given). Work is done in slots of 1 ms on an absolute schedule: after a batch
 * the thread sleeps to the next slot before it looks at its sockets again, so
 * at 400 calls one wake-up serves twenty packets. With nothing armed it sleeps
 * for ever: an idle line costs memory, not CPU.
 *
 * "Loop thread" in the comments means a function that this loop called, or, on
 * a manual loop, the thread that calls media_loop_step(). */

#define MEDIA_LOOP_FRAME (20 * MEDIA_LOOP_SLOT)

typedef void (*MediaLoopFunc) (gpointer data);

/* The loop shared by all callers that name the same @context; NULL or "" gives
 * a loop of the caller's own. The thread starts here and ends with the last
 * reference (which may be dropped on the loop thread itself). */
MediaLoop *media_loop_acquire (const gchar *context);

/* A loop without a thread, for tests in virtual time. */
MediaLoop *media_loop_new_manual (gint64 now);
/* The same for elements: it is what media_loop_acquire (@context) gives as long as
 * it is there. */
MediaLoop *media_loop_new_manual_as (const gchar *context, gint64 now);

MediaLoop *media_loop_ref (MediaLoop *self);
void media_loop_unref (MediaLoop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaLoop, media_loop_unref)

gboolean media_loop_is_manual (MediaLoop *self);
gboolean media_loop_is_current (MediaLoop *self);

/* The loop now executing on the calling thread, or NULL (borrowed). */
MediaLoop *media_loop_get_current (void);

/* Any thread. On the loop thread: the time at which the batch in work began. */
gint64 media_loop_now (MediaLoop *self);

/* Any thread: runs @func on the loop thread, in order of the calls, never
 * before this returns. @destroy (or NULL) runs on the loop thread after it; also
 * if the loop ends before @func could run. */
void media_loop_invoke (MediaLoop *self, MediaLoopFunc func, gpointer data,
    GDestroyNotify destroy);

/* Manual loops: runs everything due up to and including @now, in order of due
 * time, the time standing at each item's own due time while it runs. */
void media_loop_step (MediaLoop *self, gint64 now);

/* Manual loops: the time is @now and nothing has run, as after the machine stood
 * still. What is due then runs late, in the next step. */
void media_loop_stall (MediaLoop *self, gint64 now);

/* How often a slot was begun more than 5 ms late, and the worst (ns). */
void media_loop_get_lateness (MediaLoop *self, guint64 *late, gint64 *worst);

/* ---- One-shot timers; loop thread only. */

void media_timer_init (MediaTimer *timer, MediaLoop *loop, MediaTimerFunc func,
    gpointer data);

/* Arms or re-arms; never early, at most one slot late on an idle machine. A
 * @due in the past fires in the next slot. */
void media_timer_arm (MediaTimer *timer, gint64 due);
void media_timer_cancel (MediaTimer *timer);

/* ---- The 20 ms frame clock; loop thread only. Tickers are spread over the
 * twenty slots of a frame: the first five share one, the next five the next, and
 * from a hundred on each takes the slot with the fewest. @func gets the
 * absolute due time, which grows by exactly 20 ms each call; after a stall of
 * over 200 ms the missed ticks are dropped and the phase is kept. */

typedef struct _MediaTicker MediaTicker;

struct _MediaTicker
{
  MediaTimer timer;
  MediaTimerFunc func;
  gpointer data;
  gint64 due; /* of the next tick */
  gint phase; /* 0..19 ms, -1 = stopped */
};

void media_ticker_start (MediaTicker *ticker, MediaLoop *loop,
    MediaTimerFunc func, gpointer data);
/* The same in the slot of @due, which lies ahead by less than 20 ms: it comes first. */
void media_ticker_start_at (MediaTicker *ticker, MediaLoop *loop, gint64 due,
    MediaTimerFunc func, gpointer data);
void media_ticker_stop (MediaTicker *ticker);

/* ---- File descriptors; loop thread only. @func is called when @fd is readable
 * (level-triggered: read once, come back). */

typedef struct _MediaWatch MediaWatch;

MediaWatch *media_loop_add_fd (MediaLoop *self, gint fd, MediaLoopFunc func,
    gpointer data);
void media_watch_remove (MediaWatch *watch);

VOICE_API_END
G_END_DECLS
