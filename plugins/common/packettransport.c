/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One receive buffer a thread, no allocation a packet. Arrival is the kernel's
 * stamp, so that the time a packet waited for its slot does not count as jitter;
 * the stamp is of CLOCK_REALTIME and is moved to the loop's clock by how long ago
 * it was. */

#include "packettransport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <time.h>
#include <unistd.h>

#define MAX_PACKET 2048
#define EXPEDITED_FORWARDING 0xb8 /* DSCP EF, RFC 3246 */

typedef struct
{
  PacketTransport parent;
  gint fd;
  MediaLoop *loop; /* not owned: set while receiving */
  MediaWatch *watch;
  PacketReceived received;
  gpointer user;
} UdpTransport;

/* ---- Addresses */

gboolean
packet_address_parse (PacketAddress *address, const gchar *host, guint16 port)
{
  *address = (PacketAddress){ 0 };
  if (inet_pton (AF_INET, host, &address->in.sin_addr) == 1)
    address->any.sa_family = AF_INET;
  else if (inet_pton (AF_INET6, host, &address->in6.sin6_addr) == 1)
    address->any.sa_family = AF_INET6;
  else
    return FALSE;
  packet_address_set_port (address, port);
  return TRUE;
}

gboolean
packet_address_same_host (const PacketAddress *a, const PacketAddress *b)
{
  if (a->any.sa_family != b->any.sa_family)
    return FALSE;
  if (a->any.sa_family == AF_INET)
    return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
  return IN6_ARE_ADDR_EQUAL (&a->in6.sin6_addr, &b->in6.sin6_addr);
}

gboolean
packet_address_equal (const PacketAddress *a, const PacketAddress *b)
{
  return packet_address_same_host (a, b) &&
      packet_address_get_port (a) == packet_address_get_port (b);
}

gboolean
packet_address_is_set (const PacketAddress *address)
{
  return address->any.sa_family != AF_UNSPEC;
}

guint16
packet_address_get_port (const PacketAddress *address)
{
  /* sin_port and sin6_port stand at the same place. */
  return g_ntohs (address->in.sin_port);
}

void
packet_address_set_port (PacketAddress *address, guint16 port)
{
  address->in.sin_port = g_htons (port);
}

socklen_t
packet_address_get_size (const PacketAddress *address)
{
  return address->any.sa_family == AF_INET6 ? sizeof address->in6
                                            : sizeof address->in;
}

gchar *
packet_address_host_to_string (const PacketAddress *address)
{
  gchar host[INET6_ADDRSTRLEN] = "";

  if (address->any.sa_family == AF_INET)
    inet_ntop (AF_INET, &address->in.sin_addr, host, sizeof host);
  else if (address->any.sa_family == AF_INET6)
    inet_ntop (AF_INET6, &address->in6.sin6_addr, host, sizeof host);
  return g_strdup (host);
}

gchar *
packet_address_to_string (const PacketAddress *address)
{
  g_autofree gchar *host = packet_address_host_to_string (address);

  if (!packet_address_is_set (address))
    return g_steal_pointer (&host);
  return g_strdup_printf (address->any.sa_family == AF_INET6 ? "[%s]:%u"
                                                             : "%s:%u",
      host, packet_address_get_port (address));
}

/* ---- UDP */

static gint64
nanoseconds (const struct timespec *ts)
{
  return ts->tv_sec * G_GINT64_CONSTANT (1000000000) + ts->tv_nsec;
}

static gint64
arrival_time (struct msghdr *message, MediaLoop *loop)
{
  gint64 now = media_loop_now (loop);

  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c;
       c = CMSG_NXTHDR (message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
      continue;
    struct timespec stamp, real;
    memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
    clock_gettime (CLOCK_REALTIME, &real); /* vDSO: no system call */
    gint64 age = nanoseconds (&real) - nanoseconds (&stamp);
    return now - CLAMP (age, 0, 1000 * MEDIA_LOOP_SLOT);
  }
  return now;
}

static void
udp_readable (gpointer data)
{
  static __thread guint8 buffer[MAX_PACKET];
  UdpTransport *self = data;
  PacketAddress from = { 0 };
  guint8 control[CMSG_SPACE (sizeof (struct timespec))];
  struct iovec part = { buffer, sizeof buffer };
  struct msghdr message = { .msg_name = &from,
    .msg_namelen = sizeof from,
    .msg_iov = &part,
    .msg_iovlen = 1,
    .msg_control = control,
    .msg_controllen = sizeof control };

  /* An ICMP error shows here once (ECONNREFUSED): the peer may come back. */
  gssize size = recvmsg (self->fd, &message, MSG_DONTWAIT);
  if (size < 0 || (message.msg_flags & MSG_TRUNC))
    return;
  self->received (self->user, buffer, (gsize) size, &from,
      arrival_time (&message, self->loop));
}

static gboolean
udp_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  UdpTransport *self = (UdpTransport *) transport;

  return sendto (self->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, &to->any,
             packet_address_get_size (to)) == (gssize) size;
}

static void
udp_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  UdpTransport *self = (UdpTransport *) transport;

  g_clear_pointer (&self->watch, media_watch_remove);
  self->loop = loop;
  self->received = received;
  self->user = user;
  if (received)
    self->watch = media_loop_add_fd (loop, self->fd, udp_readable, self);
}

static void
udp_free (PacketTransport *transport)
{
  UdpTransport *self = (UdpTransport *) transport;

  g_clear_pointer (&self->watch, media_watch_remove);
  close (self->fd);
  g_free (self);
}

static PacketTransport *
udp_failed (gint fd, const PacketAddress *local, GError **error)
{
  gint code = errno;
  g_autofree gchar *where = packet_address_to_string (local);

  if (fd >= 0)
    close (fd);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
      "Could not open UDP port %s: %s.", where, g_strerror (code));
  return NULL;
}

PacketTransport *
packet_transport_new_udp (const PacketAddress *local, GError **error)
{
  gint one = 1, service = EXPEDITED_FORWARDING;
  socklen_t size = sizeof (PacketAddress);
  gint fd = socket (local->any.sa_family,
      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, &local->any, packet_address_get_size (local)) < 0)
    return udp_failed (fd, local, error);
  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  if (local->any.sa_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_TCLASS, &service, sizeof service);
  else
    setsockopt (fd, IPPROTO_IP, IP_TOS, &service, sizeof service);

  UdpTransport *self = g_new0 (UdpTransport, 1);
  self->parent =
      (PacketTransport){ udp_send, udp_receive, udp_free, .local = *local };
  self->fd = fd;
  getsockname (fd, &self->parent.local.any, &size);
  return &self->parent;
}

/* ---- Pairs */

static guint
first_even (guint port)
{
  return (port + 1) & ~1u;
}

/* NULL when one of the two ports is taken. */
static PacketTransport *
try_pair (const PacketAddress *host, guint port, PacketTransport **rtcp)
{
  PacketAddress local = *host;

  packet_address_set_port (&local, (guint16) port);
  PacketTransport *rtp = packet_transport_new_udp (&local, NULL);
  if (!rtp)
    return NULL;
  packet_address_set_port (&local, (guint16) (port + 1));
  *rtcp = packet_transport_new_udp (&local, NULL);
  if (!*rtcp)
    g_clear_pointer (&rtp, udp_free);
  return rtp;
}

gboolean
packet_transport_new_udp_pair (const PacketAddress *host, guint16 first,
    guint16 last, PacketTransport **rtp, PacketTransport **rtcp, GError **error)
{
  static guint turn; /* atomic: a hint, where the next search begins */
  guint low = first_even (first);
  guint pairs = last > low ? (last - low + 1) / 2 : 0;

  for (guint i = 0; i < pairs; i++) {
    guint step = g_atomic_int_add ((gint *) &turn, 1);
    *rtp = try_pair (host, low + 2 * (step % pairs), rtcp);
    if (*rtp)
      return TRUE;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
      "No free pair of RTP ports is left between %u and %u.", first, last);
  return FALSE;
}
