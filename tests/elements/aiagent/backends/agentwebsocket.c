/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The backend `websocket` in a dialogue, against a server that does as the test says. */

#include "streamtest.h"

#include "aiagent/backends/websocket/websocket.h"

#define MS 32 /* bytes of 16 kHz S16 */
#define LONG 2000 /* ms: behind it pieces of frames may be late */

static guint at; /* of the sequence that the agent says */

static GstVoiceAgentBackend *
websocket (void)
{
  at = 0;
  return g_object_new (AGENT_TYPE_WEBSOCKET, NULL);
}

/* Up to the first text. */
static void
start (GstVoiceAgentBackend *backend, guint turn_detection)
{
  begin_stream (backend, turn_detection);
  call ("call-1", TRUE);
  await_text ("\"callSid\":\"call-1\"");
}

/* A tone, so that it is heard, of which no two periods are alike. */
static gint16
sample (guint i)
{
  return (gint16) ((i % 20 < 10 ? 4000 : -4000) + (gint) (i % 997));
}

static void
say_bytes (guint connection, guint size)
{
  g_autofree guint8 *data = g_malloc (size);

  for (guint i = 0; i < size; i++, at++) {
    const guint16 value = (guint16) sample (at / 2);
    data[i] = (guint8) (at % 2 ? value >> 8 : value & 0xff);
  }
  agent_server_send_binary (server, connection, data, size);
}

static void
assert_said (guint ms)
{
  g_assert_cmpuint (said->len, ==, ms * MS);
  for (guint i = 0; i < ms * MS / 2; i++)
    g_assert_cmpint (((const gint16 *) (gconstpointer) said->data)[i], ==,
        sample (i));
}

static void
test_conversation (void)
{
  begin_stream (websocket (), AGENT_TURN_DETECTION_AUTO);
  call ("call-1", TRUE);
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait (server, AGENT_SERVER_ASKED);
  g_assert_nonnull (
      strstr (asked->headers, "Sec-WebSocket-Protocol: audio.drachtio.org\n"));
  g_assert_null (strstr (asked->headers, "Authorization"));
  g_autoptr (AgentServerEvent) first =
      agent_server_wait (server, AGENT_SERVER_TEXT);
  g_assert_true (g_str_has_prefix (first->text,
      "{\"callSid\":\"call-1\",\"callId\":\"call-1\",\"from\":\"sip:a@b\","
      "\"to\":\"sip:c@d\",\"callerName\":\"Ann\",\"direction\":\"inbound\","
      "\"channel\":\"sip\",\"line\":\"\",\"sampleRate\":16000,\"mixType\":"
      "\"mono\",\"tools\":[{\"name\":\"hang_up\","));
  run (100, FALSE);
  for (guint i = 0; i < 5; i++) {
    g_autoptr (AgentServerEvent) frame =
        agent_server_wait (server, AGENT_SERVER_BINARY);
    g_assert_cmpuint (g_bytes_get_size (frame->data), ==, 20 * MS);
  }
  say_bytes (1, LONG * MS);
  say_bytes (1, 20 * MS + 1);
  say_bytes (1, 1);
  say_bytes (1, 0);
  say_bytes (1, 40 * MS - 2);
  await_pending (LONG + 60);
  run (LONG + 100, FALSE);
  assert_said (LONG + 60);
  call ("call-1", FALSE);
  g_autoptr (AgentServerEvent) closed =
      agent_server_wait (server, AGENT_SERVER_CLOSED);
  g_assert_cmpuint (closed->code, ==, 1000);
  end_stream ();
}

/* Each comes back when the frame has been heard in which it lies, and nothing is inserted
 * for it. */
static void
test_marks (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"first\"}}");
  expect_text ("\"name\":\"first\",\"event\":\"playout\"");
  say_bytes (1, (LONG + 50) * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"a\"}}");
  say_bytes (1, 50 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"b\"}}");
  say_bytes (1, 20 * MS);
  await_pending (LONG + 120);
  run (LONG + 60, FALSE); /* a lies in the third frame of these */
  press ('1');
  run (20, FALSE);
  press ('2');
  run (20, FALSE);
  press ('3');
  run (20, FALSE);
  press ('4');
  await_text ("\"dtmf\":\"1\"");
  expect_text ("\"name\":\"a\",\"event\":\"playout\"");
  expect_text ("\"dtmf\":\"2\"");
  expect_text ("\"dtmf\":\"3\"");
  expect_text ("\"name\":\"b\",\"event\":\"playout\"");
  expect_text ("\"dtmf\":\"4\"");
  assert_said (LONG + 120);
  end_stream ();
}

/* What is less than a frame is heard all the same, and its mark comes back. */
static void
test_rest (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 25 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"rest\"}}");
  await_pending (40);
  run (60, FALSE);
  expect_text ("\"name\":\"rest\",\"event\":\"playout\"");
  g_assert_cmpuint (n_spoken, ==, 2);
  g_assert_cmpmem (said->data + 25 * MS, 15 * MS, (guint8[15 * MS]){ 0 },
      15 * MS);
  end_stream ();
}

static void
test_kill_audio (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 500 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"never\"}}");
  say_bytes (1, 500 * MS);
  await_pending (1000);
  run (100, FALSE);
  assert_said (100);
  g_byte_array_set_size (said, 0);
  at = 0;
  say ("{\"type\":\"killAudio\"}");
  say_bytes (1, 20 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"next\"}}");
  say_bytes (1, 20 * MS);
  expect_text ("\"name\":\"never\",\"event\":\"cleared\"");
  await_pending (40);
  run (100, FALSE);
  expect_text ("\"name\":\"next\",\"event\":\"playout\"");
  assert_said (40);
  g_assert_nonnull (find_fact ("aiagent/turn", "interrupted"));
  end_stream ();
}

static void
test_clear_marks (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 100 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"a\"}}");
  say ("{\"type\":\"clearMarks\"}");
  expect_text ("\"name\":\"a\",\"event\":\"cleared\"");
  await_pending (100);
  run (200, FALSE);
  press ('1');
  expect_text ("\"dtmf\":\"1\"");
  assert_said (100);
  end_stream ();
}

/* ---- The caller speaks */

static void
test_interrupted (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 1000 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"a\"}}");
  say_bytes (1, 1000 * MS); /* behind it: the mark has come, too */
  await_pending (2000);
  run (100, FALSE);
  run (400, TRUE);
  expect_text ("{\"event\":\"turn\",\"state\":\"started\",\"time\":");
  expect_text ("\"name\":\"a\",\"event\":\"cleared\"");
  g_assert_cmpuint (counter ("pending"), ==, 0);
  /* It is late with that. */
  say_bytes (1, 100 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"late\"}}");
  expect_text ("\"name\":\"late\",\"event\":\"cleared\"");
  g_assert_cmpuint (counter ("pending"), ==, 0);
  run (600, FALSE);
  expect_text ("{\"event\":\"turn\",\"state\":\"stopped\",\"time\":");
  say_bytes (1, 100 * MS);
  await_pending (100);
  end_stream ();
}

/* What the far side says in the turn behind a killAudio it means. */
static void
test_interrupted_on_purpose (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 2000 * MS);
  await_pending (2000);
  run (100, FALSE);
  run (400, TRUE);
  await_text ("\"state\":\"started\"");
  say ("{\"type\":\"killAudio\"}");
  say_bytes (1, 100 * MS);
  await_pending (100);
  end_stream ();
}

/* Who says "hello?" hears the greeting. */
static void
test_spoken_into_silence (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  run (400, TRUE);
  await_text ("\"state\":\"started\"");
  say_bytes (1, 100 * MS);
  await_pending (100);
  end_stream ();
}

/* ---- Ends */

static void
expect_hang_up (guint ms)
{
  AWAIT ((run (20, FALSE), controls.length));
  assert_said (ms);
  g_assert_cmpuint (controls.length, ==, 1);
  g_assert_true (is_hang_up (controls.head->data));
}

static void
test_disconnect (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 100 * MS);
  say ("{\"type\":\"disconnect\"}");
  say_bytes (1, 100 * MS); /* there is nothing behind it */
  expect_hang_up (100);
  end_stream ();
}

static void
test_closed_in_order (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 100 * MS);
  agent_server_close (server, 1, 1000, "bye");
  expect_hang_up (100);
  end_stream ();
}

/* Who speaks into its last words ends the call sooner, not never. */
static void
test_closed_and_interrupted (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say_bytes (1, 5000 * MS);
  agent_server_close (server, 1, 1000, "bye");
  await_pending (5000);
  AWAIT (run (20, TRUE) + 1 && controls.length);
  g_assert_true (is_hang_up (controls.head->data));
  g_assert_cmpuint (n_spoken, <, 250);
  end_stream ();
}

/* What was said while nobody was there comes first. */
static void
test_lost (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say ("{\"type\":\"transcript\",\"role\":\"user\",\"text\":\"hello\"}");
  AWAIT (find_fact ("aiagent/transcript", NULL));
  say_bytes (1, 100 * MS);
  say ("{\"type\":\"mark\",\"data\":{\"name\":\"void\"}}");
  await_pending (100);
  agent_server_cut (server, 1);
  AWAIT (count_facts ("aiagent/backend", "retrying"));
  run (200, FALSE);
  assert_said (100);
  press ('1');
  g_autoptr (AgentServerEvent) second =
      agent_server_wait_text (server, "callSid");
  g_assert_cmpuint (second->connection, ==, 2);
  g_assert_nonnull (strstr (second->text,
      "\"history\":[{\"role\":\"user\",\"text\":\"hello\"}]"));
  g_autoptr (AgentServerEvent) heard =
      agent_server_wait (server, AGENT_SERVER_BINARY);
  g_assert_cmpuint (heard->connection, ==, 2);
  expect_text ("\"dtmf\":\"1\"");
  agent_server_send (server, 2,
      "{\"type\":\"mark\",\"data\":{\"name\":\"b\"}}");
  expect_text ("\"name\":\"b\"");
  end_stream ();
}

static void
test_garbage (void)
{
  static const gchar *const texts[] = { "", "x", "[]", "{}", "{\"type\":1}",
    "{\"type\":\"mark\"}", "{\"type\":\"mark\",\"data\":[]}",
    "{\"type\":\"playAudio\",\"data\":{\"audioContent\":7}}",
    "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\"AAAA\","
    "\"sampleRate\":12345}}",
    "{\"type\":\"tool\"}", "{\"type\":\"transfer\"}",
    "{\"type\":\"transcript\",\"text\":{}}", "{\"type\":\"sing\"}" };

  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    say (texts[i]);
  g_autofree gchar *deep = g_strnfill (100000, '[');
  say (deep);
  say_bytes (1, 20 * MS);
  await_pending (20);
  g_assert_cmpuint (n_failures, ==, 0);
  end_stream ();
}

/* ---- What else there is */

static void
test_facts (void)
{
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say ("{\"type\":\"tool\",\"name\":\"look-up\",\"id\":\"7\",\"arguments\":"
       "{\"a\":1}}");
  AWAIT (find_fact ("aiagent/tool", NULL));
  const GstStructure *tool = find_fact ("aiagent/tool", NULL);
  g_assert_cmpstr (gst_structure_get_string (tool, "name"), ==, "look-up");
  g_assert_cmpstr (gst_structure_get_string (tool, "arguments"), ==,
      "{\"a\":1}");
  g_assert_true (agent_session_tool_result (session, "7", "{\"b\":2}"));
  expect_text ("{\"event\":\"toolResult\",\"id\":\"7\",\"result\":{\"b\":2}}");
  g_assert_true (agent_session_say (session, "Time is up."));
  expect_text ("{\"event\":\"say\",\"text\":\"Time is up.\"}");
  agent_session_input (session, GST_VOICE_INPUT_TEXT, "good day");
  expect_text ("{\"event\":\"text\",\"text\":\"good day\"}");
  call_by (AGENT_SINK, "call-1", GST_VOICE_CALL_HELD);
  expect_text ("{\"event\":\"hold\"}");
  call_by (AGENT_SINK, "call-1", GST_VOICE_CALL_RESUMED);
  expect_text ("{\"event\":\"resume\"}");
  end_stream ();
}

/* In another rate, and told when it is over. */
static void
test_play_audio (void)
{
  guint8 audio[1600] = { 0 };
  g_autofree gchar *content = NULL;

  for (guint i = 0; i < sizeof audio; i += 2)
    audio[i + 1] = i % 32 < 16 ? 20 : 236;
  content = g_base64_encode (audio, sizeof audio);
  g_autofree gchar *text = g_strdup_printf (
      "{\"type\":\"playAudio\",\"data\":{\"audioContent\":"
      "\"%s\",\"id\":\"seven\",\"audioContentType\":\"raw\",\"sampleRate\":"
      "\"8000\"}}",
      content);
  start (websocket (), AGENT_TURN_DETECTION_AUTO);
  say (text);
  await_pending (100); /* once its end is filled up */
  run (200, FALSE);
  expect_text ("{\"type\":\"playDone\",\"data\":{\"id\":\"seven\"}}");
  g_assert_cmpuint (n_spoken, >=, 4);
  g_assert_cmpuint (n_spoken, <=, 6);
  end_stream ();
}

static void
test_token (void)
{
  GstVoiceAgentBackend *backend = websocket ();

  g_object_set (backend, "token", "canary", "protocol", "", NULL);
  begin_stream (backend, AGENT_TURN_DETECTION_AUTO);
  call ("call-1", TRUE);
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait (server, AGENT_SERVER_ASKED);
  g_assert_nonnull (strstr (asked->headers, "Authorization: Bearer canary\n"));
  g_assert_null (strstr (asked->headers, "Sec-WebSocket-Protocol"));
  end_stream ();
}

static void
test_settings (void)
{
  static const struct
  {
    const gchar *uri, *token, *part;
  } cases[] = {
    { NULL, NULL, "has to be set" },
    { "localhost:80", NULL, "ws://HOST" },
    { "ws://a:b@localhost/", NULL, "user and password" },
    { "ws://192.0.2.1/", "canary", "allow-insecure" },
    { "ws://192.0.2.1/?token=canary", NULL, "allow-insecure" },
    { "ws://localhost/", "canary\ncanary", "more than one line" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GstVoiceAgentBackend) backend = websocket ();
    g_autoptr (GError) error = NULL;
    GstVoiceFormat format;
    g_object_set (backend, "uri", cases[i].uri, "token", cases[i].token, NULL);
    g_assert_false (agent_backend_prepare (backend, &format, &error));
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, cases[i].part));
    g_assert_null (strstr (error->message, "canary"));
  }
}

/* Who a phone's call is from, as networks say. */
static void
test_origin (void)
{
  g_autoptr (GstStructure) origin = gst_structure_new ("origin",
      "asserted-identity", G_TYPE_STRING, "tel:+4930123", "trusted",
      G_TYPE_BOOLEAN, TRUE, "attestation", G_TYPE_STRING, "A", NULL);
  const GstVoiceCall known = { .state = GST_VOICE_CALL_ANSWERED,
    .call_id = "call-1",
    .channel = "sip",
    .admitted = "address",
    .origin = origin };

  begin_stream (websocket (), AGENT_TURN_DETECTION_AUTO);
  agent_session_call (session, AGENT_SINK, &known);
  g_autoptr (AgentServerEvent) first =
      agent_server_wait (server, AGENT_SERVER_TEXT);
  g_assert_nonnull (strstr (first->text,
      "\"origin\":{\"asserted-identity\":\"tel:+4930123\","
      "\"trusted\":\"TRUE\",\"attestation\":\"A\"}"));
  call ("call-1", FALSE);
  end_stream ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_unsetenv ("VOICE_WEBSOCKET_TOKEN");
  g_test_add_func ("/agentwebsocket/conversation", test_conversation);
  g_test_add_func ("/agentwebsocket/origin", test_origin);
  g_test_add_func ("/agentwebsocket/marks", test_marks);
  g_test_add_func ("/agentwebsocket/rest", test_rest);
  g_test_add_func ("/agentwebsocket/kill-audio", test_kill_audio);
  g_test_add_func ("/agentwebsocket/clear-marks", test_clear_marks);
  g_test_add_func ("/agentwebsocket/interrupted", test_interrupted);
  g_test_add_func ("/agentwebsocket/interrupted-on-purpose",
      test_interrupted_on_purpose);
  g_test_add_func ("/agentwebsocket/spoken-into-silence",
      test_spoken_into_silence);
  g_test_add_func ("/agentwebsocket/disconnect", test_disconnect);
  g_test_add_func ("/agentwebsocket/closed-in-order", test_closed_in_order);
  g_test_add_func ("/agentwebsocket/closed-and-interrupted",
      test_closed_and_interrupted);
  g_test_add_func ("/agentwebsocket/lost", test_lost);
  g_test_add_func ("/agentwebsocket/garbage", test_garbage);
  g_test_add_func ("/agentwebsocket/facts", test_facts);
  g_test_add_func ("/agentwebsocket/play-audio", test_play_audio);
  g_test_add_func ("/agentwebsocket/token", test_token);
  g_test_add_func ("/agentwebsocket/settings", test_settings);
  return g_test_run ();
}
