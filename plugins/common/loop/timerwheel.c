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

static void
note_slot (TimerWheelSlot *slot, gint64 number)
{
  if (number < slot->earliest) {
    slot->earliest = number;
    slot->n_earliest = 1;
  } else if (number == slot->earliest) {
    slot->n_earliest++;
  }
}

void
timer_wheel_add (TimerWheel *self, MediaTimer *timer)
{
  const gint64 number = timer_wheel_slot_of (timer->due);
  const guint index = INDEX (number);
  TimerWheelSlot *slot = &self->slots[index];

  if (!slot->head)
    slot->earliest = TIMER_WHEEL_NEVER;
  note_slot (slot, number);
  timer->next = NULL;
  timer->prev_next = slot->tail;
  *slot->tail = timer;
  slot->tail = &timer->next;
  self->occupied[index / 64] |= BIT (index);
}

void
timer_wheel_remove (TimerWheel *self, MediaTimer *timer)
{
  const gint64 number = timer_wheel_slot_of (timer->due);
  const guint index = INDEX (number);
  TimerWheelSlot *slot = &self->slots[index];

  if (number == slot->earliest && slot->n_earliest > 0)
    slot->n_earliest--;
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

/* The first timer of slot @number, or NULL; the slot's bound is exact again. */
static MediaTimer *
settle (TimerWheelSlot *slot, gint64 number)
{
  MediaTimer *first = NULL;

  slot->earliest = TIMER_WHEEL_NEVER;
  slot->n_earliest = 0;
  for (MediaTimer *timer = slot->head; timer; timer = timer->next) {
    const gint64 own = timer_wheel_slot_of (timer->due);

    note_slot (slot, own);
    if (own == number && (!first || timer->due < first->due))
      first = timer;
  }
  return first;
}

/* Slots whose first timer was cancelled are walked again: to wake for nobody costs
 * more. */
gint64
timer_wheel_next (TimerWheel *self)
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
      TimerWheelSlot *slot = &self->slots[index];

      if (slot->n_earliest == 0)
        settle (slot, 0);
      const gint64 number = slot->earliest;
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
  slot->n_earliest = 0;
  while (timer) {
    MediaTimer *next = timer->next;
    const gint64 own = timer_wheel_slot_of (timer->due);

    if (own <= number) {
      timer_wheel_remove (self, timer);
      timer->prev_next = tail;
      *tail = timer;
      tail = &timer->next;
    } else {
      note_slot (slot, own);
    }
    timer = next;
  }
}

MediaTimer *
timer_wheel_first (TimerWheel *self, gint64 until)
{
  for (;;) {
    const gint64 number = timer_wheel_next (self);

    if (number > timer_wheel_slot_of (until))
      return NULL;
    MediaTimer *first = settle (&self->slots[INDEX (number)], number);
    if (first)
      return first->due <= until ? first : NULL;
  }
}
