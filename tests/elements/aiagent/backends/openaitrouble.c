/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* backend=openai with a service that refuses, closes, expires, stalls or talks nonsense;
 * laws; and a key that nobody sees. */

#include "openaidialogue.h"

#define CANARY "sk-canary-7f3a"

/* ---- Settings that cannot be */

static void
assert_refused (GObject *backend, gint code, const gchar *word)
{
  g_autoptr (GError) error = NULL;

  begin_session (GST_VOICE_AGENT_BACKEND (backend), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, code);
  assert_has (error->message, word);
  g_assert_null (strstr (error->message, CANARY));
  finish ();
}

static void
test_settings (void)
{
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, NULL),
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, "OPENAI_API_KEY");
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri",
                      "https://me.openai.azure.com/openai/v1/realtime", NULL),
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, "AZURE_OPENAI_API_KEY");
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri", "no address", NULL),
      GST_RESOURCE_ERROR_SETTINGS, "\"uri\"");
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri", "ws://192.0.2.1/",
                      "key", CANARY, NULL),
      GST_RESOURCE_ERROR_SETTINGS, "allow-insecure");
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri", "ws://127.0.0.1/",
                      "key", CANARY "\r\nHost: x", NULL),
      GST_RESOURCE_ERROR_SETTINGS, "\"key\"");
  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri", "ws://127.0.0.1/",
                      "instructions-file", "/nowhere", NULL),
      GST_RESOURCE_ERROR_NOT_FOUND, "instructions-file");
}

static void
assert_header_refused (const gchar *uri, const gchar *name, const gchar *value,
    const gchar *word)
{
  g_autoptr (GstStructure) headers =
      gst_structure_new ("headers", name, G_TYPE_STRING, value, NULL);

  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri", uri, "headers",
                      headers, NULL),
      GST_RESOURCE_ERROR_SETTINGS, word);
}

/* Keys that are set in other ways go in clear as little. */
static void
test_other_secrets (void)
{
  const gchar *const far = "ws://192.0.2.1/r";

  assert_refused (g_object_new (AGENT_TYPE_OPENAI, "uri",
                      "ws://192.0.2.1/r?x=1&API-key=" CANARY, NULL),
      GST_RESOURCE_ERROR_SETTINGS, "allow-insecure");
  assert_header_refused (far, "authorization", CANARY, "allow-insecure");
  assert_header_refused (far, "api-key", CANARY, "allow-insecure");
  assert_header_refused (far, "X-Team", CANARY "\r\nHost: x", "\"headers\"");
  assert_header_refused ("wss://a.example/", "X-Team", CANARY "\1",
      "\"headers\"");
}

/* Another server is not given the vendor's key. */
static void
test_whose_key (void)
{
  set_up ();
  g_setenv ("AZURE_OPENAI_API_KEY", CANARY, TRUE);
  begin (GST_VOICE_AGENT_BACKEND (new_openai ()), NULL, 0);
  call ("1", TRUE);
  g_autoptr (AgentServerEvent) asked = wait_event (AGENT_SERVER_ASKED, NULL);
  g_assert_null (strstr (asked->headers, CANARY));
  g_assert_null (strstr (asked->headers, "OpenAI-Beta"));
  g_assert_cmpstr (asked->text, ==, "/v1/realtime?model=gpt-realtime");
  g_unsetenv ("AZURE_OPENAI_API_KEY");
  tear_down ();
}

static void
test_headers (void)
{
  GObject *backend;
  g_autoptr (GstStructure) headers =
      gst_structure_new ("headers", "X-Team", G_TYPE_STRING, "seven", NULL);
  g_autofree gchar *uri = NULL;

  set_up ();
  uri = g_strconcat (agent_server_get_uri (service),
      "/openai/realtime?api-version=1&deployment=d", NULL);
  backend = g_object_new (AGENT_TYPE_OPENAI, "uri", uri, "headers", headers,
      "key", CANARY, NULL);
  begin (GST_VOICE_AGENT_BACKEND (backend), NULL, 0);
  call ("1", TRUE);
  g_autoptr (AgentServerEvent) asked = wait_event (AGENT_SERVER_ASKED, NULL);
  assert_has (asked->headers, "api-key: " CANARY "\n");
  assert_has (asked->headers, "X-Team: seven\n");
  g_assert_null (strstr (asked->headers, "Authorization"));
  g_assert_cmpstr (asked->text, ==,
      "/openai/realtime?api-version=1&deployment=d");
  tear_down ();
}

/* ---- A service that does not want, or cannot */

static void
test_http (gconstpointer data)
{
  const guint status = GPOINTER_TO_UINT (data);
  const gboolean again = status == 429 || status >= 500;

  set_up ();
  agent_server_refuse (service, status, status == 429 ? 0 : -1);
  begin (GST_VOICE_AGENT_BACKEND (new_openai ()), NULL, 0);
  call ("1", TRUE);
  if (!again) {
    wait_fact ("aiagent/backend", "failed");
    tear_down ();
    return;
  }
  wait_fact ("aiagent/backend", "retrying");
  agent_server_refuse (service, 0, -1);
  g_free (agree (1));
  g_free (expect_sent ("response.create"));
  wait_fact ("aiagent/backend", "ready");
  tear_down ();
}

static void
test_refused_session (void)
{
  set_up ();
  begin (GST_VOICE_AGENT_BACKEND (new_openai ()), NULL, 0);
  call ("1", TRUE);
  g_free (expect_sent ("session.update"));
  tell (1,
      "{\"type\":\"error\",\"error\":{\"code\":\"model_not_found\","
      "\"message\":\"There is no such model.\"}}");
  const GstStructure *failed = wait_fact ("aiagent/backend", "failed");
  assert_has (gst_structure_get_string (failed, "reason"), "no such model");
  tear_down ();
}

/* The service ends the session in a word: the next one knows what was said. */
static void
test_expiry (gconstpointer data)
{
  const gchar *how = data;

  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_answer (1, "R0", "I0", 400, "Good morning.");
  run_until_fact ("aiagent/turn", "response-done");
  tell_speech (1, TRUE, "U1", 100);
  tell_speech (1, FALSE, "U1", 900);
  tell (1,
      "{\"type\":\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"U1\",\"transcript\":\"I am Ann.\"}");
  wait_fact ("aiagent/turn", "speech-stopped");
  if (g_str_equal (how, "expired"))
    tell (1, "{\"type\":\"error\",\"error\":{\"code\":\"session_expired\"}}");
  else if (g_str_equal (how, "closed"))
    agent_server_close (service, 1, 1001, "Deadline expired");
  else
    agent_server_cut (service, 1);
  g_free (agree (2));
  expect_sent_with ("conversation.item.create", "\"role\":\"assistant\"");
  expect_sent_with ("conversation.item.create", "I am Ann.");
  g_free (expect_sent ("response.create")); /* it was not answered */
  tell_answer (2, "R0", "I0", 400, "Hello Ann.");
  run_until_spoken (800);
  tear_down ();
}

/* In the middle of an answer: what came of it is heard, and it is gone on with. */
static void
test_closed_in_answer (void)
{
  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell_response (1, "R0", "I0");
  tell_words (1, "R0", "I0", "Good");
  tell_audio (1, "R0", "I0", 1000, 1000);
  run_until_spoken (200);
  agent_server_cut (service, 1);
  g_free (agree (2));
  expect_sent_with ("conversation.item.create", "Good");
  g_free (expect_sent ("response.create"));
  tell_answer (2, "R1", "I1", 400, " morning.");
  run_until_spoken (1400);
  tear_down ();
}

static void
test_stall (void)
{
  GObject *backend;

  set_up ();
  backend = new_openai ();
  g_object_set (backend, "response-timeout", 2000, NULL);
  begin_call (backend, NULL, 0);
  wait_fact ("aiagent/backend", "retrying"); /* it never greets */
  g_free (agree (2));
  g_free (expect_sent ("response.create"));
  tell_answer (2, "R0", "I0", 400, "Good morning.");
  run_until_spoken (400);
  tear_down ();
}

/* ---- A service that talks nonsense */

static void
test_garbage (void)
{
  g_autofree gchar *deep = g_strnfill (100000, '[');

  set_up ();
  begin_call (new_openai (), NULL, 0);
  tell (1, "nonsense");
  tell (1, "{\"type\":\"response.output_audio.delta\",\"delta\":%s", deep);
  tell (1,
      "{\"type\":\"response.output_audio.delta\",\"item_id\":\"X\","
      "\"delta\":\"*\"}");
  tell (1, "{\"type\":\"something.new\",\"x\":[1,2]}");
  agent_server_send_binary (service, 1, "\0\1\2", 3);
  tell_answer (1, "R0", "I0", 400, "Good morning.");
  run_until_spoken (400);
  tear_down ();
}

/* Errors are told, and harm nothing; what the service says of the key is not told. */
static void
test_errors (void)
{
  GObject *backend;

  set_up ();
  backend = new_openai ();
  g_object_set (backend, "key", CANARY, NULL);
  begin_call (backend, NULL, 0);
  tell (1,
      "{\"type\":\"response.done\",\"response\":{\"id\":\"R0\",\"status\":"
      "\"failed\",\"status_details\":{\"error\":{\"code\":"
      "\"rate_limit_exceeded\",\"message\":\"Slow down, " CANARY ".\"}}}}");
  tell_answer (1, "R1", "I1", 400, "Good morning.");
  run_until_spoken (400);
  tear_down ();
}

/* ---- Laws: bytes as they are */

static void
expect_appended (const guint8 *bytes, gsize size)
{
  g_autofree gchar *base64 = g_base64_encode (bytes, size);

  g_autoptr (AgentServerEvent) event =
      wait_event (AGENT_SERVER_TEXT, "input_audio_buffer.append");
  assert_has (event->text, base64);
}

static void
test_law (gconstpointer data)
{
  const GstVoiceEncoding law = (GstVoiceEncoding) GPOINTER_TO_INT (data);
  guint8 heard[160], answer[160], spoken[1920];

  for (guint i = 0; i < sizeof heard; i++) {
    heard[i] = (guint8) (i * 13 + 5);
    answer[i] = (guint8) (i * 11 + 1);
  }
  g_autofree gchar *base64 = g_base64_encode (answer, sizeof answer);
  set_up ();
  begin (GST_VOICE_AGENT_BACKEND (new_openai ()), NULL, 0);
  const GstVoiceFormat caller = { law, 8000 };
  agent_session_set_caller (session, &caller);
  call ("1", TRUE);
  g_autofree gchar *settings = agree (1);
  assert_has (settings,
      law == GST_VOICE_MULAW ? "{\"type\":\"audio/pcmu\"}"
                             : "{\"type\":\"audio/pcma\"}");
  g_free (expect_sent ("response.create"));
  agent_session_hear_encoded (session, &caller, heard, sizeof heard, now,
      FALSE);
  expect_appended (heard, sizeof heard);
  tell_response (1, "R0", "I0");
  tell (1,
      "{\"type\":\"response.output_audio.delta\",\"response_id\":\"R0\","
      "\"item_id\":\"I0\",\"delta\":\"%s\"}",
      base64);
  while (!agent_session_speak (session, spoken, now, &controls)) {
    now += FRAME_TIME;
    g_usleep (4000);
  }
  g_assert_cmpmem (spoken, sizeof answer, answer, sizeof answer);
  tear_down ();
}

/* ---- The key */

static GString *logged;
static GMutex log_lock;

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer data)
{
  g_mutex_lock (&log_lock);
  g_string_append (logged, gst_debug_message_get (message));
  g_string_append_c (logged, '\n');
  g_mutex_unlock (&log_lock);
}

static gchar *
dup_facts (void)
{
  GString *all = g_string_new (NULL);

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    g_autofree gchar *fact =
        gst_structure_to_string (g_ptr_array_index (facts, i));
    g_string_append (all, fact);
  }
  g_mutex_unlock (&facts_lock);
  return g_string_free (all, FALSE);
}

/* Not even at the level at which everything is logged. */
static void
test_canary (void)
{
  GObject *backend;

  logged = g_string_new (NULL);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (on_log, NULL, NULL);
  gst_debug_set_threshold_from_string ("*:9", TRUE);
  set_up ();
  backend = new_openai ();
  g_object_set (backend, "key", CANARY, NULL);
  begin (GST_VOICE_AGENT_BACKEND (backend), NULL, 0);
  call ("1", TRUE);
  g_autoptr (AgentServerEvent) asked = wait_event (AGENT_SERVER_ASKED, NULL);
  assert_has (asked->headers, "Authorization: Bearer " CANARY "\n");
  g_free (agree (1));
  g_free (expect_sent ("response.create"));
  tell (1,
      "{\"type\":\"error\",\"error\":{\"code\":\"odd\",\"message\":\"" CANARY
      "\"}}");
  tell (1,
      "{\"type\":\"error\",\"error\":{\"code\":\"invalid_api_key\","
      "\"message\":\"Wrong: " CANARY "\"}}");
  wait_fact ("aiagent/backend", "failed");
  g_autofree gchar *told = dup_facts ();
  tear_down ();
  gst_debug_set_threshold_from_string ("", TRUE);
  g_assert_null (strstr (told, CANARY));
  g_mutex_lock (&log_lock);
  g_assert_cmpuint (logged->len, >, 1000);
  g_assert_null (strstr (logged->str, CANARY));
  g_mutex_unlock (&log_lock);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < 3; i++)
    g_unsetenv ((const gchar *[]){ "OPENAI_API_KEY", "VOICE_OPENAI_KEY",
        "AZURE_OPENAI_API_KEY" }[i]);
  g_test_add_func ("/openaitrouble/settings", test_settings);
  g_test_add_func ("/openaitrouble/other-secrets", test_other_secrets);
  g_test_add_func ("/openaitrouble/whose-key", test_whose_key);
  g_test_add_func ("/openaitrouble/headers", test_headers);
  g_test_add_data_func ("/openaitrouble/401", GUINT_TO_POINTER (401),
      test_http);
  g_test_add_data_func ("/openaitrouble/403", GUINT_TO_POINTER (403),
      test_http);
  g_test_add_data_func ("/openaitrouble/429", GUINT_TO_POINTER (429),
      test_http);
  g_test_add_data_func ("/openaitrouble/500", GUINT_TO_POINTER (500),
      test_http);
  g_test_add_func ("/openaitrouble/refused-session", test_refused_session);
  g_test_add_data_func ("/openaitrouble/expired", "expired", test_expiry);
  g_test_add_data_func ("/openaitrouble/closed", "closed", test_expiry);
  g_test_add_data_func ("/openaitrouble/cut", "cut", test_expiry);
  g_test_add_func ("/openaitrouble/closed-in-answer", test_closed_in_answer);
  g_test_add_func ("/openaitrouble/stall", test_stall);
  g_test_add_func ("/openaitrouble/garbage", test_garbage);
  g_test_add_func ("/openaitrouble/errors", test_errors);
  g_test_add_data_func ("/openaitrouble/pcmu",
      GINT_TO_POINTER (GST_VOICE_MULAW), test_law);
  g_test_add_data_func ("/openaitrouble/pcma", GINT_TO_POINTER (GST_VOICE_ALAW),
      test_law);
  g_test_add_func ("/openaitrouble/canary", test_canary);
  return g_test_run ();
}
