/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mediatimer.h"

G_BEGIN_DECLS

/* The timers of one media loop: a wheel of 1 ms slots. Slot s holds what is due
 * in ((s-1) ms, s ms], so that a slot begun on time is never early. Timers of
 * later turns of the wheel stand in the same lists. Private to the loop. */

#define TIMER_WHEEL_SLOTS 256
#define TIMER_WHEEL_NEVER G_MAXINT64

typedef struct
{
  MediaTimer *head, **tail; /* in order of arming */
  gint64 earliest; /* slot number; if n_earliest is 0, a lower bound */
  guint
      n_earliest; /* timers of it, 0: to be looked for (a cancel leaves that) */
} TimerWheelSlot;

typedef struct
{
  gint64 cursor; /* everything up to this slot number is done */
  guint64 occupied[TIMER_WHEEL_SLOTS / 64];
  TimerWheelSlot slots[TIMER_WHEEL_SLOTS];
} TimerWheel;

/* The slot number of @time. */
static inline gint64
timer_wheel_slot_of (gint64 time)
{
  return (time + MEDIA_LOOP_SLOT - 1) / MEDIA_LOOP_SLOT;
}

void timer_wheel_init (TimerWheel *self, gint64 cursor);
/* @timer->due must lie behind the cursor. */
void timer_wheel_add (TimerWheel *self, MediaTimer *timer);
/* Also while the timer stands in a list of timer_wheel_take(). */
void timer_wheel_remove (TimerWheel *self, MediaTimer *timer);
/* The next slot in which a timer is due, TIMER_WHEEL_NEVER if nothing is armed. */
gint64 timer_wheel_next (TimerWheel *self);
/* Moves the cursor to @slot and all that is due there to @due, in order. */
void timer_wheel_take (TimerWheel *self, gint64 slot, MediaTimer **due);
/* The timer that is due first, and not after @until; or NULL. */
MediaTimer *timer_wheel_first (TimerWheel *self, gint64 until);

G_END_DECLS
