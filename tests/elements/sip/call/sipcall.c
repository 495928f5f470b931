/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whole lines against a scripted peer, over loopback. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gst/gst.h>

/* ---- Incoming */

static void
test_incoming (gconstpointer tcp)
{
  g_autoptr (SipPeer) peer = sip_peer_new (tcp != NULL);
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < 3; i++) {
    call_in (peer, line.port);
    skip_state (&line, "answered");
    bye (peer);
    assert_ended (&line, "peer", 0);
  }
  line_stop (&line);
}

static void
test_stop_sends_bye (gconstpointer tcp)
{
  g_autoptr (SipPeer) peer = sip_peer_new (tcp != NULL);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  line_stop (&line);
  g_autofree gchar *request = sip_peer_wait (peer, "BYE ", SOON);
  g_assert_nonnull (request);
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

/* Octets that are no UTF-8, which GstStructure would refuse with a warning. */
static void
test_foreign_text (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  sip_peer_request (peer, "BYE",
      "Reason: SIP;cause=200;text=\"gr\xfc\xdf\"\r\n", NULL);
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  const gchar *cause =
      gst_structure_get_string (gst_message_get_structure (message), "cause");
  g_assert_true (g_str_has_prefix (cause, "gr\xef\xbf\xbd"));
  line_stop (&line);
}

/* Nothing is sent to wherever a REFER's Contact says. */
static void
test_refer (gconstpointer in_dialog)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  if (in_dialog)
    call_in (peer, line.port);
  else
    sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "REFER", "Refer-To: <sip:a@192.0.2.1>\r\n", NULL);
  g_autofree gchar *answer = sip_peer_receive (peer, SOON);
  g_assert_true (g_str_has_prefix (answer, "SIP/2.0 405"));
  g_autofree gchar *more = sip_peer_wait (peer, "NOTIFY", 100);
  g_assert_null (more);
  if (in_dialog)
    bye (peer);
  line_stop (&line);
}

/* ---- Targets that the stack cannot send to: it must not come to that */

#define TIMEOUT 600 /* ms: T1x64 here */

static const struct
{
  const gchar *contact, *record_route;
} bad_targets[] = {
  { "<tel:+15>", NULL },
  { "<foo:bar>", NULL },
  { NULL, "<foo:bar;lr>" },
  { "<sip:>", NULL },
  { "<sip:x@127.0.0.1:1>, <tel:+15>", NULL },
  { "<urn:service:sos>", "<tel:1;lr>" },
};

static void
assert_alive (guint port)
{
  wait_for_line (port);
}

static void
assert_refused (SipPeer *peer, const gchar *start)
{
  g_autofree gchar *answer = sip_peer_wait (peer, "SIP/2.0 4", SOON);

  g_assert_nonnull (answer);
  g_assert_true (g_str_has_prefix (answer, start));
}

static void
test_guard_invite (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < G_N_ELEMENTS (bad_targets); i++) {
    sip_peer_set_target (peer, bad_targets[i].contact,
        bad_targets[i].record_route);
    sip_peer_begin (peer, "anybody", line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    assert_refused (peer, "SIP/2.0 400");
  }
  g_usleep (2 * TIMEOUT * 1000);
  assert_alive (line.port);
  line_stop (&line);
}

/* A good call whose target is then changed for a bad one, and never ACKed. */
static void
test_guard_change (gconstpointer method)
{
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < G_N_ELEMENTS (bad_targets); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    call_in (peer, line.port);
    skip_state (&line, "answered");
    sip_peer_set_target (peer, bad_targets[i].contact,
        bad_targets[i].record_route);
    sip_peer_request (peer, method, NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    g_free (sip_peer_wait (peer, "SIP/2.0 ", SOON));
    g_usleep (2 * TIMEOUT * 1000);
    assert_alive (line.port);
    sip_peer_set_target (peer, NULL, NULL);
    sip_peer_request (peer, "BYE", NULL, NULL);
    g_free (sip_peer_wait (peer, "SIP/2.0 ", SOON));
    skip_state (&line, "ended");
  }
  line_stop (&line);
}

static void
test_guard_answer (gconstpointer status)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_targets); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    Line line;

    line_call (&line, peer, "wait");
    g_autofree gchar *invite = assert_message (peer, "INVITE ");
    sip_peer_set_target (peer, bad_targets[i].contact,
        bad_targets[i].record_route);
    sip_peer_respond (peer, invite, status, NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
    g_usleep (2 * TIMEOUT * 1000);
    skip_state (&line, "ended");
    assert_alive (line.port);
    sip_peer_set_target (peer, NULL, NULL);
    sip_peer_begin (peer, "me", line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
    line_stop (&line);
  }
}

/* The peer never confirms our 200. */
static void
test_no_ack (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  g_autofree gchar *request = assert_message (peer, "BYE ");
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
  assert_ended (&line, "network", 408);
  line_stop (&line);
}

static void
test_restart (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  guint port = free_port ();

  for (guint i = 0; i < 5; i++) {
    Line line;
    line_start_on (&line, port, WAITING);
    wait_for_line (port);
    call_in (peer, port);
    skip_state (&line, "answered");
    line_stop (&line);
    g_autofree gchar *request = sip_peer_wait (peer, "BYE ", SOON);
    g_assert_nonnull (request);
    if (i % 2) /* else it stays unanswered */
      sip_peer_respond (peer, request, "200 OK", NULL, NULL);
  }
}

static void
test_taken_port (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start_on (&line, sip_peer_get_port (peer), WAITING);
  assert_error (&line, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  line_stop (&line);
}

/* ---- Refusals */

static void
assert_invite_answer (SipPeer *peer, const gchar *user, guint port,
    const gchar *headers, const gchar *body, const gchar *expected)
{
  sip_peer_begin (peer, user, port);
  sip_peer_request (peer, "INVITE", headers, body);
  for (;;) {
    g_autofree gchar *answer = assert_message (peer, "SIP/2.0 ");
    if (g_str_has_prefix (answer, "SIP/2.0 1"))
      continue;
    if (!g_str_has_prefix (answer, expected))
      g_error ("%s and not %s", answer, expected);
    g_assert_true (!g_str_has_prefix (answer, "SIP/2.0 503") ||
        strstr (answer, "Retry-After: "));
    break;
  }
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
test_refusals (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  const gchar *g729 = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
                      "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 18\r\n";
  Line line;

  line_start (&line, "local-uri=sip:bob@127.0.0.1:PORT on-hangup=wait");
  const gchar *sdp = sip_peer_sdp (other, 0, "sendrecv");
  assert_invite_answer (other, "eve", line.port, NULL, sdp, "SIP/2.0 404");
  assert_invite_answer (other, "bob", line.port, NULL, g729, "SIP/2.0 488");
  assert_invite_answer (other, "bob", line.port, NULL, "garbage",
      "SIP/2.0 400");
  assert_invite_answer (other, "bob", line.port,
      "Content-Type: multipart/mixed;boundary=x\r\n", sdp, "SIP/2.0 415");
  sip_peer_begin (peer, "bob", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_invite_answer (other, "bob", line.port, NULL, sdp, "SIP/2.0 486");
  bye (peer);
  assert_invite_answer (other, "bob", line.port, NULL, sdp, "SIP/2.0 200");
  bye (other);
  line_stop (&line);
}

/* ---- Ringing */

#define MANUAL WAITING " answer-mode=manual"

static void
ring (SipPeer *peer, Line *line)
{
  sip_peer_begin (peer, "anybody", line->port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 180");
  skip_state (line, "ringing");
}

static void
test_manual (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, MANUAL);
  ring (peer, &line);
  emit (&line, "answer");
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  emit (&line, "hang-up");
  g_autofree gchar *request = assert_message (peer, "BYE ");
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
  assert_ended (&line, "us", 0);
  ring (peer, &line);
  emit (&line, "reject");
  skip_message (peer, "SIP/2.0 603");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_ended (&line, "us", 603);
  ring (peer, &line);
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_ended (&line, "peer", 487);
  ring (peer, &line);
  line_stop (&line);
  g_autofree gchar *refusal = sip_peer_wait (peer, "SIP/2.0 480", SOON);
  g_assert_nonnull (refusal);
}

/* Answered twice, or answered and rejected in the same moment. */
static void
test_manual_twice (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, MANUAL);
  ring (peer, &line);
  emit (&line, "answer");
  emit (&line, "answer");
  emit (&line, "reject");
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
test_ring_timeout (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, MANUAL " timers=timers,ring-timeout=100");
  ring (peer, &line);
  skip_message (peer, "SIP/2.0 480");
  assert_ended (&line, "us", 480);
  line_stop (&line);
}

static void
test_durations (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " ring-time=50 timers=timers,max-duration=100");
  ring (peer, &line);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_message (peer, "BYE ");
  assert_ended (&line, "us", 0);
  line_stop (&line);
  line_start (&line, WAITING " media-timeout=200");
  call_in (peer, line.port);
  skip_message (peer, "BYE ");
  assert_ended (&line, "network", 408);
  line_stop (&line);
}

/* ---- Within a call */

static void
assert_change (SipPeer *peer, const gchar *method, const gchar *direction,
    const gchar *expected)
{
  sip_peer_request (peer, method, NULL, sip_peer_sdp (peer, 0, direction));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, expected));
  if (g_str_equal (method, "INVITE"))
    sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
test_changes (gconstpointer method)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  assert_change (peer, method, "sendonly", "a=recvonly");
  skip_state (&line, "held");
  assert_change (peer, method, "inactive", "a=inactive");
  skip_state (&line, "changed");
  assert_change (peer, method, "sendrecv", "a=sendrecv");
  skip_state (&line, "resumed");
  sip_peer_request (peer, method, NULL, "garbage");
  skip_message (peer, "SIP/2.0 400");
  if (g_str_equal (method, "INVITE"))
    sip_peer_request (peer, "ACK", NULL, NULL);
  sip_peer_request (peer, "UPDATE", NULL, NULL);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_null (strstr (answer, "m=audio"));
  sip_peer_request (peer, "INFO", "Content-Type: application/dtmf-relay\r\n",
      "Signal=5\r\nDuration=160\r\n");
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "INFO", "Content-Type: text/plain\r\n", "x");
  skip_message (peer, "SIP/2.0 415");
  sip_peer_request (peer, "OPTIONS", NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* The phone holds and sends no audio: it may do so for ever. */
static void
test_hold (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " media-timeout=200");
  call_in (peer, line.port);
  assert_change (peer, "INVITE", "sendonly", "a=recvonly");
  g_autofree gchar *request = sip_peer_wait (peer, "BYE ", 700);
  g_assert_null (request);
  assert_change (peer, "INVITE", "sendrecv", "a=sendrecv");
  skip_message (peer, "BYE ");
  assert_ended (&line, "network", 408);
  line_stop (&line);
}

/* The peer leaves the offer to us, and then its answer is missing. */
static void
test_late_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < 2; i++) {
    sip_peer_begin (peer, "", line.port);
    sip_peer_request (peer, "INVITE", NULL, NULL);
    g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
    g_assert_nonnull (strstr (answer, "RTP/AVP 0 8 9 101"));
    sip_peer_request (peer, "ACK", NULL,
        i == 0 ? sip_peer_sdp (peer, 8, "sendrecv") : NULL);
    if (i == 0) {
      skip_state (&line, "answered");
      bye (peer);
    } else {
      skip_message (peer, "BYE ");
    }
    skip_state (&line, "ended");
  }
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sipcall/incoming/udp", NULL, test_incoming);
  g_test_add_data_func ("/sipcall/incoming/tcp", "", test_incoming);
  g_test_add_data_func ("/sipcall/stop/udp", NULL, test_stop_sends_bye);
  g_test_add_data_func ("/sipcall/stop/tcp", "", test_stop_sends_bye);
  g_test_add_func ("/sipcall/foreign-text", test_foreign_text);
  g_test_add_data_func ("/sipcall/refer/outside", NULL, test_refer);
  g_test_add_data_func ("/sipcall/refer/in-call", "", test_refer);
  g_test_add_func ("/sipcall/no-ack", test_no_ack);
  g_test_add_func ("/sipcall/guard/invite", test_guard_invite);
  g_test_add_data_func ("/sipcall/guard/re-invite", "INVITE",
      test_guard_change);
  g_test_add_data_func ("/sipcall/guard/update", "UPDATE", test_guard_change);
  g_test_add_data_func ("/sipcall/guard/180", "180 Ringing", test_guard_answer);
  g_test_add_data_func ("/sipcall/guard/183", "183 Progress",
      test_guard_answer);
  g_test_add_data_func ("/sipcall/guard/200", "200 OK", test_guard_answer);
  g_test_add_func ("/sipcall/restart", test_restart);
  g_test_add_func ("/sipcall/taken-port", test_taken_port);
  g_test_add_func ("/sipcall/refusals", test_refusals);
  g_test_add_func ("/sipcall/manual/all", test_manual);
  g_test_add_func ("/sipcall/manual/twice", test_manual_twice);
  g_test_add_func ("/sipcall/ring-timeout", test_ring_timeout);
  g_test_add_func ("/sipcall/durations", test_durations);
  g_test_add_func ("/sipcall/hold", test_hold);
  g_test_add_func ("/sipcall/late-offer", test_late_offer);
  g_test_add_data_func ("/sipcall/change/re-invite", "INVITE", test_changes);
  g_test_add_data_func ("/sipcall/change/update", "UPDATE", test_changes);
  return g_test_run ();
}
