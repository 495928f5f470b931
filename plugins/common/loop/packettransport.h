/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "medialoop.h"

#include <netinet/in.h>
#include <sys/socket.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Datagrams in and out for one UDP port, behind a struct of functions: real
 * sockets on a MediaLoop, or a scripted network in virtual time. */

typedef union
{
  struct sockaddr any;
  struct sockaddr_in in;
  struct sockaddr_in6 in6;
} PacketAddress;

/* FALSE when @host is not a numeric IPv4 or IPv6 address. */
gboolean packet_address_parse (PacketAddress *address, const gchar *host,
    guint16 port);
gboolean packet_address_equal (const PacketAddress *a, const PacketAddress *b);
gboolean packet_address_same_host (const PacketAddress *a,
    const PacketAddress *b);
gboolean packet_address_is_set (const PacketAddress *address);
/* The wildcard, which is nowhere. */
gboolean packet_address_is_any (const PacketAddress *address);
/* Multicast or broadcast: nobody holds a call there, but everybody would hear it. */
gboolean packet_address_is_group (const PacketAddress *address);
/* Set, and neither of these. */
gboolean packet_address_is_one_place (const PacketAddress *address);
guint16 packet_address_get_port (const PacketAddress *address);
void packet_address_set_port (PacketAddress *address, guint16 port);
socklen_t packet_address_get_size (const PacketAddress *address);
/* "192.0.2.1:4000", "[2001:db8::1]:4000"; (transfer full) */
gchar *packet_address_to_string (const PacketAddress *address);
/* Host part only; (transfer full) */
gchar *packet_address_host_to_string (const PacketAddress *address);

/* Loop thread. @data may be changed, and is the receiver's until it returns.
 * @arrival: loop time, ns (the kernel's receive stamp where there is one). */
typedef void (*PacketReceived) (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival);

typedef struct _PacketTransport PacketTransport;

struct _PacketTransport
{
  /* Loop thread. FALSE when the network refused it (count it, go on). */
  gboolean (*send) (PacketTransport *self, const guint8 *data, gsize size,
      const PacketAddress *to);
  /* Loop thread. Begins to deliver packets on @loop; @received NULL stops. */
  void (*receive) (PacketTransport *self, MediaLoop *loop,
      PacketReceived received, gpointer user);
  /* Loop thread, after receive (NULL); or any thread if never received. */
  void (*free) (PacketTransport *self);
  PacketAddress local; /* what it is bound to */
};

#define packet_transport_send(t, data, size, to) \
  ((t)->send ((t), (data), (size), (to)))
#define packet_transport_receive(t, loop, received, user) \
  ((t)->receive ((t), (loop), (received), (user)))
#define packet_transport_free(t) ((t)->free (t))

/* A non-blocking UDP socket bound to @local (port 0: the kernel chooses; the
 * chosen one is in ->local). */
PacketTransport *packet_transport_new_udp (const PacketAddress *local,
    GError **error);

/* An RTP/RTCP pair, RTP on an even port of @first..@last, RTCP on the next one
 * (RFC 3550 11). The search begins where the last one of this process ended.
 * G_IO_ERROR_ADDRESS_IN_USE when the range is exhausted. */
gboolean packet_transport_new_udp_pair (const PacketAddress *host,
    guint16 first, guint16 last, PacketTransport **rtp, PacketTransport **rtcp,
    GError **error);

VOICE_API_END
G_END_DECLS
