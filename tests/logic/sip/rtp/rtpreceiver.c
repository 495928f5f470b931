/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/rtpreceiver.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define START (10000 * MS)

static RtpReceiver receiver;
static gint64 now;
static GString *out;
static gint64 last_time;

/* What comes out: a letter per frame, A of audio, M of mended, L of lost, S of silence. */
static const gchar *
collect (void)
{
  RtpFrame frame;
  g_string_truncate (out, 0);
  while (rtp_receiver_pop (&receiver, now, &frame)) {
    g_string_append_c (out, "AMLS"[frame.kind]);
    if (frame.discont)
      g_string_append_c (out, '!');
    last_time = frame.time;
  }
  return out->str;
}

static const gchar *
push_of (guint8 type, guint16 sequence, guint32 timestamp, const guint8 *data,
    gsize size)
{
  RtpPacket packet = { .payload_type = type,
    .sequence = sequence,
    .timestamp = timestamp,
    .ssrc = 1,
    .payload = data,
    .payload_size = size };
  rtp_receiver_push (&receiver, &packet, now);
  return collect ();
}

static const gchar *
push (guint16 sequence, guint32 timestamp, gsize size)
{
  static const guint8 payload[1000];
  return push_of (0, sequence, timestamp, payload, size);
}

static const gchar *
wait_until (gint64 ms)
{
  static gchar all[1000];
  all[0] = '\0';
  while (now < START + ms * MS) {
    now += MS;
    g_strlcat (all, collect (), sizeof all);
  }
  return all;
}

static void
begin (gint64 latency)
{
  RtpReceiverConfig config = { 0, 101, latency * MS };
  rtp_receiver_clear (&receiver);
  now = START;
  rtp_receiver_init (&receiver, &config, now);
}

static void
test_wait (void)
{
  begin (40);
  g_assert_cmpstr (push (1, 1000, 160), ==, "A!");
  g_assert_cmpint (last_time, ==, START);
  g_assert_cmpstr (wait_until (40), ==, "");
  /* 2 is due at 20 and waited for until 60. */
  g_assert_cmpstr (push (3, 1320, 160), ==, "");
  g_assert_cmpint (rtp_receiver_get_deadline (&receiver), ==, START + 60 * MS);
  g_assert_cmpstr (wait_until (59), ==, "");
  g_assert_cmpstr (wait_until (60), ==, "LA");
  g_assert_cmpstr (push (4, 1480, 160), ==, "A");
  g_assert_cmpstr (wait_until (80), ==, "");
  g_assert_cmpstr (push (6, 1800, 160), ==, "");
  g_assert_cmpstr (wait_until (100), ==, "");
  g_assert_cmpstr (push (5, 1640, 160), ==, "AA");
  g_assert_cmpuint (receiver.buffer.counters.lost, ==, 1);
  g_assert_cmpuint (receiver.buffer.counters.reordered, ==, 1);
}

static void
test_stall (void)
{
  begin (40);
  g_assert_cmpstr (wait_until (100), ==, "S!SS");
  g_assert_cmpstr (push (1, 1000, 160), ==, "SSA");
  /* Due at 120, waited for as long as nothing at all is there. */
  g_assert_cmpstr (wait_until (179), ==, "");
  g_assert_cmpstr (wait_until (280), ==, "LLLSSS");
  /* The burst behind it catches up: what was made up is late. */
  for (guint16 i = 0; i < 8; i++)
    g_assert_cmpstr (push (2 + i, 1160 + 160 * i, 160), ==, i < 6 ? "" : "A");
  g_assert_cmpuint (receiver.buffer.counters.late, ==, 6);
  g_assert_cmpuint (receiver.buffer.counters.received, ==, 3);
}

static void
test_blocks (void)
{
  begin (40);
  g_assert_cmpstr (push (1, 0, 240), ==, "A!");
  now += 30 * MS;
  g_assert_cmpstr (push (2, 240, 80), ==, "A");
  now += 10 * MS;
  g_assert_cmpstr (push (3, 320, 480), ==, "AAA");
  now += 60 * MS;
  g_assert_cmpstr (push (4, 800, 40), ==, "");
  now += 5 * MS;
  g_assert_cmpstr (push (5, 840, 1000), ==, "AAAAAA");
  g_assert_cmpint (receiver.line, ==, 1760);
}

/* 30 ms packets: a lost one takes two frames, and the grid stays. */
static void
test_lost_block (void)
{
  begin (0);
  g_assert_cmpstr (push (1, 0, 240), ==, "A!");
  now += 60 * MS;
  g_assert_cmpstr (push (3, 480, 240), ==, "LLA");
  g_assert_cmpint (receiver.line, ==, 640);
  g_assert_cmpstr (push (4, 720, 240), ==, "AA");
}

static void
test_talkspurt (void)
{
  begin (40);
  g_assert_cmpstr (push (1, 0, 160), ==, "A!");
  g_assert_cmpstr (push_of (13, 2, 160, (const guint8 *) "", 1), ==, "");
  g_assert_cmpstr (wait_until (1000), ==,
      "SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS"
      "SSSSSSSS");
  /* 8 * 1000 and a bit: a new grid, no frame is cut. */
  g_assert_cmpstr (push (3, 8020, 160), ==, "SSA");
  g_assert_cmpstr (push (4, 8180, 160), ==, "A");
  g_assert_cmpuint (receiver.n_carried, ==, 0);
  g_assert_cmpuint (receiver.buffer.counters.lost, ==, 0);
}

/* Audio of a digit is silence, not loss; lost packets of it neither. */
static void
test_event (void)
{
  guint8 payload[4] = { 1, 10, 0, 160 };
  begin (40);
  g_assert_cmpstr (push (1, 0, 160), ==, "A!");
  now += 20 * MS;
  g_assert_cmpstr (push_of (101, 2, 160, payload, 4), ==, "S");
  now += 40 * MS;
  rtp_write_uint16 (payload + 2, 480);
  g_assert_cmpstr (push_of (101, 4, 160, payload, 4), ==, "");
  g_assert_cmpstr (wait_until (80), ==, "SS");
  g_assert_cmpstr (push (5, 640, 160), ==, "A");
  g_assert_cmpuint (receiver.buffer.counters.lost, ==, 1);
}

static void
test_skew (void)
{
  SkewFilter filter;
  for (gint ppm = -1000; ppm <= 1000; ppm += 500) {
    gint64 time = 0, step, last = 0;
    skew_filter_init (&filter, 8000);
    for (gint64 i = 0; i < 30000; i++) {
      gint64 sent = i * 20 * MS + i * 20 * ppm;
      gint64 jitter = i * 7919 % 30 * MS;
      g_assert_false (
          skew_filter_update (&filter, i * 160, 160, sent + jitter, 40 * MS));
      time = skew_filter_get_time (&filter, i * 160);
      step = time - last - 20 * MS;
      if (i > 0)
        g_assert_cmpint (ABS (step), <, MS / 2);
      if (i > 1000)
        g_assert_cmpint (ABS (time - sent), <, 6 * MS);
      last = time;
    }
  }
}

/* ---- Codecs with another clock, and more than a byte a tick */

typedef struct
{
  guint per_tick; /* bytes */
  guint8 audio[4000];
} Unpacked;

/* A payload is a number of ticks; its audio is @per_tick bytes of each tick's number. */
static const guint8 *
unpack_count (const RtpPacket *packet, guint *n_ticks, gpointer user)
{
  Unpacked *self = user;
  if (packet->payload_size != 2)
    return NULL;
  *n_ticks = rtp_read_uint16 (packet->payload);
  g_assert_cmpuint (*n_ticks * self->per_tick, <=, sizeof self->audio);
  for (guint i = 0; i < *n_ticks; i++)
    memset (self->audio + i * self->per_tick,
        (gint) ((packet->timestamp + i) & 0xff), self->per_tick);
  return self->audio;
}

static void
push_count (guint16 sequence, guint32 timestamp, guint n_ticks)
{
  static guint8 payload[2]; /* read when it is popped */
  rtp_write_uint16 (payload, (guint16) n_ticks);
  RtpPacket packet = { .sequence = sequence,
    .timestamp = timestamp,
    .ssrc = 1,
    .payload = payload,
    .payload_size = 2 };
  rtp_receiver_push (&receiver, &packet, now);
}

/* Whole frames, each tick behind the last one, whatever packets they came in. */
static void
test_clocks (void)
{
  static const struct
  {
    guint clock, per_tick;
  } codecs[] = { { 8000, 1 }, { 8000, 4 }, { 16000, 2 }, { 48000, 2 } };
  static const guint times[] = { 10, 20, 25, 30, 40 }; /* ms */
  for (guint i = 0; i < G_N_ELEMENTS (codecs) * G_N_ELEMENTS (times); i++) {
    const guint clock = codecs[i % 4].clock, per_tick = codecs[i % 4].per_tick;
    const guint ticks = clock / 1000 * times[i / 4];
    Unpacked unpacked = { .per_tick = per_tick };
    const RtpReceiverConfig config = { 0, 101, 40 * MS, clock, per_tick,
      unpack_count, &unpacked, NULL };
    guint32 timestamp = 0xffffff00, heard = timestamp;
    RtpFrame frame;
    rtp_receiver_clear (&receiver);
    now = START;
    rtp_receiver_init (&receiver, &config, now);
    for (guint k = 0; k < 100; k++, timestamp += ticks) {
      push_count ((guint16) k, timestamp, ticks);
      while (rtp_receiver_pop (&receiver, now, &frame)) {
        g_assert_cmpint (frame.kind, ==, RTP_FRAME_AUDIO);
        for (guint b = 0; b < clock / 50 * per_tick; b++)
          g_assert_cmpuint (frame.audio[b], ==, (heard + b / per_tick) & 0xff);
        g_assert_cmpint (ABS (frame.time - START -
                             (gint64) (heard + 0x100) * 1000 * MS / clock),
            <, MS);
        heard += clock / 50;
      }
      now += times[i / 4] * MS;
    }
    g_assert_cmpuint (heard + 0x100, ==,
        100 * ticks / (clock / 50) * (clock / 50));
  }
}

/* Another codec in the middle of a frame: its begin is lost, no more; one with another
 * clock begins anew at the same time. */
static void
test_another_codec (void)
{
  Unpacked unpacked = { .per_tick = 4 };
  const RtpReceiverConfig wide = { 0, 101, 40 * MS, 8000, 4, unpack_count,
    &unpacked, &unpacked };
  const RtpReceiverConfig other = { 0, 101, 40 * MS, 48000, 2, unpack_count,
    &unpacked, &receiver };
  begin (40);
  g_assert_cmpstr (push (1, 0, 240), ==, "A!");
  g_assert_cmpuint (receiver.n_carried, ==, 80);
  now += 30 * MS;
  rtp_receiver_set_config (&receiver, &wide);
  push_count (2, 240, 240);
  g_assert_cmpstr (collect (), ==, "LA");
  g_assert_cmpint (last_time, ==, START + 40 * MS);
  now += 30 * MS;
  unpacked.per_tick = 2;
  rtp_receiver_set_config (&receiver, &other);
  push_count (3, 480, 960);
  g_assert_cmpstr (collect (), ==, "A");
  g_assert_cmpint (ABS (last_time - (START + 60 * MS)), <, MS);
}

static guint
get_fast_clock (const RtpPacket *packet, gpointer user)
{
  return packet->payload_type ? 8000 : 48000;
}

/* RTP timestamps that run three times as fast as the line, and wrap. */
static void
test_step (void)
{
  Unpacked unpacked = { .per_tick = 2 };
  const RtpReceiverConfig config = { 0, 101, 40 * MS, 16000, 2, unpack_count,
    &unpacked, NULL, get_fast_clock };
  guint32 timestamp = 0xfffff000;
  RtpFrame frame;
  rtp_receiver_clear (&receiver);
  now = START;
  rtp_receiver_init (&receiver, &config, now);
  for (guint k = 0; k < 500; k++, timestamp += 960, now += 20 * MS) {
    if (k % 50 == 7)
      continue;
    push_count ((guint16) k, timestamp, 320);
    while (rtp_receiver_pop (&receiver, now, &frame))
      g_assert_cmpint (ABS (frame.time % (20 * MS)), <, MS);
  }
  g_assert_cmpuint (receiver.buffer.counters.lost, ==, 10);
  g_assert_cmpint (receiver.line, ==, 320 * 500);
  g_assert_cmpint (receiver.jitter, <, 2 * MS);
}

/* Packets of another clock in the middle, and back (RFC 7160). */
static void
test_clock_changes (void)
{
  Unpacked unpacked = { .per_tick = 2 };
  const RtpReceiverConfig config = { 0, 101, 40 * MS, 16000, 2, unpack_count,
    &unpacked, NULL, get_fast_clock };
  guint32 timestamp = 777;
  RtpFrame frame;
  guint n = 0;
  rtp_receiver_clear (&receiver);
  now = START;
  rtp_receiver_init (&receiver, &config, now);
  for (guint k = 0; k < 300; k++, now += 20 * MS) {
    const gboolean slow = k / 100 == 1;
    guint8 payload[2];
    rtp_write_uint16 (payload, 320);
    const RtpPacket packet = { .payload_type = slow ? 8 : 0,
      .sequence = (guint16) k,
      .timestamp = timestamp,
      .ssrc = 1,
      .payload = payload,
      .payload_size = 2 };
    rtp_receiver_push (&receiver, &packet, now);
    timestamp += slow ? 160 : 960;
    while (rtp_receiver_pop (&receiver, now, &frame)) {
      g_assert_cmpint (frame.kind, ==, RTP_FRAME_AUDIO);
      n++;
    }
  }
  g_assert_cmpuint (n, ==, 300);
  g_assert_cmpint (receiver.line, ==, 320 * 300);
  g_assert_cmpint (receiver.jitter, <, MS);
}

static guint mended_ticks, n_unknown;

static const guint8 *
mend_count (const RtpPacket *behind, guint n_ticks, gpointer user)
{
  static const guint8 made[1920];
  if (behind)
    g_assert_cmpuint (behind->sequence, ==, 3);
  else
    n_unknown++;
  mended_ticks += n_ticks;
  return made;
}

/* One packet is missing, and the one behind it is there: it tells of it. Where two are
 * missing it does so of the second one. */
static void
test_mended (void)
{
  for (guint n = 1; n <= 2; n++) {
    const RtpReceiverConfig config = { .event_payload_type = 101,
      .latency = 40 * MS,
      .mend = mend_count };
    begin (40);
    rtp_receiver_set_config (&receiver, &config);
    g_assert_cmpstr (push ((guint16) (2 - n), 160 * (2 - n), 160), ==, "A!");
    now += 20 * MS * n;
    g_assert_cmpstr (push (3, 480, 160), ==, "");
    mended_ticks = n_unknown = 0;
    now += 40 * MS;
    g_assert_cmpstr (collect (), ==, n == 1 ? "MA" : "MMA");
    g_assert_cmpuint (mended_ticks, ==, 160 * n);
    g_assert_cmpuint (n_unknown, ==, n - 1);
    g_assert_cmpuint (receiver.buffer.counters.lost, ==, n);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  out = g_string_new (NULL);
  g_test_add_func ("/rtpreceiver/wait", test_wait);
  g_test_add_func ("/rtpreceiver/stall", test_stall);
  g_test_add_func ("/rtpreceiver/blocks", test_blocks);
  g_test_add_func ("/rtpreceiver/lost-block", test_lost_block);
  g_test_add_func ("/rtpreceiver/talkspurt", test_talkspurt);
  g_test_add_func ("/rtpreceiver/event", test_event);
  g_test_add_func ("/rtpreceiver/skew", test_skew);
  g_test_add_func ("/rtpreceiver/clocks", test_clocks);
  g_test_add_func ("/rtpreceiver/another-codec", test_another_codec);
  g_test_add_func ("/rtpreceiver/step", test_step);
  g_test_add_func ("/rtpreceiver/clock-changes", test_clock_changes);
  g_test_add_func ("/rtpreceiver/mended", test_mended);
  gint result = g_test_run ();
  rtp_receiver_clear (&receiver);
  g_string_free (out, TRUE);
  return result;
}
