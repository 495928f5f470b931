/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a call sends, driven by seeded random schedules in virtual time: blocks of
 * any size from the loop and from another thread, time stamps that jump, stalls,
 * flushes, digits, hold, a change of codec. Whatever happens, nothing that is due
 * waits, RTP time keeps to the clock, and what is said afterwards is heard. */

#include "../../seeds.h"

#include "mock/foreignthread.h"
#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

#define N_STEPS 60
#define MOST 4000 /* samples of a block */
#define SPOKEN 0x2a /* each byte, a law's or of S16: what is said at the end */
#define LOUD 0x2a2a
#define LEAST_PACKET 40 /* bytes of 5 ms */

typedef struct
{
  GRand *rand;
  MediaLoop *loop;
  End *end;
  Port *far;
  ForeignThread *thread;
  gint64 now; /* after START */

  /* The block at work. */
  GstVoiceFormat format;
  guint n_samples;
  gint64 pts; /* -1 = none */
  gboolean gap, live;
  guint8 fill;
  guint8 data[2 * MOST];

  gint64 next_pts;
  guint packet_time; /* ms, that the far end wants */
  gpointer decoder; /* of the far end */
  gsize spoken; /* ticks */
  gint64 origin; /* when RTP time began, 0 = not yet */
  guint32 first_timestamp;
} Schedule;

static gint32
between (Schedule *self, gint32 least, gint32 most)
{
  return g_rand_int_range (self->rand, least, most + 1);
}

static gboolean
one_in (Schedule *self, gint32 n)
{
  return between (self, 1, n) == 1;
}

/* G.722: a byte for two samples, whose last tells. */
static gboolean
is_spoken_wide (Schedule *self, const RtpPacket *packet)
{
  const RtpCodec *codec = &rtp_codec_g722;
  gint16 samples[2 * 160] = { 0 };
  guint n = codec->get_duration (packet->payload, packet->payload_size);
  g_assert_cmpuint (n, <=, G_N_ELEMENTS (samples));
  if (!self->decoder)
    self->decoder = codec->decoder_new (codec->rate);
  codec->decode (self->decoder, packet->payload, packet->payload_size, samples);
  return ABS (samples[n - 1] - LOUD) < LOUD / 5;
}

static gboolean
is_spoken (Schedule *self, const RtpPacket *packet)
{
  if (packet->payload_size < LEAST_PACKET)
    return FALSE; /* a key */
  if (packet->payload_type == rtp_codec_g722.payload_type)
    return is_spoken_wide (self, packet);
  g_clear_pointer (&self->decoder, g_free);
  return packet->payload[0] == SPOKEN &&
      packet->payload[packet->payload_size - 1] == SPOKEN;
}

static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Schedule *self = user;
  RtpPacket packet;
  g_assert_true (rtp_packet_parse (&packet, data, size));
  if (is_spoken (self, &packet))
    self->spoken += packet.payload_size;
}

static void
begin (Schedule *self, guint32 seed)
{
  memset (self, 0, sizeof *self);
  self->rand = g_rand_new_with_seed (seed);
  g_random_set_seed (seed);
  self->loop = media_loop_new_manual (START);
  self->end = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->far = port_new (self->loop, "192.0.2.2", 5000);
  self->far->received = on_packet;
  self->far->user = self;
  self->end->rtp->peer = self->far;
}

static void
set_media (Schedule *self, const RtpCodec *codec, gboolean send)
{
  RtpStreamMedia media = { .codec = codec,
    .payload_type = codec->payload_type,
    .event_payload_type = 101,
    .packet_time = self->packet_time,
    .send = send,
    .receive = TRUE };
  g_assert_true (packet_address_parse (&media.remote_rtp, "192.0.2.2", 5000));
  self->end->codec = codec;
  rtp_stream_set_media (self->end->stream, &media);
}

static void
finish (Schedule *self)
{
  g_free (end_free (self->end));
  port_destroy (self->far);
  g_free (self->decoder);
  media_loop_unref (self->loop);
  g_rand_free (self->rand);
}

/* ---- What always holds */

/* RTP time is the clock's: what it stands for now has been said before, or leaves
 * within 40 ms. */
static void
check_clock_unlocked (Schedule *self, const Packetizer *packetizer, gint64 now)
{
  if (!packetizer->started)
    return;
  if (!self->origin) {
    self->origin = packetizer->timestamp_due;
    self->first_timestamp = packetizer->timestamp;
  }
  guint32 passed = packetizer->timestamp - self->first_timestamp;
  g_assert_cmpint (packetizer->timestamp_due - self->origin, ==,
      (gint64) passed * (SECOND / 8000));
  g_assert_cmpint (packetizer->timestamp_due - 20 * MS - now, <=, 40 * MS);
}

static gboolean
is_overdue (Schedule *self)
{
  RtpStream *stream = self->end->stream;
  const gint64 now = media_loop_now (self->loop);
  const gint64 past = now - MEDIA_LOOP_SLOT;
  g_mutex_lock (&stream->lock);
  gint64 audio = packetizer_get_due (&stream->packetizer);
  gint64 digit = telephone_event_sender_get_due (&stream->digits);
  gboolean up = stream->up;
  check_clock_unlocked (self, &stream->packetizer, now);
  g_mutex_unlock (&stream->lock);
  return up && ((audio >= 0 && audio <= past) || (digit >= 0 && digit <= past));
}

/* Nothing that is due waits. A file's thread that was given room is quick: what it
 * brought behind the loop's last step is there in the next, at the same time. */
static void
check (Schedule *self)
{
  for (guint i = 0; i < 100 && is_overdue (self); i++) {
    foreign_thread_settle (self->thread);
    run_to (self->loop, self->now);
  }
  g_assert_false (is_overdue (self));
}

static void
pass (Schedule *self, gint64 time)
{
  self->now += time;
  run_to (self->loop, self->now);
  check (self);
}

/* ---- Blocks */

static void
send_block (gpointer data, gpointer user)
{
  Schedule *self = data;
  gsize size = self->n_samples * GST_VOICE_SAMPLE_SIZE (self->format.encoding);
  memset (self->data, self->fill, size);
  rtp_stream_send (self->end->stream, &self->format, self->data, size,
      self->pts < 0 ? GST_CLOCK_TIME_NONE : (GstClockTime) self->pts, self->gap,
      self->live);
}

/* For room, or for the call; a live block waits for neither, though the queue may be full
 * while it is at work. */
static gboolean
waits_for_loop (gpointer data)
{
  Schedule *self = data;
  RtpStream *stream = self->end->stream;
  if (self->live)
    return FALSE;
  g_mutex_lock (&stream->lock);
  gboolean waits = !stream->up || packetizer_is_full (&stream->packetizer);
  g_mutex_unlock (&stream->lock);
  return waits;
}

static void
choose_block (Schedule *self)
{
  static const guint sizes[] = { 160, 160, 320, 240, 80, 441, 1, 159, 161 };
  gint32 size = between (self, 0, G_N_ELEMENTS (sizes) + 3);
  self->format.encoding = one_in (self, 2) ? GST_VOICE_S16 : GST_VOICE_MULAW;
  self->format.rate =
      self->format.encoding == GST_VOICE_S16 && one_in (self, 2) ? 16000 : 8000;
  self->n_samples = size < (gint32) G_N_ELEMENTS (sizes)
      ? sizes[size]
      : (guint) between (self, 1, one_in (self, 4) ? MOST : 800);
  self->gap = one_in (self, 5);
  self->fill = 7;
  if (one_in (self, 8))
    self->next_pts += between (self, -1500, 1500) * MS;
  self->next_pts = MAX (self->next_pts, 0);
  self->pts = one_in (self, 6) ? -1 : self->next_pts;
  self->next_pts += self->n_samples * SECOND / self->format.rate;
}

static void
from_thread (Schedule *self)
{
  foreign_thread_do (self->thread, send_block, self, waits_for_loop);
}

/* ---- Everything else */

static void
stall (Schedule *self)
{
  self->now += between (self, 20, 1500) * MS;
  media_loop_stall (self->loop, START + self->now);
}

static const RtpCodec *
choose_codec (Schedule *self)
{
  return codec_table_get ((guint) between (self, 0, 2));
}

static void
change_media (Schedule *self)
{
  self->packet_time = one_in (self, 2) ? 20 : (guint) between (self, 5, 20);
  set_media (self, choose_codec (self), !one_in (self, 4));
}

static void
disturb (Schedule *self)
{
  RtpStream *stream = self->end->stream;
  switch (between (self, 0, 6)) {
    case 0:
      stall (self);
      break;
    case 1:
      rtp_stream_flush (stream);
      break;
    case 2:
      rtp_stream_drain (stream);
      break;
    case 3:
      rtp_stream_send_dtmf (stream, one_in (self, 2) ? "1,2" : "#",
          (guint) between (self, 0, 200));
      break;
    case 4:
      change_media (self);
      break;
    default:
      pass (self, between (self, 20, 900) * MS);
      break;
  }
}

/* Blocks from one source: a media loop, a live source's thread, or a file's. */
static void
step (Schedule *self, gboolean on_loop, gboolean live)
{
  gboolean idle = foreign_thread_settle (self->thread);
  self->live = idle ? live : self->live;
  if (idle)
    choose_block (self);
  if (idle && on_loop)
    send_block (self, NULL);
  else if (idle)
    from_thread (self);
  if (one_in (self, 6))
    disturb (self);
  if (one_in (self, 3))
    run_to (self->loop, self->now);
  else
    pass (self, between (self, 0, 45) * MS);
}

static void
let_thread_go (Schedule *self)
{
  rtp_stream_unlock (self->end->stream, TRUE);
  while (!foreign_thread_settle (self->thread))
    pass (self, MS);
  rtp_stream_unlock (self->end->stream, FALSE);
}

/* Digits, which take the place of audio, are still to be sent. */
static gboolean
dials (Schedule *self)
{
  RtpStream *stream = self->end->stream;
  g_mutex_lock (&stream->lock);
  gboolean empty = telephone_event_sender_is_empty (&stream->digits);
  g_mutex_unlock (&stream->lock);
  return !empty;
}

/* Somebody speaks on for a second, and is heard from the first 250 ms on. */
static void
speak (Schedule *self, gboolean on_loop)
{
  const RtpCodec *codec = choose_codec (self);
  set_media (self, codec, TRUE);
  pass (self, 3 * SECOND);
  for (guint i = 0; i < 1000 && dials (self); i++)
    pass (self, 100 * MS);
  self->live = TRUE;
  self->format = codec_table_get_format (codec);
  self->fill = SPOKEN;
  self->gap = FALSE;
  self->n_samples = codec->rate / 50;
  for (guint i = 0; i < 50; i++) {
    self->pts = self->next_pts + i * 20 * MS;
    if (on_loop)
      send_block (self, NULL);
    else
      from_thread (self);
    pass (self, 20 * MS);
  }
  pass (self, 100 * MS);
}

static void
run_seed (guint32 seed, ForeignThread *thread)
{
  Schedule self;
  begin (&self, seed);
  self.thread = thread;
  gboolean on_loop = one_in (&self, 3), live = !one_in (&self, 3);
  if (!one_in (&self, 10))
    set_media (&self, choose_codec (&self), TRUE);
  pass (&self, 0);
  for (guint i = 0; i < N_STEPS; i++)
    step (&self, on_loop, on_loop || live);
  let_thread_go (&self);
  speak (&self, on_loop);
  if (self.spoken < 37 * FRAME)
    g_error ("seed %u: %zu ms of a second were sent", seed, self.spoken / 8);
  finish (&self);
}

static void
test_random (void)
{
  ForeignThread *thread = foreign_thread_new ();
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    run_seed (seed, thread);
  foreign_thread_free (thread);
}

/* The smallest case: a live source of 25 ms blocks on a thread of its own, which
 * stands still for 300 ms. */
static void
test_stall_between_frames (void)
{
  Schedule self;
  begin (&self, 1);
  self.thread = foreign_thread_new ();
  set_media (&self, &rtp_codec_pcmu, TRUE);
  pass (&self, 0);
  self.live = TRUE;
  self.format = rtp_call_mulaw;
  self.n_samples = 200;
  self.fill = SPOKEN;
  for (guint i = 0; i < 80; i++) {
    from_thread (&self);
    self.pts += 25 * MS;
    pass (&self, i == 41 ? 300 * MS : 25 * MS);
  }
  g_assert_cmpuint (self.spoken, >=, 85 * FRAME);
  foreign_thread_free (self.thread);
  finish (&self);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream-random/stall-between-frames",
      test_stall_between_frames);
  g_test_add_func ("/rtpstream-random/schedules", test_random);
  return g_test_run ();
}
