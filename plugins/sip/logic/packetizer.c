/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "packetizer.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SAMPLE (G_GINT64_CONSTANT (1000000000) / 8000)
#define FRAME PACKETIZER_FRAME
#define FRAME_TIME (FRAME * SAMPLE)
#define MAX_AHEAD (40 * MS)
#define MAX_JUMP (40 * MS)
#define MAX_LATE (200 * MS)
#define WINDOW (1000 * MS)

void
packetizer_init (Packetizer *self, guint32 timestamp)
{
  memset (self, 0, sizeof *self);
  self->timestamp = timestamp;
  self->next_pts = -1;
  self->in_gap = TRUE;
}

void
packetizer_set_silence (Packetizer *self, guint8 silence)
{
  packetizer_flush (self);
  self->silence = silence;
}

static PacketizerFrame *
get_frame (Packetizer *self, guint n)
{
  return &self->frames[(self->head + n) % PACKETIZER_CAPACITY];
}

void
packetizer_flush (Packetizer *self)
{
  guint rest = FRAME - self->fill;
  if (self->fill == 0)
    return;
  memset (get_frame (self, self->n_frames)->payload + self->fill, self->silence,
      rest);
  self->next_due += rest * SAMPLE;
  if (self->next_pts >= 0)
    self->next_pts += rest * SAMPLE;
  self->fill = 0;
  self->n_frames++;
}

/* Live audio that had to wait over the whole of a second is nothing but late:
 * what follows may leave earlier by the least of these waits. */
static void
squeeze (Packetizer *self, gint64 now)
{
  gint64 wait = MAX (self->next_due - MAX_AHEAD - now, 0);
  if (self->window_end == 0 || now > self->window_end + WINDOW) {
    self->window_end = now + WINDOW;
    self->least_wait = wait;
  }
  self->least_wait = MIN (self->least_wait, wait);
  if (now < self->window_end)
    return;
  self->next_due -= self->least_wait;
  self->least_wait = G_MAXINT64;
  self->window_end = now + WINDOW;
}

/* Time stamps that ran ahead of the clock (a burst after the network stood
 * still) are no reason to be silent: what is queued goes first, no more. */
static void
limit_ahead (Packetizer *self, gint64 now)
{
  gint64 most = now + MAX_LATE;
  if (self->n_frames)
    most = MAX (most, get_frame (self, self->n_frames - 1)->due + FRAME_TIME);
  if (self->fill == 0)
    self->next_due = MIN (self->next_due, most);
}

/* Where @pts puts the next byte: a small difference is followed as it is (the
 * clock of a live source), a large one is a jump forward or, backward, a stream
 * that simply goes on. */
static void
follow_pts (Packetizer *self, gint64 pts)
{
  gint64 jump = pts - self->next_pts;
  if (self->next_pts < 0) {
    packetizer_flush (self);
    self->next_pts = pts;
  } else if (ABS (jump) > MAX_JUMP) {
    packetizer_flush (self);
    self->next_due += MAX (pts - self->next_pts, 0);
    self->next_pts = pts;
  } else if (self->fill == 0) {
    self->next_due += jump;
    self->next_pts = pts;
  }
}

void
packetizer_begin (Packetizer *self, gint64 pts, gboolean live, gint64 now)
{
  if (!self->anchored)
    self->next_due = now;
  self->anchored = TRUE;
  if (pts >= 0)
    follow_pts (self, pts);
  /* With its own clock late audio catches up; a file has none, and goes on. */
  if (self->next_due < now - (live ? MAX_LATE : 0)) {
    packetizer_flush (self);
    self->next_due = MAX (self->next_due, now);
  }
  if (live) {
    limit_ahead (self, now);
    squeeze (self, now);
  }
}

guint8 *
packetizer_get_space (Packetizer *self, guint *n_free)
{
  if (packetizer_is_full (self))
    return NULL;
  *n_free = FRAME - self->fill;
  return get_frame (self, self->n_frames)->payload + self->fill;
}

void
packetizer_commit (Packetizer *self, guint n, gboolean gap)
{
  PacketizerFrame *frame = get_frame (self, self->n_frames);
  if (self->fill == 0) {
    frame->due = self->next_due;
    frame->gap = TRUE;
  }
  frame->gap &= gap;
  self->fill += n;
  self->next_due += n * SAMPLE;
  if (self->next_pts >= 0)
    self->next_pts += n * SAMPLE;
  if (self->fill == FRAME) {
    self->fill = 0;
    self->n_frames++;
  }
}

gboolean
packetizer_is_full (const Packetizer *self)
{
  return self->n_frames >= PACKETIZER_LIMIT;
}

gboolean
packetizer_is_empty (const Packetizer *self)
{
  return self->n_frames == 0;
}

void
packetizer_drop (Packetizer *self)
{
  self->head = (self->head + 1) % PACKETIZER_CAPACITY;
  self->n_frames--;
}

/* What stands ahead of its time moves up with it: else each new frame would push out
 * the oldest before that is due, and nothing would ever be sent. */
void
packetizer_overrun (Packetizer *self, gint64 now)
{
  packetizer_drop (self);
  gint64 ahead = packetizer_get_due (self) - now;
  if (self->n_frames == 0 || ahead <= 0)
    return;
  for (guint i = 0; i < self->n_frames; i++)
    get_frame (self, i)->due -= ahead;
  self->next_due -= ahead;
}

void
packetizer_reset (Packetizer *self)
{
  self->n_frames = self->fill = 0;
  self->anchored = FALSE;
  self->next_pts = -1;
  self->window_end = 0;
}

gint64
packetizer_get_end (const Packetizer *self)
{
  return self->n_frames || self->fill ? self->next_due - MAX_AHEAD : -1;
}

gint64
packetizer_get_due (const Packetizer *self)
{
  return self->n_frames ? self->frames[self->head].due - MAX_AHEAD : -1;
}

/* Time that passed without audio passes in timestamps, too. */
static gboolean
follow (Packetizer *self, gint64 due)
{
  gint64 jump = due - self->timestamp_due;
  gboolean jumps = self->started && jump > MAX_JUMP;
  if (jumps)
    self->timestamp += (guint32) (jump / SAMPLE);
  if (!self->started || ABS (jump) > MAX_JUMP)
    self->timestamp_due = due;
  self->started = TRUE;
  return jumps;
}

const guint8 *
packetizer_pop (Packetizer *self, gint64 now, guint32 *timestamp,
    gboolean *marker)
{
  if (self->n_frames == 0 || packetizer_get_due (self) > now)
    return NULL;
  PacketizerFrame *frame = get_frame (self, 0);
  gboolean jumps = follow (self, frame->due);
  *timestamp = self->timestamp;
  *marker = jumps || (self->in_gap && !frame->gap);
  self->in_gap = frame->gap;
  self->timestamp += FRAME;
  self->timestamp_due += FRAME_TIME;
  packetizer_drop (self);
  return frame->payload;
}

guint32
packetizer_get_timestamp (Packetizer *self, gint64 now)
{
  if (!self->started) {
    self->started = TRUE;
    self->timestamp_due = now;
  }
  return self->timestamp + (guint32) ((now - self->timestamp_due) / SAMPLE);
}

guint32
packetizer_get_next_timestamp (Packetizer *self, gint64 now)
{
  return packetizer_get_timestamp (self,
      self->started ? MAX (now, self->timestamp_due) : now);
}

void
packetizer_mark (Packetizer *self)
{
  self->in_gap = TRUE;
}
