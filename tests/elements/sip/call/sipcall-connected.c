/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Two lines back to back: whoever calls one rings until whom the other calls has answered,
 * and what becomes of one becomes of both. */

#include "sip/gstsip.h"

#include "mock/sipline.h"

/* %s: more settings of the line that calls; %u: whom it calls */
#define CONNECTED \
  "local-uri=sip:127.0.0.1:PORT session=caller on-hangup=wait " \
  "answer-mode=callee ! " \
  "sipsink session=agent local-uri=sip:127.0.0.1:PORT on-hangup=wait " \
  "dial=call %s uri=sip:agent@127.0.0.1:%u " \
  "sipsrc session=agent ! sipsink session=caller " \
  "audiotestsrc is-live=true"

typedef struct
{
  SipPeer *caller, *agent;
  Line line;
  gchar *invite; /* that the agent has got */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->caller = sip_peer_new (FALSE);
  self->agent = sip_peer_new (FALSE);
  g_autofree gchar *account = data
      ? g_strdup_printf (data, sip_peer_get_port (self->agent))
      : g_strdup ("");
  g_autofree gchar *settings =
      g_strdup_printf (CONNECTED, account, sip_peer_get_port (self->agent));
  line_start (&self->line, settings);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  line_stop (&self->line);
  g_free (self->invite);
  sip_peer_free (self->caller);
  sip_peer_free (self->agent);
}

static void
call (Fixture *self)
{
  sip_peer_begin (self->caller, "bob", self->line.port);
  sip_peer_request (self->caller, "INVITE", NULL,
      sip_peer_sdp (self->caller, 0, "sendrecv"));
  skip_message (self->caller, "SIP/2.0 180");
  g_free (self->invite);
  self->invite = assert_message (self->agent, "INVITE ");
  sip_peer_respond (self->agent, self->invite, "180 Ringing", NULL, NULL);
}

static void
answer (Fixture *self)
{
  call (self);
  sip_peer_respond (self->agent, self->invite, "200 OK", NULL,
      sip_peer_sdp (self->agent, 0, "sendrecv"));
  skip_message (self->agent, "ACK ");
  skip_message (self->caller, "SIP/2.0 200");
  sip_peer_request (self->caller, "ACK", NULL, NULL);
}

static void
accept (SipPeer *peer, const gchar *method)
{
  g_autofree gchar *request = assert_message (peer, method);

  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

/* One caller after the other. */
static void
test_caller_hangs_up (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    answer (self);
    bye (self->caller);
    accept (self->agent, "BYE ");
  }
}

static void
test_agent_hangs_up (Fixture *self, gconstpointer data)
{
  answer (self);
  sip_peer_request (self->agent, "BYE", NULL, NULL);
  skip_message (self->agent, "SIP/2.0 200");
  accept (self->caller, "BYE ");
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  call (self);
  sip_peer_respond (self->agent, self->invite, "486 Busy Here", NULL, NULL);
  skip_message (self->caller, "SIP/2.0 486");
  sip_peer_request (self->caller, "ACK", NULL, NULL);
}

static void
test_caller_gives_up (Fixture *self, gconstpointer data)
{
  call (self);
  sip_peer_request (self->caller, "CANCEL", NULL, NULL);
  skip_message (self->caller, "SIP/2.0 487");
  sip_peer_request (self->caller, "ACK", NULL, NULL);
  accept (self->agent, "CANCEL ");
  sip_peer_respond (self->agent, self->invite, "487 Request Terminated", NULL,
      NULL);
}

/* The line that calls is none to be called. */
static void
test_busy (Fixture *self, gconstpointer data)
{
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);

  answer (self);
  sip_peer_begin (other, "bob", self->line.port);
  sip_peer_request (other, "INVITE", NULL, sip_peer_sdp (other, 0, "sendrecv"));
  skip_message (other, "SIP/2.0 486");
  sip_peer_request (other, "ACK", NULL, NULL);
  bye (self->caller);
  accept (self->agent, "BYE ");
}

/* It calls from its account, and does not register for calls that it would not take. */
static void
test_account (Fixture *self, gconstpointer data)
{
  answer (self);
  g_autofree gchar *from = sip_peer_header (self->invite, "From");
  g_assert_true (g_str_has_prefix (from, "<sip:me@127.0.0.1>;tag="));
  bye (self->caller);
  g_autofree gchar *last = sip_peer_receive (self->agent, SOON);
  g_assert_true (g_str_has_prefix (last, "BYE ")); /* nor before that */
  sip_peer_respond (self->agent, last, "200 OK", NULL, NULL);
}

static void
test_nobody (void)
{
  g_autoptr (GstElement) src =
      gst_object_ref_sink (gst_element_factory_make ("sipsrc", NULL));

  gst_util_set_object_arg (G_OBJECT (src), "dial", "call");
  g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (src, GST_STATE_NULL);
}

#define ADD(name, function) \
  g_test_add ("/sipcall-connected/" name, Fixture, NULL, set_up, function, \
      tear_down)

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  ADD ("caller-hangs-up", test_caller_hangs_up);
  ADD ("agent-hangs-up", test_agent_hangs_up);
  ADD ("refused", test_refused);
  ADD ("caller-gives-up", test_caller_gives_up);
  ADD ("busy", test_busy);
  g_test_add ("/sipcall-connected/account", Fixture,
      "account=sip:me@127.0.0.1:%u", set_up, test_account, tear_down);
  g_test_add_func ("/sipcall-connected/nobody", test_nobody);
  return g_test_run ();
}
