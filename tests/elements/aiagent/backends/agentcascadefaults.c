/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* backend=cascade, whose servers do all that servers do wrong: the call goes on, the caller
 * hears an apology once, the bus says why, and the next turn tries again. Then what it
 * cannot be set to, and its secrets. */

#include "agentcascadetest.h"

#define TRANSCRIBE "/audio/transcriptions"
#define CHAT "/chat/completions"
#define SPEAK "/audio/speech"
#define SORRY "I am sorry, something went wrong."
#define KEY "sk-canary-31415926535897932384626433832795"

/* The reason of the last state. */
static const gchar *
last_reason (void)
{
  const gchar *reason = "";
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&facts_lock);

  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    if (gst_structure_has_name (fact, "aiagent/backend") &&
        g_str_equal (gst_structure_get_string (fact, "state"), "retrying"))
      reason = gst_structure_get_string (fact, "reason");
  }
  return reason;
}

/* Something has been set to go wrong: what comes of it. @why: a part of the reason. */
static void
expect_fault (const gchar *why)
{
  speak_turn ();
  until_said (SORRY);
  until_fact ("aiagent/backend", "retrying", 1);
  if (!strstr (last_reason (), why))
    g_error ("\"%s\" does not say \"%s\"", last_reason (), why);
  /* then it works again, and says so */
  speak_turn ();
  until_said ("Yes, of course.");
  until_fact ("aiagent/backend", "ready", 2);
  g_assert_cmpuint (count_texts ("agent", SORRY), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/backend", "retrying"), ==, 1);
  g_assert_cmpuint (n_failures, ==, 0);
}

static void
begin_fault (void)
{
  begin_server ();
  new_cascade ("greeting", "", "llm-timeout", 300, "stt-timeout", 300,
      "tts-timeout", 300, NULL);
}

/* ---- Statuses, of each stage */

typedef struct
{
  const gchar *path;
  guint status;
  const gchar *body, *why;
} Refusal;

static const Refusal refusals[] = {
  { CHAT, 401, "{\"error\":{\"message\":\"Wrong key.\"}}",
      "The language model failed: HTTP 401 Said: Wrong key." },
  { CHAT, 403, "", "HTTP 403" },
  { CHAT, 404, "{\"error\":\"model not found\"}", "404 Said: model not found" },
  { CHAT, 429, "{\"error\":{\"message\":\"Slow down.\"}}", "HTTP 429" },
  { CHAT, 500, "<html>\n<b>Oops</b></html>", "HTTP 500" },
  { CHAT, 302, "", "HTTP 302" },
  { TRANSCRIBE, 401, "", "The recogniser failed: HTTP 401" },
  { TRANSCRIBE, 429, "", "HTTP 429" },
  { TRANSCRIBE, 500, "", "HTTP 500" },
  { SPEAK, 401, "", "The voice failed: HTTP 401" },
  { SPEAK, 429, "", "HTTP 429" },
  { SPEAK, 500, "", "HTTP 500" },
};

static void
use_server_voice (const gchar *path)
{
  if (g_str_equal (path, SPEAK))
    g_object_set (cascade, "tts", chat_server_get_uri (server), NULL);
}

static void
test_refused (gconstpointer data)
{
  const Refusal *refusal = data;

  begin_fault ();
  use_server_voice (refusal->path);
  begin_dialogue ();
  chat_server_answer_body (server, refusal->path, refusal->status, "text/html",
      refusal->body);
  expect_fault (refusal->why);
  finish_cascade ();
}

/* ---- Bodies that are none, or have no end */

typedef struct
{
  const gchar *name, *path, *type, *piece;
  ChatServerEnd end;
  const gchar *why;
} Garbage;

#define CHUNK(text) \
  "data: {\"choices\":[{\"delta\":{\"content\":\"" text "\"}}]}\n\n"

#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

static const Garbage garbage[] = {
  { "no-json", CHAT, "text/event-stream", "data: {nonsense\n\n",
      CHAT_SERVER_ENDS, "It is not JSON." },
  { "binary", CHAT, "text/event-stream", "\x01\xff\xfe\x02", CHAT_SERVER_ENDS,
      "the answer broke off" },
  { "html", CHAT, "text/html", "<html>Welcome</html>", CHAT_SERVER_ENDS,
      "the answer broke off" },
  { "whole-garbage", CHAT, "application/json", "<html>", CHAT_SERVER_ENDS,
      "It is not JSON." },
  { "empty", CHAT, "text/event-stream", "", CHAT_SERVER_ENDS,
      "the answer is empty" },
  { "no-words", CHAT, "text/event-stream",
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
      CHAT_SERVER_ENDS, "the answer is empty" },
  { "error-inside", CHAT, "text/event-stream",
      "data: {\"error\":{\"message\":\"Overloaded.\"}}\n\n", CHAT_SERVER_ENDS,
      "Overloaded." },
  { "cut", CHAT, "text/event-stream", CHUNK ("Well"), CHAT_SERVER_CUTS,
      "The language model failed" },
  { "stalled", CHAT, "text/event-stream", CHUNK ("Well"), CHAT_SERVER_STALLS,
      "it took too long" },
  { "only-comments", CHAT, "text/event-stream", ": PROCESSING\n\n",
      CHAT_SERVER_REPEATS, "it took too long" },
  { "endless-words", CHAT, "text/event-stream", CHUNK ("yes and "),
      CHAT_SERVER_REPEATS, "The answer has no end." },
  { "endless-line", CHAT, "text/event-stream", "data: xxxxxxxxxxxxxxxxxxxxxxxx",
      CHAT_SERVER_REPEATS, "The language model failed" },
  { "no-transcript", TRANSCRIBE, "application/json", "{\"words\":1}",
      CHAT_SERVER_ENDS, "the answer is no transcription" },
  { "stalled-transcript", TRANSCRIBE, "application/json", "{\"te",
      CHAT_SERVER_STALLS, "it took too long" },
  { "cut-transcript", TRANSCRIBE, "application/json", "{\"te", CHAT_SERVER_CUTS,
      "The recogniser failed" },
  { "endless-transcript", TRANSCRIBE, "application/json",
      X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256,
      CHAT_SERVER_REPEATS, "the answer has no end" },
  { "no-sound", SPEAK, "audio/pcm", "", CHAT_SERVER_ENDS,
      "the answer is empty" },
  { "other-sound", SPEAK, "audio/mpeg", "ID3xxxxxxx", CHAT_SERVER_ENDS,
      "what came is no pcm" },
  { "file-of-sound", SPEAK, "audio/pcm", "RIFFxxxxxxx", CHAT_SERVER_ENDS,
      "what came is no pcm" },
  { "stalled-sound", SPEAK, "audio/pcm", "xxxxxxxx", CHAT_SERVER_STALLS,
      "it took too long" },
  { "cut-sound", SPEAK, "audio/pcm", "xxxxxxxx", CHAT_SERVER_CUTS,
      "The voice failed" },
};

static void
test_garbage (gconstpointer data)
{
  const Garbage *it = data;
  g_autoptr (GPtrArray) pieces =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  begin_fault ();
  use_server_voice (it->path);
  begin_dialogue ();
  g_ptr_array_add (pieces, g_bytes_new_static (it->piece, strlen (it->piece)));
  chat_server_answer (server, it->path, 200, it->type, pieces, 0,
      g_str_equal (it->name, "only-comments") ? 20 : 0, it->end);
  expect_fault (it->why);
  finish_cascade ();
}

/* ---- Nobody there */

static void
test_unreachable (void)
{
  begin_server ();
  g_autofree gchar *uri = g_strdup (chat_server_get_uri (server));
  new_cascade ("greeting", "Welcome.", NULL);
  g_clear_pointer (&server, chat_server_free);
  begin_dialogue ();
  until_fact ("aiagent/backend", "retrying", 1);
  until_said ("Welcome."); /* the built-in voice is there */
  until_done (1);
  speak_turn ();
  until_said (SORRY);
  until_fact ("aiagent/backend", "retrying", 2);
  g_assert_cmpuint (n_failures, ==, 0);
  finish_cascade ();
}

/* What was said is heard, and the apology behind it. */
static void
test_breaks_off_later (void)
{
  begin_fault ();
  begin_dialogue ();
  chat_server_answer_words (server, "This much is known. But", 0, 0,
      CHAT_SERVER_CUTS);
  speak_turn ();
  until_said ("This much is known.");
  until_said (SORRY);
  until_done (2);
  finish_cascade ();
}

/* What is not an answer to a caller is said in any case. */
static void
test_greeting_without_voice (void)
{
  begin_server ();
  new_cascade ("greeting", "Welcome.", "tts", chat_server_get_uri (server),
      NULL);
  chat_server_answer_body (server, SPEAK, 500, "text/plain", "");
  begin_dialogue ();
  until_said ("Welcome.");
  until_fact ("aiagent/backend", "retrying", 1);
  until_done (1);
  finish_cascade ();
}

/* ---- A model that goes on and on */

static void
begin_answer_of (guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  begin_server ();
  new_cascade ("greeting", "", "tts", chat_server_get_uri (server), NULL);
  begin_dialogue ();
  for (guint i = 0; i < n; i++)
    g_string_append (text, "This is one of many sentences. ");
  chat_server_answer_words (server, text->str, 0, 0, CHAT_SERVER_ENDS);
}

/* All at once: small pieces of so much take their time. */
static void
answer_much_sound (guint seconds)
{
  const gsize size = (gsize) 24000 * 2 * seconds;
  g_autoptr (GPtrArray) pieces =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint8 *samples = g_malloc (size);

  memset (samples, 0x11, size);
  g_ptr_array_add (pieces, g_bytes_new_take (samples, size));
  chat_server_answer (server, SPEAK, 200, "audio/pcm", pieces, 0, 0,
      CHAT_SERVER_ENDS);
}

static void
expect_endless (void)
{
  until_fact ("aiagent/backend", "retrying", 1);
  until_said (SORRY);
  g_assert_nonnull (strstr (last_reason (), "the answer has no end"));
  g_assert_cmpuint (count_facts ("aiagent/backend", "retrying"), ==, 1);
}

/* What is spoken of it is not too many sentences, ... */
static void
test_many_sentences (void)
{
  ChatServerEvent *event;
  guint n = 0;

  begin_answer_of (250);
  for (guint i = 0; i < 200; i++)
    chat_server_answer_sound (server, 100);
  speak_turn ();
  expect_endless ();
  while ((event = chat_server_pop (server, CHAT_SERVER_ASKED, SPEAK))) {
    chat_server_event_free (event);
    n++;
  }
  /* With the apology; a request may be sent again, on a fresh connection. */
  g_assert_cmpuint (n, <, 220);
  until_text ("agent", "one of many", 200);
  finish_cascade ();
}

/* ... not too long, ... */
static void
test_long_answer (void)
{
  begin_answer_of (4);
  for (guint i = 0; i < 3; i++)
    answer_much_sound (60);
  speak_turn ();
  expect_endless ();
  g_assert_cmpuint (count_texts ("agent", "one of many"), ==, 3);
  finish_cascade ();
}

/* ... and made when what is before it was heard, but for a little. */
static void
test_sound_ahead (void)
{
  begin_answer_of (4);
  for (guint i = 0; i < 3; i++)
    answer_much_sound (12);
  speak_turn ();
  const GstClockTime begun = now;
  for (guint n = 0, i = 0; n < 4; i++) {
    g_autoptr (ChatServerEvent) event =
        chat_server_pop (server, CHAT_SERVER_ASKED, SPEAK);
    if (event)
      n++;
    else
      pause_step ();
    g_assert_cmpuint (i, <, STEPS);
  }
  g_assert_cmpuint ((now - begun) / GST_MSECOND, >=, 36000 - 20000 - 1000);
  until_done (1);
  g_assert_cmpuint (count_texts ("agent", "one of many"), ==, 4);
  finish_cascade ();
}

/* ---- Settings */

static void
expect_unusable (const gchar *why)
{
  g_autoptr (GError) error = NULL;

  begin_session (GST_VOICE_AGENT_BACKEND (g_object_ref (cascade)), NULL, 0);
  g_assert_false (agent_session_prepare (session, AGENT_SINK, &error));
  g_assert_nonnull (error);
  if (!strstr (error->message, why))
    g_error ("\"%s\" does not say \"%s\"", error->message, why);
  g_assert_null (strstr (error->message, KEY));
  finish ();
  finalize (cascade);
}

static void
try (const gchar *name, const gchar *value, const gchar *why)
{
  cascade = g_object_new (AGENT_TYPE_CASCADE, "llm", "http://localhost:1/v1",
      "stt", "http://localhost:1/v1", name, value, NULL);
  expect_unusable (why);
}

static void
test_settings (void)
{
  cascade = g_object_new (AGENT_TYPE_CASCADE, NULL);
  expect_unusable ("backend::llm is not set");
  try ("llm", "localhost:11434", "backend::llm is no http");
  try ("llm", "ftp://localhost/", "backend::llm is no http");
  try ("stt", "http://u:" KEY "@localhost/", "backend::stt-key-file");
  try ("llm", "http://localhost/v1?key=" KEY, "backend::key-file");
  try ("voice", "alloy", "backend::voice");
  try ("llm-options", "[1]", "backend::llm-options");
  try ("instructions-file", "/nowhere/x", "instructions cannot be read");
  try ("key-file", "/nowhere/x", "/nowhere/x");
}

static gboolean
costs (const gchar *llm, const gchar *tts, const gchar *key)
{
  g_autoptr (GObject) backend = g_object_new (AGENT_TYPE_CASCADE, "llm", llm,
      "stt", "http://127.0.0.1:1/v1", "tts", tts, "key", key, NULL);
  GstVoiceAgentBackendClass *klass =
      GST_VOICE_AGENT_BACKEND_GET_CLASS (GST_VOICE_AGENT_BACKEND (backend));
  GstVoiceFormat format = { GST_VOICE_S16, 0 };
  g_autoptr (GError) error = NULL;

  klass->prepare (GST_VOICE_AGENT_BACKEND (backend), &format, &error);
  g_assert_no_error (error);
  return klass->costs (GST_VOICE_AGENT_BACKEND (backend));
}

/* With a key. */
static void
test_in_the_clear (void)
{
  static const gchar *const others[] = { "http://example.com/v1",
    "http://192.168.1.2/v1", "http://10.0.0.1/v1", "http://gpu/v1",
    "http://gpu.local/v1", "http://134744072/v1", "http://127.1.example/v1",
    "http://[fd00::1]/v1" };
  static const gchar *const safe[] = { "http://localhost:1/v1",
    "http://127.0.0.2/v1", "http://[::1]/v1", "https://192.168.1.2/v1" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    cascade = g_object_new (AGENT_TYPE_CASCADE, "llm", others[i], "stt",
        "http://localhost:1/v1", "key", KEY, NULL);
    expect_unusable ("backend::allow-insecure");
  }
  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    costs (safe[i], NULL, KEY);
}

static void
test_costs (void)
{
  g_assert_false (costs ("http://localhost:11434/v1", NULL, NULL));
  g_assert_false (costs ("http://192.168.1.2/v1", "http://[::1]:1/v1", NULL));
  g_assert_true (costs ("https://api.openai.com/v1", NULL, KEY));
  g_assert_true (costs ("http://134744072/v1", NULL, NULL));
  g_assert_true (
      costs ("http://localhost/v1", "https://api.example.com/v1", NULL));
}

/* ---- Secrets */

/* It reaches the model's server, and the others at the same place; nobody else, and no
 * message, though the server repeats it. */
static void
test_secret (void)
{
  g_autofree gchar *value = NULL;

  begin_fault ();
  g_object_set (cascade, "key", KEY, NULL);
  begin_dialogue ();
  chat_server_answer_body (server, CHAT, 401, "application/json",
      "{\"error\":{\"message\":\"Incorrect key " KEY ".\"}}");
  expect_fault ("Incorrect key ***.");
  g_assert_false (is_in_facts (KEY));
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (cascade), "key");
  g_assert_false (spec->flags & G_PARAM_READABLE);
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_ASKED, TRANSCRIBE);
  g_assert_nonnull (strstr (event->headers, "Authorization: Bearer " KEY));
  finish_cascade ();
}

static void
expect_no_secret (const gchar *text)
{
  if (strstr (text, "canary") || strstr (text, "271828"))
    g_error ("the key is in \"%s\"", text);
  for (; *text; text++)
    g_assert_false (g_ascii_iscntrl (*text));
}

/* What a stream says that went wrong has no key, not a part of one, and no control
 * characters. */
static void
test_secret_in_stream (void)
{
  g_autofree gchar *filling = g_strnfill (240, 'x');
  g_autofree gchar *event =
      g_strdup_printf ("data: {\"error\":{\"message\":\"\\u001b[2J%s\\r\\n" KEY
                       "\"}}\n\n",
          filling);

  begin_fault ();
  g_object_set (cascade, "key", KEY, NULL);
  begin_dialogue ();
  chat_server_answer_body (server, CHAT, 200, "text/event-stream", event);
  expect_fault ("[2Jxxx");
  expect_no_secret (last_reason ());
  finish_cascade ();
}

static void
test_foreign_secret (void)
{
  ChatServer *other = chat_server_new ();

  begin_server ();
  new_cascade ("greeting", "", "key", KEY, "stt", chat_server_get_uri (other),
      NULL);
  begin_dialogue ();
  speak_turn ();
  g_autoptr (ChatServerEvent) heard =
      chat_server_wait (other, CHAT_SERVER_ASKED, TRANSCRIBE);
  g_assert_null (strstr (heard->headers, KEY));
  g_autoptr (ChatServerEvent) asked =
      chat_server_wait (server, CHAT_SERVER_ASKED, CHAT);
  g_assert_nonnull (strstr (asked->headers, KEY));
  until_said ("Yes, of course.");
  finish_cascade ();
  chat_server_free (other);
}

static void
add_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autofree gchar *name = g_strdup_printf ("/cascade-faults/refused%s/%u",
        refusals[i].path, refusals[i].status);
    g_test_add_data_func (name, &refusals[i], test_refused);
  }
  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/cascade-faults/garbage/%s", garbage[i].name);
    g_test_add_data_func (name, &garbage[i], test_garbage);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  add_cases ();
  g_test_add_func ("/cascade-faults/unreachable", test_unreachable);
  g_test_add_func ("/cascade-faults/breaks-off-later", test_breaks_off_later);
  g_test_add_func ("/cascade-faults/greeting-without-voice",
      test_greeting_without_voice);
  g_test_add_func ("/cascade-faults/many-sentences", test_many_sentences);
  g_test_add_func ("/cascade-faults/long-answer", test_long_answer);
  g_test_add_func ("/cascade-faults/sound-ahead", test_sound_ahead);
  g_test_add_func ("/cascade-faults/settings", test_settings);
  g_test_add_func ("/cascade-faults/in-the-clear", test_in_the_clear);
  g_test_add_func ("/cascade-faults/costs", test_costs);
  g_test_add_func ("/cascade-faults/secret", test_secret);
  g_test_add_func ("/cascade-faults/secret-in-stream", test_secret_in_stream);
  g_test_add_func ("/cascade-faults/foreign-secret", test_foreign_secret);
  return g_test_run ();
}
