/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/records/logwriter.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROOM 10000

static gchar *folder, *path;
static gint n_told; /* sentences */

static void
on_trouble (const gchar *sentence)
{
  g_atomic_int_inc (&n_told);
}

static LogWriter *
open_writer (const gchar *file)
{
  g_autoptr (GError) error = NULL;
  LogWriter *writer = log_writer_new (file, ROOM, on_trouble, &error);

  g_assert_no_error (error);
  g_atomic_int_set (&n_told, 0);
  return writer;
}

static void
assert_text (const gchar *file, const gchar *expected)
{
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
wait_for_size (const gchar *file, goffset size)
{
  GStatBuf facts;

  while (g_stat (file, &facts) < 0 || facts.st_size < size)
    g_usleep (1000);
}

static void
test_lines (void)
{
  LogWriter *writer = open_writer (path);

  log_writer_push (writer, g_strdup ("one"));
  log_writer_push (writer, g_strdup (""));
  log_writer_push (writer, g_strdup ("three"));
  log_writer_free (writer);
  assert_text (path, "one\n\nthree\n");
  writer = open_writer (path);
  log_writer_push (writer, g_strdup ("four"));
  log_writer_free (writer);
  assert_text (path, "one\n\nthree\nfour\n");
  g_assert_cmpint (n_told, ==, 0);
  g_unlink (path);
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (log_writer_new (folder, ROOM, on_trouble, &error));
  g_assert_true (g_str_has_prefix (error->message, folder));
}

static void
test_reopen (void)
{
  g_autofree gchar *old = g_strconcat (path, ".1", NULL);
  LogWriter *writer = open_writer (path);

  log_writer_push (writer, g_strdup ("before"));
  wait_for_size (path, 7);
  g_rename (path, old);
  log_writer_reopen (writer);
  wait_for_size (path, 0);
  log_writer_push (writer, g_strdup ("after"));
  log_writer_free (writer);
  assert_text (old, "before\n");
  assert_text (path, "after\n");
  g_unlink (old);
  g_unlink (path);
}

/* Is told once, and again when it had got better. */
static void
test_full_disk (void)
{
  g_autofree gchar *link = g_build_filename (folder, "link", NULL);

  g_assert_cmpint (symlink ("/dev/full", link), ==, 0);
  LogWriter *writer = open_writer (link);
  for (guint round = 1; round <= 2; round++) {
    log_writer_push (writer, g_strdup ("lost"));
    log_writer_push (writer, g_strdup ("lost"));
    while (log_writer_get_lost (writer) < 2 * round)
      g_usleep (1000);
    g_unlink (link);
    log_writer_reopen (writer);
    wait_for_size (link, 0);
    log_writer_push (writer, g_strdup ("written"));
    wait_for_size (link, 8);
    assert_text (link, "written\n");
    g_unlink (link);
    g_assert_cmpint (symlink ("/dev/full", link), ==, 0);
    log_writer_reopen (writer);
  }
  log_writer_free (writer);
  g_assert_cmpint (n_told, ==, 2);
  g_unlink (link);
}

static void
limit_size (rlim_t size)
{
  struct rlimit limit;

  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = size;
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* No line is glued to what got out of the one before. */
static void
test_partial (void)
{
  LogWriter *writer = open_writer (path);

  signal (SIGXFSZ, SIG_IGN);
  limit_size (8);
  log_writer_push (writer, g_strdup ("first"));
  log_writer_push (writer, g_strdup ("second"));
  while (log_writer_get_lost (writer) < 1)
    g_usleep (1000);
  limit_size (RLIM_INFINITY);
  log_writer_push (writer, g_strdup ("third"));
  log_writer_free (writer);
  assert_text (path, "first\nse\nthird\n");
  g_assert_cmpint (n_told, ==, 1);
  g_unlink (path);
}

/* A pipe that nobody reads; then somebody does. */
static void
test_slow_reader (void)
{
  const guint n = 20000, length = 99;
  gint ends[2];
  g_autofree gchar *line = g_strnfill (length, 'x');
  gchar text[4000];
  gssize got;
  gsize total = 0;

  g_assert_cmpint (pipe (ends), ==, 0);
  g_autofree gchar *file = g_strdup_printf ("/proc/self/fd/%d", ends[1]);
  LogWriter *writer = open_writer (file);
  close (ends[1]);
  for (guint i = 0; i < n; i++)
    log_writer_push (writer, g_strdup (line));
  guint64 lost = log_writer_get_lost (writer);
  g_assert_cmpuint (lost, >, 0);
  g_assert_cmpint (n_told, >=, 1);
  log_writer_stop (writer);
  fcntl (ends[0], F_SETFL, O_NONBLOCK);
  do {
    got = read (ends[0], text, sizeof text);
    for (gssize i = 0; i < got; i++, total++)
      g_assert_cmpint (text[i], ==,
          total % (length + 1) == length ? '\n' : 'x');
  } while (got > 0 || total < (n - lost) * (length + 1));
  g_assert_cmpuint (total, ==, (n - lost) * (length + 1));
  log_writer_free (writer);
  close (ends[0]);
}

/* Nobody ever reads: the end comes nevertheless. */
static void
test_stuck (void)
{
  gint ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_autofree gchar *file = g_strdup_printf ("/proc/self/fd/%d", ends[1]);
  LogWriter *writer = open_writer (file);
  fcntl (ends[1], F_SETFL, O_NONBLOCK);
  while (write (ends[1], "x", 1) == 1)
    ;
  log_writer_push (writer, g_strdup ("one"));
  log_writer_push (writer, g_strdup ("two"));
  gint64 start = g_get_monotonic_time ();
  log_writer_free (writer);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (n_told, >=, 1);
  close (ends[0]);
  close (ends[1]);
}

/* Whoever read is gone. */
static void
test_no_reader (void)
{
  gint ends[2];

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (ends), ==, 0);
  g_autofree gchar *file = g_strdup_printf ("/proc/self/fd/%d", ends[1]);
  LogWriter *writer = open_writer (file);
  close (ends[0]);
  log_writer_push (writer, g_strdup ("x"));
  while (!log_writer_get_lost (writer))
    g_usleep (1000);
  log_writer_free (writer);
  g_assert_cmpint (n_told, ==, 1);
  close (ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp (NULL, NULL);
  path = g_build_filename (folder, "log.json", NULL);
  g_test_add_func ("/logwriter/lines", test_lines);
  g_test_add_func ("/logwriter/no-file", test_no_file);
  g_test_add_func ("/logwriter/reopen", test_reopen);
  g_test_add_func ("/logwriter/full-disk", test_full_disk);
  g_test_add_func ("/logwriter/partial", test_partial);
  g_test_add_func ("/logwriter/slow-reader", test_slow_reader);
  g_test_add_func ("/logwriter/stuck", test_stuck);
  g_test_add_func ("/logwriter/no-reader", test_no_reader);
  gint code = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  g_free (path);
  return code;
}
