/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtppacket.h"

G_BEGIN_DECLS

/* DTMF digits as RTP events (RFC 4733). The clock is the audio's: a multiple of 1 kHz. */

#define TELEPHONE_EVENT_SIZE 4

/* 0-9 * # A-D, or 0 for the other events. */
gchar telephone_event_to_digit (guint8 event);
/* -1: not a digit. */
gint telephone_event_from_digit (gchar digit);

/* ---- Receiving. Any packet of a digit starts it, and it ends with its end packet,
 * the next digit, audio behind it, or when nothing more comes. One that is held for
 * over 8 s comes in segments, each with a timestamp of its own.
 *
 * Its timestamp alone does not tell one press from another: there are senders whose
 * timestamps stand still over several, move within one, or are others in the end
 * packets. Sequence numbers, marker, duration and the time between packets decide,
 * and in doubt nothing was pressed: a wrong digit is worse than none. */

typedef struct
{
  guint clock; /* kHz */
  guint other_clock; /* kHz, that the sender may count by instead; 0 = none */
  gboolean active;
  gboolean known; /* what follows is of the last digit, on or over */
  gboolean ended; /* by its end packet */
  guint32 ssrc; /* whose timestamp that is */
  guint16 sequence; /* of its last packet */
  guint32 timestamp;
  gchar digit;
  guint16 duration; /* samples, longest seen, of this segment */
  guint64 before; /* samples, of the segments before it */
  gint64 begun, last; /* arrivals of its first and its last packet */
} TelephoneEventReceiver;

typedef struct
{
  gchar digit;
  gboolean end;
  guint duration; /* ms, 0 at the start */
} TelephoneEvent;

#define TELEPHONE_EVENT_MAX 3 /* that one packet can bring: end, start, end */

/* 8 kHz; telephone_event_receiver_set_clock() begins anew with another, Hz. Senders that
 * say 8000 beside a codec of another clock may count by @codec's: the duration is by the one
 * that is closer to what passed. */
void telephone_event_receiver_init (TelephoneEventReceiver *self);
void telephone_event_receiver_set_clock (TelephoneEventReceiver *self,
    guint clock, guint codec);
/* Fills @events, returns how many. */
guint telephone_event_receive (TelephoneEventReceiver *self,
    const RtpPacket *packet, gint64 now, TelephoneEvent *events);
/* An audio packet came: a digit of its source in front of it is over. */
guint telephone_event_receive_audio (TelephoneEventReceiver *self,
    const RtpPacket *packet, TelephoneEvent *events);
/* When to call telephone_event_expire(); -1 = never. */
gint64 telephone_event_get_deadline (const TelephoneEventReceiver *self);
guint telephone_event_expire (TelephoneEventReceiver *self, gint64 now,
    TelephoneEvent *events);

/* ---- Sending: one packet each 20 ms, three with the end bit. */

typedef struct
{
  guint clock; /* kHz */
  GArray *queue; /* guint8 digit, guint16 duration */
  gboolean sending; /* the digit at the head has begun */
  guint n_ends;
  guint duration; /* samples sent so far */
  guint before; /* samples in the segments that are over */
  guint32 timestamp;
  gint64 due; /* of the next packet, -1 = idle */
} TelephoneEventSender;

/* 8 kHz, until telephone_event_sender_set_clock() says another, Hz. */
void telephone_event_sender_init (TelephoneEventSender *self);
/* A digit on its way is heard as long as it would have been. */
void telephone_event_sender_set_clock (TelephoneEventSender *self, guint clock);
void telephone_event_sender_clear (TelephoneEventSender *self);
/* @duration ms, 40 to 8000, 0 = 160 ms. ',' = pause of 500 ms. They begin at
 * @start, or behind those that wait. FALSE and nothing is queued if another
 * character is among @digits. */
gboolean telephone_event_send (TelephoneEventSender *self, const gchar *digits,
    guint duration, gint64 start);
/* Audio gives way from the first packet of a digit to its last. */
gboolean telephone_event_is_sending (const TelephoneEventSender *self);
/* The key whose turn it is, and for how many ms in all; 0: a pause, or none. */
gchar telephone_event_sender_get_key (const TelephoneEventSender *self,
    guint *duration);
gint64 telephone_event_sender_get_due (const TelephoneEventSender *self);
/* The packet that is due: payload in @payload, timestamp and marker in @packet;
 * @timestamp is the RTP time of now. FALSE: a pause ended, or nothing is due. */
gboolean telephone_event_next (TelephoneEventSender *self, gint64 now,
    guint32 timestamp, RtpPacket *packet, guint8 *payload);
gboolean telephone_event_sender_is_empty (const TelephoneEventSender *self);

G_END_DECLS
