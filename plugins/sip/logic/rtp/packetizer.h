/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Audio of any block size in, packets of 5 to 60 ms out, each when it is due. The
 * audio waits as samples in the form that its codec is given. RTP timestamps follow due
 * times: they are contiguous while audio is, and jump with it by what passed in
 * between. They never run ahead of the clock: of live audio that comes twice for one
 * time, or when its time is over, some is left out. */

/* In frames of 20 ms: what there is room for, and what may wait: 200 ms. */
#define PACKETIZER_CAPACITY 16
#define PACKETIZER_LIMIT 10

typedef struct
{
  guint rate; /* of samples, Hz: the clock's, or n times or 1/n of it */
  guint clock; /* of timestamps, Hz */
  guint width; /* bytes of a sample */
  guint8 silence; /* each byte of it */
  guint frame; /* samples in a packet: 5 to 60 ms */
} PacketizerFormat;

typedef struct
{
  gint64 due;
  gboolean gap; /* silence all over */
} PacketizerFrame;

typedef struct
{
  PacketizerFormat format;
  guint frame; /* samples in a packet */
  PacketizerFrame frames[PACKETIZER_CAPACITY * 4]; /* the shortest have 5 ms */
  guint8 *audio; /* theirs, in the same order */
  guint head, n_frames;
  guint fill; /* samples in the frame behind the last one */

  gboolean anchored; /* next_due and next_pts hold */
  gint64 next_due; /* of the next sample */
  gint64 next_pts; /* -1 = unknown */
  gint64 least_wait, window_end; /* of live audio, per second */
  gboolean given_up; /* the block: it is too late */
  gint64 late, late_pts; /* of a block given up, 0 = the last was not */
  guint skip; /* samples to leave out */

  gboolean started; /* the three below hold */
  guint32 timestamp; /* RTP time of timestamp_due */
  gint64 timestamp_due;
  gboolean in_gap; /* the packet before was silence: a talkspurt may begin */
} Packetizer;

/* Nothing but this and set_format() comes before a format. */
void packetizer_init (Packetizer *self, guint32 timestamp);
void packetizer_clear (Packetizer *self);
/* The queue must be empty. */
void packetizer_set_format (Packetizer *self, const PacketizerFormat *format);
/* Fills an unfinished frame with silence: the end of the audio. */
void packetizer_flush (Packetizer *self);

/* Begins a block: @pts ns or -1. @live audio comes in its own time, so that a
 * queue which is never empty is only delay, and is squeezed out. */
void packetizer_begin (Packetizer *self, gint64 pts, gboolean live, gint64 now);
/* How many of the next @n samples of the block are to be left out; their time
 * passes. */
guint packetizer_skip (Packetizer *self, guint n);
/* Where up to @n_free samples may be written; packetizer_commit() them. NULL: the
 * queue is full. */
guint8 *packetizer_get_space (Packetizer *self, guint *n_free);
void packetizer_commit (Packetizer *self, guint n, gboolean gap);

gboolean packetizer_is_full (const Packetizer *self);
gboolean packetizer_is_empty (const Packetizer *self);
/* The oldest frame is given up. */
void packetizer_drop (Packetizer *self);
/* The same for live audio that there is no room for: what follows moves up. */
void packetizer_overrun (Packetizer *self, gint64 now);

/* All that waits is given up; what comes next follows what has left. */
void packetizer_reset (Packetizer *self);

/* When what is not yet queued may leave, behind all that is; -1 = at once. */
gint64 packetizer_get_end (const Packetizer *self);
/* When the next packet may leave; -1 = none is waiting. */
gint64 packetizer_get_due (const Packetizer *self);
/* The audio of the packet that may leave at @now, NULL: none. Valid until the next call.
 * @timestamp and @marker for its header. */
const guint8 *packetizer_pop (Packetizer *self, gint64 now, guint32 *timestamp,
    gboolean *marker);
/* The RTP time of @now. */
guint32 packetizer_get_timestamp (Packetizer *self, gint64 now);
/* When the RTP time @timestamp is, or was. */
gint64 packetizer_get_time (const Packetizer *self, guint32 timestamp);
/* That of what leaves at @now: behind the audio that left ahead of its time. */
guint32 packetizer_get_next_timestamp (Packetizer *self, gint64 now);
/* The next packet begins a talkspurt. */
void packetizer_mark (Packetizer *self);

G_END_DECLS
