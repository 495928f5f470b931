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
  oai_events_turn (events, "speech-started",
      &(OaiTurn){ .speech_start = 1000000000 });
  oai_events_turn (events, "speech-stopped",
      &(OaiTurn){ .speech_start = 1000000000, .speech_end = 2500000000 });
  oai_events_caller_said (events, "hello \"you\"", "");
  oai_events_agent_said (events, "Hi.", 1);
  oai_events_turn (events, "response-started",
      &(OaiTurn){ .speech_end = 2500000000,
          .decision = 2800000000,
          .first_in = 2812000000,
          .turn_around = 317000000 });
  oai_events_turn (events, "interrupted", &(OaiTurn){ 0 });
  oai_events_turn (events, "interrupted",
      &(OaiTurn){ 0 }); /* nothing was audible */
  oai_events_caller_said (events, "", "no words of the grammar");
  oai_events_tool (events, "1", "transfer", "sip:sales@example.com");
  oai_events_error (events, "unsupported", "No.", NULL);
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
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 6),
      "\"metadata\":{\"turn_around_ms\":\"317\",\"decision_ms\":\"300\","
      "\"agent_ms\":\"12\"}"));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 9), "\"status\":\"cancelled\""));
}

/* What is held is under way still: its words must not vanish, nor begin twice. */
static void
test_resumed (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_turn (events, "response-started", &(OaiTurn){ 0 });
  guint before = sent->len;
  oai_events_turn (events, "held", &(OaiTurn){ 0 });
  oai_events_turn (events, "response-resumed", &(OaiTurn){ 0 });
  g_assert_cmpuint (sent->len, ==, before);
  oai_events_turn (events, "response-done", &(OaiTurn){ 0 });
  g_assert_cmpuint (sent->len, ==, before + 2);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, before + 1),
      "\"status\":\"completed\""));
}

/* ... and one that nobody has heard of begins when it goes on. */
static void
test_resumed_unheard (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_turn (events, "held", &(OaiTurn){ 0 });
  g_assert_cmpuint (sent->len, ==, 0);
  oai_events_turn (events, "response-resumed", &(OaiTurn){ 0 });
  g_assert_cmpuint (sent->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 0), "response.created"));
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
  check ("{\"type\":\"session.update\",\"session\":{\"instructions\":\"x\"}}",
      OAI_INSTRUCTIONS, "x");
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
        g_strdup_printf ("{\"type\":\"response.create\",\"response\":%s%s}",
            open, shut);
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
    oai_request_clear (&request);
  }
}

/* What would have no effect is refused: a page that waits for one would wait for
 * ever. */
static void
test_no_effect (void)
{
  static const gchar *const texts[] = {
    "{\"type\":\"session.update\",\"event_id\":\"e1\"}",
    "{\"type\":\"session.update\",\"event_id\":\"e1\",\"session\":"
    "{\"turn_detection\":{\"type\":\"server_vad\"}}}",
    "{\"type\":\"conversation.item.create\",\"event_id\":\"e1\",\"item\":"
    "{\"type\":\"message\",\"role\":\"system\",\"content\":[]}}",
    "{\"type\":\"conversation.item.create\",\"event_id\":\"e1\",\"item\":"
    "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"\"}}",
    "{\"type\":\"conversation.item.create\",\"event_id\":\"e1\"}",
    "{\"type\":\"nonsense\",\"event_id\":\"e1\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    OaiRequest request;
    g_assert_false (oai_request_parse (texts[i], -1, &request, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_cmpstr (request.event_id, ==, "e1");
    oai_request_clear (&request);
  }
}

/* ---- What becomes of requests */

static void
assert_types (GPtrArray *sent, const gchar *const *expected)
{
  guint n = g_strv_length ((gchar **) expected);

  g_assert_cmpuint (sent->len, ==, n);
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *start =
        g_strdup_printf ("{\"type\":\"%s\",", expected[i]);
    if (!g_str_has_prefix (g_ptr_array_index (sent, i), start))
      g_error ("not %s: %s", expected[i],
          (gchar *) g_ptr_array_index (sent, i));
  }
}

static void
ask (OaiEvents *events, const gchar *json)
{
  OaiRequest request;

  g_assert_true (oai_request_parse (json, -1, &request, NULL));
  oai_events_asked (events, &request);
  oai_request_clear (&request);
}

#define WRITE(id, text) \
  "{\"type\":\"conversation.item.create\",\"event_id\":\"" id \
  "\",\"item\":{\"id\":\"mine-" id \
  "\",\"type\":\"message\",\"role\":\"user\"," \
  "\"content\":[{\"type\":\"input_text\",\"text\":\"" text "\"}]}}"

/* What is written is confirmed before its answer, once, as the item that it is: it was
 * not spoken. An agent tells of it before or after it took it; keys it does not. */
static void
test_written (void)
{
  static const gchar *const expected[] = { "conversation.item.added",
    "conversation.item.done", "conversation.item.added",
    "conversation.item.done", "conversation.item.added",
    "conversation.item.done", "input_audio_buffer.speech_started",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.input_audio_transcription.completed", NULL };
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  ask (events, WRITE ("e1", "Where are you?"));
  ask (events, WRITE ("e2", "12#"));
  ask (events, WRITE ("e3", "hello"));
  oai_events_caller_said (events, "where are you", "");
  oai_events_decided (events, OAI_TEXT, NULL);
  oai_events_decided (events, OAI_TEXT, "");
  oai_events_decided (events, OAI_TEXT, NULL);
  oai_events_caller_said (events, "hello", "no answer for it");
  oai_events_decided (events, OAI_TEXT, NULL); /* somebody else's */
  oai_events_turn (events, "speech-started", &(OaiTurn){ 0 });
  oai_events_caller_said (events, "where are you?", "");
  oai_events_caller_said (events, "12#", "");
  assert_types (sent, expected);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 0), "\"id\":\"mine-e1\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 0), "\"text\":\"Where are you?\""));
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 2), "\"id\":\"mine-e2\""));
}

static void
test_decided (void)
{
  static const gchar *const expected[] = { "error", "session.updated", "error",
    NULL };
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  ask (events, WRITE ("e1", "hello"));
  ask (events,
      "{\"type\":\"session.update\",\"event_id\":\"e2\","
      "\"session\":{\"instructions\":\"be brief\"}}");
  ask (events, "{\"type\":\"response.cancel\",\"event_id\":\"e3\"}");
  oai_events_decided (events, OAI_TEXT, "This agent does not read.");
  oai_events_decided (events, OAI_INSTRUCTIONS, NULL);
  oai_events_decided (events, OAI_CANCEL, "There is no agent.");
  assert_types (sent, expected);
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 0), "\"event_id\":\"e1\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 1), "\"instructions\":\"be brief\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 2), "\"event_id\":\"e3\""));
}

/* Who never decides does not fill the memory, and may be heard of later. */
static void
test_undecided (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  for (guint i = 0; i < 1000; i++)
    ask (events, WRITE ("e1", "hello"));
  for (guint i = 0; i < 1000; i++)
    oai_events_decided (events, OAI_TEXT, "No.");
  g_assert_cmpuint (sent->len, <, 100);
}

/* The agent's words come as they begin, and once more as they were heard: one item, of
 * the response that they belong to. */
static void
test_agent_says (void)
{
  static const gchar *const expected[] = {
    "response.output_audio_transcript.delta", "response.created",
    "output_audio_buffer.started", "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done", "output_audio_buffer.cleared",
    "response.done", "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done", NULL
  };
  static const gchar *const ids[] = { "\"response_id\":\"resp_1\"",
    "\"item_id\":\"item_1\"", "\"response_id\":\"resp_2\"",
    "\"item_id\":\"item_2\"" };
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_agent_says (events, "Welcome.", 0);
  oai_events_turn (events, "response-started", &(OaiTurn){ 0 });
  oai_events_agent_says (events, "How can I help?", 0);
  oai_events_agent_said (events, "Welcome.", 0);
  oai_events_turn (events, "interrupted", &(OaiTurn){ 0 });
  oai_events_agent_says (events, "At nine.", 1);
  oai_events_agent_said (events, "At nine.", 1);
  assert_types (sent, expected);
  for (guint i = 0; i < sent->len; i++) {
    const gchar *json = g_ptr_array_index (sent, i);
    const gboolean second = i > 6;
    if (!strstr (json, "transcript"))
      continue;
    g_assert_nonnull (strstr (json, ids[second ? 2 : 0]));
    g_assert_nonnull (strstr (json, ids[second ? 3 : 1]));
  }
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 3), "\"delta\":\" How can I help?\""));
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, 4), "\"transcript\":\"Welcome.\""));
}

/* Words that come as they are made, all of them each time: what is new of them, once. */
static void
test_agent_goes_on (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_agent_says (events, "Here", 1);
  oai_events_agent_says (events, "Here is", 1);
  oai_events_agent_says (events, "Here is", 1);
  oai_events_agent_says (events, "Here is a tone.", 1);
  oai_events_agent_says (events, "And another one.", 1);
  static const gchar *const deltas[] = { "\"delta\":\"Here\"",
    "\"delta\":\" is\"", "\"delta\":\" a tone.\"",
    "\"delta\":\" And another one.\"" };
  g_assert_cmpuint (sent->len, ==, G_N_ELEMENTS (deltas));
  for (guint i = 0; i < sent->len; i++)
    g_assert_nonnull (strstr (g_ptr_array_index (sent, i), deltas[i]));
  oai_events_agent_said (events, "Here is", 1);
  oai_events_agent_says (events, "Here", 2);
  g_assert_nonnull (
      strstr (g_ptr_array_index (sent, sent->len - 1), deltas[0]));
}

/* Nobody knows what was said: a guess is not shown as if it were known. */
static void
test_not_understood (void)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OaiEvents) events = oai_events_new (keep, sent);

  oai_events_turn (events, "speech-started", &(OaiTurn){ 0 });
  oai_events_caller_said (events, "transfer me to sales", "not sure enough");
  const gchar *failed = g_ptr_array_index (sent, 1);
  g_assert_nonnull (strstr (failed, "transcription.failed"));
  g_assert_nonnull (strstr (failed, "not sure enough"));
  g_assert_null (strstr (failed, "sales"));
  g_assert_null (strstr (failed, "\"transcript\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oaievents/call", test_call);
  g_test_add_func ("/oaievents/agent-goes-on", test_agent_goes_on);
  g_test_add_func ("/oaievents/resumed", test_resumed);
  g_test_add_func ("/oaievents/resumed-unheard", test_resumed_unheard);
  g_test_add_func ("/oaievents/requests", test_requests);
  g_test_add_func ("/oaievents/depth", test_depth);
  g_test_add_func ("/oaievents/bad-requests", test_bad_requests);
  g_test_add_func ("/oaievents/no-effect", test_no_effect);
  g_test_add_func ("/oaievents/written", test_written);
  g_test_add_func ("/oaievents/decided", test_decided);
  g_test_add_func ("/oaievents/undecided", test_undecided);
  g_test_add_func ("/oaievents/agent-says", test_agent_says);
  g_test_add_func ("/oaievents/not-understood", test_not_understood);
  return g_test_run ();
}
