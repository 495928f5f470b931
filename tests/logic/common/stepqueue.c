/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Steps are done in the order in which they were decided, by one thread at a time, under
 * no lock, each of them once: whoever decides, and whatever a step leads to. */

#include "common/loop/stepqueue.h"

#define N_THREADS 4
#define N_DECISIONS 60 /* of each thread */
#define N_SEEDS 100
#define SOON 10000 /* ms */

/* Something that begins and ends. */
typedef struct
{
  StepQueue queue;
  gint inside; /* atomic: steps under way */

  GMutex lock; /* protects what follows */
  gboolean on; /* as decided */
  guint n_decided;

  /* Who does steps only: no lock. */
  GArray *done; /* Step */
  gboolean is_on; /* as told */
  GRand *rand; /* NULL: steps take no time */
} Thing;

typedef struct _Step Step;
struct _Step
{
  guint number; /* of the decision, from 0 */
  gboolean begins;
  void (*func) (Thing *thing); /* or NULL */
};

static void
lock_and_unlock (Thing *thing)
{
  g_mutex_lock (&thing->lock); /* would hang if it was held */
  g_mutex_unlock (&thing->lock);
}

static void
run_step (gpointer data, gpointer owner)
{
  const Step *step = data;
  Thing *thing = owner;

  g_assert_cmpint (g_atomic_int_add (&thing->inside, 1), ==, 0);
  lock_and_unlock (thing);
  g_array_append_val (thing->done, *step);
  g_assert_true (thing->is_on != step->begins);
  thing->is_on = step->begins;
  if (thing->rand && g_rand_int_range (thing->rand, 0, 4) == 0)
    g_thread_yield ();
  if (step->func)
    step->func (thing);
  g_atomic_int_add (&thing->inside, -1);
}

static Thing *
thing_new (void)
{
  Thing *self = g_new0 (Thing, 1);

  g_mutex_init (&self->lock);
  step_queue_init (&self->queue, &self->lock, run_step, g_free, self);
  self->done = g_array_new (FALSE, FALSE, sizeof (Step));
  return self;
}

static void
thing_free (Thing *self)
{
  step_queue_clear (&self->queue);
  g_array_unref (self->done);
  g_clear_pointer (&self->rand, g_rand_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Begins what has ended, and ends what has begun. */
static void
decide (Thing *self, void (*func) (Thing *))
{
  Step *step = g_new (Step, 1);

  g_mutex_lock (&self->lock);
  self->on = !self->on;
  *step = (Step){ self->n_decided++, self->on, func };
  step_queue_add_unlocked (&self->queue, step);
  g_mutex_unlock (&self->lock);
}

static void
assert_done (Thing *self, guint n)
{
  g_assert_cmpuint (self->done->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_array_index (self->done, Step, i).number, ==, i);
  g_mutex_lock (&self->lock);
  g_assert_true (step_queue_is_empty_unlocked (&self->queue));
  g_mutex_unlock (&self->lock);
}

static void
test_order (void)
{
  Thing *self = thing_new ();

  decide (self, NULL);
  decide (self, NULL);
  decide (self, NULL);
  g_mutex_lock (&self->lock);
  g_assert_false (step_queue_is_empty_unlocked (&self->queue));
  g_mutex_unlock (&self->lock);
  g_assert_cmpuint (self->done->len, ==, 0);
  step_queue_run (&self->queue);
  assert_done (self, 3);
  thing_free (self);
}

/* ---- From within a step */

static void
end_it (Thing *self)
{
  decide (self, NULL);
  step_queue_run (&self->queue);
  g_assert_cmpuint (self->done->len, ==, 1);
  g_assert_false (step_queue_finish (&self->queue, SOON));
  g_assert_cmpuint (self->done->len, ==, 1);
}

static void
test_within (void)
{
  Thing *self = thing_new ();

  decide (self, end_it);
  g_assert_true (step_queue_finish (&self->queue, SOON));
  assert_done (self, 2);
  thing_free (self);
}

/* ---- Waiting */

static gint gate; /* atomic: 1: somebody is at it, 2: and may go on */

static void
pass_gate (Thing *self)
{
  g_atomic_int_set (&gate, 1);
  while (g_atomic_int_get (&gate) != 2)
    g_thread_yield ();
}

static gpointer
run_queue (gpointer data)
{
  step_queue_run (&((Thing *) data)->queue);
  return NULL;
}

static void
test_wait (void)
{
  Thing *self = thing_new ();

  g_atomic_int_set (&gate, 0);
  decide (self, pass_gate);
  GThread *thread = g_thread_new ("run", run_queue, self);
  while (g_atomic_int_get (&gate) != 1)
    g_thread_yield ();
  decide (self, NULL);
  step_queue_run (&self->queue); /* waits for nothing */
  g_assert_false (step_queue_finish (&self->queue, 1));
  g_atomic_int_set (&gate, 2);
  g_assert_true (step_queue_finish (&self->queue, SOON));
  g_thread_join (thread);
  assert_done (self, 2);
  thing_free (self);
}

/* What is left when the owner goes is freed, and not done. */
static void
test_dropped (void)
{
  Thing *self = thing_new ();

  decide (self, NULL);
  decide (self, NULL);
  thing_free (self);
}

/* ---- Many threads */

typedef struct
{
  Thing *thing;
  guint32 seed;
} Decider;

static gpointer
decide_at_random (gpointer data)
{
  const Decider *self = data;
  StepQueue *queue = &self->thing->queue;
  g_autoptr (GRand) rand = g_rand_new_with_seed (self->seed);

  for (guint i = 0; i < N_DECISIONS; i++) {
    const gint how = g_rand_int_range (rand, 0, 8);
    decide (self->thing, how == 0 ? lock_and_unlock : NULL);
    if (how < 2)
      g_thread_yield ();
    if (how == 2)
      g_assert_true (step_queue_finish (queue, SOON));
    else if (how > 3 || i == N_DECISIONS - 1)
      step_queue_run (queue);
  }
  return NULL;
}

static void
run_seed (guint32 seed)
{
  Thing *self = thing_new ();
  Decider deciders[N_THREADS];
  GThread *threads[N_THREADS];

  g_test_message ("seed %u", seed);
  self->rand = g_rand_new_with_seed (seed);
  for (guint i = 0; i < N_THREADS; i++) {
    deciders[i] = (Decider){ self, seed * N_THREADS + i };
    threads[i] = g_thread_new ("decide", decide_at_random, &deciders[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  /* An even number of decisions: each begin has its end. */
  assert_done (self, N_THREADS * N_DECISIONS);
  g_assert_false (self->is_on);
  thing_free (self);
}

static void
test_random (void)
{
  for (guint32 seed = 0; seed < N_SEEDS; seed++)
    run_seed (seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stepqueue/order", test_order);
  g_test_add_func ("/stepqueue/within", test_within);
  g_test_add_func ("/stepqueue/wait", test_wait);
  g_test_add_func ("/stepqueue/dropped", test_dropped);
  g_test_add_func ("/stepqueue/random", test_random);
  return g_test_run ();
}
