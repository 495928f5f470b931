/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The ear with a detector of speech that is put in: the beginning and the end of turns
 * are where the sound says, whatever windows and rates it is judged in. */

#include "aiagent/session/agentear.h"

#define FRAME (20 * GST_MSECOND)
#define LOUD 8000
#define SILENCE 300 /* ms */

typedef struct
{
  guint rate, window; /* ms */
  guint n_judged;
} Meter;

static guint window;

/* Loud is speech. */
static gdouble
meter_judge (gpointer vad, const gint16 *samples)
{
  Meter *self = vad;
  guint64 sum = 0;
  const guint n = self->rate * self->window / 1000;

  for (guint i = 0; i < n; i++)
    sum += (guint) ABS (samples[i]);
  self->n_judged++;
  return sum / n > LOUD / 4 ? 0.9 : 0.1;
}

static guint
meter_choose_rate (guint rate)
{
  return MIN (rate, 16000);
}

static gpointer
meter_create (guint rate, gconstpointer model)
{
  Meter *self = g_new0 (Meter, 1);

  self->rate = rate;
  self->window = window;
  return self;
}

static AgentVad
make_vad (guint ms)
{
  window = ms;
  return (AgentVad){ "meter", ms, meter_choose_rate, meter_create, g_free,
    meter_judge };
}

static const AgentEarSettings settings = { 60, SILENCE, SILENCE, 0 };
static GstClockTime now;

/* @ms of sound, 20 at a time; the last event, TURN_NOTHING if there was none. */
static AgentEarTurn
hear (AgentEar *ear, guint rate, guint ms, gint16 level)
{
  AgentEarTurn last = { TURN_NOTHING };
  AgentEarHeard heard;
  gint16 samples[960];

  for (guint i = 0; i < rate / 50; i++)
    samples[i] = i % 2 ? level : (gint16) -level;
  for (guint at = 0; at < ms; at += 20, now += FRAME) {
    agent_ear_hear (ear, samples, rate / 50, now, level == 0, &heard);
    for (guint i = 0; i < heard.n; i++)
      last = heard.events[i];
  }
  return last;
}

static void
assert_near (GstClockTime time, GstClockTime expected, guint ms)
{
  g_assert_cmpuint (time, >=, expected - ms * GST_MSECOND);
  g_assert_cmpuint (time, <=, expected + ms * GST_MSECOND);
}

static void
test_windows (void)
{
  static const guint windows[] = { 10, 20, 30, 32 };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    const AgentVad vad = make_vad (windows[i]);
    AgentEar ear;

    now = 0;
    agent_ear_init (&ear);
    agent_ear_begin (&ear, &vad, 16000, &settings);
    g_assert_cmpint (hear (&ear, 16000, 1000, 0).event, ==, TURN_NOTHING);
    AgentEarTurn turn = hear (&ear, 16000, 1000, LOUD);
    g_assert_cmpint (turn.event, ==, TURN_STARTED);
    g_assert_true (turn.speaking);
    assert_near (turn.onset, GST_SECOND, windows[i]);
    turn = hear (&ear, 16000, 1000, 0);
    g_assert_cmpint (turn.event, ==, TURN_ENDED);
    g_assert_false (turn.speaking);
    assert_near (turn.last_speech, 2 * GST_SECOND, windows[i]);
    g_assert_cmpuint (((Meter *) ear.vad)->n_judged, ==, 3000 / windows[i]);
    agent_ear_clear (&ear);
  }
}

/* A rate that the detector does not take is brought down for it, and a new dialogue may
 * have another. */
static void
test_rates (void)
{
  static const guint rates[] = { 8000, 16000, 24000, 48000 };
  const AgentVad vad = make_vad (10);
  AgentEar ear;

  agent_ear_init (&ear);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    now = 0;
    agent_ear_begin (&ear, &vad, rates[i], &settings);
    g_assert_cmpuint (((Meter *) ear.vad)->rate, ==, MIN (rates[i], 16000));
    hear (&ear, rates[i], 1000, 0);
    g_assert_cmpuint (((Meter *) ear.vad)->n_judged, >=, 98);
  }
  agent_ear_clear (&ear);
}

/* What was left of a turn that is over is not of the next. */
static void
test_finish (void)
{
  const AgentVad vad = make_vad (32);
  AgentEar ear;

  now = 0;
  agent_ear_init (&ear);
  agent_ear_begin (&ear, &vad, 8000, &settings);
  hear (&ear, 8000, 500, LOUD);
  g_assert_cmpuint (ear.input->len, >, 0);
  agent_ear_finish (&ear);
  g_assert_cmpuint (ear.input->len, ==, 0);
  g_assert_cmpint (hear (&ear, 8000, 1000, 0).event, ==, TURN_NOTHING);
  g_assert_cmpint (hear (&ear, 8000, 200, LOUD).event, ==, TURN_STARTED);
  agent_ear_clear (&ear);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentear/windows", test_windows);
  g_test_add_func ("/agentear/rates", test_rates);
  g_test_add_func ("/agentear/finish", test_finish);
  return g_test_run ();
}
