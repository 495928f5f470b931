/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "logwriter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* For what waits at the end. */
#define FLUSH_TIME G_TIME_SPAN_SECOND
/* A pipe that nobody reads is looked at so often, for the end may have come. */
#define PATIENCE 100 /* ms */

struct _LogWriter
{
  /* Set when made, never changed: read freely. */
  gchar *path; /* NULL: standard output */
  gsize room;
  LogWriterTell tell;
  GThread *thread;

  /* The thread only: no lock. */
  gint fd;
  gboolean partial; /* the last row in the file has no end */
  gboolean failing; /* and that was told */

  GMutex lock; /* protects everything below */
  GCond changed;
  GQueue rows; /* gchar* that wait */
  gsize waiting; /* their bytes */
  gboolean full; /* and that was told */
  gboolean reopen;
  gint64 deadline; /* monotonic, 0: there will be more */
  guint64 lost;
};

G_GNUC_PRINTF (2, 3)
static void
tell (LogWriter *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *sentence = g_strdup_vprintf (format, args);
  va_end (args);
  self->tell (sentence);
}

static gchar *
dup_name (const LogWriter *self)
{
  return self->path ? g_filename_display_name (self->path)
                    : g_strdup ("Standard output");
}

/* ---- The thread */

static void
count_lost (LogWriter *self, guint n)
{
  g_mutex_lock (&self->lock);
  self->lost += n;
  g_mutex_unlock (&self->lock);
}

static gboolean
is_late_unlocked (const LogWriter *self)
{
  return self->deadline && g_get_monotonic_time () >= self->deadline;
}

static gboolean
is_late (LogWriter *self)
{
  g_mutex_lock (&self->lock);
  gboolean late = is_late_unlocked (self);
  g_mutex_unlock (&self->lock);
  return late;
}

/* The bytes that got out, less than @size: errno says why. As much as a pipe takes
 * whole, so that writing does not block when poll() has said so. */
static gsize
write_bytes (LogWriter *self, const gchar *bytes, gsize size)
{
  struct pollfd out = { self->fd, POLLOUT, 0 };
  gsize done = 0;

  while (done < size) {
    if (poll (&out, 1, PATIENCE) <= 0) {
      errno = ETIMEDOUT;
      if (is_late (self))
        break;
      continue;
    }
    gssize n = write (self->fd, bytes + done, MIN (size - done, PIPE_BUF));
    if (n >= 0)
      done += (gsize) n;
    else if (errno != EINTR && errno != EAGAIN)
      break;
  }
  return done;
}

static void
write_row (LogWriter *self, const gchar *row)
{
  g_autofree gchar *text =
      g_strconcat (self->partial ? "\n" : "", row, "\n", NULL);
  gsize size = strlen (text);
  gsize done = write_bytes (self, text, size);

  if (done)
    self->partial = text[done - 1] != '\n';
  if (done == size) {
    self->failing = FALSE;
    return;
  }
  const gchar *reason = g_strerror (errno);
  count_lost (self, 1);
  if (self->failing)
    return;
  self->failing = TRUE;
  g_autofree gchar *name = dup_name (self);
  tell (self, "%s cannot be written: %s.", name, reason);
}

static gint
open_file (const gchar *path)
{
  return open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
      0666);
}

/* Better the old file than none. */
static void
open_again (LogWriter *self)
{
  struct stat facts;
  gint fd = self->path ? open_file (self->path) : -1;

  if (fd < 0 && self->path) {
    g_autofree gchar *name = dup_name (self);
    tell (self, "%s cannot be opened again: %s.", name, g_strerror (errno));
  }
  if (fd < 0)
    return;
  close (self->fd);
  self->fd = fd;
  if (!fstat (fd, &facts) && !facts.st_size)
    self->partial = FALSE;
}

/* FALSE: the end. No row: the file is to be opened again. */
static gboolean
wait_for_row (LogWriter *self, gchar **row, gboolean *reopen)
{
  g_mutex_lock (&self->lock);
  while (!self->rows.length && !self->reopen && !self->deadline)
    g_cond_wait (&self->changed, &self->lock);
  gboolean more =
      (self->rows.length || self->reopen) && !is_late_unlocked (self);
  *reopen = self->reopen;
  self->reopen = FALSE;
  *row = more ? g_queue_pop_head (&self->rows) : NULL;
  if (*row)
    self->waiting -= strlen (*row);
  if (!self->waiting)
    self->full = FALSE;
  g_mutex_unlock (&self->lock);
  return more;
}

static gpointer
run (gpointer data)
{
  LogWriter *self = data;
  gboolean reopen;
  gchar *row;

  while (wait_for_row (self, &row, &reopen)) {
    if (reopen)
      open_again (self);
    if (row)
      write_row (self, row);
    g_free (row);
  }
  return NULL;
}

/* ---- From outside */

LogWriter *
log_writer_new (const gchar *path, gsize room, LogWriterTell tell_func,
    GError **error)
{
  gint fd = path ? open_file (path) : STDOUT_FILENO;

  if (fd < 0) {
    g_autofree gchar *name = g_filename_display_name (path);
    g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (errno),
        "%s cannot be written: %s.", name, g_strerror (errno));
    return NULL;
  }
  LogWriter *self = g_new0 (LogWriter, 1);
  self->path = g_strdup (path);
  self->room = room;
  self->tell = tell_func;
  self->fd = fd;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->rows);
  self->thread = g_thread_new ("log", run, self);
  return self;
}

void
log_writer_push (LogWriter *self, gchar *row)
{
  gsize size = strlen (row);

  g_mutex_lock (&self->lock);
  gboolean fits = self->waiting + size <= self->room;
  gboolean first = !fits && !self->full;
  if (fits) {
    g_queue_push_tail (&self->rows, row);
    self->waiting += size;
    g_cond_signal (&self->changed);
  } else {
    self->full = TRUE;
    self->lost++;
  }
  g_mutex_unlock (&self->lock);
  if (fits)
    return;
  g_free (row);
  if (first) {
    g_autofree gchar *name = dup_name (self);
    tell (self, "%s takes nothing at present; what does not fit is left out.",
        name);
  }
}

void
log_writer_reopen (LogWriter *self)
{
  g_mutex_lock (&self->lock);
  self->reopen = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

guint64
log_writer_get_lost (LogWriter *self)
{
  g_mutex_lock (&self->lock);
  guint64 lost = self->lost;
  g_mutex_unlock (&self->lock);
  return lost;
}

void
log_writer_stop (LogWriter *self)
{
  g_mutex_lock (&self->lock);
  if (!self->deadline)
    self->deadline = g_get_monotonic_time () + FLUSH_TIME;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
log_writer_free (LogWriter *self)
{
  log_writer_stop (self);
  g_thread_join (self->thread);
  if (self->rows.length) {
    g_autofree gchar *name = dup_name (self);
    tell (self, "%s: %u lines were not written before the end.", name,
        self->rows.length);
  }
  g_queue_clear_full (&self->rows, g_free);
  if (self->path)
    close (self->fd);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->path);
  g_free (self);
}
