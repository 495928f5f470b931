/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/loop/medialoop.h"

#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MS MEDIA_LOOP_SLOT

/* ---- Helpers */

typedef struct
{
  MediaTimer timer;
  MediaLoop *loop;
  GString *log;
  gchar name;
  gint64 fired_at;
  gint64 again; /* re-arms itself this much later, if > 0 */
  MediaTimer *cancels;
} Probe;

static void
probe_fired (gint64 now, gpointer data)
{
  Probe *probe = data;

  g_assert_cmpint (now, ==, media_loop_now (probe->loop));
  g_assert_true (media_loop_is_current (probe->loop));
  g_assert_true (media_loop_get_current () == probe->loop);
  g_assert_cmpint (probe->timer.due, ==, -1);
  probe->fired_at = now;
  g_string_append_c (probe->log, probe->name);
  if (probe->cancels)
    media_timer_cancel (probe->cancels);
  if (probe->again > 0)
    media_timer_arm (&probe->timer, now + probe->again);
}

static void
probe_init (Probe *probe, MediaLoop *loop, GString *log, gchar name)
{
  *probe = (Probe){ .loop = loop, .log = log, .name = name };
  media_timer_init (&probe->timer, loop, probe_fired, probe);
}

typedef struct
{
  GMutex lock;
  GCond cond;
  gint count;
} Gate;

static void
gate_open (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->count++;
  g_cond_signal (&gate->cond);
  g_mutex_unlock (&gate->lock);
}

static void
gate_wait (Gate *gate, gint count)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&gate->lock);
  while (gate->count < count)
    g_assert_true (g_cond_wait_until (&gate->cond, &gate->lock, end));
  g_mutex_unlock (&gate->lock);
}

static void
run_on (MediaLoop *loop, MediaLoopFunc func, gpointer data)
{
  Gate gate = { 0 };

  media_loop_invoke (loop, func, data, NULL);
  media_loop_invoke (loop, gate_open, &gate, NULL);
  gate_wait (&gate, 1);
}

/* ---- Manual */

static void
test_manual_order (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (1000 * MS);
  g_autoptr (GString) log = g_string_new (NULL);
  const gint64 start = 1000 * MS;
  /* Later turns of the wheel, one slot, one instant, armed out of order. */
  const gint64 due[] = { 900 * MS, 5 * MS, 3 * MS + 700, 3 * MS + 200, 5 * MS,
    644 * MS, 388 * MS, 5 * MS + 1, 60000 * MS };
  Probe probes[G_N_ELEMENTS (due)];

  for (guint i = 0; i < G_N_ELEMENTS (due); i++) {
    probe_init (&probes[i], loop, log, 'a' + (gchar) i);
    media_timer_arm (&probes[i].timer, start + due[i]);
  }
  media_loop_step (loop, start + 3 * MS + 199);
  g_assert_cmpstr (log->str, ==, "");
  media_loop_step (loop, start + 3 * MS + 200);
  g_assert_cmpstr (log->str, ==, "d");
  media_loop_step (loop, start + 5 * MS);
  g_assert_cmpstr (log->str, ==, "dcbe");
  media_loop_step (loop, start + 70000 * MS);
  g_assert_cmpstr (log->str, ==, "dcbehgfai");
  for (guint i = 0; i < G_N_ELEMENTS (due); i++)
    g_assert_cmpint (probes[i].fired_at, ==, start + due[i]);
  g_assert_cmpint (media_loop_now (loop), ==, start + 70000 * MS);
}

static void
test_manual_rearm (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  g_autoptr (GString) log = g_string_new (NULL);
  Probe a, b, c;

  probe_init (&a, loop, log, 'a');
  probe_init (&b, loop, log, 'b');
  probe_init (&c, loop, log, 'c');
  a.again = 3 * MS;
  b.cancels = &c.timer;
  media_timer_arm (&a.timer, 3 * MS);
  media_timer_arm (&b.timer, 4 * MS);
  media_timer_arm (&c.timer, 4 * MS);
  media_loop_step (loop, 10 * MS);
  g_assert_cmpstr (log->str, ==, "abaa");

  /* In the past: in the next slot, not at once and not never. */
  media_timer_cancel (&a.timer);
  media_timer_cancel (&a.timer);
  g_string_truncate (log, 0);
  b.again = -1;
  media_timer_arm (&b.timer, 2 * MS);
  media_loop_step (loop, 11 * MS - 1);
  g_assert_cmpstr (log->str, ==, "");
  media_loop_step (loop, 11 * MS);
  g_assert_cmpstr (log->str, ==, "b");

  /* Armed again while armed: only the last one counts. */
  media_timer_arm (&b.timer, 20 * MS);
  media_timer_arm (&b.timer, 300 * MS);
  media_timer_arm (&b.timer, 30 * MS);
  media_loop_step (loop, 1000 * MS);
  g_assert_cmpstr (log->str, ==, "bb");
  g_assert_cmpint (b.fired_at, ==, 30 * MS);
}

/* Against a plain list: thousands of timers armed, re-armed and cancelled. */
static void
test_manual_random (void)
{
  enum
  {
    N = 200
  };
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  Probe probes[N];
  gint64 expected[N], now = 0;

  for (guint i = 0; i < N; i++) {
    probe_init (&probes[i], loop, log, 'x');
    expected[i] = -1;
  }
  for (guint round = 0; round < 20000; round++) {
    const guint i = (guint) g_rand_int_range (rand, 0, N);

    if (g_rand_int_range (rand, 0, 4) == 0) {
      media_timer_cancel (&probes[i].timer);
      expected[i] = -1;
    } else {
      expected[i] = now + 1 + g_rand_int_range (rand, 0, 800) * MS / 2;
      media_timer_arm (&probes[i].timer, expected[i]);
    }
    now += g_rand_int_range (rand, 0, 4) * MS / 3;
    media_loop_step (loop, now);
    for (guint k = 0; k < N; k++) {
      if (expected[k] >= 0 && expected[k] <= now) {
        g_assert_cmpint (probes[k].fired_at, ==, expected[k]);
        expected[k] = -1;
      }
      g_assert_cmpint (probes[k].timer.due, ==, expected[k]);
    }
  }
  for (guint i = 0; i < N; i++)
    media_timer_cancel (&probes[i].timer);
}

static void
append_b (gpointer data)
{
  g_string_append_c (data, 'B');
}

typedef struct
{
  MediaLoop *loop;
  GString *log;
} Nested;

static void
append_a_and_invoke_b (gpointer data)
{
  Nested *nested = data;

  g_string_append_c (nested->log, 'A');
  media_loop_invoke (nested->loop, append_b, nested->log, NULL);
  g_string_append_c (nested->log, 'a');
}

static void
invoking_timer (gint64 now, gpointer data)
{
  append_a_and_invoke_b (data);
}

static void
destroyed (gpointer data)
{
  g_string_append_c (((Nested *) data)->log, '~');
}

static void
test_manual_invoke (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  MediaLoop *loop = media_loop_new_manual (0);
  Nested nested = { loop, log };
  MediaTimer timer;
  Probe probe;

  g_assert_true (media_loop_is_current (loop));
  g_assert_null (media_loop_get_current ());
  media_loop_invoke (loop, append_a_and_invoke_b, &nested, destroyed);
  g_assert_cmpstr (log->str, ==, "");
  media_timer_init (&timer, loop, invoking_timer, &nested);
  media_timer_arm (&timer, 2 * MS);
  probe_init (&probe, loop, log, '.');
  media_timer_arm (&probe.timer, 2 * MS);
  media_loop_step (loop, 2 * MS);
  g_assert_cmpstr (log->str, ==, "Aa~BAaB.");

  /* What was invoked before the end runs at the end. */
  media_loop_invoke (loop, append_a_and_invoke_b, &nested, destroyed);
  media_loop_unref (loop);
  g_assert_cmpstr (log->str, ==, "Aa~BAaB.Aa~B");
}

static void
drop_loop (gint64 now, gpointer data)
{
  g_clear_pointer ((MediaLoop **) data, media_loop_unref);
}

static void
test_manual_unref_inside (void)
{
  MediaLoop *loop = media_loop_new_manual (0);
  MediaTimer timer;

  media_timer_init (&timer, loop, drop_loop, &loop);
  media_timer_arm (&timer, MS);
  media_loop_step (loop, 2 * MS);
  g_assert_null (loop);
}

/* ---- Tickers */

typedef struct
{
  MediaTicker ticker;
  MediaLoop *loop;
  gint64 first, last;
  guint n_ticks, stop_after;
} Ticks;

static void
ticked (gint64 due, gpointer data)
{
  Ticks *ticks = data;

  if (ticks->n_ticks++ == 0)
    ticks->first = due;
  else
    g_assert_cmpint (due, ==, ticks->last + MEDIA_LOOP_FRAME);
  g_assert_cmpint (media_loop_now (ticks->loop), >=, due);
  ticks->last = due;
  if (ticks->n_ticks == ticks->stop_after)
    media_ticker_stop (&ticks->ticker);
}

static void
test_ticker_spread (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (12345678);
  Ticks ticks[100] = { 0 };
  guint phases[20] = { 0 };

  for (guint i = 0; i < 100; i++) {
    ticks[i].loop = loop;
    media_ticker_start (&ticks[i].ticker, loop, ticked, &ticks[i]);
    phases[ticks[i].ticker.phase]++;
  }
  for (guint i = 0; i < 20; i++)
    g_assert_cmpuint (phases[i], ==, 5);

  media_loop_step (loop, 12345678 + 100 * MEDIA_LOOP_FRAME);
  for (guint i = 0; i < 100; i++) {
    const gint64 first = ticks[i].first;

    g_assert_cmpuint (ticks[i].n_ticks, ==, 100);
    g_assert_cmpint (first, >, 12345678);
    g_assert_cmpint (first, <=, 12345678 + MEDIA_LOOP_FRAME);
    g_assert_cmpint (first % MEDIA_LOOP_FRAME, ==, ticks[i].ticker.phase * MS);
  }

  /* A place given up is the next one taken; starting twice takes one. */
  media_ticker_stop (&ticks[60].ticker);
  media_ticker_stop (&ticks[60].ticker);
  const gint phase = ticks[62].ticker.phase;
  media_ticker_stop (&ticks[62].ticker);
  ticks[62].n_ticks = 0;
  media_ticker_start (&ticks[62].ticker, loop, ticked, &ticks[62]);
  media_ticker_start (&ticks[62].ticker, loop, ticked, &ticks[62]);
  g_assert_cmpint (ticks[62].ticker.phase, ==, phase);
  ticks[62].stop_after = 3;
  media_loop_step (loop, 12345678 + 110 * MEDIA_LOOP_FRAME);
  g_assert_cmpuint (ticks[62].n_ticks, ==, 3);
  g_assert_cmpuint (ticks[60].n_ticks, ==, 100);
  g_assert_cmpuint (ticks[0].n_ticks, ==, 110);
  for (guint i = 0; i < 100; i++)
    media_ticker_stop (&ticks[i].ticker);
}

/* Each slot that is used is a wake-up: a few take few, and the next one that comes
 * where one has left. */
static void
test_ticker_few (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  Ticks ticks[12] = { 0 };
  guint phases[20] = { 0 };

  for (guint i = 0; i < 12; i++) {
    ticks[i].loop = loop;
    media_ticker_start (&ticks[i].ticker, loop, ticked, &ticks[i]);
    phases[ticks[i].ticker.phase]++;
  }
  for (guint i = 0; i < 20; i++)
    g_assert_cmpuint (phases[i], ==, i < 2 ? 5 : i == 2 ? 2 : 0);
  media_ticker_stop (&ticks[7].ticker);
  media_ticker_start (&ticks[7].ticker, loop, ticked, &ticks[7]);
  g_assert_cmpint (ticks[7].ticker.phase, ==, 1);
  for (guint i = 0; i < 12; i++)
    media_ticker_stop (&ticks[i].ticker);
}

/* In the slot that is wanted, which may be one of the next frame. */
static void
test_ticker_at (void)
{
  const gint64 now = 12345678;

  for (gint64 ahead = 1; ahead < MEDIA_LOOP_FRAME; ahead += 777777) {
    g_autoptr (MediaLoop) loop = media_loop_new_manual (now);
    Ticks ticks = { .loop = loop };
    Ticks other = { .loop = loop };

    media_ticker_start_at (&ticks.ticker, loop, now + ahead, ticked, &ticks);
    media_loop_step (loop, now + MEDIA_LOOP_FRAME + MS);
    g_assert_cmpint (ticks.first, >=, now + ahead);
    g_assert_cmpint (ticks.first, <, now + ahead + MS);
    media_ticker_start (&other.ticker, loop, ticked, &other);
    g_assert_cmpint (other.ticker.phase, ==, ticks.ticker.phase);
    media_ticker_stop (&ticks.ticker);
    media_ticker_stop (&other.ticker);
  }
}

typedef struct
{
  MediaLoop *loop;
  MediaTicker ticker;
  gint64 due[8];
  guint n_ticks;
  gulong stall; /* us, in the third tick */
  Gate gate;
} Stalled;

static void
stalling_tick (gint64 due, gpointer data)
{
  Stalled *stalled = data;

  stalled->due[stalled->n_ticks++] = due;
  if (stalled->n_ticks == 3)
    g_usleep (stalled->stall);
  if (stalled->n_ticks < G_N_ELEMENTS (stalled->due))
    return;
  media_ticker_stop (&stalled->ticker);
  gate_open (&stalled->gate);
}

static void
start_stalling (gpointer data)
{
  Stalled *stalled = data;

  media_ticker_start (&stalled->ticker, stalled->loop, stalling_tick, stalled);
}

static void
run_stalled (Stalled *stalled)
{
  guint64 late;
  gint64 worst;

  stalled->loop = media_loop_acquire (NULL);
  media_loop_invoke (stalled->loop, start_stalling, stalled, NULL);
  gate_wait (&stalled->gate, 1);
  media_loop_get_lateness (stalled->loop, &late, &worst);
  g_assert_cmpuint (late, >, 0);
  g_assert_cmpint (worst, >=, (gint64) stalled->stall * 1000 - 25 * MS);
  media_loop_unref (stalled->loop);
}

static void
test_ticker_short_stall (void)
{
  Stalled stalled = { .stall = 50000 };

  run_stalled (&stalled);
  for (guint i = 1; i < G_N_ELEMENTS (stalled.due); i++)
    g_assert_cmpint (stalled.due[i] - stalled.due[i - 1], ==, MEDIA_LOOP_FRAME);
}

static void
test_ticker_long_stall (void)
{
  Stalled stalled = { .stall = 330000 };

  run_stalled (&stalled);
  const gint64 gap = stalled.due[3] - stalled.due[2];
  g_assert_cmpint (gap, >=, 300 * MS);
  for (guint i = 1; i < G_N_ELEMENTS (stalled.due); i++)
    g_assert_cmpint ((stalled.due[i] - stalled.due[0]) % MEDIA_LOOP_FRAME, ==,
        0);
  g_assert_cmpint (stalled.due[5] - stalled.due[4], ==, MEDIA_LOOP_FRAME);
}

/* ---- Threads */

enum
{
  N_THREADS = 8,
  N_CALLS = 2000
};

typedef struct
{
  MediaLoop *loop;
  gint *counter; /* loop thread only */
  guint last; /* loop thread only: order of this thread's calls */
  Gate *gate;
} Caller;

typedef struct
{
  Caller *caller;
  guint number;
} Call;

static void
called (gpointer data)
{
  Call *call = data;

  g_assert_true (media_loop_is_current (call->caller->loop));
  g_assert_cmpuint (call->number, ==, call->caller->last + 1);
  call->caller->last = call->number;
  if (++*call->caller->counter == N_THREADS * N_CALLS)
    gate_open (call->caller->gate);
}

static gpointer
call_often (gpointer data)
{
  Caller *caller = data;

  for (guint i = 1; i <= N_CALLS; i++) {
    Call *call = g_new (Call, 1);

    *call = (Call){ caller, i };
    media_loop_invoke (caller->loop, called, call, g_free);
    if (i % 100 == 0)
      g_thread_yield ();
  }
  return NULL;
}

static void
test_invoke_threads (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire ("");
  GThread *threads[N_THREADS];
  Caller callers[N_THREADS];
  Gate gate = { 0 };
  gint counter = 0;

  g_assert_false (media_loop_is_current (loop));
  for (guint i = 0; i < N_THREADS; i++) {
    callers[i] = (Caller){ loop, &counter, 0, &gate };
    threads[i] = g_thread_new (NULL, call_often, &callers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  gate_wait (&gate, 1);
  g_assert_cmpint (counter, ==, N_THREADS * N_CALLS);
}

static void
invoke_gate (gpointer data)
{
  media_loop_invoke (media_loop_get_current (), gate_open, data, NULL);
}

/* From the loop itself, which has no other reason to wake up. */
static void
test_invoke_nested (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  Gate gate = { 0 };

  media_loop_invoke (loop, invoke_gate, &gate, NULL);
  gate_wait (&gate, 1);
}

static void
test_invoke_latency (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 20; i++) {
    Gate gate = { 0 };
    const gint64 start = g_get_monotonic_time ();

    media_loop_invoke (loop, gate_open, &gate, NULL);
    gate_wait (&gate, 1);
    const gint64 taken = g_get_monotonic_time () - start;
    best = MIN (best, taken);
    g_usleep (2000);
  }
  g_test_message ("best of 20: %" G_GINT64_FORMAT " us", best);
  g_assert_cmpint (best, <, 5000);
}

static void
count (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static gpointer
acquire_often (gpointer data)
{
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (MediaLoop) loop = media_loop_acquire ("race");
    media_loop_invoke (loop, count, data, NULL);
    if (i % 3 == 0) {
      g_autoptr (MediaLoop) other = media_loop_acquire ("race");
      g_assert_true (other == loop);
    }
  }
  return NULL;
}

static void
test_acquire_race (void)
{
  GThread *threads[4];
  gint counter = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, acquire_often, &counter);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  /* All that was invoked runs, although the loops have ended. */
  for (guint i = 0; i < 5000 && g_atomic_int_get (&counter) < 4000; i++)
    g_usleep (1000);
  g_assert_cmpint (g_atomic_int_get (&counter), ==, 4000);
}

typedef struct
{
  MediaLoop *loop;
  Gate *gate;
} LastRef;

static void
drop_last (gpointer data)
{
  LastRef *last = data;

  g_assert_true (media_loop_is_current (last->loop));
  /* The end is not before this: it still runs. */
  media_loop_invoke (last->loop, gate_open, last->gate, NULL);
  media_loop_unref (last->loop);
}

static void
test_unref_on_loop (void)
{
  for (guint i = 0; i < 100; i++) {
    Gate gate = { 0 };
    LastRef last = { media_loop_acquire (i % 2 ? "last" : NULL), &gate };

    media_loop_invoke (last.loop, drop_last, &last, NULL);
    gate_wait (&gate, 1);
  }
}

static void
get_current (gpointer data)
{
  *(MediaLoop **) data = media_loop_get_current ();
}

static void
test_two_loops (void)
{
  g_autoptr (MediaLoop) a = media_loop_acquire ("a");
  g_autoptr (MediaLoop) again = media_loop_acquire ("a");
  g_autoptr (MediaLoop) b = media_loop_acquire ("b");
  g_autoptr (MediaLoop) own = media_loop_acquire (NULL);
  g_autoptr (MediaLoop) own_too = media_loop_acquire (NULL);
  MediaLoop *on_a = NULL, *on_b = NULL;

  g_assert_true (a == again);
  g_assert_true (a != b && own != own_too && own != a);
  g_assert_false (media_loop_is_manual (a));
  run_on (a, get_current, &on_a);
  run_on (b, get_current, &on_b);
  g_assert_true (on_a == a && on_b == b);
}

typedef struct
{
  MediaLoop *loop;
  MediaTimer timer;
  gint64 armed_at, due, fired_at;
  Gate gate;
} Precise;

static void
precise_fired (gint64 now, gpointer data)
{
  Precise *precise = data;

  precise->fired_at = now;
  gate_open (&precise->gate);
}

static void
precise_arm (gpointer data)
{
  Precise *precise = data;

  media_timer_init (&precise->timer, precise->loop, precise_fired, precise);
  precise->armed_at = media_loop_now (precise->loop);
  precise->due += precise->armed_at;
  media_timer_arm (&precise->timer, precise->due);
}

static void
test_timer_real (void)
{
  const gint64 delays[] = { -5 * MS, 0, 300000, 7 * MS, 30 * MS, 300 * MS };

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
    Precise precise = { .loop = loop, .due = delays[i] };

    media_loop_invoke (loop, precise_arm, &precise, NULL);
    gate_wait (&precise.gate, 1);
    g_assert_cmpint (precise.fired_at, >=, precise.due);
    g_assert_cmpint (precise.fired_at, >, precise.armed_at);
    g_assert_cmpint (precise.fired_at, <, precise.due + 200 * MS);
  }
}

/* ---- File descriptors */

typedef struct
{
  MediaLoop *loop;
  gint fds[4];
  MediaWatch *watches[4];
  guint n_calls, added;
  gboolean once;
  Gate gate;
} Watched;

/* Whichever comes first removes all, itself among them. */
static void
readable (gpointer data)
{
  Watched *watched = data;

  watched->n_calls++;
  for (guint i = 0; i < 4; i++)
    g_clear_pointer (&watched->watches[i], media_watch_remove);
  gate_open (&watched->gate);
}

static void
watch_all (gpointer data)
{
  Watched *watched = data;

  for (guint i = 0; i < 4; i++) {
    watched->fds[i] = eventfd (1, EFD_CLOEXEC | EFD_NONBLOCK);
    watched->watches[i] =
        media_loop_add_fd (watched->loop, watched->fds[i], readable, watched);
  }
}

static void
test_watch_remove_in_batch (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  Watched watched = { .loop = loop };

  media_loop_invoke (loop, watch_all, &watched, NULL);
  gate_wait (&watched.gate, 1);
  g_usleep (5000);
  run_on (loop, gate_open, &watched.gate);
  g_assert_cmpuint (watched.n_calls, ==, 1);
  for (guint i = 0; i < 4; i++)
    close (watched.fds[i]);
}

static void
test_watch_manual (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (0);
  Watched watched = { .loop = loop };

  watch_all (&watched);
  g_assert_cmpuint (watched.n_calls, ==, 0);
  media_loop_step (loop, MS);
  g_assert_cmpuint (watched.n_calls, ==, 1);
  for (guint i = 0; i < 4; i++)
    close (watched.fds[i]);
}

/* Level-triggered: what is not read comes back, and nothing comes after. */
static void
read_one (gpointer data)
{
  Watched *watched = data;
  eventfd_t value;

  g_assert_cmpint (eventfd_read (watched->fds[0], &value), ==, 0);
  if (++watched->n_calls < 5)
    return;
  g_clear_pointer (&watched->watches[0], media_watch_remove);
  gate_open (&watched->gate);
}

static void
watch_one (gpointer data)
{
  Watched *watched = data;

  watched->watches[0] =
      media_loop_add_fd (watched->loop, watched->fds[0], read_one, watched);
}

static void
test_watch_level (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  Watched watched = { .loop = loop };

  watched.fds[0] = eventfd (5, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
  media_loop_invoke (loop, watch_one, &watched, NULL);
  gate_wait (&watched.gate, 1);
  close (watched.fds[0]);
}

/* ---- Idle */

static void
get_switches (gpointer data)
{
  g_autofree gchar *status = NULL;

  g_file_get_contents ("/proc/thread-self/status", &status, NULL, NULL);
  const gchar *line =
      status ? strstr (status, "\nvoluntary_ctxt_switches:") : NULL;
  if (line)
    sscanf (line, "\nvoluntary_ctxt_switches: %u", (guint *) data);
}

static void
test_idle (void)
{
  g_autoptr (MediaLoop) loop = media_loop_acquire (NULL);
  guint before = 0, after = 0;

  run_on (loop, get_switches, &before);
  g_usleep (300000);
  run_on (loop, get_switches, &after);
  /* Two waits of run_on() and no more (one may be cut in two by a slot). */
  g_assert_cmpuint (after - before, <=, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/medialoop/manual/order", test_manual_order);
  g_test_add_func ("/medialoop/manual/rearm", test_manual_rearm);
  g_test_add_func ("/medialoop/manual/random", test_manual_random);
  g_test_add_func ("/medialoop/manual/invoke", test_manual_invoke);
  g_test_add_func ("/medialoop/manual/unref-inside", test_manual_unref_inside);
  g_test_add_func ("/medialoop/ticker/spread", test_ticker_spread);
  g_test_add_func ("/medialoop/ticker/few", test_ticker_few);
  g_test_add_func ("/medialoop/ticker/at", test_ticker_at);
  g_test_add_func ("/medialoop/ticker/short-stall", test_ticker_short_stall);
  g_test_add_func ("/medialoop/ticker/long-stall", test_ticker_long_stall);
  g_test_add_func ("/medialoop/invoke/threads", test_invoke_threads);
  g_test_add_func ("/medialoop/invoke/nested", test_invoke_nested);
  g_test_add_func ("/medialoop/invoke/latency", test_invoke_latency);
  g_test_add_func ("/medialoop/life/acquire-race", test_acquire_race);
  g_test_add_func ("/medialoop/life/unref-on-loop", test_unref_on_loop);
  g_test_add_func ("/medialoop/life/two-loops", test_two_loops);
  g_test_add_func ("/medialoop/timer/real", test_timer_real);
  g_test_add_func ("/medialoop/watch/remove-in-batch",
      test_watch_remove_in_batch);
  g_test_add_func ("/medialoop/watch/manual", test_watch_manual);
  g_test_add_func ("/medialoop/watch/level", test_watch_level);
  g_test_add_func ("/medialoop/idle", test_idle);
  return g_test_run ();
}
