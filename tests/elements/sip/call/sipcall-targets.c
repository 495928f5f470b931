/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end that says in the middle of a call that it is reached where nothing can be sent
 * (<tel:+15>): the stack takes it over before anybody can refuse it, and a request of ours
 * would make it recurse without end. Whatever said so, the call ends, our BYE goes where the
 * far end is, and the next call is a good one. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define TIMEOUT 500 /* ms, T1x64 */
#define BAD "<tel:+15>"
#define UPDATES "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n"
#define TIMER(refresher) \
  "Supported: timer\r\nSession-Expires: 3;refresher=" refresher "\r\n"

static void
ends_well (Line *line)
{
  g_autoptr (SipPeer) next = sip_peer_new (FALSE);

  skip_state (line, "ended");
  g_usleep (2 * TIMEOUT * 1000); /* whatever still waits has been given up */
  call_in (next, line->port);
  bye (next);
  line_stop (line);
}

/* @method of the far end, in a call that it has confirmed or not. */
static void
test_request (const gchar *method, gboolean confirmed)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  sip_peer_begin (peer, "bob", line.port);
  sip_peer_request (peer, "INVITE", UPDATES TIMER ("uas"),
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  if (confirmed)
    sip_peer_request (peer, "ACK", NULL, NULL);
  sip_peer_set_target (peer, BAD, NULL);
  sip_peer_request (peer, method, NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 400");
  if (!strcmp (method, "INVITE"))
    sip_peer_request (peer, "ACK", NULL, NULL);
  ends_well (&line);
}

static void
test_requests (void)
{
  test_request ("UPDATE", TRUE);
  test_request ("UPDATE", FALSE);
  test_request ("INVITE", TRUE);
}

static void
begin (Line *line, SipPeer *peer, const gchar *headers)
{
  line_start (line, WAITING);
  sip_peer_begin (peer, "bob", line->port);
  sip_peer_request (peer, "INVITE", headers,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (line, "answered");
}

/* The answer to @method, by which we refresh the session. */
static void
test_refresh (const gchar *headers, const gchar *method)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *start = g_strconcat (method, " ", NULL);
  Line line;

  begin (&line, peer, headers);
  g_autofree gchar *refresh = assert_message (peer, start);
  sip_peer_set_target (peer, BAD, NULL);
  sip_peer_respond (peer, refresh, "200 OK", TIMER ("uas"),
      strcmp (method, "INVITE") ? NULL : sip_peer_sdp (peer, 0, "sendrecv"));
  ends_well (&line);
}

static void
test_refreshes (void)
{
  test_refresh (UPDATES TIMER ("uas"), "UPDATE");
  test_refresh ("Allow: INVITE, ACK, BYE, CANCEL\r\n" TIMER ("uas"), "INVITE");
}

static void
test_hold (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  begin (&line, peer, NULL);
  g_assert_true (emit (&line, "hold"));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_set_target (peer, BAD, NULL);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "recvonly"));
  ends_well (&line);
}

static void
test_transfer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  gboolean taken;
  Line line;

  begin (&line, peer, "Allow: INVITE, ACK, BYE, CANCEL, REFER\r\n");
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  g_signal_emit_by_name (src, "transfer", "sip:sales@127.0.0.1:9", &taken);
  g_autofree gchar *refer = assert_message (peer, "REFER ");
  sip_peer_set_target (peer, BAD, NULL);
  sip_peer_respond (peer, refer, "202 Accepted", NULL, NULL);
  ends_well (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  sip_agent_min_session = 2;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-targets/requests", test_requests);
  g_test_add_func ("/sipcall-targets/refreshes", test_refreshes);
  g_test_add_func ("/sipcall-targets/hold", test_hold);
  g_test_add_func ("/sipcall-targets/transfer", test_transfer);
  return g_test_run ();
}
