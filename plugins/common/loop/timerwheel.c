/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "timerwheel.h"

#include <string.h>

#define INDEX(slot) ((guint) ((slot) & (TIMER_WHEEL_SLOTS - 1)))
#define BIT(index) (G_GUINT64_CONSTANT (1) << ((index) % 64))

void
timer_wheel_init (TimerWheel *self, gint64 cursor)
{
  memset (self, 0, sizeof (*self));
  self->cursor = cursor;
  for (guint i = 0; i < TIMER_WHEEL_SLOTS; i++)
    self->slots[i].tail = &self->slots[i].head;
}

void
timer_wheel_add (TimerWheel *self, MediaTimer *timer)
{
  const gint64 number = timer_wheel_slot_of (timer->due);
  const guint index = INDEX (number);
  TimerWheelSlot *slot = &self->slots[index];

  if (!slot->head || number < slot->earliest)
    slot->earliest = number;
  timer->next = NULL;
  timer->prev_next = slot->tail;
  *slot->tail = timer;
  slot->tail = &timer->next;
  self->occupied[index / 64] |= BIT (index);
}

void
timer_wheel_remove (TimerWheel *self, MediaTimer *timer)
{
  const guint index = INDEX (timer_wheel_slot_of (timer->due));
  TimerWheelSlot *slot = &self->slots[index];

  *timer->prev_next = timer->next;
  if (timer->next)
    timer->next->prev_next = timer->prev_next;
  else if (slot->tail == &timer->next)
    slot->tail = timer->prev_next;
  timer->next = NULL;
  timer->prev_next = NULL;
  if (!slot->head)
    self->occupied[index / 64] &= ~BIT (index);
}

gint64
timer_wheel_next (const TimerWheel *self)
{
  const gint64 from = self->cursor + 1;
  const guint start = INDEX (from);
  gint64 best = TIMER_WHEEL_NEVER;

  /* The first word is looked at twice: from @start on, at last before it. */
  for (guint i = 0; i <= TIMER_WHEEL_SLOTS / 64; i++) {
    const guint word = (start / 64 + i) % (TIMER_WHEEL_SLOTS / 64);
    guint64 bits = self->occupied[word];

    if (i == 0)
      bits &= ~(BIT (start) - 1);
    else if (i == TIMER_WHEEL_SLOTS / 64)
      bits &= BIT (start) - 1;
    for (; bits; bits &= bits - 1) {
      const guint index = word * 64 + (guint) __builtin_ctzll (bits);
      const gint64 number = self->slots[index].earliest;

      if (number < from + TIMER_WHEEL_SLOTS)
        return number;
      best = MIN (number, best);
    }
  }
  return best;
}

void
timer_wheel_take (TimerWheel *self, gint64 number, MediaTimer **due)
{
  TimerWheelSlot *slot = &self->slots[INDEX (number)];
  MediaTimer *timer = slot->head;
  MediaTimer **tail = due;

  self->cursor = number;
  *due = NULL;
  if (!timer || slot->earliest > number)
    return;
  slot->earliest = TIMER_WHEEL_NEVER;
  while (timer) {
    MediaTimer *next = timer->next;
    const gint64 own = timer_wheel_slot_of (timer->due);

    if (own <= number) {
      timer_wheel_remove (self, timer);
      timer->prev_next = tail;
      *tail = timer;
      tail = &timer->next;
    } else {
      slot->earliest = MIN (slot->earliest, own);
    }
    timer = next;
  }
}

/* Corrects a slot's lower bound; the first timer of slot @number, or NULL. */
static MediaTimer *
timer_wheel_settle (TimerWheel *self, gint64 number)
{
  TimerWheelSlot *slot = &self->slots[INDEX (number)];
  MediaTimer *first = NULL;

  slot->earliest = TIMER_WHEEL_NEVER;
  for (MediaTimer *timer = slot->head; timer; timer = timer->next) {
    const gint64 own = timer_wheel_slot_of (timer->due);

    slot->earliest = MIN (slot->earliest, own);
    if (own == number && (!first || timer->due < first->due))
      first = timer;
  }
  return first;
}

MediaTimer *
timer_wheel_first (TimerWheel *self, gint64 until)
{
  for (;;) {
    const gint64 number = timer_wheel_next (self);

    if (number > timer_wheel_slot_of (until))
      return NULL;
    MediaTimer *first = timer_wheel_settle (self, number);
    if (first)
      return first->due <= until ? first : NULL;
  }
}
