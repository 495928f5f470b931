/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Connections to a SIP server at 127.0.0.1, as many as it takes: each shakes hands in full,
 * asks OPTIONS, has its answer, and ends. Prints "name=value" lines: how many there were in a
 * second, how long each took, what each cost the process under test.
 *
 *   tlsgen PORT tcp|1.2|1.3 SECONDS PID */

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE 8

typedef struct
{
  int fd;
  SSL *ssl; /* NULL: TCP */
  gboolean asked;
  gshort waits_for;
  gint64 began; /* us */
} Connection;

static struct sockaddr_in server;
static SSL_CTX *context;
static guint n_done, n_failed;
static GArray *times; /* gint64, us */

static SSL_CTX *
make_context (gint version)
{
  SSL_CTX *self = SSL_CTX_new (TLS_client_method ());

  SSL_CTX_set_min_proto_version (self, version);
  SSL_CTX_set_max_proto_version (self, version);
  SSL_CTX_set_session_cache_mode (self, SSL_SESS_CACHE_OFF);
  return self;
}

static void
begin (Connection *self)
{
  *self = (Connection){ .began = g_get_monotonic_time (),
    .waits_for = POLLOUT,
    .fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) };
  connect (self->fd, (struct sockaddr *) &server, sizeof server);
  if (!context)
    return;
  self->ssl = SSL_new (context);
  SSL_set_fd (self->ssl, self->fd);
  SSL_set_connect_state (self->ssl);
}

static void
end (Connection *self, gboolean good)
{
  const gint64 taken = g_get_monotonic_time () - self->began;

  if (good) {
    n_done++;
    g_array_append_val (times, taken);
  } else {
    n_failed++;
  }
  if (self->ssl) {
    SSL_shutdown (self->ssl);
    SSL_free (self->ssl);
  }
  close (self->fd);
}

/* TRUE: it is to be tried again. */
static gboolean
has_to_wait (Connection *self, gssize n)
{
  if (!self->ssl)
    return n < 0 && (errno == EAGAIN || errno == ENOTCONN);
  const gint error = SSL_get_error (self->ssl, (gint) n);
  self->waits_for = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static gssize
ask (Connection *self)
{
  static guint number;
  g_autofree gchar *text = g_strdup_printf (
      "OPTIONS sip:agent@127.0.0.1 SIP/2.0\r\n"
      "Via: SIP/2.0/%s 127.0.0.1:9;branch=z9hG4bK%u;rport\r\n"
      "Max-Forwards: 70\r\nFrom: <sip:load@127.0.0.1>;tag=%u\r\n"
      "To: <sip:agent@127.0.0.1>\r\nCall-ID: %u-load\r\n"
      "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
      self->ssl ? "TLS" : "TCP", number, number, number);

  number++;
  return self->ssl ? SSL_write (self->ssl, text, (gint) strlen (text))
                   : write (self->fd, text, strlen (text));
}

/* FALSE: it is over. */
static gboolean
go_on (Connection *self)
{
  gchar answer[4096];
  gssize n;

  if (!self->asked) {
    n = ask (self);
    if (n <= 0 && has_to_wait (self, n))
      return TRUE;
    self->asked = n > 0;
    self->waits_for = POLLIN;
    if (self->asked)
      return TRUE;
  } else {
    n = self->ssl ? SSL_read (self->ssl, answer, sizeof answer)
                  : read (self->fd, answer, sizeof answer);
    if (n <= 0 && has_to_wait (self, n))
      return TRUE;
  }
  end (self, n > 8 && !memcmp (answer, "SIP/2.0 ", 8));
  return FALSE;
}

static gdouble
cpu_ms (pid_t pid)
{
  clockid_t clock;
  struct timespec time;

  if (clock_getcpuclockid (pid, &clock) || clock_gettime (clock, &time))
    return -1;
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void
work_until (Connection *all, gint64 until)
{
  while (g_get_monotonic_time () < until) {
    struct pollfd wanted[AT_ONCE];
    for (guint i = 0; i < AT_ONCE; i++)
      wanted[i] =
          (struct pollfd){ .fd = all[i].fd, .events = all[i].waits_for };
    if (poll (wanted, AT_ONCE, 100) <= 0)
      continue;
    for (guint i = 0; i < AT_ONCE; i++)
      if (wanted[i].revents && !go_on (&all[i]))
        begin (&all[i]);
  }
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static gdouble
percentile_ms (guint percent)
{
  g_array_sort (times, compare);
  return times->len
      ? g_array_index (times, gint64, (times->len - 1) * percent / 100) / 1e3
      : -1;
}

int
main (int argc, char **argv)
{
  Connection all[AT_ONCE];

  if (argc != 5) {
    fprintf (stderr, "tlsgen PORT tcp|1.2|1.3 SECONDS PID\n");
    return 2;
  }
  signal (SIGPIPE, SIG_IGN); /* who is gone is not told */
  const guint seconds = (guint) atoi (argv[3]);
  const pid_t pid = atoi (argv[4]);
  server = (struct sockaddr_in){ .sin_family = AF_INET,
    .sin_port = htons ((guint16) atoi (argv[1])),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  times = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!g_str_equal (argv[2], "tcp"))
    context = make_context (
        g_str_equal (argv[2], "1.2") ? TLS1_2_VERSION : TLS1_3_VERSION);
  for (guint i = 0; i < AT_ONCE; i++)
    begin (&all[i]);
  /* What is done once is done by then. */
  work_until (all, g_get_monotonic_time () + G_USEC_PER_SEC);
  n_done = n_failed = 0;
  g_array_set_size (times, 0);
  const gdouble cpu = cpu_ms (pid);
  work_until (all, g_get_monotonic_time () + seconds * G_USEC_PER_SEC);
  printf ("rate=%.0f\nfailed=%u\ncpu_ms_each=%.3f\np50_ms=%.2f\np95_ms=%.2f\n",
      (gdouble) n_done / seconds, n_failed,
      n_done ? (cpu_ms (pid) - cpu) / n_done : -1, percentile_ms (50),
      percentile_ms (95));
  return 0;
}
