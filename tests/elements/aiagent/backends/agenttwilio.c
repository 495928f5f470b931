/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The backends `twilio` and `telnyx` in a dialogue, against a bot that does as the test
 * says. */

#include "streamtest.h"

#include "aiagent/backends/twilio/twilio.h"
#include "common/frame/gstvoiceformat.h"

#define FRAME 160

/* As begin(), for a caller with a law. */
static void
begin_law (GType type, guint turn_detection, GstVoiceEncoding law)
{
  const GstVoiceFormat caller = { law, 8000 };
  GstVoiceAgentBackend *backend = g_object_new (type, NULL);

  begin_stream (backend, turn_detection);
  agent_session_set_caller (session, &caller);
  call ("call-1", TRUE);
  await_text ("\"event\":\"start\"");
}

/* The caller says @byte, 20 ms of it, and takes what the bot says. TRUE: it says
 * something, which is in @out. */
static gboolean
step_law (GstVoiceEncoding law, guint8 byte, guint8 *out)
{
  const GstVoiceFormat format = { law, 8000 };
  guint8 in[FRAME];

  memset (in, byte, sizeof in);
  agent_session_hear_encoded (session, &format, in, FRAME, now, FALSE);
  const gboolean spoken = agent_session_speak (session, out, now, &controls);
  if (spoken)
    g_byte_array_append (said, out, FRAME);
  now += FRAME_TIME;
  return spoken;
}

static guint
run_law (GstVoiceEncoding law, guint ms)
{
  guint8 out[FRAME * 2];
  guint n = 0;

  for (guint i = 0; i < ms / 20; i++)
    n += step_law (law, 0xd5, out);
  return n;
}

static void
say_media (guint size, guint8 first)
{
  g_autofree guint8 *data = g_malloc (size);

  for (guint i = 0; i < size; i++)
    data[i] = (guint8) (first + i);
  g_autofree gchar *payload = g_base64_encode (data, size);
  g_autofree gchar *text = g_strdup_printf (
      "{\"event\":\"media\",\"streamSid\":\"MZ\",\"media\":{\"payload\":\"%s\"}}",
      payload);
  say (text);
}

static void
say_mark (const gchar *name)
{
  g_autofree gchar *text = g_strdup_printf (
      "{\"event\":\"mark\",\"streamSid\":\"MZ\",\"mark\":{\"name\":\"%s\"}}",
      name);

  say (text);
}

/* The bytes of the call are those of the stream, both ways. */
static void
check_bytes (GType type, GstVoiceEncoding law, const gchar *encoding)
{
  guint8 out[FRAME * 2];

  begin_stream (g_object_new (type, NULL), AGENT_TURN_DETECTION_AUTO);
  const GstVoiceFormat caller = { law, 8000 };
  agent_session_set_caller (session, &caller);
  call ("call-1", TRUE);
  expect_text ("\"event\":\"connected\"");
  expect_text (encoding);
  for (guint i = 0; i < 256; i++)
    step_law (law, (guint8) i, out);
  for (guint i = 0; i < 256; i++) {
    guint8 frame[FRAME];
    memset (frame, (gint) i, sizeof frame);
    g_autofree gchar *payload = g_base64_encode (frame, sizeof frame);
    g_autofree gchar *part = g_strdup_printf (
        "\"chunk\":\"%u\",\"timestamp\":\"%u\",\"payload\":\"%s\"}}", i + 1,
        i * 20, payload);
    expect_text (part);
  }
  say_media (FRAME * 4, 0);
  await_pending (80);
  run_law (law, 200);
  g_assert_cmpuint (said->len, ==, FRAME * 4);
  for (guint i = 0; i < said->len; i++)
    g_assert_cmpuint (said->data[i], ==, (guint8) i);
  call ("call-1", FALSE);
  await_text ("\"event\":\"stop\"");
  end_stream ();
}

static void
test_mulaw (void)
{
  check_bytes (AGENT_TYPE_TWILIO, GST_VOICE_MULAW, "\"audio/x-mulaw\"");
}

static void
test_telnyx_mulaw (void)
{
  check_bytes (AGENT_TYPE_TELNYX, GST_VOICE_MULAW, "\"PCMU\"");
}

static void
test_telnyx_alaw (void)
{
  check_bytes (AGENT_TYPE_TELNYX, GST_VOICE_ALAW, "\"PCMA\"");
}

/* A caller who has no law: mu-law it is. */
static void
test_telnyx_raw (void)
{
  begin_stream (g_object_new (AGENT_TYPE_TELNYX, NULL),
      AGENT_TURN_DETECTION_AUTO);
  call ("call-1", TRUE);
  await_text ("\"PCMU\"");
  run (20, FALSE);
  g_autofree guint8 *silence = g_malloc (FRAME);
  memset (silence, 0xff, FRAME);
  g_autofree gchar *payload = g_base64_encode (silence, FRAME);
  expect_text (payload);
  say_media (FRAME, 0);
  await_pending (20);
  run (60, FALSE);
  gint16 samples[FRAME];
  guint8 law[FRAME];
  for (guint i = 0; i < FRAME; i++)
    law[i] = (guint8) i;
  gst_voice_law_decode (GST_VOICE_MULAW, law, samples, FRAME);
  g_assert_cmpmem (said->data, said->len, samples, sizeof samples);
  end_stream ();
}

/* What the stream says of itself, and of the call. */
static void
test_start (void)
{
  GstVoiceAgentBackend *backend = g_object_new (AGENT_TYPE_TWILIO, NULL);
  g_autoptr (GstStructure) parameters =
      gst_structure_new ("parameters", "tenant", G_TYPE_STRING, "12", "from",
          G_TYPE_STRING, "hidden", "n", G_TYPE_INT, 7, NULL);

  g_object_set (backend, "parameters", parameters, "auth-token", "canary",
      NULL);
  begin_stream (backend, AGENT_TURN_DETECTION_AUTO);
  call ("call-1", TRUE);
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait (server, AGENT_SERVER_ASKED);
  g_assert_nonnull (strstr (asked->headers, "X-Twilio-Signature: "));
  g_assert_null (strstr (asked->headers, "canary"));
  g_autoptr (AgentServerEvent) start =
      agent_server_wait_text (server, "\"event\":\"start\"");
  g_assert_nonnull (strstr (start->text, "\"streamSid\":\"MZ"));
  g_assert_nonnull (strstr (start->text, "\"callSid\":\"CA"));
  g_assert_nonnull (strstr (start->text,
      "\"customParameters\":{\"from\":\"hidden\",\"to\":\"sip:c@d\","
      "\"direction\":\"inbound\",\"channel\":\"sip\",\"callerName\":\"Ann\","
      "\"tenant\":\"12\",\"n\":\"7\"}"));
  end_stream ();
}

static void
test_marks (void)
{
  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  say_media (FRAME * 102 + 80, 0); /* long: pieces of frames may be late */
  say_mark ("a");
  say_media (FRAME + 80, 0);
  say_mark ("b");
  say_media (FRAME, 0); /* now the mark is there, too */
  await_pending (2100);
  run_law (GST_VOICE_MULAW, 2060);
  press ('1');
  run_law (GST_VOICE_MULAW, 20);
  press ('2');
  run_law (GST_VOICE_MULAW, 20);
  press ('3');
  await_text ("\"digit\":\"1\"");
  await_text ("\"mark\":{\"name\":\"a\"}");
  await_text ("\"digit\":\"2\"");
  await_text ("\"mark\":{\"name\":\"b\"}");
  await_text ("\"digit\":\"3\"");
  end_stream ();
}

/* What waits of names is bounded: a mark that is one too many comes back at once. */
static void
test_names (void)
{
  g_autofree gchar *name = g_strnfill (256, 'x');
  g_autofree gchar *too_long = g_strnfill (1000, 'x');

  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  say_media (FRAME * 50, 0);
  for (guint i = 0; i < 256; i++)
    say_mark (name);
  say_mark ("one too many");
  expect_text ("one too many");
  press ('1');
  await_text ("\"digit\":\"1\"");
  say_mark (too_long);
  agent_server_event_free (agent_server_wait (server, AGENT_SERVER_CLOSED));
  end_stream ();
}

static void
test_clear (void)
{
  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  say_media (FRAME * 50, 0);
  say_mark ("a");
  say_mark ("b");
  await_pending (1000);
  run_law (GST_VOICE_MULAW, 100);
  say ("{\"event\":\"clear\",\"streamSid\":\"MZ\"}");
  await_text ("\"mark\":{\"name\":\"a\"}");
  await_text ("\"mark\":{\"name\":\"b\"}");
  g_assert_cmpuint (counter ("pending"), ==, 0);
  say_media (FRAME, 0);
  await_pending (20);
  g_assert_cmpuint (run_law (GST_VOICE_MULAW, 100), ==, 1);
  end_stream ();
}

/* The bot says when: by itself nothing is cut off; with turn-detection=element it is. */
static void
test_turns (void)
{
  for (guint element = 0; element < 2; element++) {
    begin_stream (g_object_new (AGENT_TYPE_TELNYX, NULL),
        element ? AGENT_TURN_DETECTION_ELEMENT : AGENT_TURN_DETECTION_AUTO);
    call ("call-1", TRUE);
    await_text ("\"event\":\"start\"");
    say_media (FRAME * 100, 0);
    say_mark ("a");
    say_media (FRAME, 0);
    await_pending (2020);
    run (700, TRUE);
    if (element)
      await_text ("\"mark\":{\"name\":\"a\"}");
    g_assert_cmpuint (counter ("pending"), ==,
        element ? 0 : 1320 * GST_MSECOND);
    end_stream ();
  }
}

static void
test_closes (void)
{
  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  say_media (FRAME * 5, 0);
  agent_server_close (server, 1, 1000, NULL);
  AWAIT ((run_law (GST_VOICE_MULAW, 20), controls.length));
  g_assert_cmpuint (said->len, ==, FRAME * 5);
  g_assert_true (controls.head && is_hang_up (controls.head->data));
  end_stream ();
}

/* A stream of its own, from the beginning; what the caller said meanwhile is in it. */
static void
test_lost (void)
{
  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  run_law (GST_VOICE_MULAW, 100);
  agent_server_close (server, 1, 1011, "oops");
  AWAIT (count_facts ("aiagent/backend", "retrying"));
  run_law (GST_VOICE_MULAW, 100);
  g_autoptr (AgentServerEvent) start =
      agent_server_wait_text (server, "\"event\":\"start\"");
  g_assert_cmpuint (start->connection, ==, 2);
  g_assert_nonnull (strstr (start->text, "\"sequenceNumber\":\"1\""));
  for (guint i = 0; i < 5; i++) {
    g_autofree gchar *part =
        g_strdup_printf ("\"chunk\":\"%u\",\"timestamp\":\"%u\"", i + 1,
            i * 20);
    expect_text (part);
  }
  end_stream ();
}

static void
test_garbage (void)
{
  static const gchar *const texts[] = { "", "x", "[]", "{}", "{\"event\":{}}",
    "{\"event\":\"media\"}", "{\"event\":\"media\",\"media\":{\"payload\":1}}",
    "{\"event\":\"mark\",\"mark\":{}}", "{\"event\":\"sing\"}" };

  begin_law (AGENT_TYPE_TWILIO, AGENT_TURN_DETECTION_AUTO, GST_VOICE_MULAW);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    say (texts[i]);
  agent_server_send_binary (server, 1, "abc", 3);
  say_media (0, 0);
  say_media (FRAME, 0);
  await_pending (20);
  g_assert_cmpuint (n_failures, ==, 0);
  end_stream ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_unsetenv ("TWILIO_AUTH_TOKEN");
  g_test_add_func ("/agenttwilio/mulaw", test_mulaw);
  g_test_add_func ("/agenttwilio/telnyx-mulaw", test_telnyx_mulaw);
  g_test_add_func ("/agenttwilio/telnyx-alaw", test_telnyx_alaw);
  g_test_add_func ("/agenttwilio/telnyx-raw", test_telnyx_raw);
  g_test_add_func ("/agenttwilio/start", test_start);
  g_test_add_func ("/agenttwilio/marks", test_marks);
  g_test_add_func ("/agenttwilio/names", test_names);
  g_test_add_func ("/agenttwilio/clear", test_clear);
  g_test_add_func ("/agenttwilio/turns", test_turns);
  g_test_add_func ("/agenttwilio/closes", test_closes);
  g_test_add_func ("/agenttwilio/lost", test_lost);
  g_test_add_func ("/agenttwilio/garbage", test_garbage);
  return g_test_run ();
}
