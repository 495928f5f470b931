/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "packettransport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Larger than any packet that an Ethernet carries; a longer one is dropped. */
#define MAX_PACKET 2048
/* DSCP EF (RFC 3246), the class that networks give to voice, as a TOS byte. */
#define TOS_VOICE 0xb8
/* How long a packet has waited if others may wait behind it, and how many. */
#define LATE G_GINT64_CONSTANT (5000000)
#define MAX_BURST 64
/* A receive stamp older than this came from a clock that was set. */
#define MAX_AGE G_GINT64_CONSTANT (1000000000)

typedef struct
{
  PacketTransport parent;
  gint fd;
  /* Loop thread only: no lock. */
  MediaLoop *loop; /* not owned; where ->watch is */
  MediaWatch *watch;
  PacketReceived received;
  gpointer user;
} UdpTransport;

/* ---- Addresses */

gboolean
packet_address_parse (PacketAddress *address, const gchar *host, guint16 port)
{
  memset (address, 0, sizeof (*address));
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
  return a->any.sa_family != AF_INET6 ||
      memcmp (&a->in6.sin6_addr, &b->in6.sin6_addr, 16) == 0;
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
  return address->any.sa_family == AF_INET ||
      address->any.sa_family == AF_INET6;
}

gboolean
packet_address_is_any (const PacketAddress *address)
{
  if (address->any.sa_family == AF_INET)
    return address->in.sin_addr.s_addr == INADDR_ANY;
  return address->any.sa_family == AF_INET6 &&
      IN6_IS_ADDR_UNSPECIFIED (&address->in6.sin6_addr);
}

gboolean
packet_address_is_group (const PacketAddress *address)
{
  if (address->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_MULTICAST (&address->in6.sin6_addr);
  guint32 v4 = ntohl (address->in.sin_addr.s_addr);
  return address->any.sa_family == AF_INET &&
      (IN_MULTICAST (v4) || v4 == INADDR_BROADCAST);
}

gboolean
packet_address_is_one_place (const PacketAddress *address)
{
  return packet_address_is_set (address) && !packet_address_is_any (address) &&
      !packet_address_is_group (address);
}

guint16
packet_address_get_port (const PacketAddress *address)
{
  if (address->any.sa_family == AF_INET)
    return ntohs (address->in.sin_port);
  if (address->any.sa_family == AF_INET6)
    return ntohs (address->in6.sin6_port);
  return 0;
}

void
packet_address_set_port (PacketAddress *address, guint16 port)
{
  if (address->any.sa_family == AF_INET)
    address->in.sin_port = htons (port);
  else if (address->any.sa_family == AF_INET6)
    address->in6.sin6_port = htons (port);
}

socklen_t
packet_address_get_size (const PacketAddress *address)
{
  return address->any.sa_family == AF_INET6 ? sizeof (address->in6)
                                            : sizeof (address->in);
}

gchar *
packet_address_host_to_string (const PacketAddress *address)
{
  gchar text[INET6_ADDRSTRLEN] = "";

  if (address->any.sa_family == AF_INET)
    inet_ntop (AF_INET, &address->in.sin_addr, text, sizeof (text));
  else if (address->any.sa_family == AF_INET6)
    inet_ntop (AF_INET6, &address->in6.sin6_addr, text, sizeof (text));
  return g_strdup (text);
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

/* ---- Receiving */

static gint64
to_ns (const struct timespec *time)
{
  return time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

/* What to add to wall clock time to get loop time. Read once per batch, and
 * again in the next one, as the wall clock may be set at any time. */
static gint64
get_clock_offset (gint64 batch)
{
  static _Thread_local gint64 offset, read_at = -1;

  if (read_at != batch) {
    struct timespec wall, monotonic;

    clock_gettime (CLOCK_REALTIME, &wall);
    clock_gettime (CLOCK_MONOTONIC, &monotonic);
    offset = to_ns (&monotonic) - to_ns (&wall);
    read_at = batch;
  }
  return offset;
}

/* The kernel's receive stamp in loop time; a manual loop has its own time. */
static gint64
get_arrival (MediaLoop *loop, struct msghdr *message)
{
  const gint64 now = media_loop_now (loop);
  const struct cmsghdr *header = CMSG_FIRSTHDR (message);
  struct timespec stamp;

  if (!header || header->cmsg_level != SOL_SOCKET ||
      header->cmsg_type != SCM_TIMESTAMPNS || media_loop_is_manual (loop))
    return now;
  memcpy (&stamp, CMSG_DATA (header), sizeof (stamp));
  const gint64 arrival = to_ns (&stamp) + get_clock_offset (now);
  return arrival > now || arrival < now - MAX_AGE ? now : arrival;
}

/* FALSE: there is none. Else @arrival is its. */
static gboolean
read_packet (UdpTransport *self, gint64 *arrival)
{
  guint8 packet[MAX_PACKET];
  PacketAddress from;
  union
  {
    struct cmsghdr align;
    gchar space[CMSG_SPACE (sizeof (struct timespec))];
  } control;
  struct iovec vector = { packet, sizeof (packet) };
  struct msghdr message = {
    .msg_name = &from,
    .msg_namelen = sizeof (from),
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof (control),
  };

  /* An error here is the past of the network (ICMP), or nothing to read. */
  const gssize size = recvmsg (self->fd, &message, 0);
  if (size < 0)
    return FALSE;
  *arrival = get_arrival (self->loop, &message);
  if (!(message.msg_flags & MSG_TRUNC))
    self->received (self->user, packet, size, &from, *arrival);
  return TRUE;
}

/* One packet, as a rule; the loop comes back. If we are late more are waiting, and
 * all are to be known before the timers say what is missing. */
static void
udp_transport_read (gpointer data)
{
  UdpTransport *self = data;
  const gint64 now = media_loop_now (self->loop);
  MediaWatch *watch = self->watch;
  gint64 arrival = now;

  for (guint i = 0; i < MAX_BURST && self->watch == watch; i++)
    if (!read_packet (self, &arrival) || arrival > now - LATE)
      return;
}

static void
udp_transport_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  UdpTransport *self = (UdpTransport *) transport;

  g_clear_pointer (&self->watch, media_watch_remove);
  self->loop = loop;
  self->received = received;
  self->user = user;
  if (received)
    self->watch = media_loop_add_fd (loop, self->fd, udp_transport_read, self);
}

/* ---- Sending */

static gboolean
udp_transport_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  UdpTransport *self = (UdpTransport *) transport;

  return sendto (self->fd, data, size, 0, &to->any,
             packet_address_get_size (to)) == (gssize) size;
}

/* ---- Making */

static void
udp_transport_free (PacketTransport *transport)
{
  UdpTransport *self = (UdpTransport *) transport;

  g_clear_pointer (&self->watch, media_watch_remove);
  close (self->fd);
  g_free (self);
}

static gint
open_socket (const PacketAddress *local)
{
  const gint fd = socket (local->any.sa_family,
      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  const gint on = 1, tos = TOS_VOICE;

  if (fd < 0)
    return -1;
  /* Each of these is an improvement only: not to have it is no error. */
  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof (on));
  if (local->any.sa_family == AF_INET6) {
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof (on));
    setsockopt (fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof (tos));
  } else {
    setsockopt (fd, IPPROTO_IP, IP_TOS, &tos, sizeof (tos));
  }
  return fd;
}

PacketTransport *
packet_transport_new_udp (const PacketAddress *local, GError **error)
{
  PacketAddress bound = *local;
  socklen_t size = sizeof (bound);
  const gint fd = open_socket (local);

  if (fd < 0 || bind (fd, &local->any, packet_address_get_size (local)) < 0 ||
      getsockname (fd, &bound.any, &size) < 0) {
    const gint code = errno;
    g_autofree gchar *text = packet_address_to_string (local);

    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
        "Cannot open UDP port %s: %s.", text, g_strerror (code));
    if (fd >= 0)
      close (fd);
    return NULL;
  }

  UdpTransport *self = g_new0 (UdpTransport, 1);
  self->parent.send = udp_transport_send;
  self->parent.receive = udp_transport_receive;
  self->parent.free = udp_transport_free;
  self->parent.local = bound;
  self->fd = fd;
  return &self->parent;
}

static gboolean
open_pair (PacketAddress *local, guint port, PacketTransport **rtp,
    PacketTransport **rtcp, GError **error)
{
  packet_address_set_port (local, port);
  *rtp = packet_transport_new_udp (local, error);
  if (!*rtp)
    return FALSE;
  packet_address_set_port (local, port + 1);
  *rtcp = packet_transport_new_udp (local, error);
  if (!*rtcp)
    g_clear_pointer (rtp, udp_transport_free);
  return *rtcp != NULL;
}

gboolean
packet_transport_new_udp_pair (const PacketAddress *host, guint16 first,
    guint16 last, PacketTransport **rtp, PacketTransport **rtcp, GError **error)
{
  static gint next_port; /* atomic: two searches may start at one port */
  const guint start = (first + 1u) & ~1u;
  const guint n_pairs = last > start ? (last + 1u - start) / 2 : 0;
  const guint next = (guint) g_atomic_int_get (&next_port);
  guint port = next > start && next < start + 2 * n_pairs ? next : start;
  PacketAddress local = *host;

  *rtp = *rtcp = NULL;
  for (guint i = 0; i < n_pairs; i++) {
    g_autoptr (GError) reason = NULL;
    const gboolean opened = open_pair (&local, port, rtp, rtcp, &reason);

    port = port + 2 < start + 2 * n_pairs ? port + 2 : start;
    g_atomic_int_set (&next_port, (gint) port);
    if (opened)
      return TRUE;
    if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  }
  if (n_pairs > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
        "All RTP ports from %u to %u are in use.", first, last);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "The RTP ports from %u to %u hold no even port with an odd one "
        "after it.",
        first, last);
  return FALSE;
}
