/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/remote/wireaddress.h"
#include "aiagent/logic/remote/wirejson.h"
#include "aiagent/logic/websocket/websocketwire.h"

#include <string.h>

static gboolean
read_text (WebsocketCommand *command, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  const gboolean good =
      websocket_command_read (command, text, strlen (text), &error);

  g_assert_true (good == !error);
  return good;
}

static void
test_commands (void)
{
  WebsocketCommand command;

  g_assert_true (
      read_text (&command, "{\"type\":\"mark\",\"data\":{\"name\":\"m\"}}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_MARK);
  g_assert_cmpstr (command.name, ==, "m");
  websocket_command_clear (&command);
  g_assert_true (read_text (&command, "{\"type\":\"clearMarks\"}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_CLEAR_MARKS);
  g_assert_true (
      read_text (&command, "{\"type\":\"killAudio\",\"more\":[{}]}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_KILL_AUDIO);
  g_assert_true (read_text (&command, "{\"type\":\"disconnect\"}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_DISCONNECT);
  g_assert_true (read_text (&command, "{\"type\":\"sing\"}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_OTHER);
  g_assert_cmpstr (command.name, ==, "sing");
  websocket_command_clear (&command);
}

static void
test_tools (void)
{
  WebsocketCommand command;

  g_assert_true (read_text (&command,
      "{\"type\":\"tool\",\"name\":\"n\",\"id\":\"i\",\"arguments\":{\"a\":[1]}}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_TOOL);
  g_assert_cmpstr (command.name, ==, "n");
  g_assert_cmpstr (command.id, ==, "i");
  g_assert_cmpstr (command.arguments, ==, "{\"a\":[1]}");
  websocket_command_clear (&command);
  g_assert_true (read_text (&command,
      "{\"type\":\"transfer\",\"target\":\"sip:\\\"a\\\"@b\"}"));
  g_assert_cmpint (command.type, ==, WEBSOCKET_TOOL);
  g_assert_cmpstr (command.name, ==, "transfer");
  g_assert_null (command.id);
  g_assert_cmpstr (command.arguments, ==, "{\"target\":\"sip:\\\"a\\\"@b\"}");
  websocket_command_clear (&command);
}

static void
test_audio (void)
{
  WebsocketCommand command;

  g_assert_true (read_text (&command,
      "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\"AQID\","
      "\"audioContentType\":\"raw\",\"sampleRate\":\"24000\"}}"));
  g_assert_cmpuint (command.rate, ==, 24000);
  g_assert_cmpmem (g_bytes_get_data (command.audio, NULL),
      g_bytes_get_size (command.audio), "\1\2\3", 3);
  websocket_command_clear (&command);
  g_assert_false (read_text (&command,
      "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\"AQID\","
      "\"audioContentType\":\"mp3\"}}"));
  websocket_command_clear (&command);
}

static void
test_transcript (void)
{
  WebsocketCommand command;

  g_assert_true (
      read_text (&command, "{\"type\":\"transcript\",\"text\":\"a\"}"));
  g_assert_true (command.agent && command.final);
  websocket_command_clear (&command);
  g_assert_true (read_text (&command,
      "{\"type\":\"transcript\",\"text\":\"a\",\"role\":\"user\",\"final\":"
      "false}"));
  g_assert_false (command.agent || command.final);
  websocket_command_clear (&command);
}

static void
test_refused (void)
{
  static const gchar *const texts[] = { "", "7", "[]", "{", "{\"type\":null}",
    "{\"type\":\"mark\",\"data\":{\"name\":7}}", "{\"type\":\"playAudio\"}",
    "{\"type\":\"tool\",\"id\":\"1\"}", "{\"type\":\"transfer\"}",
    "{\"type\":\"transcript\"}" };
  WebsocketCommand command;
  g_autofree gchar *deep = g_strnfill (1000000, '[');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_false (read_text (&command, texts[i]));
    websocket_command_clear (&command);
  }
  g_assert_false (read_text (&command, deep));
  g_assert_false (read_text (&command, "{\"type\":\"\xff\"}"));
}

static void
test_samples (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  WebsocketSamples samples = { FALSE };

  websocket_samples_take (&samples, (const guint8 *) "abc", 3, out);
  g_assert_cmpmem (out->data, out->len, "ab", 2);
  websocket_samples_take (&samples, (const guint8 *) "", 0, out);
  g_assert_cmpuint (out->len, ==, 0);
  websocket_samples_take (&samples, (const guint8 *) "d", 1, out);
  g_assert_cmpmem (out->data, out->len, "cd", 2);
  websocket_samples_take (&samples, (const guint8 *) "e", 1, out);
  g_assert_cmpuint (out->len, ==, 0);
  websocket_samples_take (&samples, (const guint8 *) "fgh", 3, out);
  g_assert_cmpmem (out->data, out->len, "efgh", 4);
}

/* Nothing that a caller writes breaks out of its text. */
static void
test_written (void)
{
  const WebsocketStart start = { .call_id = "1\"\n",
    .from = "\xff",
    .outgoing = TRUE,
    .headers = "{\"a\":\"b\"}",
    .origin = "{\"attestation\":\"A\"}",
    .history = "no JSON",
    .rate = 8000 };
  g_autofree gchar *text = websocket_write_start (&start);
  g_autofree gchar *result = websocket_write_tool_result ("i", "{\"a\":1}");
  g_autofree gchar *broken = websocket_write_tool_result ("i", "{");

  g_assert_cmpstr (text, ==,
      "{\"callSid\":\"1\\\"\\n\",\"callId\":\"1\\\"\\n\",\"from\":\"\xef\xbf\xbd"
      "\",\"to\":\"\",\"callerName\":\"\",\"direction\":\"outbound\","
      "\"channel\":\"\",\"line\":\"\",\"sampleRate\":8000,\"mixType\":\"mono\","
      "\"headers\":{\"a\":\"b\"},\"origin\":{\"attestation\":\"A\"},"
      "\"history\":null}");
  g_assert_cmpstr (result, ==,
      "{\"event\":\"toolResult\",\"id\":\"i\",\"result\":{\"a\":1}}");
  g_assert_cmpstr (broken, ==,
      "{\"event\":\"toolResult\",\"id\":\"i\",\"result\":null}");
}

static void
check_address (const gchar *uri, WireAddressUse use, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *address = wire_address_read (uri, use, &error);

  g_assert_cmpstr (address, ==, expected);
  g_assert_true (!address == (error != NULL));
}

static void
test_address (void)
{
  check_address ("ws://a", WIRE_ADDRESS_OPEN, "ws://a/");
  check_address ("http://a:80/b?c=d%20e", WIRE_ADDRESS_OPEN,
      "ws://a:80/b?c=d%20e");
  check_address ("https://a/", WIRE_ADDRESS_SECRET, "wss://a/");
  check_address ("ws://[::1]:8/x", WIRE_ADDRESS_SECRET, "ws://[::1]:8/x");
  check_address ("ws://localhost/", WIRE_ADDRESS_SECRET, "ws://localhost/");
  check_address ("ws://127.0.0.2/", WIRE_ADDRESS_SECRET, "ws://127.0.0.2/");
  check_address ("ws://localhost.example/", WIRE_ADDRESS_SECRET, NULL);
  check_address ("ws://a/", WIRE_ADDRESS_SECRET, NULL);
  check_address ("ws://a/?x=1&Api-Key=s", WIRE_ADDRESS_OPEN, NULL);
  check_address ("http://a/?access%5Ftoken=s", WIRE_ADDRESS_OPEN, NULL);
  check_address ("ws://a/?password=", WIRE_ADDRESS_OPEN, NULL);
  check_address ("ws://a/?token=s", WIRE_ADDRESS_INSECURE, "ws://a/?token=s");
  check_address ("wss://a/?token=s", WIRE_ADDRESS_OPEN, "wss://a/?token=s");
  check_address ("ws://127.0.0.1/?key=s", WIRE_ADDRESS_OPEN,
      "ws://127.0.0.1/?key=s");
  check_address ("ws://a/?keys=s&x=key", WIRE_ADDRESS_OPEN,
      "ws://a/?keys=s&x=key");
  check_address ("ws://u:p@a/", WIRE_ADDRESS_OPEN, NULL);
  check_address ("sip:a@b", WIRE_ADDRESS_OPEN, NULL);
  check_address ("ws:///x", WIRE_ADDRESS_OPEN, NULL);
  check_address ("", WIRE_ADDRESS_OPEN, NULL);
  check_address (NULL, WIRE_ADDRESS_OPEN, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/websocketwire/commands", test_commands);
  g_test_add_func ("/websocketwire/tools", test_tools);
  g_test_add_func ("/websocketwire/audio", test_audio);
  g_test_add_func ("/websocketwire/transcript", test_transcript);
  g_test_add_func ("/websocketwire/refused", test_refused);
  g_test_add_func ("/websocketwire/samples", test_samples);
  g_test_add_func ("/websocketwire/written", test_written);
  g_test_add_func ("/websocketwire/address", test_address);
  return g_test_run ();
}
