/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What an aiagentsink tells the line whose call rings: when it could begin. */

#include "aiagenttest.h"

#include "voiceagent/gstvoiceagentbackend.h"

/* ---- A backend that needs somebody else */

typedef GstVoiceAgentBackend Slow;
typedef GstVoiceAgentBackendClass SlowClass;

static GType slow_get_type (void);
G_DEFINE_TYPE (Slow, slow, GST_TYPE_VOICE_AGENT_BACKEND)

static void
slow_ring (GstVoiceAgentBackend *backend, const GstVoiceCall *call)
{
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_CONNECTING, NULL);
}

/* It comes to be ready just when nobody waits for it any more. */
static void
slow_close (GstVoiceAgentBackend *backend)
{
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_READY, NULL);
}

static void
slow_class_init (SlowClass *klass)
{
  klass->ring = slow_ring;
  klass->close = slow_close;
}

static void
slow_init (Slow *self)
{
}

/* ---- Calls */

static void
say (AgentHalfTest *sink, GstVoiceCallState state, const gchar *id,
    gboolean outgoing)
{
  const GstVoiceCall call = { .state = state,
    .call_id = id,
    .channel = "sip",
    .outgoing = outgoing };

  gst_harness_push_event (sink->harness, gst_voice_call_event_new (&call));
}

/* The calls that were told since this was asked last, with blanks between them. */
static gchar *
dup_told (AgentHalfTest *sink)
{
  g_autoptr (GString) told = g_string_new (NULL);

  for (;;) {
    g_autoptr (GstEvent) event =
        gst_harness_try_pull_upstream_event (sink->harness);
    const gchar *id;
    if (!event)
      return g_string_free (g_steal_pointer (&told), FALSE);
    if (gst_voice_ready_event_parse (event, &id))
      g_string_append_printf (told, "%s ", id);
  }
}

static void
assert_told (AgentHalfTest *sink, const gchar *expected)
{
  g_autofree gchar *told = dup_told (sink);

  g_assert_cmpstr (told, ==, expected);
}

static GstVoiceAgentBackend *
start (AgentHalfTest *sink, gboolean slow)
{
  GstVoiceAgentBackend *backend =
      slow ? g_object_new (slow_get_type (), NULL) : NULL;

  g_autoptr (GstContext) context = gst_session_table_context_new ();
  half_make (sink, "aiagentsink", context);
  if (slow)
    g_object_set (sink->element, "backend-object", backend, NULL);
  else
    gst_util_set_object_arg (G_OBJECT (sink->element), "backend", "echo");
  half_play (sink, RAW_8K, NULL);
  return backend;
}

static void
test_at_once (void)
{
  AgentHalfTest sink = { 0 };

  start (&sink, FALSE);
  say (&sink, GST_VOICE_CALL_RINGING, "1", FALSE);
  assert_told (&sink, "1 ");
  say (&sink, GST_VOICE_CALL_ANSWERED, "1", FALSE);
  say (&sink, GST_VOICE_CALL_ENDED, "1", FALSE);
  say (&sink, GST_VOICE_CALL_CALLING, "2", TRUE);
  say (&sink, GST_VOICE_CALL_RINGING, "2", TRUE); /* out: nobody waits */
  assert_told (&sink, "");
  half_stop (&sink);
}

static void
test_when_ready (void)
{
  AgentHalfTest sink = { 0 };
  g_autoptr (GstVoiceAgentBackend) slow = start (&sink, TRUE);

  say (&sink, GST_VOICE_CALL_RINGING, "1", FALSE);
  assert_told (&sink, "");
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_RETRYING, "no");
  assert_told (&sink, "");
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_told (&sink, "1 ");
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_told (&sink, "");
  half_stop (&sink);
}

/* Waiting would not help. */
static void
test_when_failed (void)
{
  AgentHalfTest sink = { 0 };
  g_autoptr (GstVoiceAgentBackend) slow = start (&sink, TRUE);

  say (&sink, GST_VOICE_CALL_RINGING, "1", FALSE);
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_FAILED, "no");
  assert_told (&sink, "1 ");
  half_stop (&sink);
}

/* The next caller waits by himself. */
static void
test_caller_gone (void)
{
  AgentHalfTest sink = { 0 };
  g_autoptr (GstVoiceAgentBackend) slow = start (&sink, TRUE);

  say (&sink, GST_VOICE_CALL_RINGING, "1", FALSE);
  say (&sink, GST_VOICE_CALL_ENDED, "1", FALSE);
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_told (&sink, "");
  say (&sink, GST_VOICE_CALL_RINGING, "2", FALSE);
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_told (&sink, "2 ");
  /* The end of the one before is not told of. */
  say (&sink, GST_VOICE_CALL_RINGING, "3", FALSE);
  say (&sink, GST_VOICE_CALL_RINGING, "4", FALSE);
  assert_told (&sink, "");
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_told (&sink, "4 ");
  half_stop (&sink);
}

/* The next aiagent/backend is of @call_id, and of the dialogue of that number. */
static void
assert_state (AgentHalfTest *sink, const gchar *state, const gchar *call_id,
    guint64 dialogue)
{
  g_autoptr (GstMessage) message = wait_fact (sink, "aiagent/backend", state);
  const GstStructure *fact = gst_message_get_structure (message);
  guint64 number;

  g_assert_cmpstr (gst_structure_get_string (fact, "call-id"), ==, call_id);
  g_assert_true (gst_structure_get_uint64 (fact, "dialogue", &number));
  g_assert_cmpuint (number, ==, dialogue);
}

/* What a backend says of itself while a call rings is of that call, not of the last. */
static void
test_whose (void)
{
  AgentHalfTest sink = { 0 };
  g_autoptr (GstVoiceAgentBackend) slow = start (&sink, TRUE);

  say (&sink, GST_VOICE_CALL_RINGING, "1", FALSE);
  assert_state (&sink, "connecting", "1", 0);
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_RETRYING, "no");
  assert_state (&sink, "retrying", "1", 0);
  say (&sink, GST_VOICE_CALL_ANSWERED, "1", FALSE);
  gst_voice_agent_backend_set_state (slow, GST_VOICE_AGENT_READY, NULL);
  assert_state (&sink, "ready", "1", 1);
  say (&sink, GST_VOICE_CALL_ENDED, "1", FALSE);
  say (&sink, GST_VOICE_CALL_RINGING, "2", FALSE);
  assert_state (&sink, "connecting", "2", 0);
  say (&sink, GST_VOICE_CALL_ENDED, "2", FALSE); /* nobody answered */
  say (&sink, GST_VOICE_CALL_RINGING, "3", FALSE);
  assert_state (&sink, "connecting", "3", 0);
  half_stop (&sink);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentready/at-once", test_at_once);
  g_test_add_func ("/agentready/when-ready", test_when_ready);
  g_test_add_func ("/agentready/when-failed", test_when_failed);
  g_test_add_func ("/agentready/caller-gone", test_caller_gone);
  g_test_add_func ("/agentready/whose", test_whose);
  return g_test_run ();
}
