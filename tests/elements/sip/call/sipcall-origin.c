/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What networks say of a caller, and whether that counts, against a scripted peer over
 * loopback; and what we say ourselves. */

#include "sip/gstsip.h"

#include "mock/sipline.h"

#include <string.h>

#define SAID \
  "P-Asserted-Identity: \"Joan\" " \
  "<tel:+4930123;verstat=TN-Validation-Passed-A>\r\n" \
  "Diversion: <sip:sales@pbx.example>;reason=no-answer\r\n" \
  "User-to-User: 7469636b65743d3432;encoding=hex\r\n" \
  "Identity: eyJhbGciOiJFUzI1NiIs\r\nX-Ticket: 42\r\n"

static void
assert_fact (const GstStructure *s, const gchar *field, const gchar *text)
{
  g_assert_cmpstr (gst_structure_get_string (s, field), ==, text);
}

static void
assert_flag (const GstStructure *s, const gchar *field, gboolean flag)
{
  gboolean found = !flag;

  g_assert_true (gst_structure_get_boolean (s, field, &found));
  g_assert_cmpint (found, ==, flag);
}

static const GstStructure *
get_origin (GstMessage *message)
{
  const GValue *value =
      gst_structure_get_value (gst_message_get_structure (message), "origin");

  return value ? gst_value_get_structure (value) : NULL;
}

static void
call_with (Line *line, SipPeer *peer, const gchar *settings,
    const gchar *headers)
{
  line_start (line, settings);
  sip_peer_begin (peer, "line", line->port);
  sip_peer_request (peer, "INVITE", headers,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
hang_up (Line *line, SipPeer *peer)
{
  bye (peer);
  assert_ended (line, "peer", 0);
  line_stop (line);
}

static void
check_call (const gchar *settings, gboolean trusted)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_with (&line, peer, settings, SAID);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GstMessage) message =
        expect_state (&line, i ? "answered" : "ringing");
    const GstStructure *origin = get_origin (message);
    g_assert_nonnull (origin);
    assert_fact (origin, "asserted-identity", "tel:+4930123");
    assert_fact (origin, "asserted-name", "Joan");
    assert_flag (origin, "trusted", trusted);
    assert_fact (origin, "verification", trusted ? "passed" : "");
    assert_fact (origin, "attestation", trusted ? "A" : "");
    assert_flag (origin, "identity", TRUE);
    assert_fact (origin, "first-called", "sip:sales@pbx.example");
    assert_fact (origin, "diversion-reason", "no-answer");
    assert_fact (origin, "user-to-user", "ticket=42");
  }
  hang_up (&line, peer);
}

static void
test_known (void)
{
  check_call (WAITING " allow-from=127.0.0.0/8", TRUE);
}

/* Anybody can write that. */
static void
test_stranger (void)
{
  check_call (WAITING, FALSE);
}

static void
test_nothing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_with (&line, peer, WAITING, "X-Ticket: 42\r\n");
  g_autoptr (GstMessage) message = expect_state (&line, "answered");
  g_assert_null (get_origin (message));
  hang_up (&line, peer);
}

/* Of our own in an INVITE. */
static void
test_sent (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = g_strdup_printf (LINE_CALLING
      " headers=\"headers,P-Asserted-Identity=(string)\\\"<tel:+4930123>\\\","
      "X-Ticket=(string)42\"",
      sip_peer_get_port (peer), "wait");
  Line line;

  line_start (&line, settings);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *asserted = sip_peer_header (invite, "P-Asserted-Identity");
  g_autofree gchar *ticket = sip_peer_header (invite, "X-Ticket");
  g_assert_cmpstr (asserted, ==, "<tel:+4930123>");
  g_assert_cmpstr (ticket, ==, "42");
  sip_peer_respond (peer, invite, "486 Busy Here", NULL, NULL);
  line_stop (&line);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall/origin/known", test_known);
  g_test_add_func ("/sipcall/origin/stranger", test_stranger);
  g_test_add_func ("/sipcall/origin/nothing", test_nothing);
  g_test_add_func ("/sipcall/origin/sent", test_sent);
  return g_test_run ();
}
