/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "speechpool.h"

typedef struct
{
  SpeechPoolPriority priority;
  guint64 number; /* first come, first served */
  SpeechPoolFunc func;
  gpointer data;
} Task;

static gint pending; /* tasks, atomic */

static void
run (gpointer data, gpointer unused)
{
  Task task = *(Task *) data;

  g_free (data);
  task.func (task.data);
  g_atomic_int_add (&pending, -1);
}

static gint
compare (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Task *one = a, *other = b;

  if (one->priority != other->priority)
    return one->priority < other->priority ? -1 : 1;
  return one->number < other->number ? -1 : one->number > other->number;
}

guint
speech_pool_get_size (void)
{
  return 2 * g_get_num_processors ();
}

static gpointer
make_pool (gpointer unused)
{
  GThreadPool *pool = g_thread_pool_new (run, NULL,
      (gint) speech_pool_get_size (), FALSE, NULL);

  g_thread_pool_set_sort_function (pool, compare, NULL);
  return pool;
}

void
speech_pool_push (SpeechPoolPriority priority, SpeechPoolFunc func,
    gpointer data)
{
  static GOnce once = G_ONCE_INIT;
  static guint64 number; /* only orders: a tie does no harm */
  Task *task = g_new (Task, 1);

  *task = (Task){ priority, __atomic_add_fetch (&number, 1, __ATOMIC_RELAXED),
    func, data };
  g_atomic_int_inc (&pending);
  g_thread_pool_push (g_once (&once, make_pool, NULL), task, NULL);
}

void
speech_pool_wait (void)
{
  while (g_atomic_int_get (&pending))
    g_usleep (100);
}
