/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "medialoopprivate.h"

#define STALL (10 * MEDIA_LOOP_FRAME)

void
media_timer_init (MediaTimer *timer, MediaLoop *loop, MediaTimerFunc func,
    gpointer data)
{
  *timer = (MediaTimer){ .loop = loop, .func = func, .data = data, .due = -1 };
}

static void
arm (MediaTimer *timer, gint64 due)
{
  media_timer_cancel (timer);
  timer->due = due;
  timer_wheel_add (&timer->loop->wheel, timer);
}

void
media_timer_arm (MediaTimer *timer, gint64 due)
{
  const gint64 now = timer->loop->now;

  arm (timer, due > now ? due : (now / MEDIA_LOOP_SLOT + 1) * MEDIA_LOOP_SLOT);
}

void
media_timer_cancel (MediaTimer *timer)
{
  if (!timer->prev_next)
    return;
  timer_wheel_remove (&timer->loop->wheel, timer);
  timer->due = -1;
}

static void
tick (gint64 now, gpointer data)
{
  MediaTicker *ticker = data;
  const gint64 late = now - ticker->due;

  if (late > STALL)
    ticker->due += late / MEDIA_LOOP_FRAME * MEDIA_LOOP_FRAME;
  const gint64 due = ticker->due;
  ticker->due += MEDIA_LOOP_FRAME;
  /* Perhaps in the past: after a short stall all ticks come, in order. */
  arm (&ticker->timer, ticker->due);
  ticker->func (due, ticker->data);
}

/* Is @a the better slot? Those are filled one by one that have some, so that a loop
 * of few tickers wakes seldom; then all of them evenly. */
static gboolean
is_better (guint a, guint b)
{
  const gboolean a_shares = a > 0 && a < MEDIA_LOOP_SHARED;
  const gboolean b_shares = b > 0 && b < MEDIA_LOOP_SHARED;

  return a_shares != b_shares ? a_shares : a_shares ? a > b : a < b;
}

static gint
choose_phase (const MediaLoop *loop)
{
  gint phase = 0;

  for (gint i = 1; i < MEDIA_LOOP_PHASES; i++)
    if (is_better (loop->phases[i], loop->phases[phase]))
      phase = i;
  return phase;
}

static void
start (MediaTicker *ticker, MediaLoop *loop, gint phase, MediaTimerFunc func,
    gpointer data)
{
  loop->phases[phase]++;
  media_timer_init (&ticker->timer, loop, tick, ticker);
  ticker->func = func;
  ticker->data = data;
  ticker->phase = phase;
  ticker->due =
      loop->now / MEDIA_LOOP_FRAME * MEDIA_LOOP_FRAME + phase * MEDIA_LOOP_SLOT;
  if (ticker->due <= loop->now)
    ticker->due += MEDIA_LOOP_FRAME;
  media_timer_arm (&ticker->timer, ticker->due);
}

void
media_ticker_start (MediaTicker *ticker, MediaLoop *loop, MediaTimerFunc func,
    gpointer data)
{
  media_ticker_stop (ticker);
  start (ticker, loop, choose_phase (loop), func, data);
}

void
media_ticker_start_at (MediaTicker *ticker, MediaLoop *loop, gint64 due,
    MediaTimerFunc func, gpointer data)
{
  const gint64 slot = timer_wheel_slot_of (due);

  media_ticker_stop (ticker);
  start (ticker, loop, (gint) (slot % MEDIA_LOOP_PHASES), func, data);
}

void
media_ticker_stop (MediaTicker *ticker)
{
  if (!ticker->timer.loop || ticker->phase < 0)
    return;
  media_timer_cancel (&ticker->timer);
  ticker->timer.loop->phases[ticker->phase]--;
  ticker->phase = -1;
}
