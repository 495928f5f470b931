/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line with several trunks: which of them are there, as registrars and OPTIONS say, and
 * what is told of that. */

#include "trunkplace.h"

#include "sip/gstsip.h"
#include "sip/target/sipprobe.h"

#include <string.h>

static void
answer_options (SipPeer *peer, const gchar *status)
{
  g_autofree gchar *options = assert_message (peer, "OPTIONS ");

  sip_peer_respond (peer, options, status, NULL, NULL);
}

/* It does not register, and is asked. What changes is told, and that only. */
static void
test_options (void)
{
  Place place;

  place_begin (&place, "expires=0\noptions=1\nweight=1000", "expires=0");
  answer_options (place.peers[0], "503 Full");
  assert_account (&place.line, "down", "west",
      "its servers do not take OPTIONS");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[1]);
  answer_options (place.peers[0], "200 OK");
  assert_account (&place.line, "up", "west", "");
  line_stop (&place.line);
  gchar *before;
  while ((before = sip_peer_wait (place.peers[0], "OPTIONS ", 0)))
    g_free (before);
  place_start (&place, &place.line, "");
  answer_options (place.peers[0], "200 OK");
  assert_account (&place.line, "up", "west", "");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[0]);
  place_end (&place);
}

static void
answer_register (SipPeer *peer, const gchar *status, const gchar *headers)
{
  g_autofree gchar *request = assert_message (peer, "REGISTER ");

  sip_peer_respond (peer, request, status, headers, NULL);
}

/* One cannot register: a warning, not an error, and the other has the calls. */
static void
test_refused (void)
{
  Place place;

  place_begin (&place, "weight=1000", "");
  answer_register (place.peers[0], "403 Who", NULL);
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_nonnull (strstr (error->message, "Account west"));
  answer_register (place.peers[1], "200 OK", "Expires: 600\r\n");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[1]);
  gst_element_set_state (place.line.pipeline, GST_STATE_NULL);
  answer_register (place.peers[1], "200 OK", NULL);
  place_end (&place);
}

static void
test_all_refused (void)
{
  Place place;

  place_begin (&place, "", "");
  answer_register (place.peers[0], "403 Who", NULL);
  answer_register (place.peers[1], "403 Who", NULL);
  assert_error (&place.line, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  place_end (&place);
}

/* Calls in by either. */
static void
test_incoming (void)
{
  static const gchar *const users[] = { "me", "you" };
  Place place;

  place_begin (&place, "max-calls=1", "");
  for (guint i = 0; i < TRUNKS; i++)
    answer_register (place.peers[i], "200 OK", "Expires: 600\r\n");
  for (guint i = 0; i < TRUNKS; i++) {
    SipPeer *peer = place.peers[i];
    wait_for_line (place.line.port);
    sip_peer_begin (peer, users[i], place.line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
    g_autoptr (GstMessage) message = expect_state (&place.line, "answered");
    g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                   message),
                         "admitted"),
        ==, "account");
    g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                   message),
                         "trunk"),
        ==, i ? "east" : "west");
    sip_peer_request (peer, "BYE", NULL, NULL);
    assert_ended (&place.line, "peer", 0);
  }
  gst_element_set_state (place.line.pipeline, GST_STATE_NULL);
  for (guint i = 0; i < TRUNKS; i++)
    answer_register (place.peers[i], "200 OK", NULL);
  place_end (&place);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_probe_wait = SOON;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siptrunks-state/options", test_options);
  g_test_add_func ("/siptrunks-state/refused", test_refused);
  g_test_add_func ("/siptrunks-state/all-refused", test_all_refused);
  g_test_add_func ("/siptrunks-state/incoming", test_incoming);
  return g_test_run ();
}
