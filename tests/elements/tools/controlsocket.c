/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/control/controlsocket.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
/* Until what does not come is a fault. */
#define LIMIT (20 * G_TIME_SPAN_SECOND)

static gchar *folder, *path;

typedef struct
{
  ControlSocket *socket;
  GString *lines; /* each with "N:" in front and "\n" behind */
  GString *notes;
} Server;

/* ---- Both sides */

static void
on_line (guint64 client, const gchar *line, gsize size, gpointer user)
{
  Server *self = user;

  g_string_append_printf (self->lines, "%" G_GUINT64_FORMAT ":", client);
  g_string_append_len (self->lines, line, size);
  g_string_append_c (self->lines, '\n');
  if (size == 4 && !memcmp (line, "ping", 4))
    control_socket_reply (self->socket, client, "pong");
}

/* As the log does. */
static void
on_note (const gchar *sentence, gpointer user)
{
  Server *self = user;

  g_string_append_printf (self->notes, "%s\n", sentence);
  control_socket_publish (self->socket, sentence);
}

static const ControlSocketListener listener = { on_line, on_note };

static void
server_open (Server *self)
{
  g_autoptr (GError) error = NULL;

  self->lines = g_string_new (NULL);
  self->notes = g_string_new (NULL);
  self->socket = control_socket_new (path, &listener, self, &error);
  g_assert_no_error (error);
}

static void
server_close (Server *self)
{
  control_socket_free (self->socket);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_string_free (self->lines, TRUE);
  g_string_free (self->notes, TRUE);
}

static int
connect_to (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

static void
write_to (int fd, const gchar *text)
{
  gsize left = strlen (text);

  while (left) {
    gssize sent = send (fd, text, left, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0)
      g_assert_cmpint (errno, ==, EAGAIN);
    else
      text += sent, left -= sent;
    g_main_context_iteration (NULL, FALSE);
  }
}

/* All until @end is in it, or, NULL, until the other side closes. */
static gchar *
read_until (int fd, const gchar *end)
{
  GString *text = g_string_new (NULL);
  const gint64 limit = g_get_monotonic_time () + LIMIT;
  gchar chunk[4096];

  while (!end || !strstr (text->str, end)) {
    gssize size = recv (fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno == ECONNRESET))
      break;
    g_assert_cmpint (g_get_monotonic_time (), <, limit);
    if (size > 0)
      g_string_append_len (text, chunk, size);
    else
      g_main_context_iteration (NULL, FALSE);
  }
  g_assert_true (!end || strstr (text->str, end));
  return g_string_free (text, FALSE);
}

/* ---- What it is for */

static void
test_lines (void)
{
  Server server;

  server_open (&server);
  int one = connect_to (), two = connect_to ();
  write_to (one, "pi");
  write_to (one, "ng\n\nhalf");
  g_autofree gchar *pong = read_until (one, "pong\n");
  g_assert_cmpstr (server.lines->str, ==, "1:ping\n");
  write_to (two, "ping\n");
  g_autofree gchar *other = read_until (two, "pong\n");
  control_socket_publish (server.socket, "{\"event\":1}");
  g_autofree gchar *event = read_until (one, "}\n");
  g_autofree gchar *same = read_until (two, "}\n");
  g_assert_cmpstr (event, ==, "{\"event\":1}\n");
  g_assert_cmpstr (same, ==, event);
  g_assert_cmpstr (server.notes->str, ==, "");
  control_socket_reply (server.socket, 99, "nobody");
  close (one);
  close (two);
  server_close (&server);
}

/* Who has said all may go on reading; who went takes no place. */
static void
test_half_closed (void)
{
  Server server;

  server_open (&server);
  int one = connect_to ();
  write_to (one, "ping\n");
  shutdown (one, SHUT_WR);
  g_autofree gchar *pong = read_until (one, "pong\n");
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  control_socket_publish (server.socket, "event");
  g_autofree gchar *event = read_until (one, "event\n");
  close (one);
  for (guint i = 0; i < 3 * CONTROL_SOCKET_MAX_CLIENTS; i++) {
    int fd = connect_to ();
    write_to (fd, "ping\n");
    g_autofree gchar *answer = read_until (fd, "pong\n");
    g_assert_cmpstr (answer, ==, "pong\n");
    close (fd);
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  server_close (&server);
}

/* ---- The file */

static void
test_file (void)
{
  Server server;
  struct stat file;
  g_autoptr (GError) busy = NULL, no_socket = NULL, nowhere = NULL, name = NULL;
  g_autofree gchar *none = g_build_filename (folder, "none", "control", NULL);
  g_autofree gchar *longest = g_strnfill (200, 'x');

  server_open (&server);
  g_assert_cmpint (stat (path, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 07777, ==, 0600);
  g_assert_true (S_ISSOCK (file.st_mode));
  g_assert_null (control_socket_new (path, &listener, NULL, &busy));
  g_assert_nonnull (strstr (busy->message, "Another program listens"));
  int fd = connect_to ();
  g_assert_cmpint (fd, >=, 0); /* it is the first one's still */
  close (fd);
  server_close (&server);

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  g_assert_null (control_socket_new (path, &listener, NULL, &no_socket));
  g_assert_nonnull (strstr (no_socket->message, "no socket"));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_unlink (path);
  g_assert_null (control_socket_new (none, &listener, NULL, &nowhere));
  g_assert_nonnull (strstr (nowhere->message, none));
  g_assert_null (control_socket_new (longest, &listener, NULL, &name));
  g_assert_nonnull (strstr (name->message, "longer"));
}

/* One that a program left behind which was killed; a mask that allows all. */
static void
test_stale (void)
{
  Server server;
  struct stat file;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int left = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  mode_t mask = umask (0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (left, (struct sockaddr *) &address, sizeof address),
      ==, 0);
  g_assert_cmpint (listen (left, 1), ==, 0);
  close (left);
  server_open (&server);
  umask (mask);
  g_assert_cmpint (stat (path, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 07777, ==, 0600);
  int fd = connect_to ();
  write_to (fd, "ping\n");
  g_autofree gchar *pong = read_until (fd, "pong\n");
  close (fd);
  server_close (&server);
}

/* ---- Who may not, and who does not as it should be done */

/* In a child: 0 = connected and turned away with a sentence, 1 = not let in, 2 = in. */
static int
try_as_nobody (void)
{
  gchar chunk[200];

  if (setgid (NOBODY) < 0 || setuid (NOBODY) < 0)
    return 3;
  int fd = connect_to ();
  if (fd < 0)
    return errno == EACCES ? 1 : 3;
  gssize size = recv (fd, chunk, sizeof chunk - 1, 0);
  chunk[MAX (size, 0)] = '\0';
  if (!strstr (chunk, "\"ok\":false"))
    return 2;
  return recv (fd, chunk, sizeof chunk, 0) <= 0 ? 0 : 2;
}

static int
ask_nobody (void)
{
  const gint64 limit = g_get_monotonic_time () + LIMIT;
  int status;
  pid_t child = fork ();

  if (child == 0)
    _exit (try_as_nobody ());
  while (waitpid (child, &status, WNOHANG) == 0) {
    if (g_get_monotonic_time () > limit)
      kill (child, SIGKILL);
    g_main_context_iteration (NULL, FALSE);
  }
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_foreigner (void)
{
  Server server;

  if (geteuid () != 0) {
    g_test_skip ("only root can be another user");
    return;
  }
  server_open (&server);
  g_assert_cmpint (chmod (folder, 0711), ==, 0);
  g_assert_cmpint (ask_nobody (), ==, 1);
  /* Somebody has opened the file to all: the kernel's word counts. */
  g_assert_cmpint (chmod (path, 0666), ==, 0);
  g_assert_cmpint (ask_nobody (), ==, 0);
  g_assert_nonnull (strstr (server.notes->str, "refuses user 65534"));
  g_assert_cmpstr (server.lines->str, ==, "");
  server_close (&server);
}

static void
test_too_many (void)
{
  Server server;
  int clients[CONTROL_SOCKET_MAX_CLIENTS];

  server_open (&server);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    clients[i] = connect_to ();
    write_to (clients[i], "ping\n");
    g_free (read_until (clients[i], "pong\n"));
  }
  int more = connect_to ();
  g_autofree gchar *refused = read_until (more, NULL);
  g_assert_nonnull (strstr (refused, "16 clients"));
  close (more);
  write_to (clients[3], "ping\n");
  g_free (read_until (clients[3], "pong\n"));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    close (clients[i]);
  server_close (&server);
}

/* It neither holds up the others nor takes memory without end. */
static void
test_slow_reader (void)
{
  Server server;
  g_autofree gchar *event = g_strnfill (1000, 'e');
  guint sent = 0;

  server_open (&server);
  int slow = connect_to (), good = connect_to ();
  write_to (good, "ping\n");
  g_free (read_until (good, "pong\n"));
  while (!server.notes->len) {
    g_assert_cmpuint (++sent, <, 10000); /* 10 MB would wait */
    control_socket_publish (server.socket, event);
    g_free (read_until (good, "e\n"));
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  g_assert_cmpuint (sent, >, CONTROL_SOCKET_MAX_WAITING / 1000);
  g_assert_nonnull (strstr (server.notes->str, "does not read"));
  g_autofree gchar *said = read_until (good, "wait for it.\n");
  g_autofree gchar *rest = read_until (slow, NULL); /* it is closed */
  g_assert_cmpuint (strlen (rest), >, 0);
  write_to (good, "ping\n");
  g_free (read_until (good, "pong\n"));
  close (slow);
  close (good);
  server_close (&server);
}

static void
test_long_line (void)
{
  Server server;
  g_autofree gchar *most = g_strnfill (CONTROL_SOCKET_MAX_LINE, 'x');
  g_autofree gchar *expected = g_strdup_printf ("1:%s\n", most);

  server_open (&server);
  int good = connect_to ();
  write_to (good, most);
  write_to (good, "\nping\n");
  g_free (read_until (good, "pong\n"));
  g_assert_true (g_str_has_prefix (server.lines->str, expected));
  for (guint i = 0; i < 2; i++) { /* with an end, and without */
    int bad = connect_to ();
    gsize before = server.lines->len;
    g_string_truncate (server.notes, 0);
    write_to (bad, most);
    write_to (bad, i ? "x\n" : "x");
    g_autofree gchar *refused = read_until (bad, NULL);
    g_assert_nonnull (strstr (refused, "at most 65536"));
    while (!server.notes->len)
      g_main_context_iteration (NULL, TRUE);
    g_assert_nonnull (strstr (server.notes->str, "more than 64 kB"));
    g_assert_cmpuint (server.lines->len, ==, before);
    close (bad);
  }
  write_to (good, "ping\n");
  g_free (read_until (good, "pong\n"));
  close (good);
  server_close (&server);
}

/* Any bytes are a line for whoever reads them, a NUL as well. */
static void
test_garbage (void)
{
  Server server;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint newlines = 0;

  server_open (&server);
  int fd = connect_to ();
  for (guint i = 0; i < 20000; i++) {
    gchar byte = (gchar) g_rand_int_range (rand, 0, 256);
    newlines += byte == '\n';
    while (send (fd, &byte, 1, MSG_DONTWAIT) < 0)
      g_main_context_iteration (NULL, FALSE);
  }
  g_assert_cmpuint (newlines, >, 10);
  write_to (fd, "\nping\n");
  g_free (read_until (fd, "pong\n"));
  g_assert_cmpuint (server.lines->len, >, 19000);
  close (fd);
  server_close (&server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("control-XXXXXX", NULL);
  path = g_build_filename (folder, "socket", NULL);
  g_test_add_func ("/controlsocket/lines", test_lines);
  g_test_add_func ("/controlsocket/half-closed", test_half_closed);
  g_test_add_func ("/controlsocket/file", test_file);
  g_test_add_func ("/controlsocket/stale", test_stale);
  g_test_add_func ("/controlsocket/foreigner", test_foreigner);
  g_test_add_func ("/controlsocket/too-many", test_too_many);
  g_test_add_func ("/controlsocket/slow-reader", test_slow_reader);
  g_test_add_func ("/controlsocket/long-line", test_long_line);
  g_test_add_func ("/controlsocket/garbage", test_garbage);
  gint code = g_test_run ();
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return code;
}
