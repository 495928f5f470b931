/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Media calls in virtual time. Each line runs twice and must be the same to the
 * last sample. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

/* ---- A minute of each kind of line */

typedef struct
{
  const gchar *name;
  Impairment impairment;
  guint block; /* ms */
  gdouble ppm;
  gboolean exact; /* every lost packet is a concealed frame */
} Line;

static const Line lines[] = {
  { "clean", { 0 }, 20, 0, TRUE },
  { "loss-1", { 1, .loss = 10 }, 20, 0, TRUE },
  { "loss-5", { 2, .loss = 50 }, 20, 0, TRUE },
  { "loss-10", { 3, .loss = 100 }, 20, 0, TRUE },
  { "bursts", { 4, .loss = 20, .burst = 2 }, 20, 0, TRUE },
  { "jitter-30", { 5, .jitter = 30 }, 20, 0, FALSE },
  { "jitter-50-loss-5", { 6, .loss = 50, .jitter = 50 }, 20, 0, FALSE },
  { "reorder", { 7, .reorder = 50 }, 20, 0, TRUE },
  { "duplicates", { 8, .duplicate = 50 }, 20, 0, TRUE },
  { "everything",
      { 9, .loss = 30, .duplicate = 20, .reorder = 20, .jitter = 15 }, 20, 0,
      FALSE },
  { "drift+200", { 0 }, 20, 200, TRUE },
  { "drift-200", { 0 }, 20, -200, TRUE },
  { "drift+1000", { 10, .loss = 10 }, 20, 1000, TRUE },
  { "drift-1000", { 11, .loss = 10 }, 20, -1000, TRUE },
  { "blocks-10", { 0 }, 10, 0, TRUE },
  { "blocks-30", { 0 }, 30, 0, TRUE },
  { "blocks-40", { 0 }, 40, 0, TRUE },
  { "blocks-60", { 0 }, 60, 0, TRUE },
  { "blocks-10-loss-5", { 12, .loss = 50 }, 10, 0, FALSE },
  { "blocks-30-loss-5", { 13, .loss = 50 }, 30, 0, FALSE },
  { "blocks-60-loss-5", { 14, .loss = 50 }, 60, 0, FALSE },
};

static gchar *
run_line (const Line *line)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (START);
  End *end = end_new (loop, "192.0.2.1", 4000, 0);
  Tone tone = { 0 };
  guint n_packets = 60000 / line->block;
  end_set_media (end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (loop, 0);
  tone_start (&tone, end, "192.0.2.2", 5000, line->block * 8, line->ppm,
      n_packets);
  tone.port->impairment = line->impairment;

  gint64 length = (gint64) (60.0 * SECOND * (1 + line->ppm / 1e6));
  run_to (loop, length + 20 * MS);
  guint n_frames = end->n_frames;
  guint64 received = end_get_stat (end, "packets-received");
  guint64 lost = end_get_stat (end, "packets-lost");
  guint64 late = end_get_stat (end, "packets-late");
  g_test_message ("%s: %u frames, %u concealed, %u silent, %u breaks, %u "
                  "disconts, step %.3f ms, delay %.1f, worst %.1f ms; received "
                  "%" G_GUINT64_FORMAT " lost %" G_GUINT64_FORMAT
                  " late %" G_GUINT64_FORMAT ", sent %u dropped %u",
      line->name, n_frames, end->n_concealed, end->n_silent, end->n_breaks,
      end->n_disconts, end->worst_step / 1e6, end->last_delay / 1e6,
      end->worst_delay / 1e6, received, lost, late, tone.port->n_sent,
      tone.port->n_dropped);

  g_assert_cmpuint (tone.port->n_sent, ==, n_packets);
  g_assert_cmpuint (end_get_stat (end, "packets-duplicated"), ==,
      tone.port->n_duplicated);
  g_assert_cmpuint (end->n_breaks, ==, 0);
  g_assert_cmpuint (end->n_disconts, ==, 1);
  g_assert_cmpint (end->worst_step, <, MS);
  /* Silence before the first packet is of the line, too. */
  guint frames = n_packets * line->block / 20 + end->n_lead;
  /* What is in flight or waited for at the end is not counted. */
  g_assert_cmpint (ABS ((gint) n_frames - (gint) frames), <=,
      line->exact && line->block == 20 ? 1 : 4);
  g_assert_cmpuint (received + lost + late, >=, n_packets - 4);
  g_assert_cmpuint (received + lost + late, <=, n_packets);
  if (line->exact) {
    g_assert_cmpuint (late, ==, 0);
    g_assert_cmpuint (end->n_concealed + end->n_silent - end->n_lead, ==,
        lost * line->block / 20);
    g_assert_cmpuint (tone.port->n_dropped - lost, <=, 4);
  }
  tone_clear (&tone);
  return end_free (end);
}

static void
test_line (gconstpointer data)
{
  g_autofree gchar *first = run_line (data);
  g_autofree gchar *second = run_line (data);
  g_assert_cmpstr (first, ==, second);
}

/* ---- Two of ours */

typedef struct
{
  MediaLoop *loop;
  End *a, *b;
} Pair;

static void
pair_begin (Pair *self, guint loss)
{
  self->loop = media_loop_new_manual (START);
  g_random_set_seed (4711);
  self->a = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->b = end_new (self->loop, "192.0.2.2", 5000, 0);
  self->a->rtp->peer = self->b->rtp;
  self->b->rtp->peer = self->a->rtp;
  self->a->rtcp->peer = self->b->rtcp;
  self->b->rtcp->peer = self->a->rtcp;
  self->a->rtp->impairment = (Impairment){ 21, .loss = loss };
  self->b->rtp->impairment = (Impairment){ 22, .loss = loss };
  end_set_media (self->a, "192.0.2.2", 5000, TRUE, TRUE);
  end_set_media (self->b, "192.0.2.1", 4000, TRUE, TRUE);
  run_to (self->loop, 0);
}

/* 20 ms of audio each way until @to. */
static void
pair_talk (Pair *self, gint64 from, gint64 to)
{
  static const gint16 samples[FRAME] = { 1000, -1000, 3000 };
  for (gint64 t = from; t < to; t += 20 * MS) {
    rtp_stream_send (self->a->stream, &rtp_call_s16, samples, sizeof samples,
        (GstClockTime) t, FALSE, TRUE);
    rtp_stream_send (self->b->stream, &rtp_call_s16, samples, sizeof samples,
        GST_CLOCK_TIME_NONE, FALSE, TRUE);
    run_to (self->loop, t + 20 * MS);
  }
}

static void
pair_end (Pair *self)
{
  self->b->rtp->peer = self->b->rtcp->peer = NULL;
  g_free (end_free (self->a));
  run_to (self->loop, media_loop_now (self->loop) - START + SECOND);
  g_assert_cmpuint (self->b->n_byes, ==, 1);
  g_assert_cmpstr (self->b->bye, ==, "over");
  g_free (end_free (self->b));
  media_loop_unref (self->loop);
}

static void
test_dtmf (void)
{
  Pair pair;
  pair_begin (&pair, 200);
  pair_talk (&pair, 0, SECOND);
  g_assert_false (rtp_stream_send_dtmf (pair.a->stream, "12x", 0));
  g_assert_true (rtp_stream_send_dtmf (pair.a->stream, "0123456789", 100));
  g_assert_true (rtp_stream_send_dtmf (pair.a->stream, ",*#ABCD", 0));
  pair_talk (&pair, SECOND, 8 * SECOND);
  g_assert_cmpstr (pair.b->digits->str, ==,
      "00.11.22.33.44.55.66.77.88.99.**.##.AA.BB.CC.DD.");
  g_assert_cmpuint (pair.a->n_dtmf_sent, ==, 1);
  g_assert_cmpuint (end_get_stat (pair.a, "dtmf-sent"), ==, 16);
  g_assert_cmpuint (end_get_stat (pair.b, "dtmf-received"), ==, 16);
  g_assert_cmpuint (pair.b->n_disconts, ==, 1);
  g_assert_cmpint (ABS ((gint) pair.b->n_frames - 400), <=, 5);
  pair_end (&pair);
}

static void
test_reports (void)
{
  Pair pair;
  pair_begin (&pair, 50);
  pair_talk (&pair, 0, 30 * SECOND);
  g_assert_cmpuint (end_get_stat (pair.a, "round-trip"), >=, 39 * MS);
  g_assert_cmpuint (end_get_stat (pair.a, "round-trip"), <=, 42 * MS);
  g_assert_cmpint (pair.a->path, ==, end_get_stat (pair.a, "round-trip") / 2);
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  gdouble fraction;
  gint64 lost;
  rtp_stream_get_stats (pair.a->stream, stats);
  g_assert_true (
      gst_structure_get (stats, "remote-fraction-lost", G_TYPE_DOUBLE,
          &fraction, "remote-packets-lost", G_TYPE_INT64, &lost, NULL));
  g_assert_cmpfloat_with_epsilon (fraction, 0.05, 0.04);
  g_assert_cmpint (lost, >, 20);
  g_assert_cmpint (lost, <=, pair.a->rtp->n_dropped);
  pair_end (&pair);
}

static gdouble
get_mos (End *end)
{
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  gdouble mos = -1;

  rtp_stream_get_stats (end->stream, stats);
  g_assert_true (gst_structure_get_double (stats, "mos", &mos));
  return mos;
}

/* Of a clean way G.107 has 4.41; of one that loses 5 % by chance, with G.711 and
 * concealment, R is 93.2 - 95 * 5 / (5 + 25.1). Before a second nobody knows. */
static void
test_mos (void)
{
  Pair pair;
  pair_begin (&pair, 50);
  pair.b->rtp->impairment = (Impairment){ 0 };
  g_assert_cmpfloat (get_mos (pair.a), ==, 0);
  pair_talk (&pair, 0, 900 * MS);
  g_assert_cmpfloat (get_mos (pair.a), ==, 0);
  pair_talk (&pair, 900 * MS, 120 * SECOND);
  g_assert_cmpfloat_with_epsilon (get_mos (pair.a), 4.41, 0.005);
  g_assert_cmpfloat_with_epsilon (get_mos (pair.b), 3.91, 0.15);
  pair_end (&pair);
}

/* Hold: nothing is sent, time goes on; afterwards the peer hears on without a
 * jump and nothing counts as lost. */
static void
test_hold (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  pair_talk (&pair, 0, 3 * SECOND);
  end_set_media (pair.a, "192.0.2.2", 5000, FALSE, TRUE);
  guint before = pair.a->rtp->n_sent;
  pair_talk (&pair, 3 * SECOND, 8 * SECOND);
  g_assert_cmpuint (pair.a->rtp->n_sent - before, <=, 2);
  end_set_media (pair.a, "192.0.2.2", 5000, TRUE, TRUE);
  pair_talk (&pair, 8 * SECOND, 12 * SECOND);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-late"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-received"), >=, 598);
  g_assert_cmpint (ABS ((gint) pair.b->n_frames - 599), <=, 2);
  g_assert_cmpuint (pair.b->n_disconts, ==, 1);
  pair_end (&pair);
}

/* What comes in leaves in the same moment. */
static void
test_echo (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  pair.b->echo = TRUE;
  for (guint i = 0; i < 500; i++) {
    guint8 law[FRAME];
    memset (law, i & 0x7f, sizeof law);
    rtp_stream_send (pair.a->stream, &rtp_call_mulaw, law, sizeof law,
        i * 20 * MS, FALSE, TRUE);
    run_to (pair.loop, (i + 1) * 20 * MS);
  }
  /* 20 ms there, 20 ms back, and on time. */
  g_assert_cmpint (pair.a->n_frames, >=, 497);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-received"), >=, 495);
  g_assert_cmpint (pair.a->worst_delay, <, 100 * MS);
  pair_end (&pair);
}

/* A file: as fast as it is taken, with a thread that may be kept waiting. */
static gpointer
play (gpointer data)
{
  End *end = data;
  g_autofree gint16 *samples = g_new0 (gint16, 8000);
  guint n = 0;
  while (n < 10 &&
      rtp_stream_send (end->stream, &rtp_call_s16, samples, 16000, n * SECOND,
          FALSE, FALSE))
    n++;
  return GUINT_TO_POINTER (n);
}

/* The thread has filled up what the last step made room for. */
static gboolean
is_full (RtpStream *stream)
{
  guint n_free;
  g_mutex_lock (&stream->lock);
  gboolean full = !packetizer_get_space (&stream->packetizer, &n_free);
  g_mutex_unlock (&stream->lock);
  return full;
}

/* For less than the ten seconds that the thread has. */
static guint
play_for (guint seconds, Pair *pair)
{
  GThread *thread = g_thread_new ("play", play, pair->a);
  for (guint i = 0; i < seconds * 50; i++) {
    for (guint wait = 0; wait < 10000 && !is_full (pair->a->stream); wait++)
      g_usleep (200);
    run_to (pair->loop, media_loop_now (pair->loop) - START + 20 * MS);
  }
  rtp_stream_unlock (pair->a->stream, TRUE);
  return GPOINTER_TO_UINT (g_thread_join (thread));
}

static void
test_file (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  g_assert_cmpuint (play_for (4, &pair), <=, 5);
  g_assert_cmpuint (pair.a->rtp->n_sent, >=, 150);
  g_assert_cmpuint (pair.a->rtp->n_sent, <=, 203);
  g_assert_cmpuint (end_get_stat (pair.a, "frames-dropped"), ==, 0);
  rtp_stream_unlock (pair.a->stream, FALSE);
  pair_talk (&pair, 5 * SECOND, 6 * SECOND);
  pair_end (&pair);
}

static void
test_live_burst (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  g_autofree gint16 *samples = g_new0 (gint16, 8000);
  g_assert_true (rtp_stream_send (pair.a->stream, &rtp_call_s16, samples, 16000,
      0, FALSE, TRUE));
  rtp_stream_drain (pair.a->stream);
  g_assert_cmpuint (end_get_stat (pair.a, "frames-dropped"), ==, 40);
  run_to (pair.loop, 10 * MS);
  g_assert_cmpuint (pair.a->n_drained, ==, 0);
  run_to (pair.loop, 2 * SECOND);
  g_assert_cmpuint (pair.a->n_drained, ==, 1);
  g_assert_cmpuint (pair.a->rtp->n_sent, ==, 10);
  pair_end (&pair);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *name = g_strdup_printf ("/rtpstream/%s", lines[i].name);
    g_test_add_data_func (name, &lines[i], test_line);
  }
  g_test_add_func ("/rtpstream/dtmf", test_dtmf);
  g_test_add_func ("/rtpstream/reports", test_reports);
  g_test_add_func ("/rtpstream/mos", test_mos);
  g_test_add_func ("/rtpstream/hold", test_hold);
  g_test_add_func ("/rtpstream/echo", test_echo);
  g_test_add_func ("/rtpstream/file", test_file);
  g_test_add_func ("/rtpstream/live-burst", test_live_burst);
  return g_test_run ();
}
