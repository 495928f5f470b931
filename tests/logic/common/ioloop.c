/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/loop/ioloop.h"

#include <string.h>
#include <sys/prctl.h>

typedef struct
{
  IoLoop *loop;
  GMutex lock; /* protects everything below */
  GCond cond;
  GString *log;
} Log;

static void
log_init (Log *log, IoLoop *loop)
{
  *log = (Log){ .loop = loop, .log = g_string_new (NULL) };
}

static void
log_add (Log *log, gchar c)
{
  g_mutex_lock (&log->lock);
  g_string_append_c (log->log, c);
  g_cond_signal (&log->cond);
  g_mutex_unlock (&log->lock);
}

/* Waits for @n entries; there may be more. */
static void
log_wait (Log *log, gsize n)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&log->lock);
  while (log->log->len < n)
    g_assert_true (g_cond_wait_until (&log->cond, &log->lock, end));
  g_mutex_unlock (&log->lock);
}

/* Waits for as many entries and compares all of them. */
static void
log_expect (Log *log, const gchar *expected)
{
  log_wait (log, strlen (expected));
  g_mutex_lock (&log->lock);
  g_assert_cmpstr (log->log->str, ==, expected);
  g_mutex_unlock (&log->lock);
}

static void
log_clear (Log *log)
{
  g_string_free (log->log, TRUE);
}

static void
add_a (gpointer data)
{
  Log *log = data;

  g_assert_true (io_loop_is_current (log->loop));
  g_assert_true (
      g_main_context_get_thread_default () == io_loop_get_context (log->loop));
  log_add (log, 'a');
}

static void
add_b (gpointer data)
{
  log_add (data, 'b');
}

static void
add_end (gpointer data)
{
  log_add (data, '~');
}

static void
add_slowly (gpointer data)
{
  g_usleep (50000);
  log_add (data, 's');
}

static void
nest (gpointer data)
{
  Log *log = data;

  /* Never before it returns, also on the loop itself. */
  io_loop_invoke (log->loop, add_b, log, NULL);
  log_add (log, 'n');
  /* A wait on the loop itself would be for ever: it runs at once. */
  g_assert_true (io_loop_invoke_wait (log->loop, add_a, log, add_end, 0));
}

static void
test_invoke (void)
{
  g_autoptr (IoLoop) loop = io_loop_acquire ("test");
  g_autoptr (IoLoop) same = io_loop_acquire ("test");
  g_autoptr (IoLoop) other = io_loop_acquire ("other");
  Log log;

  g_assert_true (loop == same);
  g_assert_true (loop != other);
  g_assert_false (io_loop_is_current (loop));
  log_init (&log, loop);
  io_loop_invoke (loop, add_a, &log, add_end);
  io_loop_invoke (loop, add_b, &log, NULL);
  io_loop_invoke (loop, add_a, &log, add_end);
  io_loop_invoke (loop, nest, &log, NULL);
  log_expect (&log, "a~ba~na~b");
  log_clear (&log);
}

static void
test_wait (void)
{
  g_autoptr (IoLoop) loop = io_loop_acquire ("wait");
  Log log;

  log_init (&log, loop);
  g_assert_true (io_loop_invoke_wait (loop, add_a, &log, add_end, 5000));
  log_expect (&log, "a~");

  /* Too slow: it goes on to its end without the one who waited. */
  g_assert_false (io_loop_invoke_wait (loop, add_slowly, &log, add_end, 1));
  log_expect (&log, "a~s~");
  g_assert_true (io_loop_invoke_wait (loop, add_a, &log, NULL, 5000));
  log_clear (&log);
}

static gboolean
timed_out (gpointer data)
{
  log_add (data, 't');
  return G_SOURCE_CONTINUE;
}

static void
test_timeout (void)
{
  g_autoptr (IoLoop) loop = io_loop_acquire ("timeout");
  Log log;

  log_init (&log, loop);
  GSource *source = io_loop_add_timeout (loop, 1, timed_out, &log);
  log_wait (&log, 2);
  g_source_destroy (source);
  g_source_unref (source);
  io_loop_invoke_wait (loop, add_slowly, &log, NULL, 5000);
  const gsize n = log.log->len;
  g_usleep (10000);
  g_assert_cmpuint (log.log->len, ==, n);
  log_clear (&log);
}

static void
invoke_more (gpointer data)
{
  Log *log = data;

  log_add (log, 'm');
  io_loop_invoke (log->loop, add_b, log, add_end);
}

static void
test_end (void)
{
  Log log;

  for (guint i = 0; i < 200; i++) {
    IoLoop *loop = io_loop_acquire ("end");

    log_init (&log, loop);
    io_loop_invoke (loop, add_a, &log, NULL);
    io_loop_invoke (loop, invoke_more, &log, NULL);
    io_loop_unref (loop);
    log_expect (&log, "amb~");
    log_clear (&log);
  }
}

static void
drop_last (gpointer data)
{
  Log *log = data;

  io_loop_unref (log->loop);
  log_add (log, 'd');
}

static void
test_unref_on_loop (void)
{
  Log log;

  for (guint i = 0; i < 200; i++) {
    log_init (&log, io_loop_acquire ("own"));
    io_loop_invoke (log.loop, drop_last, &log, add_end);
    log_expect (&log, "d~");
    log_clear (&log);
  }
}

static void
count (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static gpointer
acquire_often (gpointer data)
{
  for (guint i = 0; i < 300; i++) {
    g_autoptr (IoLoop) loop = io_loop_acquire ("race");

    io_loop_invoke (loop, count, data, NULL);
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
  for (guint i = 0; i < 5000 && g_atomic_int_get (&counter) < 1200; i++)
    g_usleep (1000);
  g_assert_cmpint (g_atomic_int_get (&counter), ==, 1200);
}

static void
get_name (gpointer data)
{
  prctl (PR_GET_NAME, data);
}

static void
test_name (void)
{
  g_autoptr (IoLoop) loop = io_loop_acquire ("sip");
  gchar name[16] = "";

  g_assert_true (io_loop_invoke_wait (loop, get_name, name, NULL, 5000));
  g_assert_cmpstr (name, ==, "voice-sip");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ioloop/invoke", test_invoke);
  g_test_add_func ("/ioloop/wait", test_wait);
  g_test_add_func ("/ioloop/timeout", test_timeout);
  g_test_add_func ("/ioloop/end", test_end);
  g_test_add_func ("/ioloop/unref-on-loop", test_unref_on_loop);
  g_test_add_func ("/ioloop/acquire-race", test_acquire_race);
  g_test_add_func ("/ioloop/name", test_name);
  return g_test_run ();
}
