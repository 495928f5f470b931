/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who may call a line, by the address that the call comes from. */

#include "sip/gstsip.h"
#include "sip/dialog/sipdialog.h"

#include "mock/sipline.h"

#include <gst/gst.h>

#define BOB "local-uri=sip:bob@*:PORT on-hangup=wait"

static void
invite (SipPeer *peer, Line *line, const gchar *headers, const gchar *answer)
{
  sip_peer_begin (peer, "bob", line->port);
  sip_peer_request (peer, "INVITE", headers,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, answer);
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
assert_text (GstMessage *message, const gchar *field, const gchar *text)
{
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       field),
      ==, text);
}

static void
assert_refused (Line *line)
{
  g_autoptr (GstMessage) message = expect_state (line, "refused");
  guint status = 0;

  gst_structure_get_uint (gst_message_get_structure (message), "status",
      &status);
  g_assert_cmpuint (status, ==, 403);
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (message),
                  "cause"),
          "allow-from"));
}

static void
assert_answered (Line *line, const gchar *source, const gchar *admitted)
{
  g_autoptr (GstMessage) message = expect_state (line, "answered");

  assert_text (message, "source", source);
  assert_text (message, "admitted", admitted);
}

/* Another machine, as far as the line can see. */
static SipPeer *
peer_at (const gchar *host, gboolean tcp)
{
  SipPeer *peer = sip_peer_new_at (host, tcp);

  if (!strchr (host, ':'))
    sip_peer_set_callee (peer, "127.0.0.1");
  return peer;
}

/* What a caller says of itself opens nothing. */
static void
test_udp (void)
{
  g_autoptr (SipPeer) friend = peer_at ("127.0.0.2", FALSE);
  g_autoptr (SipPeer) stranger = peer_at ("127.0.0.3", FALSE);
  Line line;

  line_start (&line, BOB " allow-from=\"192.0.2.0/24, 127.0.0.2/32\"");
  invite (stranger, &line, NULL, "SIP/2.0 403");
  assert_refused (&line);
  invite (stranger, &line,
      "X-Forwarded-For: 127.0.0.2\r\n"
      "P-Asserted-Identity: <sip:trunk@127.0.0.2>\r\n"
      "Via: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKother\r\n",
      "SIP/2.0 403");
  assert_refused (&line);
  invite (friend, &line, NULL, "SIP/2.0 200");
  assert_answered (&line, "127.0.0.2", "address");
  invite (stranger, &line, NULL, "SIP/2.0 403");
  assert_refused (&line);
  bye (friend);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
test_tcp (void)
{
  g_autoptr (SipPeer) friend = peer_at ("127.0.0.2", TRUE);
  g_autoptr (SipPeer) stranger = peer_at ("127.0.0.3", TRUE);
  Line line;

  line_start (&line, BOB " allow-from=127.0.0.2");
  invite (stranger, &line,
      "Via: SIP/2.0/TCP 127.0.0.2:5060;branch=z9hG4bKother\r\n", "SIP/2.0 403");
  assert_refused (&line);
  invite (friend, &line, NULL, "SIP/2.0 200");
  assert_answered (&line, "127.0.0.2", "address");
  bye (friend);
  line_stop (&line);
}

static void
test_ipv6 (void)
{
  g_autoptr (SipPeer) peer = peer_at ("[::1]", FALSE);
  Line line;

  line_start (&line, BOB " allow-from=2001:db8::/32,127.0.0.1");
  invite (peer, &line, NULL, "SIP/2.0 403");
  assert_refused (&line);
  line_stop (&line);
  line_start (&line, BOB " allow-from=::/127");
  invite (peer, &line, NULL, "SIP/2.0 200");
  assert_answered (&line, "::1", "address");
  bye (peer);
  line_stop (&line);
}

/* Nobody who is let in there needs to know of the line that is closed. */
static void
test_other_line (void)
{
  g_autoptr (SipPeer) friend = peer_at ("127.0.0.2", FALSE);
  g_autoptr (SipPeer) stranger = peer_at ("127.0.0.3", FALSE);
  Line trunk, open;

  line_start (&trunk, BOB " allow-from=127.0.0.2");
  line_start_on (&open, trunk.port, "local-uri=sip:*:PORT on-hangup=wait");
  wait_for_line (trunk.port);
  invite (friend, &trunk, NULL, "SIP/2.0 200");
  assert_answered (&trunk, "127.0.0.2", "address");
  invite (stranger, &open, NULL, "SIP/2.0 200");
  assert_answered (&open, "127.0.0.3", "");
  bye (friend);
  bye (stranger);
  line_stop (&open);
  line_stop (&trunk);
}

/* Who may not have the line does not wait for it either. */
static void
test_waiting (void)
{
  g_autoptr (SipPeer) friend = peer_at ("127.0.0.2", FALSE);
  g_autoptr (SipPeer) second = peer_at ("127.0.0.2", FALSE);
  g_autoptr (SipPeer) stranger = peer_at ("127.0.0.3", FALSE);
  Line line;

  line_start (&line, BOB " allow-from=127.0.0.2 timers=timers,busy-wait=30000");
  invite (friend, &line, NULL, "SIP/2.0 200");
  skip_state (&line, "answered");
  invite (stranger, &line, NULL, "SIP/2.0 403");
  sip_peer_begin (second, "bob", line.port);
  sip_peer_request (second, "INVITE", NULL,
      sip_peer_sdp (second, 0, "sendrecv"));
  skip_message (second, "SIP/2.0 100");
  bye (friend);
  skip_message (second, "SIP/2.0 200");
  sip_peer_request (second, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (second);
  line_stop (&line);
}

/* An outgoing call needs no leave, and has no source. */
static void
test_outgoing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings =
      g_strdup_printf (LINE_CALLING " allow-from=192.0.2.1",
          sip_peer_get_port (peer), "wait");
  Line line;

  line_start (&line, settings);
  g_autofree gchar *request = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, request, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  assert_answered (&line, "", "");
  line_stop (&line);
}

static void
test_wrong (void)
{
  static const gchar *const wrong[] = { "", "trunk.example", "192.0.2.1/33" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GstElement) src =
        gst_object_ref_sink (gst_element_factory_make ("sipsrc", NULL));
    g_autoptr (GstBus) bus = gst_bus_new ();
    gst_element_set_bus (src, bus);
    g_object_set (src, "allow-from", wrong[i], NULL);
    g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
        GST_STATE_CHANGE_FAILURE);
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    g_autoptr (GError) error = NULL;
    gst_message_parse_error (message, &error, NULL);
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, "allow-from"));
    gst_element_set_state (src, GST_STATE_NULL);
    gst_element_set_bus (src, NULL);
  }
}

/* Who called is not there: another one may have the line, long before the stack gives
 * its answer up. */
static void
test_no_ack (void)
{
  g_autoptr (SipPeer) forged = sip_peer_new (FALSE);
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  sip_dialog_ack_wait = 300;
  line_start (&line, WAITING " media-timeout=0");
  sip_peer_begin (forged, "bob", line.port);
  sip_peer_request (forged, "INVITE", NULL,
      sip_peer_sdp (forged, 0, "sendrecv"));
  skip_message (forged, "SIP/2.0 200");
  assert_ended (&line, "network", 408);
  sip_dialog_ack_wait = SOON;
  invite (peer, &line, NULL, "SIP/2.0 200");
  skip_state (&line, "answered");
  /* Its ACK comes after all, and is no call any more. */
  sip_peer_request (forged, "ACK", NULL, NULL);
  g_autofree gchar *end = assert_message (forged, "BYE ");
  sip_peer_respond (forged, end, "200 OK", NULL, NULL);
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-allow/udp", test_udp);
  g_test_add_func ("/sipcall-allow/tcp", test_tcp);
  g_test_add_func ("/sipcall-allow/ipv6", test_ipv6);
  g_test_add_func ("/sipcall-allow/other-line", test_other_line);
  g_test_add_func ("/sipcall-allow/waiting", test_waiting);
  g_test_add_func ("/sipcall-allow/outgoing", test_outgoing);
  g_test_add_func ("/sipcall-allow/wrong", test_wrong);
  g_test_add_func ("/sipcall-allow/no-ack", test_no_ack);
  return g_test_run ();
}
