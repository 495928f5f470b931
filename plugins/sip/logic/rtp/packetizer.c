/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "packetizer.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define MAX_AHEAD (40 * MS)
#define MAX_JUMP (40 * MS)
#define MAX_LATE (200 * MS)
/* What has a time may go out so late, for the far end's buffer to judge. */
#define MAX_LATE_TIMED (500 * MS)
#define WINDOW (1000 * MS)
/* Not worth a cut. */
#define MAX_SQUEEZED (10 * MS)

void
packetizer_init (Packetizer *self, guint32 timestamp)
{
  memset (self, 0, sizeof *self);
  self->timestamp = timestamp;
  self->next_pts = -1;
  self->in_gap = TRUE;
}

void
packetizer_clear (Packetizer *self)
{
  g_clear_pointer (&self->audio, g_free);
}

/* The same form: the memory is there. */
static gboolean
is_alike (const PacketizerFormat *a, const PacketizerFormat *b)
{
  return a->rate == b->rate && a->width == b->width;
}

void
packetizer_set_format (Packetizer *self, const PacketizerFormat *format)
{
  const guint per_tick = MAX (format->rate / format->clock, 1);

  g_return_if_fail (self->n_frames == 0 && self->fill == 0);
  if (!self->audio || !is_alike (&self->format, format)) {
    g_free (self->audio);
    self->audio = g_malloc (
        (gsize) format->rate / 50 * PACKETIZER_CAPACITY * format->width);
    self->skip = 0;
  }
  self->format = *format;
  self->frame =
      CLAMP (format->frame, format->rate / 200, 3 * format->rate / 50);
  self->frame -= self->frame % per_tick;
  self->head = 0;
}

static gint64
samples_to_time (const Packetizer *self, guint n)
{
  return n * SECOND / self->format.rate;
}

static gint64
get_frame_time (const Packetizer *self)
{
  return samples_to_time (self, self->frame);
}

/* Of samples. */
static guint
get_capacity (const Packetizer *self, guint frames)
{
  return self->format.rate / 50 * frames;
}

static guint
get_slot (const Packetizer *self, guint n)
{
  return (self->head + n) %
      (get_capacity (self, PACKETIZER_CAPACITY) / self->frame);
}

static PacketizerFrame *
get_frame (Packetizer *self, guint n)
{
  return &self->frames[get_slot (self, n)];
}

/* The @at-th sample of frame @n. */
static guint8 *
get_audio (Packetizer *self, guint n, guint at)
{
  return self->audio +
      (gsize) (get_slot (self, n) * self->frame + at) * self->format.width;
}

static void
pass (Packetizer *self, gint64 time)
{
  self->next_due += time;
  if (self->next_pts >= 0)
    self->next_pts += time;
}

void
packetizer_flush (Packetizer *self)
{
  guint rest = self->frame - self->fill;
  if (self->fill == 0)
    return;
  memset (get_audio (self, self->n_frames, self->fill), self->format.silence,
      (gsize) rest * self->format.width);
  pass (self, samples_to_time (self, rest));
  self->fill = 0;
  self->n_frames++;
}

/* Live audio that had to wait over the whole of a second is nothing but late:
 * what follows may leave earlier by the least of these waits. TRUE: that is now. */
static gboolean
squeeze (Packetizer *self, gint64 line_end, gint64 now)
{
  gint64 wait = MAX (MAX (self->next_due, line_end) - MAX_AHEAD - now, 0);
  if (self->window_end == 0 || now > self->window_end + WINDOW) {
    self->window_end = now + WINDOW;
    self->least_wait = wait;
  }
  self->least_wait = MIN (self->least_wait, wait);
  if (now < self->window_end)
    return FALSE;
  self->next_due -= self->least_wait;
  self->least_wait = G_MAXINT64;
  self->window_end = now + WINDOW;
  return TRUE;
}

/* Time stamps that ran ahead of the clock (a burst after the network stood
 * still) are no reason to be silent: what is queued goes first, no more. */
static void
limit_ahead (Packetizer *self, gint64 now)
{
  gint64 most = now + MAX_AHEAD;
  if (self->n_frames)
    most = MAX (most,
        get_frame (self, self->n_frames - 1)->due + get_frame_time (self));
  if (self->fill == 0)
    self->next_due = MIN (self->next_due, most);
}

/* Live audio that comes too late, but less and less so, is the burst behind a
 * stall: its time is over, and what follows will be in time. If it stays as late as
 * it was, its way has become longer, and the line waits for it. */
static gboolean
is_catching_up (Packetizer *self, gint64 pts, gint64 now)
{
  gint64 late = now - self->next_due;
  gint64 passed = pts - self->late_pts;
  gboolean catching_up = pts >= 0 && late > MAX_LATE_TIMED &&
      (self->late == 0 || (passed > 0 && late < self->late - passed / 2));
  self->late = catching_up ? late : 0;
  self->late_pts = pts;
  return catching_up;
}

/* The end of all that has left and is queued, in the time of RTP timestamps. */
static gint64
get_line_end (Packetizer *self)
{
  gint64 end = self->started ? self->timestamp_due : G_MININT64 / 2;
  for (guint i = 0; i < self->n_frames + (self->fill > 0); i++) {
    gint64 due = get_frame (self, i)->due;
    if (due - end > MAX_JUMP)
      end = due;
    end += i < self->n_frames ? get_frame_time (self)
                              : samples_to_time (self, self->fill);
  }
  return end;
}

static void
wait_until (Packetizer *self, gint64 time)
{
  if (self->next_due >= time)
    return;
  packetizer_flush (self);
  self->next_due = MAX (self->next_due, time);
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

static void
begin_live (Packetizer *self, gint64 pts, gint64 now)
{
  self->given_up = is_catching_up (self, pts, now);
  if (self->given_up) {
    packetizer_flush (self);
    return;
  }
  if (self->next_due < now - (pts >= 0 ? MAX_LATE_TIMED : MAX_LATE))
    wait_until (self, now);
  limit_ahead (self, now);
  gint64 line_end = get_line_end (self);
  gboolean squeezed = squeeze (self, line_end, now);
  /* What this block is too short for the next ones go on with. */
  gint64 most = self->skip ? 0 : squeezed ? MAX_SQUEEZED : MAX_JUMP;
  gint64 ahead = line_end - self->next_due;
  self->skip = ahead > most ? (guint) (ahead * self->format.rate / SECOND) : 0;
}

/* A file has no clock, and goes on; all of it is heard. */
static void
begin_file (Packetizer *self, gint64 now)
{
  gint64 end = get_line_end (self);
  self->given_up = FALSE;
  self->skip = 0;
  wait_until (self, now);
  if (end - self->next_due > MAX_JUMP)
    self->next_due = end;
}

void
packetizer_begin (Packetizer *self, gint64 pts, gboolean live, gint64 now)
{
  if (!self->anchored)
    self->next_due = self->started ? MAX (now, self->timestamp_due) : now;
  self->anchored = TRUE;
  if (pts >= 0)
    follow_pts (self, pts);
  if (live)
    begin_live (self, pts, now);
  else
    begin_file (self, now);
}

guint
packetizer_skip (Packetizer *self, guint n)
{
  guint skipped = self->given_up ? n : MIN (n, self->skip);
  self->skip -= MIN (skipped, self->skip);
  pass (self, samples_to_time (self, skipped));
  return skipped;
}

guint8 *
packetizer_get_space (Packetizer *self, guint *n_free)
{
  if (packetizer_is_full (self))
    return NULL;
  *n_free = self->frame - self->fill;
  return get_audio (self, self->n_frames, self->fill);
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
  pass (self, samples_to_time (self, n));
  if (self->fill == self->frame) {
    self->fill = 0;
    self->n_frames++;
  }
}

gboolean
packetizer_is_full (const Packetizer *self)
{
  return self->n_frames >= get_capacity (self, PACKETIZER_LIMIT) / self->frame;
}

gboolean
packetizer_is_empty (const Packetizer *self)
{
  return self->n_frames == 0;
}

void
packetizer_drop (Packetizer *self)
{
  self->head = get_slot (self, 1);
  self->n_frames--;
}

/* What stands ahead of its time moves up with it, as far as what has left: else each
 * new frame would push out the oldest before that is due, and nothing would ever be
 * sent. */
void
packetizer_overrun (Packetizer *self, gint64 now)
{
  packetizer_drop (self);
  if (self->n_frames == 0)
    return;
  gint64 due = get_frame (self, 0)->due;
  gint64 shift = due - MAX_AHEAD - now;
  if (self->started)
    shift = MIN (shift, due - self->timestamp_due);
  if (shift <= 0)
    return;
  for (guint i = 0; i < self->n_frames + (self->fill > 0); i++)
    get_frame (self, i)->due -= shift;
  self->next_due -= shift;
}

void
packetizer_reset (Packetizer *self)
{
  self->n_frames = self->fill = 0;
  self->anchored = FALSE;
  self->next_pts = -1;
  self->window_end = self->late = 0;
}

gint64
packetizer_get_end (const Packetizer *self)
{
  return self->n_frames || self->fill ? self->next_due - MAX_AHEAD : -1;
}

/* Not before RTP time has come there. */
gint64
packetizer_get_due (const Packetizer *self)
{
  if (self->n_frames == 0)
    return -1;
  gint64 due = self->frames[self->head].due;
  return (self->started ? MAX (due, self->timestamp_due) : due) - MAX_AHEAD;
}

/* A hold may last for days, which would overflow. */
static gint64
time_to_ticks (const Packetizer *self, gint64 time)
{
  const gint64 clock = self->format.clock;
  return time / SECOND * clock + time % SECOND * clock / SECOND;
}

static gint64
ticks_to_time (const Packetizer *self, gint64 ticks)
{
  const gint64 clock = self->format.clock;
  return ticks / clock * SECOND + ticks % clock * SECOND / clock;
}

/* Time that passed without audio passes in timestamps, too. */
static gboolean
follow (Packetizer *self, gint64 due)
{
  gboolean started = self->started;
  self->started = TRUE;
  if (!started)
    self->timestamp_due = due;
  if (due - self->timestamp_due <= MAX_JUMP)
    return FALSE;
  gint64 jump = time_to_ticks (self, due - self->timestamp_due);
  self->timestamp += (guint32) jump;
  self->timestamp_due += ticks_to_time (self, jump);
  return TRUE;
}

const guint8 *
packetizer_pop (Packetizer *self, gint64 now, guint32 *timestamp,
    gboolean *marker)
{
  if (self->n_frames == 0 || packetizer_get_due (self) > now)
    return NULL;
  PacketizerFrame *frame = get_frame (self, 0);
  const guint8 *audio = get_audio (self, 0, 0);
  gboolean jumps = follow (self, frame->due);
  *timestamp = self->timestamp;
  *marker = jumps || (self->in_gap && !frame->gap);
  self->in_gap = frame->gap;
  self->timestamp += (guint32) ((guint64) self->frame * self->format.clock /
      self->format.rate);
  self->timestamp_due += get_frame_time (self);
  packetizer_drop (self);
  return audio;
}

guint32
packetizer_get_timestamp (Packetizer *self, gint64 now)
{
  if (!self->started) {
    self->started = TRUE;
    self->timestamp_due = now;
  }
  return self->timestamp +
      (guint32) time_to_ticks (self, now - self->timestamp_due);
}

gint64
packetizer_get_time (const Packetizer *self, guint32 timestamp)
{
  return self->timestamp_due +
      ticks_to_time (self, (gint32) (timestamp - self->timestamp));
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
