/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* backend=openai in a dialogue: answers, turns, interruptions, tools. */

#include "openaidialogue.h"

static void
assert_used (guint64 input, guint64 output)
{
  const GstStructure *fact = wait_fact ("aiagent/usage", NULL);
  guint64 got[2] = { 0 };

  gst_structure_get_uint64 (fact, "input-tokens", &got[0]);
  gst_structure_get_uint64 (fact, "output-tokens", &got[1]);
  g_assert_cmpuint (got[0], ==, input);
  g_assert_cmpuint (got[1], ==, output);
}

static void
test_conversation (void)
{
  set_up ();
  begin (GST_VOICE_AGENT_BACKEND (new_openai ()), NULL, 0);
  call ("1", TRUE);
  g_autofree gchar *settings = agree (1);
  assert_has (settings, "\"type\":\"realtime\"");
  assert_has (settings, "{\"type\":\"audio/pcm\",\"rate\":24000}");
  assert_has (settings, "\"turn_detection\":{\"type\":\"server_vad\"");
  assert_has (settings, "\"voice\":\"marin\"");
  g_free (expect_sent ("response.create"));
  tell_answer (1, "R0", "I0", 1000, "Good morning.");
  run_until_fact ("aiagent/turn", "response-done");
  g_assert_cmpuint (turn_ms ("response-done", "heard"), ==, 1000);
  g_assert_cmpuint (n_spoken, ==, 50);
  assert_used (58, 31);
  /* The caller speaks, and is answered. */
  tell_speech (1, TRUE, "U1", 100);
  wait_fact ("aiagent/turn", "speech-started");
  tell_speech (1, FALSE, "U1", 900);
  tell (1,
      "{\"type\":\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"U1\",\"transcript\":\"What time is it?\"}");
  tell_answer (1, "R1", "I1", 500, "Ten.");
  run_until_spoken (1500);
  tear_down ();
}

/* All that can be set reaches the service. */
static void
test_settings (void)
{
  GObject *backend;

  set_up ();
  backend = new_openai ();
  g_object_set (backend, "instructions", "Be brief.", "voice", "cedar",
      "language", "de", "speed", 1.25, "max-output-tokens", 500,
      "silence-duration", 700, "greeting", "Guten Tag.", NULL);
  gst_util_set_object_arg (backend, "noise-reduction", "near-field");
  begin (GST_VOICE_AGENT_BACKEND (backend), NULL, 0);
  call ("1", TRUE);
  g_autofree gchar *settings = agree (1);
  assert_has (settings, "\"instructions\":\"Be brief.\"");
  assert_has (settings, "\"voice\":\"cedar\"");
  assert_has (settings, "\"language\":\"de\"");
  assert_has (settings, "\"speed\":1.25");
  assert_has (settings, "\"max_output_tokens\":500");
  assert_has (settings, "\"silence_duration_ms\":700");
  assert_has (settings, "\"noise_reduction\":{\"type\":\"near_field\"}");
  assert_has (settings, "\"name\":\"hang_up\"");
  expect_sent_with ("response.create", "Guten Tag.");
  tear_down ();
}

/* Nothing of it was audible: it goes as a whole. */
static void
test_unheard (void)
{
  GObject *backend;

  set_up ();
  backend = new_openai ();
  gst_util_set_object_arg (backend, "turn-detection-type", "semantic-vad");
  begin_call (backend, NULL, 0);
  tell_response (1, "R0", "I0");
  tell_audio (1, "R0", "I0", 400, 1000);
  while (!counter ("pending"))
    g_usleep (500);
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "Wait.");
  g_free (expect_sent ("response.cancel"));
  expect_sent_with ("conversation.item.delete", "\"item_id\":\"I0\"");
  expect_sent_with ("conversation.item.create", "Wait.");
  tell_done (1, "R0", "cancelled");
  g_free (expect_sent ("response.create")); /* once that one is over */
  tear_down ();
}

/* The service says when, on the time of what it was sent. */
static void
test_turn_times (void)
{
  set_up ();
  begin_call (new_openai (), NULL, 0);
  const GstClockTime began = now;
  run (2000, TRUE);
  tell_speech (1, TRUE, "U1", 100); /* 300 of padding */
  wait_fact ("aiagent/turn", "speech-started");
  tell_speech (1, FALSE, "U1", 1700); /* 500 of silence */
  wait_fact ("aiagent/turn", "speech-stopped");
  g_assert_cmpuint (turn_ms ("speech-started", "speech-start"), ==,
      began / GST_MSECOND + 400);
  g_assert_cmpuint (turn_ms ("speech-stopped", "speech-end"), ==,
      began / GST_MSECOND + 1200);
  tear_down ();
}

/* What was heard is known to the ms, and the rest is taken out of the conversation. */
static void
test_barge_in (void)
{
  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_response (1, "R0", "I0");
  tell_words (1, "R0", "I0", "One two three four five.");
  tell_audio (1, "R0", "I0", 5000, 1000);
  run_until_spoken (1000);
  tell_speech (1, TRUE, "U1", 700);
  g_autofree gchar *truncate = expect_sent ("conversation.item.truncate");
  assert_has (truncate, "\"item_id\":\"I0\"");
  assert_has (truncate, "\"audio_end_ms\":1000}");
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, 1000);
  /* What comes late of it is not heard. */
  tell_audio (1, "R0", "I0", 1000, 1000);
  tell_done (1, "R0", "cancelled");
  tell_speech (1, FALSE, "U1", 1500);
  wait_fact ("aiagent/turn", "speech-stopped");
  g_assert_cmpuint (run (200, FALSE), ==, 0);
  tell_answer (1, "R1", "I1", 400, "Yes?");
  run_until_spoken (1400);
  tear_down ();
}

static void
hear_into_answer (guint i, guint ms)
{
  g_autofree gchar *response = g_strdup_printf ("R%u", i);
  g_autofree gchar *item = g_strdup_printf ("I%u", i);
  const guint before = n_spoken;

  tell_response (1, response, item);
  tell_audio (1, response, item, 2000, 1000);
  run_until_spoken (before * 20 + ms);
}

/* With turns of ours, a hundred times: the service is told to the frame what was heard, and
 * never asked for an answer while there is one. */
static void
test_hundred_interruptions (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);

  set_up ();
  begin_call (new_openai (), "turn-detection", AGENT_TURN_DETECTION_ELEMENT);
  for (guint i = 0; i < 100; i++) {
    const guint ms = 20 * (guint) g_rand_int_range (rand, 1, 50);
    const guint before = n_spoken;
    hear_into_answer (i, ms);
    while (step (TRUE)) {
    }
    const guint heard = (n_spoken - before) * 20;
    run (500, TRUE); /* it is certain then */
    g_autofree gchar *expected =
        g_strdup_printf ("\"audio_end_ms\":%u}", heard);
    g_free (expect_sent ("response.cancel"));
    expect_sent_with ("conversation.item.truncate", expected);
    g_autofree gchar *response = g_strdup_printf ("R%u", i);
    tell_done (1, response, "cancelled");
    run (900, FALSE);
    g_free (expect_sent ("input_audio_buffer.commit"));
    g_free (expect_sent ("response.create"));
  }
  g_assert_cmpuint (counter ("interruptions"), ==, 100);
  tear_down ();
}

static void
test_tool (void)
{
  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_response (1, "R0", NULL);
  tell (1,
      "{\"type\":\"response.function_call_arguments.done\","
      "\"response_id\":\"R0\",\"item_id\":\"F\",\"call_id\":\"C\","
      "\"name\":\"look_up\",\"arguments\":\"{\\\"what\\\":\\\"time\\\"}\"}");
  tell_done (1, "R0", "completed");
  const GstStructure *tool = wait_fact ("aiagent/tool", NULL);
  g_assert_cmpstr (gst_structure_get_string (tool, "name"), ==, "look_up");
  g_assert_cmpstr (gst_structure_get_string (tool, "arguments"), ==,
      "{\"what\":\"time\"}");
  g_assert_true (agent_session_tool_result (session, "C", "{\"is\":\"ten\"}"));
  expect_sent_with ("conversation.item.create",
      "\"type\":\"function_call_output\",\"call_id\":\"C\"");
  g_free (expect_sent ("response.create"));
  tear_down ();
}

/* Written words, keys, what is to be said, and what the agent is to be. */
static void
test_in_writing (void)
{
  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_answer (1, "R0", "I0", 200, "Hello.");
  run_until_fact ("aiagent/turn", "response-done");
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "Are you there?");
  expect_sent_with ("conversation.item.create", "Are you there?");
  g_free (expect_sent ("response.create"));
  tell_answer (1, "R1", "I1", 5000, "I am.");
  run_until_spoken (400);
  agent_session_digit (session, '4');
  agent_session_digit (session, '2');
  agent_session_digit (session, '#');
  expect_sent_with ("conversation.item.truncate", "\"item_id\":\"I1\"");
  expect_sent_with ("conversation.item.create", "keys of the telephone: 42#");
  g_free (expect_sent ("response.create"));
  tell_answer (1, "R2", "I2", 200, "42.");
  run_until_spoken (600);
  agent_session_input (session, GST_VOICE_INPUT_INSTRUCTIONS, "Be brief.");
  expect_sent_with ("session.update", "\"instructions\":\"Be brief.\"");
  g_assert_true (agent_session_say (session, "Good bye."));
  expect_sent_with ("response.create", "Good bye.");
  tear_down ();
}

/* What the agent is is the owner's business, unless he says otherwise. */
static void
test_instructions (void)
{
  set_up ();
  begin_call (new_openai (), "caller-instructions", 0);
  tell_answer (1, "R0", "I0", 200, "Hello.");
  run_until_fact ("aiagent/turn", "response-done");
  agent_session_input (session, GST_VOICE_INPUT_INSTRUCTIONS, "Be a pirate.");
  run_until_fact ("aiagent/input", "refused");
  tear_down ();
}

static void
add_transcript (GString *all, const gchar *role)
{
  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    gboolean final = FALSE;
    if (gst_structure_has_name (fact, "aiagent/transcript") &&
        gst_structure_get_boolean (fact, "final", &final) && final &&
        !g_strcmp0 (gst_structure_get_string (fact, "role"), role))
      g_string_append_printf (all, "%s|",
          gst_structure_get_string (fact, "text"));
  }
  g_mutex_unlock (&facts_lock);
}

/* Who was interrupted has said what was heard of it. */
static void
test_transcripts (void)
{
  g_autoptr (GString) agent = g_string_new (NULL);
  g_autoptr (GString) caller = g_string_new (NULL);

  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_response (1, "R0", "I0");
  tell_words (1, "R0", "I0", "One two");
  tell_audio (1, "R0", "I0", 2000, 1000);
  tell_words (1, "R0", "I0", " three four.");
  run_until_spoken (1000);
  tell_speech (1, TRUE, "U1", 700);
  g_free (expect_sent ("conversation.item.truncate"));
  tell_speech (1, FALSE, "U1", 1500);
  tell (1,
      "{\"type\":\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"U1\",\"transcript\":\"Stop!\"}");
  tell_answer (1, "R1", "I1", 200, "Yes.");
  run_until_fact ("aiagent/turn", "response-done");
  add_transcript (caller, "caller");
  add_transcript (agent, "agent");
  g_assert_cmpstr (caller->str, ==, "Stop!|");
  g_assert_true (g_str_has_suffix (agent->str, "|Yes.|"));
  g_assert_true (g_str_has_prefix (agent->str, "One two"));
  g_assert_null (strstr (agent->str, "four"));
  tear_down ();
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openai/conversation", test_conversation);
  g_test_add_func ("/openai/settings", test_settings);
  g_test_add_func ("/openai/unheard", test_unheard);
  g_test_add_func ("/openai/turn-times", test_turn_times);
  g_test_add_func ("/openai/barge-in", test_barge_in);
  g_test_add_func ("/openai/hundred-interruptions", test_hundred_interruptions);
  g_test_add_func ("/openai/tool", test_tool);
  g_test_add_func ("/openai/in-writing", test_in_writing);
  g_test_add_func ("/openai/instructions", test_instructions);
  g_test_add_func ("/openai/transcripts", test_transcripts);
  return g_test_run ();
}
