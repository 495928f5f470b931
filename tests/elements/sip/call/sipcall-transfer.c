/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that is given to somebody else, against a scripted peer over loopback: REFER, what
 * comes of it, and what never leaves. */

#include "sip/dialog/sipdialog.h"
#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */
#define TO_CAROL "sip:carol@pbx.example"
#define LINE_TO(allow) \
  "local-uri=sip:127.0.0.1:PORT on-hangup=wait dial-allow=" allow

static gboolean
transfer (Line *line, const gchar *target)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "transfer", target, &done);
  return done;
}

/* The next voice/transfer is @state; (transfer full). */
static GstMessage *
expect_transfer (Line *line, const gchar *state)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end) {
    GstMessage *message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    if (message && gst_message_has_name (message, "voice/transfer")) {
      g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                     message),
                           "state"),
          ==, state);
      return message;
    }
    g_clear_pointer (&message, gst_message_unref);
  }
  g_error ("no transfer is %s", state);
}

static void
skip_transfer (Line *line, const gchar *state)
{
  gst_message_unref (expect_transfer (line, state));
}

static void
assert_transfer (Line *line, const gchar *state, guint status,
    const gchar *cause)
{
  g_autoptr (GstMessage) message = expect_transfer (line, state);
  const GstStructure *s = gst_message_get_structure (message);
  guint found = 999;

  gst_structure_get_uint (s, "status", &found);
  g_assert_cmpuint (found, ==, status);
  g_assert_nonnull (strstr (gst_structure_get_string (s, "cause"), cause));
}

static void
notify (SipPeer *peer, const gchar *state, const gchar *body)
{
  g_autofree gchar *headers =
      g_strdup_printf ("Event: refer\r\nSubscription-State: %s\r\n"
                       "Content-Type: message/sipfrag\r\n",
          state);

  sip_peer_request (peer, "NOTIFY", headers, body);
}

#define GOES_ON "active;expires=60"
#define LAST "terminated;reason=noresource"

static void
notify_ok (SipPeer *peer, const gchar *state, const gchar *body)
{
  notify (peer, state, body);
  skip_message (peer, "SIP/2.0 200");
}

static void
call_up (Line *line, SipPeer *peer, const gchar *settings)
{
  line_start (line, settings);
  call_in (peer, line->port);
  skip_state (line, "answered");
}

/* Asks for @target; the REFER, (transfer full). */
static gchar *
refer (Line *line, SipPeer *peer, const gchar *target)
{
  g_assert_true (transfer (line, target));
  return assert_message (peer, "REFER ");
}

/* A call that was asked to go to carol, and the far end is at it. */
static void
refer_up (Line *line, SipPeer *peer, const gchar *settings)
{
  call_up (line, peer, settings);
  g_autofree gchar *request = refer (line, peer, TO_CAROL);
  skip_transfer (line, "asked");
  sip_peer_respond (peer, request, "202 Accepted", NULL, NULL);
  skip_transfer (line, "trying");
}

/* ---- What comes of it */

static void
test_accepted (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  g_autofree gchar *request = refer (&line, peer, TO_CAROL);
  g_autofree gchar *to = sip_peer_header (request, "Refer-To");
  g_autofree gchar *by = sip_peer_header (request, "Referred-By");
  g_assert_cmpstr (to, ==, "<" TO_CAROL ">");
  g_assert_nonnull (strstr (by, "sip:"));
  skip_transfer (&line, "asked");
  sip_peer_respond (peer, request, "202 Accepted", NULL, NULL);
  skip_transfer (&line, "trying");
  g_assert_false (transfer (&line, TO_CAROL)); /* it is under way */
  skip_transfer (&line, "failed");
  notify_ok (peer, GOES_ON, "SIP/2.0 100 Trying\r\n");
  notify_ok (peer, GOES_ON, "SIP/2.0 180 Ringing\r\n");
  skip_transfer (&line, "ringing");
  notify_ok (peer, LAST, "SIP/2.0 200 OK\r\n");
  assert_transfer (&line, "accepted", 200, "");
  g_autofree gchar *end = assert_message (peer, "BYE ");
  sip_peer_respond (peer, end, "200 OK", NULL, NULL);
  assert_ended (&line, "us", 0);
  line_stop (&line);
}

/* The call goes on, and the next transfer is another one. */
static void
test_refused (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example max-dials=3"));
  notify_ok (peer, LAST, "SIP/2.0 486 Busy Here");
  assert_transfer (&line, "refused", 486, "busy");
  g_autofree gchar *again = refer (&line, peer, "sip:dave@pbx.example");
  skip_transfer (&line, "asked");
  sip_peer_respond (peer, again, "202 Accepted", NULL, NULL);
  skip_transfer (&line, "trying");
  notify_ok (peer, LAST, "SIP/2.0 603 Decline");
  assert_transfer (&line, "refused", 603, "declined");
  g_autofree gchar *third = refer (&line, peer, TO_CAROL);
  skip_transfer (&line, "asked");
  sip_peer_respond (peer, third, "405 Method Not Allowed", NULL, NULL);
  assert_transfer (&line, "refused", 405, "does not transfer");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* A NOTIFY that says nothing that can be read, and is the last. */
static void
test_unreadable (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  notify_ok (peer, GOES_ON, "Hello");
  notify_ok (peer, LAST, "SIP/2.0 2");
  assert_transfer (&line, "failed", 0, "does not say");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

static void
test_silence (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const guint before = sip_dialog_transfer_silence;
  Line line;

  sip_dialog_transfer_silence = 100;
  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  assert_transfer (&line, "failed", 0, "does not say");
  sip_dialog_transfer_silence = before;
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* Some hang up in place of saying it. */
static void
test_hung_up (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  bye (peer);
  assert_transfer (&line, "failed", 0, "The call ended");
  assert_ended (&line, "peer", 0);
  /* The next call's transfer is its own. */
  call_in (peer, line.port);
  skip_state (&line, "answered");
  g_autofree gchar *request = refer (&line, peer, TO_CAROL);
  g_assert_nonnull (request);
  line_stop (&line);
}

/* Who was not asked says nothing. */
static void
test_unasked (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  notify (peer, LAST, "SIP/2.0 200 OK");
  skip_message (peer, "SIP/2.0 4");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* Our BYE does not go where a NOTIFY says that nothing can go. */
static void
test_bad_target (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  sip_peer_set_target (peer, "<tel:+15>", NULL);
  notify_ok (peer, GOES_ON, "SIP/2.0 180 Ringing");
  g_autofree gchar *end = assert_message (peer, "BYE ");
  sip_peer_respond (peer, end, "200 OK", NULL, NULL);
  assert_ended (&line, "us", 0);
  g_usleep (2 * TIMEOUT * 1000);
  wait_for_line (line.port);
  line_stop (&line);
}

/* ---- Where to */

static void
call_from (Line *line, SipPeer *peer, const gchar *from, const gchar *settings)
{
  line_start (line, settings);
  sip_peer_begin (peer, "anybody", line->port);
  sip_peer_set_parties (peer, from, NULL, NULL);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (line, "answered");
}

/* A number is called where the far end is. */
static void
test_number (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_from (&line, peer, "<sip:+49301@trunk.example>", LINE_TO ("+4930*"));
  g_autofree gchar *request = refer (&line, peer, "0049 30 123-456");
  g_autofree gchar *to = sip_peer_header (request, "Refer-To");
  g_assert_cmpstr (to, ==, "<sip:+4930123456@trunk.example;user=phone>");
  line_stop (&line);
}

/* A far end without a name is where it calls from. */
static void
test_number_of_nobody (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_from (&line, peer, "<sip:anonymous@anonymous.invalid>",
      LINE_TO ("+4930*"));
  g_autofree gchar *request = refer (&line, peer, "+4930123456");
  g_autofree gchar *to = sip_peer_header (request, "Refer-To");
  g_assert_cmpstr (to, ==, "<sip:+4930123456@127.0.0.1;user=phone>");
  line_stop (&line);
}

/* ---- What is said of it before */

static void
assert_abilities (Line *line, SipPeer *peer, const gchar *allow,
    const gchar *abilities)
{
  sip_peer_begin (peer, "anybody", line->port);
  sip_peer_request (peer, "INVITE", allow, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autoptr (GstMessage) message = expect_state (line, "answered");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "abilities"),
      ==, abilities);
}

static void
test_abilities (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line, other;

  line_start (&line, LINE_TO ("sip:*@pbx.example"));
  assert_abilities (&line, peer, NULL,
      "hang-up,transfer,hold,resume,send-dtmf");
  bye (peer);
  assert_abilities (&line, peer, "Allow: INVITE, ACK, BYE, REFER\r\n",
      "hang-up,transfer,hold,resume,send-dtmf");
  bye (peer);
  assert_abilities (&line, peer, "Allow: INVITE, ACK, BYE\r\n",
      "hang-up,hold,resume,send-dtmf");
  g_assert_false (transfer (&line, TO_CAROL));
  assert_transfer (&line, "unsupported", 0, "does not transfer");
  bye (peer);
  line_stop (&line);
  line_start (&other, "local-uri=sip:127.0.0.1:PORT on-hangup=wait");
  assert_abilities (&other, peer, NULL, "hang-up,hold,resume,send-dtmf");
  bye (peer);
  line_stop (&other);
}

/* ---- What never leaves */

static void
test_forbidden (void)
{
  static const gchar *const tries[] = {
    "sip:carol@evil.example",
    "sip:carol@pbx.example:5070",
    "sip:carol@pbx.example?Replaces=1%3Bto-tag%3D2",
    "sip:carol@pbx.example;maddr=192.0.2.1",
    "sip:carol@pbx.example@evil.example",
    "sip:carol%40pbx.example@evil.example",
    "sips:carol@pbx.example",
    "sip:*70@pbx.example",
    "sip:carol@pbx.example>,<sip:eve@evil.example",
    "sip:carol@pbx.example\r\nX-Evil: 1",
    "+491234567",
    "tel:+491234567",
    "",
  };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, LINE_TO ("sip:*@pbx.example"));
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    if (transfer (&line, tries[i]))
      g_error ("%s is called", tries[i]);
    assert_transfer (&line, "forbidden", 0, "forbidden");
  }
  /* The first that the far end hears of. */
  g_assert_true (transfer (&line, TO_CAROL));
  g_autofree gchar *first = sip_peer_receive (peer, SOON);
  g_assert_true (g_str_has_prefix (first, "REFER "));
  g_autofree gchar *to = sip_peer_header (first, "Refer-To");
  g_assert_cmpstr (to, ==, "<" TO_CAROL ">");
  line_stop (&line);
}

static void
test_limits (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  refer_up (&line, peer, LINE_TO ("sip:*@pbx.example") " max-dials=1,2");
  notify_ok (peer, LAST, "SIP/2.0 486 Busy Here");
  assert_transfer (&line, "refused", 486, "busy");
  g_assert_false (transfer (&line, TO_CAROL));
  assert_transfer (&line, "forbidden", 0, "in this call");
  bye (peer);
  skip_state (&line, "ended");
  for (guint i = 0; i < 2; i++) {
    call_in (peer, line.port);
    skip_state (&line, "answered");
    if (!i) {
      g_free (refer (&line, peer, TO_CAROL));
      skip_transfer (&line, "asked");
    } else {
      g_assert_false (transfer (&line, TO_CAROL));
      assert_transfer (&line, "forbidden", 0, "in this hour");
    }
    bye (peer);
    skip_state (&line, "ended");
  }
  line_stop (&line);
}

/* Neither before the answer nor without a call. */
static void
test_no_call (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, LINE_TO ("sip:*@pbx.example answer-mode=manual"));
  g_assert_false (transfer (&line, TO_CAROL));
  assert_transfer (&line, "failed", 0, "no call");
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "ringing");
  g_assert_false (transfer (&line, TO_CAROL));
  assert_transfer (&line, "failed", 0, "no call");
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-transfer/accepted", test_accepted);
  g_test_add_func ("/sipcall-transfer/refused", test_refused);
  g_test_add_func ("/sipcall-transfer/unreadable", test_unreadable);
  g_test_add_func ("/sipcall-transfer/silence", test_silence);
  g_test_add_func ("/sipcall-transfer/hung-up", test_hung_up);
  g_test_add_func ("/sipcall-transfer/unasked", test_unasked);
  g_test_add_func ("/sipcall-transfer/bad-target", test_bad_target);
  g_test_add_func ("/sipcall-transfer/number", test_number);
  g_test_add_func ("/sipcall-transfer/number-of-nobody", test_number_of_nobody);
  g_test_add_func ("/sipcall-transfer/abilities", test_abilities);
  g_test_add_func ("/sipcall-transfer/forbidden", test_forbidden);
  g_test_add_func ("/sipcall-transfer/limits", test_limits);
  g_test_add_func ("/sipcall-transfer/no-call", test_no_call);
  return g_test_run ();
}
