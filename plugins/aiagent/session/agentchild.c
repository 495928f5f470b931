/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* By posix_spawn: it does not copy the page tables of a process with many calls, as a fork
 * does, and closes what others forgot to mark. What the program reads lies in a file
 * without a name, so that one which does not read blocks nobody and breaks no pipe.
 *
 * It has ended when the child has, whoever holds its output open still: what it had
 * written by then counts. A grandchild that left the group lives on: it has nothing of ours. */

#include "agentchild.h"

#include "common/loop/ioloop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct _AgentChild
{
  /* Set when made, never changed: read freely. */
  IoLoop *loop;
  gchar *argv[3];
  gchar **environment;
  gchar *input;
  guint timeout;

  /* The agent loop only: no lock. */
  AgentChildDone done; /* NULL: nothing is told any more */
  gpointer user;
  GDestroyNotify free;
  GPid pid; /* 0: does not run */
  gint output_fd; /* -1: closed */
  GSource *output_source, *timer;
  GByteArray *output;
};

static void
clear (gpointer data)
{
  AgentChild *self = data;

  io_loop_unref (self->loop);
  g_free (self->argv[0]);
  g_free (self->argv[1]);
  g_strfreev (self->environment);
  g_free (self->input);
  g_byte_array_unref (self->output);
}

static void
release (gpointer self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* ---- Its end */

static void
drop_source (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
close_output (AgentChild *self)
{
  drop_source (&self->output_source);
  if (self->output_fd >= 0)
    close (self->output_fd);
  self->output_fd = -1;
}

/* The first to come is the one that is told. */
static void
tell (AgentChild *self, const gchar *fault)
{
  const AgentChildDone done = self->done;
  const gpointer user = g_steal_pointer (&self->user);

  self->done = NULL;
  drop_source (&self->timer);
  close_output (self);
  if (done)
    done (user, fault ? NULL : (const gchar *) self->output->data,
        fault ? 0 : self->output->len, fault);
  if (user && self->free)
    self->free (user);
}

/* Itself, too: it may have left its group. */
static void
kill_group (AgentChild *self)
{
  if (self->pid <= 0)
    return;
  kill (-self->pid, SIGKILL);
  kill (self->pid, SIGKILL);
}

static gboolean
on_timeout (gpointer data)
{
  AgentChild *self = data;

  kill_group (self);
  tell (self, "The tool took too long.");
  return G_SOURCE_REMOVE;
}

/* All that can be read now. FALSE: there will be no more. */
static gboolean
read_output (AgentChild *self)
{
  guint8 piece[4096];

  while (self->output_fd >= 0) {
    const gssize n = read (self->output_fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 && errno == EAGAIN;
    if (self->output->len + (gsize) n > AGENT_CHILD_MAX_OUTPUT) {
      kill_group (self);
      tell (self, "The tool said more than 64 kB.");
      return FALSE;
    }
    g_byte_array_append (self->output, piece, (guint) n);
  }
  return FALSE;
}

static gboolean
on_output (gint fd, GIOCondition condition, gpointer data)
{
  AgentChild *self = data;

  if (read_output (self))
    return G_SOURCE_CONTINUE;
  close_output (self);
  return G_SOURCE_REMOVE;
}

static void
finish (AgentChild *self, gint status)
{
  g_autofree gchar *fault = NULL;

  self->pid = 0;
  if (self->done)
    read_output (self);
  if (!WIFEXITED (status))
    fault = g_strdup_printf ("The tool was ended by signal %d.",
        WIFSIGNALED (status) ? WTERMSIG (status) : 0);
  else if (WEXITSTATUS (status))
    fault = g_strdup_printf ("The tool failed (exit code %d).",
        WEXITSTATUS (status));
  tell (self, fault);
}

/* Those that it has left behind go before it is waited for: its number is nobody else's
 * as long. */
static gboolean
on_exit_of (gint fd, GIOCondition condition, gpointer data)
{
  AgentChild *self = data;
  gint status = 0;

  kill_group (self);
  while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
    ;
  close (fd);
  finish (self, status);
  return G_SOURCE_REMOVE;
}

static void
on_reaped (GPid pid, gint status, gpointer data)
{
  kill (-pid, SIGKILL);
  finish (data, status);
}

/* ---- Its beginning */

/* -1: there is no memory. */
static gint
open_input (const gchar *text)
{
  const gint fd = memfd_create ("tool", MFD_CLOEXEC);
  const gsize size = strlen (text);

  if (fd >= 0 &&
      (write (fd, text, size) != (gssize) size || lseek (fd, 0, SEEK_SET))) {
    close (fd);
    return -1;
  }
  return fd;
}

static gboolean
spawn (AgentChild *self, gint input, gint output)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, ignored;

  sigemptyset (&none);
  sigemptyset (&ignored);
  sigaddset (&ignored, SIGPIPE);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes,
      POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup (&attributes, 0);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &ignored);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, input, 0);
  posix_spawn_file_actions_adddup2 (&actions, output, 1);
  posix_spawn_file_actions_addopen (&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np (&actions, 3);
  const gint failed = posix_spawn (&self->pid, self->argv[0], &actions,
      &attributes, self->argv, self->environment);
  posix_spawn_file_actions_destroy (&actions);
  posix_spawnattr_destroy (&attributes);
  if (failed)
    self->pid = 0;
  return !failed;
}

static void
attach (AgentChild *self, GSource *source)
{
  g_source_attach (source, io_loop_get_context (self->loop));
}

/* Not every kernel, and not every sandbox, has descriptors of processes. */
static void
watch_end (AgentChild *self)
{
  const gint fd = pidfd_open (self->pid, 0);
  GSource *end = fd >= 0 ? g_unix_fd_source_new (fd, G_IO_IN)
                         : g_child_watch_source_new (self->pid);

  g_source_set_callback (end,
      fd >= 0 ? G_SOURCE_FUNC (on_exit_of) : G_SOURCE_FUNC (on_reaped),
      g_atomic_rc_box_acquire (self), release);
  attach (self, end);
  g_source_unref (end); /* until it has ended */
}

static void
watch (AgentChild *self)
{
  watch_end (self);
  self->output_source = g_unix_fd_source_new (self->output_fd, G_IO_IN);
  g_source_set_callback (self->output_source, G_SOURCE_FUNC (on_output),
      g_atomic_rc_box_acquire (self), release);
  attach (self, self->output_source);
  self->timer = g_timeout_source_new (self->timeout);
  g_source_set_callback (self->timer, on_timeout,
      g_atomic_rc_box_acquire (self), release);
  attach (self, self->timer);
}

static void
run (gpointer data)
{
  AgentChild *self = data;
  gint output[2] = { -1, -1 };
  const gint input = open_input (self->input);

  const gboolean ready =
      input >= 0 && g_unix_open_pipe (output, FD_CLOEXEC, NULL);
  const gboolean started = ready && spawn (self, input, output[1]);
  if (input >= 0)
    close (input);
  if (ready)
    close (output[1]);
  self->output_fd = output[0];
  if (started) {
    g_unix_set_fd_nonblocking (self->output_fd, TRUE, NULL);
    watch (self);
  } else {
    tell (self, "The tool could not be started.");
  }
}

AgentChild *
agent_child_start (const gchar *program, const gchar *name,
    const gchar *const *environment, const gchar *input, guint timeout,
    AgentChildDone done, gpointer user, GDestroyNotify free)
{
  AgentChild *self = g_atomic_rc_box_new0 (AgentChild);

  self->loop = io_loop_acquire ("agent");
  self->argv[0] = g_strdup (program);
  self->argv[1] = g_strdup (name);
  self->environment = g_strdupv ((gchar **) environment);
  self->input = g_strdup (input);
  self->timeout = timeout;
  self->done = done;
  self->user = user;
  self->free = free;
  self->output_fd = -1;
  self->output = g_byte_array_new ();
  io_loop_invoke (self->loop, run, g_atomic_rc_box_acquire (self), release);
  return self;
}

/* ---- Nobody wants it any more */

static void
end (gpointer data)
{
  AgentChild *self = data;

  self->done = NULL;
  kill_group (self);
  tell (self, NULL);
}

void
agent_child_drop (AgentChild *self)
{
  io_loop_invoke (self->loop, end, self, release);
}
