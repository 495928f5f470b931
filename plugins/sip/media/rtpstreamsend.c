/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpstreamprivate.h"

#include <string.h>

/* A handshake that has not come to keys by then is none that will. */
#define MAX_KEYLESS G_GINT64_CONSTANT (5000000000)
/* 60 ms of 48 kHz. */
#define MAX_SAMPLES 2880

typedef struct
{
  RtpPacket header;
  guint8 data[RTP_HEADER_SIZE + RTP_NAME_MAX_SIZE + RTP_SEND_MAX_PAYLOAD];
  gsize size; /* of the payload, 0: nothing is to be sent */
  gsize name_size; /* of what stands before that */
  guint n_samples; /* of audio that is to be encoded; 0: all is there */
  gint64 due; /* loop time of its timestamp */
  gint16 samples[MAX_SAMPLES];
  gchar key; /* it is no packet, but the turn of this key, 0: it is one */
  guint key_duration; /* ms */
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

/* Not under the lock, which those who send wait for. FALSE: there is nothing to send. */
static gboolean
finish_packet (RtpStream *self, Packet *packet)
{
  if (packet->n_samples)
    packet->size = self->media.codec->encode (self->encoder, packet->samples,
        packet->n_samples, packet->data + RTP_HEADER_SIZE);
  if (packet->size == 0)
    return FALSE;
  packet->header.sequence = self->sequence++;
  packet->header.ssrc = self->ssrc;
  rtp_packet_write_header (&packet->header, packet->data);
  packet->name_size =
      rtp_name_insert (&self->media.name, packet->data, packet->size);
  return TRUE;
}

/* FALSE: the network refused it. */
static gboolean
transmit (RtpStream *self, const Packet *packet)
{
  const gsize size = RTP_HEADER_SIZE + packet->name_size + packet->size;

  rtp_log_sent (&self->log, packet->data, size, &self->latch.active);
  return packet_address_is_set (&self->latch.active) &&
      packet_transport_send (self->rtp, packet->data, size,
          &self->latch.active);
}

static void
note_sent (RtpStream *self, const Packet *packet, gint64 now)
{
  if (packet->header.payload_type == self->media.payload_type)
    rtp_echo_send (self, packet->samples, packet->n_samples,
        packet->data + RTP_HEADER_SIZE, packet->size, packet->due, now);
}

/* Whoever sends it is told when it begins. FALSE: it has begun. */
static gboolean
begin_key (Packet *packet, gchar key, guint duration)
{
  packet->key = key;
  packet->key_duration = duration;
  return packet->header.marker;
}

/* A digit that is due. On hold, or if the peer takes no events any more, it
 * passes unsent. */
static gboolean
next_digit_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  const RtpDigits digits = self->media.digits;
  RtpPacket *header = &packet->header;
  guint8 *payload = packet->data + RTP_HEADER_SIZE;
  guint32 timestamp = packetizer_get_next_timestamp (&self->packetizer, now);
  guint duration;
  const gchar key = telephone_event_sender_get_key (&self->digits, &duration);
  *header =
      (RtpPacket){ .payload_type = self->media.event_payload_type & 0x7f };
  if (!telephone_event_next (&self->digits, now, timestamp, header, payload))
    return FALSE;
  self->dtmf_sent += header->marker;
  if (digits == RTP_DIGITS_INFO)
    return begin_key (packet, key, duration);
  packetizer_mark (&self->packetizer);
  packet->size = TELEPHONE_EVENT_SIZE;
  packet->n_samples = 0;
  if (digits == RTP_DIGITS_TONES)
    packet->n_samples = rtp_tones_next_unlocked (self, key, duration, timestamp,
        now, header, packet->samples);
  return self->media.send &&
      (digits == RTP_DIGITS_TONES || self->media.event_payload_type >= 0);
}

/* A key takes the place of audio. */
static gboolean
is_covered_unlocked (RtpStream *self, guint32 timestamp)
{
  if (self->media.digits == RTP_DIGITS_INFO)
    return FALSE;
  return telephone_event_is_sending (&self->digits) ||
      rtp_tones_cover_unlocked (self, timestamp);
}

static void
take_sealed_unlocked (RtpStream *self, const guint8 *audio, guint n,
    Packet *packet)
{
  guint at = 0;
  memcpy (packet->samples, audio, n * sizeof *packet->samples);
  const GByteArray *payload =
      rtp_sealed_find (&self->sealed, packet->samples, n, &at);
  if (!payload)
    return;
  memcpy (packet->data + RTP_HEADER_SIZE, payload->data, payload->len);
  packet->size = payload->len;
}

/* Audio that is due. On hold, and while a digit is on its way, it passes
 * unsent. */
static gboolean
next_audio_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  const PacketizerFormat *format = &self->packetizer.format;
  const guint n = self->packetizer.frame;
  packet->header = (RtpPacket){ .payload_type = self->media.payload_type };
  const guint8 *audio = packetizer_pop (&self->packetizer, now,
      &packet->header.timestamp, &packet->header.marker);
  packet->due =
      packetizer_get_time (&self->packetizer, packet->header.timestamp);
  rtp_send_signal_room_unlocked (self);
  if (!self->media.send ||
      is_covered_unlocked (self, packet->header.timestamp)) {
    packetizer_mark (&self->packetizer);
    return FALSE;
  }
  packet->size = 0;
  packet->n_samples = 0;
  if (self->send_sealed) {
    take_sealed_unlocked (self, audio, n, packet);
  } else if (self->send_codec->encoding != GST_VOICE_S16) {
    memcpy (packet->data + RTP_HEADER_SIZE, audio, n);
    packet->size = n;
  } else {
    memcpy (packet->samples, audio, (gsize) n * format->width);
    packet->n_samples = n;
  }
  return TRUE;
}

/* In the order of their times, also when this comes late to several. */
static gboolean
next_packet_unlocked (RtpStream *self, gint64 now, Packet *packet)
{
  for (;;) {
    packet->key = 0;
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

/* Whoever is to be hung up on once all is said does not wait for keys for ever. */
static void
wait_for_keys (RtpStream *self, gint64 now)
{
  g_mutex_lock (&self->lock);
  self->pump_pending = FALSE;
  if (self->draining && !self->drain_end)
    self->drain_end = now + MAX_KEYLESS;
  const gint64 end = self->draining ? self->drain_end : 0;
  const gboolean over = end && now >= end;
  if (over) {
    rtp_send_drop_queue_unlocked (self);
    self->draining = FALSE;
    self->drain_end = 0;
  }
  g_mutex_unlock (&self->lock);
  if (over)
    self->callbacks.drained (self->user);
  else if (end)
    media_timer_arm (&self->send_timer, end);
}

void
rtp_send_pump (RtpStream *self, gint64 now)
{
  Packet packet;
  if (!self->started)
    return;
  /* What is said before there are keys waits for them: who brings them pumps. */
  if (self->media.dtls && !self->dtls_keys) {
    wait_for_keys (self, now);
    return;
  }
  g_mutex_lock (&self->lock);
  self->pump_pending = FALSE;
  while (next_packet_unlocked (self, now, &packet)) {
    g_mutex_unlock (&self->lock);
    const gboolean made = !packet.key && finish_packet (self, &packet);
    const gboolean sent = made && transmit (self, &packet);
    if (sent)
      note_sent (self, &packet, now);
    if (packet.key)
      self->callbacks.key (packet.key, packet.key_duration, self->user);
    g_mutex_lock (&self->lock);
    self->packets_sent += made;
    self->octets_sent += made ? packet.size : 0;
    self->send_failures += made && !sent;
    if (!made && !packet.key)
      packetizer_mark (&self->packetizer);
  }
  gint64 due = self->pump_due = get_due_unlocked (self);
  gboolean dialled = telephone_event_sender_is_empty (&self->digits);
  gboolean digits = self->digits_pending && dialled;
  gboolean drained =
      self->draining && dialled && packetizer_is_empty (&self->packetizer);
  if (digits)
    self->digits_pending = FALSE;
  if (drained)
    self->draining = FALSE;
  self->drain_end = 0;
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

/* A report is of a few seconds: what was bad before it may be so again. */
void
rtp_send_set_loss (RtpStream *self, gdouble fraction)
{
  const guint now = (guint) (fraction * 100 + 0.5);
  const guint loss = MAX (now, (self->send_loss * 3 + now) / 4);

  if (self->media.codec->set_loss && loss != self->send_loss)
    self->media.codec->set_loss (self->encoder, loss);
  self->send_loss = loss;
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

static void
open_block_unlocked (RtpStream *self, Block *block, gsize size, gint16 *samples)
{
  const GstVoiceEncoding encoding = block->format.encoding;
  self->given_encoding = (gint) encoding;
  if (!codec_table_find_packets (encoding)) {
    rtp_send_open_queue_unlocked (self);
    return;
  }
  block->n =
      rtp_send_unpack_unlocked (self, encoding, block->data, size, samples);
  block->data = (const guint8 *) samples;
  block->format = (GstVoiceFormat){ GST_VOICE_S16, self->send_codec->rate };
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
  gint16 samples[MAX_SAMPLES];

  g_mutex_lock (&self->lock);
  while (!self->up && !may_drop && may_go_on_unlocked (self))
    wait_unlocked (self);
  gboolean sent = may_go_on_unlocked (self);
  if (sent && !self->up) {
    const gsize frame = GST_VOICE_FRAME_SAMPLES (format->rate);
    self->dropped += (block.n + frame - 1) / frame;
  } else if (sent) {
    const gint64 now = media_loop_now (self->loop);
    const gboolean packet = codec_table_find_packets (format->encoding) != NULL;
    open_block_unlocked (self, &block, size, samples);
    packetizer_begin (&self->packetizer,
        GST_CLOCK_TIME_IS_VALID (pts) ? (gint64) pts : -1, may_drop, now);
    sent = enqueue_unlocked (self, &block, gap && !packet, may_drop, now);
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
