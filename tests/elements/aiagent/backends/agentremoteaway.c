/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* An agent that goes away, does not answer, is too old or says too much: what the caller
 * hears, what the next connection is told, and what happens when there is none. */

#include "remotetest.h"

#include "common/frame/gstvoiceformat.h"

#include <glib/gstdio.h>

#define SORRY "I am sorry"

/* ---- The bridge */

/* The phrase comes once; it is not the agent's, who hears nothing of it. */
static void
test_phrase (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "retries", 20, NULL);
  agent_server_refuse (self->server, 503, -1);
  open_call (self, "1");
  WAIT (self,
      host->answers->len && find_answer_unlocked (host, 1)->text &&
          find_answer_unlocked (host, 1)->ended);
  const Answer *phrase = find_answer_unlocked (self->host, 1);
  g_assert_cmpstr (phrase->text, ==, "One moment, please.");
  g_assert_true (phrase->interruptible);
  g_assert_cmpuint (phrase->audio->len, >, 500 * MS * 2);
  agent_backend_done (self->backend, 1);
  GST_VOICE_AGENT_BACKEND_GET_CLASS (self->backend)
      ->heard (self->backend, 1, "One moment, please.", 1000);
  agent_server_refuse (self->server, 0, -1);
  g_autoptr (AgentServerEvent) hello =
      agent_server_wait_text (self->server, "hello");
  g_assert_cmpstr (hello->text, ==, "hello owes=0");
  expect_text (self, "begun 1");
  agent_backend_done (self->backend, 1);
  agent_backend_digit (self->backend, '5');
  expect_text (self, "key 5");
  g_assert_cmpuint (self->host->answers->len, ==, 1);
}

/* Nobody is told who is speaking himself; then he is. */
static void
test_phrase_behind_turn (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "retries", 20, NULL);
  agent_server_refuse (self->server, 503, -1);
  open_call (self, "1");
  send_frame (self, 1, TRUE);
  for (guint i = 0; i < 3; i++) { /* 750 ms */
    g_autoptr (AgentServerEvent) asked =
        agent_server_wait (self->server, AGENT_SERVER_ASKED);
  }
  settle ();
  g_assert_cmpuint (self->host->answers->len, ==, 0);
  send_frame (self, 1, FALSE);
  WAIT (self, host->answers->len == 1);
}

static gchar *
write_wav (guint rate, guint ms, gint16 value)
{
  const guint32 n = rate * ms / 1000 * 2;
  GByteArray *file = g_byte_array_new ();
  const guint32 head[] = { 0x46464952, 36 + n, 0x45564157, 0x20746d66, 16,
    1 | 1 << 16, rate, rate * 2, 2 | 16 << 16, 0x61746164, n };
  g_autofree gchar *path = NULL;
  const gint fd = g_file_open_tmp ("music-XXXXXX.wav", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_byte_array_append (file, (const guint8 *) head, sizeof head);
  for (guint i = 0; i < n / 2; i++)
    g_byte_array_append (file, (const guint8 *) &value, 2);
  g_assert_true (g_file_set_contents (path, (const gchar *) file->data,
      (gssize) file->len, NULL));
  g_byte_array_unref (file);
  return g_steal_pointer (&path);
}

/* In the format of the dialogue, over and over, until the agent is heard again. */
static void
test_music (Fixture *self, gconstpointer data)
{
  g_autofree gchar *path = write_wav (22050, 300, 8000);
  g_autoptr (GError) error = NULL;
  GstVoiceFormat format;
  guint8 law;
  const gint16 level = 8000;

  gst_voice_law_encode (GST_VOICE_MULAW, &level, &law, 1);
  self->host->format = (GstVoiceFormat){ GST_VOICE_MULAW, 8000 };
  g_object_set (self->backend, "bridge", 2, "bridge-music", path, "retries", 20,
      NULL);
  g_assert_true (agent_backend_prepare (self->backend, &format, &error));
  agent_server_refuse (self->server, 503, -1);
  open_call (self, "1");
  take_turn (self);
  WAIT (self,
      host->answers->len &&
          find_answer_unlocked (host, 1)->audio->len > 1000 * MS);
  const Answer *music = find_answer_unlocked (self->host, 1);
  g_assert_cmpuint (music->audio->data[150 * MS], ==, law);
  agent_server_refuse (self->server, 0, -1);
  g_autoptr (AgentServerEvent) hello =
      agent_server_wait_text (self->server, "hello");
  g_assert_cmpstr (hello->text, ==, "hello owes=1");
  g_assert_false (music->ended); /* until there is an answer */
  agent_server_send (self->server, hello->connection, "begin");
  agent_server_send (self->server, hello->connection, "say 20");
  WAIT (self,
      host->answers->len == 2 &&
          find_answer_unlocked (host, 2)->audio->len == 20 * MS);
  g_assert_true (music->ended);
  g_unlink (path);
}

/* A caller who speaks into it does not hear it; then it goes on. */
static void
test_music_interrupted (Fixture *self, gconstpointer data)
{
  g_autofree gchar *path = write_wav (8000, 100, 8000);
  GstVoiceFormat format;

  g_object_set (self->backend, "bridge", 2, "bridge-music", path, "retries", 20,
      NULL);
  g_assert_true (agent_backend_prepare (self->backend, &format, NULL));
  agent_server_refuse (self->server, 503, -1);
  open_call (self, "1");
  WAIT (self, host->answers->len == 1);
  send_frame (self, 1, TRUE);
  WAIT (self, find_answer_unlocked (host, 1)->ended);
  send_frame (self, 1, FALSE);
  WAIT (self, host->answers->len == 2);
  agent_backend_pause (self->backend, TRUE);
  WAIT (self, find_answer_unlocked (host, 2)->ended);
  agent_backend_pause (self->backend, FALSE);
  WAIT (self, host->answers->len == 3);
  g_unlink (path);
}

static void
test_bad_settings (Fixture *self, gconstpointer data)
{
  static const gchar *const files[] = { NULL, "/nowhere/music.wav",
    "/dev/null" };
  g_autoptr (GError) error = NULL;
  GstVoiceFormat format;

  g_object_set (self->backend, "bridge", 2, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_object_set (self->backend, "bridge-music", files[i], NULL);
    g_assert_false (agent_backend_prepare (self->backend, &format, &error));
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_clear_error (&error);
  }
  g_object_set (self->backend, "bridge", 0, "fallback", 2, NULL);
  g_assert_false (agent_backend_prepare (self->backend, &format, &error));
  g_assert_nonnull (strstr (error->message, "fallback-target"));
}

/* ---- It does not answer */

/* The next connection knows what was said, and that an answer is due. */
static void
test_stalled (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "response-timeout", 2000, "retries", 1, "bridge",
      0, NULL);
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_send (self->server, 1, "begin");
  agent_server_send (self->server, 1, "agent Good day.");
  agent_server_send (self->server, 1, "say 20");
  agent_server_send (self->server, 1, "end");
  WAIT (self, host->answers->len && find_answer_unlocked (host, 1)->ended);
  agent_server_send (self->server, 1, "caller I want two.");
  take_turn (self);
  const gint64 asked = g_get_monotonic_time ();
  g_autoptr (AgentServerEvent) hello =
      agent_server_wait_text (self->server, "hello");
  g_assert_cmpint (hello->time - asked, >=, 1990000);
  g_assert_cmpuint (hello->connection, ==, 2);
  g_assert_cmpstr (hello->text, ==, "hello owes=1 Good day. I want two.");
  agent_server_send (self->server, 2, "begin");
  agent_server_send (self->server, 2, "say 20");
  agent_server_send (self->server, 2, "end");
  WAIT (self, host->answers->len == 2 && find_answer_unlocked (host, 2)->ended);
  ASSERT_STATES (self, "connecting ready retrying ready ");
}

/* It could go on like that for ever. */
static void
test_stalled_again (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "response-timeout", 200, "retries", 1, NULL);
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  take_turn (self);
  WAIT_STATES (self, "connecting ready retrying ready failed ");
  g_assert_cmpstr (self->host->reason, ==, "it does not answer");
}

/* Nobody spoke, nothing is due. However long it was there before: so could that. */
static void
test_frozen (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "response-timeout", 4500, "retries", 1, NULL);
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_cut (self->server, 1);
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_freeze (self->server, TRUE);
  WAIT_STATES (self, "connecting ready retrying ready failed ");
  g_assert_cmpstr (self->host->reason, ==, "it gives no sign of life");
  agent_server_freeze (self->server, FALSE);
}

/* In the middle of an answer: what was open is closed, what was heard is known. */
static void
test_broken (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_send (self->server, 1, "begin");
  agent_server_send (self->server, 1, "agent One two three.");
  agent_server_send (self->server, 1, "say 500");
  WAIT (self,
      host->answers->len == 1 && find_answer_unlocked (host, 1)->audio->len);
  GST_VOICE_AGENT_BACKEND_GET_CLASS (self->backend)
      ->heard (self->backend, 1, "One two", 300);
  settle ();
  agent_server_cut (self->server, 1);
  expect_text (self, "hello owes=1 One two");
  g_assert_true (find_answer_unlocked (self->host, 1)->ended);
}

/* ---- It is too old */

static void
test_renewed (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "session-length", 1000, "retries", 0, NULL);
  open_call (self, "1");
  for (guint i = 1; i <= 3; i++) {
    g_autoptr (AgentServerEvent) hello =
        agent_server_wait_text (self->server, "hello");
    g_assert_cmpuint (hello->connection, ==, i);
  }
  WAIT_STATES (self, "connecting ready connecting ready connecting ready ");
}

/* The far side said so. */
static void
test_renewed_in_pause (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  send_frame (self, 1, TRUE);
  agent_backend_turn (self->backend, TRUE, 0);
  expect_text (self, "turn 1");
  agent_server_send (self->server, 1, "renew");
  agent_backend_digit (self->backend, '5');
  expect_text (self, "key 5");
  send_frame (self, 2, FALSE);
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
}

/* ---- It says too much */

static void
test_flood (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  agent_server_send (self->server, 1, "begin");
  agent_server_send (self->server, 1, "say 3600000");
  WAIT (self, host->reason && strstr (host->reason, "ten minutes"));
  const guint size = find_answer_unlocked (self->host, 1)->audio->len;
  g_assert_cmpuint (size, >=, 600000 * MS * 2);
  g_assert_cmpuint (size, <, 700000 * MS * 2);
}

/* ---- It does not come back */

static void
test_goodbye (Fixture *self, gconstpointer data)
{
  agent_server_refuse (self->server, 403, -1);
  open_call (self, "1");
  WAIT (self, g_str_equal (host->controls->str, "hang-up "));
  const Answer *goodbye = find_answer_unlocked (self->host, 1);
  g_assert_true (g_str_has_prefix (goodbye->text, SORRY));
  g_assert_true (goodbye->ended);
  g_assert_false (goodbye->interruptible);
  g_assert_cmpuint (goodbye->audio->len, >, 2000 * MS * 2);
  agent_backend_result (self->backend, self->host->control, "accepted", NULL);
  settle ();
  g_assert_cmpuint (self->host->answers->len, ==, 1);
}

/* ... who speaks is told nevertheless; and only in this dialogue. */
static void
test_goodbye_once (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "fallback-text", "Bye.", NULL);
  agent_server_refuse (self->server, 403, -1);
  open_call (self, "1");
  WAIT (self, host->answers->len == 1);
  take_turn (self);
  WAIT (self, g_str_equal (host->controls->str, "hang-up "));
  close_call (self);
  agent_server_refuse (self->server, 0, -1);
  open_call (self, "2");
  WAIT (self, g_str_has_suffix (host->states->str, "ready "));
  g_assert_cmpuint (self->host->answers->len, ==, 1);
  agent_server_refuse (self->server, 403, -1);
  agent_server_send (self->server, 1, "lose it");
  WAIT (self, g_str_equal (host->controls->str, "hang-up hang-up "));
}

static void
test_transfer (Fixture *self, gconstpointer data)
{
  const gchar *result = data;
  GstVoiceFormat format;

  g_object_set (self->backend, "fallback", 2, "fallback-target",
      "sip:help@example.com", NULL);
  g_assert_true (agent_backend_prepare (self->backend, &format, NULL));
  agent_server_refuse (self->server, 403, -1);
  open_call (self, "1");
  WAIT (self,
      g_str_equal (host->controls->str, "transfer:sip:help@example.com "));
  agent_backend_result (self->backend, self->host->control, result, NULL);
  settle ();
  if (g_str_equal (result, "accepted"))
    g_assert_cmpuint (self->host->answers->len, ==, 0);
  else
    WAIT (self, g_str_has_suffix (host->controls->str, "hang-up "));
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "fallback", 0, NULL);
  agent_server_refuse (self->server, 403, -1);
  open_call (self, "1");
  WAIT_STATES (self, "connecting failed ");
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait (self->server, AGENT_SERVER_ASKED);
  g_assert_null (agent_server_pop (self->server, 1000));
  g_assert_cmpuint (self->host->answers->len, ==, 0);
}

static void
set_up_away (Fixture *self, gconstpointer data)
{
  set_up (self, data);
  g_object_set (self->backend, "bridge", 1, NULL);
}

#define ADD(name, data, function) \
  g_test_add ("/agentremoteaway/" name, Fixture, data, set_up_away, function, \
      tear_down)

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  ADD ("phrase", NULL, test_phrase);
  ADD ("phrase-behind-turn", NULL, test_phrase_behind_turn);
  ADD ("music", NULL, test_music);
  ADD ("music-interrupted", NULL, test_music_interrupted);
  ADD ("bad-settings", NULL, test_bad_settings);
  ADD ("stalled", NULL, test_stalled);
  ADD ("stalled-again", NULL, test_stalled_again);
  ADD ("frozen", NULL, test_frozen);
  ADD ("broken", NULL, test_broken);
  ADD ("renewed", NULL, test_renewed);
  ADD ("renewed-in-pause", NULL, test_renewed_in_pause);
  ADD ("flood", NULL, test_flood);
  ADD ("goodbye", NULL, test_goodbye);
  ADD ("goodbye-once", NULL, test_goodbye_once);
  ADD ("transfer/accepted", "accepted", test_transfer);
  ADD ("transfer/unsupported", "unsupported", test_transfer);
  ADD ("nothing", NULL, test_nothing);
  return g_test_run ();
}
