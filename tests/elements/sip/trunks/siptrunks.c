/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line with several trunks: which one has a call, and what becomes of one that a trunk
 * did not take. */

#include "trunkplace.h"

#include "sip/dialog/sipdialog.h"
#include "sip/gstsip.h"

#include <glib/gstdio.h>
#include <string.h>

/* ---- Which */

/* Of four calls one has three, the other one; each at its own server, from its own
 * address. */
static void
test_weights (void)
{
  static const guint turns[] = { 0, 0, 1, 0 };
  Place place;

  place_begin (&place, "expires=0\nweight=3", "expires=0");
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    SipPeer *peer = place.peers[turns[i]];
    call (&place.line, NUMBER);
    g_autofree gchar *invite = assert_message (peer, INVITE);
    g_autofree gchar *to =
        g_strdup_printf (INVITE "%u", sip_peer_get_port (peer));
    g_autofree gchar *from = sip_peer_header (invite, "From");
    g_assert_true (g_str_has_prefix (invite, to));
    g_assert_nonnull (strstr (from, turns[i] ? "sip:you@" : "sip:me@"));
    sip_peer_respond (peer, invite, "200 OK", NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
    skip_message (peer, "ACK ");
    const gchar *trunk = turns[i] ? "east" : "west";
    assert_try (&place.line, "trying", trunk, 1, 0);
    assert_trunk (&place.line, "calling", trunk);
    assert_trunk (&place.line, "answered", trunk);
    bye (peer);
    assert_trunk (&place.line, "ended", trunk);
  }
  place_end (&place);
}

/* The longest; an address goes where it says. */
static void
test_prefix (void)
{
  Place place;

  place_begin (&place, "expires=0\nprefix=+49", "expires=0\nprefix=+4930");
  g_autofree gchar *address = g_strdup_printf ("sip:bob@127.0.0.1:%u",
      sip_peer_get_port (place.peers[0]));
  call (&place.line, "0049 30 123");
  talk (&place.line, place.peers[1]);
  call (&place.line, "+4989123");
  talk (&place.line, place.peers[0]);
  call (&place.line, address);
  g_autofree gchar *invite = assert_message (place.peers[0], "INVITE sip:bob@");
  sip_peer_respond (place.peers[0], invite, "486 Busy", NULL, NULL);
  skip_message (place.peers[0], "ACK ");
  assert_ended (&place.line, "peer", 486);
  call (&place.line, "+331");
  g_autoptr (GstMessage) ended = expect_state (&place.line, "ended");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (ended),
                       "cause"),
      ==, "No trunk takes the call: west is for others, east is for others");
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  place_end (&place);
}

/* One of them alone. */
static void
test_named (void)
{
  Place place;
  Line line;

  place_init (&place, "expires=0", "expires=0\ncodecs=PCMA");
  place_start (&place, &line, "#east");
  call (&line, NUMBER);
  g_autofree gchar *invite = assert_message (place.peers[1], INVITE);
  g_assert_nonnull (strstr (invite, "RTP/AVP 8 "));
  sip_peer_respond (place.peers[1], invite, "603 No", NULL, NULL);
  skip_message (place.peers[1], "ACK ");
  assert_ended (&line, "peer", 603);
  line_stop (&line);
  place_clear (&place);
}

/* Each is encrypted as its own section says, whatever the line does else. */
static void
test_srtp (void)
{
  Place place;

  place_begin (&place, "expires=0\nprefix=+49\nsrtp=required",
      "expires=0\nprefix=+33");
  call (&place.line, NUMBER);
  g_autofree gchar *secret = assert_message (place.peers[0], INVITE);
  g_assert_nonnull (strstr (secret, " RTP/SAVP "));
  g_assert_nonnull (strstr (secret, "a=crypto:"));
  g_assert_null (strstr (secret, " RTP/AVP "));
  sip_peer_respond (place.peers[0], secret, "486 Busy", NULL, NULL);
  skip_message (place.peers[0], "ACK ");
  assert_trunk (&place.line, "ended", "west");
  call (&place.line, "+331");
  g_autofree gchar *plain = assert_message (place.peers[1], "INVITE ");
  g_assert_nonnull (strstr (plain, " RTP/AVP "));
  g_assert_null (strstr (plain, "a=crypto:"));
  sip_peer_respond (place.peers[1], plain, "486 Busy", NULL, NULL);
  skip_message (place.peers[1], "ACK ");
  assert_trunk (&place.line, "ended", "east");
  place_end (&place);
}

/* ---- Where one does not take it */

/* It is the same call; who asks for quiet has it. */
static void
test_full (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *first = assert_message (place.peers[0], INVITE);
  sip_peer_respond (place.peers[0], first, "503 Full", "Retry-After: 60\r\n",
      NULL);
  skip_message (place.peers[0], "ACK ");
  g_autofree gchar *second = assert_message (place.peers[1], INVITE);
  g_autofree gchar *id = sip_peer_header (first, "Call-ID");
  g_autofree gchar *same = sip_peer_header (second, "Call-ID");
  g_assert_cmpstr (id, ==, same);
  sip_peer_respond (place.peers[1], second, "200 OK", NULL,
      sip_peer_sdp (place.peers[1], 0, "sendrecv"));
  skip_message (place.peers[1], "ACK ");
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 503);
  assert_try (&place.line, "trying", "east", 2, 0);
  assert_trunk (&place.line, "answered", "east");
  bye (place.peers[1]);
  assert_ended (&place.line, "peer", 0);
  call (&place.line, NUMBER);
  refuse (place.peers[1], "500 Broken", NULL);
  assert_try (&place.line, "trying", "east", 1, 0);
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_nonnull (strstr (error->message, "west wants no call for another "));
  g_assert_nonnull (strstr (error->message, "east was tried ("));
  place_end (&place);
}

/* Who says nothing is not waited for as long as if there was nobody else; what it says
 * late is ended. */
static void
test_silent (void)
{
  Place place;

  sip_dialog_try_wait = 300;
  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *unheard = assert_message (place.peers[0], INVITE);
  answer (place.peers[1]);
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 408);
  assert_try (&place.line, "trying", "east", 2, 0);
  skip_state (&place.line, "answered");
  sip_peer_respond (place.peers[0], unheard, "200 OK", NULL,
      sip_peer_sdp (place.peers[0], 0, "sendrecv"));
  skip_message (place.peers[0], "ACK ");
  g_autofree gchar *request = assert_message (place.peers[0], "BYE ");
  sip_peer_respond (place.peers[0], request, "200 OK", NULL, NULL);
  bye (place.peers[1]);
  assert_ended (&place.line, "peer", 0);
  sip_dialog_try_wait = SOON;
  call (&place.line, NUMBER); /* it is tried last from now on */
  refuse (place.peers[1], "486 Busy", NULL);
  assert_ended (&place.line, "peer", 486);
  place_end (&place);
}

static const struct
{
  const gchar *status;
  gboolean passed;
} statuses[] = { { "486 Busy", FALSE }, { "404 No", FALSE },
  { "500 Broken", TRUE }, { "603 No", FALSE }, { "504 Late", TRUE },
  { "408 Late", TRUE } };

/* What a callee says is his last word; what a server says of itself is not. */
static void
test_passed_on (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    Place place;

    place_begin (&place, "expires=0\nweight=1000", "expires=0");
    call (&place.line, NUMBER);
    refuse (place.peers[0], statuses[i].status, NULL);
    if (statuses[i].passed)
      talk (&place.line, place.peers[1]);
    else
      assert_ended (&place.line, "peer",
          (guint) g_ascii_strtoull (statuses[i].status, NULL, 10));
    if (!statuses[i].passed)
      g_assert_null (sip_peer_wait (place.peers[1], "INVITE ", 0));
    place_end (&place);
  }
}

/* Somebody heard it ring. */
static void
test_rung (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *invite = assert_message (place.peers[0], INVITE);
  sip_peer_respond (place.peers[0], invite, "180 Ringing", NULL, NULL);
  skip_state (&place.line, "ringing");
  sip_peer_respond (place.peers[0], invite, "500 Broken", NULL, NULL);
  skip_message (place.peers[0], "ACK ");
  assert_ended (&place.line, "peer", 500);
  g_assert_null (sip_peer_wait (place.peers[1], "INVITE ", 0));
  place_end (&place);
}

/* Nobody waits for what comes of the first one. */
static void
test_hang_up (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  refuse (place.peers[0], "500 Broken", NULL);
  g_autofree gchar *invite = assert_message (place.peers[1], INVITE);
  sip_peer_respond (place.peers[1], invite, "100 Trying", NULL, NULL);
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 500);
  assert_try (&place.line, "trying", "east", 2, 0);
  g_assert_true (emit (&place.line, "hang-up"));
  g_autofree gchar *cancel = assert_message (place.peers[1], "CANCEL ");
  sip_peer_respond (place.peers[1], cancel, "200 OK", NULL, NULL);
  sip_peer_respond (place.peers[1], invite, "487 Cancelled", NULL, NULL);
  skip_message (place.peers[1], "ACK ");
  assert_ended (&place.line, "us", 0);
  place_end (&place);
}

/* ---- Limits */

/* Of the process, whichever line has the calls; all are taken: one clear error. */
static void
test_max_calls (void)
{
  Place place;
  Line other, third;

  place_begin (&place, "expires=0\nmax-calls=1\nweight=1000",
      "expires=0\nmax-calls=1");
  place_start (&place, &other, "#west,east");
  place_start (&place, &third, "#east,west");
  call (&place.line, NUMBER);
  answer (place.peers[0]);
  skip_state (&place.line, "answered");
  call (&other, NUMBER);
  answer (place.peers[1]);
  skip_state (&other, "answered");
  call (&third, NUMBER);
  g_autoptr (GError) error = expect_warning (&third);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==,
      "No trunk takes the call: east has 1 of 1 calls (max-calls), "
      "west has 1 of 1 calls (max-calls)");
  bye (place.peers[1]);
  assert_ended (&other, "peer", 0);
  call (&third, NUMBER);
  talk (&third, place.peers[1]);
  line_stop (&third);
  line_stop (&other);
  place_end (&place);
}

static void
test_max_rate (void)
{
  Place place;

  place_begin (&place, "expires=0\nmax-rate=1\nweight=1000", "expires=0");
  const gint64 before = g_get_monotonic_time ();
  call (&place.line, NUMBER);
  refuse (place.peers[0], "486 Busy", NULL);
  assert_ended (&place.line, "peer", 486);
  call (&place.line, NUMBER);
  g_autoptr (GstMessage) message = expect_state (&place.line, "calling");
  /* the same one only when its second is over, on a busy machine */
  g_autofree gchar *again = sip_peer_wait (place.peers[0], "INVITE ", 100);
  if (again)
    g_assert_cmpint (g_get_monotonic_time () - before, >, G_TIME_SPAN_SECOND);
  else
    skip_message (place.peers[1], "INVITE ");
  place_end (&place);
}

static void
skip_notify (SipPeer *peer)
{
  g_autofree gchar *notify = assert_message (peer, "NOTIFY ");

  sip_peer_respond (peer, notify, "200 OK", NULL, NULL);
}

/* Whom a far end names is called by a trunk, too, which has a call then. */
static void
test_referred (void)
{
  g_autoptr (SipPeer) alice = sip_peer_new (FALSE);
  Place place;
  Line other;

  place_begin (&place, "expires=0\nmax-calls=1\nweight=1000", "expires=0");
  place_start (&place, &other, "");
  g_autofree gchar *header =
      g_strdup_printf ("Refer-To: <sip:" NUMBER "@127.0.0.1:%u>\r\n",
          sip_peer_get_port (place.peers[1]));
  call_in (alice, place.line.port);
  skip_state (&place.line, "answered");
  sip_peer_request (alice, "REFER", header, NULL);
  skip_message (alice, "SIP/2.0 202");
  skip_notify (alice);
  answer (place.peers[0]);
  skip_notify (alice);
  skip_state (&place.line, "changed");
  bye (alice);
  call (&other, NUMBER);
  refuse (place.peers[1], "486 Busy", NULL);
  assert_ended (&other, "peer", 486);
  bye (place.peers[0]);
  assert_ended (&place.line, "peer", 0);
  call (&other, NUMBER);
  refuse (place.peers[0], "486 Busy", NULL);
  assert_ended (&other, "peer", 486);
  line_stop (&other);
  place_end (&place);
}

/* Numbers go to an account by TCP as its address says. */
static void
test_by_tcp (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  g_autofree gchar *file = NULL;
  Line line;

  g_assert_true (
      g_close (g_file_open_tmp ("trunks-XXXXXX", &file, NULL), NULL));
  g_autofree gchar *text = g_strdup_printf (
      "[t]\naor=sip:me@127.0.0.1:%u;transport=tcp\nexpires=0\n",
      sip_peer_get_port (peer));
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s on-hangup=wait dial-allow=+*",
      file);
  line_start (&line, settings);
  call (&line, NUMBER);
  g_autofree gchar *invite = assert_message (peer, INVITE);
  g_assert_nonnull (strstr (invite, ";transport=tcp;user=phone SIP/2.0\r\n"));
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  skip_message (peer, "ACK ");
  assert_ended (&line, "peer", 486);
  line_stop (&line);
  g_unlink (file);
}

/* Whoever is not the account's server is not let off what the line says. */
static void
test_stranger (void)
{
  g_autoptr (SipPeer) stranger = sip_peer_new_at ("127.0.0.2", FALSE);
  Place place;

  place_init (&place, "expires=0\nsrtp=off", "");
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s#west on-hangup=wait "
      "srtp=required",
      place.file);
  line_start (&place.line, settings);
  sip_peer_set_callee (stranger, "127.0.0.1");
  sip_peer_begin (stranger, "anybody", place.line.port);
  sip_peer_request (stranger, "INVITE", NULL,
      sip_peer_sdp (stranger, 0, "sendrecv"));
  skip_message (stranger, "SIP/2.0 488");
  sip_peer_request (stranger, "ACK", NULL, NULL);
  place_end (&place);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_dialog_try_wait = SOON;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siptrunks/weights", test_weights);
  g_test_add_func ("/siptrunks/prefix", test_prefix);
  g_test_add_func ("/siptrunks/named", test_named);
  g_test_add_func ("/siptrunks/srtp", test_srtp);
  g_test_add_func ("/siptrunks/full", test_full);
  g_test_add_func ("/siptrunks/silent", test_silent);
  g_test_add_func ("/siptrunks/passed-on", test_passed_on);
  g_test_add_func ("/siptrunks/rung", test_rung);
  g_test_add_func ("/siptrunks/hang-up", test_hang_up);
  g_test_add_func ("/siptrunks/max-calls", test_max_calls);
  g_test_add_func ("/siptrunks/max-rate", test_max_rate);
  g_test_add_func ("/siptrunks/referred", test_referred);
  g_test_add_func ("/siptrunks/by-tcp", test_by_tcp);
  g_test_add_func ("/siptrunks/stranger", test_stranger);
  return g_test_run ();
}
