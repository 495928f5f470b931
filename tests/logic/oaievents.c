/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/logic/oaievents.h"

#include <gio/gio.h>
#include <string.h>

static void
keep (const gchar *json, gpointer user)
{
  g_ptr_array_add (user, g_strdup (json));
}

static const gchar *const types[] = { "session.created",
  "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
  "input_audio_buffer.committed",
  "conversation.item.input_audio_transcription.completed",
  "response.output_audio_transcript.done", "response.created",
  "output_audio_buffer.started", "output_audio_buffer.cleared", "response.done",
  "conversation.item.input_audio_transcription.failed",
  "response.function_call_arguments.done", "error", "voice.call.ended" };

/* A whole call, in the order in which an agent tells of it. */
static void
test_call (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_opened (events, "abc");
  oai_events_turn (events, "speech-started", 1000000000, 0, 0);
  oai_events_turn (events, "speech-stopped", 1000000000, 2500000000, 0);
  oai_events_caller_said (events, "hello \"you\"", "");
  oai_events_agent_said (events, "Hi.");
  oai_events_turn (events, "response-started", 0, 0, 317000000);
  oai_events_turn (events, "interrupted", 0, 0, 0);
  oai_events_turn (events, "interrupted", 0, 0, 0); /* nothing was audible */
  oai_events_caller_said (events, "", "no words of the grammar");
  oai_events_tool (events, "1", "transfer", "sip:sales@example.com");
  oai_events_error (events, "unsupported", "No.");
  oai_events_ended (events, "The agent hung up.");

  g_assert_cmpuint (sent->len, ==, G_N_ELEMENTS (types));
  for (guint i = 0; i < sent->len; i++) {
    g_autofree gchar *start =
        g_strdup_printf ("{\"type\":\"%s\",\"event_id\":\"event_%u\"", types[i],
            i + 1);
    g_assert_true (g_str_has_prefix (g_ptr_array_index (sent, i), start));
  }
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 2), "\"audio_end_ms\":2500"));
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 4),
      "\"transcript\":\"hello \\\"you\\\"\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 5), "\"response_id\":\"resp_1\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 6), "\"turn_around_ms\":\"317\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 9), "\"status\":\"cancelled\""));
}

static void
check (const gchar *json, OaiRequestType type, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  OaiRequest request;

  g_assert_true (oai_request_parse (json, -1, &request, &error));
  g_assert_no_error (error);
  g_assert_cmpint (request.type, ==, type);
  g_assert_cmpstr (request.text, ==, text);
  oai_request_clear (&request);
}

static void
test_requests (void)
{
  check ("{\"type\":\"response.cancel\"}", OAI_CANCEL, NULL);
  check ("{\"type\":\"response.create\"}", OAI_NOTHING, NULL);
  check (
      "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
      "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},"
      "{\"type\":\"input_text\",\"text\":\"b\"}]}}",
      OAI_TEXT, "a b");
  check (
      "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
      "\"role\":\"system\",\"content\":[]}}",
      OAI_NOTHING, NULL);
  check ("{\"type\":\"session.update\",\"session\":{\"instructions\":\"x\"}}",
      OAI_INSTRUCTIONS, "x");
  check ("{\"type\":\"session.update\"}", OAI_NOTHING, NULL);
}

/* Many brackets beside each other are not deep, 16 in each other are allowed. */
static void
test_depth (void)
{
  GString *wide =
      g_string_new ("{\"type\":\"conversation.item.create\",\"item\":"
                    "{\"type\":\"message\",\"role\":\"user\","
                    "\"content\":[");
  for (guint i = 0; i < 40; i++)
    g_string_append (wide, "{\"type\":\"input_text\",\"text\":\"a\"},");
  g_string_append (wide, "{}]}}");
  g_autofree gchar *text = g_string_free (wide, FALSE);
  g_autoptr (GError) error = NULL;
  OaiRequest request;

  g_assert_true (oai_request_parse (text, -1, &request, &error));
  g_assert_no_error (error);
  g_assert_nonnull (request.text);
  oai_request_clear (&request);
  for (guint depth = 15; depth <= 16; depth++) {
    g_autofree gchar *open = g_strnfill (depth, '[');
    g_autofree gchar *shut = g_strnfill (depth, ']');
    g_autofree gchar *deep =
        g_strdup_printf ("{\"type\":\"session.update\",\"session\":%s%s}", open,
            shut);
    g_assert_true (
        oai_request_parse (deep, -1, &request, NULL) == (depth == 15));
    oai_request_clear (&request);
  }
}

static void
test_bad_requests (void)
{
  g_autofree gchar *deep = g_strnfill (5000, '[');
  g_autofree gchar *quoted = g_strconcat ("['\"',", deep, NULL);
  g_autofree gchar *comment = g_strconcat ("[/*\"*/", deep, NULL);
  g_autofree gchar *words = g_strnfill (OAI_MAX_TEXT + 1, 'a');
  g_autofree gchar *long_text = g_strdup_printf (
      "{\"type\":\"session.update\",\"session\":{\"instructions\":\"%s\"}}",
      words);
  const gchar *const texts[] = { "", "{", "[]", "1", "null", "{\"type\":1}",
    "{\"type\":\"nonsense\"}", "{}", "\xff", deep, long_text, quoted, comment,
    "{'type':\"session.update\"}", "{\"type\":\"session.update\"}//" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    OaiRequest request;
    g_assert_false (oai_request_parse (texts[i], -1, &request, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_null (request.text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oaievents/call", test_call);
  g_test_add_func ("/oaievents/requests", test_requests);
  g_test_add_func ("/oaievents/depth", test_depth);
  g_test_add_func ("/oaievents/bad-requests", test_bad_requests);
  return g_test_run ();
}
