/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Before the answer, against a scripted peer over loopback: our 183 and its PRACK (RFC
 * 3262), one that never comes, a CANCEL, and those of a far end that we call. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define SPEAKS \
  "local-uri=sip:127.0.0.1:PORT on-hangup=wait answer-mode=manual " \
  "early-media=agent"
#define TIMEOUT 1500 /* ms: T1x64 here */
#define CAN "Supported: 100rel\r\n"
#define MUST "Require: 100rel\r\n"
#define SDP (sip_peer_sdp (peer, 0, "sendrecv"))

static void
invite (Line *line, SipPeer *peer, const gchar *headers, const gchar *sdp)
{
  sip_peer_begin (peer, "line", line->port);
  sip_peer_request (peer, "INVITE", headers, sdp);
}

/* The 183 with its SDP; (transfer full). */
static gchar *
expect_183 (SipPeer *peer, gboolean reliable)
{
  gchar *answer = assert_message (peer, "SIP/2.0 183");
  g_autofree gchar *require = sip_peer_header (answer, "Require");
  g_autofree gchar *rseq = sip_peer_header (answer, "RSeq");

  g_assert_nonnull (strstr (answer, "m=audio "));
  g_assert_cmpint (require && strstr (require, "100rel"), ==, reliable);
  g_assert_cmpint (rseq != NULL, ==, reliable);
  return answer;
}

static void
skip_183 (SipPeer *peer, gboolean reliable)
{
  g_free (expect_183 (peer, reliable));
}

static void
prack_with (SipPeer *peer, const gchar *answer, const gchar *headers,
    const gchar *body)
{
  g_autofree gchar *rseq = sip_peer_header (answer, "RSeq");
  g_autofree gchar *cseq = sip_peer_header (answer, "CSeq");
  g_autofree gchar *rack =
      g_strdup_printf ("RAck: %s %s\r\n%s", rseq, cseq, headers);

  sip_peer_request (peer, "PRACK", rack, body);
}

static void
prack (SipPeer *peer, const gchar *answer, const gchar *sdp)
{
  prack_with (peer, answer, "", sdp);
}

static gint
body_port (const gchar *message)
{
  const gchar *audio = strstr (message, "m=audio ");

  return audio ? atoi (audio + strlen ("m=audio ")) : 0;
}

static void
assert_early (Line *line)
{
  skip_state (line, "ringing");
  g_autoptr (GstMessage) early = expect_state (line, "early");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (early),
                       "direction"),
      ==, "incoming");
}

static void
finish (Line *line, SipPeer *peer)
{
  bye (peer);
  assert_ended (line, "peer", 0);
  line_stop (line);
}

/* The agent's word before the answer, the same SDP behind it. */
static void
check_answered (const gchar *headers, gboolean reliable)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, headers, SDP);
  g_autofree gchar *early = expect_183 (peer, reliable);
  assert_early (&line);
  if (reliable) {
    prack (peer, early, NULL);
    skip_message (peer, "SIP/2.0 200");
  }
  g_assert_true (emit (&line, "answer"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_cmpint (body_port (answer), ==, body_port (early));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  finish (&line, peer);
}

static void
test_unreliable (void)
{
  check_answered (NULL, FALSE);
}

static void
test_can (void)
{
  check_answered (CAN, TRUE);
}

static void
test_must (void)
{
  check_answered (MUST, TRUE);
}

/* Answered before the PRACK: the 200 waits for it. */
static void
test_answer_first (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  g_autofree gchar *early = expect_183 (peer, TRUE);
  assert_early (&line);
  g_assert_true (emit (&line, "answer"));
  prack (peer, early, NULL);
  g_autofree gchar *first = assert_message (peer, "SIP/2.0 200");
  g_autofree gchar *second = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (first, " PRACK\r\n"));
  g_assert_nonnull (strstr (second, " INVITE\r\n"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  finish (&line, peer);
}

/* Another offer in the PRACK. */
static void
test_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  g_autofree gchar *early = expect_183 (peer, TRUE);
  prack (peer, early, sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "RTP/AVP 8"));
  g_assert_true (emit (&line, "answer"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  finish (&line, peer);
}

/* Another offer in the PRACK that is refused: it has been heard all the same. */
static void
check_refused_offer (const gchar *type, const gchar *body, const gchar *status)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  g_autofree gchar *early = expect_183 (peer, TRUE);
  assert_early (&line);
  g_assert_true (emit (&line, "answer"));
  prack_with (peer, early, type,
      body ? body : sip_peer_sdp (peer, 3, "sendrecv"));
  skip_message (peer, status);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, " INVITE\r\n"));
  g_assert_cmpint (body_port (answer), ==, body_port (early));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  finish (&line, peer);
}

static void
test_refused_offer (void)
{
  check_refused_offer ("", NULL, "SIP/2.0 488");
  check_refused_offer ("Content-Type: text/plain\r\n", "hello", "SIP/2.0 415");
}

/* RFC 3311 5.2: another offer in an UPDATE, once the 183 is confirmed. */
static void
test_update (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  g_autofree gchar *early = expect_183 (peer, TRUE);
  sip_peer_request (peer, "UPDATE", NULL, sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *refusal = assert_message (peer, "SIP/2.0 500");
  g_autofree gchar *again = sip_peer_header (refusal, "Retry-After");
  g_assert_nonnull (again);
  prack (peer, early, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "UPDATE", NULL, sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *changed = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (changed, " UPDATE\r\n"));
  g_assert_nonnull (strstr (changed, "RTP/AVP 8"));
  g_assert_true (emit (&line, "answer"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "RTP/AVP 8"));
  g_assert_cmpint (body_port (answer), ==, body_port (early));
  sip_peer_request (peer, "ACK", NULL, NULL);
  finish (&line, peer);
}

static void
test_no_prack (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  skip_183 (peer, TRUE);
  skip_message (peer, "SIP/2.0 183"); /* again */
  skip_message (peer, "SIP/2.0 5");
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autoptr (GstMessage) ended = expect_state (&line, "ended");
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (ended),
                  "cause"),
          "PRACK"));
  invite (&line, peer, NULL, SDP); /* the line is free */
  skip_183 (peer, FALSE);
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  line_stop (&line);
}

static void
check_cancel (gboolean confirmed)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, CAN, SDP);
  g_autofree gchar *early = expect_183 (peer, TRUE);
  assert_early (&line);
  if (confirmed) {
    prack (peer, early, NULL);
    skip_message (peer, "SIP/2.0 200");
  }
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_ended (&line, "peer", 487);
  line_stop (&line);
}

static void
test_cancel (void)
{
  check_cancel (TRUE);
  check_cancel (FALSE);
}

/* The agent has said all, and hangs up: the call never was answered. */
static void
test_hang_up (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, NULL, SDP);
  skip_183 (peer, FALSE);
  assert_early (&line);
  g_assert_true (emit (&line, "hang-up"));
  skip_message (peer, "SIP/2.0 480");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_ended (&line, "us", 0);
  line_stop (&line);
}

/* Nothing to answer yet: it rings. */
static void
test_late_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, SPEAKS);
  invite (&line, peer, NULL, NULL);
  skip_message (peer, "SIP/2.0 180");
  skip_state (&line, "ringing");
  g_assert_true (emit (&line, "answer"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_cmpint (body_port (answer), >, 0);
  sip_peer_request (peer, "ACK", NULL, SDP);
  skip_state (&line, "answered");
  finish (&line, peer);
}

/* A phone that rings may want a PRACK for that, too. */
static void
test_reliable_ringing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " answer-mode=manual");
  invite (&line, peer, MUST, SDP);
  g_autofree gchar *ringing = assert_message (peer, "SIP/2.0 180");
  g_autofree gchar *rseq = sip_peer_header (ringing, "RSeq");
  g_assert_nonnull (rseq);
  prack (peer, ringing, NULL);
  skip_message (peer, "SIP/2.0 200");
  g_assert_true (emit (&line, "answer"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  finish (&line, peer);
}

/* We call; the answer comes reliably before the 200, which has none. */
static void
test_outgoing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *supported = sip_peer_header (invite, "Supported");
  g_assert_nonnull (strstr (supported, "100rel"));
  sip_peer_respond (peer, invite, "183 Session Progress",
      "Require: 100rel\r\nRSeq: 7\r\n", SDP);
  g_autofree gchar *confirmed = assert_message (peer, "PRACK ");
  g_autofree gchar *rack = sip_peer_header (confirmed, "RAck");
  g_assert_true (g_str_has_prefix (rack, "7 "));
  sip_peer_respond (peer, confirmed, "200 OK", NULL, NULL);
  skip_state (&line, "early");
  sip_peer_respond (peer, invite, "200 OK", NULL, NULL);
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  g_assert_true (emit (&line, "hang-up"));
  g_autofree gchar *over = assert_message (peer, "BYE ");
  sip_peer_respond (peer, over, "200 OK", NULL, NULL);
  line_stop (&line);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall/early/unreliable", test_unreliable);
  g_test_add_func ("/sipcall/early/can", test_can);
  g_test_add_func ("/sipcall/early/must", test_must);
  g_test_add_func ("/sipcall/early/answer-first", test_answer_first);
  g_test_add_func ("/sipcall/early/offer", test_offer);
  g_test_add_func ("/sipcall/early/refused-offer", test_refused_offer);
  g_test_add_func ("/sipcall/early/update", test_update);
  g_test_add_func ("/sipcall/early/no-prack", test_no_prack);
  g_test_add_func ("/sipcall/early/cancel", test_cancel);
  g_test_add_func ("/sipcall/early/hang-up", test_hang_up);
  g_test_add_func ("/sipcall/early/late-offer", test_late_offer);
  g_test_add_func ("/sipcall/early/reliable-ringing", test_reliable_ringing);
  g_test_add_func ("/sipcall/early/outgoing", test_outgoing);
  return g_test_run ();
}
