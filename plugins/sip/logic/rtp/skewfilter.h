/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Says when sample n of a stream is due on our clock. Packets are late by a
 * varying amount and never early, so the least lateness of the last two seconds
 * is the sender's clock; the line follows it slowly enough not to be heard and
 * fast enough for 1000 ppm of drift. Where packets come so unevenly that
 * `latency` does not cover it, the line moves up by the rest and falls back in
 * some ten seconds. */

#define SKEW_FILTER_BUCKETS 4

typedef struct
{
  guint rate;
  gint64 base; /* time of sample 0, ns */
  gint64 minimum[SKEW_FILTER_BUCKETS]; /* per 500 ms; newest first */
  gint64 bucket_end; /* 0: no packet seen since the reset */
  gint64 peak; /* lateness over the minimum, forgetting */
} SkewFilter;

void skew_filter_init (SkewFilter *self, guint rate);
/* Sample @position is due at @time. */
void skew_filter_set (SkewFilter *self, gint64 position, gint64 time);
/* What was measured does not hold any more; the line stays. */
void skew_filter_forget (SkewFilter *self);
/* @position is now counted @samples higher. */
void skew_filter_shift (SkewFilter *self, gint64 samples);
/* A packet of @n_samples from @position came. TRUE: the line was over 40 ms too
 * late and jumped. */
gboolean skew_filter_update (SkewFilter *self, gint64 position, guint n_samples,
    gint64 arrival, gint64 latency);
gint64 skew_filter_get_time (const SkewFilter *self, gint64 position);

G_END_DECLS
