/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Session timers (RFC 4028) against a scripted peer over loopback: either side refreshes,
 * by UPDATE where the other allows it, and nobody does. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define UPDATES "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n"
#define TIMER(refresher) \
  "Supported: timer\r\nRequire: timer\r\n" \
  "Session-Expires: 3;refresher=" refresher "\r\n"

/* Our call, answered with @headers. */
static void
call_out (Line *line, SipPeer *peer, const gchar *headers)
{
  line_call (line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *supported = sip_peer_header (invite, "Supported");
  g_autofree gchar *wanted = sip_peer_header (invite, "Session-Expires");
  g_assert_nonnull (strstr (supported, "timer"));
  g_assert_nonnull (wanted);
  sip_peer_respond (peer, invite, "200 OK", headers,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  skip_state (line, "answered");
}

static void
hang_up (Line *line, SipPeer *peer)
{
  g_assert_true (emit (line, "hang-up"));
  g_autofree gchar *over = assert_message (peer, "BYE ");
  sip_peer_respond (peer, over, "200 OK", NULL, NULL);
  assert_ended (line, "us", 0);
  line_stop (line);
}

/* We called and refresh: no SDP, again and again, and nobody is told. */
static void
test_ours (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_out (&line, peer, UPDATES TIMER ("uac"));
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *refresh = assert_message (peer, "UPDATE ");
    g_autofree gchar *expires = sip_peer_header (refresh, "Session-Expires");
    g_assert_cmpstr (expires, ==, "3;refresher=uac");
    g_assert_null (strstr (refresh, "m=audio"));
    sip_peer_respond (peer, refresh, "200 OK", TIMER ("uac"), NULL);
  }
  hang_up (&line, peer);
}

/* Who does not allow UPDATE gets an INVITE, which has an offer. */
static void
test_invite (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_out (&line, peer, "Allow: INVITE, ACK, BYE, CANCEL\r\n" TIMER ("uac"));
  g_autofree gchar *refresh = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, refresh, "200 OK", TIMER ("uac"),
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  hang_up (&line, peer);
}

/* Nor does who allows it and refuses it, or has another request under way, lose the
 * call. */
static void
check_refused (const gchar *status)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_out (&line, peer, UPDATES TIMER ("uac"));
  g_autofree gchar *refresh = assert_message (peer, "UPDATE ");
  sip_peer_respond (peer, refresh, status, NULL, NULL);
  g_autofree gchar *again = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, again, "200 OK", TIMER ("uac"),
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  hang_up (&line, peer);
}

static void
test_refused (void)
{
  check_refused ("405 Method Not Allowed");
  check_refused ("491 Request Pending");
}

/* The far end refreshes, by UPDATE: the call outlives its time. */
static void
test_theirs (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_out (&line, peer, UPDATES TIMER ("uas"));
  for (guint i = 0; i < 4; i++) {
    g_autofree gchar *over = sip_peer_wait (peer, "BYE ", 1000);
    g_assert_null (over);
    sip_peer_request (peer, "UPDATE",
        "Supported: timer\r\nSession-Expires: 3;refresher=uac\r\n", NULL);
    g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
    g_autofree gchar *expires = sip_peer_header (answer, "Session-Expires");
    g_assert_cmpstr (expires, ==, "3;refresher=uac");
    g_assert_null (strstr (answer, "m=audio"));
  }
  hang_up (&line, peer);
}

/* It wanted to, and does not. */
static void
test_nobody (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_out (&line, peer, UPDATES TIMER ("uas"));
  g_autofree gchar *over = assert_message (peer, "BYE ");
  g_autofree gchar *reason = sip_peer_header (over, "Reason");
  g_assert_nonnull (strstr (reason, "cause=408"));
  sip_peer_respond (peer, over, "200 OK", NULL, NULL);
  assert_ended (&line, "network", 408);
  line_stop (&line);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_min_session = 1;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-timer/ours", test_ours);
  g_test_add_func ("/sipcall-timer/invite", test_invite);
  g_test_add_func ("/sipcall-timer/refused", test_refused);
  g_test_add_func ("/sipcall-timer/theirs", test_theirs);
  g_test_add_func ("/sipcall-timer/nobody", test_nobody);
  return g_test_run ();
}
