/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/twilio/twiliowire.h"

#include <string.h>

static gboolean
read (TwilioCommand *command, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  const gboolean good =
      twilio_command_read (command, text, strlen (text), &error);

  g_assert_true (good == !error);
  return good;
}

static void
test_commands (void)
{
  TwilioCommand command;

  g_assert_true (read (&command,
      "{\"event\":\"media\",\"media\":{\"payload\":\"AP8B\"}}"));
  g_assert_cmpint (command.type, ==, TWILIO_MEDIA);
  g_assert_cmpmem (g_bytes_get_data (command.audio, NULL),
      g_bytes_get_size (command.audio), "\0\xff\1", 3);
  twilio_command_clear (&command);
  g_assert_true (
      read (&command, "{\"event\":\"mark\",\"mark\":{\"name\":\"n\"}}"));
  g_assert_cmpint (command.type, ==, TWILIO_MARK);
  g_assert_cmpstr (command.name, ==, "n");
  twilio_command_clear (&command);
  g_assert_true (read (&command, "{\"event\":\"clear\"}"));
  g_assert_cmpint (command.type, ==, TWILIO_CLEAR);
  g_assert_true (read (&command, "{\"event\":\"other\"}"));
  g_assert_cmpint (command.type, ==, TWILIO_OTHER);
  g_assert_false (read (&command, "{\"event\":\"media\",\"media\":[]}"));
  g_assert_false (read (&command, "{\"event\":\"mark\"}"));
  g_assert_false (read (&command, "{}"));
  g_assert_false (read (&command, "\"clear\""));
}

/* Takes @text. */
static void
assert_written (gchar *text, const gchar *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_twilio (void)
{
  TwilioStream stream;

  twilio_stream_init (&stream, TWILIO_DIALECT_TWILIO, "call", 1);
  g_assert_cmpuint (strlen (stream.account), ==, 34);
  g_assert_true (g_str_has_prefix (stream.call, "CA"));
  g_assert_true (g_str_has_prefix (stream.id, "MZ"));
  g_free (stream.account);
  g_free (stream.call);
  g_free (stream.id);
  stream.account = g_strdup ("AC1");
  stream.call = g_strdup ("CA1");
  stream.id = g_strdup ("MZ1");
  assert_written (twilio_write_connected (TWILIO_DIALECT_TWILIO),
      "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
  assert_written (twilio_write_start (&stream, "a", "b", FALSE,
                      "{\"c\":\"d\"}"),
      "{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ1\","
      "\"start\":{\"accountSid\":\"AC1\",\"callSid\":\"CA1\",\"streamSid\":"
      "\"MZ1\",\"tracks\":[\"inbound\"],\"customParameters\":{\"c\":\"d\"},"
      "\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,"
      "\"channels\":1}}}");
  assert_written (twilio_write_media (&stream, (const guint8 *) "abc", 3, 1000),
      "{\"event\":\"media\",\"sequenceNumber\":\"2\",\"streamSid\":\"MZ1\","
      "\"media\":{\"track\":\"inbound\",\"chunk\":\"1\",\"timestamp\":\"0\","
      "\"payload\":\"YWJj\"}}");
  assert_written (twilio_write_media (&stream, (const guint8 *) "abc", 3, 1500),
      "{\"event\":\"media\",\"sequenceNumber\":\"3\",\"streamSid\":\"MZ1\","
      "\"media\":{\"track\":\"inbound\",\"chunk\":\"2\",\"timestamp\":\"500\","
      "\"payload\":\"YWJj\"}}");
  assert_written (twilio_write_key (&stream, '#'),
      "{\"event\":\"dtmf\",\"sequenceNumber\":\"4\",\"streamSid\":\"MZ1\","
      "\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"#\"}}");
  assert_written (twilio_write_mark (&stream, "m\""),
      "{\"event\":\"mark\",\"sequenceNumber\":\"5\",\"streamSid\":\"MZ1\","
      "\"mark\":{\"name\":\"m\\\"\"}}");
  assert_written (twilio_write_stop (&stream),
      "{\"event\":\"stop\",\"sequenceNumber\":\"6\",\"streamSid\":\"MZ1\","
      "\"stop\":{\"accountSid\":\"AC1\",\"callSid\":\"CA1\"}}");
  twilio_stream_clear (&stream);
}

static void
test_telnyx (void)
{
  TwilioStream stream = { .dialect = TWILIO_DIALECT_TELNYX,
    .account = g_strdup ("u"),
    .call = g_strdup ("v3:c"),
    .id = g_strdup ("s"),
    .first = -1 };

  assert_written (twilio_write_connected (TWILIO_DIALECT_TELNYX),
      "{\"event\":\"connected\",\"version\":\"1.0.0\"}");
  assert_written (twilio_write_start (&stream, "a", "b", TRUE, NULL),
      "{\"event\":\"start\",\"sequence_number\":\"1\",\"stream_id\":\"s\","
      "\"start\":{\"user_id\":\"u\",\"call_control_id\":\"v3:c\",\"from\":"
      "\"a\",\"to\":\"b\",\"custom_parameters\":{},\"media_format\":"
      "{\"encoding\":\"PCMA\",\"sample_rate\":8000,\"channels\":1}}}");
  assert_written (twilio_write_media (&stream, (const guint8 *) "abc", 3, 7),
      "{\"event\":\"media\",\"sequence_number\":\"2\",\"stream_id\":\"s\","
      "\"media\":{\"track\":\"inbound\",\"chunk\":\"1\",\"timestamp\":\"0\","
      "\"payload\":\"YWJj\"}}");
  assert_written (twilio_write_key (&stream, '1'),
      "{\"event\":\"dtmf\",\"sequence_number\":\"3\",\"stream_id\":\"s\","
      "\"dtmf\":{\"digit\":\"1\"}}");
  twilio_stream_clear (&stream);
}

static void
assert_timestamp (TwilioStream *stream, gint64 time, const gchar *timestamp)
{
  const guint8 silence[160] = { 0 };
  g_autofree gchar *text =
      twilio_write_media (stream, silence, sizeof silence, time);
  g_autofree gchar *part = g_strdup_printf ("\"timestamp\":\"%s\"", timestamp);

  g_assert_nonnull (strstr (text, part));
}

/* What stands in for a channel that brings nothing yet has no time of its own. */
static void
test_timestamps (void)
{
  TwilioStream stream;

  twilio_stream_init (&stream, TWILIO_DIALECT_TWILIO, "call", 1);
  assert_timestamp (&stream, 0, "0");
  assert_timestamp (&stream, 20, "20");
  assert_timestamp (&stream, 3600000, "40");
  assert_timestamp (&stream, 3600020, "60");
  assert_timestamp (&stream, 3700020, "100060");
  assert_timestamp (&stream, 10, "0");
  twilio_stream_clear (&stream);
}

/* The same call is called the same, a stream of it each time another. */
static void
test_names (void)
{
  TwilioStream a, b;

  twilio_stream_init (&a, TWILIO_DIALECT_TWILIO, "call", 1);
  twilio_stream_init (&b, TWILIO_DIALECT_TWILIO, "call", 2);
  g_assert_cmpstr (a.account, ==, b.account);
  g_assert_cmpstr (a.call, ==, b.call);
  g_assert_cmpstr (a.id, !=, b.id);
  twilio_stream_clear (&b);
  twilio_stream_init (&b, TWILIO_DIALECT_TWILIO, "other", 1);
  g_assert_cmpstr (a.call, !=, b.call);
  g_assert_cmpstr (a.id, !=, b.id);
  twilio_stream_clear (&a);
  twilio_stream_clear (&b);
}

/* As `printf URL | openssl dgst -sha1 -hmac 12345 -binary | base64` has it. */
static void
test_signature (void)
{
  assert_written (twilio_sign ("wss://bot.example/stream", "12345"),
      "L2LpuHvyRGqpp8oOvaPhGlu0ppk=");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twiliowire/commands", test_commands);
  g_test_add_func ("/twiliowire/twilio", test_twilio);
  g_test_add_func ("/twiliowire/telnyx", test_telnyx);
  g_test_add_func ("/twiliowire/timestamps", test_timestamps);
  g_test_add_func ("/twiliowire/names", test_names);
  g_test_add_func ("/twiliowire/signature", test_signature);
  return g_test_run ();
}
