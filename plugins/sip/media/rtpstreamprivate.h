/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpstream.h"

#include "sip/logic/concealment.h"
#include "sip/logic/packetizer.h"
#include "sip/logic/rtcp.h"
#include "sip/logic/rtpreceiver.h"
#include "sip/logic/telephoneevent.h"
#include "rtplatch.h"
#include "rtplog.h"
#include "rtpunpacker.h"

G_BEGIN_DECLS

/* What the files of RtpStream share: rtpstream.c (life, settings, stats), and
 * its halves rtpstreamreceive.c, rtpstreamsend.c and rtpstreamcontrol.c (RTCP). */

/* What only the loop counts; a copy of it is what stats shows. */
typedef struct
{
  JitterCounters jitter;
  gint64 jitter_time;
  guint64 octets_received;
  guint64 concealed; /* frames */
  guint64 silent; /* frames */
  guint64 skipped; /* frames */
  guint64 garbage;
  guint64 unlatched;
  guint64 collisions;
  guint64 dtmf_received;
  gint64 round_trip; /* 0 = unknown */
  gdouble remote_fraction_lost;
  gint64 remote_lost;
  gint64 remote_jitter;
  PacketAddress remote_rtp, remote_rtcp;
  gboolean heard; /* any RTP */
} RtpStreamCounters;

/* What RTCP needs to know. */
typedef struct
{
  PacketAddress to;
  gboolean mux; /* the peer's comes to our RTP port */
  MediaTimer timer;
  guint64 reported_packets; /* sent when the last report went */
  guint32 last_sr; /* of the peer, 0 = none */
  gint64 last_sr_arrival;
} RtpStreamControl;

struct _RtpStream
{
  /* Set when made, never changed: read freely. */
  MediaLoop *loop;
  gint64 latency; /* ns */
  gint64 media_timeout; /* ns, 0 = never */
  gchar *cname;
  RtpStreamCallbacks callbacks;
  gpointer user;
  gint64 ntp_offset; /* NTP time of loop time 0 */
  gint ref_count; /* atomic */

  /* Loop thread only: no lock. */
  GDestroyNotify user_destroy;
  PacketTransport *rtp, *rtcp;
  gboolean started;
  RtpStreamMedia media;
  RtpStreamCounters counters;
  RtpLog log;

  RtpLatch latch;
  RtpReceiver receiver;
  RtpUnpacker unpacker;
  Concealment concealment;
  TelephoneEventReceiver events;
  MediaTimer receive_timer;
  MediaTimer timeout_timer;
  gint64 last_life; /* RTP or RTCP of the peer */
  gint64 last_media; /* RTP only */
  gboolean timed_out;

  guint32 ssrc;
  guint16 sequence;
  gpointer encoder; /* of media.codec */
  MediaTimer send_timer;
  gint64 last_collision;

  RtpStreamControl control;

  /* Protects everything below. A leaf but for the loop's own: what is queued and
   * the call that makes the loop look at it are one. */
  GMutex lock;
  GCond room; /* the queue has some, or a wait is over */
  guint n_waiting; /* for it: to signal nobody costs a system call */
  Packetizer packetizer;
  TelephoneEventSender digits;
  const RtpCodec *send_codec; /* media.codec, for those who send */
  gboolean up; /* set_media() has come to the loop */
  gboolean has_media; /* set_media() was called */
  gboolean has_events; /* telephone-event negotiated, by the last set_media() */
  gboolean stopped;
  gboolean unlocked;
  gboolean draining;
  gboolean pump_pending; /* the loop has been called to look */
  gint64 pump_due; /* when its timer will look, -1 = never */
  gboolean digits_pending; /* dtmf_sent is owed */
  guint64 packets_sent, octets_sent;
  guint64 dropped; /* 20 ms of audio each */
  guint skipped; /* samples, less than those, that are not counted yet */
  guint64 send_failures;
  guint64 dtmf_sent;
  RtpStreamCounters published;
};

/* Loop thread, all of them. */
void rtp_stream_publish (RtpStream *self);

void rtp_receive_start (RtpStream *self, gint64 now);
/* The peer or the payload types changed. */
void rtp_receive_set_media (RtpStream *self, gint64 now);
void rtp_receive_stop (RtpStream *self);
/* A report of @ssrc says that the peer is there. */
void rtp_receive_life (RtpStream *self, guint32 ssrc, gint64 arrival);
void rtp_receive_packet (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival);

/* Any thread, lock held. Whoever waits for room looks again. */
void rtp_send_signal_room_unlocked (RtpStream *self);
/* Audio of @n samples was not sent. */
void rtp_send_count_skipped_unlocked (RtpStream *self, guint n);
void rtp_send_start (RtpStream *self);
void rtp_send_stop (RtpStream *self);
/* Everything that is due leaves. */
void rtp_send_pump (RtpStream *self, gint64 now);
/* Any thread, lock held. Whoever put something into a queue, or moved its time,
 * calls one of these before the lock is given up: the loop looks at once ... */
void rtp_send_call_unlocked (RtpStream *self);
/* ... or in time for what waits, which it may do without being called. */
void rtp_send_wake_unlocked (RtpStream *self);

void rtp_control_start (RtpStream *self, gint64 now);
void rtp_control_stop (RtpStream *self, const gchar *reason);
/* RTP came from our SSRC: somebody else has chosen it, too. */
void rtp_control_collision (RtpStream *self, gint64 now);
void rtp_control_packet (RtpStream *self, const guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival, gboolean mux);
void rtp_control_received (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival);

G_END_DECLS
