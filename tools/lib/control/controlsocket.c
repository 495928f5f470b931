/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#define _GNU_SOURCE /* struct ucred, accept4() */

#include "controlsocket.h"
#include "lib/logic/controlcommand.h"
#include "lib/logic/setting.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Read at once, so that one client does not keep the others waiting. */
#define CHUNK 8192
/* Before it is looked again whether another file may be open. */
#define LIMIT_PAUSE 1000 /* ms */

typedef struct
{
  ControlSocket *socket;
  guint64 number;
  int fd;
  guint in, out; /* sources */
  GString *received; /* the beginning of a line */
  GString *waiting; /* to be sent */
  gboolean dead; /* is freed by reap() */
  gchar *why; /* sentence for the log, or NULL: it went */
} ControlClient;

struct _ControlSocket
{
  gchar *path;
  int fd;
  guint accepting; /* source: of the socket, or of a pause */
  guint reaping; /* source */
  GPtrArray *clients; /* ControlClient */
  guint64 next_number;
  const ControlSocketListener *listener;
  gpointer user;
};

/* ---- Clients */

static void
client_free (ControlClient *self)
{
  g_clear_handle_id (&self->in, g_source_remove);
  g_clear_handle_id (&self->out, g_source_remove);
  close (self->fd);
  g_string_free (self->received, TRUE);
  g_string_free (self->waiting, TRUE);
  g_free (self->why);
  g_free (self);
}

/* A sentence may be published, to whom fails then: each goes by itself. */
static gboolean
reap (gpointer data)
{
  ControlSocket *self = data;

  self->reaping = 0;
  for (guint i = self->clients->len; i-- > 0;) {
    ControlClient *client = g_ptr_array_index (self->clients, i);
    if (!client->dead)
      continue;
    g_autofree gchar *why = g_steal_pointer (&client->why);
    g_ptr_array_remove_index (self->clients, i);
    if (why)
      self->listener->note (why, self->user);
  }
  return G_SOURCE_REMOVE;
}

/* @why: sentence, taken, or NULL. */
static void
drop (ControlClient *self, gchar *why)
{
  if (self->dead) {
    g_free (why);
    return;
  }
  self->dead = TRUE;
  self->why = why;
  g_clear_handle_id (&self->out, g_source_remove);
  if (!self->socket->reaping)
    self->socket->reaping = g_idle_add (reap, self->socket);
}

static gboolean on_writable (gint fd, GIOCondition condition, gpointer data);

static void
flush (ControlClient *self)
{
  while (self->waiting->len && !self->dead) {
    gssize sent = send (self->fd, self->waiting->str, self->waiting->len,
        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      g_string_erase (self->waiting, 0, sent);
    else if (sent < 0 && errno == EAGAIN)
      break;
    else if (sent == 0 || errno != EINTR)
      drop (self, NULL);
  }
  if (self->waiting->len && !self->dead && !self->out)
    self->out = g_unix_fd_add (self->fd, G_IO_OUT, on_writable, self);
}

static gboolean
on_writable (gint fd, GIOCondition condition, gpointer data)
{
  ControlClient *self = data;

  /* The source of this call is over, flush() makes another if there is need. */
  self->out = 0;
  flush (self);
  return G_SOURCE_REMOVE;
}

static void
say (ControlClient *self, const gchar *line)
{
  if (self->dead)
    return;
  if (self->waiting->len + strlen (line) + 1 > CONTROL_SOCKET_MAX_WAITING) {
    drop (self,
        g_strdup_printf (
            "a client of the control socket is dropped: it does not "
            "read, and %d kB wait for it.",
            CONTROL_SOCKET_MAX_WAITING / 1024));
    return;
  }
  gboolean waits = self->waiting->len > 0;
  g_string_append (self->waiting, line);
  g_string_append_c (self->waiting, '\n');
  if (!waits)
    flush (self);
}

/* ---- What they send */

static void
refuse_long_line (ControlClient *self)
{
  g_autofree gchar *reply =
      control_reply_new (NULL, NULL, "A line has at most 65536 bytes.");

  G_STATIC_ASSERT (CONTROL_SOCKET_MAX_LINE == 65536);
  say (self, reply);
  drop (self,
      g_strdup ("a client of the control socket is dropped: it sent a line of "
                "more than 64 kB."));
}

static void
take_line (ControlClient *self, const gchar *line, gsize size)
{
  if (self->dead || !size)
    return;
  if (size > CONTROL_SOCKET_MAX_LINE)
    refuse_long_line (self);
  else
    self->socket->listener->line (self->number, line, size, self->socket->user);
}

static void
take_lines (ControlClient *self)
{
  gsize start = 0;
  const gchar *end;

  while ((end = memchr (self->received->str + start, '\n',
              self->received->len - start))) {
    gsize size = end - self->received->str - start;
    take_line (self, self->received->str + start, size);
    start += size + 1;
  }
  g_string_erase (self->received, 0, start);
}

/* Who has sent all may go on listening. */
static gboolean
on_readable (gint fd, GIOCondition condition, gpointer data)
{
  ControlClient *self = data;
  gchar chunk[CHUNK];
  gssize size = self->dead ? 0 : recv (fd, chunk, sizeof chunk, MSG_DONTWAIT);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (size <= 0) {
    self->in = 0;
    if (size < 0 || !(condition & G_IO_IN))
      drop (self, NULL);
    else if (!self->dead)
      self->in = g_unix_fd_add (fd, G_IO_HUP | G_IO_ERR, on_readable, self);
    return G_SOURCE_REMOVE;
  }
  g_string_append_len (self->received, chunk, size);
  take_lines (self);
  if (self->received->len > CONTROL_SOCKET_MAX_LINE)
    refuse_long_line (self);
  return G_SOURCE_CONTINUE;
}

/* ---- Who comes */

static gboolean
is_permitted (int fd, guint *uid)
{
  struct ucred peer;
  socklen_t size = sizeof peer;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
    return FALSE;
  *uid = peer.uid;
  return peer.uid == geteuid () || peer.uid == 0;
}

static void
turn_away (int fd, const gchar *error)
{
  g_autofree gchar *reply = control_reply_new (NULL, NULL, error);
  g_autofree gchar *line = g_strconcat (reply, "\n", NULL);
  gssize unused G_GNUC_UNUSED =
      send (fd, line, strlen (line), MSG_NOSIGNAL | MSG_DONTWAIT);

  close (fd);
}

static void
add_client (ControlSocket *self, int fd)
{
  ControlClient *client = g_new0 (ControlClient, 1);

  client->socket = self;
  client->number = ++self->next_number;
  client->fd = fd;
  client->received = g_string_new (NULL);
  client->waiting = g_string_new (NULL);
  client->in =
      g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, client);
  g_ptr_array_add (self->clients, client);
}

static void
receive (ControlSocket *self, int fd)
{
  guint uid = G_MAXUINT;

  if (!is_permitted (fd, &uid)) {
    g_autofree gchar *sentence = g_strdup_printf (
        "the control socket refuses user %u: it is for the user of this "
        "program, and root.",
        uid);
    turn_away (fd, "You are not the user of this program.");
    self->listener->note (sentence, self->user);
  } else if (self->clients->len >= CONTROL_SOCKET_MAX_CLIENTS) {
    turn_away (fd, "There are 16 clients already.");
  } else {
    add_client (self, fd);
  }
}

static gboolean on_accept (gint fd, GIOCondition condition, gpointer data);

static gboolean
on_limit_pause (gpointer data)
{
  ControlSocket *self = data;

  self->accepting = g_unix_fd_add (self->fd, G_IO_IN, on_accept, self);
  return G_SOURCE_REMOVE;
}

/* Without a file to be had the socket stays readable: the loop would spin. */
static gboolean
on_accept (gint fd, GIOCondition condition, gpointer data)
{
  ControlSocket *self = data;
  int client = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (client >= 0) {
    receive (self, client);
    return G_SOURCE_CONTINUE;
  }
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
    return G_SOURCE_CONTINUE;
  self->accepting = g_timeout_add (LIMIT_PAUSE, on_limit_pause, self);
  return G_SOURCE_REMOVE;
}

/* ---- The file */

static gboolean
refuse (const gchar *path, const gchar *why, GError **error)
{
  g_autofree gchar *name = g_filename_display_name (path);

  return setting_refuse (error, SETTING_ERROR_FILE, "--control: %s: %s", name,
      why);
}

/* FALSE with @error: it is no socket, or somebody answers there. */
static gboolean
remove_stale (const gchar *path, const struct sockaddr_un *address,
    GError **error)
{
  struct stat file;

  if (lstat (path, &file) < 0 || !S_ISSOCK (file.st_mode))
    return refuse (path, "There is a file already, which is no socket.", error);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  gboolean answers = fd >= 0 &&
      (connect (fd, (const struct sockaddr *) address, sizeof *address) == 0 ||
          errno != ECONNREFUSED);
  if (fd >= 0)
    close (fd);
  if (answers)
    return refuse (path, "Another program listens there.", error);
  if (unlink (path) < 0)
    return refuse (path, g_strerror (errno), error);
  return TRUE;
}

/* The mode that a socket has before it is bound is that of its file. */
static gboolean
bind_file (ControlSocket *self, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const struct sockaddr *where = (const struct sockaddr *) &address;

  if (g_strlcpy (address.sun_path, self->path, sizeof address.sun_path) >=
      sizeof address.sun_path)
    return refuse (self->path, "The name is longer than sockets have it.",
        error);
  self->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0 || fchmod (self->fd, 0600) < 0)
    return refuse (self->path, g_strerror (errno), error);
  if (bind (self->fd, where, sizeof address) == 0)
    return TRUE;
  if (errno != EADDRINUSE)
    return refuse (self->path, g_strerror (errno), error);
  if (!remove_stale (self->path, &address, error))
    return FALSE;
  return bind (self->fd, where, sizeof address) == 0 ||
      refuse (self->path, g_strerror (errno), error);
}

/* Nobody can connect before it listens; by then its mode is sure. */
static gboolean
open_socket (ControlSocket *self, GError **error)
{
  if (!bind_file (self, error))
    return FALSE;
  if (chmod (self->path, 0600) < 0 || listen (self->fd, 16) < 0)
    return refuse (self->path, g_strerror (errno), error);
  self->accepting = g_unix_fd_add (self->fd, G_IO_IN, on_accept, self);
  return TRUE;
}

/* It may have become another's, who replaced it. */
static gboolean
is_ours (const ControlSocket *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, self->path, sizeof address.sun_path);
  gboolean dead = fd >= 0 &&
      connect (fd, (const struct sockaddr *) &address, sizeof address) < 0 &&
      errno == ECONNREFUSED;
  if (fd >= 0)
    close (fd);
  return dead;
}

/* ---- Life */

ControlSocket *
control_socket_new (const gchar *path, const ControlSocketListener *listener,
    gpointer user, GError **error)
{
  ControlSocket *self = g_new0 (ControlSocket, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  self->listener = listener;
  self->user = user;
  if (open_socket (self, error))
    return self;
  control_socket_free (self);
  return NULL;
}

void
control_socket_free (ControlSocket *self)
{
  gboolean listened = self->accepting != 0;

  g_clear_handle_id (&self->accepting, g_source_remove);
  g_clear_handle_id (&self->reaping, g_source_remove);
  g_ptr_array_unref (self->clients);
  if (self->fd >= 0)
    close (self->fd);
  /* Ours refuses now; who answers is another. */
  if (listened && is_ours (self))
    unlink (self->path);
  g_free (self->path);
  g_free (self);
}

void
control_socket_publish (ControlSocket *self, const gchar *line)
{
  for (guint i = 0; i < self->clients->len; i++)
    say (g_ptr_array_index (self->clients, i), line);
}

void
control_socket_reply (ControlSocket *self, guint64 client, const gchar *line)
{
  for (guint i = 0; i < self->clients->len; i++) {
    ControlClient *one = g_ptr_array_index (self->clients, i);
    if (one->number == client)
      say (one, line);
  }
}
