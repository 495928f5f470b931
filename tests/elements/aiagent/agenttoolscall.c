/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Tools over a real call: what comes over the wire, and what the agent is told. */

#define _GNU_SOURCE /* memmem() */

#include "agentphone.h"

#include <string.h>

#define GOODBYE 4000 /* bytes: half a second */

/* ---- An agent that acts when it is told to */

typedef struct
{
  GstVoiceAgentBackend parent;

  GMutex lock; /* protects everything below */
  GCond changed;
  gboolean open;
  gchar *result; /* of the last tool */
} Actor;

typedef GstVoiceAgentBackendClass ActorClass;

static GType actor_get_type (void);
G_DEFINE_TYPE (Actor, actor, GST_TYPE_VOICE_AGENT_BACKEND)

static void
actor_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call, guint rate)
{
  Actor *self = (Actor *) backend;

  g_mutex_lock (&self->lock);
  self->open = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
actor_close (GstVoiceAgentBackend *backend)
{
  Actor *self = (Actor *) backend;

  g_mutex_lock (&self->lock);
  self->open = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
actor_tool_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *json)
{
  Actor *self = (Actor *) backend;

  g_mutex_lock (&self->lock);
  g_free (self->result);
  self->result = g_strdup (json);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
actor_finalize (GObject *object)
{
  Actor *self = (Actor *) object;

  g_free (self->result);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (actor_parent_class)->finalize (object);
}

static void
actor_init (Actor *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

static void
actor_class_init (ActorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = actor_finalize;
  klass->takes_laws = TRUE;
  klass->open = actor_open;
  klass->close = actor_close;
  klass->tool_result = actor_tool_result;
}

static void
wait_open (Actor *self, gboolean open)
{
  const gint64 until =
      g_get_monotonic_time () + PHONE_SOON * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (self->open != open)
    g_assert_true (g_cond_wait_until (&self->changed, &self->lock, until));
  g_mutex_unlock (&self->lock);
}

static void
assert_result (Actor *self, const gchar *json)
{
  const gint64 until =
      g_get_monotonic_time () + PHONE_SOON * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (!self->result)
    g_assert_true (g_cond_wait_until (&self->changed, &self->lock, until));
  g_assert_cmpstr (self->result, ==, json);
  g_clear_pointer (&self->result, g_free);
  g_mutex_unlock (&self->lock);
}

static void
call_tool (Actor *self, const gchar *name, const gchar *arguments)
{
  gst_voice_agent_backend_call_tool (GST_VOICE_AGENT_BACKEND (self), 0, name,
      "x", arguments);
}

static void
begin (Phone *phone, Actor **actor, const gchar *line, const gchar *settings)
{
  guint8 silence[PHONE_FRAME];

  *actor = g_object_new (actor_get_type (), NULL);
  phone_start (phone, line, settings, GST_VOICE_AGENT_BACKEND (*actor));
  phone_call (phone, 0);
  wait_open (*actor, TRUE);
  memset (silence, 0xff, sizeof silence);
  phone_send (phone, silence);
}

static void
finish (Phone *phone, Actor *actor)
{
  phone_stop (phone);
  g_object_unref (actor);
}

/* ---- */

/* The whole goodbye comes, and then the BYE. */
static void
test_hang_up (void)
{
  guint8 goodbye[GOODBYE];
  Actor *actor;
  Phone phone;

  for (guint i = 0; i < GOODBYE; i++)
    goodbye[i] = (guint8) (i + i / 256);
  begin (&phone, &actor, "", "");
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (actor);
  const guint answer = gst_voice_agent_backend_begin_answer (backend, 0, FALSE);
  gst_voice_agent_backend_write (backend, answer, goodbye, GOODBYE / 2);
  call_tool (actor, "hang_up", "{}");
  gst_voice_agent_backend_write (backend, answer, goodbye + GOODBYE / 2,
      GOODBYE / 2);
  gst_voice_agent_backend_end_answer (backend, answer);
  while (!memmem (phone.got->data, phone.got->len, goodbye, GOODBYE))
    phone_receive (&phone);
  assert_result (actor, "{\"result\":\"accepted\"}");
  g_autofree gchar *bye = sip_peer_wait (phone.peer, "BYE ", PHONE_SOON);
  g_assert_nonnull (bye);
  sip_peer_respond (phone.peer, bye, "200 OK", NULL, NULL);
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

static void
test_send_dtmf (void)
{
  Actor *actor;
  Phone phone;

  begin (&phone, &actor, "", "tools-enabled=send_dtmf");
  call_tool (actor, "send_dtmf", "{\"digits\":\"12#\"}");
  while (phone.keys->len < 3)
    phone_receive (&phone);
  g_assert_cmpstr (phone.keys->str, ==, "12#");
  assert_result (actor, "{\"result\":\"accepted\"}");
  call_tool (actor, "hang_up", "{}");
  assert_result (actor, "{\"error\":\"This tool is not enabled here.\"}");
  phone_hang_up (&phone);
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

/* A line that calls nobody does not offer it. */
static void
test_transfer_unable (void)
{
  Actor *actor;
  Phone phone;

  begin (&phone, &actor, "", "tools-enabled=transfer");
  g_autofree gchar *list =
      gst_voice_agent_backend_dup_tools (GST_VOICE_AGENT_BACKEND (actor));
  g_assert_cmpstr (list, ==, "[]");
  call_tool (actor, "transfer", "{\"target\":\"sip:other@127.0.0.1\"}");
  assert_result (actor,
      "{\"error\":\"The line of this call cannot do that.\"}");
  phone_hang_up (&phone);
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

#define DIALS "dial-allow=sip:carol@pbx.example"

/* What a line may not do, the model is told. */
static void
test_transfer_forbidden (void)
{
  Actor *actor;
  Phone phone;

  begin (&phone, &actor, DIALS, "tools-enabled=transfer");
  call_tool (actor, "transfer", "{\"target\":\"sip:other@127.0.0.1\"}");
  assert_result (actor,
      "{\"result\":\"forbidden\",\"reason\":\"Calling "
      "\\\"sip:other@127.0.0.1\\\" is forbidden: dial-allow does not have "
      "it.\"}");
  phone_hang_up (&phone);
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

static void
notify (Phone *phone, const gchar *state, const gchar *body)
{
  g_autofree gchar *headers =
      g_strdup_printf ("Event: refer\r\nSubscription-State: %s\r\n"
                       "Content-Type: message/sipfrag\r\n",
          state);

  sip_peer_request (phone->peer, "NOTIFY", headers, body);
  g_free (sip_peer_wait (phone->peer, "SIP/2.0 200", PHONE_SOON));
}

/* Who is told of it hears the end only. */
static void
test_transfer (gconstpointer end)
{
  const gboolean accepted = !strcmp (end, "SIP/2.0 200 OK");
  Actor *actor;
  Phone phone;

  begin (&phone, &actor, DIALS, "tools-enabled=transfer");
  call_tool (actor, "transfer", "{\"target\":\"sip:carol@pbx.example\"}");
  g_autofree gchar *refer = sip_peer_wait (phone.peer, "REFER ", PHONE_SOON);
  g_assert_nonnull (refer);
  sip_peer_respond (phone.peer, refer, "202 Accepted", NULL, NULL);
  notify (&phone, "active", "SIP/2.0 180 Ringing");
  notify (&phone, "terminated", end);
  if (accepted) {
    assert_result (actor, "{\"result\":\"accepted\"}");
    g_autofree gchar *bye = sip_peer_wait (phone.peer, "BYE ", PHONE_SOON);
    g_assert_nonnull (bye);
    sip_peer_respond (phone.peer, bye, "200 OK", NULL, NULL);
  } else {
    assert_result (actor,
        "{\"result\":\"refused\",\"reason\":\"Whoever was called is busy\"}");
    phone_hang_up (&phone);
  }
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

/* Keys of the phone's, as RFC 4733 has them. */
static void
press (Phone *phone, guint key)
{
  guint8 packet[16] = { 0x80, 0x80 | PHONE_KEYS };

  for (guint i = 0; i < 3; i++) {
    packet[2] = (guint8) (phone->n_sent >> 8);
    packet[3] = (guint8) phone->n_sent;
    packet[6] = (guint8) (key + 1);
    packet[11] = (guint8) (42 + phone->payload_type);
    packet[12] = (guint8) key;
    packet[13] = 0x80 | 10;
    packet[14] = 0x03; /* 100 ms */
    packet[15] = 0x20;
    phone->n_sent++;
    g_socket_send_to (phone->rtp, phone->to, (const gchar *) packet,
        sizeof packet, NULL, NULL);
  }
}

static void
test_collect_digits (void)
{
  Actor *actor;
  Phone phone;

  begin (&phone, &actor, "", "tools-enabled=collect_digits");
  call_tool (actor, "collect_digits", "{\"max\":4}");
  for (guint key = 1; key <= 4; key++)
    press (&phone, key);
  assert_result (actor, "{\"digits\":\"1234\",\"ended\":\"max\"}");
  phone_hang_up (&phone);
  wait_open (actor, FALSE);
  finish (&phone, actor);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agenttoolscall/hang-up", test_hang_up);
  g_test_add_func ("/agenttoolscall/send-dtmf", test_send_dtmf);
  g_test_add_func ("/agenttoolscall/transfer-unable", test_transfer_unable);
  g_test_add_func ("/agenttoolscall/transfer-forbidden",
      test_transfer_forbidden);
  g_test_add_data_func ("/agenttoolscall/transfer-accepted", "SIP/2.0 200 OK",
      test_transfer);
  g_test_add_data_func ("/agenttoolscall/transfer-busy", "SIP/2.0 486 Busy",
      test_transfer);
  g_test_add_func ("/agenttoolscall/collect-digits", test_collect_digits);
  return g_test_run ();
}
