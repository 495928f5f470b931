/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/records/callrecord.h"

#define T0 G_GINT64_CONSTANT (1795000000000000) /* us */

static GstStructure *
message (const gchar *text)
{
  GstStructure *structure = gst_structure_from_string (text, NULL);

  g_assert_nonnull (structure);
  return structure;
}

static gboolean
update (CallRecord *call, const gchar *text, gint64 now)
{
  g_autoptr (GstStructure) structure = message (text);

  g_assert_true (call_record_is_about (call, structure));
  return call_record_update (call, structure, now);
}

static CallRecord *
begin (const gchar *text, gint64 now)
{
  g_autoptr (GstMessage) first = gst_message_new_element (NULL, message (text));

  g_assert_true (call_record_is_beginning (gst_message_get_structure (first)));
  return call_record_new (first, now);
}

static void
turn (CallRecord *call, const gchar *text, guint64 expected)
{
  g_autoptr (GstStructure) structure = message (text);

  g_assert_cmpuint (call_record_add_turn (call, structure), ==, expected);
}

static JsonNode *
describe (const CallRecord *call)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  call_record_describe (call, builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
assert_member (JsonNode *record, const gchar *name, const gchar *text)
{
  JsonNode *member =
      json_object_get_member (json_node_get_object (record), name);

  g_assert_nonnull (member);
  g_autofree gchar *found = json_to_string (member, FALSE);
  g_assert_cmpstr (found, ==, text);
}

static void
test_answered (void)
{
  CallRecord *call =
      begin ("voice/call, channel=sip, state=ringing, session=default, "
             "call-id=abc, from=\"tel:+4930\", to=\"sip:c@d\", "
             "display-name=\"Doe, Joan\"",
          T0);

  /* What the test says about times of the day. */
  call->real_offset = 0;
  g_assert_false (update (call,
      "voice/call, channel=sip, state=answered, session=default, call-id=abc, "
      "trunk=west",
      T0 + 4000));
  g_assert_cmpfloat_with_epsilon (call_record_get_setup (call), 0.004, 1e-9);
  turn (call, "aiagent/turn, state=speech-stopped", 0);
  turn (call,
      "aiagent/turn, state=response-started, "
      "turn-around=(guint64)400000000",
      400000000);
  turn (call, "aiagent/turn, state=speech-stopped", 0);
  turn (call,
      "aiagent/turn, state=response-started, "
      "turn-around=(guint64)300500000",
      300500000);
  /* A greeting answers nothing. */
  turn (call,
      "aiagent/turn, state=response-started, "
      "turn-around=(guint64)18446744073709551615",
      0);
  call->media = message (
      "stats, packets-sent=(guint64)50, "
      "packets-lost=(guint64)1, mos=(double)4.24893, transcodes=(uint)2, codec=PCMA, other=(int)1");
  g_assert_true (update (call,
      "voice/call, channel=sip, state=ended, session=default, call-id=abc, by=peer, "
      "cause=\"The other side hung up\", status=(uint)0",
      T0 + 1504000));
  g_assert_true (call_record_is_answered (call));
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "channel", "\"sip\"");
  assert_member (record, "call-id", "\"abc\"");
  assert_member (record, "from", "\"tel:+4930\"");
  assert_member (record, "display-name", "\"Doe, Joan\"");
  assert_member (record, "to", "\"sip:c@d\"");
  assert_member (record, "trunk", "\"west\"");
  assert_member (record, "started", "\"2026-11-18T11:06:40.000Z\"");
  assert_member (record, "answered", "\"2026-11-18T11:06:40.004Z\"");
  assert_member (record, "ended", "\"2026-11-18T11:06:41.504Z\"");
  assert_member (record, "duration", "1500");
  assert_member (record, "by", "\"peer\"");
  assert_member (record, "disposition", "\"answered\"");
  assert_member (record, "turns", "2");
  assert_member (record, "turn-around-p50", "301");
  assert_member (record, "turn-around-p95", "400");
  assert_member (record, "packets-sent", "50");
  assert_member (record, "packets-lost", "1");
  assert_member (record, "mos", "4.25");
  assert_member (record, "codec", "\"PCMA\"");
  assert_member (record, "transcodes", "2");
  g_assert_false (
      json_object_has_member (json_node_get_object (record), "other"));
  call_record_free (call);
}

/* ---- Its agent */

#define RINGING "voice/call, channel=sip, state=ringing, session=s, call-id=abc"
#define ANSWERED \
  "voice/call, channel=sip, state=answered, session=s, call-id=abc, " \
  "running-time=(guint64)5000000000"

/* TRUE: it was lost. */
static gboolean
agent (CallRecord *call, const gchar *text)
{
  g_autoptr (GstStructure) structure = message (text);

  return call_record_add_agent (call, structure);
}

static void
speaks (CallRecord *call, const gchar *id, guint ms)
{
  g_autofree gchar *text =
      g_strdup_printf ("aiagent/turn, state=response-started, call-id=%s, "
                       "first-audio-out=(guint64)%u000000",
          id, ms);

  g_assert_false (agent (call, text));
}

static void
assert_agent (const CallRecord *call, const gchar *name, const gchar *first,
    const gchar *reconnects, const gchar *in, const gchar *out)
{
  g_autoptr (JsonNode) record = describe (call);

  assert_member (record, "agent", name);
  assert_member (record, "agent-first-audio", first);
  assert_member (record, "agent-reconnects", reconnects);
  assert_member (record, "agent-tokens-in", in);
  assert_member (record, "agent-tokens-out", out);
}

static void
test_agent (void)
{
  CallRecord *call = begin (RINGING, T0);

  assert_agent (call, "\"\"", "null", "0", "null", "null");
  /* It was refused before it was ready: nothing was lost. */
  g_assert_false (agent (call,
      "aiagent/backend, backend=openai, model=m-1, state=retrying"));
  g_assert_false (
      agent (call, "aiagent/backend, backend=openai, model=m-1, state=ready"));
  update (call, ANSWERED, T0 + 4000);
  speaks (call, "abc", 0); /* nothing of it was audible */
  speaks (call, "abc", 5120);
  speaks (call, "abc", 9000);
  g_assert_false (agent (call,
      "aiagent/usage, backend=openai, model=m-1, "
      "input-tokens=(guint64)10, output-tokens=(guint64)3"));
  g_assert_true (agent (call,
      "aiagent/backend, backend=openai, model=m-1, state=retrying"));
  g_assert_false (agent (call,
      "aiagent/usage, backend=openai, model=m-1, "
      "input-tokens=(guint64)20, output-tokens=(guint64)0"));
  assert_agent (call, "\"openai\"", "120", "1", "30", "3");
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "agent-model", "\"m-1\"");
  agent (call, "aiagent/usage, input-tokens=(guint64)18446744073709551615");
  assert_agent (call, "\"openai\"", "120", "1", "9223372036854775807", "3");
  call_record_free (call);
}

/* One that says nothing of itself; and who speaks before the call is answered. */
static void
test_agent_early (void)
{
  CallRecord *call = begin (RINGING, T0);
  g_autoptr (GstStructure) stats =
      message ("stats, backend=local, model=(string)\"\"");

  speaks (call, "abc", 4000);
  call_agent_read_stats (&call->agent, stats);
  assert_agent (call, "\"local\"", "null", "0", "null", "null");
  update (call, ANSWERED, T0 + 4000);
  speaks (call, "abc", 6000);
  assert_agent (call, "\"local\"", "0", "0", "null", "null");
  call_record_free (call);
}

/* The talk in a room is the first one's call: another hears what is said behind its own
 * answer, which may be told late. */
static void
test_agent_of_room (void)
{
  CallRecord *call = begin (RINGING, T0);

  speaks (call, "first", 1000);
  assert_agent (call, "\"\"", "null", "0", "null", "null");
  speaks (call, "first", 5040);
  update (call, ANSWERED, T0 + 4000);
  speaks (call, "first", 8000);
  assert_agent (call, "\"\"", "40", "0", "null", "null");
  call_record_free (call);
  call = begin (RINGING, T0);
  speaks (call, "first", 1000);
  update (call, ANSWERED, T0 + 4000);
  assert_agent (call, "\"\"", "null", "0", "null", "null");
  speaks (call, "first", 8000);
  assert_agent (call, "\"\"", "3000", "0", "null", "null");
  call_record_free (call);
}

static void
test_refused (void)
{
  CallRecord *call = begin (
      "voice/call, channel=sip, state=calling, session=s, direction=outgoing, call-id=xyz, "
      "to=\"sip:c@d\"",
      T0);

  g_assert_true (update (call,
      "voice/call, channel=sip, state=ended, session=s, direction=outgoing, call-id=xyz, by=peer, "
      "status=(uint)486",
      T0 + 1000000));
  g_assert_false (call_record_is_answered (call));
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "direction", "\"outgoing\"");
  assert_member (record, "call-id", "\"xyz\"");
  assert_member (record, "answered", "null");
  assert_member (record, "duration", "0");
  assert_member (record, "status", "486");
  assert_member (record, "disposition", "\"unanswered\"");
  assert_member (record, "turn-around-p50", "null");
  call_record_free (call);
}

static void
test_browser (void)
{
  CallRecord *call = begin (
      "voice/call, channel=webrtc, state=ringing, session=f00, call-id=f00, "
      "line=support, to=support",
      T0);
  g_autoptr (GstStructure) other =
      message ("voice/call, channel=webrtc, state=ended, session=f00, "
               "call-id=another");
  g_autoptr (GstStructure) sip = message (
      "voice/call, channel=sip, state=ended, session=f00, call-id=f00");

  g_assert_false (call_record_is_about (call, other));
  g_assert_false (call_record_is_about (call, sip));
  g_assert_false (update (call,
      "voice/call, channel=webrtc, state=answered, session=f00, call-id=f00",
      T0 + 100000));
  call_record_cut (call, "The gateway ended", T0 + 200000);
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "channel", "\"webrtc\"");
  assert_member (record, "call-id", "\"f00\"");
  assert_member (record, "to", "\"support\"");
  assert_member (record, "by", "\"us\"");
  assert_member (record, "cause", "\"The gateway ended\"");
  call_record_free (call);
}

/* Somebody wanted to call from a line that had a caller: nothing ends for that one. */
static void
test_never_went_out (void)
{
  CallRecord *call =
      begin ("voice/call, channel=sip, state=ringing, session=s, "
             "direction=incoming, call-id=abc",
          T0);
  g_autoptr (GstStructure) other =
      message ("voice/call, channel=sip, state=ended, session=s, "
               "direction=outgoing, call-id=(string)\"\", by=us");

  g_assert_false (call_record_is_about (call, other));
  g_assert_false (call_record_is_beginning (other));
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "direction", "\"incoming\"");
  call_record_free (call);
}

/* In a line of several telephones somebody calls with the id of another one's call. */
static void
test_same_id (void)
{
  CallRecord *call =
      begin ("voice/call, channel=sip, state=ringing, session=a, call-id=abc",
          T0);
  g_autoptr (GstStructure) other = message (
      "voice/call, channel=sip, state=ringing, session=b, call-id=abc");

  g_assert_false (call_record_is_about (call, other));
  g_assert_true (call_record_is_beginning (other));
  call_record_free (call);
}

/* One that no line had is not the call of the line that tells of it. */
static void
test_never_taken (void)
{
  CallRecord *up =
      begin ("voice/call, channel=sip, state=ringing, session=default, "
             "call-id=abc",
          T0);
  g_autoptr (GstMessage) told = gst_message_new_element (NULL,
      message (
          "voice/call, channel=sip, state=refused, session=default, call-id=xyz, "
          "from=\"sip:e@f\", to=\"sip:c@d\", by=us, cause=\"no line is free\", "
          "address=\"192.0.2.7:5060\", transport=udp, "
          "user-agent=\"phone 1\", status=(uint)486"));
  const GstStructure *s = gst_message_get_structure (told);

  g_assert_true (call_record_is_refusal (s));
  g_assert_false (call_record_is_report (s));
  g_assert_false (call_record_is_beginning (s));
  g_assert_false (call_record_is_about (up, s));
  CallRecord *call = call_record_new_refused (told, T0);
  g_autoptr (JsonNode) record = describe (call);
  assert_member (record, "disposition", "\"refused\"");
  assert_member (record, "call-id", "\"xyz\"");
  assert_member (record, "from", "\"sip:e@f\"");
  assert_member (record, "by", "\"us\"");
  assert_member (record, "cause", "\"no line is free\"");
  assert_member (record, "status", "486");
  assert_member (record, "address", "\"192.0.2.7:5060\"");
  assert_member (record, "transport", "\"udp\"");
  assert_member (record, "user-agent", "\"phone 1\"");
  assert_member (record, "answered", "null");
  call_record_free (call);
  call_record_free (up);

  g_autoptr (GstMessage) offer = gst_message_new_element (NULL,
      message (
          "voice/call, channel=webrtc, state=refused, session=(string)\"\", "
          "line=support, to=support, by=us, status=(uint)503"));
  CallRecord *browser = call_record_new_refused (offer, T0);
  g_autoptr (JsonNode) other = describe (browser);
  assert_member (other, "channel", "\"webrtc\"");
  assert_member (other, "disposition", "\"refused\"");
  assert_member (other, "status", "503");
  call_record_free (browser);
}

static void
test_others (void)
{
  g_autoptr (GstStructure) turn =
      message ("aiagent/turn, state=speech-stopped");
  g_autoptr (GstStructure) waiting =
      message ("voice/call, channel=sip, state=registered");

  g_assert_false (call_record_is_report (turn));
  g_assert_false (call_record_is_beginning (turn));
  g_assert_false (call_record_is_beginning (waiting));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callrecord/answered", test_answered);
  g_test_add_func ("/callrecord/agent", test_agent);
  g_test_add_func ("/callrecord/agent-early", test_agent_early);
  g_test_add_func ("/callrecord/agent-of-room", test_agent_of_room);
  g_test_add_func ("/callrecord/refused", test_refused);
  g_test_add_func ("/callrecord/browser", test_browser);
  g_test_add_func ("/callrecord/same-id", test_same_id);
  g_test_add_func ("/callrecord/never-went-out", test_never_went_out);
  g_test_add_func ("/callrecord/never-taken", test_never_taken);
  g_test_add_func ("/callrecord/others", test_others);
  return g_test_run ();
}
