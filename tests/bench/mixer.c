/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What voicemixer costs by itself: a room in which all speak, in virtual time, so
 * that only the work counts. Beside it, in the same run, mixing as it is done without
 * a thought: for each listener the sum of all others.
 *
 *   mixer [PARTICIPANTS RATE]      only that room */

#include "voicemixer/logic/mixkernel.h"
#include "voicemixer/mixlog.h"
#include "voicemixer/mixroom.h"

#include <gst/check/gsttestclock.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECONDS 20

typedef struct
{
  GstPad *sink, *minus, *hears;
  MixParticipant *participant;
} Member;

static guint frames;

static GstFlowReturn
drop (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  frames++;
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
drop_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

static gdouble
cpu_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void
join (MixRoom *room, Member *member, guint number, guint rate)
{
  member->sink = gst_pad_new (NULL, GST_PAD_SINK);
  member->minus = gst_pad_new (NULL, GST_PAD_SRC);
  member->hears = gst_pad_new (NULL, GST_PAD_SINK);
  gst_pad_set_chain_function (member->hears, drop);
  gst_pad_set_event_function (member->hears, drop_event);
  gst_pad_set_active (member->hears, TRUE);
  gst_pad_set_active (member->minus, TRUE);
  gst_pad_link (member->minus, member->hears);
  member->participant =
      mix_room_join (room, number, member->sink, member->minus);
  mix_room_set_rate (room, member->participant, rate);
}

static void
leave (MixRoom *room, Member *member)
{
  mix_room_leave (room, member->participant);
  gst_pad_set_active (member->minus, FALSE);
  gst_pad_set_active (member->hears, FALSE);
  gst_pad_unlink (member->minus, member->hears);
  gst_object_unref (member->sink);
  gst_object_unref (member->minus);
  gst_object_unref (member->hears);
}

/* CPU time of a second of the room, ms. */
static gdouble
measure (guint n, guint rate)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  g_autoptr (GstClock) clock = gst_test_clock_new ();
  GstPad *full = gst_pad_new ("src", GST_PAD_SRC);
  MediaLoop *loop = media_loop_new_manual (0);
  MixRoom *room = mix_room_new (pipeline, full);
  g_autofree Member *members = g_new0 (Member, n);
  gint16 samples[960];

  for (guint i = 0; i < rate / 50; i++)
    samples[i] = (gint16) g_random_int_range (-3000, 3000);
  gst_element_set_clock (pipeline, clock);
  gst_element_set_base_time (pipeline, 0);
  mix_room_start (room, media_loop_ref (loop));
  mix_room_set_playing (room, TRUE);
  for (guint i = 0; i < n; i++)
    join (room, &members[i], i, rate);
  frames = 0;
  gdouble before = cpu_ms ();
  for (gint64 now = 0; now < SECONDS * 1000 * MS; now += 20 * MS) {
    for (guint i = 0; i < n; i++)
      mix_room_write (room, members[i].participant, samples, rate / 50, FALSE);
    gst_test_clock_set_time (GST_TEST_CLOCK (clock), now + 20 * MS);
    media_loop_step (loop, now + 20 * MS);
  }
  gdouble took = (cpu_ms () - before) / SECONDS;
  if (frames < n * (SECONDS * 50 - 2))
    g_error ("only %u frames of %u came out", frames, n * SECONDS * 50);
  mix_room_stop (room);
  media_loop_step (loop, SECONDS * 1000 * MS);
  for (guint i = 0; i < n; i++)
    leave (room, &members[i]);
  mix_room_unref (room);
  media_loop_unref (loop);
  gst_object_unref (full);
  gst_object_unref (pipeline);
  return took;
}

static gdouble
measure_naive (guint n, guint rate)
{
  const guint size = rate / 50;
  g_autofree gint32 *said = g_new0 (gint32, n * size);
  gint32 sum[960];
  gint16 out[960];
  guint checksum = 0;
  gdouble before = cpu_ms ();

  for (guint tick = 0; tick < SECONDS * 50; tick++) {
    said[tick % (n * size)] = (gint32) tick;
    for (guint i = 0; i < n; i++) {
      memset (sum, 0, size * sizeof (gint32));
      for (guint k = 0; k < n; k++)
        if (k != i)
          mix_add (sum, said + k * size, size);
      mix_limit (sum, out, size);
      checksum += (guint) out[tick % size];
    }
  }
  gdouble took = (cpu_ms () - before) / SECONDS;
  return checksum == 1 ? took + 1e-9 : took;
}

static void
print_room (guint n, guint rate)
{
  gdouble ours = measure (n, rate);
  gdouble naive = measure_naive (n, rate);

  g_print ("%12u %8u %14.2f %16.0f %14.2f %7.2f\n", n, rate, ours / 10,
      ours * 1000 / n, naive / 10, ours / naive);
}

int
main (int argc, char **argv)
{
  const guint sizes[] = { 3, 10, 30, 100 };
  const guint rates[] = { 8000, 16000, 48000 };

  gst_init (&argc, &argv);
  mix_log_init ();
  g_print ("%12s %8s %14s %16s %14s %7s\n", "participants", "rate",
      "% of a core", "us/participant,s", "naive sums, %", "times");
  if (argc == 3) {
    print_room ((guint) atoi (argv[1]), (guint) atoi (argv[2]));
    return 0;
  }
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      print_room (sizes[i], rates[r]);
  g_print (
      "The sums alone, beside all that a room does: reading, resampling where "
      "it must, levels, buffers, pads.\n");
  return 0;
}
