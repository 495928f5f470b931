/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A server of the Realtime API that goes on for ever: what it can make us do, and keep, ends. */

#include "openaitest.h"

#include "aiagent/logic/openai/openaiitems.h"

/* ---- Tools */

/* The model calls a tool, and nothing else; the tool is refused. */
static void
call_round (Bench *bench, guint round)
{
  g_autofree gchar *id = g_strdup_printf ("C%u", round);

  hear (bench, "{'type':'response.created','response':{'id':'R%u'}}", round);
  hear (bench,
      "{'type':'response.output_item.done','response_id':'R%u','item':{'id':"
      "'F%u','type':'function_call','name':'pay','call_id':'C%u',"
      "'arguments':'{}'}}",
      round, round, round);
  hear (bench, "{'type':'response.done','response':{'id':'R%u'}}", round);
  g_assert_true (
      openai_session_tool_result (bench->session, id, "{}", bench->now));
}

static void
assert_calls_end (Bench *bench, guint first)
{
  for (guint i = 0; i < 7; i++) {
    call_round (bench, first + i);
    g_assert_null (strstr (g_ptr_array_index (bench->sent, 1), "tool_choice"));
    assert_sent (bench, "conversation.item.create response.create");
  }
  call_round (bench, first + 7);
  assert_last_has (bench, "\"response\":{\"tool_choice\":\"none\"}");
  assert_sent (bench, "conversation.item.create response.create");
  g_string_truncate (bench->log, 0);
  /* ... and it does not even listen to that. */
  call_round (bench, first + 8);
  assert_sent (bench, "conversation.item.create");
  g_assert_nonnull (strstr (bench->log->str, "warn:tool_calls"));
  g_assert_false (openai_session_is_thinking (bench->session));
  bench->now += 1000;
}

static void
test_tool_rounds (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  assert_calls_end (&bench, 0);
  /* The caller's word begins anew; so does a word of the agent's. */
  openai_session_read (bench.session, "Hello?", bench.now);
  assert_sent (&bench, "conversation.item.create response.create");
  call_round (&bench, 100);
  assert_sent (&bench, "conversation.item.create response.create");
  hear_audio (&bench, "R101", "I", "\1", 1);
  assert_calls_end (&bench, 101);
  hear (&bench, "{'type':'input_audio_buffer.speech_started'}");
  hear (&bench, "{'type':'input_audio_buffer.speech_stopped'}");
  assert_calls_end (&bench, 200);
  bench_clear (&bench);
}

/* ---- Words */

static void
test_endless_words (void)
{
  Bench bench;
  g_autofree gchar *some = g_strnfill (1000, 'a');
  const AgentHistoryEntry *entry;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear_audio (&bench, "R", "I", "\1", 1);
  for (guint i = 0; i < 100; i++) {
    g_string_truncate (bench.log, 0);
    hear (&bench,
        "{'type':'response.output_audio_transcript.delta','response_id':'R',"
        "'item_id':'I','delta':'%s'}",
        some);
    g_assert_cmpint (bench.log->len > 0, ==, i < 17);
  }
  hear (&bench,
      "{'type':'response.output_audio_transcript.delta','response_id':'R',"
      "'item_id':'I','delta':'b'}");
  assert_done (&bench, "");
  entry = agent_history_get (bench.history, 0);
  g_assert_cmpuint (strlen (entry->text), ==, AGENT_HISTORY_MAX_ENTRY);
  for (guint i = 0; i < 100; i++)
    hear (&bench,
        "{'type':'conversation.item.input_audio_transcription.delta',"
        "'item_id':'U','delta':'%s'}",
        some);
  g_assert_cmpuint (bench.log->len, <, 18 * AGENT_HISTORY_MAX_ENTRY);
  bench_clear (&bench);
}

static void
test_history (void)
{
  g_autoptr (AgentHistory) history = agent_history_new ();
  g_autofree gchar *some = g_strnfill (AGENT_HISTORY_MAX_ENTRY - 1, 'a');
  g_autofree gchar *many = g_strnfill (AGENT_HISTORY_MAX_ENTRY * 2, 'a');

  agent_history_add_agent (history, 1, some);
  agent_history_add_agent (history, 1, "\xc3\xa4"); /* not half of it */
  g_assert_cmpstr (agent_history_get (history, 0)->text, ==, some);
  agent_history_add_agent (history, 1, "bc");
  g_assert_true (g_str_has_suffix (agent_history_get (history, 0)->text, "ab"));
  agent_history_add_agent (history, 2, many);
  agent_history_add_caller (history, many);
  agent_history_set_heard (history, 1, many);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (strlen (agent_history_get (history, i)->text), ==,
        AGENT_HISTORY_MAX_ENTRY);
}

/* ---- Items */

static void
add_item (Bench *bench, const gchar *kind, guint i)
{
  hear (bench,
      "{'type':'response.output_item.added','response_id':'R',"
      "'item':{'id':'%s%u','type':'message'}}",
      kind, i);
}

/* What is being spoken stays, however many are announced, and is cut off where it was. */
static void
test_many_items (void)
{
  Bench bench;
  const guint8 sound[800] = { 0 };

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMU);
  hear_audio (&bench, "R", "I", sound, sizeof sound);
  for (guint i = 0; i < 3 * OPENAI_ITEMS; i++)
    add_item (&bench, "J", i);
  assert_done (&bench, "begin");
  openai_session_interrupt (bench.session, 1, 50);
  g_assert_nonnull (strstr (g_ptr_array_index (bench.sent, 0), "truncate"));
  g_assert_nonnull (strstr (g_ptr_array_index (bench.sent, 0), "\"I\""));
  bench_clear (&bench);
}

/* All of them have sound: whose place is taken is told to be over, and not begun again. */
static void
test_many_answers (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMU);
  for (guint i = 0; i < OPENAI_ITEMS; i++) {
    g_autofree gchar *id = g_strdup_printf ("I%u", i);
    hear_audio (&bench, "R", id, "\1", 1);
  }
  g_string_truncate (bench.log, 0);
  add_item (&bench, "J", 0);
  assert_done (&bench, "end:2"); /* the first is being spoken */
  hear_audio (&bench, "R", "I1", "\1", 1);
  assert_done (&bench, "");
  /* Complete ones first; nobody waits for the end of these. */
  hear_audio (&bench, "R", "J0", "\1", 1);
  hear (&bench,
      "{'type':'response.output_audio.done','response_id':'R','item_id':'I9'}");
  assert_done (&bench, "begin end:10");
  add_item (&bench, "J", 1);
  assert_done (&bench, "");
  bench_clear (&bench);
}

/* ---- Connections that break as something is sent */

static gboolean breaks;

static void
send_or_break (gpointer user, const gchar *json)
{
  if (breaks)
    openai_session_disconnected (((Bench *) user)->session);
  else
    on_send (user, json);
}

static void
test_breaks (void)
{
  Bench bench;
  OpenaiActions fragile = actions;
  const guint8 frame[160] = { 0 };

  fragile.send = fragile.send_audio = send_or_break;
  bench_init (&bench, OPENAI_TURNS_OURS);
  openai_session_free (bench.session);
  bench.session = openai_session_new (&fragile, &bench, bench.history);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCM, 1);
  breaks = TRUE;
  openai_session_begin (bench.session, OPENAI_PCMU, 1, FALSE, bench.now);
  breaks = FALSE;
  bench_begin (&bench, OPENAI_PCMU);
  for (guint i = 0; i < 10; i++)
    openai_session_audio (bench.session, frame, sizeof frame, i * 20 * MS);
  breaks = TRUE;
  openai_session_turn (bench.session, TRUE, 200 * MS, bench.now);
  breaks = FALSE;
  g_assert_false (openai_session_is_thinking (bench.session));
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openailimits/tool-rounds", test_tool_rounds);
  g_test_add_func ("/openailimits/endless-words", test_endless_words);
  g_test_add_func ("/openailimits/history", test_history);
  g_test_add_func ("/openailimits/many-items", test_many_items);
  g_test_add_func ("/openailimits/many-answers", test_many_answers);
  g_test_add_func ("/openailimits/breaks", test_breaks);
  return g_test_run ();
}
