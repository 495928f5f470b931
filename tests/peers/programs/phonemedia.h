/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <netinet/in.h>

/* The RTP half of the test phone: one packet of 20 ms each 20 ms, every arrival
 * noted. Times are microseconds of the monotonic clock. */

#define PHONE_FRAME 160
#define PHONE_EVENT_TYPE 101

typedef struct
{
  gint64 time;
  guint32 timestamp;
  guint32 ssrc;
  guint16 sequence;
  guint16 size; /* of the payload */
  guint8 type;
  guint8 marker;
  guint16 level; /* mean of the magnitudes */
} PhonePacket;

typedef struct
{
  int rtp, rtcp;
  guint port;
  struct sockaddr_in peer;
  gboolean up; /* sends: the peer's address is known */
  gboolean muted;
  gboolean alaw;

  gint64 next_tick;
  guint16 sequence;
  guint32 timestamp;
  guint32 ssrc;

  gint16 *clip; /* what is being said */
  gsize clip_length, clip_at;
  gint64 spoke_at; /* first loud packet of the clip left; 0 = not yet */
  /* As a recording of both directions has it, in which a packet sounds from the moment
   * it is on the wire: the end of the clip's last sound, and the first sound that came
   * after it; 0 = not yet. */
  gint64 said_end, answer_start;
  GString *digits; /* to send */
  guint digit_packet; /* number of the packet within the first of @digits */

  GArray *packets; /* PhonePacket, in order of arrival */
  GArray *recording; /* gint16, on the timeline of arrivals */
  gint64 recording_start;
  guint32 recording_ssrc, recording_base;
  GByteArray *sent_bytes, *heard_bytes; /* of G.711, as in the packets */
  GString *heard_digits;
  guint32 digit_timestamp;
  gint64 last_loud; /* arrival of the last loud packet */
  guint rtcp_packets,
      rtcp_muxed; /* at its own port; at that of RTP (RFC 5761) */
} PhoneMedia;

gboolean phone_media_open (PhoneMedia *media, guint port);
void phone_media_close (PhoneMedia *media);
/* Sends what is due and reads what came; returns ms until the next packet,
 * 1 to 20. */
gint phone_media_work (PhoneMedia *media, gint64 now);
/* Takes @samples. */
void phone_media_say (PhoneMedia *media, gint16 *samples, gsize length);
gboolean phone_media_is_loud (const PhonePacket *packet);
/* Garbage of every size at both ports, from our own address and a foreign one. */
void phone_media_flood (PhoneMedia *media, guint count);
