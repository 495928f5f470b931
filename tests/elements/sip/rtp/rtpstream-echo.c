/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Echo control in calls in virtual time: a far end that plays what it gets into its own
 * microphone. */

#include "mock/rtpcall.h"
#include "../../../syntheticspeech.h"

#include <string.h>

#define SECONDS 30
#define N (SECONDS * 8000)
#define AGENT_LEVEL 9000

static gint16 agent_says[N], caller_says[N];

typedef struct
{
  MediaLoop *loop;
  End *agent, *phone;
  gdouble gain; /* of the echo */
  guint delay; /* samples, in the phone */
  guint at; /* samples of the call so far */
  guint taken; /* of what the agent heard */
} Call;

static void
connect_ends (End *one, End *other, const gchar *host, guint16 port)
{
  one->rtp->peer = other->rtp;
  one->rtcp->peer = other->rtcp;
  one->n_heard_most = 2 * N;
  one->heard = g_new0 (gint16, one->n_heard_most);
  end_set_media (one, host, port, TRUE, TRUE);
}

static void
call_begin (Call *self, const RtpCodec *codec, gboolean controls)
{
  const RtpStreamOptions options = { .latency = 40,
    .cname = "agent",
    .controls_echo = controls };

  *self = (Call){ .loop = media_loop_new_manual (START) };
  self->phone = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->agent = end_new_with (self->loop, "192.0.2.2", 5000, &options);
  self->phone->codec = self->agent->codec = codec;
  connect_ends (self->phone, self->agent, "192.0.2.2", 5000);
  connect_ends (self->agent, self->phone, "192.0.2.1", 4000);
  synthetic_speech (agent_says, N, 8000, 1, AGENT_LEVEL);
  memset (caller_says, 0, sizeof caller_says);
  run_to (self->loop, 0);
}

static void
call_end (Call *self)
{
  self->phone->rtp->peer = self->phone->rtcp->peer = NULL;
  self->agent->rtp->peer = self->agent->rtcp->peer = NULL;
  g_free (end_free (self->phone));
  g_free (end_free (self->agent));
  media_loop_unref (self->loop);
}

static void
say (End *end, const gint16 *samples, gint64 time, gboolean gap)
{
  rtp_stream_send (end->stream, &rtp_call_s16, samples, FRAME * sizeof *samples,
      (GstClockTime) time, gap, TRUE);
}

static void
step (Call *self)
{
  const gint64 now = (gint64) self->at / FRAME * 20 * MS;
  const gint16 *heard = self->phone->heard;
  const guint each = self->phone->codec->rate / 8000;
  gint16 mixed[FRAME];

  run_to (self->loop, now);
  say (self->agent, agent_says + self->at, now, FALSE);
  for (guint i = 0; i < FRAME; i++) {
    const gint then =
        (gint) (self->phone->n_heard / each - FRAME + i) - (gint) self->delay;
    mixed[i] = (gint16) CLAMP (caller_says[self->at + i] +
            (then >= 0 ? self->gain * heard[(guint) then * each] : 0),
        -32768, 32767);
  }
  say (self->phone, mixed, now, FALSE);
  self->at += FRAME;
}

/* dB of full scale, of what the agent heard in @seconds from now on. */
static gdouble
hear (Call *self, guint seconds)
{
  const guint from = self->agent->n_heard;
  gdouble power = 1;

  for (guint i = 0; i < seconds * 50; i++)
    step (self);
  for (guint i = from; i < self->agent->n_heard; i++)
    power += (gdouble) self->agent->heard[i] * self->agent->heard[i];
  return 10 * log10 (power / (self->agent->n_heard - from) / (32768. * 32768.));
}

static gdouble
get_number (Call *self, const gchar *name)
{
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  gdouble value;

  rtp_stream_get_stats (self->agent->stream, stats);
  g_assert_true (gst_structure_get_double (stats, name, &value));
  return value;
}

/* The caller speaks in the fourth second and from the tenth on, the agent always. */
static void
let_caller_speak (void)
{
  synthetic_speech (caller_says + 3 * 8000, 8000, 8000, 77, 7000);
  synthetic_speech (caller_says + 10 * 8000, 10 * 8000, 8000, 78, 7000);
}

/* ---- An echo */

typedef struct
{
  const gchar *name;
  const RtpCodec *codec;
  gdouble gain;
  guint delay;
} Way;

static const Way ways[] = { { "pcmu-near", &rtp_codec_pcmu, 0.3, 0 },
  { "pcma", &rtp_codec_pcma, 0.18, 480 },
  { "pcmu-far", &rtp_codec_pcmu, 0.1, 3000 },
  { "g722", &rtp_codec_g722, 0.18, 480 } };

static void
test_echo (gconstpointer data)
{
  const Way *way = data;
  gdouble levels[2][3];

  for (guint controls = 0; controls < 2; controls++) {
    Call call;
    call_begin (&call, way->codec, controls);
    let_caller_speak ();
    call.gain = way->gain;
    call.delay = way->delay;
    levels[controls][0] = hear (&call, 3);
    hear (&call, 2);
    levels[controls][1] = hear (&call, 5);
    levels[controls][2] = hear (&call, 10);
    call_end (&call);
  }
  /* From the first word on; more, when it has learnt; and the caller is as loud. */
  g_assert_cmpfloat (levels[1][0], <, levels[0][0] - 10);
  g_assert_cmpfloat (levels[1][1], <, levels[0][1] - 25);
  g_assert_cmpfloat (levels[1][2], >, levels[0][2] - 4);
}

static void
test_stats (void)
{
  Call call;

  call_begin (&call, &rtp_codec_pcmu, TRUE);
  hear (&call, 1);
  g_assert_cmpuint (end_get_stat (call.agent, "echo-delay"), ==, 0);
  g_assert_cmpfloat (get_number (&call, "echo-reduction"), ==, 0);
  g_assert_cmpfloat (get_number (&call, "echo-residual"), ==, 0);
  call.gain = 0.2;
  call.delay = 800;
  hear (&call, 6);
  /* 100 ms in the phone, 40 in the network, 20 in a packet. */
  g_assert_cmpuint (end_get_stat (call.agent, "echo-delay"), >=, 140 * MS);
  g_assert_cmpuint (end_get_stat (call.agent, "echo-delay"), <=, 190 * MS);
  g_assert_cmpfloat (get_number (&call, "echo-reduction"), >, 10);
  g_assert_cmpfloat (get_number (&call, "echo-residual"), <, -50);
  /* It is picked up from the table. */
  call.gain = 0;
  hear (&call, 15);
  g_assert_cmpuint (end_get_stat (call.agent, "echo-delay"), ==, 0);
  call_end (&call);
}

/* ---- None: what is heard is what was said, each bit of it */

/* The sum of what the agent heard behind the first second, or, if it is silent from some
 * second on, from two seconds behind that. */
static gchar *
hear_all (gboolean controls, gdouble gain, guint silent_from)
{
  const guint from = silent_from ? (silent_from + 2) * 8000 : 8000;
  Call call;

  call_begin (&call, &rtp_codec_pcmu, controls);
  let_caller_speak ();
  if (silent_from)
    memset (agent_says + silent_from * 8000, 0,
        (N - silent_from * 8000) * sizeof *agent_says);
  call.gain = gain;
  hear (&call, 20);
  gchar *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
      (const guchar *) (call.agent->heard + from),
      (call.agent->n_heard - from) * sizeof *call.agent->heard);
  call_end (&call);
  return sum;
}

static void
test_untouched (void)
{
  static const struct
  {
    gdouble gain;
    guint silent_from; /* s, 0 = never */
    gboolean changes;
  } calls[] = {
    { 0, 0, FALSE }, /* no echo */
    { 0.9, 0, FALSE }, /* a mirror */
    { 0.2, 8, FALSE }, /* an echo of an agent that has nothing to say later */
    { 0.2, 0, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autofree gchar *off =
        hear_all (FALSE, calls[i].gain, calls[i].silent_from);
    g_autofree gchar *on = hear_all (TRUE, calls[i].gain, calls[i].silent_from);
    g_assert_true (g_str_equal (on, off) != calls[i].changes);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/rtpstream/echo/%s", ways[i].name);
    g_test_add_data_func (path, &ways[i], test_echo);
  }
  g_test_add_func ("/rtpstream/echo/stats", test_stats);
  g_test_add_func ("/rtpstream/echo/untouched", test_untouched);
  return g_test_run ();
}
