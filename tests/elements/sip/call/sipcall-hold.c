/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Hold by our side, and by both, against a scripted peer over loopback. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */
#define TIMER \
  "Allow: INVITE, ACK, BYE, CANCEL\r\nSupported: timer\r\n" \
  "Require: timer\r\nSession-Expires: 3;refresher=uac\r\n"

static void
assert_direction (const gchar *message, const gchar *direction)
{
  g_autofree gchar *line = g_strdup_printf ("a=%s\r\n", direction);

  if (!strstr (message, line))
    g_error ("no %s in %s", direction, message);
}

static void
assert_hold (Line *line, const gchar *state, const gchar *by)
{
  g_autoptr (GstMessage) message = expect_state (line, state);

  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "by"),
      ==, by);
}

static void
call_up (Line *line, SipPeer *peer)
{
  line_start (line, WAITING);
  call_in (peer, line->port);
  skip_state (line, "answered");
}

/* Our re-INVITE offers @direction, and is answered with @answer. */
static void
agree (SipPeer *peer, const gchar *direction, const gchar *answer, guint codec)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  assert_direction (invite, direction);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, codec, answer));
  skip_message (peer, "ACK ");
}

static void
hold (Line *line, SipPeer *peer, guint codec)
{
  g_assert_true (emit (line, "hold"));
  agree (peer, "sendonly", "recvonly", codec);
  assert_hold (line, "held", "us");
}

static void
resume (Line *line, SipPeer *peer, guint codec)
{
  g_assert_true (emit (line, "resume"));
  agree (peer, "sendrecv", "sendrecv", codec);
  assert_hold (line, "resumed", "us");
}

/* Their re-INVITE offers @direction, and we answer with @answer. */
static void
they_offer (SipPeer *peer, const gchar *direction, const gchar *answer)
{
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, direction));
  g_autofree gchar *response = assert_message (peer, "SIP/2.0 200");
  assert_direction (response, answer);
  sip_peer_request (peer, "ACK", NULL, NULL);
}

/* Twice in a row, and the codec changes meanwhile. */
static void
test_hold (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer);
  hold (&line, peer, 0);
  resume (&line, peer, 8);
  hold (&line, peer, 8);
  resume (&line, peer, 0);
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* Who has put us on hold, too, has to take us back, too. */
static void
test_both (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer);
  hold (&line, peer, 0);
  they_offer (peer, "sendonly", "inactive");
  g_assert_true (emit (&line, "resume"));
  agree (peer, "sendrecv", "sendonly", 0);
  they_offer (peer, "sendrecv", "sendrecv");
  assert_hold (&line, "resumed", "peer"); /* the only one */
  they_offer (peer, "sendonly", "recvonly");
  assert_hold (&line, "held", "peer");
  they_offer (peer, "sendrecv", "sendrecv");
  assert_hold (&line, "resumed", "peer");
  line_stop (&line);
}

/* What they offer while we hold, as a refresh, takes nobody back. */
static void
test_refresh (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer);
  hold (&line, peer, 0);
  they_offer (peer, "sendrecv", "sendonly");
  resume (&line, peer, 0);
  line_stop (&line);
}

static void
test_refused (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (GError) error = NULL;
  Line line;

  call_up (&line, peer);
  g_assert_true (emit (&line, "hold"));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "488 Not Acceptable Here", NULL, NULL);
  skip_message (peer, "ACK ");
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_nonnull (strstr (error->message, "488"));
  they_offer (peer, "sendrecv", "sendrecv"); /* it was not on hold */
  hold (&line, peer, 0);
  line_stop (&line);
}

/* RFC 3261 14.1: theirs crossed ours. */
static void
test_glare (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer);
  g_assert_true (emit (&line, "hold"));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 491");
  sip_peer_request (peer, "ACK", NULL, NULL);
  sip_peer_respond (peer, invite, "491 Request Pending", NULL, NULL);
  skip_message (peer, "ACK ");
  agree (peer, "sendonly", "recvonly", 0); /* once more, at most 2 s later */
  assert_hold (&line, "held", "us");
  line_stop (&line);
}

/* Asked for anew before the far end has agreed. */
static void
test_second_thought (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer);
  g_assert_true (emit (&line, "hold"));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_assert_true (emit (&line, "resume"));
  wait_for_line (line.port); /* the SIP loop knows it */
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "recvonly"));
  skip_message (peer, "ACK ");
  agree (peer, "sendrecv", "sendrecv", 0);
  assert_hold (&line, "held", "us");
  assert_hold (&line, "resumed", "us");
  line_stop (&line);
}

/* Nothing goes either way, whoever offers. */
static void
test_inactive (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  for (guint i = 0; i < 2; i++) {
    g_assert_true (emit (&line, "hold-silently"));
    agree (peer, "inactive", "inactive", 0);
    assert_hold (&line, "held", "us");
    they_offer (peer, "sendrecv", "inactive");
    resume (&line, peer, 0);
  }
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* A far end that cannot read inactive has still no audio of ours. */
static void
test_inactive_answer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  g_assert_true (emit (&line, "hold-silently"));
  agree (peer, "inactive", "sendrecv", 0);
  assert_hold (&line, "held", "us");
  resume (&line, peer, 0);
  line_stop (&line);
}

/* The library refreshes the session by a re-INVITE of its own, again and again, in which
 * ours is not lost, whichever of them is first. */
static void
test_timer (gconstpointer mode)
{
  const gboolean crossing = mode != NULL;
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  guint held = 0;
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *first = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, first, "200 OK", TIMER,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  g_autofree gchar *refresh = assert_message (peer, "INVITE ");
  if (!crossing) { /* theirs is out: ours waits for its end */
    g_assert_true (emit (&line, "hold"));
    wait_for_line (line.port);
  }
  sip_peer_respond (peer, refresh, "200 OK", TIMER,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  if (crossing)
    g_assert_true (emit (&line, "hold"));
  while (!held) {
    g_autofree gchar *next = assert_message (peer, "INVITE ");
    held = strstr (next, "a=sendonly") != NULL;
    if (held && crossing) { /* and one of theirs comes between */
      sip_peer_request (peer, "INVITE", NULL,
          sip_peer_sdp (peer, 0, "sendrecv"));
      skip_message (peer, "SIP/2.0 491");
      sip_peer_request (peer, "ACK", NULL, NULL);
    }
    sip_peer_respond (peer, next, "200 OK", TIMER,
        sip_peer_sdp (peer, 0, held ? "recvonly" : "sendrecv"));
    skip_message (peer, "ACK ");
  }
  assert_hold (&line, "held", "us");
  /* The next refresh takes nobody back. */
  g_autofree gchar *again = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, again, "200 OK", TIMER,
      sip_peer_sdp (peer, 0, "recvonly"));
  g_autofree gchar *ack = assert_message (peer, "ACK ");
  if (strstr (ack, "m=audio"))
    assert_direction (ack, "sendonly");
  g_assert_true (emit (&line, "hang-up"));
  skip_message (peer, "BYE ");
  line_stop (&line);
}

static void
test_no_call (void)
{
  Line line;

  line_start (&line, WAITING);
  g_assert_false (emit (&line, "hold"));
  g_assert_false (emit (&line, "resume"));
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_agent_timeout = TIMEOUT;
  sip_agent_min_session = 1;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-hold/hold", test_hold);
  g_test_add_func ("/sipcall-hold/both", test_both);
  g_test_add_func ("/sipcall-hold/refresh", test_refresh);
  g_test_add_func ("/sipcall-hold/refused", test_refused);
  g_test_add_func ("/sipcall-hold/glare", test_glare);
  g_test_add_func ("/sipcall-hold/second-thought", test_second_thought);
  g_test_add_func ("/sipcall-hold/inactive", test_inactive);
  g_test_add_func ("/sipcall-hold/inactive-answer", test_inactive_answer);
  g_test_add_data_func ("/sipcall-hold/timer", NULL, test_timer);
  g_test_add_data_func ("/sipcall-hold/timer-crossing", "crossing", test_timer);
  g_test_add_func ("/sipcall-hold/no-call", test_no_call);
  return g_test_run ();
}
