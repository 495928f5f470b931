/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

G_BEGIN_DECLS

/* A scripted network in the virtual time of a manual MediaLoop. Each end is a
 * PacketTransport bound to an address; what one end sends to the address of
 * another arrives there through the sender's impairment. Whatever happens to a
 * packet is a hash of (seed, sending end, number of the packet), never of
 * timing: two runs of one script are identical. One thread. */

typedef struct
{
  gint64 delay; /* ns, one way; at least 1 slot of the loop passes */
  gint64 jitter; /* ns, added: 0..jitter, evenly spread */
  gboolean in_order; /* jitter never makes one packet overtake another */
  gdouble loss; /* share of packets lost, each by itself */
  gdouble burst_enter; /* Gilbert: chance per packet that a burst begins ... */
  gdouble burst_leave; /* ... and that it ends; all in a burst are lost */
  gdouble reorder; /* share of packets held back by ... */
  gint64 reorder_delay; /* ... ns, regardless of in_order */
  gdouble
      duplicate; /* share that arrives twice, the copy with its own jitter */
} VirtualNetImpairment;

typedef struct
{
  guint64 sent; /* handed to send() */
  guint64 lost;
  guint64 duplicated;
  guint64 unrouted; /* nobody at that address on arrival */
  guint64 delivered; /* arrived of what this end sent, copies included */
} VirtualNetStats;

/* A packet that the test looks at. */
typedef struct
{
  gint64 time; /* loop time: arrival in take(), sending in a tap */
  PacketAddress from, to;
  gsize size;
  guint8 *data;
} VirtualPacket;

typedef struct _VirtualNet VirtualNet;

/* FALSE: the packet goes no further (it counts as lost). @packet->data may be
 * changed. */
typedef gboolean (*VirtualNetTap) (VirtualPacket *packet, gpointer user);

/* @loop: manual. */
VirtualNet *virtual_net_new (MediaLoop *loop, guint64 seed);
/* Drops what is on its way. Ends may outlive it, but not send any more. */
void virtual_net_free (VirtualNet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VirtualNet, virtual_net_free)

/* An end at "192.0.2.1", @port. Its receiver owns it as any transport. Ends
 * without a receiver keep what arrives for virtual_net_take(). */
PacketTransport *virtual_net_open (VirtualNet *self, const gchar *host,
    guint16 port);

/* Of what @end sends from now on; NULL: a perfect line. */
void virtual_net_impair (PacketTransport *end,
    const VirtualNetImpairment *impairment);
/* Sees every packet that @end sends, before its impairment; NULL: nobody. */
void virtual_net_tap (PacketTransport *end, VirtualNetTap tap, gpointer user);

/* A packet arrives at @end now, as if sent by @from, inside this call. */
void virtual_net_inject (PacketTransport *end, const PacketAddress *from,
    const guint8 *data, gsize size);
/* The oldest packet kept for @end, or NULL; (transfer full). */
VirtualPacket *virtual_net_take (PacketTransport *end);
void virtual_packet_free (VirtualPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VirtualPacket, virtual_packet_free)

/* Of what @end sent. */
void virtual_net_get_stats (PacketTransport *end, VirtualNetStats *stats);

G_END_DECLS
