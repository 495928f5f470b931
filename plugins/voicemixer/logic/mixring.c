/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixring.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define CAPACITY (400 * MS)
#define FADE (5 * MS)
#define WINDOW (2000 * MS) /* of which the least slack counts, twice over */
#define TOO_EARLY \
  (MIX_RING_MARGIN + MIX_RING_TICK) /* slack: a tick is to spare */
#define TOO_LATE (2 * MS)
#define UNKNOWN G_MININT64
#define STRAY (40 * MS) /* less than a tick waits so long for the rest of it */
#define QUIET 64 /* sample value; -54 dB */

struct _MixRing
{
  guint rate;
  gint16 *data;
  guint capacity; /* samples */
  guint64 written, read;

  gboolean running; /* audio flows: the last tick had all it wanted */
  gint64 arrived; /* when what will be read next came into an empty ring */
  gint64 last_write; /* -1 = never */
  gint64 next_tick; /* -1 = no tick yet */

  gint64 window_end;
  gint64 slack; /* of the last write */
  gint64 least, least_before; /* of this window and the last, UNKNOWN = none */
  gboolean paced; /* the writer waits for room: early is no delay */
  gint correction;
  MixRingCounts counts;
};

MixRing *
mix_ring_new (guint rate)
{
  MixRing *self = g_new0 (MixRing, 1);

  self->rate = rate;
  self->capacity = (guint) (rate * CAPACITY / (1000 * MS));
  self->data = g_new0 (gint16, self->capacity);
  self->last_write = self->next_tick = -1;
  self->least = self->least_before = UNKNOWN;
  return self;
}

void
mix_ring_free (MixRing *self)
{
  g_free (self->data);
  g_free (self);
}

guint
mix_ring_get_rate (const MixRing *self)
{
  return self->rate;
}

guint
mix_ring_get_level (const MixRing *self)
{
  return (guint) (self->written - self->read);
}

static guint
samples_of (const MixRing *self, gint64 time)
{
  return (guint) (time * self->rate / (1000 * MS));
}

/* ---- Slack */

static void
forget_slack (MixRing *self)
{
  self->least = self->least_before = UNKNOWN;
  self->window_end = 0;
  self->correction = 0;
}

/* Only whole ticks count: what is left beside them does not help the next one. */
static void
note_slack (MixRing *self, gint64 now)
{
  const guint tick = samples_of (self, MIX_RING_TICK);

  self->slack =
      self->next_tick - now + mix_ring_get_level (self) / tick * MIX_RING_TICK;
  if (now >= self->window_end) {
    self->least_before = self->least;
    self->least = self->slack;
    self->window_end = now + WINDOW;
  }
  self->least = MIN (self->least, self->slack);
}

gint64
mix_ring_get_slack (const MixRing *self)
{
  return MIN (self->least, self->least_before);
}

/* Right after a tick of @n was read. Slower until the next tick is there before this
 * one is due; faster until neither a whole tick nor a part of one waits in vain. */
static void
choose_correction (MixRing *self, guint n)
{
  const guint left = mix_ring_get_level (self);

  if (self->least != UNKNOWN && self->least < TOO_LATE)
    self->correction = -MIX_RING_CORRECTION;
  else if (mix_ring_get_slack (self) > TOO_EARLY && left >= n)
    self->correction = MIX_RING_CORRECTION;
  if (self->correction < 0 && self->slack > MIX_RING_TICK)
    forget_slack (self);
  else if (self->correction > 0 && self->slack < TOO_EARLY &&
      left % n < samples_of (self, TOO_LATE))
    forget_slack (self);
}

gint
mix_ring_get_correction (const MixRing *self)
{
  return self->correction;
}

/* ---- Writing */

static void
put (MixRing *self, const gint16 *samples, guint n)
{
  while (n > 0) {
    guint at = (guint) (self->written % self->capacity);
    guint part = MIN (n, self->capacity - at);
    memcpy (self->data + at, samples, part * sizeof (gint16));
    self->written += part;
    samples += part;
    n -= part;
  }
}

void
mix_ring_set_paced (MixRing *self, gboolean paced)
{
  self->paced = paced;
  if (paced)
    self->correction = 0;
}

guint
mix_ring_write (MixRing *self, const gint16 *samples, guint n, gint64 now)
{
  const guint level = mix_ring_get_level (self);
  guint dropped = 0;

  if (self->running && self->next_tick >= 0)
    note_slack (self, now);
  if (level == 0)
    self->arrived = now;
  self->last_write = now;
  if (n > self->capacity) {
    dropped = n - self->capacity;
    samples += dropped;
    self->written += dropped;
    n = self->capacity;
  }
  if (self->written + n - self->read > self->capacity)
    dropped = (guint) (self->written + n - self->capacity - self->read);
  self->read += dropped;
  self->counts.dropped += dropped;
  put (self, samples, n);
  return dropped;
}

/* ---- Reading */

static void
get (MixRing *self, gint16 *out, guint n)
{
  while (n > 0) {
    guint at = (guint) (self->read % self->capacity);
    guint part = MIN (n, self->capacity - at);
    memcpy (out, self->data + at, part * sizeof (gint16));
    self->read += part;
    out += part;
    n -= part;
  }
}

static void
fade_in (gint16 *samples, guint n)
{
  for (guint i = 0; i < n; i++)
    samples[i] = (gint16) (samples[i] * (gint) (i + 1) / (gint) n);
}

/* A stream that breaks off in the middle of a wave is no click: what was read last
 * goes on backwards, and what there is gets ever fainter over the last @length. */
static void
fade_out (const MixRing *self, gint16 *out, guint level, guint n, guint length)
{
  const guint begin = MIN (level, n - length);

  for (guint i = level; i < n; i++) {
    guint64 back = i - level + 1;
    out[i] = self->read >= back
        ? self->data[(self->read - back) % self->capacity]
        : 0;
  }
  for (guint i = begin; i < n; i++)
    out[i] = i < begin + length
        ? (gint16) (out[i] * (gint) (begin + length - 1 - i) / (gint) length)
        : 0;
}

/* How many whole ticks of @n, of @most, are silence. */
static guint
count_quiet (const MixRing *self, guint n, guint most)
{
  guint samples = 0;

  while (samples < n * most &&
      ABS (self->data[(self->read + samples) % self->capacity]) <= QUIET)
    samples++;
  return samples / n;
}

/* Silence that is not needed for the next tick goes, down to the margin. */
static void
cut_silence (MixRing *self, guint n)
{
  const gint64 slack = mix_ring_get_slack (self);
  const guint level = mix_ring_get_level (self);

  if (self->paced || slack < TOO_EARLY || level < 2 * n)
    return;
  guint ticks = (guint) ((slack - MIX_RING_MARGIN) / MIX_RING_TICK);
  ticks = count_quiet (self, n, MIN (ticks, level / n - 1));
  self->read += ticks * n;
  self->counts.skipped += ticks * n;
  self->slack -= ticks * MIX_RING_TICK;
  self->least -= ticks * MIX_RING_TICK;
  self->least_before -= ticks * MIX_RING_TICK;
}

static gboolean
read_nothing (gint16 *out, guint n)
{
  memset (out, 0, n * sizeof (gint16));
  return FALSE;
}

static void
read_last (MixRing *self, gint16 *out, guint n)
{
  const guint level = mix_ring_get_level (self);

  get (self, out, level);
  fade_out (self, out, level, n, MIN (n, samples_of (self, FADE)));
  self->running = FALSE;
  self->counts.underruns++;
  forget_slack (self);
}

/* Too little for a tick, and nothing follows: it is said, too. */
static gboolean
read_stray (MixRing *self, gint16 *out, guint n, gint64 now)
{
  const guint level = mix_ring_get_level (self);

  if (level == 0 || level >= n || now - self->last_write < STRAY)
    return read_nothing (out, n);
  read_last (self, out, n);
  fade_in (out, MIN (level, samples_of (self, FADE)));
  return TRUE;
}

gboolean
mix_ring_read (MixRing *self, gint16 *out, guint n, gint64 now)
{
  const gboolean resumes = !self->running;

  self->next_tick = now + MIX_RING_TICK;
  if (resumes &&
      (mix_ring_get_level (self) < n || now - self->arrived < MIX_RING_MARGIN))
    return read_stray (self, out, n, now);
  if (!resumes)
    cut_silence (self, n);
  if (mix_ring_get_level (self) < n) {
    read_last (self, out, n);
    return TRUE;
  }
  self->running = TRUE;
  get (self, out, n);
  if (resumes)
    fade_in (out, MIN (n, samples_of (self, FADE)));
  if (!self->paced)
    choose_correction (self, n);
  return TRUE;
}

void
mix_ring_clear (MixRing *self)
{
  self->read = self->written;
  self->running = FALSE;
  forget_slack (self);
}

gint64
mix_ring_get_age (const MixRing *self, gint64 now)
{
  return self->last_write < 0 ? G_MAXINT64 : now - self->last_write;
}

guint64
mix_ring_get_written (const MixRing *self)
{
  return self->written;
}

guint64
mix_ring_get_read (const MixRing *self)
{
  return self->read;
}

const MixRingCounts *
mix_ring_get_counts (const MixRing *self)
{
  return &self->counts;
}
