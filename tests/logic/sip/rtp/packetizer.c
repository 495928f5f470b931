/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/packetizer.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define FIRST 0xffffff00u

static Packetizer sender;

static void
push (gint64 pts, guint n, gboolean gap, gboolean live, gint64 now)
{
  packetizer_begin (&sender, pts, live, now);
  n -= packetizer_skip (&sender, n);
  while (n) {
    guint n_free;
    guint8 *space = packetizer_get_space (&sender, &n_free);
    g_assert_nonnull (space);
    n_free = MIN (n, n_free);
    memset (space, 7, n_free * sender.format.width);
    packetizer_commit (&sender, n_free, gap);
    n -= n_free;
  }
}

/* The timestamp after FIRST of the packet that leaves, -1 = none; + marker. */
static gint64
pop (gint64 now, gboolean *marker)
{
  guint32 timestamp;
  const guint8 *payload = packetizer_pop (&sender, now, &timestamp, marker);
  return payload ? (gint64) (guint32) (timestamp - FIRST) : -1;
}

static void
begin_as (const PacketizerFormat *format)
{
  packetizer_clear (&sender);
  packetizer_init (&sender, FIRST);
  packetizer_set_format (&sender, format);
}

static void
begin_with (guint frame)
{
  begin_as (&(PacketizerFormat){ 8000, 8000, 1, 0xff, frame });
}

static void
begin (void)
{
  begin_with (160);
}

static void
test_blocks (void)
{
  gboolean marker;
  gint64 n = 0;
  begin ();
  /* 7 ms and 23 ms in turn. */
  for (gint64 t = 0; t < 3000; t += 30) {
    push (t * MS, 56, FALSE, TRUE, t * MS);
    push ((t + 7) * MS, 184, FALSE, TRUE, (t + 7) * MS);
    gint64 timestamp;
    while ((timestamp = pop ((t + 7) * MS, &marker)) >= 0) {
      g_assert_cmpint (timestamp, ==, n * 160);
      g_assert_true (marker == (n == 0));
      n++;
    }
  }
  g_assert_cmpint (n, ==, 150);
}

/* A peer that wants less than 20 ms: the same audio at the same times, in smaller
 * packets, round the ring many times. */
static void
test_frames (void)
{
  static const guint frames[] = { 40, 80, 120, 152 };
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    gboolean marker;
    gint64 n = 0, timestamp;
    begin_with (frames[i]);
    for (gint64 t = 0; t < 3000; t += 20) {
      push (t * MS, 160, FALSE, TRUE, t * MS);
      while ((timestamp = pop (t * MS, &marker)) >= 0)
        g_assert_cmpint (timestamp, ==, n++ * frames[i]);
    }
    g_assert_cmpint (n, ==, 24000 / frames[i]);
  }
}

static void
test_frames_wait (void)
{
  static const guint frames[] = { 40, 80, 120, 160 };
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    guint n_free, n = 0;
    begin_with (frames[i]);
    packetizer_begin (&sender, -1, FALSE, 0);
    for (guint8 *space; (space = packetizer_get_space (&sender, &n_free));) {
      g_assert_cmpuint (n_free, ==, frames[i]);
      memset (space, (gint) ++n, n_free);
      packetizer_commit (&sender, n_free, FALSE);
    }
    g_assert_cmpuint (n * frames[i], >, 1600 - frames[i]);
    g_assert_cmpuint (n * frames[i], <=, 1600);
    for (guint k = 1; k <= n; k++) {
      guint32 timestamp;
      gboolean marker;
      const guint8 *payload =
          packetizer_pop (&sender, 1000 * MS, &timestamp, &marker);
      g_assert_cmpuint (payload[0], ==, k);
      g_assert_cmpuint (payload[frames[i] - 1], ==, k);
    }
    g_assert_true (packetizer_is_empty (&sender));
  }
}

static void
test_pace (void)
{
  gboolean marker;
  begin ();
  push (-1, 1600, FALSE, FALSE, 0);
  g_assert_true (packetizer_is_full (&sender));
  /* At once: now and 40 ms ahead. */
  g_assert_cmpint (pop (0, &marker), ==, 0);
  g_assert_cmpint (pop (0, &marker), ==, 160);
  g_assert_cmpint (pop (0, &marker), ==, 320);
  g_assert_cmpint (pop (0, &marker), ==, -1);
  g_assert_cmpint (packetizer_get_due (&sender), ==, 20 * MS);
  g_assert_cmpint (pop (20 * MS, &marker), ==, 480);
  g_assert_cmpint (pop (20 * MS, &marker), ==, -1);
}

static void
test_gap_and_jump (void)
{
  gboolean marker;
  begin ();
  push (0, 160, FALSE, TRUE, 0);
  g_assert_cmpint (pop (0, &marker), ==, 0);
  g_assert_true (marker);
  push (20 * MS, 160, TRUE, TRUE, 20 * MS);
  g_assert_cmpint (pop (20 * MS, &marker), ==, 160);
  g_assert_false (marker);
  push (40 * MS, 160, FALSE, TRUE, 40 * MS);
  g_assert_cmpint (pop (40 * MS, &marker), ==, 320);
  g_assert_true (marker);
  /* 30 ms off is not worth a jump, 400 ms is. */
  push (90 * MS, 160, FALSE, TRUE, 90 * MS);
  g_assert_cmpint (pop (90 * MS, &marker), ==, 480);
  g_assert_false (marker);
  push (500 * MS, 160, FALSE, TRUE, 500 * MS);
  g_assert_cmpint (pop (500 * MS, &marker), ==, 4000);
  g_assert_true (marker);
  /* Backward: it simply goes on. */
  push (0, 160, FALSE, TRUE, 520 * MS);
  g_assert_cmpint (pop (520 * MS, &marker), ==, 4160);
  g_assert_false (marker);
}

/* A file that paused: the timestamps count the pause. */
static void
test_stall (void)
{
  gboolean marker;
  begin ();
  push (0, 160, FALSE, FALSE, 0);
  g_assert_cmpint (pop (0, &marker), ==, 0);
  push (20 * MS, 160, FALSE, FALSE, 1000 * MS);
  g_assert_cmpint (pop (1000 * MS, &marker), ==, 8000);
  g_assert_true (marker);
}

/* The network stood still, then a second and a half came at once: what found
 * room is sent, and what follows is not held back by the time stamps. */
static void
test_burst (void)
{
  gboolean marker;
  gint64 n = 0;
  begin ();
  for (gint64 pts = 0; pts < 1500; pts += 20)
    if (!packetizer_is_full (&sender)) /* else it is dropped */
      push (pts * MS, 160, FALSE, TRUE, 0);
  for (gint64 t = 20; t <= 1000; t += 20) {
    if (!packetizer_is_full (&sender))
      push ((1500 + t) * MS, 160, FALSE, TRUE, t * MS);
    while (pop (t * MS, &marker) >= 0)
      n++;
  }
  g_assert_cmpint (n, >=, 45);
}

/* The same, where what is oldest goes: audio is heard again at once. */
static void
test_overrun (void)
{
  gboolean marker;
  gint64 n = 0;
  begin ();
  for (gint64 t = 0; t <= 1000; t += 20) {
    /* A burst that is stamped as ten seconds later. */
    for (guint i = 0; i < (t == 200 ? 20 : 1); i++) {
      while (packetizer_is_full (&sender))
        packetizer_overrun (&sender, t * MS);
      push ((t + 20 * i +
                (t > 200           ? 10380
                        : t == 200 ? 10000
                                   : 0)) *
              MS,
          160, FALSE, TRUE, t * MS);
    }
    while (pop (t * MS, &marker) >= 0)
      n += t > 240;
  }
  g_assert_cmpint (n, >=, 36);
}

/* A live source that was late at first does not pay for it all the time. */
static void
test_squeeze (void)
{
  gboolean marker;
  begin ();
  for (gint64 t = 0; t < 5000; t += 20) {
    gint64 now = MAX (t, 150) * MS;
    guint n = 0;
    push (t * MS, 160, FALSE, TRUE, now);
    while (pop (now, &marker) >= 0)
      n++;
    if (t < 1000 && t > 200)
      g_assert_cmpuint (sender.n_frames, >=, 4);
    if (t > 3000)
      g_assert_cmpuint (n, ==, 1);
  }
  g_assert_true (packetizer_is_empty (&sender));
}

/* A live source stood still for 700 ms: what is over 500 ms late is left out, the
 * rest leaves at once with the time that it has. */
static void
test_late_burst (void)
{
  gboolean marker;
  guint n = 0;
  begin ();
  for (gint64 t = 0; t < 2000; t += 20) {
    gint64 now = t >= 1000 && t < 1700 ? 1700 : t;
    push (t * MS, 160, FALSE, TRUE, now * MS);
    for (gint64 timestamp; (timestamp = pop (now * MS, &marker)) >= 0; n++)
      g_assert_cmpint (timestamp, ==, t * 8);
  }
  g_assert_cmpuint (n, ==, 100 - 10);
}

/* From one moment on all comes 700 ms later: after one block it is heard again. */
static void
test_longer_way (void)
{
  gboolean marker;
  guint n = 0;
  begin ();
  for (gint64 t = 0; t < 2000; t += 20) {
    gint64 now = t < 1000 ? t : t + 700;
    push (t * MS, 160, FALSE, TRUE, now * MS);
    while (pop (now * MS, &marker) >= 0)
      n++;
  }
  g_assert_cmpuint (n, ==, 99);
}

/* Time stamps that come twice, by a source that ran too fast: the time stamps of
 * packets do not run ahead of the clock, and what is too much is left out. */
static void
test_twice (void)
{
  gboolean marker;
  guint n = 0;
  begin ();
  for (gint64 t = 0; t < 5000; t += 20) {
    push (t * MS, 160, FALSE, TRUE, t * MS);
    if (t % 100 == 0)
      push (t * MS, 160, FALSE, TRUE, t * MS);
    for (gint64 timestamp; (timestamp = pop (t * MS, &marker)) >= 0; n++)
      g_assert_cmpint (timestamp, <=, (t + 40) * 8);
  }
  g_assert_cmpuint (n, <=, 250 + 3);
}

/* Codecs of other rates and clocks: the timestamps count the clock, blocks of any size
 * are joined sample by sample, and silence fills the last one. */
static void
test_clocks (void)
{
  static const PacketizerFormat formats[] = { { 16000, 8000, 2, 0, 320 },
    { 16000, 16000, 2, 0, 320 }, { 48000, 48000, 2, 0, 960 },
    { 16000, 8000, 2, 0, 80 } };
  static const guint blocks[] = { 1, 161, 319, 7, 441, 320 };
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    const PacketizerFormat *format = &formats[i];
    const guint per_tick = format->rate / format->clock;
    guint n = 0, sent = 0;
    gboolean marker;
    begin_as (format);
    for (guint k = 0; k < 600; k++) {
      const gint64 now = n * (1000 * MS) / format->rate;
      gint64 timestamp;
      push (now, blocks[k % 6], FALSE, TRUE, now);
      n += blocks[k % 6];
      while ((timestamp = pop (now, &marker)) >= 0) {
        g_assert_cmpint (timestamp * per_tick, ==, sent);
        sent += format->frame;
      }
    }
    g_assert_cmpuint (n - sent, <, format->frame);
    guint32 timestamp;
    packetizer_flush (&sender);
    const guint8 *audio =
        packetizer_pop (&sender, 100000 * MS, &timestamp, &marker);
    g_assert_cmpuint (audio[0], ==, 7);
    g_assert_cmpuint (audio[2 * format->frame - 1], ==, 0);
  }
}

/* A call that changes its codec: timestamps go on. */
static void
test_another_codec (void)
{
  const PacketizerFormat wide = { 16000, 8000, 2, 0, 320 };
  gboolean marker;
  begin ();
  push (0, 160, FALSE, TRUE, 0);
  g_assert_cmpint (pop (0, &marker), ==, 0);
  packetizer_set_format (&sender, &wide);
  push (20 * MS, 320, FALSE, TRUE, 20 * MS);
  g_assert_cmpint (pop (20 * MS, &marker), ==, 160);
  g_assert_false (marker);
  push (1020 * MS, 320, FALSE, TRUE, 1020 * MS);
  g_assert_cmpint (pop (1020 * MS, &marker), ==, 8160);
  g_assert_true (marker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/packetizer/blocks", test_blocks);
  g_test_add_func ("/packetizer/frames", test_frames);
  g_test_add_func ("/packetizer/frames-wait", test_frames_wait);
  g_test_add_func ("/packetizer/pace", test_pace);
  g_test_add_func ("/packetizer/gap-and-jump", test_gap_and_jump);
  g_test_add_func ("/packetizer/stall", test_stall);
  g_test_add_func ("/packetizer/burst", test_burst);
  g_test_add_func ("/packetizer/overrun", test_overrun);
  g_test_add_func ("/packetizer/squeeze", test_squeeze);
  g_test_add_func ("/packetizer/late-burst", test_late_burst);
  g_test_add_func ("/packetizer/longer-way", test_longer_way);
  g_test_add_func ("/packetizer/twice", test_twice);
  g_test_add_func ("/packetizer/clocks", test_clocks);
  g_test_add_func ("/packetizer/another-codec", test_another_codec);
  return g_test_run ();
}
