/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpstreamprivate.h"

#include <string.h>

/* Bytes: 20 ms of S16 at 48 kHz. */
#define MAX_AUDIO 1920
#define MAX_SAMPLES (MAX_AUDIO / sizeof (gint16))
#define MAX_PACKET (RTP_HEADER_SIZE + MAX_AUDIO)

typedef struct
{
  guint8 data[MAX_PACKET];
  gsize size; /* with its header */
  guint n_samples; /* of audio that is to be encoded; 0: all is there */
  gint16 samples[MAX_SAMPLES];
} Packet;

void
rtp_send_signal_room_unlocked (RtpStream *self)
{
  if (self->n_waiting > 0)
    g_cond_broadcast (&self->room);
}

static void
wait_unlocked (RtpStream *self)
{
  self->n_waiting++;
  g_cond_wait (&self->room, &self->lock);
  self->n_waiting--;
}

static void
finish_packet_unlocked (RtpStream *self, RtpPacket *header, gsize payload_size,
    Packet *packet)
{
  header->sequence = self->sequence++;
  header->ssrc = self->ssrc;
  rtp_packet_write_header (header, packet->data);
  packet->size = RTP_HEADER_SIZE + payload_size;
  packet->n_samples = 0;
  self->packets_sent++;
}

/* Not under the lock, which those who send wait for. */
static void
encode (RtpStream *self, Packet *packet)
{
  if (packet->n_samples)
    packet->size += self->media.codec->encode (self->encoder, packet->samples,
        packet->n_samples, packet->data + RTP_HEADER_SIZE);
}

/* A digit that is due. On hold, or if the peer takes no events any more, it
 * passes unsent. */
static gboolean
next_digit_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  RtpPacket header = { .payload_type = self->media.event_payload_type & 0x7f };
  guint8 *payload = packet->data + RTP_HEADER_SIZE;
  guint32 timestamp = packetizer_get_next_timestamp (&self->packetizer, now);
  if (!telephone_event_next (&self->digits, now, timestamp, &header, payload))
    return FALSE;
  packetizer_mark (&self->packetizer);
  self->dtmf_sent += header.marker;
  if (!self->media.send || self->media.event_payload_type < 0)
    return FALSE;
  finish_packet_unlocked (self, &header, TELEPHONE_EVENT_SIZE, packet);
  return TRUE;
}

/* Audio that is due. On hold, and while a digit is on its way, it passes
 * unsent. */
static gboolean
next_audio_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  RtpPacket header = { .payload_type = self->media.payload_type };
  const PacketizerFormat *format = &self->packetizer.format;
  const guint n = self->packetizer.frame;
  const guint8 *audio = packetizer_pop (&self->packetizer, now,
      &header.timestamp, &header.marker);
  rtp_send_signal_room_unlocked (self);
  if (!self->media.send || telephone_event_is_sending (&self->digits)) {
    packetizer_mark (&self->packetizer);
    return FALSE;
  }
  if (self->send_codec->encoding != GST_VOICE_S16) {
    memcpy (packet->data + RTP_HEADER_SIZE, audio, n);
    finish_packet_unlocked (self, &header, n, packet);
    return TRUE;
  }
  memcpy (packet->samples, audio, (gsize) n * format->width);
  finish_packet_unlocked (self, &header, 0, packet);
  packet->n_samples = n;
  return TRUE;
}

/* In the order of their times, also when this comes late to several. */
static gboolean
next_packet_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  for (;;) {
    gint64 audio = packetizer_get_due (&self->packetizer);
    gint64 digit = telephone_event_sender_get_due (&self->digits);
    gboolean audio_first = audio >= 0 && (digit < 0 || audio < digit);
    if ((audio_first ? audio : digit) > now || (audio < 0 && digit < 0))
      return FALSE;
    if (audio_first ? next_audio_unlocked (self, now, packet)
                    : next_digit_unlocked (self, now, packet))
      return TRUE;
  }
}

static gint64
get_due_unlocked (RtpStream *self)
{
  gint64 due = packetizer_get_due (&self->packetizer);
  gint64 digit = telephone_event_sender_get_due (&self->digits);
  if (due < 0 || (digit >= 0 && digit < due))
    return digit;
  return due;
}

static void
report_done (RtpStream *self, gboolean drained, gboolean digits)
{
  if (digits)
    self->callbacks.dtmf_sent (self->user);
  if (drained)
    self->callbacks.drained (self->user);
}

void
rtp_send_pump (RtpStream *self, gint64 now)
{
  Packet packet;
  guint64 failed = 0, octets = 0;
  if (!self->started)
    return;
  g_mutex_lock (&self->lock);
  self->pump_pending = FALSE;
  while (next_packet_unlocked (self, now, &packet)) {
    g_mutex_unlock (&self->lock);
    encode (self, &packet);
    octets += packet.size - RTP_HEADER_SIZE;
    rtp_log_sent (&self->log, packet.data, packet.size, &self->latch.active);
    if (!packet_address_is_set (&self->latch.active) ||
        !packet_transport_send (self->rtp, packet.data, packet.size,
            &self->latch.active))
      failed++;
    g_mutex_lock (&self->lock);
  }
  self->octets_sent += octets;
  self->send_failures += failed;
  gint64 due = self->pump_due = get_due_unlocked (self);
  gboolean dialled = telephone_event_sender_is_empty (&self->digits);
  gboolean digits = self->digits_pending && dialled;
  gboolean drained =
      self->draining && dialled && packetizer_is_empty (&self->packetizer);
  if (digits)
    self->digits_pending = FALSE;
  if (drained)
    self->draining = FALSE;
  g_mutex_unlock (&self->lock);

  if (due < 0)
    media_timer_cancel (&self->send_timer);
  else if (self->send_timer.due != due)
    media_timer_arm (&self->send_timer, due);
  report_done (self, drained, digits);
}

static void
send_due (gint64 now, gpointer data)
{
  rtp_send_pump (data, now);
}

void
rtp_send_start (RtpStream *self)
{
  media_timer_init (&self->send_timer, self->loop, send_due, self);
}

void
rtp_send_stop (RtpStream *self)
{
  media_timer_cancel (&self->send_timer);
}

/* ---- Any thread */

static void
pump (gpointer data)
{
  RtpStream *self = data;
  if (self->rtp)
    rtp_send_pump (self, media_loop_now (self->loop));
}

static void
unref (gpointer data)
{
  rtp_stream_unref (data);
}

void
rtp_send_call_unlocked (RtpStream *self)
{
  if (self->pump_pending)
    return;
  self->pump_pending = TRUE;
  media_loop_invoke (self->loop, pump, rtp_stream_ref (self), unref);
}

void
rtp_send_wake_unlocked (RtpStream *self)
{
  gint64 due = get_due_unlocked (self);
  if (due >= 0 && (self->pump_due < 0 || due < self->pump_due))
    rtp_send_call_unlocked (self);
}

static gboolean
may_go_on_unlocked (RtpStream *self)
{
  return !self->stopped && !self->unlocked;
}

/* ---- A block of whoever sends, to the form in which audio waits. In all but the moment
 * in which a call changes its codec it has the call's rate. */

typedef struct
{
  GstVoiceFormat format;
  const guint8 *data;
  gsize n; /* samples */
} Block;

/* So many of the block's samples last as long as @n of the call's ... */
static gsize
to_block (const RtpStream *self, const Block *block, gsize n)
{
  return n * block->format.rate / self->send_codec->rate;
}

/* ... and what is left of it as so many of the call's. */
static gsize
to_call (const RtpStream *self, const Block *block)
{
  return block->n * self->send_codec->rate / block->format.rate;
}

static void
pass_block (const RtpStream *self, Block *block, gsize n)
{
  const gsize passed = MIN (to_block (self, block, n), block->n);

  block->data += passed * GST_VOICE_SAMPLE_SIZE (block->format.encoding);
  block->n -= passed;
}

/* The nearest ones: it is 20 ms once, or the rest of a file's block. */
static void
stretch (gint16 *samples, gsize from, gsize to)
{
  gint16 copy[MAX_SAMPLES];

  memcpy (copy, samples, from * sizeof *copy);
  for (gsize i = 0; i < to; i++)
    samples[i] = copy[i * from / to];
}

/* @n samples of the call. */
static void
convert_unlocked (RtpStream *self, const Block *block, guint8 *out, gsize n)
{
  const RtpCodec *codec = self->send_codec;
  const GstVoiceEncoding encoding = block->format.encoding;
  const gsize n_in = MAX (to_block (self, block, n), 1);
  gint16 samples[MAX_SAMPLES];

  if (encoding == codec->encoding && block->format.rate == codec->rate) {
    memcpy (out, block->data, n * GST_VOICE_SAMPLE_SIZE (encoding));
    return;
  }
  if (encoding == GST_VOICE_S16)
    memcpy (samples, block->data, n_in * sizeof *samples);
  else
    gst_voice_law_decode (encoding, block->data, samples, n_in);
  if (n_in != n)
    stretch (samples, n_in, n);
  if (codec->encoding == GST_VOICE_S16)
    memcpy (out, samples, n * sizeof *samples);
  else
    codec->encode (NULL, samples, (guint) n, out);
}

void
rtp_send_count_skipped_unlocked (RtpStream *self, guint n)
{
  const guint frame = self->packetizer.format.rate / 50;

  self->skipped += n;
  self->dropped += self->skipped / frame;
  self->skipped %= frame;
}

/* Where the next samples go, once there is room. NULL: the wait was ended. */
static guint8 *
get_space_unlocked (RtpStream *self, gboolean may_drop, gint64 now,
    guint *n_free)
{
  guint8 *space;
  while (may_go_on_unlocked (self)) {
    space = packetizer_get_space (&self->packetizer, n_free);
    if (space)
      return space;
    if (may_drop) {
      packetizer_overrun (&self->packetizer, now);
      rtp_send_count_skipped_unlocked (self, self->packetizer.frame);
    } else {
      rtp_send_wake_unlocked (self);
      wait_unlocked (self);
    }
  }
  return NULL;
}

static gboolean
enqueue_unlocked (RtpStream *self, Block *block, gboolean gap,
    gboolean may_drop, gint64 now)
{
  guint skipped =
      packetizer_skip (&self->packetizer, (guint) to_call (self, block));
  rtp_send_count_skipped_unlocked (self, skipped);
  pass_block (self, block, skipped);
  while (to_call (self, block)) {
    guint n_free;
    guint8 *space = get_space_unlocked (self, may_drop, now, &n_free);
    if (!space)
      return FALSE;
    /* Whoever waited for it may find another codec. */
    gsize step = MIN (to_call (self, block), n_free);
    if (gap)
      memset (space, self->packetizer.format.silence,
          step * self->packetizer.format.width);
    else
      convert_unlocked (self, block, space, step);
    packetizer_commit (&self->packetizer, (guint) step, gap);
    pass_block (self, block, step);
  }
  return TRUE;
}

gboolean
rtp_stream_send (RtpStream *self, const GstVoiceFormat *format,
    gconstpointer data, gsize size, GstClockTime pts, gboolean gap,
    gboolean live)
{
  gboolean on_loop = media_loop_is_current (self->loop);
  gboolean may_drop = live || media_loop_get_current () != NULL;
  Block block = { *format, data,
    size / GST_VOICE_SAMPLE_SIZE (format->encoding) };

  g_mutex_lock (&self->lock);
  while (!self->up && !may_drop && may_go_on_unlocked (self))
    wait_unlocked (self);
  gboolean sent = may_go_on_unlocked (self);
  if (sent && !self->up) {
    const gsize frame = GST_VOICE_FRAME_SAMPLES (format->rate);
    self->dropped += (block.n + frame - 1) / frame;
  } else if (sent) {
    const gint64 now = media_loop_now (self->loop);
    packetizer_begin (&self->packetizer,
        GST_CLOCK_TIME_IS_VALID (pts) ? (gint64) pts : -1, may_drop, now);
    sent = enqueue_unlocked (self, &block, gap, may_drop, now);
    /* Also when none of this block is due: its beginning may have filled up
     * what came before. */
    if (!on_loop)
      rtp_send_wake_unlocked (self);
  }
  g_mutex_unlock (&self->lock);
  if (on_loop && self->started && self->rtp)
    rtp_send_pump (self, media_loop_now (self->loop));
  return sent;
}
