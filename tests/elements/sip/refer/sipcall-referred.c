/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end that gives its call to somebody else (REFER), against two scripted peers over
 * loopback: "alice", whose call it is, and "carol", whom she names. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */
#define FOLLOWING \
  "local-uri=sip:127.0.0.1:PORT on-hangup=wait refer=follow " \
  "dial-allow=sip:carol@127.0.0.1:*"
#define MORE " max-dials=9"

typedef struct
{
  SipPeer *alice, *carol;
  Line line;
  gchar *call_id; /* of the line's call */
  gchar *from; /* whose that is */
  gchar *target; /* carol's address */
  gchar *answer; /* 200 to alice's INVITE */
} Refer;

static void
refer_begin (Refer *self, const gchar *settings)
{
  self->alice = sip_peer_new (FALSE);
  self->carol = sip_peer_new (FALSE);
  self->target = g_strdup_printf ("sip:carol@127.0.0.1:%u",
      sip_peer_get_port (self->carol));
  line_start (&self->line, settings);
  sip_peer_begin (self->alice, "anybody", self->line.port);
  sip_peer_request (self->alice, "INVITE", NULL,
      sip_peer_sdp (self->alice, 0, "sendrecv"));
  self->answer = assert_message (self->alice, "SIP/2.0 200");
  sip_peer_request (self->alice, "ACK", NULL, NULL);
  g_autoptr (GstMessage) message = expect_state (&self->line, "answered");
  const GstStructure *s = gst_message_get_structure (message);
  self->call_id = g_strdup (gst_structure_get_string (s, "call-id"));
  self->from = g_strdup (gst_structure_get_string (s, "from"));
}

static void
refer_end (Refer *self)
{
  line_stop (&self->line);
  sip_peer_free (self->alice);
  sip_peer_free (self->carol);
  g_free (self->call_id);
  g_free (self->from);
  g_free (self->target);
  g_free (self->answer);
}

/* Refer-To: <@start carol @end>, with @more header lines. */
static void
ask (Refer *self, const gchar *end, const gchar *more)
{
  g_autofree gchar *headers =
      g_strdup_printf ("Refer-To: <%s%s>\r\n%s", self->target, end, more);

  sip_peer_request (self->alice, "REFER", headers, NULL);
}

static void
ask_raw (Refer *self, const gchar *headers)
{
  sip_peer_request (self->alice, "REFER", headers, NULL);
}

/* The next NOTIFY says @status, and whether it is the last. */
static void
expect_notify (Refer *self, const gchar *status, const gchar *state)
{
  g_autofree gchar *notify = assert_message (self->alice, "NOTIFY ");
  g_autofree gchar *told = sip_peer_header (notify, "Subscription-State");
  g_autofree gchar *event = sip_peer_header (notify, "Event");
  g_autofree gchar *type = sip_peer_header (notify, "Content-Type");

  g_assert_true (g_str_has_prefix (event, "refer"));
  g_assert_cmpstr (type, ==, "message/sipfrag");
  g_assert_true (g_str_has_prefix (told, state));
  g_autofree gchar *body = g_strconcat ("\r\n\r\nSIP/2.0 ", status, NULL);
  if (!strstr (notify, body))
    g_error ("no %s in %s", status, notify);
  sip_peer_respond (self->alice, notify, "200 OK", NULL, NULL);
}

/* She has asked, and carol is called; (transfer full). */
static gchar *
expect_call (Refer *self)
{
  skip_message (self->alice, "SIP/2.0 202");
  expect_notify (self, "100", "active");
  return assert_message (self->carol, "INVITE ");
}

static void
carol_answers (Refer *self, const gchar *invite, guint codec)
{
  sip_peer_respond (self->carol, invite, "200 OK", NULL,
      sip_peer_sdp (self->carol, codec, "sendrecv"));
  skip_message (self->carol, "ACK ");
}

/* Whoever began it, and how it came, is as it was. */
static void
assert_facts (Refer *self, const GstStructure *s)
{
  g_assert_cmpstr (gst_structure_get_string (s, "call-id"), ==, self->call_id);
  g_assert_cmpstr (gst_structure_get_string (s, "direction"), ==, "incoming");
  g_assert_cmpstr (gst_structure_get_string (s, "from"), ==, self->from);
  g_assert_cmpstr (gst_structure_get_string (s, "source"), ==, "127.0.0.1");
  g_assert_cmpstr (gst_structure_get_string (s, "admitted"), ==, "local");
}

/* The line's call is carol's: the same one. */
static void
assert_taken (Refer *self)
{
  g_autoptr (GstMessage) message = expect_state (&self->line, "changed");
  const GstStructure *s = gst_message_get_structure (message);

  assert_facts (self, s);
  g_assert_cmpstr (gst_structure_get_string (s, "to"), ==, self->target);
}

static void
carol_hangs_up (Refer *self)
{
  bye (self->carol);
  g_autoptr (GstMessage) message = expect_state (&self->line, "ended");
  const GstStructure *s = gst_message_get_structure (message);
  assert_facts (self, s);
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "peer");
}

/* Nothing has come to carol: the first that does is what is sent to her now. */
static void
assert_never_called (Refer *self)
{
  g_autofree gchar *any = sip_peer_receive (self->carol, 50);

  if (any)
    g_error ("carol has %s", any);
}

/* The old call is as it was. */
static void
assert_goes_on (Refer *self)
{
  sip_peer_request (self->alice, "INVITE", NULL,
      sip_peer_sdp (self->alice, 0, "sendrecv"));
  skip_message (self->alice, "SIP/2.0 200");
  sip_peer_request (self->alice, "ACK", NULL, NULL);
  bye (self->alice);
  assert_ended (&self->line, "peer", 0);
}

/* ---- It is done */

static void
test_blind (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  g_autofree gchar *allow = sip_peer_header (refer.answer, "Allow");
  g_assert_nonnull (strstr (allow, "REFER"));
  ask (&refer, "", "Referred-By: <sip:alice@pbx.example>\r\n");
  g_autofree gchar *invite = expect_call (&refer);
  g_autofree gchar *by = sip_peer_header (invite, "Referred-By");
  g_autofree gchar *replaces = sip_peer_header (invite, "Replaces");
  g_assert_cmpstr (by, ==, "<sip:alice@pbx.example>");
  g_assert_null (replaces);
  sip_peer_respond (refer.carol, invite, "180 Ringing", NULL, NULL);
  expect_notify (&refer, "180", "active");
  carol_answers (&refer, invite, 8);
  expect_notify (&refer, "200", "terminated");
  assert_taken (&refer);
  bye (refer.alice); /* RFC 5589 6.1 */
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* Whoever does not hang up is hung up on. */
static void
test_no_bye (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, ";method=INVITE", "");
  g_autofree gchar *invite = expect_call (&refer);
  carol_answers (&refer, invite, 0);
  expect_notify (&refer, "200", "terminated");
  g_autofree gchar *end = assert_message (refer.alice, "BYE ");
  sip_peer_respond (refer.alice, end, "200 OK", NULL, NULL);
  assert_taken (&refer);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* RFC 5589 7: the call between alice and carol is replaced. */
static void
test_attended (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer,
      "?Require=replaces&Replaces=12%40pbx%3Bto-tag%3D3%3Bfrom-tag%3D4", "");
  g_autofree gchar *invite = expect_call (&refer);
  g_autofree gchar *replaces = sip_peer_header (invite, "Replaces");
  g_autofree gchar *require = sip_peer_header (invite, "Require");
  g_assert_true (g_str_has_prefix (invite, "INVITE sip:carol@127.0.0.1:"));
  g_assert_cmpstr (replaces, ==, "12@pbx;to-tag=3;from-tag=4");
  g_assert_cmpstr (require, ==, "replaces");
  carol_answers (&refer, invite, 0);
  expect_notify (&refer, "200", "terminated");
  assert_taken (&refer);
  bye (refer.alice);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* RFC 4488 */
static void
test_silent (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, "", "Require: norefersub\r\nRefer-Sub: false\r\n");
  g_autofree gchar *accepted = assert_message (refer.alice, "SIP/2.0 202");
  g_autofree gchar *sub = sip_peer_header (accepted, "Refer-Sub");
  g_assert_cmpstr (sub, ==, "false");
  g_autofree gchar *invite = assert_message (refer.carol, "INVITE ");
  sip_peer_respond (refer.carol, invite, "180 Ringing", NULL, NULL);
  carol_answers (&refer, invite, 0);
  g_autofree gchar *first = sip_peer_receive (refer.alice, SOON);
  g_assert_true (g_str_has_prefix (first, "BYE "));
  sip_peer_respond (refer.alice, first, "200 OK", NULL, NULL);
  assert_taken (&refer);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* Each who puts somebody else through puts the line on hold before. */
static void
test_held (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  sip_peer_request (refer.alice, "INVITE", NULL,
      sip_peer_sdp (refer.alice, 0, "sendonly"));
  skip_message (refer.alice, "SIP/2.0 200");
  sip_peer_request (refer.alice, "ACK", NULL, NULL);
  skip_state (&refer.line, "held");
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  carol_answers (&refer, invite, 0);
  skip_state (&refer.line, "resumed");
  assert_taken (&refer);
  bye (refer.alice);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* ... and we may have done so, too. */
static void
test_on_hold (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  g_assert_true (emit (&refer.line, "hold"));
  g_autofree gchar *hold = assert_message (refer.alice, "INVITE ");
  sip_peer_respond (refer.alice, hold, "200 OK", NULL,
      sip_peer_sdp (refer.alice, 0, "recvonly"));
  skip_message (refer.alice, "ACK ");
  skip_state (&refer.line, "held");
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  carol_answers (&refer, invite, 0);
  skip_state (&refer.line, "resumed");
  assert_taken (&refer);
  bye (refer.alice);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* ---- It fails: the old call goes on */

static void
test_refused (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING MORE);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  sip_peer_respond (refer.carol, invite, "486 Busy Here", NULL, NULL);
  skip_message (refer.carol, "ACK ");
  expect_notify (&refer, "486", "terminated");
  /* Once more: another subscription. */
  ask (&refer, "", "");
  g_autofree gchar *again = expect_call (&refer);
  sip_peer_respond (refer.carol, again, "603 Decline", NULL, NULL);
  skip_message (refer.carol, "ACK ");
  expect_notify (&refer, "603", "terminated");
  assert_goes_on (&refer);
  refer_end (&refer);
}

/* Who is called names somebody else: nobody else is called. */
static void
test_redirected (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING MORE);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  sip_peer_set_target (refer.carol, "<sip:eve@127.0.0.1>", NULL);
  sip_peer_respond (refer.carol, invite, "302 Moved", NULL, NULL);
  expect_notify (&refer, "302", "terminated");
  assert_goes_on (&refer);
  refer_end (&refer);
}

static void
test_two (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING MORE);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  ask (&refer, "", "");
  skip_message (refer.alice, "SIP/2.0 603");
  carol_answers (&refer, invite, 0);
  expect_notify (&refer, "200", "terminated");
  assert_taken (&refer);
  bye (refer.alice);
  carol_hangs_up (&refer);
  refer_end (&refer);
}

/* ---- Somebody hangs up in the middle */

/* She has done what she wanted. */
static void
test_left (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  bye (refer.alice);
  carol_answers (&refer, invite, 0);
  assert_taken (&refer);
  carol_hangs_up (&refer);
  /* The line takes the next call. */
  call_in (refer.alice, refer.line.port);
  skip_state (&refer.line, "answered");
  refer_end (&refer);
}

static void
test_left_refused (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  bye (refer.alice);
  sip_peer_respond (refer.carol, invite, "486 Busy Here", NULL, NULL);
  assert_ended (&refer.line, "peer", 486);
  call_in (refer.alice, refer.line.port);
  skip_state (&refer.line, "answered");
  refer_end (&refer);
}

static void
test_hung_up (gconstpointer left)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  sip_peer_respond (refer.carol, invite, "180 Ringing", NULL, NULL);
  expect_notify (&refer, "180", "active");
  if (left) {
    bye (refer.alice);
    wait_for_line (refer.line.port);
  }
  g_assert_true (emit (&refer.line, "hang-up"));
  g_autofree gchar *cancel = assert_message (refer.carol, "CANCEL ");
  sip_peer_respond (refer.carol, cancel, "200 OK", NULL, NULL);
  sip_peer_respond (refer.carol, invite, "487 Terminated", NULL, NULL);
  if (!left) {
    g_autofree gchar *end = assert_message (refer.alice, "BYE ");
    sip_peer_respond (refer.alice, end, "200 OK", NULL, NULL);
  }
  assert_ended (&refer.line, "us", 0);
  refer_end (&refer);
}

/* The pipeline ends. */
static void
test_stopped (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  sip_peer_respond (refer.carol, invite, "180 Ringing", NULL, NULL);
  expect_notify (&refer, "180", "active");
  gst_element_set_state (refer.line.pipeline, GST_STATE_NULL);
  skip_message (refer.carol, "CANCEL ");
  skip_message (refer.alice, "BYE ");
  refer_end (&refer);
}

/* ---- It is not done, and nobody is called */

static void
test_default (void)
{
  Refer refer;

  refer_begin (&refer,
      "local-uri=sip:127.0.0.1:PORT on-hangup=wait dial-allow=sip:*@*:*");
  g_autofree gchar *allow = sip_peer_header (refer.answer, "Allow");
  g_assert_null (strstr (allow, "REFER"));
  ask (&refer, "", "");
  g_autofree gchar *refused = assert_message (refer.alice, "SIP/2.0 405");
  g_autofree gchar *allowed = sip_peer_header (refused, "Allow");
  g_assert_null (strstr (allowed, "REFER"));
  assert_never_called (&refer);
  assert_goes_on (&refer);
  refer_end (&refer);
}

static void
test_forbidden (void)
{
  static const struct
  {
    const gchar *refer_to; /* %u: carol's port */
    guint status;
  } cases[] = {
    { "Refer-To: <sip:dave@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:carol@127.0.0.2:%u>", 403 },
    { "Refer-To: <sip:carol@localhost:%u>", 403 },
    { "Refer-To: <sips:carol@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:carol@127.0.0.1:%u;maddr=127.0.0.1>", 403 },
    { "Refer-To: <sip:carol:secret@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:carol%%2540127.0.0.1@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:*70@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:carol@127.0.0.1:%u;method=BYE>", 403 },
    { "Refer-To: <sip:carol@127.0.0.1:%u;method=MESSAGE>", 403 },
    { "Refer-To: <tel:+4930123>\r\nX-Port: %u", 403 },
    { "Refer-To: <http://127.0.0.1:%u/>", 403 },
    { "Refer-To: <mailto:carol@127.0.0.1:%u>", 403 },
    { "Refer-To: <sip:carol@127.0.0.1:%u?Replaces=x>", 400 },
    { "Refer-To: <sip:carol@127.0.0.1:%u?Replaces=a%%0d%%0aX-Evil:%%201%%3B"
      "to-tag%%3D1%%3Bfrom-tag%%3D2>",
        400 },
    { "Refer-To: <sip:carol@127.0.0.1:%u>, <sip:carol@127.0.0.1>", 400 },
    { "Refer-To: <sip:carol@127.0.0.1:%u>\r\nRefer-To: <sip:carol@127.0.0.1>",
        400 },
    { "X-Port: %u", 400 },
    { "Refer-To: \r\nX-Port: %u", 400 },
    { "Refer-To: <<<>>>%u", 400 },
  };
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) line = g_string_new (cases[i].refer_to);
    g_autofree gchar *port =
        g_strdup_printf ("%u", sip_peer_get_port (refer.carol));
    g_string_replace (line, "%u", port, 0);
    g_string_replace (line, "%%", "%", 0);
    g_string_append (line, "\r\n");
    ask_raw (&refer, line->str);
    g_autofree gchar *answer = assert_message (refer.alice, "SIP/2.0 ");
    g_autofree gchar *expected =
        g_strdup_printf ("SIP/2.0 %u", cases[i].status);
    if (!g_str_has_prefix (answer, expected))
      g_error ("%s: %s", line->str, answer);
  }
  assert_never_called (&refer);
  /* None of them has counted: this one is the first. */
  ask (&refer, "", "");
  g_autofree gchar *invite = expect_call (&refer);
  sip_peer_respond (refer.carol, invite, "486 Busy Here", NULL, NULL);
  expect_notify (&refer, "486", "terminated");
  ask (&refer, "", ""); /* max-dials is 1 */
  skip_message (refer.alice, "SIP/2.0 403");
  assert_goes_on (&refer);
  refer_end (&refer);
}

/* What else stands in the address goes nowhere. */
static void
test_injection (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  ask (&refer,
      "?X-Evil=1&Call-ID=2&Subject=a%0d%0aX-Evil:%203&Route=%3Csip:e%3E",
      "Referred-By: <sip:alice@pbx.example>;cid=\"x\"\r\n");
  g_autofree gchar *invite = expect_call (&refer);
  g_assert_null (strstr (invite, "X-Evil"));
  g_assert_null (strstr (invite, "Subject"));
  g_assert_null (strstr (invite, "Route:"));
  g_assert_null (strstr (invite, "cid="));
  refer_end (&refer);
}

/* A number is called where she is, if it may be. */
static void
test_number (void)
{
  Refer refer;

  refer_begin (&refer,
      "local-uri=sip:127.0.0.1:PORT on-hangup=wait refer=follow "
      "dial-allow=+4930* max-dials=9");
  ask_raw (&refer, "Refer-To: <tel:0049-40-1>\r\n");
  skip_message (refer.alice, "SIP/2.0 403");
  ask_raw (&refer, "Refer-To: <tel:+49-30-123>\r\n");
  skip_message (refer.alice, "SIP/2.0 202");
  refer_end (&refer);
}

/* Nobody has a call to give away. */
static void
test_outside (void)
{
  Refer refer;
  g_autofree gchar *refer_to = NULL;

  refer_begin (&refer, FOLLOWING);
  refer_to = g_strdup_printf ("Refer-To: <%s>\r\n", refer.target);
  g_autoptr (SipPeer) stranger = sip_peer_new (FALSE);
  sip_peer_begin (stranger, "anybody", refer.line.port);
  sip_peer_request (stranger, "REFER", refer_to, NULL);
  skip_message (stranger, "SIP/2.0 405");
  g_autofree gchar *notify = sip_peer_receive (stranger, 50);
  g_assert_null (notify);
  assert_never_called (&refer);
  assert_goes_on (&refer);
  refer_end (&refer);
}

/* No request of ours can go there (see sipguard.h): it is the end of the call, and of
 * nothing else. */
static void
test_bad_contact (void)
{
  Refer refer;

  refer_begin (&refer, FOLLOWING);
  sip_peer_set_target (refer.alice, "<tel:+15>", NULL);
  ask (&refer, "", "");
  skip_message (refer.alice, "SIP/2.0 400");
  assert_ended (&refer.line, "us", 0);
  assert_never_called (&refer);
  g_usleep (2 * TIMEOUT * 1000);
  wait_for_line (refer.line.port);
  refer_end (&refer);
}

static void
test_settings (void)
{
  g_autoptr (GstElement) src = gst_element_factory_make ("sipsrc", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (src, bus);
  gst_util_set_object_arg (G_OBJECT (src), "refer", "follow");
  g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "dial-allow"));
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_bus (src, NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-referred/blind", test_blind);
  g_test_add_func ("/sipcall-referred/no-bye", test_no_bye);
  g_test_add_func ("/sipcall-referred/attended", test_attended);
  g_test_add_func ("/sipcall-referred/silent", test_silent);
  g_test_add_func ("/sipcall-referred/held", test_held);
  g_test_add_func ("/sipcall-referred/on-hold", test_on_hold);
  g_test_add_func ("/sipcall-referred/refused", test_refused);
  g_test_add_func ("/sipcall-referred/redirected", test_redirected);
  g_test_add_func ("/sipcall-referred/two", test_two);
  g_test_add_func ("/sipcall-referred/left", test_left);
  g_test_add_func ("/sipcall-referred/left-refused", test_left_refused);
  g_test_add_data_func ("/sipcall-referred/hung-up", NULL, test_hung_up);
  g_test_add_data_func ("/sipcall-referred/left-hung-up", "left", test_hung_up);
  g_test_add_func ("/sipcall-referred/stopped", test_stopped);
  g_test_add_func ("/sipcall-referred/default", test_default);
  g_test_add_func ("/sipcall-referred/forbidden", test_forbidden);
  g_test_add_func ("/sipcall-referred/injection", test_injection);
  g_test_add_func ("/sipcall-referred/number", test_number);
  g_test_add_func ("/sipcall-referred/outside", test_outside);
  g_test_add_func ("/sipcall-referred/bad-contact", test_bad_contact);
  g_test_add_func ("/sipcall-referred/settings", test_settings);
  return g_test_run ();
}
