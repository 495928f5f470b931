/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "jitterbuffer.h"
#include "skewfilter.h"

G_BEGIN_DECLS

/* RTP packets in, an unbroken line of 20 ms frames out, for a codec of any clock and
 * rate. It re-blocks packets of any length, waits for missing ones, says which frames
 * are to be made up, and keeps silence flowing where no packet comes at all. Positions
 * on its line count ticks from its start, of the RTP clock or slower, and never jump; RTP
 * timestamps are mapped onto it anew at each talkspurt and restart. Frames never
 * overlap in time: where the line moves to an earlier time, those whose time was given
 * out already are skipped.
 *
 * Packets are cut at ticks only after unpack(): each payload once, in order, also that
 * of a packet whose time is over, as a decoder wants them. */

/* Bytes: 20 ms of S16 at 48 kHz. */
#define RTP_RECEIVER_MAX_FRAME 1920

typedef enum
{
  RTP_FRAME_AUDIO,
  RTP_FRAME_MENDED, /* was lost: the audio was made up by mend() */
  RTP_FRAME_LOST, /* to be concealed */
  RTP_FRAME_SILENCE,
} RtpFrameKind;

typedef struct
{
  RtpFrameKind kind;
  const guint8 *audio; /* AUDIO, MENDED: one; valid until the next call */
  gint64 time; /* when the first sample is due */
  gboolean discont;
} RtpFrame;

typedef struct
{
  guint8 payload_type;
  gint event_payload_type; /* -1 = none */
  gint64 latency; /* ns */
  guint clock; /* of the line, Hz, 0 = 8000 */
  guint width; /* bytes of audio in a tick of it, 0 = 1 */
  /* The audio in the payload of @packet, valid until the next call, and its length;
   * NULL: there is none. Without it payloads are audio. */
  const guint8 *(
      *unpack) (const RtpPacket *packet, guint *n_ticks, gpointer user);
  gpointer user;
  gconstpointer form; /* tells audio of one kind from that of another */
  /* May be NULL: that of the line. Hz, of the timestamp of @packet: where it becomes
   * another one the line goes on as its packets come (RFC 7160). */
  guint (*get_clock) (const RtpPacket *packet, gpointer user);
  /* May be NULL. @n_ticks of audio for a packet that is lost, of which the one @behind
   * it may know; NULL: that is lost, too. */
  const guint8 *(*mend) (const RtpPacket *behind, guint n_ticks, gpointer user);
} RtpReceiverConfig;

typedef struct
{
  RtpReceiverConfig config;
  JitterBuffer buffer;
  SkewFilter clock;

  gint64 line; /* first tick that was not given out */
  gboolean synced; /* the three below hold */
  guint32 mapped_timestamp; /* stands at mapped_line */
  gint64 mapped_line;
  guint mapped_clock; /* Hz, of that timestamp */
  guint frame; /* ticks in 20 ms */
  guint duration; /* of the last audio packet, ticks */

  const guint8 *audio; /* rest of the packet at work */
  guint n_ticks; /* of audio */
  gint64 mended_end; /* what is on the line before that was made up */
  guint8 carry[RTP_RECEIVER_MAX_FRAME]; /* begins at line */
  guint n_carried; /* ticks in carry */

  guint n_fill; /* frames to give before the payload */
  RtpFrameKind fill;
  guint n_stalled; /* frames without any packet */
  gboolean talking;
  gboolean discont;
  gint64 last_lateness; /* of a packet behind the line; -1 = none */
  gint64 grid_line; /* end of a frame begun by a lost part */
  gint64 end_time; /* of the last frame given out */
  guint64 skipped; /* frames */

  gint64 last_arrival; /* for jitter; -1 = none */
  guint32 last_timestamp;
  gint64 jitter; /* RFC 3550 A.8, ns */
} RtpReceiver;

/* The line begins at @now, with silence. */
void rtp_receiver_init (RtpReceiver *self, const RtpReceiverConfig *config,
    gint64 now);
void rtp_receiver_clear (RtpReceiver *self);
/* Another codec, or other payload types, in the middle of the stream (re-INVITE). A frame
 * that was begun in another form is lost. */
void rtp_receiver_set_config (RtpReceiver *self,
    const RtpReceiverConfig *config);

/* A packet of one of the payload types (or 13, comfort noise). Pop until FALSE
 * after it: the payload is borrowed. */
void rtp_receiver_push (RtpReceiver *self, const RtpPacket *packet,
    gint64 arrival);
/* FALSE: nothing is due at @now. */
gboolean rtp_receiver_pop (RtpReceiver *self, gint64 now, RtpFrame *frame);
/* When to pop again if no packet comes. */
gint64 rtp_receiver_get_deadline (const RtpReceiver *self);

G_END_DECLS
