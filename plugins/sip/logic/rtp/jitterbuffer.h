/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtppacket.h"

G_BEGIN_DECLS

/* Puts the packets of one RTP stream in order by sequence number; knows no time
 * but the arrivals it passes on. A packet that is next in order comes out of the
 * very push that brought it, uncopied; only those behind a gap are stored, until
 * the gap is filled or the owner gives it up with jitter_buffer_skip().
 *
 * A sequence that jumps far, either way, and another SSRC are taken up at their
 * second consecutive packet (in the spirit of RFC 3550 A.1), and nothing of them
 * is lost; a stray packet does no harm. */

#define JITTER_BUFFER_SLOTS 64

typedef struct
{
  RtpPacket packet; /* payload valid until the next push */
  gint64 arrival;
  gboolean restart; /* first of a new SSRC or sequence */
} JitterItem;

typedef struct
{
  JitterItem item;
  guint8 *data; /* grown when needed, kept */
  gsize capacity;
  gboolean used;
} JitterSlot;

typedef struct
{
  guint64 received; /* in time, each once */
  guint64 lost; /* given up and not seen since */
  guint64 late; /* came after they were given up */
  guint64 duplicated;
  guint64 reordered; /* came in time, behind a later one */
  guint64 ssrc_changes;
  guint64 restarts; /* sequence jumps */
} JitterCounters;

typedef struct
{
  JitterCounters counters;
  gboolean started;
  guint32 ssrc;
  guint16 next; /* sequence number that is due */
  guint64 history; /* bit n: next - 1 - n was received */
  guint n_stored;
  gboolean has_current; /* the pushed packet, not copied */
  JitterItem current;
  gboolean flush; /* gaps before current are not waited for */
  JitterSlot probation;
  JitterSlot slots[JITTER_BUFFER_SLOTS]; /* by sequence number */

  /* RFC 3550 A.1 and A.3: what a receiver report says. */
  guint32 base_sequence, highest_sequence; /* extended */
  guint32 n_arrived;
  guint32 expected_prior, arrived_prior;
} JitterBuffer;

void jitter_buffer_init (JitterBuffer *self);
void jitter_buffer_clear (JitterBuffer *self);

/* After it pop until FALSE: the payload is borrowed. */
void jitter_buffer_push (JitterBuffer *self, const RtpPacket *packet,
    gint64 arrival);
/* The next packet in order; FALSE: none, or a gap is in front of it. */
gboolean jitter_buffer_pop (JitterBuffer *self, JitterItem *item);
/* The first packet behind the gap in front, NULL without one; @n_missing how
 * many are missing. */
const JitterItem *jitter_buffer_get_gap (const JitterBuffer *self,
    guint *n_missing);
/* Gives up @n missing packets. */
void jitter_buffer_skip (JitterBuffer *self, guint n);
/* The packet popped last came in order, but its time was over. */
void jitter_buffer_refuse (JitterBuffer *self);

/* For a report block; begins the next interval. */
typedef struct
{
  guint32 ssrc;
  guint8 fraction_lost; /* of this interval, 1/256 */
  gint32 lost; /* 24 bits, may be negative */
  guint32 highest_sequence;
} JitterReport;

gboolean jitter_buffer_report (JitterBuffer *self, JitterReport *report);

G_END_DECLS
