/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The floor that the bench compares with: one epoll thread, one socket per
 * stream, each packet received, decoded from G.711, encoded again and sent back
 * under a header of its own. No SIP, no RTCP, no jitter buffer, no agent.
 *
 *   epollfloor N [SUITE]   prints N ports, one a line, then serves until killed. With SUITE
 *                          by libsrtp2 and the key of loadsrtp.c, both ways */

#include "../peers/programs/g711.h"
#include "loadsrtp.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

typedef struct
{
  int fd;
  guint16 sequence;
  guint32 timestamp;
  LoadSrtp *srtp; /* NULL: plain RTP */
} Stream;

static gint16 decoded[256];
static guint8 encoded[65536];

static void
fill_tables (void)
{
  for (gint i = 0; i < 256; i++)
    decoded[i] = g711_decode (i, FALSE);
  for (gint i = 0; i < 65536; i++)
    encoded[i] = g711_encode ((gint16) i, FALSE);
}

static gboolean
open_stream (Stream *stream, int poller)
{
  struct sockaddr_in own = { .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = stream };

  stream->fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (stream->fd < 0 ||
      bind (stream->fd, (struct sockaddr *) &own, sizeof own) < 0)
    return FALSE;
  getsockname (stream->fd, (struct sockaddr *) &own, &size);
  printf ("%u\n", ntohs (own.sin_port));
  return epoll_ctl (poller, EPOLL_CTL_ADD, stream->fd, &event) == 0;
}

static void
echo (Stream *stream)
{
  _Alignas(8) guint8 packet[2048];
  gint16 pcm[2048];
  struct sockaddr_in peer;
  socklen_t peer_size = sizeof peer;
  gssize size = recvfrom (stream->fd, packet, sizeof packet, 0,
      (struct sockaddr *) &peer, &peer_size);

  if (size > 12 && stream->srtp)
    size = (gssize) load_srtp_unprotect (stream->srtp, packet, size);
  if (size <= 12 || packet[0] >> 6 != 2)
    return;
  for (gssize i = 12; i < size; i++)
    pcm[i] = decoded[packet[i]];
  for (gssize i = 12; i < size; i++)
    packet[i] = encoded[(guint16) pcm[i]];
  packet[2] = stream->sequence >> 8;
  packet[3] = stream->sequence++ & 0xff;
  guint32 timestamp = htonl (stream->timestamp);
  stream->timestamp += size - 12;
  memcpy (packet + 4, &timestamp, 4);
  if (stream->srtp)
    size = (gssize) load_srtp_protect (stream->srtp, packet, size);
  sendto (stream->fd, packet, size, 0, (struct sockaddr *) &peer, sizeof peer);
}

int
main (int argc, char **argv)
{
  guint count = argc > 1 ? atoi (argv[1]) : 1;
  struct rlimit limit;
  int poller = epoll_create1 (0);

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  fill_tables ();
  Stream *streams = g_new0 (Stream, count);
  for (guint i = 0; argc > 2 && i < count; i++)
    streams[i].srtp = load_srtp_new (argv[2]);
  for (guint i = 0; i < count; i++)
    if (!open_stream (&streams[i], poller)) {
      perror ("epollfloor");
      return 1;
    }
  puts ("ready");
  fflush (stdout);
  for (;;) {
    struct epoll_event events[64];
    gint n = epoll_wait (poller, events, 64, -1);
    for (gint i = 0; i < n; i++)
      echo (events[i].data.ptr);
  }
}
