/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Callers who were refused leave a trace on the bus of a line. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gst/gst.h>

#define G729 \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" \
  "m=audio 9 RTP/AVP 18\r\n"
#define AGENT "User-Agent: scripted/1.0\r\n"
#define BOB "local-uri=sip:bob@127.0.0.1:PORT on-hangup=wait"

/* @answer, and no late repetition of an earlier call's. */
static void
invite (SipPeer *peer, const gchar *user, Line *line, const gchar *headers,
    const gchar *body, const gchar *answer)
{
  sip_peer_begin (peer, user, line->port);
  sip_peer_request (peer, "INVITE", headers, body);
  g_autofree gchar *to = g_strdup_printf ("sip:%s@", user);
  for (gboolean found = FALSE; !found;) {
    g_autofree gchar *message = assert_message (peer, answer);
    g_autofree gchar *called = sip_peer_header (message, "To");
    found = strstr (called, to) != NULL;
  }
  sip_peer_request (peer, "ACK", NULL, NULL);
}

/* The next refusal on the bus has @status and a sentence with @why in it. */
static void
assert_refused (SipPeer *peer, Line *line, const gchar *user, guint status,
    const gchar *why)
{
  g_autoptr (GstMessage) message = expect_state (line, "refused");
  const GstStructure *s = gst_message_get_structure (message);
  g_autofree gchar *address =
      g_strdup_printf ("127.0.0.1:%u", sip_peer_get_port (peer));
  guint found = 0, untold = 1;

  gst_structure_get_uint (s, "status", &found);
  g_assert_cmpuint (found, ==, status);
  gst_structure_get_uint (s, "untold", &untold);
  g_assert_cmpuint (untold, ==, 0);
  g_assert_cmpstr (gst_structure_get_string (s, "direction"), ==, "incoming");
  g_assert_cmpstr (gst_structure_get_string (s, "address"), ==, address);
  g_assert_cmpstr (gst_structure_get_string (s, "transport"), ==, "udp");
  g_assert_cmpstr (gst_structure_get_string (s, "user-agent"), ==,
      "scripted/1.0");
  g_assert_nonnull (gst_structure_get_string (s, "display-name"));
  g_assert_cmpstr (gst_structure_get_string (s, "session"), ==, "default");
  g_assert_cmpstr (gst_structure_get_string (s, "line"), ==, user);
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "us");
  g_assert_true (strlen (gst_structure_get_string (s, "call-id")) > 0);
  g_assert_true (
      g_str_has_prefix (gst_structure_get_string (s, "from"), "sip:"));
  g_assert_nonnull (strstr (gst_structure_get_string (s, "to"), user));
  g_assert_nonnull (strstr (gst_structure_get_string (s, "cause"), why));
}

static void
test_each (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  Line line;

  line_start (&line, BOB);
  const gchar *sdp = sip_peer_sdp (peer, 0, "sendrecv");
  invite (peer, "eve", &line, AGENT, sdp, "SIP/2.0 404");
  assert_refused (peer, &line, "eve", 404, "no line has this name");
  invite (peer, "bob", &line, AGENT, G729, "SIP/2.0 488");
  assert_refused (peer, &line, "bob", 488, "codec");
  invite (peer, "bob", &line, AGENT, "garbage", "SIP/2.0 400");
  assert_refused (peer, &line, "bob", 400, "");
  invite (peer, "bob", &line, AGENT "Content-Type: text/plain\r\n", sdp,
      "SIP/2.0 415");
  assert_refused (peer, &line, "bob", 415, "SDP");
  invite (peer, "bob", &line,
      AGENT "Supported: timer\r\nSession-Expires: 30\r\n", sdp, "SIP/2.0 422");
  assert_refused (peer, &line, "bob", 422, "session");
  invite (other, "bob", &line, NULL, sip_peer_sdp (other, 0, "sendrecv"),
      "SIP/2.0 200");
  skip_state (&line, "answered");
  invite (peer, "bob", &line, AGENT, sip_peer_sdp (peer, 0, "sendrecv"),
      "SIP/2.0 486");
  assert_refused (peer, &line, "bob", 486, "no line is free");
  /* That did nothing to the call that is up. */
  g_autoptr (GstStructure) stats = NULL;
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  g_object_get (src, "stats", &stats, NULL);
  g_assert_cmpstr (gst_structure_get_string (stats, "state"), ==, "answered");
  bye (other);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
assert_unsupported (SipPeer *peer, const gchar *require, const gchar *body,
    const gchar *unsupported)
{
  sip_peer_request (peer, "INVITE", require, body);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 420");
  g_autofree gchar *named = sip_peer_header (answer, "Unsupported");
  g_autofree gchar *agent = sip_peer_header (answer, "User-Agent");
  g_assert_cmpstr (named, ==, unsupported);
  g_assert_true (g_str_has_prefix (agent, "gst-voice-agent"));
  sip_peer_request (peer, "ACK", NULL, NULL);
}

/* RFC 3261 8.2.2.3; the library would refuse them by itself. */
static void
test_extensions (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, BOB);
  const gchar *sdp = sip_peer_sdp (peer, 0, "sendrecv");
  sip_peer_begin (peer, "bob", line.port);
  assert_unsupported (peer,
      AGENT "Require: timer, 100rel, path\r\nRequire: foo\r\n", sdp,
      "path, foo");
  assert_refused (peer, &line, "bob", 420, "path, foo");
  /* Without a body, too. */
  sip_peer_begin (peer, "bob", line.port);
  assert_unsupported (peer, AGENT "Require: foo\r\n", NULL, "foo");
  assert_refused (peer, &line, "bob", 420, "foo");
  /* Nobody has to carry a list without end. Another peer, as answers may come again. */
  g_autoptr (SipPeer) long_winded = sip_peer_new (FALSE);
  g_autofree gchar *many = g_strnfill (2 * 30000, 'a');
  for (guint i = 1; i < 2 * 30000; i += 2)
    many[i] = ',';
  g_autofree gchar *require = g_strdup_printf ("Require: %sa\r\n", many);
  sip_peer_begin (long_winded, "bob", line.port);
  assert_unsupported (long_winded, require, NULL,
      "a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a");
  skip_state (&line, "refused");
  g_autofree gchar *name = g_strnfill (2000, 'x');
  g_autofree gchar *from = g_strdup_printf ("<sip:%s@b>", name);
  sip_peer_begin (long_winded, "bob", line.port);
  sip_peer_set_parties (long_winded, from, NULL, NULL);
  sip_peer_request (long_winded, "INVITE", NULL, sdp);
  skip_message (long_winded, "SIP/2.0 400 From Too Long");
  sip_peer_request (long_winded, "ACK", NULL, NULL);
  skip_state (&line, "refused");
  /* What is there may be required; a change that cannot be had ends no call. */
  sip_peer_begin (peer, "bob", line.port);
  invite (peer, "bob", &line, "Require: timer\r\nSession-Expires: 90\r\n", sdp,
      "SIP/2.0 200");
  skip_state (&line, "answered");
  assert_unsupported (peer, "Require: foo\r\n", sdp, "foo");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* One port range of two ports, and two lines. */
static void
test_no_ports (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  const guint port = free_port ();
  g_autofree gchar *settings =
      g_strdup_printf (BOB " rtp-port-range=%u-%u", port, port + 1);
  Line one, two;

  line_start (&one, settings);
  line_start_on (&two, one.port, settings);
  wait_for_line (one.port);
  invite (other, "bob", &one, NULL, sip_peer_sdp (other, 0, "sendrecv"),
      "SIP/2.0 200");
  skip_state (&one, "answered");
  invite (peer, "bob", &one, AGENT, sip_peer_sdp (peer, 0, "sendrecv"),
      "SIP/2.0 503");
  assert_refused (peer, &one, "bob", 503, "port");
  bye (other);
  line_stop (&two);
  line_stop (&one);
}

/* The bus of somebody who looks away does not fill: the rest is counted. */
static void
test_flood (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  gint64 began = g_get_monotonic_time ();
  guint n = 0, n_told = 0, untold = 0;
  Line line;

  line_start (&line, BOB);
  const gchar *sdp = sip_peer_sdp (peer, 0, "sendrecv");
  for (guint i = 0; i < 400; i++) {
    g_autofree gchar *user = g_strdup_printf ("eve%u", i);
    invite (peer, user, &line, AGENT, sdp, "SIP/2.0 404");
  }
  g_usleep (300000); /* three more may be told */
  invite (peer, "eve", &line, AGENT, sdp, "SIP/2.0 404");
  for (n_told = 0; n < 401; n_told++) {
    g_autoptr (GstMessage) message = expect_state (&line, "refused");
    const GstStructure *s = gst_message_get_structure (message);
    g_assert_true (gst_structure_get_uint (s, "untold", &untold));
    n += 1 + untold;
  }
  g_assert_cmpuint (n, ==, 401);
  gint64 seconds = (g_get_monotonic_time () - began) / G_TIME_SPAN_SECOND + 1;
  g_assert_cmpuint (n_told, <=, 100 + 10 * (guint) seconds);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-refused/each", test_each);
  g_test_add_func ("/sipcall-refused/extensions", test_extensions);
  g_test_add_func ("/sipcall-refused/no-ports", test_no_ports);
  g_test_add_func ("/sipcall-refused/flood", test_flood);
  return g_test_run ();
}
