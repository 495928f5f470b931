/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <netinet/in.h>

/* The RTP of many calls through one socket, with the round trip of every packet.
 * Times are nanoseconds of the real-time clock, which stamps arrivals too. */

#define MILLISECOND 1000000ULL
#define SECOND 1000000000ULL
#define REMEMBERED 256 /* markers of a stream whose sending time is kept */
#define MARK 10 /* octets of a marker */

typedef enum
{
  LOAD_MARKS, /* every packet marked, to be echoed */
  LOAD_TURNS, /* talks a second, listens a second */
  LOAD_SILENCE, /* listens */
  LOAD_ROOM /* all murmur; the first says a tick a second, the others hear it */
} LoadTalk;

typedef struct
{
  gboolean up;
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
  gboolean loud; /* the packet before, in a room */
} LoadStream;

typedef struct
{
  LoadStream *streams;
  guint n_streams;
  LoadTalk talk;
  int fd;
  guint port;
  gint by_port[65536];

  /* figures, of what was sent from @begin to @end */
  guint64 begin, end;
  guint64 packets_out, packets_in, marks_back;
  gint64 missing; /* sequence numbers that never came */
  guint ticks; /* said in a room */
  guint64 tick_at; /* when the last was sent */
  GArray *trips, *gaps; /* guint32, us */
} LoadMedia;

guint64 load_now (void);
gboolean load_media_open (LoadMedia *media, guint n_streams, LoadTalk talk);
void load_media_start (LoadMedia *media, guint index, guint64 time);
/* Sends what is due at @time, reads what came. */
void load_media_work (LoadMedia *media, guint64 time);
gboolean load_media_measures (const LoadMedia *media, guint64 time);
