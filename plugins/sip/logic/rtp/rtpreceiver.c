/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpreceiver.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define CLOCK 8000
#define COMFORT_NOISE 13 /* RFC 3389 */
#define MAX_PAUSE 2 /* bytes that say "nothing" (RFC 7587 3.1.3) */

/* A timestamp is believed when its packet came this close to its time. */
#define MAX_DISTANCE (250 * MS)
/* If it came late behind others the network may have stood still for so long. */
#define MAX_LATENESS (1000 * MS)
/* How far a frame may reach into the one before: what the clock is followed by. */
#define MAX_OVERLAP (10 * MS)
/* More silence than this is not made up at once: the line jumps. */
#define MAX_FILL 25
/* Frames of a stall that are concealed; after them it is silence. */
#define MAX_CONCEALED 3
#define MAX_STALL_WAIT (300 * MS)

typedef enum
{
  PACKET_AUDIO,
  PACKET_EVENT,
  PACKET_NOISE,
} PacketKind;

static void
set_config (RtpReceiver *self, const RtpReceiverConfig *config)
{
  self->config = *config;
  if (!config->clock)
    self->config.clock = CLOCK;
  if (!config->width)
    self->config.width = 1;
  self->frame = self->config.clock / 50;
}

void
rtp_receiver_init (RtpReceiver *self, const RtpReceiverConfig *config,
    gint64 now)
{
  memset (self, 0, sizeof *self);
  set_config (self, config);
  jitter_buffer_init (&self->buffer);
  skew_filter_init (&self->clock, self->config.clock);
  skew_filter_set (&self->clock, 0, now);
  self->duration = self->frame;
  self->discont = TRUE;
  self->last_lateness = -1;
  self->last_arrival = -1;
  self->end_time = G_MININT64;
}

void
rtp_receiver_clear (RtpReceiver *self)
{
  jitter_buffer_clear (&self->buffer);
}

static PacketKind
get_kind (const RtpReceiver *self, const RtpPacket *packet)
{
  if (packet->payload_type == self->config.event_payload_type)
    return PACKET_EVENT;
  if (packet->payload_type == COMFORT_NOISE)
    return PACKET_NOISE;
  return PACKET_AUDIO;
}

/* Of the packet's timestamp, Hz. */
static guint
get_clock (const RtpReceiver *self, const RtpPacket *packet)
{
  return self->config.get_clock
      ? self->config.get_clock (packet, self->config.user)
      : self->config.clock;
}

/* @units of a clock, to ticks of the line. */
static gint64
to_ticks (const RtpReceiver *self, gint64 units, guint clock)
{
  return units * self->config.clock / clock;
}

static gint64
ticks_to_time (const RtpReceiver *self, gint64 ticks)
{
  return ticks * SECOND / self->config.clock;
}

/* The end of what is there. */
static gint64
get_end (const RtpReceiver *self)
{
  return self->line + self->n_carried;
}

static void
skip (RtpReceiver *self, guint n_ticks)
{
  self->audio += (gsize) n_ticks * self->config.width;
  self->n_ticks -= n_ticks;
}

/* Its timestamp counts as that of the packet before it. */
static gboolean
has_mapped_clock (const RtpReceiver *self, const RtpPacket *packet)
{
  return get_clock (self, packet) == self->mapped_clock;
}

/* The line's position of the packet's timestamp; any, if that has another clock. */
static gint64
get_position (const RtpReceiver *self, const RtpPacket *packet)
{
  return self->mapped_line +
      to_ticks (self, (gint32) (packet->timestamp - self->mapped_timestamp),
          get_clock (self, packet));
}

static void
map (RtpReceiver *self, const RtpPacket *packet, gint64 line)
{
  self->mapped_clock = get_clock (self, packet);
  self->mapped_timestamp = packet->timestamp;
  self->mapped_line = line;
}

static void
note_jitter (RtpReceiver *self, const RtpPacket *packet, gint64 arrival)
{
  if (self->last_arrival >= 0 && has_mapped_clock (self, packet)) {
    gint64 distance = arrival - self->last_arrival -
        ticks_to_time (self,
            to_ticks (self, (gint32) (packet->timestamp - self->last_timestamp),
                self->mapped_clock));
    if (ABS (distance) < SECOND)
      self->jitter += (ABS (distance) - self->jitter) / 16;
  }
  self->last_arrival = arrival;
  self->last_timestamp = packet->timestamp;
}

void
rtp_receiver_push (RtpReceiver *self, const RtpPacket *packet, gint64 arrival)
{
  if (get_kind (self, packet) == PACKET_AUDIO)
    note_jitter (self, packet, arrival);
  jitter_buffer_push (&self->buffer, packet, arrival);
}

/* @n frames stand between the line and the audio to come; what of a frame was
 * there already is given up. */
static void
fill (RtpReceiver *self, RtpFrameKind kind, guint n)
{
  self->fill = kind;
  self->n_fill = n;
  self->n_carried = 0;
}

/* What of a frame was there is in a form that nobody wants any more. */
static void
give_up_begun (RtpReceiver *self)
{
  if (self->n_carried == 0)
    return;
  self->grid_line = self->line + self->frame;
  fill (self, RTP_FRAME_LOST, 1);
}

void
rtp_receiver_set_config (RtpReceiver *self, const RtpReceiverConfig *config)
{
  const gint64 time = skew_filter_get_time (&self->clock, self->line);
  const guint clock = self->config.clock;

  if (config->form != self->config.form)
    give_up_begun (self);
  set_config (self, config);
  if (self->config.clock == clock)
    return;
  self->grid_line = -1;
  skew_filter_init (&self->clock, self->config.clock);
  skew_filter_set (&self->clock, self->line, time);
  self->duration = self->frame;
  self->synced = FALSE;
  self->last_arrival = -1;
}

static void
jump (RtpReceiver *self, gint64 line, gint64 time)
{
  skew_filter_set (&self->clock, line, time);
  skew_filter_forget (&self->clock);
  self->discont = TRUE;
}

/* The timestamps say nothing about the line so far: a restart, or a sender
 * which does not count silence. The packet belongs where it came. */
static void
resync (RtpReceiver *self, const JitterItem *item)
{
  gint64 due = skew_filter_get_time (&self->clock, self->line);
  gint64 distance = item->arrival - due;
  gint64 n = (distance + 10 * MS) / (20 * MS);

  fill (self, RTP_FRAME_SILENCE, 0);
  skew_filter_forget (&self->clock);
  if (distance < -40 * MS || n > MAX_FILL)
    jump (self, self->line, item->arrival);
  else if (n > 0)
    fill (self, RTP_FRAME_SILENCE, (guint) n);
  map (self, &item->packet, self->line + self->n_fill * self->frame);
  self->synced = TRUE;
}

/* Timestamps went on over silence that was not sent. Whole packets begin a new
 * grid of frames there, so that they need not be cut; others keep theirs. */
static void
bridge (RtpReceiver *self, const JitterItem *item, gint64 position)
{
  gint64 missing = position - self->line;
  gint64 n = missing / self->frame;
  guint rest = missing % self->frame;

  if (rest && self->n_ticks % self->frame == 0) {
    n = (missing + self->frame / 2) / self->frame;
    skew_filter_shift (&self->clock, n * self->frame - missing);
    map (self, &item->packet, self->line + n * self->frame);
  } else if (rest) {
    n++;
    skip (self, MIN (self->frame - rest, self->n_ticks));
    self->grid_line = self->line + n * self->frame;
  }
  if (n <= MAX_FILL) {
    fill (self, RTP_FRAME_SILENCE, (guint) n);
    return;
  }
  fill (self, RTP_FRAME_SILENCE, 0);
  jump (self, self->line, item->arrival);
  map (self, &item->packet, self->line);
}

/* The line is already beyond this packet. After a stall a burst of them comes
 * and catches up; if they keep coming as late as the first, the path has become
 * longer (or the sender stood still) and the line must wait for them. */
static void
handle_behind (RtpReceiver *self, const JitterItem *item, gint64 position)
{
  gint64 have = get_end (self);
  gint64 end = position + self->n_ticks;
  gint64 lateness =
      item->arrival - skew_filter_get_time (&self->clock, position);
  gboolean in_lost_frame =
      self->line == self->grid_line && end > self->line - self->frame;
  if (end > have || in_lost_frame) {
    skip (self, (guint) (MIN (have, end) - position));
    return;
  }

  if (self->last_lateness >= 0 &&
      lateness >
          self->last_lateness - ticks_to_time (self, self->duration) / 2) {
    self->last_lateness = -1;
    resync (self, item);
    return;
  }
  self->last_lateness = MAX (lateness, 0);
  self->n_ticks = 0;
  jitter_buffer_refuse (&self->buffer);
}

static gboolean
is_believed (const RtpReceiver *self, gint64 position, gint64 distance)
{
  gint64 end = get_end (self);
  return position == end ||
      (distance >= -MAX_DISTANCE &&
          distance <= (position < end ? MAX_LATENESS : MAX_DISTANCE));
}

static void
unpack (RtpReceiver *self, const RtpPacket *packet)
{
  self->audio = packet->payload;
  self->n_ticks = (guint) (packet->payload_size / self->config.width);
  if (self->config.unpack)
    self->audio =
        self->config.unpack (packet, &self->n_ticks, self->config.user);
  if (!self->audio)
    self->n_ticks = 0;
}

static void
handle_audio (RtpReceiver *self, const JitterItem *item)
{
  const RtpPacket *packet = &item->packet;
  gint64 position = get_position (self, packet);
  gint64 end = get_end (self);

  unpack (self, packet);
  if (self->n_ticks == 0)
    return;
  const guint duration = self->n_ticks;
  gint64 distance =
      item->arrival - skew_filter_get_time (&self->clock, position);
  if (!self->synced || item->restart || !has_mapped_clock (self, packet) ||
      !is_believed (self, position, distance))
    resync (self, item);
  else if (position > end)
    bridge (self, item, position);
  else if (position < end)
    handle_behind (self, item, position);

  if (self->n_ticks == 0)
    return;
  /* The mapping moves along, so that timestamps may wrap. */
  position = get_position (self, packet);
  map (self, packet, position);
  self->duration = duration;
  self->last_lateness = -1;
  self->n_stalled = 0;
  self->talking = packet->payload_size > MAX_PAUSE;
  if (skew_filter_update (&self->clock, position, self->duration, item->arrival,
          self->config.latency))
    self->discont = TRUE;
}

/* Time passes while a telephone-event lasts; its audio is silence. */
static void
handle_event (RtpReceiver *self, const JitterItem *item)
{
  const RtpPacket *packet = &item->packet;
  self->talking = FALSE;
  if (!self->synced || packet->payload_size < 4 ||
      !has_mapped_clock (self, packet))
    return;
  gint64 end = get_position (self, packet) +
      to_ticks (self, rtp_read_uint16 (packet->payload + 2),
          self->mapped_clock);
  gint64 distance = item->arrival - skew_filter_get_time (&self->clock, end);
  gint64 n = (end - self->line) / self->frame;
  if (n > 0 && n <= MAX_FILL && ABS (distance) <= MAX_DISTANCE)
    fill (self, RTP_FRAME_SILENCE, (guint) n);
}

static void
handle_item (RtpReceiver *self, const JitterItem *item)
{
  switch (get_kind (self, &item->packet)) {
    case PACKET_AUDIO:
      handle_audio (self, item);
      break;
    case PACKET_EVENT:
      handle_event (self, item);
      break;
    case PACKET_NOISE:
      self->talking = FALSE;
      break;
  }
}

/* How long after the time of the line a packet may come if nothing at all is
 * there: as this delays nobody, jitter is allowed for. */
static gint64
get_stall_wait (const RtpReceiver *self)
{
  return CLAMP (self->config.latency + 20 * MS + 4 * self->jitter, 60 * MS,
      MAX_STALL_WAIT);
}

static gint64
get_line_end_time (const RtpReceiver *self)
{
  return skew_filter_get_time (&self->clock, get_end (self));
}

gint64
rtp_receiver_get_deadline (const RtpReceiver *self)
{
  gint64 wait =
      self->buffer.n_stored ? self->config.latency : get_stall_wait (self);
  return get_line_end_time (self) + wait;
}

/* The audio of the first packet that is missing, @n ticks. */
static void
mend (RtpReceiver *self, const RtpPacket *behind, guint n)
{
  self->audio = self->config.mend (behind, n, self->config.user);
  self->n_ticks = n;
  self->mended_end = get_end (self) + n;
}

/* The wait for the first missing packet is over. How much audio it held is told
 * by the packet behind the gap: none, where telephone-events were lost. */
static void
give_up (RtpReceiver *self, const JitterItem *behind, guint n_missing)
{
  gint64 end = get_end (self);
  gint64 missing = get_position (self, &behind->packet) - end;
  if (get_kind (self, &behind->packet) != PACKET_AUDIO || !self->synced ||
      !has_mapped_clock (self, &behind->packet) || missing <= 0 ||
      missing > (gint64) n_missing * 2 * self->duration) {
    jitter_buffer_skip (&self->buffer, n_missing);
    return;
  }

  jitter_buffer_skip (&self->buffer, 1);
  const gint64 lost = n_missing == 1 ? missing : MIN (missing, self->duration);
  if (self->config.mend) {
    mend (self, n_missing == 1 ? &behind->packet : NULL, (guint) lost);
    return;
  }
  gint64 lost_end = end + lost;
  gint64 n = (lost_end - self->line + self->frame - 1) / self->frame;
  if (n * self->frame != lost_end - self->line)
    self->grid_line = self->line + n * self->frame;
  fill (self, RTP_FRAME_LOST, (guint) n);
}

static void
stall (RtpReceiver *self)
{
  gboolean conceal = self->talking && self->n_stalled < MAX_CONCEALED;
  self->n_stalled++;
  fill (self, conceal ? RTP_FRAME_LOST : RTP_FRAME_SILENCE, 1);
}

/* FALSE: the frame's time was given out before, it is skipped. */
static gboolean
give (RtpReceiver *self, RtpFrame *frame, RtpFrameKind kind,
    const guint8 *audio)
{
  gint64 time = skew_filter_get_time (&self->clock, self->line);
  self->line += self->frame;
  if (time + MAX_OVERLAP < self->end_time) {
    self->skipped++;
    return FALSE;
  }
  frame->kind = kind;
  frame->audio = audio;
  frame->time = time;
  frame->discont = self->discont;
  self->discont = FALSE;
  self->end_time = time + 20 * MS;
  return TRUE;
}

/* The next whole frame of the packets that came in order, or NULL. */
static const guint8 *
take_audio (RtpReceiver *self)
{
  const guint8 *audio = self->audio;
  const gsize width = self->config.width;
  if (self->n_carried == 0 && self->n_ticks >= self->frame) {
    skip (self, self->frame);
    return audio;
  }
  guint n = MIN (self->n_ticks, self->frame - self->n_carried);
  if (n == 0)
    return NULL;
  memcpy (self->carry + self->n_carried * width, audio, n * width);
  skip (self, n);
  self->n_carried += n;
  if (self->n_carried < self->frame)
    return NULL;
  self->n_carried = 0;
  return self->carry;
}

/* Nothing is left of the packets that came in order: gaps and stalls. FALSE:
 * neither is due. */
static gboolean
make_up (RtpReceiver *self, gint64 now)
{
  guint n_missing;
  const JitterItem *behind = jitter_buffer_get_gap (&self->buffer, &n_missing);
  /* What is missing was made up already when nothing came at all. */
  if (behind && self->n_stalled && self->synced &&
      get_position (self, &behind->packet) <= self->line) {
    jitter_buffer_skip (&self->buffer, n_missing);
    return TRUE;
  }
  if (now < rtp_receiver_get_deadline (self))
    return FALSE;
  if (behind)
    give_up (self, behind, n_missing);
  else
    stall (self);
  return TRUE;
}

gboolean
rtp_receiver_pop (RtpReceiver *self, gint64 now, RtpFrame *frame)
{
  JitterItem item;
  const guint8 *audio;
  do {
    while (self->n_fill) {
      self->n_fill--;
      if (give (self, frame, self->fill, NULL))
        return TRUE;
    }
    while ((audio = take_audio (self)))
      if (give (self, frame,
              self->line < self->mended_end ? RTP_FRAME_MENDED
                                            : RTP_FRAME_AUDIO,
              audio))
        return TRUE;
    while (jitter_buffer_pop (&self->buffer, &item)) {
      handle_item (self, &item);
      if (self->n_fill || self->n_ticks)
        break;
    }
  } while (self->n_fill || self->n_ticks || make_up (self, now));
  return FALSE;
}
