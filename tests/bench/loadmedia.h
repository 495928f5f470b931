/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "loadsrtp.h"

#include <glib.h>
#include <netinet/in.h>

/* The RTP of many calls through one socket, with the round trip of every packet.
 * Times are nanoseconds of the real-time clock, which stamps arrivals too. */

#define MILLISECOND 1000000ULL
#define SECOND 1000000000ULL
#define REMEMBERED 256 /* markers of a stream whose sending time is kept */
#define MARK 10 /* octets of a marker */
#define LOAD_MAX_PAYLOAD 1500

typedef enum
{
  LOAD_MARKS, /* every packet marked, to be echoed */
  LOAD_TURNS, /* talks a second, listens a second */
  LOAD_SILENCE, /* listens */
  LOAD_PACKETS, /* those of a file, one after the other */
  LOAD_TICKS, /* says a tick a second, and hears it again */
  LOAD_ROOM /* all murmur; the first says a tick a second, the others hear it */
} LoadTalk;

typedef struct
{
  gboolean up;
  LoadSrtp *srtp; /* NULL: plain RTP */
  struct sockaddr_in peer;
  guint16 sequence;
  guint32 timestamp;
  guint64 due;
  guint mark;
  guint64 mark_sent[REMEMBERED];
  guint8 tail[MARK];
  gsize tail_size;
  guint64 last_arrival;
  guint16 last_sequence; /* of what came */
  gboolean loud; /* the packet before */
  guint64 tick_at; /* when the last was sent */
} LoadStream;

typedef struct
{
  LoadStream *streams;
  guint n_streams;
  LoadTalk talk;
  GPtrArray *packets; /* GBytes, of LOAD_PACKETS */
  guint payload_type,
      ticks_each; /* of any talk: 0 and 160, unless a file says others */
  gchar *encoding; /* for SDP: "PCMU/8000" */
  int fd;
  guint port;
  gint by_port[65536];

  /* figures, of what was sent from @begin to @end */
  guint64 begin, end;
  guint64 packets_out, octets_out, packets_in, marks_back;
  gint64 missing; /* sequence numbers that never came */
  guint ticks; /* said in a room */
  GArray *trips, *gaps; /* guint32, us */
} LoadMedia;

guint64 load_now (void);
/* Of codecfloor. FALSE: it cannot be read. */
gboolean load_media_read_packets (LoadMedia *media, const gchar *path);
/* As SDP; (transfer full). */
gchar *load_media_describe_packets (const LoadMedia *media);
gboolean load_media_open (LoadMedia *media, guint n_streams, LoadTalk talk);
void load_media_start (LoadMedia *media, guint index, guint64 time);
/* Sends what is due at @time, reads what came. */
void load_media_work (LoadMedia *media, guint64 time);
gboolean load_media_measures (const LoadMedia *media, guint64 time);
