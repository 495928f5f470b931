/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/event/gstvoiceevents.h"
#include "common/event/gstvoicemessages.h"

/* ---- There and back */

static void
test_call (void)
{
  g_autoptr (GstStructure) headers =
      gst_structure_new ("headers", "X-Line", G_TYPE_STRING, "7", NULL);
  g_autoptr (GstStructure) origin = gst_structure_new ("origin",
      "asserted-identity", G_TYPE_STRING, "tel:+1", NULL);
  const GstVoiceCall call = {
    .state = GST_VOICE_CALL_EARLY,
    .call_id = "id",
    .channel = "sip",
    .session = "one",
    .line = "b",
    .outgoing = TRUE,
    .from = "sip:a",
    .to = "sip:b",
    .display_name = "A",
    .by = GST_VOICE_CALL_BY_NETWORK,
    .cause = "why",
    .status = 408,
    .speak_early = TRUE,
    .abilities = "hang-up,transfer",
    .trunk = "west",
    .headers = headers,
    .origin = origin,
  };
  g_autoptr (GstEvent) down = gst_voice_call_event_new (&call);
  g_autoptr (GstEvent) up = gst_voice_call_event_new_upstream (&call);
  GstEvent *events[] = { down, up };

  g_assert_true (GST_EVENT_IS_STICKY (down));
  g_assert_true (GST_EVENT_IS_SERIALIZED (down));
  g_assert_true (GST_EVENT_IS_UPSTREAM (up));
  for (guint i = 0; i < 2; i++) {
    GstVoiceCall found;
    g_assert_true (gst_voice_call_event_parse (events[i], &found));
    g_assert_cmpint (found.state, ==, GST_VOICE_CALL_EARLY);
    g_assert_cmpstr (found.display_name, ==, "A");
    g_assert_true (found.speak_early);
    g_assert_cmpstr (found.call_id, ==, "id");
    g_assert_cmpstr (found.channel, ==, "sip");
    g_assert_cmpstr (found.from, ==, "sip:a");
    g_assert_cmpstr (found.to, ==, "sip:b");
    g_assert_cmpstr (found.session, ==, "one");
    g_assert_cmpstr (found.line, ==, "b");
    g_assert_true (found.outgoing);
    g_assert_cmpint (found.by, ==, GST_VOICE_CALL_BY_NETWORK);
    g_assert_cmpstr (found.cause, ==, "why");
    g_assert_cmpuint (found.status, ==, 408);
    g_assert_cmpstr (found.abilities, ==, "hang-up,transfer");
    g_assert_cmpstr (found.trunk, ==, "west");
    g_assert_true (gst_structure_is_equal (found.headers, headers));
    g_assert_true (gst_structure_is_equal (found.origin, origin));
  }
}

static void
test_call_without_much (void)
{
  const GstVoiceCall call = {
    .state = GST_VOICE_CALL_ENDED,
    .call_id = "id",
  };
  g_autoptr (GstEvent) event = gst_voice_call_event_new (&call);
  GstVoiceCall found;

  g_assert_true (gst_voice_call_event_parse (event, &found));
  g_assert_cmpint (found.state, ==, GST_VOICE_CALL_ENDED);
  g_assert_cmpstr (found.display_name, ==, "");
  g_assert_false (found.speak_early);
  g_assert_cmpstr (found.channel, ==, "");
  g_assert_cmpstr (found.from, ==, "");
  g_assert_cmpstr (found.session, ==, "");
  g_assert_cmpstr (found.line, ==, "");
  g_assert_cmpstr (found.trunk, ==, "");
  g_assert_false (found.outgoing);
  g_assert_cmpint (found.by, ==, GST_VOICE_CALL_BY_NOBODY);
  g_assert_cmpstr (found.cause, ==, "");
  g_assert_null (found.headers);
  g_assert_null (found.origin);
}

static void
test_call_states (void)
{
  for (gint i = GST_VOICE_CALL_CALLING; i <= GST_VOICE_CALL_ENDED; i++) {
    const GstVoiceCall call = { .state = (GstVoiceCallState) i };
    g_autoptr (GstEvent) event = gst_voice_call_event_new (&call);
    GstVoiceCall found;
    if (i == GST_VOICE_CALL_CHANGED)
      continue; /* below */
    g_assert_true (gst_voice_call_event_parse (event, &found));
    g_assert_cmpint (found.state, ==, i);
    g_assert_cmpint (gst_voice_call_state_is_up (found.state), ==,
        i >= GST_VOICE_CALL_ANSWERED && i < GST_VOICE_CALL_ENDED);
    g_assert_cmpstr (gst_voice_call_state_to_string (found.state), ==,
        gst_structure_get_string (gst_event_get_structure (event), "state"));
  }
}

/* What is said on the bus only is no event of the stream's. */
static void
test_call_bus_only (void)
{
  static const gchar *const words[] = { "changed", "refused" };
  GstVoiceCall found;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (GstEvent) event =
        gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
            gst_structure_new ("voice-call", "state", G_TYPE_STRING, words[i],
                "call-id", G_TYPE_STRING, "1", NULL));
    g_assert_false (gst_voice_call_event_parse (event, &found));
  }
}

/* The bus has the words of the stream, and all fields. */
static void
test_call_message (void)
{
  static const gchar *const texts[] = { "call-id", "channel", "session", "line",
    "from", "to", "display-name", "source", "admitted", "trunk", "cause" };

  for (gint i = GST_VOICE_CALL_CALLING; i <= GST_VOICE_CALL_REFUSED; i++) {
    const GstVoiceCall call = { .state = (GstVoiceCallState) i,
      .by = (GstVoiceCallBy) (i % 4),
      .cause = "not UTF-8: \xff" };
    g_autoptr (GstStructure) s = gst_voice_call_facts_new (&call, 7);
    GstVoiceCall found;
    guint64 time = 0;
    g_assert_true (gst_structure_has_name (s, "voice/call"));
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      g_assert_cmpstr (gst_structure_get_string (s, texts[j]), ==, "");
    g_assert_cmpstr (gst_structure_get_string (s, "direction"), ==, "incoming");
    g_assert_true (gst_structure_has_field_typed (s, "status", G_TYPE_UINT));
    g_assert_true (gst_structure_get_uint64 (s, "running-time", &time));
    g_assert_cmpuint (time, ==, 7);
    g_assert_false (gst_structure_has_field (s, "speak-early"));
    g_assert_true (gst_voice_call_from_structure (s, &found));
    g_assert_cmpint (found.state, ==, i);
    g_assert_cmpint (found.by, ==, call.by);
  }
}

static void
test_dtmf_message (void)
{
  const GstVoiceKey key = { .channel = "sip", .digit = '#', .duration = 9 };
  g_autoptr (GstStructure) s = gst_voice_dtmf_facts_new (&key, 7);
  guint64 time = 0, duration = 0;

  g_assert_true (gst_structure_has_name (s, "voice/dtmf"));
  g_assert_cmpstr (gst_structure_get_string (s, "digit"), ==, "#");
  g_assert_cmpstr (gst_structure_get_string (s, "channel"), ==, "sip");
  g_assert_cmpstr (gst_structure_get_string (s, "session"), ==, "");
  g_assert_cmpstr (gst_structure_get_string (s, "call-id"), ==, "");
  g_assert_true (gst_structure_get_uint64 (s, "running-time", &time));
  g_assert_true (gst_structure_get_uint64 (s, "duration", &duration));
  g_assert_cmpuint (time, ==, 7);
  g_assert_cmpuint (duration, ==, 9);
}

static void
test_control (void)
{
  for (gint i = GST_VOICE_CONTROL_HANG_UP; i <= GST_VOICE_CONTROL_SEND_DTMF;
       i++) {
    const GstVoiceControl control = { (GstVoiceControlAction) i, "1", "call",
      "target" };
    GstVoiceControlAction action;
    GstVoiceControl found;
    g_autoptr (GstEvent) event = gst_voice_control_event_new (&control);
    g_assert_true (GST_EVENT_IS_SERIALIZED (event));
    g_assert_true (gst_voice_control_event_parse (event, &found));
    g_assert_cmpint (found.action, ==, i);
    g_assert_cmpstr (found.id, ==, "1");
    g_assert_cmpstr (found.to, ==, "call");
    g_assert_cmpstr (found.target, ==, "target");
    g_assert_true (gst_voice_control_action_from_string (
        gst_voice_control_action_to_string (control.action), &action));
    g_assert_cmpint (action, ==, i);
  }
}

static void
test_control_without_much (void)
{
  const GstVoiceControl control = { GST_VOICE_CONTROL_HANG_UP, NULL, NULL,
    NULL };
  g_autoptr (GstEvent) event = gst_voice_control_event_new (&control);
  GstVoiceControl found;

  g_assert_true (gst_voice_control_event_parse (event, &found));
  g_assert_cmpstr (found.id, ==, "");
  g_assert_null (found.to);
  g_assert_null (found.target);
}

static void
test_control_result (void)
{
  const GstVoiceControlResult result = { GST_VOICE_CONTROL_TRANSFER, "1",
    "failed", "Nobody answered." };
  g_autoptr (GstEvent) event = gst_voice_control_result_event_new (&result);
  GstVoiceControlResult found;

  g_assert_true (GST_EVENT_IS_UPSTREAM (event));
  g_assert_true (gst_voice_control_result_event_parse (event, &found));
  g_assert_cmpint (found.action, ==, GST_VOICE_CONTROL_TRANSFER);
  g_assert_cmpstr (found.id, ==, "1");
  g_assert_cmpstr (found.result, ==, "failed");
  g_assert_cmpstr (found.reason, ==, "Nobody answered.");
}

static void
test_path (void)
{
  g_autoptr (GstEvent) event = gst_voice_path_event_new (35 * GST_MSECOND);
  GstClockTime delay = 0;

  g_assert_true (GST_EVENT_IS_UPSTREAM (event));
  g_assert_true (gst_voice_path_event_parse (event, &delay));
  g_assert_cmpuint (delay, ==, 35 * GST_MSECOND);
  g_autoptr (GstEvent) other = gst_voice_ready_event_new ("id");
  g_assert_false (gst_voice_path_event_parse (other, &delay));
}

static void
test_digits (void)
{
  static const gchar digits[] = "0123456789*#ABCD";

  for (gint i = 0; i < 16; i++) {
    g_autoptr (GstEvent) event = gst_voice_dtmf_event_new (digits[i], 80);
    guint duration;
    gchar digit;
    g_assert_cmpint (gst_voice_dtmf_number (digits[i]), ==, i);
    g_assert_cmpint (gst_voice_dtmf_digit (i), ==, digits[i]);
    g_assert_true (gst_voice_dtmf_event_parse (event, &digit, &duration));
    g_assert_cmpint (digit, ==, digits[i]);
    g_assert_cmpuint (duration, ==, 80);
  }
  g_assert_cmpint (gst_voice_dtmf_number ('b'), ==, 13);
  g_assert_cmpint (gst_voice_dtmf_number ('x'), ==, -1);
  g_assert_cmpint (gst_voice_dtmf_number (0), ==, -1);
  g_assert_cmpint (gst_voice_dtmf_digit (16), ==, 0);
  g_assert_cmpint (gst_voice_dtmf_digit (-1), ==, 0);
}

static void
test_facts (void)
{
  g_autoptr (GstEvent) event = gst_voice_event_new (
      gst_structure_new ("aiagent/turn", "n", G_TYPE_INT, 3, NULL));
  const GstStructure *facts;

  g_assert_true (gst_voice_event_parse (event, &facts));
  g_assert_true (gst_structure_has_name (facts, "aiagent/turn"));
}

/* ---- What others send */

/* No parser takes it, and none complains. */
static void
assert_foreign (GstEvent *event)
{
  GstVoiceControlResult result;
  GstVoiceControl control;
  const GstStructure *facts;
  GstVoiceCall call;
  guint duration;
  gchar digit;

  g_assert_false (gst_voice_call_event_parse (event, &call));
  g_assert_false (gst_voice_control_event_parse (event, &control));
  g_assert_false (gst_voice_control_result_event_parse (event, &result));
  g_assert_false (gst_voice_dtmf_event_parse (event, &digit, &duration));
  g_assert_false (gst_voice_event_parse (event, &facts));
  gst_event_unref (event);
}

static void
test_foreign (void)
{
  static const GstEventType types[] = { GST_EVENT_CUSTOM_UPSTREAM,
    GST_EVENT_CUSTOM_DOWNSTREAM, GST_EVENT_CUSTOM_DOWNSTREAM_OOB,
    GST_EVENT_CUSTOM_DOWNSTREAM_STICKY };
  static const gchar *const texts[] = {
    "something",
    "voice-call",
    "voice-call, state=sideways",
    "voice-call, state=1",
    "voice-call, state=refused",
    "voice-control",
    "voice-control, action=explode",
    "voice-control, action=(int)0",
    "voice-control-result, action=(int)0",
    "dtmf-event",
    "dtmf-event, number=one",
    "dtmf-event, number=16",
    "dtmf-event, number=-1",
    "dtmf-event, type=0, number=1",
    "dtmf-event, number=1, start=false",
    "voice-event",
    "voice-event, facts=plain",
  };

  assert_foreign (gst_event_new_eos ());
  assert_foreign (gst_event_new_flush_start ());
  assert_foreign (gst_event_new_reconfigure ());
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (types); j++)
      assert_foreign (gst_event_new_custom (types[j],
          gst_structure_from_string (texts[i], NULL)));
  /* The right structure in a kind of event that it never comes in. */
  assert_foreign (gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_OOB,
      gst_structure_from_string ("voice-call, state=answered", NULL)));
}

/* Fields of other types than ours are as good as absent. */
static void
test_wrong_fields (void)
{
  g_autoptr (GstEvent) event =
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
          gst_structure_from_string (
              "voice-call, state=ended, call-id=(int)5, headers=(int)1", NULL));
  GstVoiceCall call;

  g_assert_true (gst_voice_call_event_parse (event, &call));
  g_assert_cmpstr (call.call_id, ==, "");
  g_assert_null (call.headers);
}

/* As GStreamer's own elements send it. */
static void
test_foreign_digit (void)
{
  g_autoptr (GstEvent) event =
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_from_string (
              "dtmf-event, type=1, number=11, volume=25, start=true, method=1",
              NULL));
  guint duration = 1;
  gchar digit;

  g_assert_true (gst_voice_dtmf_event_parse (event, &digit, &duration));
  g_assert_cmpint (digit, ==, '#');
  g_assert_cmpuint (duration, ==, 0);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voiceevents/call", test_call);
  g_test_add_func ("/voiceevents/call-without-much", test_call_without_much);
  g_test_add_func ("/voiceevents/call-states", test_call_states);
  g_test_add_func ("/voiceevents/call-bus-only", test_call_bus_only);
  g_test_add_func ("/voiceevents/call-message", test_call_message);
  g_test_add_func ("/voiceevents/dtmf-message", test_dtmf_message);
  g_test_add_func ("/voiceevents/control", test_control);
  g_test_add_func ("/voiceevents/control-without-much",
      test_control_without_much);
  g_test_add_func ("/voiceevents/control-result", test_control_result);
  g_test_add_func ("/voiceevents/path", test_path);
  g_test_add_func ("/voiceevents/digits", test_digits);
  g_test_add_func ("/voiceevents/facts", test_facts);
  g_test_add_func ("/voiceevents/foreign", test_foreign);
  g_test_add_func ("/voiceevents/wrong-fields", test_wrong_fields);
  g_test_add_func ("/voiceevents/foreign-digit", test_foreign_digit);
  return g_test_run ();
}
