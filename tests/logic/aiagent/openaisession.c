/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A session of the Realtime API, event by event. */

#include "openaitest.h"

/* ---- The session */

static void
test_begin (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  g_clear_pointer (&bench.config.greeting, g_free);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCM, 0);
  assert_last_has (&bench, "{\"type\":\"audio/pcm\",\"rate\":24000}");
  assert_last_has (&bench, "\"prefix_padding_ms\":300");
  assert_sent (&bench, "session.update");
  hear (&bench, "{'type':'session.created'}");
  assert_done (&bench, "");
  hear (&bench, "{'type':'session.updated'}");
  hear (&bench, "{'type':'session.updated'}");
  assert_done (&bench, "ready");
  /* It rang, and is answered with a law; a first answer is asked for. */
  openai_session_begin (bench.session, OPENAI_PCMU, 1, FALSE, bench.now);
  g_assert_nonnull (strstr (bench.sent->pdata[0],
      "\"input\":{\"format\":{\"type\":\"audio/pcmu\"}"));
  assert_sent (&bench, "session.update response.create");
  bench_clear (&bench);
}

static void
test_greetings (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMA, 1);
  hear (&bench, "{'type':'session.updated'}");
  openai_session_begin (bench.session, OPENAI_PCMA, 1, FALSE, bench.now);
  assert_sent (&bench, "session.update"); /* the caller speaks first */
  openai_session_disconnected (bench.session);
  g_free (bench.config.greeting);
  bench.config.greeting = g_strdup ("Hello, \"Ann\".");
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMA, 2);
  openai_session_begin (bench.session, OPENAI_PCMA, 2, FALSE, bench.now);
  assert_last_has (&bench, "nothing else:\\nHello, \\\"Ann\\\".\"");
  assert_sent (&bench, "session.update response.create");
  bench_clear (&bench);
}

static void
test_settings (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench.config.instructions = g_strdup ("Be brief.");
  bench.config.voice = g_strdup ("cedar");
  bench.config.transcription_model = g_strdup ("whisper-1");
  bench.config.language = g_strdup ("de");
  bench.config.noise_reduction = g_strdup ("near_field");
  bench.config.speed = 1.5;
  bench.config.max_output_tokens = 300;
  bench.config.tools =
      g_strdup ("[{\"name\":\"hang_up\",\"description\":\"d\","
                "\"parameters\":{\"type\":\"object\"},\"own\":1}]");
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMU, 1);
  g_assert_cmpstr (bench.sent->pdata[0], ==,
      "{\"type\":\"session.update\",\"event_id\":\"session-1\",\"session\":{"
      "\"type\":\"realtime\",\"output_modalities\":[\"audio\"],"
      "\"instructions\":\"Be brief.\",\"audio\":{\"input\":{"
      "\"format\":{\"type\":\"audio/pcmu\"},\"turn_detection\":null,"
      "\"transcription\":{\"model\":\"whisper-1\",\"language\":\"de\"},"
      "\"noise_reduction\":{\"type\":\"near_field\"}},\"output\":{"
      "\"format\":{\"type\":\"audio/pcmu\"},\"voice\":\"cedar\",\"speed\":1.5}},"
      "\"tools\":[{\"type\":\"function\",\"name\":\"hang_up\","
      "\"description\":\"d\",\"parameters\":{\"type\":\"object\"}}],"
      "\"tool_choice\":\"auto\",\"max_output_tokens\":300}}");
  bench_clear (&bench);
}

/* ---- Answers */

static void
test_answer (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear (&bench,
      "{'type':'response.output_item.added','response_id':'R',"
      "'item':{'id':'I','type':'message'}}");
  hear (&bench,
      "{'type':'response.output_audio_transcript.delta','response_id':'R',"
      "'item_id':'I','delta':'Good '}");
  assert_done (&bench, ""); /* words come with their sound */
  hear_audio (&bench, "R", "I", "\1\2\3", 3);
  assert_done (&bench, "begin agent:1:Good ");
  hear (&bench,
      "{'type':'response.output_audio_transcript.delta','response_id':'R',"
      "'item_id':'I','delta':'day'}");
  hear_audio (&bench, "R", "I", "\4", 1);
  hear_audio (&bench, "R", "I", "", 0);
  hear (&bench,
      "{'type':'response.output_audio_transcript.done','response_id':'R',"
      "'item_id':'I','transcript':'Good day.'}");
  assert_done (&bench, "agent:1:Good day agent:1:Good day.");
  hear (&bench,
      "{'type':'response.output_audio.done','response_id':'R','item_id':'I'}");
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'completed'}}");
  assert_done (&bench, "end:1");
  g_assert_cmpmem (bench.written->data, bench.written->len, "\1\2\3\4", 4);
  g_assert_cmpstr (agent_history_get (bench.history, 0)->text, ==, "Good day.");
  /* All over: what comes now is late. */
  hear_audio (&bench, "R", "I", "\5", 1);
  hear_audio (&bench, "R", "J", "\5", 1);
  assert_done (&bench, "");
  assert_sent (&bench, "");
  bench_clear (&bench);
}

/* Half samples, in pieces of every size. */
static void
test_odd_pieces (void)
{
  Bench bench;
  guint8 data[999];
  guint at = 0;

  for (guint i = 0; i < sizeof data; i++)
    data[i] = (guint8) (i * 7);
  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCM);
  for (guint size = 1; at < sizeof data; at += size, size = size % 17 + 1)
    hear_audio (&bench, "R", "I", data + at, MIN (size, sizeof data - at));
  g_assert_cmpuint (bench.written->len, ==, 998);
  for (guint i = 0; i < 998; i += 2)
    g_assert_cmpint (*(gint16 *) (gpointer) (bench.written->data + i), ==,
        (gint16) (data[i] | data[i + 1] << 8));
  bench_clear (&bench);
}

/* Twice, in the wrong order, and of nothing that was announced. */
static void
test_disorder (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear_audio (&bench, "R", "I", "\1", 1);
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'completed'}}");
  hear (&bench,
      "{'type':'response.output_audio.done','response_id':'R','item_id':'I'}");
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'completed'}}");
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  g_assert_false (openai_session_is_thinking (bench.session));
  assert_done (&bench, "begin end:1");
  hear (&bench,
      "{'type':'response.output_audio.delta','item_id':'I','delta':3}");
  hear (&bench,
      "{'type':'response.output_audio.delta','item_id':'K','response_id':'S',"
      "'delta':'***'}");
  hear (&bench,
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':5}");
  hear (&bench, "{'type':'mcp_list_tools.in_progress','item_id':'I'}");
  hear (&bench, "garbage");
  g_assert_cmpuint (openai_session_get_garbage (bench.session), ==, 3);
  assert_done (&bench, "");
  bench_clear (&bench);
}

static void
test_beta_names (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear (&bench,
      "{'type':'response.audio.delta','response_id':'R','item_id':'I',"
      "'delta':'AQI='}");
  hear (&bench,
      "{'type':'response.audio_transcript.delta','response_id':'R',"
      "'item_id':'I','delta':'Hi'}");
  hear (&bench,
      "{'type':'response.audio.done','response_id':'R','item_id':'I'}");
  hear (&bench,
      "{'type':'response.text.done','response_id':'R','item_id':'J',"
      "'text':'in writing'}");
  assert_done (&bench, "begin agent:1:Hi end:1 agent:0:in writing");
  bench_clear (&bench);
}

/* ---- One at a time */

static void
test_one_at_a_time (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  openai_session_read (bench.session, "Hello", bench.now);
  assert_sent (&bench, "conversation.item.create response.create");
  openai_session_read (bench.session, "Are you there?", bench.now);
  openai_session_say (bench.session, "One moment.", bench.now);
  assert_sent (&bench, "conversation.item.create");
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  assert_sent (&bench, "");
  hear (&bench, "{'type':'response.done','response':{'id':'R'}}");
  assert_sent (&bench, "response.create");
  hear (&bench, "{'type':'response.created','response':{'id':'S'}}");
  hear (&bench, "{'type':'response.done','response':{'id':'S'}}");
  assert_last_has (&bench, "One moment.");
  assert_sent (&bench, "response.create");
  /* The server was quicker: again when that one is over. */
  hear (&bench,
      "{'type':'error','error':{'code':"
      "'conversation_already_has_active_response','event_id':'create-9'}}");
  assert_sent (&bench, "");
  hear (&bench, "{'type':'response.created','response':{'id':'T'}}");
  hear (&bench, "{'type':'response.done','response':{'id':'T'}}");
  assert_last_has (&bench, "One moment.");
  assert_sent (&bench, "response.create");
  assert_done (&bench, "");
  bench_clear (&bench);
}

/* A server that never answers is asked again, later. */
static void
test_unanswered (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  openai_session_read (bench.session, "Hello", bench.now);
  openai_session_read (bench.session, "Hello?", bench.now + 9000);
  assert_sent (&bench,
      "conversation.item.create response.create conversation.item.create");
  openai_session_read (bench.session, "Hello??", bench.now + 11000);
  assert_sent (&bench, "conversation.item.create");
  bench.now += 11000;
  hear (&bench, "{'type':'rate_limits.updated'}");
  assert_sent (&bench, "response.create");
  bench_clear (&bench);
}

/* ---- Turns */

static void
send_frames (Bench *bench, guint n, guint64 from)
{
  const guint8 frame[160] = { 0xd5 };

  for (guint i = 0; i < n; i++)
    openai_session_audio (bench->session, frame, sizeof frame,
        from + i * 20 * MS);
}

static void
test_their_turns (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMA);
  send_frames (&bench, 100, 5000 * MS);
  g_assert_cmpuint (bench.appended->len, ==, 100 * 160);
  hear (&bench,
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':200,"
      "'item_id':'U'}");
  g_assert_cmpuint (bench.turn_time, ==, 5500 * MS); /* without the padding */
  hear (&bench,
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':1900,"
      "'item_id':'U'}");
  g_assert_cmpuint (bench.turn_time, ==, 6400 * MS); /* ... nor the silence */
  g_assert_true (openai_session_is_thinking (bench.session));
  hear (&bench, "{'type':'input_audio_buffer.committed','item_id':'U'}");
  hear (&bench,
      "{'type':'conversation.item.input_audio_transcription.delta',"
      "'item_id':'U','delta':'Wh'}");
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear_audio (&bench, "R", "I", "\1", 1);
  hear (&bench,
      "{'type':'response.output_audio_transcript.done','response_id':'R',"
      "'item_id':'I','transcript':'Ten.'}");
  hear (&bench,
      "{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U','transcript':'What time is it?'}");
  assert_done (&bench,
      "turn turn-over caller?:Wh begin agent:1:Ten. caller:What time is it?");
  assert_sent (&bench, ""); /* the server answers by itself */
  /* It was said first. */
  g_assert_false (agent_history_get (bench.history, 0)->agent);
  g_assert_true (agent_history_get (bench.history, 1)->agent);
  /* The caller is gone in the middle of a word. */
  hear (&bench, "{'type':'input_audio_buffer.speech_started'}");
  openai_session_turn (bench.session, FALSE, 0, bench.now);
  assert_sent (&bench, "input_audio_buffer.clear");
  bench_clear (&bench);
}

/* As the server counts, also where nobody hears the answer; half of it is nothing. */
static void
test_usage (void)
{
  static const gchar *const nonsense[] = { "null", "{}", "[1,2]",
    "{'input_tokens':5}", "{'input_tokens':5,'output_tokens':-1}",
    "{'input_tokens':5,'output_tokens':'6'}",
    "{'input_tokens':5,'output_tokens':9000000000000000000}" };
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'cancelled',"
      "'usage':{'total_tokens':253,'input_tokens':132,'output_tokens':121,"
      "'input_token_details':{'text_tokens':119}}}}");
  assert_done (&bench, "used:132:121");
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    hear (&bench, "{'type':'response.done','response':{'id':'R%u','usage':%s}}",
        i, nonsense[i]);
  assert_done (&bench, "");
  bench_clear (&bench);
}

static void
test_semantic_turns (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SEMANTIC_VAD);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMA, 1);
  assert_last_has (&bench, "\"turn_detection\":{\"type\":\"semantic_vad\",\"");
  bench_begin (&bench, OPENAI_PCMA);
  send_frames (&bench, 100, 5000 * MS);
  hear (&bench,
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':200}");
  g_assert_cmpuint (bench.turn_time, ==, 5200 * MS);
  bench_clear (&bench);
}

/* Only what is said in a turn is sent, and what was before we knew. */
static void
test_our_turns (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMA);
  send_frames (&bench, 100, 5000 * MS);
  g_assert_cmpuint (bench.appended->len, ==, 0);
  openai_session_turn (bench.session, TRUE, 6900 * MS, bench.now);
  g_assert_cmpuint (bench.appended->len, ==, 400 * 8); /* 300 ms before */
  send_frames (&bench, 50, 7000 * MS);
  openai_session_turn (bench.session, FALSE, 7900 * MS, bench.now);
  assert_sent (&bench, "input_audio_buffer.commit response.create");
  g_assert_cmpuint (bench.appended->len, ==, 1400 * 8);
  hear (&bench, "{'type':'input_audio_buffer.committed','item_id':'U'}");
  hear (&bench,
      "{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U','transcript':'Hm'}");
  assert_done (&bench, "caller:Hm");
  /* The server has no say. */
  hear (&bench, "{'type':'input_audio_buffer.speech_started'}");
  assert_done (&bench, "");
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear (&bench, "{'type':'response.done','response':{'id':'R'}}");
  /* Nothing to be answered. */
  openai_session_turn (bench.session, TRUE, 9900 * MS, bench.now);
  openai_session_turn (bench.session, FALSE, 9950 * MS, bench.now);
  assert_sent (&bench, "input_audio_buffer.clear");
  bench_clear (&bench);
}

/* ---- Interruptions */

static void
begin_answer (Bench *bench, const gchar *response, const gchar *item, guint ms)
{
  g_autofree guint8 *sound = g_malloc0 (ms * 8);

  hear (bench, "{'type':'response.created','response':{'id':'%s'}}", response);
  hear (bench,
      "{'type':'response.output_item.added','response_id':'%s',"
      "'item':{'id':'%s','type':'message'}}",
      response, item);
  hear_audio (bench, response, item, sound, ms * 8);
}

static void
test_interrupted_by_server (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  begin_answer (&bench, "R", "I", 2000);
  hear (&bench, "{'type':'input_audio_buffer.speech_started','item_id':'U'}");
  openai_session_interrupt (bench.session, 1, 760);
  assert_last_has (&bench,
      "\"item_id\":\"I\",\"content_index\":0,\"audio_end_ms\":760}");
  assert_sent (&bench, "conversation.item.truncate"); /* it cancels by itself */
  assert_done (&bench, "begin turn end:1");
  hear_audio (&bench, "R", "I", "\1", 1);
  hear_audio (&bench, "R", "J", "\1", 1); /* it must not think that was heard */
  hear_audio (&bench, "R", "J", "\1", 1);
  assert_last_has (&bench, "\"item_id\":\"J\"");
  assert_sent (&bench, "conversation.item.delete");
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'cancelled'}}");
  assert_done (&bench, "");
  bench_clear (&bench);
}

static void
test_interrupted_by_us (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMU);
  begin_answer (&bench, "R", "I", 2000);
  openai_session_turn (bench.session, TRUE, 0, bench.now);
  openai_session_interrupt (bench.session, 1, 3000);
  assert_last_has (&bench,
      "\"audio_end_ms\":2000}"); /* not more than it said */
  assert_sent (&bench, "response.cancel conversation.item.truncate");
  openai_session_turn (bench.session, FALSE, 0, bench.now);
  hear (&bench,
      "{'type':'error','error':{'code':'response_cancel_not_active',"
      "'event_id':'cancel-3'}}");
  assert_done (&bench, "begin end:1");
  bench_clear (&bench);
}

/* Before anything of it was audible, and before there is one. */
static void
test_interrupted_early (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMU);
  begin_answer (&bench, "R", "I", 200);
  openai_session_interrupt (bench.session, 0, 0);
  assert_sent (&bench, "response.cancel conversation.item.delete");
  hear (&bench, "{'type':'response.done','response':{'id':'R'}}");
  openai_session_read (bench.session, "Hello", bench.now);
  openai_session_interrupt (bench.session, 0, 0);
  assert_sent (&bench, "conversation.item.create response.create");
  hear (&bench, "{'type':'response.created','response':{'id':'S'}}");
  assert_sent (&bench, "response.cancel");
  hear_audio (&bench, "S", "J", "\1", 1);
  assert_sent (&bench, "conversation.item.delete");
  assert_done (&bench, "begin end:1");
  bench_clear (&bench);
}

/* What was played is left alone; the position is the item's own. */
static void
test_interrupted_second (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_OURS);
  bench_begin (&bench, OPENAI_PCMU);
  begin_answer (&bench, "R", "I", 1000);
  hear_audio (&bench, "R", "J", "\1\1\1\1\1\1\1\1", 8);
  openai_session_played (bench.session, 1);
  openai_session_interrupt (bench.session, 2, 500);
  assert_last_has (&bench, "\"item_id\":\"J\"");
  assert_last_has (&bench, "\"audio_end_ms\":1}");
  assert_sent (&bench, "response.cancel conversation.item.truncate");
  bench_clear (&bench);
}

/* ---- Tools */

static void
test_tools (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear (&bench, "{'type':'response.created','response':{'id':'R'}}");
  hear (&bench,
      "{'type':'response.output_item.added','response_id':'R','item':"
      "{'id':'F','type':'function_call','name':'look_up','call_id':'C'}}");
  hear (&bench,
      "{'type':'response.function_call_arguments.done','response_id':'R',"
      "'item_id':'F','call_id':'C','arguments':'{}'}");
  hear (&bench,
      "{'type':'response.output_item.done','response_id':'R','item':"
      "{'id':'F','type':'function_call','name':'look_up','call_id':'C'}}");
  hear (&bench,
      "{'type':'response.output_item.done','response_id':'R','item':{'id':'G',"
      "'type':'function_call','name':'hang_up','call_id':'D','arguments':'[1]'"
      "}}");
  assert_done (&bench, "tool:look_up:C:{} tool:hang_up:D:[1]");
  g_assert_true (
      openai_session_tool_result (bench.session, "C", "{\"a\":1}", bench.now));
  g_assert_false (
      openai_session_tool_result (bench.session, "C", "{}", bench.now));
  g_assert_false (
      openai_session_tool_result (bench.session, "X", "{}", bench.now));
  assert_last_has (&bench, "\"call_id\":\"C\",\"output\":\"{\\\"a\\\":1}\"");
  hear (&bench, "{'type':'response.done','response':{'id':'R'}}");
  assert_sent (&bench, "conversation.item.create"); /* one is still open */
  openai_session_tool_result (bench.session, "D", "{}", bench.now);
  assert_sent (&bench, "conversation.item.create response.create");
  bench_clear (&bench);
}

/* ---- Trouble */

static void
test_errors (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  hear (&bench, "{'type':'error','error':{'code':'odd','message':'m'}}");
  hear (&bench, "{'type':'error','error':{'code':'odd','message':'m'}}");
  assert_done (&bench, "warn:odd"); /* one a second */
  bench.now += 1000;
  hear (&bench, "{'type':'error','error':{'type':'server_error'}}");
  assert_done (&bench, "warn:server_error");
  hear (&bench,
      "{'type':'error','error':{'code':'x','event_id':'truncate-4'}}");
  hear (&bench, "{'type':'error'}");
  bench.now += 1000;
  hear (&bench,
      "{'type':'response.done','response':{'id':'R','status':'failed',"
      "'status_details':{'error':{'code':'rate_limit_exceeded',"
      "'message':'Slow down.'}}}}");
  assert_done (&bench, "warn:rate_limit_exceeded");
  bench.now += 1000;
  hear (&bench,
      "{'type':'rate_limits.updated','rate_limits':[{'name':'tokens',"
      "'remaining':0}]}");
  assert_done (&bench, "warn:rate_limits");
  hear (&bench, "{'type':'error','error':{'code':'session_expired'}}");
  assert_done (&bench, "ended:again");
  hear (&bench, "{'type':'error','error':{'code':'invalid_api_key'}}");
  assert_done (&bench, "ended:for-good");
  bench_clear (&bench);
}

static void
test_refused_settings (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCM, 1);
  hear (&bench,
      "{'type':'error','error':{'code':'invalid_value','message':'No voice.',"
      "'event_id':'session-1'}}");
  assert_done (&bench, "ended:for-good");
  bench_clear (&bench);
}

/* The next connection is told all, and answers what was not answered. */
static void
test_next_connection (void)
{
  Bench bench;

  bench_init (&bench, OPENAI_TURNS_SERVER_VAD);
  bench_begin (&bench, OPENAI_PCMU);
  openai_session_instruct (bench.session, "Be loud.");
  openai_session_read (bench.session, "Hello", bench.now);
  begin_answer (&bench, "R", "I", 200);
  hear (&bench,
      "{'type':'response.output_audio_transcript.delta','response_id':'R',"
      "'item_id':'I','delta':'Good '}");
  hear (&bench,
      "{'type':'response.function_call_arguments.done','response_id':'R',"
      "'item_id':'F','call_id':'C','name':'look_up','arguments':'{}'}");
  hear (&bench, "{'type':'input_audio_buffer.speech_started'}");
  g_string_truncate (bench.log, 0);
  openai_session_disconnected (bench.session);
  g_assert_cmpuint (bench.turn_time, ==, OPENAI_NO_TIME);
  assert_done (&bench, "end:1 turn-over");
  g_ptr_array_set_size (bench.sent, 0);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMU, 1);
  assert_last_has (&bench, "Be loud.");
  hear (&bench, "{'type':'session.updated'}");
  openai_session_begin (bench.session, OPENAI_PCMU, 1, FALSE, bench.now);
  g_assert_nonnull (strstr (bench.sent->pdata[1],
      "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"Hello\""));
  g_assert_nonnull (strstr (bench.sent->pdata[2],
      "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":"
      "\"Good \""));
  assert_sent (&bench,
      "session.update conversation.item.create conversation.item.create "
      "response.create");
  openai_session_tool_result (bench.session, "C", "{}", bench.now);
  assert_last_has (&bench, "\"role\":\"system\"");
  /* Another caller's is another conversation. */
  openai_session_disconnected (bench.session);
  agent_history_clear (bench.history);
  openai_session_connect (bench.session, &bench.config, OPENAI_PCMU, 0);
  g_assert_null (strstr (bench.sent->pdata[bench.sent->len - 1], "Be loud."));
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openaisession/begin", test_begin);
  g_test_add_func ("/openaisession/greetings", test_greetings);
  g_test_add_func ("/openaisession/settings", test_settings);
  g_test_add_func ("/openaisession/answer", test_answer);
  g_test_add_func ("/openaisession/odd-pieces", test_odd_pieces);
  g_test_add_func ("/openaisession/disorder", test_disorder);
  g_test_add_func ("/openaisession/beta-names", test_beta_names);
  g_test_add_func ("/openaisession/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/openaisession/unanswered", test_unanswered);
  g_test_add_func ("/openaisession/their-turns", test_their_turns);
  g_test_add_func ("/openaisession/usage", test_usage);
  g_test_add_func ("/openaisession/semantic-turns", test_semantic_turns);
  g_test_add_func ("/openaisession/our-turns", test_our_turns);
  g_test_add_func ("/openaisession/interrupted-by-server",
      test_interrupted_by_server);
  g_test_add_func ("/openaisession/interrupted-by-us", test_interrupted_by_us);
  g_test_add_func ("/openaisession/interrupted-early", test_interrupted_early);
  g_test_add_func ("/openaisession/interrupted-second",
      test_interrupted_second);
  g_test_add_func ("/openaisession/tools", test_tools);
  g_test_add_func ("/openaisession/errors", test_errors);
  g_test_add_func ("/openaisession/refused-settings", test_refused_settings);
  g_test_add_func ("/openaisession/next-connection", test_next_connection);
  return g_test_run ();
}
