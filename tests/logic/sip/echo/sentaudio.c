/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What was sent of late, by its time. */

#include "sip/logic/echo/sentaudio.h"

#define MS G_GINT64_CONSTANT (1000000)
#define DAY (G_GINT64_CONSTANT (86400000) * MS)
#define FRAME 160

static SentAudio sent;

static void
put (gint16 value, gint64 time)
{
  gint16 samples[FRAME];

  for (guint i = 0; i < FRAME; i++)
    samples[i] = value;
  sent_audio_put (&sent, samples, FRAME, time);
}

/* The first and the last sample of the 20 ms from @time on. */
static void
assert_has (gint64 time, gint16 first, gint16 last)
{
  gint16 samples[FRAME];

  sent_audio_get (&sent, time, samples, FRAME);
  g_assert_cmpint (samples[0], ==, first);
  g_assert_cmpint (samples[FRAME - 1], ==, last);
}

static void
test_times (void)
{
  const gint64 start = 400 * DAY; /* a machine that is up for long */

  sent_audio_init (&sent, 8000);
  assert_has (0, 0, 0);
  for (gint16 i = 0; i < 200; i++)
    put (i + 1, start + i * 20 * MS);
  assert_has (start + 199 * 20 * MS, 200, 200);
  assert_has (start + 190 * 20 * MS - 10 * MS, 190, 191);
  assert_has (start + 199 * 20 * MS + 10 * MS, 200, 0); /* not yet */
  assert_has (start + 125 * 20 * MS, 126, 126); /* 1.5 s ago */
  assert_has (start, 0, 0); /* too long ago */
  sent_audio_clear (&sent);
}

static void
test_gaps (void)
{
  sent_audio_init (&sent, 8000);
  put (1, 0);
  put (2, 60 * MS);
  assert_has (0, 1, 1);
  assert_has (20 * MS, 0, 0);
  assert_has (50 * MS, 0, 2);
  /* A gap that is longer than the ring leaves nothing of what was there. */
  put (3, 10000 * MS);
  assert_has (9980 * MS, 0, 0);
  assert_has (9990 * MS, 0, 3);
  for (gint64 time = 9000; time < 10000; time += 20)
    assert_has (time * MS, 0, 0);
  sent_audio_clear (&sent);
}

/* Times that go back: what comes last counts. */
static void
test_back (void)
{
  sent_audio_init (&sent, 16000);
  for (gint16 i = 0; i < 10; i++)
    put (i + 1, i * 10 * MS);
  put (77, 40 * MS);
  assert_has (30 * MS, 4, 4);
  assert_has (40 * MS, 77, 77);
  assert_has (50 * MS, 0, 0);
  sent_audio_clear (&sent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sentaudio/times", test_times);
  g_test_add_func ("/sentaudio/gaps", test_gaps);
  g_test_add_func ("/sentaudio/back", test_back);
  return g_test_run ();
}
