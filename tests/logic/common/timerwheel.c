/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/loop/timerwheel.h"

#define MS MEDIA_LOOP_SLOT
#define N 60

typedef struct
{
  TimerWheel wheel;
  MediaTimer timers[N];
} Wheel;

static void
cancel (Wheel *self, MediaTimer *timer)
{
  if (timer->prev_next)
    timer_wheel_remove (&self->wheel, timer);
  timer->due = -1;
}

static void
arm (Wheel *self, MediaTimer *timer, gint64 due)
{
  cancel (self, timer);
  timer->due = due;
  timer_wheel_add (&self->wheel, timer);
}

/* By looking at every timer. */
static gint64
find_next (const Wheel *self)
{
  gint64 next = TIMER_WHEEL_NEVER;

  for (guint i = 0; i < N; i++)
    if (self->timers[i].due >= 0)
      next = MIN (next, timer_wheel_slot_of (self->timers[i].due));
  return next;
}

/* To be late is to fire late, to be early is to wake for nobody. */
static void
check_next (Wheel *self)
{
  g_assert_cmpint (timer_wheel_next (&self->wheel), ==, find_next (self));
}

/* All that is due fires, and nothing else. */
static guint
take (Wheel *self, gint64 slot)
{
  MediaTimer *due;
  guint n = 0;

  timer_wheel_take (&self->wheel, slot, &due);
  for (; due; n++) {
    MediaTimer *timer = due;

    g_assert_cmpint (timer_wheel_slot_of (timer->due), ==, slot);
    cancel (self, timer);
  }
  for (guint i = 0; i < N; i++)
    g_assert_true (self->timers[i].due < 0 ||
        timer_wheel_slot_of (self->timers[i].due) > slot);
  return n;
}

static gint64
choose_delay (GRand *rand)
{
  const gint64 turn = TIMER_WHEEL_SLOTS * MS;

  switch (g_rand_int_range (rand, 0, 4)) {
    case 0: /* soon */
      return 1 + g_rand_int_range (rand, 0, 5 * (gint) MS);
    case 1: /* the same slot of another turn */
      return 3 * MS + g_rand_int_range (rand, 0, 40) * turn;
    default:
      return 1 + g_rand_int_range (rand, 0, 2 * (gint) turn);
  }
}

static void
change (Wheel *self, GRand *rand, gint64 now)
{
  MediaTimer *timer = &self->timers[g_rand_int_range (rand, 0, N)];

  if (g_rand_int_range (rand, 0, 3) == 0)
    cancel (self, timer);
  else
    arm (self, timer, now + choose_delay (rand));
}

/* Time goes from wake-up to wake-up, as it does for a loop that sleeps. */
static void
test_random (void)
{
  for (guint32 seed = 0; seed < 40; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    Wheel *self = g_new0 (Wheel, 1);
    gint64 slot = g_rand_int_range (rand, 0, 1000);
    guint fired = 0;

    timer_wheel_init (&self->wheel, slot);
    for (guint i = 0; i < N; i++)
      cancel (self, &self->timers[i]);
    for (guint round = 0; round < 2000; round++) {
      for (gint n = g_rand_int_range (rand, 0, 6); n > 0; n--) {
        change (self, rand, slot * MS);
        check_next (self);
      }
      const gint64 next = timer_wheel_next (&self->wheel);
      if (next == TIMER_WHEEL_NEVER || g_rand_boolean (rand))
        continue;
      slot = next;
      const guint n = take (self, slot);
      g_assert_cmpuint (n, >, 0);
      fired += n;
      check_next (self);
    }
    g_assert_cmpuint (fired, >, 100);
    g_free (self);
  }
}

/* As a packet does that comes: the deadline of the next one is put off. Another timer
 * stands in each of its slots, turns later. */
static void
test_put_off (void)
{
  Wheel *self = g_new0 (Wheel, 1);

  timer_wheel_init (&self->wheel, 0);
  for (guint i = 0; i < N; i++)
    cancel (self, &self->timers[i]);
  for (guint i = 1; i < N; i++)
    arm (self, &self->timers[i], (10 * TIMER_WHEEL_SLOTS + 60 + i) * MS);
  for (gint64 i = 0; i < N - 1; i++) {
    arm (self, &self->timers[0], (61 + i) * MS);
    g_assert_cmpint (timer_wheel_next (&self->wheel), ==, 61 + i);
  }
  cancel (self, &self->timers[0]);
  g_assert_cmpint (timer_wheel_next (&self->wheel), ==,
      10 * TIMER_WHEEL_SLOTS + 61);
  g_free (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timerwheel/random", test_random);
  g_test_add_func ("/timerwheel/put-off", test_put_off);
  return g_test_run ();
}
