/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "skewfilter.h"

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define BUCKET (500 * MS)
/* Of the distance, per 20 ms of audio. */
#define FOLLOW 125
#define FORGET 512
#define MAX_EARLY (40 * MS)
#define MAX_SHIFT (120 * MS)

static gint64
samples_to_time (const SkewFilter *self, gint64 samples)
{
  gint64 rate = self->rate;
  return samples / rate * SECOND + samples % rate * SECOND / rate;
}

void
skew_filter_init (SkewFilter *self, guint rate)
{
  self->rate = rate;
  self->base = 0;
  skew_filter_forget (self);
}

void
skew_filter_set (SkewFilter *self, gint64 position, gint64 time)
{
  self->base = time - samples_to_time (self, position);
}

void
skew_filter_forget (SkewFilter *self)
{
  self->bucket_end = 0;
  self->peak = 0;
}

void
skew_filter_shift (SkewFilter *self, gint64 samples)
{
  for (guint i = 0; i < SKEW_FILTER_BUCKETS; i++)
    self->minimum[i] -= samples_to_time (self, samples);
}

static void
note_offset (SkewFilter *self, gint64 offset, gint64 arrival)
{
  gint64 *minimum = self->minimum;
  if (self->bucket_end == 0 || arrival > self->bucket_end + 4 * BUCKET) {
    for (guint i = 0; i < SKEW_FILTER_BUCKETS; i++)
      minimum[i] = offset;
    self->bucket_end = arrival + BUCKET;
  }
  while (arrival >= self->bucket_end) {
    for (guint i = SKEW_FILTER_BUCKETS - 1; i > 0; i--)
      minimum[i] = minimum[i - 1];
    minimum[0] = offset;
    self->bucket_end += BUCKET;
  }
  minimum[0] = MIN (minimum[0], offset);
}

gboolean
skew_filter_update (SkewFilter *self, gint64 position, guint n_samples,
    gint64 arrival, gint64 latency)
{
  gint64 offset = arrival - samples_to_time (self, position);
  note_offset (self, offset, arrival);
  gint64 minimum = self->minimum[0];
  for (guint i = 1; i < SKEW_FILTER_BUCKETS; i++)
    minimum = MIN (minimum, self->minimum[i]);

  /* More than it moves up is not remembered: it comes back the sooner. */
  gint64 lateness = MIN (offset - minimum, latency + MAX_SHIFT);
  self->peak = MAX (lateness, self->peak - self->peak / FORGET);
  gint64 target = minimum + CLAMP (self->peak - latency, 0, MAX_SHIFT);
  if (target < self->base - MAX_EARLY) {
    self->base = target;
    return TRUE;
  }
  self->base +=
      (target - self->base) * (gint64) n_samples / (FOLLOW * self->rate / 50);
  return FALSE;
}

gint64
skew_filter_get_time (const SkewFilter *self, gint64 position)
{
  return self->base + samples_to_time (self, position);
}
