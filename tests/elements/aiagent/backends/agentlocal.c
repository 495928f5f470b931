/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The embedded agent in a real session, in virtual time: what interrupts it, what it
 * goes on with, and what it does behind its words. The workers have real time. */

#include "agentlocaltest.h"

#include "aiagent/backends/local/localmind.h"

#include <string.h>
#include <sys/resource.h>

#define LONG \
  "Welcome to our shop. We have many nice things here, and you can ask about " \
  "all of them as long as you like."
#define HEAD "[agent]\nsilence-time=0\n"
#define HELLO "[intent hello]\nphrases=hello\nanswer=Hello to you.\n"

/* ---- Coughs */

/* The voice says a thing in the same way each time. */
#define DOOR \
  "[agent]\nvoice=kal16\nsilence-time=0\n[intent door]\nphrases=door\n" \
  "answer=I am opening the door for you. One moment please, it will not take " \
  "long.\n" \
  "action=send-dtmf\ntarget=9\n"

/* What is to be done behind the words is done behind their last sample. */
static void
test_cough_before_action (void)
{
  begin_local (DOOR);
  text ("door");
  until_asked ();
  guint all = n_spoken;
  finish ();
  begin_local (DOOR);
  text ("door");
  until (TRUE);
  run (400, FALSE);
  cough ();
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  g_assert_true (g_queue_is_empty (&controls));
  until (TRUE);
  until_asked (); /* a clause may be made late: silence is not the end */
  g_assert_cmpuint (n_spoken, ==, all);
  g_assert_cmpuint (count_texts ("agent", "One moment"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 0);
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 1);
  finish ();
}

/* The caller speaks while the agent's first sound is on its way. */
static void
speak_first (guint ms)
{
  gint16 voice[RATE / 50];

  for (guint at = 0; at < ms; at += 20) {
    for (guint i = 0; i < G_N_ELEMENTS (voice); i++)
      voice[i] = synthetic_voice (voice_at++, RATE);
    agent_session_hear (session, voice, G_N_ELEMENTS (voice), now, FALSE);
    now += FRAME_TIME;
  }
}

static void
until_rejected (guint n)
{
  for (guint i = 0; i < 30000 && count_texts ("caller", "") < n; i++) {
    step (FALSE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (count_texts ("caller", ""), ==, n);
}

#define HOURS \
  "[intent hours]\nphrases=until when are you open on saturdays\n" \
  "answer=Until noon.\n"

/* Longer than a cough, but nobody has heard what there is to be said. */
static void
test_greeting_unheard (void)
{
  begin_local ("[agent]\nsilence-time=0\ngreeting=" LONG "\n" HOURS);
  speak_first (1200);
  until_rejected (1);
  until_done (1);
  g_assert_cmpuint (count_texts ("agent", "nice things"), >, 0);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 0);
  /* Now it was heard. */
  run (1200, TRUE);
  until_rejected (2);
  until (TRUE);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 1);
  finish ();
}

/* ... nor if the words are those of another moment. */
static void
test_greeting_unheard_words (void)
{
  begin_local ("[agent]\nsilence-time=0\ngreeting=" LONG
               "\n[slot s]\nquestion=Which word?\nvalue.h=hello\n"
               "[intent word]\nphrases=i would like to say a word\nneeds=s\n"
               "answer=All right.\n");
  speak_first (2000);
  until_rejected (1);
  until_done (1);
  /* nor is told what it sounded like */
  g_assert_cmpuint (count_texts ("caller", "hello"), ==, 0);
  g_assert_cmpuint (count_texts ("agent", "nice things"), >, 0);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 0);
  finish ();
}

/* ... who begins again before it is known what the first words were. */
static void
test_greeting_unheard_twice (void)
{
  begin_local ("[agent]\nsilence-time=0\ngreeting=" LONG "\n" HOURS);
  speak_first (1200);
  run (400, FALSE);
  run (1200, TRUE);
  until_rejected (2);
  until_done (1);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 0);
  finish ();
}

/* Stopped by a command is stopped for good. */
static void
test_stop (void)
{
  begin_local ("[agent]\nsilence-time=0\ngreeting=" LONG "\n" HELLO);
  until (TRUE);
  run (400, FALSE);
  agent_session_input (session, GST_VOICE_INPUT_INTERRUPT, NULL);
  run (1000, FALSE);
  cough ();
  until (TRUE);
  until (FALSE);
  g_assert_cmpuint (count_texts ("agent", "nice things"), ==, 1);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 1);
  finish ();
}

static guint
count_inputs (const gchar *state)
{
  guint n = 0;

  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    n += gst_structure_has_name (fact, "aiagent/input") &&
        !g_strcmp0 (gst_structure_get_string (fact, "state"), state);
  }
  return n;
}

/* Ten at once, and one a second. */
static void
test_typed_fast (void)
{
  begin_local ("[agent]\nsilence-time=0\n" HELLO);
  for (guint i = 0; i < 100; i++)
    agent_session_input (session, GST_VOICE_INPUT_INTERRUPT, NULL);
  g_assert_cmpuint (count_inputs ("accepted"), >=, 10);
  g_assert_cmpuint (count_inputs ("refused"), >=, 60);
  finish ();
}

/* Nothing that is typed vanishes: without a dialogue it is refused. */
static void
test_typed_early (void)
{
  begin_local_only ("[agent]\nsilence-time=0\ngreeting=" LONG "\n" HELLO);
  text ("hello");
  g_assert_cmpuint (count_inputs ("refused"), ==, 1);
  call ("1", TRUE);
  text ("hello");
  g_assert_cmpuint (count_inputs ("refused"), ==, 1);
  g_assert_cmpuint (count_inputs ("accepted"), ==, 1);
  call ("1", FALSE);
  text ("hello");
  g_assert_cmpuint (count_inputs ("refused"), ==, 2);
  finish ();
}

/* What is typed is meant. */
static void
test_typed_nonsense (void)
{
  begin_local ("[agent]\nsilence-time=0\ngreeting=" LONG "\n" HELLO);
  until (TRUE);
  run (400, FALSE);
  text ("blah");
  until (TRUE);
  g_assert_cmpuint (count_texts ("agent", "nice things"), ==, 1);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 1);
  finish ();
}

/* ---- Who speaks when */

#define LEGAL \
  "[agent]\nsilence=Still there?\nsilence-time=2000\n[slot s]\nquestion=Is " \
  "that all right with you?\nvalue.y=yes\ngo.y=hello\n[intent terms]\n" \
  "phrases=terms\nanswer=This call is recorded for reasons of quality.\n" \
  "interruptible=false\nask=s\n" HELLO

static void
test_question_behind_legal (void)
{
  begin_local (LEGAL);
  text ("terms");
  until (TRUE);
  speech_pool_wait (); /* the question is being written, too */
  run (200, FALSE);
  agent_session_interrupt (session);
  until (FALSE);
  run (4000, FALSE);
  g_assert_cmpuint (count_texts ("agent", "Still there?"), >, 0);
  finish ();
}

/* The answer is not there yet: it waits for the caller to finish. */
static void
test_speech_before_answer (void)
{
  begin_local (HEAD HELLO);
  run (300, TRUE);
  text ("hello");
  speech_pool_wait ();
  g_assert_cmpuint (run (1000, TRUE), ==, 0);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 0);
  until (TRUE);
  finish ();
}

static void
test_two_texts (void)
{
  begin_local (HEAD HELLO
      "[intent thanks]\nphrases=thanks\nanswer=Walnuts are over there.\n");
  text ("hello");
  step (FALSE);
  agent_session_say (session, "One more thing.");
  until_said ("Hello");
  until_said ("One more thing.");
  until (FALSE);
  g_assert_cmpuint (counter ("answers"), ==, 2);
  finish ();
}

static void
test_endless_turn (void)
{
  begin_local (HEAD HELLO);
  run (11500, TRUE);
  for (guint i = 0; i < 6000 && !count_texts ("agent", ""); i++) {
    step (TRUE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (counter ("turns"), ==, 1);
  g_assert_cmpuint (count_texts ("agent", "did not understand"), ==, 1);
  finish ();
}

/* What a busy machine does: half a second of audio at once, then as much of ticks,
 * or the other way round. The caller was silent for half a second only. */
static void
late (gboolean audio)
{
  gint16 in[960] = { 0 };
  guint8 out[1920];

  for (guint i = 0; i < 25; i++)
    if (audio)
      agent_session_hear (session, in, rate / 50, now + i * FRAME_TIME, TRUE);
    else
      agent_session_speak (session, out, now + i * FRAME_TIME, &controls);
}

static void
test_late_frames (void)
{
  begin_local ("[agent]\ngreeting=Hi.\nsilence-time=4000\n"
               "silence=Where are you?\n" HELLO);
  until (TRUE);
  until (FALSE);
  for (guint i = 0; i < 6; i++) {
    late (i % 2);
    late (!(i % 2));
    now += 25 * FRAME_TIME;
  }
  g_assert_cmpuint (count_texts ("agent", "Where"), ==, 0);
  run (1000, FALSE);
  until_said ("Where");
  finish ();
}

/* # behind the last digit is no key of what follows. */
static void
test_pound (void)
{
  begin_local (HEAD "[slot n]\nquestion=Which number?\ndigits=2\n[intent n]\n"
                    "key=1\nneeds=n\nanswer=It is ${n}, and that is it.\n");
  agent_session_digit (session, '1');
  agent_session_digit (session, '4');
  agent_session_digit (session, '2');
  agent_session_digit (session, '#');
  until_said ("It is");
  until (FALSE);
  g_assert_cmpuint (count_texts ("agent", "It is"), ==, 1);
  g_assert_cmpuint (count_texts ("agent", "did not"), ==, 0);
  finish ();
}

/* A browser has no keypad: what is typed in digits are keys. */
static void
test_typed_digits (void)
{
  begin_local (HEAD "[slot day]\nquestion=Which day?\ndigits=4\n"
                    "[intent visit]\nphrases=visit\nneeds=day\n"
                    "answer=On ${day} then.\n");
  text ("visit");
  text ("05 03");
  until_said ("On ");
  g_assert_cmpuint (count_texts ("agent", "did not"), ==, 0);
  finish ();
}

/* Where no channel hangs up, the stream ends. */
static void
test_no_channel (void)
{
  const gint16 silence[RATE / 50] = { 0 };

  begin_local_only (HEAD "[intent bye]\nphrases=goodbye\nanswer=Goodbye!\n"
                         "action=hang-up\n");
  run (200, FALSE);
  text ("goodbye");
  until (TRUE);
  until (FALSE);
  run (900, FALSE);
  g_assert_cmpuint (n_ends, >, 0);
  g_assert_false (agent_session_hear (session, silence, RATE / 50, now, TRUE));
  finish ();
}

/* A file ends before the answer to it is there, however long that takes. */
static void
test_last_words (void)
{
  begin_local_only (HEAD HELLO);
  run (2000, TRUE);
  agent_session_caller_gone (session);
  until (TRUE);
  g_assert_cmpuint (n_ends, ==, 0);
  until (FALSE);
  run (1200, FALSE);
  g_assert_cmpuint (n_ends, >, 0);
  finish ();
}

/* ---- Facts */

static guint64
last_start (void)
{
  guint64 start = 0;

  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    if (gst_structure_has_name (fact, "aiagent/transcript") &&
        !g_strcmp0 (gst_structure_get_string (fact, "role"), "caller"))
      gst_structure_get_uint64 (fact, "speech-start", &start);
  }
  return start;
}

static void
test_times (void)
{
  begin_local (HEAD HELLO);
  run (1000, FALSE);
  cough ();
  g_assert_cmpuint (last_start (), >=, 900 * GST_MSECOND);
  g_assert_cmpuint (last_start (), <=, 1100 * GST_MSECOND);
  text ("hello");
  step (FALSE);
  g_assert_cmpuint (last_start (), ==, 0);
  finish ();
}

/* Each decoder reads files of its own: without one there is none. */
static void
test_no_decoder (void)
{
  const gchar *file = HEAD HELLO;
  const RecognizerChannel channel = { 0 };
  const gint16 silence[800] = { 0 };
  struct rlimit limit, few = { 0 };

  begin_local (file);
  g_autoptr (DialogueFile) dialogue =
      dialogue_file_parse (file, strlen (file), NULL);
  g_autoptr (Understanding) understanding = understanding_new (dialogue);
  Recognizer *recognizer = recognizer_acquire (dialogue->jsgf, dialogue->words,
      dialogue->origins, understanding, NULL);
  Utterance *other = utterance_new (recognizer, RATE, &channel);
  utterance_push (other, silence, G_N_ELEMENTS (silence));
  run (1000, FALSE);
  speech_pool_wait (); /* it has the only decoder now */
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  few.rlim_max = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  cough ();
  cough ();
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpuint (n_failures, ==, 1);
  utterance_drop (other);
  recognizer_release (recognizer);
  finish ();
}

static void
test_no_turns (void)
{
  g_autoptr (GError) error = NULL;

  begin_session (g_object_new (AGENT_TYPE_LOCAL, NULL), "turn-detection",
      AGENT_TURN_DETECTION_NONE);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  finish ();
}

static const struct
{
  const gchar *name;
  GTestFunc func;
} tests[] = {
  { "cough-before-action", test_cough_before_action },
  { "greeting-unheard", test_greeting_unheard },
  { "greeting-unheard-words", test_greeting_unheard_words },
  { "greeting-unheard-twice", test_greeting_unheard_twice },
  { "stop", test_stop },
  { "typed-early", test_typed_early },
  { "typed-fast", test_typed_fast },
  { "typed-nonsense", test_typed_nonsense },
  { "question-behind-legal", test_question_behind_legal },
  { "speech-before-answer", test_speech_before_answer },
  { "two-texts", test_two_texts },
  { "endless-turn", test_endless_turn },
  { "late-frames", test_late_frames },
  { "pound", test_pound },
  { "typed-digits", test_typed_digits },
  { "no-channel", test_no_channel },
  { "last-words", test_last_words },
  { "times", test_times },
  { "no-decoder", test_no_decoder },
  { "no-turns", test_no_turns },
};

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree gchar *path = g_strdup_printf ("/agentlocal/%s", tests[i].name);
    g_test_add_func (path, tests[i].func);
  }
  return g_test_run ();
}
