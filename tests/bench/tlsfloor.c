/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The floor of connections: one epoll thread that accepts, shakes hands by OpenSSL, answers
 * what it is asked by fixed words, and closes when the other end does. No SIP.
 *
 *   tlsfloor PEM-FILE|tcp   prints its port at 127.0.0.1 and "ready", then serves until
 *                           killed; by TCP, or by TLS with a certificate and its key */

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_EVENTS 64
#define ANSWER "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"

typedef struct
{
  int fd;
  SSL *ssl; /* NULL: TCP */
} Connection;

static int poller;

static SSL_CTX *
make_context (const gchar *file)
{
  SSL_CTX *self = SSL_CTX_new (TLS_server_method ());

  if (SSL_CTX_use_certificate_chain_file (self, file) == 1 &&
      SSL_CTX_use_PrivateKey_file (self, file, SSL_FILETYPE_PEM) == 1)
    return self;
  SSL_CTX_free (self);
  return NULL;
}

static int
open_port (struct sockaddr_in *address)
{
  socklen_t size = sizeof *address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

  *address = (struct sockaddr_in){ .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  if (fd < 0 || bind (fd, (struct sockaddr *) address, size) < 0 ||
      listen (fd, 1024) < 0 ||
      getsockname (fd, (struct sockaddr *) address, &size) < 0)
    return -1;
  return fd;
}

static void
watch (int fd, gpointer data)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = data };

  epoll_ctl (poller, EPOLL_CTL_ADD, fd, &event);
}

static void
accept_all (int listener, SSL_CTX *context)
{
  int fd;

  while ((fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    Connection *self = g_new0 (Connection, 1);
    self->fd = fd;
    if (context) {
      self->ssl = SSL_new (context);
      SSL_set_fd (self->ssl, fd);
      SSL_set_accept_state (self->ssl);
    }
    watch (fd, self);
  }
}

static void
end (Connection *self)
{
  if (self->ssl) {
    SSL_shutdown (self->ssl);
    SSL_free (self->ssl);
  }
  close (self->fd);
  g_free (self);
}

/* What comes; <= 0: nothing now, or the end. The first read shakes hands. */
static gssize
take (Connection *self, gchar *buffer, gsize size, gboolean *over)
{
  const gssize n = self->ssl ? SSL_read (self->ssl, buffer, (gint) size)
                             : read (self->fd, buffer, size);

  if (self->ssl)
    *over =
        n <= 0 && SSL_get_error (self->ssl, (gint) n) != SSL_ERROR_WANT_READ;
  else
    *over = n == 0 || (n < 0 && errno != EAGAIN);
  return n;
}

static void
serve (Connection *self)
{
  gchar buffer[4096];
  gboolean over;

  while (take (self, buffer, sizeof buffer, &over) > 0)
    if (self->ssl)
      SSL_write (self->ssl, ANSWER, strlen (ANSWER));
    else if (write (self->fd, ANSWER, strlen (ANSWER)) < 0)
      return;
  if (over)
    end (self);
}

int
main (int argc, char **argv)
{
  struct sockaddr_in address;
  struct epoll_event events[MAX_EVENTS];
  const int listener = open_port (&address);
  const gboolean tls = argc > 1 && !g_str_equal (argv[1], "tcp");
  SSL_CTX *context = tls ? make_context (argv[1]) : NULL;

  signal (SIGPIPE, SIG_IGN); /* who is gone is not told */
  poller = epoll_create1 (0);
  if (argc != 2 || listener < 0 || poller < 0 || (tls && !context)) {
    fprintf (stderr, "tlsfloor PEM-FILE|tcp\n");
    return 2;
  }
  watch (listener, NULL);
  printf ("%u\nready\n", ntohs (address.sin_port));
  fflush (stdout);
  for (;;) {
    const int n = epoll_wait (poller, events, MAX_EVENTS, -1);
    for (int i = 0; i < n; i++)
      if (events[i].data.ptr)
        serve (events[i].data.ptr);
      else
        accept_all (listener, context);
  }
}
