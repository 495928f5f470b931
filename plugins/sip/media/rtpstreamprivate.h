/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpstream.h"

#include "sip/echo/echocontrol.h"
#include "sip/ice/icetransport.h"
#include "sip/logic/rtp/concealment.h"
#include "sip/logic/keys/keyear.h"
#include "sip/logic/rate/tokenbucket.h"
#include "sip/logic/rtp/packetizer.h"
#include "sip/logic/quality/lossmeter.h"
#include "sip/logic/rtp/rtcp.h"
#include "sip/logic/rtp/rtpreceiver.h"
#include "sip/logic/rtp/telephoneevent.h"
#include "sip/srtp/dtlstransport.h"
#include "sip/srtp/securertp.h"
#include "rtplatch.h"
#include "rtplog.h"
#include "rtpsealed.h"
#include "rtpunpacker.h"

G_BEGIN_DECLS

#define RTP_SEND_MAX_PAYLOAD 1920

/* What the files of RtpStream share: rtpstream.c (life, settings, stats), and
 * its halves rtpstreamreceive.c, rtpstreamsend.c, rtpstreamcontrol.c (RTCP),
 * rtpstreampackets.c and rtpstreamtones.c. */

/* What only the loop counts; a copy of it is what stats shows. */
typedef struct
{
  JitterCounters jitter;
  gint64 jitter_time;
  guint64 octets_received;
  guint64 concealed; /* frames */
  guint64 silent; /* frames */
  guint64 skipped; /* frames */
  LossMeter loss;
  guint64 garbage;
  guint64 unlatched;
  SecureRtpCounters secure;
  guint64 collisions;
  guint64 dtmf_received;
  gint64 round_trip; /* 0 = unknown */
  gdouble remote_fraction_lost;
  gint64 remote_lost;
  gint64 remote_jitter;
  EchoControlStats echo;
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

/* Keys as audio. */
typedef struct
{
  KeyEar *ear; /* NULL: the peer's come in another form */
  guint ear_rate;
  gint64 sent_at; /* ours, last; 0 = never */
  guint offset; /* samples of the key that is sent */
  guint32 end; /* RTP time: audio before it is left out, */
  gboolean ends; /* if there is such a time */
} RtpTones;

typedef struct _RtpOutside RtpOutside;

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
  gboolean controls_echo;
  gint ref_count; /* atomic */

  /* Loop thread only: no lock. */
  GDestroyNotify user_destroy;
  PacketTransport *rtp, *rtcp;
  SecureRtp *secure; /* around both, if the call ever had keys or ICE; theirs */
  DtlsTransport *dtls; /* in it, around RTP */
  IceTransport *ice, *ice_control; /* in that, and around RTCP */
  gboolean is_chosen; /* by ICE: where latch is */
  RtpKeys *dtls_keys; /* of the last handshake, NULL: not yet */
  RtpOutside *outside; /* NULL: nobody is asked about it */
  gboolean started;
  RtpStreamMedia media;
  RtpStreamCounters counters;
  RtpLog log;

  RtpLatch latch;
  RtpReceiver receiver;
  RtpUnpacker unpacker;
  Concealment concealment;
  TelephoneEventReceiver events;
  TokenBucket keys; /* that are told */
  gboolean key_told; /* the last one that began was */
  RtpTones tones;
  EchoControl *echo; /* NULL: not yet, or it is not to be */
  MediaTimer receive_timer;
  MediaTimer timeout_timer;
  gint64 last_life; /* RTP or RTCP of the peer */
  gint64 last_media; /* RTP only */
  gboolean timed_out;

  guint32 ssrc;
  guint16 sequence;
  GstVoiceFormat taken; /* by the owner of what comes */
  gpointer packet_encoder; /* of packets that another codec has, for it */
  gpointer encoder; /* of media.codec */
  guint send_loss; /* percent, that the encoder was told of */
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
  guint queue_frame; /* samples in a packet of what is encoded here */
  gboolean send_sealed; /* what waits are blanks for those in @sealed */
  RtpSealed sealed;
  gpointer packet_decoder; /* of packets that another codec has, or NULL */
  guint packet_rate; /* of its samples */
  gint taken_encoding, given_encoding; /* -1 = none yet */
  gboolean up; /* set_media() has come to the loop */
  const gchar *encryption, *failure; /* literals */
  gboolean has_media; /* set_media() was called */
  gboolean has_keys; /* the peer takes keys, by the last set_media() */
  gboolean stopped;
  gboolean unlocked;
  gboolean draining;
  gint64 drain_end; /* without keys, 0 = not begun */
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

/* RTP and RTCP are read from now on, or no longer. */
void rtp_receive_listen (RtpStream *self);
void rtp_receive_close (RtpStream *self);
/* rtpstreamoutside.c: nobody is asked any more. */
void rtp_outside_stop (RtpStream *self);
void rtp_receive_start (RtpStream *self, gint64 now);
/* The peer or the payload types changed. */
void rtp_receive_set_media (RtpStream *self, gint64 now);
void rtp_receive_stop (RtpStream *self);
/* ICE has found the far end at @remote. */
void rtp_receive_follow (RtpStream *self, guint component,
    const PacketAddress *remote);
/* The codec changed, or what the owner takes. */
void rtp_receive_set_form (RtpStream *self);
/* A report of the peer's: it is there. */
void rtp_receive_life (RtpStream *self, const RtcpSummary *report,
    const PacketAddress *from, gint64 arrival);
void rtp_receive_report_keys (RtpStream *self, const TelephoneEvent *events,
    guint n);
void rtp_receive_packet (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival);

/* Any thread, lock held. Whoever waits for room looks again. */
void rtp_send_signal_room_unlocked (RtpStream *self);
/* Audio of @n samples was not sent. */
void rtp_send_count_skipped_unlocked (RtpStream *self, guint n);
void rtp_send_start (RtpStream *self);
void rtp_send_stop (RtpStream *self);
/* The peer reports that it misses this much of what we send (0..1). */
void rtp_send_set_loss (RtpStream *self, gdouble fraction);
/* Everything that is due leaves. */
void rtp_send_pump (RtpStream *self, gint64 now);
/* Any thread, lock held. Whoever put something into a queue, or moved its time,
 * calls one of these before the lock is given up: the loop looks at once ... */
void rtp_send_call_unlocked (RtpStream *self);
/* ... or in time for what waits, which it may do without being called. */
void rtp_send_wake_unlocked (RtpStream *self);

/* The rest of rtp_receive_set_form(). */
void rtp_stream_set_packets (RtpStream *self);
/* What comes is taken in packets, as it is. */
gboolean rtp_stream_is_sealed (const RtpStream *self);
void rtp_stream_deliver_sealed (RtpStream *self, const RtpFrame *frame);
/* Of the samples of @frame, if the owner takes packets that they did not come in; @payload
 * has room for one. FALSE: there is nothing to give. */
gboolean rtp_stream_make_packet (RtpStream *self, RtpStreamFrame *frame,
    guint8 *payload);

/* Any thread, lock held. All that waits is given up, and counted. */
void rtp_send_drop_queue_unlocked (RtpStream *self);
/* What comes now is to be encoded here. */
void rtp_send_open_queue_unlocked (RtpStream *self);
/* A packet to what waits in the queue, as samples of the call; how many, 0: it is none
 * that can be sent. */
guint rtp_send_unpack_unlocked (RtpStream *self, GstVoiceEncoding encoding,
    const guint8 *payload, gsize size, gint16 *samples);
guint rtp_stream_count_transcodes_unlocked (const RtpStream *self);

/* A packet of @size bytes leaves. */
void rtp_echo_send (RtpStream *self, const gint16 *samples, guint n,
    const guint8 *payload, gsize size, gint64 due, gint64 now);
/* Takes the echo out of @frame; @law has room for it. */
void rtp_echo_clean (RtpStream *self, RtpStreamFrame *frame, gint16 *samples,
    guint8 *law);
/* The codec changed. */
void rtp_echo_set_media (RtpStream *self);
void rtp_echo_clear (RtpStream *self);
/* Any thread. */
void rtp_echo_add_stats (const EchoControlStats *stats,
    GstStructure *structure);

void rtp_tones_set_media (RtpStream *self);
void rtp_tones_clear (RtpStream *self);
/* Reports keys that begin or end in @frame. */
void rtp_tones_hear (RtpStream *self, const RtpStreamFrame *frame, gint64 now);
/* Lock held. The next 20 ms of @key, which takes @duration ms, go to @samples and what
 * they need to @header, whose marker says that it begins; @timestamp is the RTP time of
 * now. How many samples. */
guint rtp_tones_next_unlocked (RtpStream *self, gchar key, guint duration,
    guint32 timestamp, gint64 now, RtpPacket *header, gint16 *samples);
/* Lock held. Audio of this time was spoken over by a key. */
gboolean rtp_tones_cover_unlocked (RtpStream *self, guint32 timestamp);

void rtp_control_start (RtpStream *self, gint64 now);
void rtp_control_stop (RtpStream *self, const gchar *reason);
/* RTP came from our SSRC: somebody else has chosen it, too. */
void rtp_control_collision (RtpStream *self, gint64 now);
void rtp_control_packet (RtpStream *self, const guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival, gboolean mux);
void rtp_control_received (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival);

G_END_DECLS
