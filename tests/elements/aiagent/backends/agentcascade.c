/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* backend=cascade against servers that do as the test says: conversations. */

#include "agentcascadetest.h"

#define TRANSCRIBE "/audio/transcriptions"
#define CHAT "/chat/completions"
#define SPEAK "/audio/speech"

/* ---- Turns */

static void
test_conversation (void)
{
  begin_cascade ("instructions", "You know capitals.", "language", "en",
      "stt-model", "whisper-1", NULL);
  until_fact ("aiagent/backend", "ready", 1);
  until_said ("Hello, how can I help you?");
  until_done (1);
  chat_server_answer_transcript (server, "what is the capital of france");
  chat_server_answer_words (server,
      "The capital of France is Paris. It lies on the Seine.", 0, 0,
      CHAT_SERVER_ENDS);
  speak_turn ();
  until_said ("The capital of France is Paris.");
  until_said ("It lies on the Seine.");
  until_done (2);
  g_assert_cmpuint (count_texts ("caller", "capital of france"), ==, 1);
  expect_asked (CHAT,
      "\"model\":\"small\",\"messages\":[{\"role\":\"system\","
      "\"content\":\"You know capitals.\"},");
  chat_server_answer_transcript (server, "thanks");
  speak_turn ();
  expect_asked (CHAT,
      "{\"role\":\"user\",\"content\":\"what is the capital of "
      "france\"},{\"role\":\"assistant\",\"content\":\"The "
      "capital of France is Paris. It lies on the Seine.\"},"
      "{\"role\":\"user\",\"content\":\"thanks\"}");
  until_done (3);
  finish_cascade ();
}

#define CHUNK(rest) "data: {\"choices\":[" rest "}\n\n"
#define WORDS CHUNK ("{\"delta\":{\"content\":\"Yes.\"}}]")
#define FINISH(rest) CHUNK ("{\"delta\":{},\"finish_reason\":\"stop\"}]" rest)
#define USED(out) \
  ",\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":" out "}"

/* The next answer, a piece of it each 100 ms. */
static void
answer_pieces (const gchar *const *texts, ChatServerEnd end)
{
  g_autoptr (GPtrArray) pieces =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (; *texts; texts++)
    g_ptr_array_add (pieces, g_bytes_new (*texts, strlen (*texts)));
  chat_server_answer (server, CHAT, 200, "text/event-stream", pieces, 0, 100,
      end);
}

static guint64
get_output (guint n)
{
  guint64 output = 0;

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    if (gst_structure_has_name (fact, "aiagent/usage") && n-- == 0)
      gst_structure_get_uint64 (fact, "output-tokens", &output);
  }
  g_mutex_unlock (&facts_lock);
  return output;
}

/* With the end, behind it, also if that is the last that ever comes: told once, and nobody
 * waits for it. A server that does not tell is not asked, and nothing made up. */
static void
test_usage (void)
{
  static const gchar *const with[] = { WORDS, FINISH (USED ("11")), NULL };
  static const gchar *const behind[] = { WORDS, FINISH (""), CHUNK ("]"),
    CHUNK ("]" USED ("12")), "data: [DONE]\n\n", NULL };
  static const gchar *const last[] = { WORDS, FINISH (""),
    "data: {\"choices\":[]" USED ("13") "}", NULL };

  begin_cascade ("greeting", "", NULL);
  answer_pieces (with, CHAT_SERVER_STALLS);
  speak_turn ();
  until_done (1);
  g_assert_cmpuint (get_output (0), ==, 11);
  answer_pieces (behind, CHAT_SERVER_STALLS);
  speak_turn ();
  until_fact ("aiagent/turn", "response-started", 2);
  g_assert_cmpuint (count_facts ("aiagent/usage", NULL), ==, 1);
  until_fact ("aiagent/usage", NULL, 2);
  g_assert_cmpuint (get_output (1), ==, 12);
  until_done (2);
  answer_pieces (last, CHAT_SERVER_ENDS);
  speak_turn ();
  until_fact ("aiagent/usage", NULL, 3);
  g_assert_cmpuint (get_output (2), ==, 13);
  until_done (3);
  speak_turn ();
  until_done (4);
  g_assert_cmpuint (count_facts ("aiagent/usage", NULL), ==, 3);
  finish_cascade ();
}

static guint
number_at (const gchar *data, guint at)
{
  guint32 number;

  memcpy (&number, data + at, 4);
  return GUINT32_FROM_LE (number);
}

/* The next turn that the recogniser is sent. */
static guint
next_turn_ms (void)
{
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_ASKED, TRANSCRIBE);
  gsize size;
  const gchar *body = g_bytes_get_data (event->body, &size);
  const gchar *wav = g_strstr_len (body, (gssize) size, "RIFF");

  g_assert_nonnull (wav);
  return number_at (wav, 40) / (number_at (wav, 24) / 1000 * 2);
}

/* The whole turn, with what was said before it was found to be one. */
static void
test_sound_of_turn (void)
{
  begin_cascade ("greeting", "", "language", "de", "stt-model", "w", NULL);
  run (600, FALSE);
  run (1000, TRUE);
  until_fact ("aiagent/turn", "speech-stopped", 1);
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_ASKED, TRANSCRIBE);
  gsize size;
  const gchar *body = g_bytes_get_data (event->body, &size);
  const gchar *wav = g_strstr_len (body, (gssize) size, "RIFF");
  g_assert_nonnull (wav);
  g_assert_cmpuint (number_at (wav, 24), ==, RATE);
  const guint ms = number_at (wav, 40) / (RATE / 1000 * 2);
  g_assert_cmpuint (ms, >=, 1000 + 300);
  g_assert_cmpuint (ms, <=, 1000 + 300 + 700);
  g_assert_nonnull (g_strstr_len (body, (gssize) size, "name=\"language\""));
  g_assert_nonnull (
      g_strstr_len (body, (gssize) size, "filename=\"turn.wav\""));
  g_assert_nonnull (strstr (event->headers, "multipart/form-data"));
  until_done (1);
  finish_cascade ();
}

/* The recogniser never answers, and the caller goes on: it is not sent more and more. */
static void
test_unheard_is_bounded (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  begin_cascade ("greeting", "", NULL);
  for (guint i = 0; i < 4; i++) {
    chat_server_answer (server, TRANSCRIBE, 200, "application/json", none, 0, 0,
        CHAT_SERVER_STALLS);
    run (25000, TRUE);
    until_fact ("aiagent/turn", "speech-stopped", i + 1);
    const guint ms = next_turn_ms ();
    g_assert_cmpuint (ms, <=, 60100);
    g_assert_cmpuint (ms, >=, MIN (60000, (i + 1) * 25000));
  }
  finish_cascade ();
}

/* A noise: nobody is asked what to say to it. */
static void
test_no_words (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_transcript (server, " ");
  speak_turn ();
  until_fact ("aiagent/transcript", NULL, 1);
  g_assert_cmpuint (quiet_for (1000), ==, 0);
  g_assert_null (chat_server_pop (server, CHAT_SERVER_ASKED, CHAT));
  speak_turn ();
  until_said ("Yes, of course.");
  finish_cascade ();
}

static void
test_server_voice (void)
{
  begin_server ();
  new_cascade ("greeting", "", "tts", chat_server_get_uri (server), "voice",
      "alloy", "tts-model", "tts-1", NULL);
  begin_dialogue ();
  chat_server_answer_words (server, "One sentence. Another one.", 0, 0,
      CHAT_SERVER_ENDS);
  chat_server_answer_sound (server, 700);
  chat_server_answer_sound (server, 300);
  speak_turn ();
  /* by two connections at once: nobody knows which comes first */
  g_autofree gchar *one = next_body (SPEAK), *other = next_body (SPEAK);
  g_autofree gchar *both = g_strconcat (one, other, NULL);
  g_assert_nonnull (strstr (both,
      "{\"model\":\"tts-1\",\"voice\":\"alloy\",\"input\":"
      "\"One sentence.\",\"response_format\":\"pcm\"}"));
  g_assert_nonnull (strstr (both, "\"input\":\"Another one.\""));
  until_done (1);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), >=, 980);
  g_assert_cmpuint (turn_ms ("response-done", "heard"), <=, 1040);
  finish_cascade ();
}

static guint64
stage_ns (const gchar *stage)
{
  const GstStructure *fact = find_fact ("aiagent/turn", "response-started");
  guint64 value = 0;

  g_assert_true (gst_structure_get_uint64 (fact, stage, &value));
  return value;
}

/* The first sentence is heard while the model still writes. */
static void
test_first_sentence (gconstpointer delay)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_words (server, "First one. Second",
      GPOINTER_TO_UINT (delay), 20, CHAT_SERVER_STALLS);
  speak_turn ();
  until_said ("First one.");
  until_fact ("aiagent/turn", "response-started", 1);
  g_assert_cmpuint (count_texts ("agent", "Second"), ==, 0);
  /* which is where the caller's time went */
  g_assert_cmpuint (turn_ms ("response-started", "model"), >=,
      GPOINTER_TO_UINT (delay));
  g_assert_cmpuint (stage_ns ("transcriber"), >, 0);
  g_assert_cmpuint (stage_ns ("voice"), >, 0);
  finish_cascade ();
}

/* ---- Whoever goes on speaking */

/* The model is left alone, and what it writes late is heard by nobody. */
static void
test_new_turn_cancels (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_words (server, "This is old. And", 0, 10,
      CHAT_SERVER_REPEATS);
  speak_turn ();
  until_said ("This is old.");
  until_fact ("aiagent/turn", "response-started", 1);
  chat_server_answer_words (server, "This is new.", 0, 0, CHAT_SERVER_ENDS);
  speak_turn ();
  expect_gone (CHAT);
  until_said ("This is new.");
  until_done (1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 1);
  finish_cascade ();
}

/* The model is told what was heard, and not what it has written. */
static void
test_heard_words (void)
{
  const gchar *words = "One two three four five six seven eight nine ten.";

  begin_cascade ("greeting", "", NULL);
  chat_server_answer_words (server, words, 0, 0, CHAT_SERVER_ENDS);
  chat_server_answer_words (server, "Never heard.", 0, 0, CHAT_SERVER_ENDS);
  speak_turn ();
  until_said (words);
  run (1000, FALSE);
  speak_turn ();
  g_autofree gchar *first = next_body (CHAT), *second = next_body (CHAT);
  const gchar *heard = strstr (second, "\"assistant\",\"content\":\"One two");
  g_assert_nonnull (heard);
  g_assert_null (strstr (second, "nine"));
  finish_cascade ();
}

/* Who only draws breath is understood as a whole. */
static void
test_goes_on (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  begin_cascade ("greeting", "", NULL);
  chat_server_answer (server, TRANSCRIBE, 200, "application/json", none, 0, 0,
      CHAT_SERVER_STALLS);
  speak_turn ();
  g_autoptr (ChatServerEvent) first =
      chat_server_wait (server, CHAT_SERVER_ASKED, TRANSCRIBE);
  speak_turn ();
  g_autoptr (ChatServerEvent) second =
      chat_server_wait (server, CHAT_SERVER_ASKED, TRANSCRIBE);
  g_assert_cmpuint (g_bytes_get_size (second->body), >,
      g_bytes_get_size (first->body) * 3 / 2);
  until_said ("Yes, of course.");
  finish_cascade ();
}

static void
test_command_interrupts (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_words (server, "This is long. And", 0, 10,
      CHAT_SERVER_REPEATS);
  speak_turn ();
  until_said ("This is long.");
  until_fact ("aiagent/turn", "response-started", 1);
  agent_session_interrupt (session);
  expect_gone (CHAT);
  g_assert_cmpuint (quiet_for (500), ==, 0);
  finish_cascade ();
}

static void
test_hang_up (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_words (server, "This is long. And", 0, 10,
      CHAT_SERVER_REPEATS);
  speak_turn ();
  until_said ("This is long.");
  call ("1", FALSE);
  expect_gone (CHAT);
  call ("2", TRUE);
  speak_turn ();
  /* another caller: nobody remembers the last one */
  g_autofree gchar *body = next_body (CHAT);
  g_assert_null (strstr (body, "This is long"));
  until_said ("Yes, of course.");
  finish_cascade ();
}

/* ---- Without a voice */

static void
test_written (void)
{
  begin_cascade ("greeting", "", NULL);
  run (40, FALSE);
  agent_session_input (session, GST_VOICE_INPUT_INSTRUCTIONS, "Be a pirate.");
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "What time is it?");
  expect_asked (CHAT,
      "[{\"role\":\"system\",\"content\":\"Be a pirate.\"},"
      "{\"role\":\"user\",\"content\":\"What time is it?\"}]");
  until_said ("Yes, of course.");
  until_done (1);
  g_assert_true (agent_session_say (session, "Time for a break."));
  until_said ("Time for a break.");
  until_done (2);
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "Why?");
  expect_asked (CHAT, "\"content\":\"Yes, of course. Time for a break.\"}");
  finish_cascade ();
}

/* ---- Tools */

static gchar *
wait_tool (guint n)
{
  until_fact ("aiagent/tool", "called", n);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&facts_lock);
  for (guint i = 0, k = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    if (gst_structure_has_name (fact, "aiagent/tool") &&
        !g_strcmp0 (gst_structure_get_string (fact, "state"), "called") &&
        ++k == n)
      return g_strdup (gst_structure_get_string (fact, "arguments"));
  }
  g_assert_not_reached ();
}

static void
test_tool (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_tool (server, "Let me look.", "id-1", "weather",
      "{\"city\":\"Paris\"}");
  chat_server_answer_words (server, "It is sunny.", 0, 0, CHAT_SERVER_ENDS);
  speak_turn ();
  g_autofree gchar *arguments = wait_tool (1);
  g_assert_cmpstr (arguments, ==, "{\"city\":\"Paris\"}");
  until_said ("Let me look.");
  g_assert_false (agent_session_tool_result (session, "id-2", "{}"));
  g_assert_true (agent_session_tool_result (session, "id-1", "{\"sun\":1}"));
  g_assert_false (agent_session_tool_result (session, "id-1", "{}"));
  until_said ("It is sunny.");
  g_autofree gchar *first = next_body (CHAT);
  expect_asked (CHAT,
      "{\"role\":\"assistant\",\"content\":\"Let me look.\",\"tool_calls\":[{"
      "\"id\":\"id-1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
      "\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}]},{\"role\":\"tool\","
      "\"tool_call_id\":\"id-1\",\"content\":\"{\\\"sun\\\":1}\"}]");
  until_done (2);
  finish_cascade ();
}

/* A model that never has enough of them. */
static void
test_tools_without_end (void)
{
  begin_cascade ("greeting", "", NULL);
  for (guint i = 1; i <= 8; i++) {
    g_autofree gchar *id = g_strdup_printf ("id-%u", i);
    chat_server_answer_tool (server, "", id, "again", "{}");
  }
  speak_turn ();
  for (guint i = 1; i <= 7; i++) {
    g_autofree gchar *id = g_strdup_printf ("id-%u", i);
    g_autofree gchar *arguments = wait_tool (i);
    g_assert_true (agent_session_tool_result (session, id, "1"));
  }
  until_said ("I am sorry, something went wrong.");
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 7);
  finish_cascade ();
}

/* The caller does not wait for it: the model is told that nothing came of it. */
static void
test_tool_given_up (void)
{
  begin_cascade ("greeting", "", NULL);
  chat_server_answer_tool (server, "", "id-1", "slow", "{}");
  speak_turn ();
  g_autofree gchar *arguments = wait_tool (1);
  g_autofree gchar *first = next_body (CHAT);
  speak_turn ();
  expect_asked (CHAT, "It was not finished.");
  until_said ("Yes, of course.");
  finish_cascade ();
}

/* ---- Answers that are begun early */

/* The model has answered when the turn is over; nobody hears it before. */
static void
test_preempt (void)
{
  begin_cascade ("greeting", "", "preempt", 100, NULL);
  chat_server_answer_transcript (server, "is it open");
  run (800, TRUE);
  run (240, FALSE); /* the session waits for more */
  g_autoptr (ChatServerEvent) asked =
      chat_server_wait (server, CHAT_SERVER_ASKED, CHAT);
  g_autoptr (ChatServerEvent) answered =
      chat_server_wait (server, CHAT_SERVER_ANSWERED, CHAT);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 0);
  g_assert_cmpuint (count_texts ("caller", ""), ==, 0);
  until_said ("Yes, of course.");
  until_text ("caller", "is it open", 1);
  until_done (1);
  g_assert_null (chat_server_pop (server, CHAT_SERVER_ASKED, CHAT));
  finish_cascade ();
}

/* The caller goes on: the request is withdrawn, and nobody remembers it. */
static void
test_preempt_withdrawn (void)
{
  begin_cascade ("greeting", "", "preempt", 100, NULL);
  chat_server_answer_transcript (server, "is it");
  chat_server_answer_words (server, "Is it what? And", 0, 10,
      CHAT_SERVER_REPEATS);
  chat_server_answer_transcript (server, "is it open");
  run (800, TRUE);
  run (240, FALSE);
  g_autoptr (ChatServerEvent) asked =
      chat_server_wait (server, CHAT_SERVER_ASKED, CHAT);
  run (400, TRUE);
  expect_gone (CHAT);
  until_said ("Yes, of course.");
  g_autofree gchar *body = next_body (CHAT);
  g_assert_nonnull (
      strstr (body, "[{\"role\":\"user\",\"content\":\"is it open\"}]"));
  g_assert_cmpuint (count_texts ("agent", "what"), ==, 0);
  g_assert_cmpuint (count_texts ("caller", ""), ==, 1);
  finish_cascade ();
}

/* A tool is called when it is known that it was meant. The model is asked again, unless
 * its answer is still on its way then. */
static void
test_preempt_tool (void)
{
  guint answered = 0;

  begin_cascade ("greeting", "", "preempt", 100, NULL);
  for (guint i = 0; i < 2; i++)
    chat_server_answer_tool (server, "", "id-1", "door", "{}");
  run (800, TRUE);
  run (240, FALSE);
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_ANSWERED, CHAT);
  g_assert_cmpuint (count_facts ("aiagent/tool", "called"), ==, 0);
  for (guint i = 0; i < STEPS && !count_texts ("agent", "Yes, of course.");
       i++) {
    pause_step ();
    if (count_facts ("aiagent/tool", "called") > answered &&
        agent_session_tool_result (session, "id-1", "1"))
      answered++;
  }
  g_assert_cmpuint (answered, >, 0);
  until_said ("Yes, of course.");
  finish_cascade ();
}

/* ---- Fillers */

static void
test_filler (void)
{
  begin_cascade ("greeting", "", "filler", "Let me think.", "filler-delay", 100,
      NULL);
  chat_server_answer_words (server, "It is four.", 400, 0, CHAT_SERVER_ENDS);
  speak_turn ();
  until_said ("Let me think.");
  until_said ("It is four.");
  until_done (2);
  speak_turn ();
  until_said ("Yes, of course.");
  until_done (3);
  expect_asked (CHAT, "");
  g_autofree gchar *body = next_body (CHAT);
  g_assert_null (strstr (body, "Let me think"));
  finish_cascade ();
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cascade/conversation", test_conversation);
  g_test_add_func ("/cascade/usage", test_usage);
  g_test_add_func ("/cascade/sound-of-turn", test_sound_of_turn);
  g_test_add_func ("/cascade/unheard-is-bounded", test_unheard_is_bounded);
  g_test_add_func ("/cascade/no-words", test_no_words);
  g_test_add_func ("/cascade/server-voice", test_server_voice);
  g_test_add_data_func ("/cascade/first-sentence/0", GUINT_TO_POINTER (0),
      test_first_sentence);
  g_test_add_data_func ("/cascade/first-sentence/300", GUINT_TO_POINTER (300),
      test_first_sentence);
  g_test_add_data_func ("/cascade/first-sentence/1500", GUINT_TO_POINTER (1500),
      test_first_sentence);
  g_test_add_func ("/cascade/new-turn-cancels", test_new_turn_cancels);
  g_test_add_func ("/cascade/heard-words", test_heard_words);
  g_test_add_func ("/cascade/goes-on", test_goes_on);
  g_test_add_func ("/cascade/command-interrupts", test_command_interrupts);
  g_test_add_func ("/cascade/hang-up", test_hang_up);
  g_test_add_func ("/cascade/written", test_written);
  g_test_add_func ("/cascade/tool", test_tool);
  g_test_add_func ("/cascade/tools-without-end", test_tools_without_end);
  g_test_add_func ("/cascade/tool-given-up", test_tool_given_up);
  g_test_add_func ("/cascade/preempt", test_preempt);
  g_test_add_func ("/cascade/preempt-withdrawn", test_preempt_withdrawn);
  g_test_add_func ("/cascade/preempt-tool", test_preempt_tool);
  g_test_add_func ("/cascade/filler", test_filler);
  return g_test_run ();
}
