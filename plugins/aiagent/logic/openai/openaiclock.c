/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaiclock.h"

#define NS_PER_S 1000000000ull
#define TOLERANCE 2000000 /* ns: stamps are rounded */

void
openai_clock_reset (OpenaiClock *self, guint rate)
{
  *self = (OpenaiClock){ .rate = rate };
}

static const OpenaiAnchor *
get_anchor (const OpenaiClock *self, guint index)
{
  return &self->anchors[index % OPENAI_CLOCK_ANCHORS];
}

static guint64
time_at (const OpenaiClock *self, const OpenaiAnchor *anchor, guint64 samples)
{
  const guint64 behind = samples - anchor->samples;

  return anchor->time + behind / self->rate * NS_PER_S +
      behind % self->rate * NS_PER_S / self->rate;
}

/* As the last anchor has it, which is there. */
static gboolean
is_due (const OpenaiClock *self, guint64 time)
{
  const guint64 expected =
      time_at (self, get_anchor (self, self->n_anchors - 1), self->samples);

  return time <= expected + TOLERANCE && expected <= time + TOLERANCE;
}

void
openai_clock_add (OpenaiClock *self, guint64 n_samples, guint64 time)
{
  if (!self->n_anchors || !is_due (self, time))
    self->anchors[self->n_anchors++ % OPENAI_CLOCK_ANCHORS] =
        (OpenaiAnchor){ self->samples, time };
  self->samples += n_samples;
}

guint64
openai_clock_get_time (const OpenaiClock *self, gint64 ms)
{
  if (!self->n_anchors)
    return OPENAI_NO_TIME;
  const guint64 longest = self->samples / self->rate * 1000 +
      self->samples % self->rate * 1000 / self->rate;
  const guint64 samples =
      MIN (MIN ((guint64) MAX (ms, 0), longest) * self->rate / 1000,
          self->samples);
  const guint oldest = self->n_anchors > OPENAI_CLOCK_ANCHORS
      ? self->n_anchors - OPENAI_CLOCK_ANCHORS
      : 0;
  guint index = self->n_anchors - 1;

  while (index > oldest && get_anchor (self, index)->samples > samples)
    index--;
  return time_at (self, get_anchor (self, index),
      MAX (samples, get_anchor (self, index)->samples));
}
