/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How the embedded agent gets along with people: who say hello into its opening, who
 * say that they listen, who say stop, and who think in the middle of a sentence. Voices
 * and words are real, in time that is not. */

#include "elements/aiagent/agentcaller.h"

static const gchar *const voices[] = { "slt", "rms", "awb", "kal16" };

/* The receptionist, who was asked and has begun to answer. */
static void
ask_hours (void)
{
  g_autofree gchar *text = read_agent ("receptionist.ini");

  begin_local (text);
  until_done (1);
  speak ("rms", "what are your opening hours");
  until_decided (1);
  until_said ("Monday");
  wait_ms (2000);
}

/* ---- Hello */

static void
test_hello (gconstpointer data)
{
  static const guint moments[] = { 100, 900, 2600 };
  g_autofree gchar *text = read_agent ("survey.ini");

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    begin_local (text);
    wait_ms (moments[i]);
    speak (data, "hello");
    until_decided (1);
    until_done (1);
    g_assert_cmpuint (count_accepted (), ==, 0);
    g_assert_cmpuint (count_texts ("agent", ""), ==, 1);
    wait_ms (2000);
    g_assert_cmpuint (count_texts ("agent", "Goodbye"), ==, 0);
    g_assert_true (g_queue_is_empty (&controls));
    finish ();
  }
}

/* ---- Words into an answer */

typedef struct
{
  const gchar *voice, *words;
} Said;

static const Said listens[] = { { "awb", "mm hm" }, { "kal16", "mm hm" },
  { "slt", "uh huh" }, { "awb", "uh huh" }, { "kal16", "yeah" },
  { "rms", "yeah" }, { "awb", "okay" }, { "slt", "okay" }, { "kal16", "right" },
  { "awb", "right" } };

static void
test_listens (gconstpointer data)
{
  const Said *one = data;

  ask_hours ();
  speak (one->voice, one->words);
  until_decided (2);
  until_done (2);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
  wait_ms (2000);
  g_assert_cmpuint (count_texts ("agent", ""), ==, 2);
  finish ();
}

/* Recognition lets about one in five of these words go by (of a diphone voice's half and
 * more): who is not heard says it again. */
static const Said stops[] = { { "awb", "stop" }, { "rms", "wait" },
  { "awb", "hang on" } };

#define TIMES 3

static void
test_stops (gconstpointer data)
{
  const Said *one = data;
  guint before, n = 0;

  ask_hours ();
  do {
    g_assert_cmpuint (n++, <, TIMES);
    wait_ms (300);
    before = n_spoken;
    speak (one->voice, one->words);
    until_decided (1 + n);
  } while (!counter ("interruptions"));
  wait_ms (3000);
  g_assert_cmpuint (n_spoken - before, <, 15);
  g_assert_cmpuint (count_texts ("agent", ""), ==, 2);
  finish ();
}

/* ---- Pauses */

typedef struct
{
  const gchar *voice, *first, *rest;
  guint pause;
  const gchar *answer;
} Pause;

static const Pause pauses[] = {
  /* the first half is no phrase */
  { "awb", "I would like to know", "your opening hours", 400, "Monday" },
  { "kal16", "can I speak", "to the sales team", 600, "connect you to sales" },
  { "slt", "I would like", "an appointment please", 800, "type the day" },
  { "rms", "what is", "your address", 900, "Market Street" },
  { "awb", "can you", "repeat that please", 500, "You can ask for" },
  /* it is one */
  { "awb", "connect me", "to sales please", 400, "connect you to sales" },
  { "kal16", "put me through", "to billing please", 700,
      "connect you to billing" },
  { "slt", "thank you", "goodbye", 500, "Goodbye!" },
  { "rms", "book an appointment", "please", 800, "type the day" },
  { "awb", "what are your opening hours", "please", 600, "Monday" },
};

/* Channels do not transfer. */
static void
refuse_transfers (void)
{
  for (guint n = 1; n < 4; n++) {
    g_autofree gchar *id = g_strdup_printf ("control-%u", n);
    const GstVoiceControlResult event = { GST_VOICE_CONTROL_TRANSFER, id,
      "unsupported", NULL };
    agent_session_result (session, &event);
  }
}

static void
test_pause (gconstpointer data)
{
  const Pause *one = data;
  g_autofree gchar *text = read_agent ("receptionist.ini");

  begin_local (text);
  until_done (1);
  wait_ms (500);
  speak (one->voice, one->first);
  wait_ms (one->pause);
  speak (one->voice, one->rest);
  for (guint i = 0; i < 20000 && !count_texts ("agent", one->answer); i++) {
    wait_ms (20);
    if (!g_queue_is_empty (&controls))
      refuse_transfers ();
  }
  g_assert_cmpuint (count_texts ("agent", one->answer), ==, 1);
  wait_ms (2500);
  g_assert_cmpuint (count_texts ("agent", "Sorry"), ==, 0);
  finish ();
}

static void
add (const gchar *kind, guint n, const gchar *voice, const gchar *words,
    GTestDataFunc func, gconstpointer data)
{
  g_autofree gchar *name = g_strdelimit (g_strdup (words), " ", '-');
  g_autofree gchar *path =
      g_strdup_printf ("/people/%s/%u-%s-%s", kind, n, voice, name);

  g_test_add_data_func (path, data, func);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (voices); i++)
    add ("hello", i, voices[i], "hello", test_hello, voices[i]);
  for (guint i = 0; i < G_N_ELEMENTS (listens); i++)
    add ("listens", i, listens[i].voice, listens[i].words, test_listens,
        &listens[i]);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    add ("stops", i, stops[i].voice, stops[i].words, test_stops, &stops[i]);
  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    add ("pause", i, pauses[i].voice, pauses[i].first, test_pause, &pauses[i]);
  return g_test_run ();
}
