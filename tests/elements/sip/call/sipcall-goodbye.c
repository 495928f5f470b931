/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that is hung up while a request of ours has no answer: the BYE waits for none, against
 * a scripted peer over loopback that says nothing more. */

#include "sip/dialog/sipdialog.h"
#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <stdlib.h>
#include <string.h>

/* ms: far less than the stack waits for an answer (32 s), far more than a busy machine
 * takes. */
#define AT_ONCE 10000
#define DIALS "local-uri=sip:127.0.0.1:PORT on-hangup=wait dial-allow=sip:*@*"
#define PRACKED "Require: 100rel\r\nRSeq: 7\r\n"
#define REFRESHED \
  "Allow: INVITE, ACK, BYE, UPDATE\r\nSupported: timer\r\n" \
  "Session-Expires: 3;refresher=uas\r\n"

typedef struct
{
  Line line;
  SipPeer *peer;
  gchar *open; /* our request that has no answer */
} Call;

static void
call_clear (Call *call)
{
  line_stop (&call->line);
  sip_peer_free (call->peer);
  g_free (call->open);
}

/* @is_routed: by a proxy, which is beside it. */
static void
make_peer (Call *call, gboolean is_routed)
{
  call->peer = sip_peer_new (FALSE);
  g_autofree gchar *route =
      g_strdup_printf ("<sip:127.0.0.1:%u;lr>, <sip:far.example;lr>",
          sip_peer_get_port (call->peer));
  if (is_routed)
    sip_peer_set_target (call->peer, NULL, route);
}

static void
call_up (Call *call, const gchar *settings, const gchar *headers)
{
  if (!call->peer)
    make_peer (call, FALSE);
  line_start (&call->line, settings);
  sip_peer_begin (call->peer, "anybody", call->line.port);
  sip_peer_request (call->peer, "INVITE", headers,
      sip_peer_sdp (call->peer, 0, "sendrecv"));
  skip_message (call->peer, "SIP/2.0 200");
  sip_peer_request (call->peer, "ACK", NULL, NULL);
  skip_state (&call->line, "answered");
}

static void
call_out (Call *call)
{
  if (!call->peer)
    make_peer (call, FALSE);
  line_call (&call->line, call->peer, "wait dial-allow=sip:*@*");
  g_autofree gchar *invite = assert_message (call->peer, "INVITE ");
  sip_peer_respond (call->peer, invite, "200 OK", NULL,
      sip_peer_sdp (call->peer, 0, "sendrecv"));
  skip_message (call->peer, "ACK ");
  skip_state (&call->line, "answered");
}

static void
act (Call *call, const gchar *action, const gchar *argument)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (call->line.pipeline), "s");
  gboolean done = FALSE;

  g_signal_emit_by_name (src, action, argument, &done);
  g_assert_true (done);
}

static void
refer (Call *call)
{
  act (call, "transfer", "sip:carol@pbx.example");
  call->open = assert_message (call->peer, "REFER ");
}

/* ---- What comes */

static void
assert_same (const gchar *a, const gchar *b, const gchar *name)
{
  g_autofree gchar *one = sip_peer_header (a, name);
  g_autofree gchar *other = sip_peer_header (b, name);

  g_assert_cmpstr (one, ==, other);
}

static gulong
get_number (const gchar *message)
{
  g_autofree gchar *value = sip_peer_header (message, "CSeq");

  return strtoul (value, NULL, 10);
}

static void
assert_same_target (const gchar *bye, const gchar *other)
{
  g_autofree gchar *line =
      g_strndup (strchr (other, ' '), strcspn (strchr (other, ' '), "\r"));

  g_assert_true (g_str_has_prefix (strchr (bye, ' '), line));
}

/* A BYE of the dialog, behind the open request, which it has the way of; it is answered
 * with @status and that is all. */
static void
expect_bye (Call *call, const gchar *status)
{
  g_autofree gchar *bye = sip_peer_wait (call->peer, "BYE ", AT_ONCE);

  g_assert_nonnull (bye);
  assert_same (bye, call->open, "Call-ID");
  assert_same (bye, call->open, "From");
  assert_same (bye, call->open, "To");
  assert_same (bye, call->open, "Route");
  assert_same_target (bye, call->open);
  g_assert_cmpuint (get_number (bye), >, get_number (call->open));
  sip_peer_respond (call->peer, bye, status, NULL, NULL);
}

static void
hang_up (Call *call)
{
  g_assert_true (emit (&call->line, "hang-up"));
  assert_ended (&call->line, "us", 0);
  expect_bye (call, "200 OK");
}

/* ---- Cases */

static void
test_refer (void)
{
  Call call = { 0 };

  call_up (&call, DIALS, NULL);
  refer (&call);
  hang_up (&call);
  /* The line is free for the next one, which ends as calls do. */
  call_in (call.peer, call.line.port);
  skip_state (&call.line, "answered");
  bye (call.peer);
  assert_ended (&call.line, "peer", 0);
  call_clear (&call);
}

static void
test_called (void)
{
  Call call = { 0 };

  call_out (&call);
  refer (&call);
  hang_up (&call);
  call_clear (&call);
}

/* Who was called goes the other way round: there the last hop is the first. */
static void
test_routed (void)
{
  Call in = { 0 }, out = { 0 };

  make_peer (&in, TRUE);
  call_up (&in, DIALS, NULL);
  refer (&in);
  hang_up (&in);
  call_clear (&in);
  out.peer = sip_peer_new (FALSE);
  g_autofree gchar *route =
      g_strdup_printf ("<sip:far.example;lr>, <sip:127.0.0.1:%u;lr>",
          sip_peer_get_port (out.peer));
  sip_peer_set_target (out.peer, NULL, route);
  call_out (&out);
  refer (&out);
  hang_up (&out);
  call_clear (&out);
}

static void
test_info (void)
{
  Call call = { 0 };

  call_up (&call, WAITING " dtmf=info", "Allow: INVITE, ACK, BYE, INFO\r\n");
  act (&call, "send-dtmf", "12");
  call.open = assert_message (call.peer, "INFO ");
  hang_up (&call);
  call_clear (&call);
}

/* A re-INVITE may wait beside a BYE. */
static void
test_hold (void)
{
  Call call = { 0 };

  call_up (&call, WAITING, NULL);
  g_assert_true (emit (&call.line, "hold"));
  call.open = assert_message (call.peer, "INVITE ");
  hang_up (&call);
  call_clear (&call);
}

/* The stack's own, which it does not tell of. */
static void
test_update (void)
{
  Call call = { 0 };

  call_up (&call, WAITING, REFRESHED);
  call.open = assert_message (call.peer, "UPDATE ");
  hang_up (&call);
  call_clear (&call);
}

static void
test_null (void)
{
  Call call = { 0 };

  call_up (&call, DIALS, NULL);
  refer (&call);
  gst_element_set_state (call.line.pipeline, GST_STATE_NULL);
  expect_bye (&call, "200 OK");
  call_clear (&call);
}

/* It wants a change, or to hang up, too, and has not read our BYE yet. */
static void
check_crossing (const gchar *method, const gchar *answer)
{
  Call call = { 0 };

  call_up (&call, DIALS, NULL);
  refer (&call);
  g_assert_true (emit (&call.line, "hang-up"));
  assert_ended (&call.line, "us", 0);
  sip_peer_request (call.peer, method, NULL,
      g_str_equal (method, "BYE") ? NULL
                                  : sip_peer_sdp (call.peer, 0, "sendonly"));
  skip_message (call.peer, answer);
  call_in (call.peer, call.line.port);
  skip_state (&call.line, "answered");
  call_clear (&call);
}

static void
test_crossing (void)
{
  check_crossing ("BYE", "SIP/2.0 200");
  check_crossing ("UPDATE", "SIP/2.0 481");
}

static void
test_cancel (void)
{
  Call call = { 0 };

  call.peer = sip_peer_new (FALSE);
  line_call (&call.line, call.peer, "wait");
  g_autofree gchar *invite = assert_message (call.peer, "INVITE ");
  sip_peer_respond (call.peer, invite, "180 Ringing", PRACKED, NULL);
  call.open = assert_message (call.peer, "PRACK ");
  g_assert_true (emit (&call.line, "hang-up"));
  g_autofree gchar *cancel = sip_peer_wait (call.peer, "CANCEL ", AT_ONCE);
  g_assert_nonnull (cancel);
  sip_peer_respond (call.peer, cancel, "200 OK", NULL, NULL);
  /* It has answered all the same. */
  sip_peer_respond (call.peer, invite, "200 OK", NULL,
      sip_peer_sdp (call.peer, 0, "sendrecv"));
  skip_message (call.peer, "ACK ");
  expect_bye (&call, "481 Gone");
  call_clear (&call);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  g_test_init (&argc, &argv, NULL);
  sip_agent_min_session = 1;
  g_test_add_func ("/sipcall-goodbye/refer", test_refer);
  g_test_add_func ("/sipcall-goodbye/called", test_called);
  g_test_add_func ("/sipcall-goodbye/routed", test_routed);
  g_test_add_func ("/sipcall-goodbye/info", test_info);
  g_test_add_func ("/sipcall-goodbye/hold", test_hold);
  g_test_add_func ("/sipcall-goodbye/update", test_update);
  g_test_add_func ("/sipcall-goodbye/null", test_null);
  g_test_add_func ("/sipcall-goodbye/crossing", test_crossing);
  g_test_add_func ("/sipcall-goodbye/cancel", test_cancel);
  return g_test_run ();
}
