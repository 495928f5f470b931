/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Lines that call a scripted peer, over loopback, and what the far end's addresses
 * mean for either direction. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gst/gst.h>

#define TIMEOUT 600 /* ms: T1x64 here */

static const struct
{
  const gchar *answer;
  guint status;
  gboolean stream_error;
  gint code;
} refusals[] = {
  { "486 Busy Here", 486, FALSE, GST_RESOURCE_ERROR_BUSY },
  { "404 Not Found", 404, FALSE, GST_RESOURCE_ERROR_NOT_FOUND },
  { "603 Decline", 603, FALSE, GST_RESOURCE_ERROR_OPEN_READ_WRITE },
  { "302 Moved", 302, FALSE, GST_RESOURCE_ERROR_OPEN_READ_WRITE },
  { "401 Unauthorized", 401, FALSE, GST_RESOURCE_ERROR_NOT_AUTHORIZED },
  { "407 Proxy", 407, FALSE, GST_RESOURCE_ERROR_NOT_AUTHORIZED },
  { "488 No", 488, TRUE, GST_STREAM_ERROR_CODEC_NOT_FOUND },
  { "500 Oops", 500, FALSE, GST_RESOURCE_ERROR_OPEN_READ_WRITE },
  { "699 Odd", 699, FALSE, GST_RESOURCE_ERROR_OPEN_READ_WRITE },
};

static void
test_outgoing_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    Line line;

    line_call (&line, peer, "eos");
    g_autofree gchar *invite = assert_message (peer, "INVITE ");
    sip_peer_respond (peer, invite, refusals[i].answer,
        i == 4 ? "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n" : NULL,
        NULL);
    skip_message (peer, "ACK ");
    assert_ended (&line, "peer", refusals[i].status);
    assert_error (&line,
        refusals[i].stream_error ? GST_STREAM_ERROR : GST_RESOURCE_ERROR,
        refusals[i].code);
    g_assert_null (sip_peer_wait (peer, "INVITE ", 50));
    line_stop (&line);
  }
}

static void
answer_call (SipPeer *peer)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, "180 Ringing", NULL, NULL);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 8, "sendrecv"));
  skip_message (peer, "ACK ");
}

static void
test_outgoing_answered (gconstpointer by_peer)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  answer_call (peer);
  skip_state (&line, "calling");
  skip_state (&line, "ringing");
  skip_state (&line, "answered");
  if (by_peer) {
    bye (peer);
    assert_ended (&line, "peer", 0);
  } else {
    line_stop (&line);
    g_autofree gchar *request = sip_peer_wait (peer, "BYE ", SOON);
    g_assert_nonnull (request);
    sip_peer_respond (peer, request, "200 OK", NULL, NULL);
    return;
  }
  line_stop (&line);
}

/* What we ask within the dialog goes to the Contact of the answer. */
static void
test_outgoing_contact (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  g_autofree gchar *contact =
      g_strdup_printf ("<sip:other@127.0.0.1:%u>", sip_peer_get_port (other));
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_set_target (peer, contact, NULL);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (other, "ACK sip:other@");
  line_stop (&line);
  g_autofree gchar *request = assert_message (other, "BYE sip:other@");
  sip_peer_respond (other, request, "200 OK", NULL, NULL);
}

/* A name in Contact is not for the stack, which cannot look up this one. */
static void
test_contact_name (gconstpointer outgoing)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *contact =
      g_strdup_printf ("<sip:me@localhost:%u>", sip_peer_get_port (peer));
  Line line;

  sip_peer_set_target (peer, contact, NULL);
  if (outgoing) {
    line_call (&line, peer, "wait");
    answer_call (peer);
  } else {
    line_start (&line, WAITING);
    call_in (peer, line.port);
  }
  skip_state (&line, "answered");
  line_stop (&line);
  g_autofree gchar *request =
      sip_peer_wait (peer, "BYE sip:me@localhost", SOON);
  g_assert_nonnull (request);
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

/* A proxy that recorded itself sees the whole call (RFC 3261 12.2.1.1). */
static void
test_route (gconstpointer outgoing)
{
  g_autoptr (SipPeer) proxy = sip_peer_new (FALSE);
  g_autofree gchar *route =
      g_strdup_printf ("<sip:127.0.0.1:%u;lr>", sip_peer_get_port (proxy));
  Line line;

  sip_peer_set_target (proxy, "<sip:far@127.0.0.1:9>", route);
  if (outgoing) {
    line_call (&line, proxy, "wait");
    answer_call (proxy);
  } else {
    line_start (&line, WAITING);
    call_in (proxy, line.port);
  }
  skip_state (&line, "answered");
  line_stop (&line);
  g_autofree gchar *request = sip_peer_wait (proxy, "BYE sip:far@", SOON);
  g_assert_nonnull (request);
  g_autofree gchar *header = sip_peer_header (request, "Route");
  g_assert_cmpstr (header, ==, route);
  sip_peer_respond (proxy, request, "200 OK", NULL, NULL);
}

static void
test_outgoing_stop (gconstpointer ringing)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, ringing ? "180 Ringing" : "100 Trying", NULL,
      NULL);
  skip_state (&line, ringing ? "ringing" : "calling");
  g_usleep (20000);
  line_stop (&line);
  g_autofree gchar *cancel = sip_peer_wait (peer, "CANCEL ", SOON);
  g_assert_nonnull (cancel);
  sip_peer_respond (peer, cancel, "200 OK", NULL, NULL);
  sip_peer_respond (peer, invite, "487 Cancelled", NULL, NULL);
  skip_message (peer, "ACK ");
}

static void
test_outgoing_no_answer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings =
      g_strdup_printf (LINE_CALLING " timers=timers,ring-timeout=200",
          sip_peer_get_port (peer), "eos");
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "180 Ringing", NULL, NULL);
  g_autofree gchar *cancel = assert_message (peer, "CANCEL ");
  sip_peer_respond (peer, cancel, "200 OK", NULL, NULL);
  sip_peer_respond (peer, invite, "487 Cancelled", NULL, NULL);
  assert_ended (&line, "us", 408);
  assert_error (&line, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE);
  line_stop (&line);
}

/* The answer crosses our CANCEL. */
static void
test_outgoing_late_answer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "180 Ringing", NULL, NULL);
  skip_state (&line, "ringing");
  line_stop (&line);
  g_autofree gchar *cancel = assert_message (peer, "CANCEL ");
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  sip_peer_respond (peer, cancel, "481 Too late", NULL, NULL);
  skip_message (peer, "ACK ");
  g_autofree gchar *request = assert_message (peer, "BYE ");
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

static void
test_outgoing_nobody (gconstpointer uri)
{
  g_autofree gchar *settings =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT on-hangup=eos uri=%s",
          (gchar *) uri);
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autoptr (GstMessage) message =
      gst_bus_timed_pop_filtered (line.bus, 5 * GST_SECOND, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  line_stop (&line);
}

static void
test_outgoing_localhost (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sip:you@localhost:%u",
          sip_peer_get_port (peer));
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autofree gchar *invite = assert_message (peer, "INVITE sip:you@localhost");
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

static void
test_outgoing_tcp (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  g_autofree gchar *settings =
      g_strdup_printf ("local-uri=sip:me@127.0.0.1:PORT "
                       "uri=sip:you@127.0.0.1:%u;transport=tcp on-hangup=wait",
          sip_peer_get_port (peer));
  Line line;

  line_start_on (&line, free_port (), settings);
  answer_call (peer);
  skip_state (&line, "answered");
  line_stop (&line);
  g_autofree gchar *request = sip_peer_wait (peer, "BYE ", SOON);
  g_assert_nonnull (request);
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

static const struct
{
  const gchar *user, *parameters;
  gboolean tcp;
} transports[] = {
  { "you", ";transport=udp", FALSE },
  { "you", ";Transport=UDP", FALSE },
  { "you", ";transport=TCP", TRUE },
  { "you", ";x=1;Transport=Tcp;y", TRUE },
  { "transport=tcp", "", FALSE },
  { "you", ";x-transport=tcp", FALSE },
  { "you", ";transport=sctp", FALSE },
};

static void
test_outgoing_transport (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (transports); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (transports[i].tcp);
    g_autofree gchar *settings = g_strdup_printf (
        "local-uri=sip:127.0.0.1:PORT uri=\"sip:%s@127.0.0.1:%u%s\"",
        transports[i].user, sip_peer_get_port (peer), transports[i].parameters);
    Line line;

    g_test_message ("%s", settings);
    line_start_on (&line, free_port (), settings);
    g_autofree gchar *invite = assert_message (peer, "INVITE ");
    g_assert_nonnull (strstr (invite,
        transports[i].tcp ? "Via: SIP/2.0/TCP" : "Via: SIP/2.0/UDP"));
    sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
    assert_ended (&line, "peer", 486);
    line_stop (&line);
  }
}

/* A provisional answer that wants to be confirmed. */
static void
test_reliable_183 (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *supported = sip_peer_header (invite, "Supported");
  if (strstr (supported, "100rel")) {
    sip_peer_respond (peer, invite, "183 Progress",
        "Require: 100rel\r\nRSeq: 1\r\n", sip_peer_sdp (peer, 0, "sendrecv"));
    g_autofree gchar *prack = assert_message (peer, "PRACK ");
    sip_peer_respond (peer, prack, "200 OK", NULL, NULL);
    skip_state (&line, "early");
  }
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
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
  g_test_add_func ("/sipcall-outgoing/refused", test_outgoing_refused);
  g_test_add_data_func ("/sipcall-outgoing/hang-up", NULL,
      test_outgoing_answered);
  g_test_add_data_func ("/sipcall-outgoing/answered", "",
      test_outgoing_answered);
  g_test_add_func ("/sipcall-outgoing/contact", test_outgoing_contact);
  g_test_add_data_func ("/sipcall-outgoing/name", "", test_contact_name);
  g_test_add_data_func ("/sipcall-outgoing/incoming/name", NULL,
      test_contact_name);
  g_test_add_data_func ("/sipcall-outgoing/route", "", test_route);
  g_test_add_data_func ("/sipcall-outgoing/incoming/route", NULL, test_route);
  g_test_add_data_func ("/sipcall-outgoing/stop-calling", NULL,
      test_outgoing_stop);
  g_test_add_data_func ("/sipcall-outgoing/stop-ringing", "",
      test_outgoing_stop);
  g_test_add_func ("/sipcall-outgoing/no-answer", test_outgoing_no_answer);
  g_test_add_func ("/sipcall-outgoing/late-answer", test_outgoing_late_answer);
  g_test_add_data_func ("/sipcall-outgoing/unreachable", "sip:you@127.0.0.1:9",
      test_outgoing_nobody);
  g_test_add_data_func ("/sipcall-outgoing/unreachable-tcp",
      "sip:you@127.0.0.1:9;transport=tcp", test_outgoing_nobody);
  g_test_add_data_func ("/sipcall-outgoing/unknown",
      "sip:you@nonexistent.invalid", test_outgoing_nobody);
  g_test_add_func ("/sipcall-outgoing/localhost", test_outgoing_localhost);
  g_test_add_func ("/sipcall-outgoing/tcp", test_outgoing_tcp);
  g_test_add_func ("/sipcall-outgoing/transport", test_outgoing_transport);
  g_test_add_func ("/sipcall-outgoing/reliable-183", test_reliable_183);
  return g_test_run ();
}
