/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The embedded agent and people who speak at any time, or let it hear itself: what
 * counts, what does not, and what it goes on with. Voices and words are real, time is
 * not. */

#include "agentcaller.h"

#define LONG_TEXT \
  "We are open from Monday to Friday, from nine in the morning until six in " \
  "the evening. On Saturday we are open until noon."
#define HOURS \
  "[agent]\nvoice=kal16\nsilence-time=0\ngreeting=Hello, this is the " \
  "shop.\n" \
  "not-understood=Sorry, I did not get that.\n" \
  "[intent hours]\nphrases=what are your opening hours\nanswer=" LONG_TEXT \
  "\n[intent bye]\nphrases=goodbye;bye\nanswer=Goodbye!\naction=hang-up\n"

/* ---- Its own echo */

/* For @ms, and until it has said something to the end, what the agent says comes back
 * @delay ms later, @volume times as loud. */
static void
hear_itself (guint ms, guint delay, gdouble volume)
{
  guint frames = delay / 20;
  g_autofree gint16 *line = g_new0 (gint16, RATE / 50 * frames);

  for (guint i = 0; i < ms / 20 ||
       (i < 30000 && !count_facts ("aiagent/turn", "response-done"));
       i++) {
    gint16 *at = line + i % frames * (RATE / 50);
    guint before = said->len;
    gboolean spoken = step_with (at);
    const gint16 *out = (const gint16 *) (gconstpointer) (said->data + before);
    for (guint s = 0; s < RATE / 50; s++)
      at[s] = spoken ? (gint16) (out[s] * volume) : 0;
  }
}

static const struct
{
  const gchar *name;
  guint delay;
  gdouble volume;
} lines[] = {
  { "near", 60, 0.3 },
  { "usual", 120, 0.1 },
  { "far", 240, 0.3 },
};

/* The greeting is heard, in pieces; nothing is taken, ended, complained about. */
static void
test_echo (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  g_autofree gchar *text = read_agent ("receptionist.ini");
  g_auto (GStrv) parts = g_strsplit (text, "silence-time=8000", 2);
  g_autofree gchar *patient = g_strjoinv ("silence-time=0", parts);

  begin_local (patient);
  hear_itself (30000, lines[n].delay, lines[n].volume);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), >, 0);
  g_assert_cmpuint (counter ("interruptions"), ==, 0);
  g_assert_cmpuint (count_accepted (), ==, 0);
  g_assert_cmpuint (count_texts ("agent", ""), ==, 1);
  g_assert_true (g_queue_is_empty (&controls));
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-done"), ==, 1);
  finish ();
}

/* ---- Who says hello */

/* "hello" into the opening of a survey is no answer to its question. */
static void
test_hello (void)
{
  static const guint moments[] = { 0, 600, 2500 };
  g_autofree gchar *text = read_agent ("survey.ini");

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    begin_local (text);
    wait_ms (moments[i]);
    speak ("awb", "hello");
    until_decided (1);
    until_done (1);
    g_assert_cmpuint (count_texts ("agent", ""), ==, 1);
    g_assert_true (g_queue_is_empty (&controls));
    finish ();
  }
}

/* ... who says no to the question when it was heard has said so. */
static void
test_no (void)
{
  g_autofree gchar *text = read_agent ("survey.ini");

  begin_local (text);
  until_done (1);
  wait_ms (400); /* who speaks at once may be an echo */
  speak ("rms", "no thank you");
  until_asked ();
  g_assert_cmpuint (count_texts ("agent", "Goodbye"), ==, 1);
  finish ();
}

/* Who asks at once hears the greeting whole, and then the answer. */
static void
test_asks_at_once (void)
{
  begin_local (HOURS);
  speak ("rms", "what are your opening hours");
  until_decided (1);
  until_done (1);
  until_said ("Monday");
  g_assert_cmpuint (count_texts ("agent", "Hello, this is the shop."), ==, 1);
  finish ();
}

/* ---- Who listens, and who does not */

static void
ask_hours (void)
{
  begin_local (HOURS);
  until_done (1);
  speak ("rms", "what are your opening hours");
  until_decided (1);
  until_said ("Monday");
}

/* As when nobody spoke, but for 10 dB while somebody did. */
static void
assert_same_or_softer (const GByteArray *one, const GByteArray *other)
{
  const gint16 *a = (gconstpointer) one->data;
  const gint16 *b = (gconstpointer) other->data;

  g_assert_cmpuint (one->len, ==, other->len);
  for (guint i = 0; i < one->len / 2; i++) {
    g_assert_cmpint (ABS (a[i]), <=, ABS (b[i]));
    g_assert_cmpint (ABS (a[i]), >=, (gint) (ABS (b[i]) * 0.3) - 1);
    g_assert_cmpint (a[i] * b[i], >=, 0);
  }
}

/* All of the answer is heard, to the sample, though somebody says that he listens. The
 * voice is one that says a thing in the same way each time. */
static void
test_listening (void)
{
  static const gchar *const words[] = { "okay", "right", "yeah", "mm hm" };

  ask_hours ();
  until_done (2);
  g_autoptr (GByteArray) all = g_byte_array_ref (said);
  finish ();
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    ask_hours ();
    wait_ms (1500);
    speak ("kal16", words[i]);
    until_decided (2);
    until_done (2);
    g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
    g_assert_cmpuint (counter ("interruptions"), ==, 0);
    g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
    assert_same_or_softer (said, all);
    wait_ms (2000);
    g_assert_cmpuint (count_texts ("agent", "Sorry"), ==, 0);
    finish ();
  }
}

static void
test_stop (void)
{
  static const gchar *const words[] = { "stop", "wait", "hang on" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    ask_hours ();
    wait_ms (1500);
    guint before = n_spoken;
    speak ("rms", words[i]);
    until_decided (2);
    g_assert_cmpuint (count_texts ("caller", words[i]), ==, 1);
    wait_ms (3000);
    g_assert_cmpuint (counter ("interruptions"), ==, 1);
    g_assert_cmpuint (n_spoken - before, <, 15);
    g_assert_cmpuint (count_texts ("agent", ""), ==, 2);
    speak ("rms", "what are your opening hours");
    until_decided (3);
    until (TRUE);
    finish ();
  }
}

/* A question is one, also into an answer. */
static void
test_interruption (void)
{
  begin_local (HOURS "[intent address]\nphrases=what is your address\n"
                     "answer=Market Street twelve.\n");
  until_done (1);
  speak ("rms", "what are your opening hours");
  until_said ("Monday");
  wait_ms (1500);
  speak ("rms", "what is your address");
  until_said ("Market Street");
  until_done (2);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 0);
  finish ();
}

/* ---- Who thinks in the middle of a sentence */

#define SALES \
  "[agent]\nsilence-time=0\nnot-understood=Sorry, I did not get that.\n" \
  "[slot dept]\nquestion=Which department would you like?\n" \
  "value.sales=sales\nvalue.support=support\n[intent hours]\n" \
  "phrases=what are your opening hours;tell me your opening hours\n" \
  "answer=From nine to six.\n[intent visit]\nphrases=connect me;connect me to " \
  "<dept>\nneeds=dept\nanswer=Here is ${dept}.\n"

/* The first half means nothing: nobody complains, and both count. */
static void
test_pause (void)
{
  static const guint pauses[] = { 340, 600, 900 };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++) {
    begin_local (SALES);
    wait_ms (200);
    speak ("rms", "what are your");
    wait_ms (pauses[i]);
    speak ("rms", "opening hours");
    until_said ("From nine to six.");
    until_done (1);
    wait_ms (2000);
    g_assert_cmpuint (count_texts ("agent", "Sorry"), ==, 0);
    g_assert_cmpuint (count_texts ("caller", "what are your opening hours"), ==,
        1);
    finish ();
  }
}

/* The first half is a phrase: it is answered, and the answer taken back. */
static void
test_pause_behind_phrase (void)
{
  static const guint pauses[] = { 340, 600, 900 };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++) {
    begin_local (SALES);
    wait_ms (200);
    speak ("rms", "connect me");
    wait_ms (pauses[i]);
    speak ("rms", "to sales");
    until_said ("Here is sales.");
    until_done (1);
    wait_ms (2000);
    g_assert_cmpuint (count_texts ("agent", "Sorry"), ==, 0);
    g_assert_cmpuint (count_texts ("caller", "connect me to sales"), ==, 1);
    finish ();
  }
}

#define ROUTES \
  "[agent]\nsilence-time=0\ngreeting=Hello.\n" \
  "[intent operator]\nphrases=connect me\nanswer=To the operator.\n" \
  "action=transfer\ntarget=sip:operator@a\n" \
  "[intent sales]\nphrases=sales;connect me to sales\nanswer=To sales.\n" \
  "action=transfer\ntarget=sip:sales@a\n" \
  "[intent support]\nphrases=support;customer support\n" \
  "answer=To support.\naction=transfer\ntarget=sip:support@a\n"

static void
assert_asked_for (const gchar *target)
{
  GstVoiceControl control;

  until_asked ();
  g_assert_true (
      gst_voice_control_event_parse (g_queue_peek_head (&controls), &control));
  g_assert_cmpstr (control.target, ==, target);
  wait_ms (500);
  g_assert_cmpuint (g_queue_get_length (&controls), ==, 1);
}

static void
settle_transfer (const gchar *result)
{
  GstVoiceControl control;

  gst_voice_control_event_parse (g_queue_peek_head (&controls), &control);
  const GstVoiceControlResult event = { GST_VOICE_CONTROL_TRANSFER, control.id,
    result, NULL };
  agent_session_result (session, &event);
}

/* Who thinks better of it is not sent to the first one: there are no words of an
 * answer that could be taken back with it. */
static void
test_second_thought_of_transfer (void)
{
  begin_local (ROUTES);
  until_done (1);
  wait_ms (400); /* who speaks at once may be an echo */
  speak ("rms", "sales");
  wait_ms (500);
  speak ("rms", "customer support");
  until_decided (2);
  assert_asked_for ("sip:support@a");
  settle_transfer ("accepted");
  until_said ("To support.");
  g_assert_cmpuint (count_texts ("agent", "To sales."), ==, 0);
  finish ();
}

/* ... nor who goes on with the sentence. */
static void
test_rest_of_transfer (void)
{
  begin_local (ROUTES);
  until_done (1);
  wait_ms (400); /* who speaks at once may be an echo */
  speak ("rms", "connect me");
  wait_ms (600);
  speak ("rms", "to sales");
  until_decided (2);
  assert_asked_for ("sip:sales@a");
  settle_transfer ("accepted");
  until_said ("To sales.");
  g_assert_cmpuint (count_texts ("agent", "operator"), ==, 0);
  finish ();
}

/* ... nor who presses the button in place of it. Whoever is there goes on speaking, so
 * that the transfer waits until the words are known. */
static void
test_stopped_transfer (void)
{
  begin_local (ROUTES);
  until_done (1);
  wait_ms (400); /* who speaks at once may be an echo */
  speak ("rms", "sales");
  wait_ms (400);
  for (guint i = 0; i < 500 && !count_texts ("caller", ""); i++) {
    step (TRUE);
    speech_pool_wait ();
  }
  if (!count_texts ("caller", "sales"))
    print_facts ();
  g_assert_cmpuint (count_texts ("caller", "sales"), ==, 1);
  g_assert_true (g_queue_is_empty (&controls));
  agent_session_input (session, GST_VOICE_INPUT_INTERRUPT, NULL);
  wait_ms (2000);
  g_assert_true (g_queue_is_empty (&controls));
  finish ();
}

/* Nothing follows: it is said, when the second has passed. */
static void
test_miss (void)
{
  begin_local (SALES);
  wait_ms (200);
  speak ("rms", "my neighbour plays the piano");
  GstClockTime end = now;
  until_decided (1);
  for (guint i = 0; i < 5000 && !count_texts ("agent", "Sorry"); i++)
    wait_ms (20);
  g_assert_cmpuint (now - end, >=, 1000 * GST_MSECOND);
  g_assert_cmpuint (count_texts ("agent", "Sorry"), ==, 1);
  finish ();
}

/* ---- Promises */

#define BOSS \
  "[agent]\nsilence-time=0\n[intent boss]\nphrases=the boss\n" \
  "answer=I am connecting you.\naction=transfer\ntarget=sip:boss@a\n" \
  "failed=away\n[intent away]\nanswer=I cannot connect you.\n"

static void
answer_transfer (const gchar *result)
{
  const GstVoiceControlResult event = { GST_VOICE_CONTROL_TRANSFER, "control-1",
    result, NULL };

  begin_local (BOSS);
  text ("the boss");
  until_asked ();
  g_assert_cmpuint (count_texts ("agent", ""), ==, 0);
  if (result)
    agent_session_result (session, &event);
}

static void
test_promise_kept (void)
{
  answer_transfer ("accepted");
  until_said ("I am connecting you.");
  finish ();
}

static void
test_promise_refused (void)
{
  answer_transfer ("unsupported");
  until_said ("I cannot connect you.");
  g_assert_cmpuint (count_texts ("agent", "I am connecting"), ==, 0);
  finish ();
}

/* No channel answers where there is none. */
static void
test_promise_unanswered (void)
{
  answer_transfer (NULL);
  until_said ("I cannot connect you.");
  finish ();
}

static const struct
{
  const gchar *name;
  GTestFunc func;
} tests[] = {
  { "hello", test_hello },
  { "no", test_no },
  { "asks-at-once", test_asks_at_once },
  { "listening", test_listening },
  { "stop", test_stop },
  { "interruption", test_interruption },
  { "pause", test_pause },
  { "pause-behind-phrase", test_pause_behind_phrase },
  { "second-thought-of-transfer", test_second_thought_of_transfer },
  { "rest-of-transfer", test_rest_of_transfer },
  { "stopped-transfer", test_stopped_transfer },
  { "miss", test_miss },
  { "promise-kept", test_promise_kept },
  { "promise-refused", test_promise_refused },
  { "promise-unanswered", test_promise_unanswered },
};

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/agenthearing/echo/%s", lines[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_echo);
  }
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/agenthearing/%s", tests[i].name);
    g_test_add_func (path, tests[i].func);
  }
  return g_test_run ();
}
