/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one participant said and the mixer has not taken yet. Audio is written when it
 * arrives and read at the mixer's tick every 20 ms; the ring decides how long it waits
 * in between: as short as its jitter allows, since nobody waits for anybody here.
 *
 * Slack is the time by which audio was early for its tick. It is measured at each
 * write; the least of some seconds tells what may be cut off (slack beyond need: in
 * silence at once, in speech by reading a little faster), and what must be gained (too
 * little: by reading slower, before the ring runs dry). A ring that has run dry fades
 * out, and fades in when audio comes again, which then waits longer by what was
 * missing. So delay follows jitter up at once and down slowly.
 *
 * Samples are 16 bit, mono; times are ns of one monotonic clock. */

#define MIX_RING_TICK (20 * G_GINT64_CONSTANT (1000000))
/* Slack that is aimed at: what a busy machine may be late. */
#define MIX_RING_MARGIN (5 * G_GINT64_CONSTANT (1000000))
#define MIX_RING_CORRECTION 4000 /* ppm; 0.07 of a semitone */

typedef struct _MixRing MixRing;

MixRing *mix_ring_new (guint rate);
void mix_ring_free (MixRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MixRing, mix_ring_free)

guint mix_ring_get_rate (const MixRing *self);

/* What does not fit pushes out what is oldest; returns how many samples that were. */
guint mix_ring_write (MixRing *self, const gint16 *samples, guint n,
    gint64 now);
/* Whether the writer waits until there is room: it is early on purpose then, and
 * neither is its silence cut nor is it read faster. */
void mix_ring_set_paced (MixRing *self, gboolean paced);
/* Fills @out with @n samples. FALSE: it is all silence, there is nothing to hear. */
gboolean mix_ring_read (MixRing *self, gint16 *out, guint n, gint64 now);
void mix_ring_clear (MixRing *self);

/* How much faster (slower, if negative) the reader should read, in ppm. */
gint mix_ring_get_correction (const MixRing *self);
/* Since anything was written; G_MAXINT64 if nothing ever was. */
gint64 mix_ring_get_age (const MixRing *self, gint64 now);
guint mix_ring_get_level (const MixRing *self);
/* ns; the least of the last seconds, negative = not known yet, or late */
gint64 mix_ring_get_slack (const MixRing *self);

/* Positions in the stream, in samples since the ring was made: of the next one to be
 * written, and of the next one to be read. What came in between two samples is due
 * when the second one is the next to be read. */
guint64 mix_ring_get_written (const MixRing *self);
guint64 mix_ring_get_read (const MixRing *self);

typedef struct
{
  guint64 dropped; /* samples that did not fit */
  guint64 skipped; /* samples of silence left out to shorten the delay */
  guint underruns; /* how often the ring ran dry */
} MixRingCounts;

const MixRingCounts *mix_ring_get_counts (const MixRing *self);

G_END_DECLS
