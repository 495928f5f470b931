/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whole dialogues in virtual time. */

#include "agentdialogue.h"

#include <string.h>

/* ---- Echo */

static void
test_echo_turn (void)
{
  begin (echo ("turn"), NULL, 0);
  g_assert_false (ticking);
  call ("1", TRUE);
  g_assert_true (ticking);
  g_assert_cmpuint (run (1000, FALSE), ==, 0);
  g_assert_cmpuint (run (1000, TRUE), ==, 0);
  guint spoken = run (3000, FALSE);
  /* 300 ms before, the turn, 300 ms after; the onset took 60 to 120 ms. */
  g_assert_cmpuint (spoken, >=, (1000 + 300) / 20);
  g_assert_cmpuint (spoken, <=, (1000 + 300 + 300) / 20 + 2);
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), >=, 990);
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), <=, 1060);
  /* To the last sound, whatever the detector holds on for. */
  guint64 end = turn_ms ("speech-stopped", "speech-end");
  g_assert_cmpuint (end, >=, 1985);
  g_assert_cmpuint (end, <=, 2005);
  /* It is decided when a frame comes. */
  g_assert_cmpuint (turn_ms ("speech-stopped", "decision"), >=, end + 280);
  g_assert_cmpuint (turn_ms ("speech-stopped", "decision"), <, end + 420);
  g_assert_cmpuint (turn_ms ("speech-stopped", "decision") % 20, ==, 0);
  guint64 out = turn_ms ("response-started", "first-audio-out");
  /* The echo begins with the 300 ms before the caller spoke. */
  g_assert_cmpuint (out, >=, turn_ms ("speech-stopped", "decision") + 180);
  g_assert_cmpuint (out, <=, turn_ms ("speech-stopped", "decision") + 340);
  g_assert_cmpuint (turn_ms ("response-started", "turn-around"), ==, out - end);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, spoken * 20);
  g_assert_cmpuint (turn_ms ("response-done", "total"), ==,
      turn_ms ("response-done", "heard"));
  g_assert_cmpuint (counter ("turns"), ==, 1);
  g_assert_cmpuint (counter ("answers"), ==, 1);
  g_assert_cmpuint (counter ("heard"), ==, spoken * FRAME_TIME);
  g_assert_cmpuint (counter ("turn-around-p99"), ==,
      counter ("turn-around-last"));
  finish ();
}

static void
forget_facts (void)
{
  g_mutex_lock (&facts_lock);
  g_ptr_array_set_size (facts, 0);
  g_mutex_unlock (&facts_lock);
}

/* It travels, where the channel knows for how long: until the call is over. */
static void
test_path (void)
{
  begin (echo ("turn"), NULL, 0);
  call ("1", TRUE);
  run (1000, TRUE);
  run (3000, FALSE);
  g_assert_cmpuint (turn_ms ("response-started", "first-audio-far"), ==, 0);
  agent_session_set_path (session, 70 * GST_MSECOND);
  forget_facts ();
  run (1000, TRUE);
  run (3000, FALSE);
  g_assert_cmpuint (turn_ms ("response-started", "first-audio-far"), ==,
      turn_ms ("response-started", "first-audio-out") + 70);
  call ("1", FALSE);
  call ("2", TRUE);
  forget_facts ();
  run (1000, TRUE);
  run (3000, FALSE);
  g_assert_cmpuint (turn_ms ("response-started", "first-audio-far"), ==, 0);
  finish ();
}

static gboolean
contains (const GByteArray *bytes, gconstpointer part, gsize size)
{
  for (gsize at = 0; at + size <= bytes->len; at += 2)
    if (!memcmp (bytes->data + at, part, size))
      return TRUE;
  return FALSE;
}

/* The caller's own samples come back, none missing. */
static void
test_echo_is_identical (void)
{
  gint16 voice[RATE];
  begin (echo ("turn"), NULL, 0);
  call ("1", TRUE);
  run (1000, FALSE);
  run (1000, TRUE);
  run (3000, FALSE);
  for (guint i = 0; i < RATE; i++)
    voice[i] = synthetic_voice (i, RATE);
  g_assert_true (contains (said, voice, sizeof voice));
  finish ();
}

static void
test_loop_back (void)
{
  begin (echo ("loop-back"), NULL, 0);
  call ("1", TRUE);
  g_assert_false (ticking);
  run (500, TRUE);
  g_assert_cmpuint (looped->len, ==, RATE / 2 * 2);
  for (guint i = 0; i < RATE / 2; i++)
    g_assert_cmpint (((gint16 *) (gpointer) looped->data)[i], ==,
        synthetic_voice (i, RATE));
  g_assert_cmpuint (counter ("turns"), ==, 1);
  finish ();
}

/* ---- Script */

#define GREETING \
  "[agent]\ngreeting=hello\nturns=answer\n" \
  "[answer hello]\naudio=tone:500,5000\ntext=Hello\n" \
  "[answer answer]\naudio=tone:700,400\n"

/* One burst of five seconds comes out as unbroken frames. */
static void
test_greeting (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  g_assert_cmpuint (run (40, FALSE), >=, 1);
  g_assert_cmpuint (counter ("pending") / GST_MSECOND, >=, 4900);
  g_assert_cmpuint (run (4900, FALSE), ==, 4900 / 20);
  run (400, FALSE);
  g_assert_cmpuint (n_spoken, ==, 5000 / 20);
  g_assert_nonnull (find_fact ("aiagent/transcript", NULL));
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, 5000);
  finish ();
}

/* Nobody waited for it, but its first sound has a time. */
static void
test_greeting_is_timed (void)
{
  begin_script (GREETING, NULL, 0);
  now = 100 * GST_MSECOND;
  call ("1", TRUE);
  const guint64 silent = now / GST_MSECOND;
  while (!step (FALSE))
    ;
  const guint64 out = turn_ms ("response-started", "first-audio-out");
  g_assert_cmpuint (out, >=, silent);
  g_assert_cmpuint (out, <, now / GST_MSECOND);
  g_assert_cmpuint (out, >=, now / GST_MSECOND - 20);
  g_assert_cmpuint (turn_ms ("response-started", "turn-around"), ==, 0);
  g_assert_cmpuint (counter ("turn-around-last"), ==, 0);
  finish ();
}

/* Silent within 150 ms of the first word, and exact about what was heard. */
static void
test_barge_in (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1500, FALSE);
  guint late = 0;
  while (step (TRUE))
    late++;
  g_assert_cmpuint (late * 20, <=, 140);
  guint spoken = n_spoken;
  g_assert_cmpuint (counter ("interruptions"), ==, 0);
  g_assert_cmpuint (run (500, TRUE), ==, 0);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, spoken * 20);
  g_assert_cmpuint (turn_ms ("interrupted", "total"), ==, 5000);
  g_assert_cmpuint (run (500, TRUE), ==, 0);
  /* And the answer to what was said. */
  g_assert_cmpuint (run (1500, FALSE), ==, 400 / 20);
  g_assert_cmpuint (counter ("interruptions"), ==, 1);
  g_assert_cmpuint (counter ("heard"), ==, n_spoken * FRAME_TIME);
  finish ();
}

/* What is too short to be an interruption is none: the answer goes on with the sample
 * behind the pause, and nobody answers what was heard. */
static void
test_second_thoughts (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (6000, FALSE);
  g_autoptr (GByteArray) all = g_byte_array_ref (said);
  finish ();
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1500, FALSE);
  run (200, TRUE);
  run (5500, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 0);
  g_assert_cmpuint (n_spoken, ==, 5000 / 20);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, 5000);
  g_assert_cmpuint (said->len, ==, all->len);
  /* It was softer while it might have been one. */
  const gint16 *one = (gconstpointer) said->data;
  const gint16 *other = (gconstpointer) all->data;
  guint softer = 0;
  for (guint i = 0; i < said->len / 2; i++) {
    g_assert_cmpint (ABS (one[i]), <=, ABS (other[i]));
    softer += one[i] != other[i];
  }
  g_assert_cmpuint (softer, >, 0);
  g_assert_cmpuint (softer, <, RATE / 5);
  finish ();
}

/* Said into the last words it may be the answer to them. */
static void
test_into_last_words (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (4700, FALSE); /* of 5000 */
  run (200, TRUE);
  run (2500, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 0);
  g_assert_cmpuint (n_spoken, ==, (5000 + 400) / 20);
  finish ();
}

static void
test_no_doubt (void)
{
  begin_script (GREETING, "barge-in-confirm", 0);
  call ("1", TRUE);
  run (1500, FALSE);
  run (200, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 1);
  run (1500, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 0);
  finish ();
}

/* A channel that saves silence: nothing more comes that could end the doubt, and the agent
 * goes on all the same, as loud as ever. */
static void
test_unheard_in_doubt (void)
{
  guint8 out[RATE / 50 * 2];
  guint spoken = 0;

  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1500, FALSE);
  run (160, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  for (guint i = 0; i < 100; i++, now += FRAME_TIME)
    spoken += agent_session_speak (session, out, now, &controls);
  g_assert_cmpuint (spoken, >=, 70);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
  finish ();
}

/* ... and what was said so into its last words counts, as if silence had come behind it. */
static void
test_unheard_answer (void)
{
  guint8 out[RATE / 50 * 2];

  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (4700, FALSE);
  run (160, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  for (guint i = 0; i < 150; i++, now += FRAME_TIME)
    agent_session_speak (session, out, now, &controls);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-started"), ==, 2);
  finish ();
}

/* The call is held in the doubt: what was being said is said when it is taken back. */
static void
test_held_in_doubt (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1500, FALSE);
  run (160, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_HELD);
  run (1000, FALSE);
  call_by (AGENT_SINK, "1", GST_VOICE_CALL_RESUMED);
  g_assert_cmpuint (run (3000, FALSE), >=, 140);
  finish ();
}

static gboolean
was_ignored (const gchar *state)
{
  const GstStructure *fact = find_fact ("aiagent/turn", state);
  gboolean ignored = FALSE;

  g_assert_nonnull (fact);
  g_assert_true (gst_structure_get_boolean (fact, "ignored", &ignored));
  return ignored;
}

/* What is ignored is not answered either, or said not to be understood. */
static void
test_barge_in_ignored (void)
{
  begin_script (GREETING, "barge-in", AGENT_BARGE_IN_IGNORE);
  call ("1", TRUE);
  run (1000, FALSE);
  g_assert_cmpuint (run (1000, TRUE), ==, 1000 / 20);
  run (5000, FALSE);
  g_assert_cmpuint (counter ("interruptions"), ==, 0);
  g_assert_cmpuint (n_spoken, ==, 5000 / 20);
  g_assert_true (was_ignored ("speech-started"));
  g_assert_true (was_ignored ("speech-stopped"));
  run (600, TRUE);
  run (2000, FALSE);
  g_assert_cmpuint (n_spoken, ==, (5000 + 400) / 20);
  finish ();
}

/* Who begins before the agent has finished and goes on is heard; its echo is not. */
static void
test_goes_on_behind_ignored (gconstpointer more)
{
  const guint ms = GPOINTER_TO_UINT (more);

  begin_script (GREETING, "barge-in", AGENT_BARGE_IN_IGNORE);
  call ("1", TRUE);
  run (4800, FALSE);
  run (300 + ms, TRUE); /* the greeting lasts 5000 */
  run (2000, FALSE);
  g_assert_cmpuint (n_spoken, ==, (5000 + (ms > 300 ? 400 : 0)) / 20);
  finish ();
}

static void
test_not_interruptible (void)
{
  begin_script ("[agent]\ngreeting=legal\n"
                "[answer legal]\naudio=tone:500,2000\ninterruptible=false\n",
      NULL, 0);
  call ("1", TRUE);
  run (500, FALSE);
  run (1000, TRUE);
  g_assert_false (agent_session_interrupt (session));
  run (2000, FALSE);
  g_assert_cmpuint (n_spoken, ==, 2000 / 20);
  g_assert_cmpuint (counter ("interruptions"), ==, 0);
  finish ();
}

/* A network that is slow to hear of the interruption. */
static void
test_late_audio_is_dropped (void)
{
  begin_script ("[agent]\ngreeting=hello\nburst=100\nburst-interval=60\n"
                "[answer hello]\naudio=tone:500,5000\nlate=300\n",
      NULL, 0);
  call ("1", TRUE);
  run (600, FALSE);
  g_assert_true (agent_session_interrupt (session));
  g_assert_false (agent_session_interrupt (session));
  guint heard = n_spoken;
  g_assert_cmpuint (run (1000, FALSE), ==, 0);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, heard * 20);
  finish ();
}

static GstVoiceControl
next_control (void)
{
  GstVoiceControl control;
  GstEvent *event = g_queue_peek_head (&controls);

  g_assert_nonnull (event);
  g_assert_true (gst_voice_control_event_parse (event, &control));
  return control;
}

static void
test_hang_up_after_last_word (void)
{
  begin_script ("[agent]\ngreeting=bye\n"
                "[answer bye]\naudio=tone:500,1010\ntool=hang-up\n",
      NULL, 0);
  call ("1", TRUE);
  for (guint i = 0; i < 100 && g_queue_is_empty (&controls); i++)
    step (FALSE);
  /* With the last of fifty-one frames, not one later. */
  g_assert_cmpuint (n_spoken, ==, 51);
  g_assert_cmpint (next_control ().action, ==, GST_VOICE_CONTROL_HANG_UP);
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 1);
  const GstVoiceControlResult result = { GST_VOICE_CONTROL_HANG_UP, "bye",
    "accepted", NULL };
  agent_session_result (session, &result);
  g_assert_cmpuint (count_facts ("aiagent/tool", "done"), ==, 1);
  finish ();
}

static void
test_interrupted_hang_up (void)
{
  begin_script ("[agent]\ngreeting=bye\n"
                "[answer bye]\naudio=tone:500,1000\ntool=hang-up\n",
      NULL, 0);
  call ("1", TRUE);
  run (500, FALSE);
  run (400, TRUE);
  run (2000, FALSE);
  g_assert_true (g_queue_is_empty (&controls));
  finish ();
}

static void
test_tool_before_audio (void)
{
  begin_script ("[agent]\ngreeting=menu\n[answer menu]\naudio=tone:500,200\n"
                "tool=send-dtmf\ntool-target=12#\ntool-when=before\n",
      NULL, 0);
  call ("1", TRUE);
  while (g_queue_is_empty (&controls) && n_spoken < 5)
    step (FALSE);
  g_assert_cmpuint (n_spoken, <=, 1);
  g_assert_cmpint (next_control ().action, ==, GST_VOICE_CONTROL_SEND_DTMF);
  g_assert_cmpstr (next_control ().target, ==, "12#");
  finish ();
}

static void
test_own_tool (void)
{
  begin_script ("[agent]\ngreeting=a\n[answer a]\naudio=tone:500,20\n"
                "tool=look-up\ntool-target={}\n",
      NULL, 0);
  call ("1", TRUE);
  run (200, FALSE);
  const GstStructure *fact = find_fact ("aiagent/tool", "called");
  g_assert_nonnull (fact);
  g_assert_cmpstr (gst_structure_get_string (fact, "name"), ==, "look-up");
  g_assert_cmpstr (gst_structure_get_string (fact, "arguments"), ==, "{}");
  g_assert_true (g_queue_is_empty (&controls));
  finish ();
}

/* A digit while an answer is still coming in bursts: the new answer is heard. */
static void
test_digit_amid_answer (void)
{
  begin_script ("[agent]\ngreeting=menu\nburst=100\nburst-interval=100\n"
                "think-time=0\ndigit-5=five\n"
                "[answer menu]\naudio=tone:500,2000\n"
                "[answer five]\naudio=tone:700,300\n",
      NULL, 0);
  call ("1", TRUE);
  run (500, FALSE);
  agent_session_digit (session, '5');
  run (4000, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-done"), ==, 2);
  g_assert_cmpuint (counter ("pending"), ==, 0);
  finish ();
}

static void
test_failures (void)
{
  begin_script ("[agent]\ngreeting=a\n"
                "[answer a]\naudio=tone:500,100\nfailure=error\n",
      NULL, 0);
  call ("1", TRUE);
  run (300, FALSE);
  g_assert_cmpuint (n_failures, ==, 1);
  finish ();
  begin_script ("[agent]\ngreeting=a\n"
                "[answer a]\naudio=tone:500,1000\nfailure=stall\n",
      NULL, 0);
  call ("1", TRUE);
  run (2000, FALSE);
  g_assert_cmpuint (n_spoken, ==, 500 / 20);
  g_assert_cmpuint (n_failures, ==, 0);
  /* The caller has the last word all the same. */
  g_assert_true (agent_session_interrupt (session));
  finish ();
}

/* The VAD does not know this rate. */
static void
test_24_khz (void)
{
  begin_script ("[agent]\nrate=24000\nturns=a\n"
                "[answer a]\naudio=tone:500,200\n",
      NULL, 0);
  g_assert_cmpuint (rate, ==, 24000);
  call ("1", TRUE);
  run (200, FALSE);
  run (600, TRUE);
  g_assert_cmpuint (run (1500, FALSE), ==, 200 / 20);
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), >=, 180);
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), <=, 270);
  finish ();
}

/* One answer each, and the last one again; a caller who goes on before the answer
 * began is still in the same turn. */
static void
test_turns_in_order (void)
{
  begin_script ("[agent]\nthink-time=400\nturns=a;b\n"
                "[answer a]\naudio=tone:500,200\n"
                "[answer b]\naudio=tone:500,500\n",
      NULL, 0);
  call ("1", TRUE);
  run (200, FALSE);
  run (600, TRUE);
  g_assert_cmpuint (run (500, FALSE), ==, 0);
  run (600, TRUE);
  g_assert_cmpuint (run (2000, FALSE), ==, 200 / 20);
  for (guint i = 0; i < 2; i++) {
    run (600, TRUE);
    g_assert_cmpuint (run (2000, FALSE), ==, 500 / 20);
  }
  finish ();
}

static void
test_bad_script (void)
{
  g_autoptr (GError) error = NULL;

  begin_session (g_object_new (AGENT_TYPE_SCRIPT, NULL), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_nonnull (strstr (error->message, "agent-file"));
  finish ();
}

static gboolean stop;

static gpointer
tick_all_the_time (gpointer backend)
{
  while (!g_atomic_int_get (&stop))
    agent_backend_tick (backend);
  return NULL;
}

/* A last tick is still at work when the file is read anew. */
static void
test_loaded_again (void)
{
  g_autoptr (GstVoiceAgentBackend) backend =
      script ("[agent]\ngreeting=hello\nburst=20\nburst-interval=0\n"
              "[answer hello]\naudio=tone:500,60000\n");
  g_autofree gchar *path =
      g_strdup (g_object_get_data (G_OBJECT (backend), "path"));
  g_autoptr (GError) error = NULL;
  GstVoiceFormat format;

  begin (g_object_ref (backend), NULL, 0);
  call ("1", TRUE);
  g_atomic_int_set (&stop, FALSE);
  GThread *thread = g_thread_new ("tick", tick_all_the_time, backend);
  for (guint i = 0; i < 50; i++) {
    agent_backend_open (backend, NULL, rate);
    g_usleep (200);
    agent_backend_prepare (backend, &format, &error);
    g_assert_no_error (error);
  }
  g_atomic_int_set (&stop, TRUE);
  g_thread_join (thread);
  finish ();
  g_remove (path);
}

/* ---- Calls */

/* The second caller meets an agent that knows nothing of the first. */
static void
test_two_calls (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1000, FALSE);
  call ("1", FALSE);
  g_assert_false (ticking);
  guint first = n_spoken;
  run (500, TRUE);
  g_assert_cmpuint (n_spoken, ==, first);
  call ("2", TRUE);
  run (200, FALSE);
  g_assert_cmpuint (n_spoken, >=, first + 9);
  g_assert_cmpuint (counter ("dialogues"), ==, 2);
  g_assert_cmpuint (counter ("turns"), ==, 0);
  run (6000, FALSE);
  g_assert_cmpuint (n_spoken, ==, first + 5000 / 20);
  finish ();
}

/* Both elements of a channel tell of a call; one may be behind. */
static void
test_late_end_of_other_call (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  call ("1", TRUE);
  run (100, FALSE);
  call ("1", FALSE);
  call ("2", TRUE);
  call ("1", FALSE);
  g_assert_true (ticking);
  g_assert_cmpuint (run (500, FALSE), >=, 24);
  g_assert_cmpuint (counter ("dialogues"), ==, 2);
  call ("2", FALSE);
  g_assert_false (ticking);
  finish ();
}

/* A call whose end nobody told. */
static void
test_next_call_ends_the_last (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (1000, FALSE);
  call ("2", TRUE);
  guint first = n_spoken;
  run (6000, FALSE);
  g_assert_cmpuint (n_spoken - first, ==, 5000 / 20);
  g_assert_cmpuint (counter ("dialogues"), ==, 2);
  finish ();
}

/* No channel: the first sound begins, and the answer to the last sound is said
 * before the end. */
static void
test_without_calls (void)
{
  begin_script ("[agent]\nthink-time=500\nturns=a\n"
                "[answer a]\naudio=tone:500,600\n",
      NULL, 0);
  run (3000, FALSE);
  g_assert_true (ticking);
  run (600, TRUE);
  agent_session_caller_gone (session);
  g_assert_cmpuint (n_ends, ==, 0);
  guint8 out[1920];
  for (guint i = 0; i < 200 && !n_ends; i++, now += FRAME_TIME)
    n_spoken += agent_session_speak (session, out, now, &controls);
  g_assert_cmpuint (n_spoken, ==, 600 / 20);
  g_assert_cmpuint (n_ends, ==, 1);
  finish ();
}

static void
test_stream_of_call_ends (void)
{
  begin_script (GREETING, NULL, 0);
  call ("1", TRUE);
  run (200, FALSE);
  agent_session_caller_gone (session);
  g_assert_cmpuint (n_ends, ==, 1);
  finish ();
}

/* ---- Halves, commands */

static void
test_busy_and_contradiction (void)
{
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  const AgentChoice nothing = { 0 };
  g_autoptr (GError) error = NULL;

  begin_session (NULL, "end-of-turn-min", 500);
  g_assert_false (agent_session_attach (session, AGENT_SINK, halves[AGENT_SINK],
      settings, &nothing, &listener, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  g_clear_error (&error);
  agent_session_detach (session, AGENT_SRC);
  set_setting (settings, "end-of-turn-min", 400);
  g_assert_false (agent_session_attach (session, AGENT_SRC, halves[AGENT_SRC],
      settings, &nothing, &listener, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  finish ();
}

/* What comes too late to be obeyed is refused, not ignored. */
static void
test_late_backend (void)
{
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  g_autoptr (GstVoiceAgentBackend) other = echo ("loop-back");
  const AgentChoice choice = { other, AGENT_CHOSEN_AS_OBJECT };
  g_autoptr (GError) error = NULL;

  begin (echo ("turn"), NULL, 0);
  agent_session_detach (session, AGENT_SRC);
  g_assert_false (agent_session_attach (session, AGENT_SRC, halves[AGENT_SRC],
      settings, &choice, &listener, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  finish ();
}

static void
test_listens_alone (void)
{
  begin (echo ("turn"), NULL, 0);
  agent_session_detach (session, AGENT_SRC);
  call ("1", TRUE);
  run (200, FALSE);
  run (600, TRUE);
  run (600, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 1);
  finish ();
}

static void
test_commands (void)
{
  begin (echo ("turn"), NULL, 0);
  g_assert_false (agent_session_say (session, "Hello"));
  g_assert_false (agent_session_interrupt (session));
  call ("1", TRUE);
  g_assert_false (agent_session_say (session, "Hello"));
  g_assert_false (agent_session_interrupt (session));
  finish ();
}

static void
test_no_detection (void)
{
  begin (echo ("turn"), "turn-detection", AGENT_TURN_DETECTION_NONE);
  call ("1", TRUE);
  run (200, FALSE);
  run (600, TRUE);
  run (1000, FALSE);
  g_assert_cmpuint (facts->len, ==, 0);
  g_assert_cmpuint (counter ("turns"), ==, 0);
  finish ();
}

/* An application keeps its backend longer than the dialogue. */
static void
test_backend_outlives_session (void)
{
  GstVoiceAgentBackend *backend = echo ("turn");

  begin (g_object_ref (backend), NULL, 0);
  call ("1", TRUE);
  run (100, FALSE);
  finish ();
  g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, 0, TRUE), ==,
      0);
  g_object_unref (backend);
}

static const struct
{
  const gchar *name;
  GTestFunc func;
} tests[] = {
  { "echo/turn", test_echo_turn },
  { "echo/identical", test_echo_is_identical },
  { "echo/loop-back", test_loop_back },
  { "script/greeting", test_greeting },
  { "script/greeting-is-timed", test_greeting_is_timed },
  { "script/barge-in", test_barge_in },
  { "script/second-thoughts", test_second_thoughts },
  { "script/into-last-words", test_into_last_words },
  { "script/no-doubt", test_no_doubt },
  { "script/held-in-doubt", test_held_in_doubt },
  { "script/unheard-in-doubt", test_unheard_in_doubt },
  { "script/unheard-answer", test_unheard_answer },
  { "script/barge-in-ignored", test_barge_in_ignored },
  { "script/not-interruptible", test_not_interruptible },
  { "script/late-audio", test_late_audio_is_dropped },
  { "script/hang-up", test_hang_up_after_last_word },
  { "script/interrupted-hang-up", test_interrupted_hang_up },
  { "script/tool-before", test_tool_before_audio },
  { "script/own-tool", test_own_tool },
  { "script/digit", test_digit_amid_answer },
  { "script/failures", test_failures },
  { "script/24-khz", test_24_khz },
  { "script/turns-in-order", test_turns_in_order },
  { "script/bad", test_bad_script },
  { "script/loaded-again", test_loaded_again },
  { "calls/path", test_path },
  { "calls/two", test_two_calls },
  { "calls/late-end", test_late_end_of_other_call },
  { "calls/end-not-told", test_next_call_ends_the_last },
  { "calls/none", test_without_calls },
  { "calls/stream-ends", test_stream_of_call_ends },
  { "halves/busy", test_busy_and_contradiction },
  { "halves/late-backend", test_late_backend },
  { "halves/sink-alone", test_listens_alone },
  { "commands", test_commands },
  { "no-detection", test_no_detection },
  { "backend-outlives", test_backend_outlives_session },
};

int
main (int argc, char **argv)
{
  /* The plugin, met by a scan, would register the types that are linked in here
   * a second time. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree gchar *path =
        g_strconcat ("/agentsession/", tests[i].name, NULL);
    g_test_add_func (path, tests[i].func);
  }
  g_test_add_data_func ("/agentsession/script/ignored-echo",
      GUINT_TO_POINTER (250), test_goes_on_behind_ignored);
  g_test_add_data_func ("/agentsession/script/ignored-goes-on",
      GUINT_TO_POINTER (800), test_goes_on_behind_ignored);
  return g_test_run ();
}
